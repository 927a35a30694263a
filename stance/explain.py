"""Why: each term's share of an answer, merged back onto the words.

For stance the shares sum to log p(label) - log p(runner-up); for a frame to the logit of its plain probability. Both
within 1e-9, in float64: intercept, gate and non-text terms are shares with names; calibration divides them all.
The shares explain the score, not the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stance.features import Counts, Masked, char_terms, combine, flag_terms, space
from stance.heads import Floats, Head
from stance.records import Document, Span, TaggedStatement
from stance.tagger import SILENT_PARTS, Read, Tagger
from stance.text import Ids
from stance.views import (
    ACTOR,
    SPEAKER,
    TARGET,
    MaskedPage,
    Seen,
    context_sequence,
    featurise,
    named_flags,
    position_names,
    see,
    sequence,
    title_sequence,
)

_MASKS = {int(ACTOR): "ACTOR", int(TARGET): "TARGET", int(SPEAKER): "SPEAKER"}


@dataclass(frozen=True, slots=True)
class Share:
    """A term's part in an answer: positive speaks for the label, negative against. `spans` are its words in the text as read,
    empty for terms that stand for no words."""

    term: str
    value: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a statement got its stance, and each of its frames.

    `total` is log p(stance) - log p(runner_up), the sum of `shares`; `words` are shares by word of the text, char n-grams and
    bigrams included; `frames` give for each frame given its logit and shares.
    """

    tagged: TaggedStatement
    runner_up: str
    total: float
    shares: tuple[Share, ...]
    words: tuple[Share, ...]
    frames: Mapping[str, tuple[float, tuple[Share, ...]]]


def explain(tagger: Tagger, document: Document | str) -> list[Explanation]:
    """Explain every attributed statement of a document (of an opinion piece: every statement)."""
    if isinstance(document, str):
        document = Document("text", document)
    read = tagger.read(document)
    tagged = tagger.tag_read([read])[0]
    opinion = document.genre == "opinion"
    spoken = [t for t in tagged if t.statement.part not in SILENT_PARTS and (opinion or t.statement.speaker_status != "narrator")]
    return [_explain(tagger, read, t) for t in spoken]


def _explain(tagger: Tagger, read: Read, tagged: TaggedStatement) -> Explanation:
    seen = see(read.page, tagged.statement)
    counts = featurise([(read.masked, seen)])
    heads = tagger.model.heads
    stance = heads["stance"]
    scored = tagger.score([(read.masked, seen)])
    about, probabilities = float(scored["on_target"][0, 0]), scored["stance"][0]
    ranked = np.argsort(-probabilities, kind="stable")
    label, runner_up = int(ranked[0]), int(ranked[1])
    gate = stance.gate_shift(np.array([about]), np.array([read.masked.off_subject]))[0]
    terms = _Terms(read.masked, seen)
    fixed = {
        "(intercept)": (stance.intercept[label] - stance.intercept[runner_up]) / stance.temperature,
        f"(on target: {about:.2f})": float(gate[label] - gate[runner_up]),
    }
    shares = terms.shares(stance, counts, _difference(stance, label, runner_up), fixed)
    given = {}
    for name in tagged.frames:
        k = heads["frames"].labels.index(name)
        column = heads["frames"].weights[:, k].astype(np.float64) / heads["frames"].temperature
        bias = {"(intercept)": float(heads["frames"].intercept[k]) / heads["frames"].temperature}
        parts = terms.shares(heads["frames"], counts, column, bias)
        given[name] = (sum(s.value for s in parts), parts)
    total = float(np.log(probabilities[label]) - np.log(probabilities[runner_up]))
    return Explanation(tagged, stance.labels[runner_up], total, shares, terms.by_word(shares), given)


def _difference(head: Head, label: int, runner_up: int) -> Floats:
    weights = head.weights.astype(np.float64)
    result: Floats = (weights[:, label] - weights[:, runner_up]) / head.temperature
    return result


class _Terms:
    """Names and places of the terms of one statement, by the arithmetic that made them."""

    def __init__(self, masked: MaskedPage, seen: Seen) -> None:
        self.masked, self.page = masked, masked.page
        self.names: dict[int, tuple[str, tuple[int, ...]]] = {}
        ids, token = sequence(masked, seen.start, seen.end, seen.source)
        spelled = [_MASKS.get(int(i)) or self.page.tokens.folded[t] for i, t in zip(ids, token.tolist(), strict=True)]
        places = [(t,) if t >= 0 else () for t in token.tolist()]
        self._add(combine("sw", ids), spelled, places)
        self._add(combine("neg", ids), [f"not … {w}" for w in spelled], places)
        pairs = [f"{a} {b}" for a, b in pairwise(spelled)]
        self._add(combine("sb", ids[:-1], ids[1:]), pairs, [(*a, *b) for a, b in pairwise(places)])
        self._characters(ids, token, places)
        for prefix, label, (other, at) in (
            ("p", "before", context_sequence(masked, seen)),
            ("t", "title", title_sequence(masked, seen)),
        ):
            words = [_MASKS.get(int(i)) or self.page.tokens.folded[t] for i, t in zip(other, at.tolist(), strict=True)]
            self._add(combine(prefix + "w", other), [f"{label}: {w}" for w in words], [()] * len(words))
        self._flags(seen, ids, token)

    def _add(self, ids: Ids, labels: Sequence[str], places: Sequence[tuple[int, ...]]) -> None:
        for term, label, place in zip(ids.tolist(), labels, places, strict=True):
            known = self.names.get(term)
            self.names[term] = (label, tuple(dict.fromkeys((*(known[1] if known else ()), *place))))

    def _characters(self, ids: Ids, token: np.ndarray, places: Sequence[tuple[int, ...]]) -> None:
        rows, grams = char_terms(Masked(np.arange(len(ids)), ids, token, self.page.tokens.folded, len(ids)), "s")
        for row, gram in zip(rows.tolist(), grams.tolist(), strict=True):
            known = self.names.get(gram)
            self.names[gram] = ("(letters)", tuple(dict.fromkeys((*(known[1] if known else ()), *places[row]))))

    def _flags(self, seen: Seen, ids: Ids, token: np.ndarray) -> None:
        for name, value in named_flags(self.masked, seen).items():
            self._add(flag_terms(name, [value])[1], [f"({name}: {value})"], [()])
        if seen.cue >= 0:
            cue, kind = self.page.tokens.id[[seen.cue]], self.page.cue_class[[seen.cue]]
            self._add(combine("cue", cue), [f"(cue: {self.page.tokens.folded[seen.cue]})"], [()])
            self._add(combine("cue class", kind), ["(kind of cue)"], [()])
        view = Masked(np.zeros(len(ids), dtype=np.int64), ids, token, self.page.tokens.folded, 1)
        for name in position_names(view)[1]:
            self._add(np.array([space("position " + name)]), [f"({name})"], [()])

    def shares(self, head: Head, counts: dict[str, Counts], column: Floats, fixed: Mapping[str, float]) -> tuple[Share, ...]:
        """Return the shares of all terms for a column of weights, terms of one name together, largest first."""
        entries = head.entries(counts)
        table = np.concatenate([b.ids for b in head.blocks])
        total: dict[tuple[str, tuple[int, ...]], float] = {}
        for at, value in zip(entries.column.tolist(), entries.value.tolist(), strict=True):
            key = self.names.get(int(table[at]), ("(other)", ()))
            total[key] = total.get(key, 0.0) + value * float(column[at])
        named = [Share(name, v) for name, v in fixed.items()]
        found = [Share(name, v, self._spans(place)) for (name, place), v in total.items() if v]
        return tuple(sorted([*named, *found], key=lambda s: -abs(s.value)))

    def _spans(self, tokens: tuple[int, ...]) -> tuple[Span, ...]:
        t = self.page.tokens
        return tuple(self.page.view.to_source(Span(int(t.start[i]), int(t.end[i]))) for i in tokens)

    def by_word(self, shares: Sequence[Share]) -> tuple[Share, ...]:
        """Spread each share evenly over its words; return the words of the statement in order of the text."""
        total: dict[Span, float] = {}
        for share in shares:
            for span in share.spans:
                total[span] = total.get(span, 0.0) + share.value / len(share.spans)
        text = self.page.document.text
        return tuple(Share(text[s.start : s.end], v, (s,)) for s, v in sorted(total.items()))
