"""What a head sees of a statement: masked words of the statement, the sentence before, and the title.

Names of actors (with their titles) become ACTOR, the target's terms TARGET, the words of the source SPEAKER: one token each,
whatever their length, without character n-grams, in the title and the context too. So the heads learn what
is said and how it is reported, and never who says it. Of a body that is not the speaker the common noun
stays ("court", "parliament"): it says what the statement is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from stance.codebook import Codebook
from stance.features import Counts, Masked, char_terms, combine, count_terms, flag_terms, space, word_terms
from stance.lexicon import word_list, word_set
from stance.names import BODY, Names
from stance.page import Page
from stance.records import Span, Statement
from stance.text import Ids, Ints, fold

ACTOR, TARGET, SPEAKER = space("ACTOR"), space("TARGET"), space("SPEAKER")
_NEGATIONS = word_set("negations")
_SCOPE = 5  # words behind a negation that it may bear on


@dataclass(frozen=True)
class MaskedPage:
    """A page's tokens with actors and target masked. `mask` (n_tokens,): id of the mask, 0 where a token stands for
    itself; `group` (n_tokens,): tokens of one masked stretch share a number."""

    page: Page
    mask: Ids
    group: Ints

    @property
    def off_subject(self) -> bool:
        """Tell whether an article (more than three sentences) never names the target: then nothing in it can be about it."""
        return len(self.page.first) > 3 and not bool((self.mask == TARGET).any())


def mask_page(page: Page, names: Names, codebook: Codebook) -> MaskedPage:
    """Mask the actors and the target's terms of a page."""
    n = len(page.tokens)
    mask = np.zeros(n, dtype=np.uint64)
    group = np.arange(n, dtype=np.int64)
    for at in np.flatnonzero(names.masked & (names.entity < 0)).tolist():
        mask[at] = ACTOR
    for entity in names.entities:
        for mention in entity.mentions:
            mask[mention.full : mention.end] = ACTOR
            group[mention.full : mention.end] = mention.full
            if entity.kind == BODY:
                _keep_noun(page, mask, group, mention.start, mention.end)
    for start, end in _target_spans(page, codebook):
        mask[start:end] = TARGET
        group[start:end] = start
    return MaskedPage(page, mask, group)


def _keep_noun(page: Page, mask: Ids, group: Ints, start: int, end: int) -> None:
    """Let the last common noun of a body's name stand: "Federal Supreme Court" is ACTOR court."""
    for at in range(end - 1, start, -1):
        if page.tokens.folded[at] in word_set("organisation_heads"):
            mask[at], group[at] = 0, at
            return


def _target_spans(page: Page, codebook: Codebook) -> list[tuple[int, int]]:
    """Stretches that name the target, the longest at each place."""
    folded = page.tokens.folded
    terms: dict[str, list[list[str]]] = {}
    for term in codebook.terms:
        words = [fold(w) for w in term.split()]
        terms.setdefault(words[0], []).append(words)
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(folded):
        fits = [len(words) for words in terms.get(folded[at], ()) if folded[at : at + len(words)] == words]
        if fits:
            spans.append((at, at + max(fits)))
            at += max(fits)
        else:
            at += 1
    return spans


@dataclass(frozen=True, slots=True)
class Seen:
    """What is needed of a statement to see it as a head does: token bounds of its span, of its source and cue."""

    sentence: int
    start: int
    end: int
    source: tuple[int, int] | None
    cue: int
    quote: str
    attributed: bool


def see(page: Page, statement: Statement) -> Seen:
    """Translate a statement's spans (text as read) into tokens of the page."""

    def tokens(span: Span) -> tuple[int, int]:
        view = page.view.from_source(span)
        return page.tokens.between(view.start, view.end)

    start, end = tokens(statement.span)
    cue = tokens(statement.cue)[0] if statement.cue else -1
    source = tokens(statement.mention) if statement.mention else None
    return Seen(statement.sentence, start, end, source, cue, statement.quote, statement.speaker_status != "narrator")


def sequence(masked: MaskedPage, start: int, end: int, source: tuple[int, int] | None) -> tuple[Ids, Ints]:
    """Token ids of a stretch with masks collapsed, and for each the token it stands for (-1: a mask)."""
    at = np.arange(start, end)
    mask, group = masked.mask[start:end], masked.group[start:end]
    if source is not None and source[0] < end and source[1] > start:
        mask, group = mask.copy(), group.copy()
        low, high = max(source[0] - start, 0), source[1] - start
        first = int(group[low]) if group[low] != at[low] else int(at[low])
        same = (group == first) | ((at >= source[0]) & (at < source[1]))  # the source's title belongs to it
        mask[same], group[same] = SPEAKER, first
        assert high > 0
    keep = np.concatenate([[True], group[1:] != group[:-1]]) if len(at) else np.zeros(0, dtype=np.bool_)
    ids = np.where(mask != 0, mask, masked.page.tokens.id[start:end])[keep]
    token = np.where(mask != 0, -1, at)[keep]
    return ids, token


def featurise(items: Sequence[tuple[MaskedPage, Seen]]) -> dict[str, Counts]:
    """Count the terms of statements: blocks `words`, `chars`, `context`, `flags`, each with one row a statement."""
    n = len(items)
    own = _masked([sequence(m, s.start, s.end, s.source) for m, s in items], items, n)
    words_row, words_id = word_terms(own, "s")
    scope_row, scope_id = _negated(own)
    chars = char_terms(own, "s")
    before = _masked([context_sequence(m, s) for m, s in items], items, n)
    title = _masked([title_sequence(m, s) for m, s in items], items, n)
    context = [_unigrams(before, "p"), _unigrams(title, "t")]
    named = [named_flags(m, s) for m, s in items]
    flags = [
        *(flag_terms(name, [n[name] for n in named]) for name in (named[0] if named else ())),
        _cue_flags(items),
        *_positions(own),
    ]
    return {
        "words": count_terms(np.concatenate([words_row, scope_row]), np.concatenate([words_id, scope_id]), n),
        "chars": count_terms(*chars, n),
        "context": count_terms(np.concatenate([c[0] for c in context]), np.concatenate([c[1] for c in context]), n),
        "flags": count_terms(np.concatenate([f[0] for f in flags]), np.concatenate([f[1] for f in flags]), n),
    }


def _masked(parts: Sequence[tuple[Ids, Ints]], items: Sequence[tuple[MaskedPage, Seen]], n: int) -> Masked:
    """Concatenate sequences of rows; spellings are gathered only for tokens that are not masked."""
    lengths = np.array([len(ids) for ids, _ in parts], dtype=np.int64)
    words: list[str] = []
    tokens = []
    offsets: dict[int, int] = {}
    for (_, token), (masked, _) in zip(parts, items, strict=True):
        key = id(masked)
        if key not in offsets:
            offsets[key] = len(words)
            words += masked.page.tokens.folded
        tokens.append(np.where(token >= 0, token + offsets[key], -1))
    empty = np.zeros(0, dtype=np.uint64)
    return Masked(
        np.repeat(np.arange(n), lengths),
        np.concatenate([ids for ids, _ in parts]) if parts else empty,
        np.concatenate(tokens) if tokens else empty.astype(np.int64),
        words,
        n,
    )


_NOTHING: tuple[Ids, Ints] = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def context_sequence(masked: MaskedPage, seen: Seen) -> tuple[Ids, Ints]:
    if seen.sentence == 0:
        return _NOTHING
    page = masked.page
    return sequence(masked, int(page.first[seen.sentence - 1]), int(page.last[seen.sentence - 1]), None)


def title_sequence(masked: MaskedPage, seen: Seen) -> tuple[Ids, Ints]:
    page = masked.page
    for number, sentence in enumerate(page.sentences):
        if sentence.part == "title" and number != seen.sentence:
            return sequence(masked, int(page.first[number]), int(page.last[number]), None)
    return _NOTHING


def _unigrams(view: Masked, prefix: str) -> tuple[Ints, Ids]:
    return view.row, combine(prefix + "w", view.id)


def _negated(view: Masked) -> tuple[Ints, Ids]:
    """Words within the scope of a negation, in a name space of their own."""
    negation = np.array([t >= 0 and view.words[t] in _NEGATIONS for t in view.token.tolist()], dtype=np.bool_)
    if not negation.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    at = np.arange(len(view.row))
    last = np.maximum.accumulate(np.where(negation, at, -_SCOPE - 1))
    inside = (at - last <= _SCOPE) & (at > last) & (last >= 0)
    inside &= view.row[np.maximum(last, 0)] == view.row
    return view.row[inside], combine("neg", view.id[inside])


@cache
def _position_table() -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], list[tuple[str, str]]]:
    """The words and phrases of `positions.txt`: by first word, and the prefixes (longest first)."""
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    prefixes: list[tuple[str, str]] = []
    for line in word_list("positions"):
        kind, entries = line.split(":", 1)
        for quoted, single in re.findall(r'"([^"]+)"|(\S+)', entries):
            words = tuple((quoted or single).split())
            if words[0].endswith("*"):
                prefixes.append((words[0][:-1], kind))
            else:
                phrases.setdefault(words[0], []).append((words, kind))
    return phrases, sorted(prefixes, key=lambda p: -len(p[0]))


@cache
def _prefix_kinds(word: str) -> tuple[str, ...]:
    return tuple(kind for prefix, kind in _position_table()[1] if word.startswith(prefix))


def _positions(view: Masked) -> list[tuple[Ints, Ids]]:
    """Terms of the kinds of position words in each row."""
    rows, names = position_names(view)
    ids = np.array([space("position " + n) for n in names], dtype=np.uint64)
    return [(np.array(rows, dtype=np.int64), ids)]


def position_names(view: Masked) -> tuple[list[int], list[str]]:
    """Rows and names of the kinds of position words: "reject"; within a negation "not reject"; beside the target
    "reject target"."""
    phrases, _ = _position_table()
    rows: list[int] = []
    names: list[str] = []
    words = [view.words[t] if t >= 0 else "" for t in view.token.tolist()]
    row = view.row.tolist()
    targets = (view.id == TARGET).tolist()
    negated = -_SCOPE - 1
    for at, word in enumerate(words):
        if at and row[at] != row[at - 1]:
            negated = at - _SCOPE - 1
        if word in _NEGATIONS:
            negated = at
        if not word:
            continue
        kinds = [k for p, k in phrases.get(word, ()) if len(p) == 1 or tuple(words[at : at + len(p)]) == p]
        for kind in dict.fromkeys((*kinds, *_prefix_kinds(word))):
            name = ("not " if 0 < at - negated <= _SCOPE else "") + kind
            near = any(targets[i] for i in range(max(0, at - 4), min(len(words), at + 6)) if row[i] == row[at])
            names += [name, f"{name} target"] if near else [name]
            rows += [row[at]] * (2 if near else 1)
    return rows, names


def _cue_flags(items: Sequence[tuple[MaskedPage, Seen]]) -> tuple[Ints, Ids]:
    rows = np.array([i for i, (_, s) in enumerate(items) if s.cue >= 0], dtype=np.int64)
    ids = np.array([m.page.tokens.id[s.cue] for m, s in items if s.cue >= 0], dtype=np.uint64)
    kinds = np.array([m.page.cue_class[s.cue] for m, s in items if s.cue >= 0], dtype=np.uint64)
    return np.concatenate([rows, rows]), np.concatenate([combine("cue", ids), combine("cue class", kinds)])


def named_flags(masked: MaskedPage, seen: Seen) -> dict[str, str]:
    """What is known of a statement besides its words: how it is quoted, the part of the page, and whether the article has
    named its target: in the statement, in the title, so far, in the sentence before."""
    page = masked.page
    at = np.flatnonzero(masked.mask == TARGET)
    where = page.sentence_of[at]
    so_far = len(np.unique(masked.group[at[at < seen.end]]))
    return {
        "quote": seen.quote,
        "attributed": str(seen.attributed),
        "part": page.sentences[seen.sentence].part,
        "names target": str(bool(((at >= seen.start) & (at < seen.end)).any())),
        "target in title": str(any(page.sentences[i].part == "title" for i in where.tolist())),
        "target so far": f"{min(so_far, 3)} of {min(len(page.first), 2)}",
        "target before": str(bool((where == seen.sentence - 1).any())),
    }
