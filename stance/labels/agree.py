"""Agreement of two coders on the same articles: Krippendorff's alpha with bootstrap intervals by article.

The coefficients are nltk's (`nltk.metrics.agreement`): alpha for stance (nominal), for each frame (binary, with its prevalence)
and for frame sets (MASI distance, Passonneau 2006; the empty set is written {"none"}). A label that neither or only one value
was used for has no alpha: "undefined". Among machine coders it is called consistency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, masi_distance

from stance.codebook import Codebook
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.labels.names import same_speaker

_RESAMPLES = 200
_SEED = 20170925
Pair = tuple[LabelledStatement, LabelledStatement]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its 95 % interval, None where undefined; `n` is the number of statements, `prevalence` the share of
    positive labels where there is one."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    prevalence: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined (n = {self.n})"
        shown = f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n = {self.n}"
        return f"{shown}, prevalence {self.prevalence:.3f})" if self.prevalence is not None else f"{shown})"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two coders agree on. `kind` is "consistency" if either is a machine; `only_one` counts statements that one coder has
    and the other has not."""

    kind: str
    articles: int
    pairs: int
    only_one: int
    coefficients: Mapping[str, Coefficient]


def pair_up(one: LabelledDocument, other: LabelledDocument) -> tuple[list[Pair], int]:
    """Pair the statements of two labellings of an article: same sentence, then the largest overlap of content and mention.

    Returns the pairs and how many statements of either are left over.
    """
    rest, others = list(range(len(one.statements))), list(range(len(other.statements)))
    found: list[tuple[int, int]] = []
    while True:
        fitting = [
            (_likeness(one.statements[i], other.statements[j]), -i, -j)
            for i in rest
            for j in others
            if one.statements[i].sentence == other.statements[j].sentence
        ]
        best = max(fitting, default=None)
        if best is None or not (best[0] > 0 or _alone(one, rest, other, others, -best[1])):
            break
        found.append((-best[1], -best[2]))
        rest.remove(-best[1])
        others.remove(-best[2])
    pairs = [(one.statements[i], other.statements[j]) for i, j in sorted(found)]
    return pairs, len(rest) + len(others)


def _alone(one: LabelledDocument, rest: list[int], other: LabelledDocument, others: list[int], at: int) -> bool:
    """Tell whether both coders have a single statement left in the sentence: then the two are paired, alike or not."""
    sentence = one.statements[at].sentence
    left = [i for i in rest if one.statements[i].sentence == sentence]
    right = [j for j in others if other.statements[j].sentence == sentence]
    return len(left) == len(right) == 1


def _likeness(one: LabelledStatement, other: LabelledStatement) -> int:
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one.content for b in other.content)
    mention = one.mention is not None and other.mention is not None and one.mention.overlaps(other.mention)
    return shared + 1000 * mention


def agree(first: Sequence[LabelledDocument], second: Sequence[LabelledDocument], codebook: Codebook) -> Agreement:
    """Compare two coders on the articles that both have labelled blind; rows made otherwise are left out."""
    other = {d.document.doc_id: d for d in second}
    groups: list[list[Pair]] = []
    only_one = 0
    kinds = set()
    for document in first:
        if document.document.doc_id not in other:
            continue
        pairs, alone = pair_up(document, other[document.document.doc_id])
        groups.append([p for p in pairs if all(s.made in (None, "blind") for s in p)])
        only_one += alone
        kinds |= {(s.annotator or {}).get("kind", "human") for p in pairs for s in p}
    spoken = [[p for p in group if _both_speak(*p)] for group in groups]
    coefficients = {"stance": _interval(spoken, lambda ps: _nominal([(a.stance, b.stance) for a, b in ps]))}
    coefficients["on target"] = _interval(groups, lambda ps: _nominal([(a.on_target, b.on_target) for a, b in ps]))
    coefficients["frame sets (MASI)"] = _interval(groups, _frame_sets)
    for frame in codebook.frame_ids:
        coefficients[f"frame {frame}"] = _with_prevalence(groups, frame)
    coefficients["same speaker"] = _interval(spoken, lambda ps: _same(ps, codebook))
    return Agreement(
        "consistency" if "machine" in kinds else "agreement", len(groups), sum(map(len, groups)), only_one, coefficients
    )


def _both_speak(one: LabelledStatement, other: LabelledStatement) -> bool:
    return one.speaker_status != "narrator" and other.speaker_status != "narrator"


def _nominal(values: Sequence[tuple[object, object]]) -> float | None:
    known = [(a, b) for a, b in values if a is not None and b is not None]
    return _alpha([v for i, (a, b) in enumerate(known) for v in (("a", i, a), ("b", i, b))], binary_distance)


def _frame_sets(pairs: Sequence[Pair]) -> float | None:
    rows = []
    for i, (a, b) in enumerate(pairs):
        if a.frames is not None and b.frames is not None:
            rows += [("a", i, frozenset(a.frames or ("none",))), ("b", i, frozenset(b.frames or ("none",)))]
    return _alpha(rows, masi_distance)


def _with_prevalence(groups: Sequence[Sequence[Pair]], frame: str) -> Coefficient:
    def values(pairs: Sequence[Pair]) -> list[tuple[object, object]]:
        return [(frame in a.frames, frame in b.frames) for a, b in pairs if a.frames is not None and b.frames is not None]

    found = _interval(groups, lambda ps: _nominal(values(ps)))
    everything = [v for group in groups for pair in values(group) for v in pair]
    prevalence = float(np.mean([bool(v) for v in everything])) if everything else None
    return Coefficient(found.value, found.low, found.high, found.n, prevalence)


def _same(pairs: Sequence[Pair], codebook: Codebook) -> float | None:
    if not pairs:
        return None
    return float(np.mean([same_speaker(a.speaker, b.speaker, codebook) for a, b in pairs]))


def _alpha(rows: Sequence[tuple[str, int, object]], distance: Callable[[object, object], float]) -> float | None:
    if len({value for _, _, value in rows}) < 2:
        return None
    return float(AnnotationTask(data=list(rows), distance=distance).alpha())


def _interval(groups: Sequence[Sequence[Pair]], measure: Callable[[Sequence[Pair]], float | None]) -> Coefficient:
    everything = [pair for group in groups for pair in group]
    value = measure(everything)
    if value is None:
        return Coefficient(None, None, None, len(everything))
    random = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(_RESAMPLES):
        sample = [pair for k in random.integers(len(groups), size=len(groups)) for pair in groups[k]]
        resampled = measure(sample)
        if resampled is not None:
            drawn.append(resampled)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Coefficient(value, float(low), float(high), len(everything))


def as_text(result: Agreement) -> str:
    """Return the report as lines for people."""
    counts = f"{result.pairs} statements paired, {result.only_one} found by one only"
    lines = [f"{result.kind} of two coders on {result.articles} articles: {counts}"]
    lines += [f"  {name:20s} {coefficient}" for name, coefficient in result.coefficients.items()]
    return "\n".join(lines) + "\n"
