"""Figures: how well heads and attribution do, with intervals by article.

Every figure is a function of rows grouped by article; its 95 % interval is the percentile bootstrap over articles (Efron
& Tibshirani 1993), because statements of one article are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.codebook import Codebook
from stance.heads import Floats
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.labels.names import same_speaker
from stance.records import Statement
from stance.text import Ints

_RESAMPLES = 1000
_SEED = 20170925


class Figure(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def with_interval(measure: Callable[[Ints], float], articles: Ints, *, resamples: int = _RESAMPLES) -> Figure:
    """Return `measure(rows)` over all rows, with the interval over resampled articles; `articles` (n_rows,) numbers each row's."""
    rows = np.arange(len(articles))
    if len(rows) == 0:
        return Figure(float("nan"), float("nan"), float("nan"))
    distinct, inverse = np.unique(articles, return_inverse=True)
    members = [rows[inverse == k] for k in range(len(distinct))]
    random = np.random.default_rng(_SEED)
    values = [
        measure(np.concatenate([members[k] for k in random.integers(len(distinct), size=len(distinct))])) for _ in range(resamples)
    ]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(float(measure(rows)), float(low), float(high))


def f1_scores(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> Floats:
    """F1 of each column, shape (n_rows, n_labels) -> (n_labels,); 0 where a label is neither given nor gold."""
    hit = (gold & given).sum(axis=0)
    total = gold.sum(axis=0) + given.sum(axis=0)
    result: Floats = 2 * hit / np.maximum(total, 1)
    return result


def micro_f1(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    """F1 over all cells of two tables of yes/no labels."""
    return float(2 * (gold & given).sum() / max(int(gold.sum() + given.sum()), 1))


def macro_f1(gold: Ints, given: Ints, n_labels: int) -> float:
    """Mean F1 of the classes."""
    classes = np.arange(n_labels)
    return float(f1_scores(gold[:, None] == classes, given[:, None] == classes).mean())


def confusion(gold: Ints, given: Ints, n_labels: int) -> NDArray[np.int64]:
    """Counts, shape (n_labels, n_labels): rows gold, columns given."""
    return np.bincount(gold * n_labels + given, minlength=n_labels**2).reshape(n_labels, n_labels)


def calibration_error(probabilities: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017): the mean gap between confidence and accuracy over equal-width bins."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    size = np.bincount(which, minlength=bins)
    gap = np.abs(np.bincount(which, right, bins) - np.bincount(which, probabilities, bins))
    return float(gap.sum() / max(int(size.sum()), 1))


def chance_calibration_error(probabilities: Floats, bins: int = 10, draws: int = 200) -> float:
    """The calibration error that a perfectly calibrated model would show on as many rows: its mean over simulated outcomes."""
    random = np.random.default_rng(_SEED)
    return float(
        np.mean([calibration_error(probabilities, random.random(len(probabilities)) < probabilities, bins) for _ in range(draws)])
    )


@dataclass
class AttributionTally:
    """Counts of attributed statements by article; columns: gold, given, right, content found, narrator sentences, and those
    wrongly given a speaker; then resolved statements found, and named rightly."""

    counts: list[NDArray[np.int64]]

    COLUMNS = ("gold", "given", "right", "found", "narrator", "intruded", "resolved", "named", "right_stance")

    def figure(self, measure: Callable[[Mapping[str, float]], float]) -> Figure:
        """Return a figure of the summed columns, with its interval by article."""
        table = np.array(self.counts)

        def of(rows: Ints) -> float:
            return measure(dict(zip(self.COLUMNS, table[rows].sum(axis=0).astype(float).tolist(), strict=True)))

        return with_interval(of, np.arange(len(table)))


def f1_of(columns: Mapping[str, float], right: str = "right") -> float:
    """F1 of (sentence, speaker) pairs from summed columns."""
    return 2 * columns[right] / max(columns["gold"] + columns["given"], 1)


def tally_article(
    labelled: LabelledDocument, given: Sequence[Statement], codebook: Codebook, stances: Sequence[str] | None = None
) -> NDArray[np.int64]:
    """Count one article's attributed statements: a given one is right if sentence and speaker are; `unresolved` matches by
    overlapping mentions. `stances` are the given statements' stances, for the end-to-end figure."""
    gold = [s for s in labelled.statements if s.speaker_status not in ("narrator", None)]
    pairs = [(s, stances[i] if stances else "") for i, s in enumerate(given) if s.speaker_status != "narrator"]
    used: set[int] = set()
    tally = dict.fromkeys(AttributionTally.COLUMNS, 0)
    for one in gold:
        here = [(i, s, stance) for i, (s, stance) in enumerate(pairs) if s.sentence == one.sentence]
        found = [s for _, s, _ in here if any(a.overlaps(b) for a in s.content for b in one.content)]
        tally["found"] += bool(found)
        if one.speaker is not None and found:
            tally["resolved"] += 1
            tally["named"] += any(same_speaker(s.speaker, one.speaker, codebook) for s in found)
        hits = [(i, stance) for i, s, stance in here if i not in used and _matches(one, s, codebook)]
        if hits:
            used.add(hits[0][0])
            tally["right"] += 1
            tally["right_stance"] += hits[0][1] == one.stance
    attributed = {s.sentence for s in gold}
    narrated = {s.sentence for s in labelled.statements} - attributed
    tally["gold"], tally["given"], tally["narrator"] = len(gold), len(pairs), len(narrated)
    tally["intruded"] = len(narrated & {s.sentence for s, _ in pairs})
    return np.array([tally[c] for c in AttributionTally.COLUMNS], dtype=np.int64)


def _matches(gold: LabelledStatement, given: Statement, codebook: Codebook) -> bool:
    if gold.speaker is None:
        return (
            given.speaker is None
            and gold.mention is not None
            and given.mention is not None
            and gold.mention.overlaps(given.mention)
        )
    return same_speaker(given.speaker, gold.speaker, codebook)
