"""Predicted against labelled attributions: counts an article, and what they add up to.

A prediction matches a labelled content where the words of the two overlap by at least half of their union, greedily,
best first, one to one. Its source is right if it shares a word with the labelled one, or if both are empty. A score of one
kind of quotation counts the labels and the predictions of that kind; predictions that match a label of another kind count
neither way. Counts are kept an article apart, since articles are what the bootstrap draws.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from polnear_data import Article, Attribution

from stance.records import Span

Counts = NDArray[np.float64]
WORD = re.compile(r"\w+(?:[’'`]\w+)*")
IOU = 0.5  # least overlap of a match
_RESAMPLES = 2000
_Triple = tuple[frozenset[int], frozenset[int], str]  # words of content and source, kind of quotation


class Matches:
    """Counts over articles, shape (n_articles,) each.

    `labelled`, `predicted`: attributions. `matched`: of both, by content. `right`: of these, the source too; `exact`: to the
    word. `words`: of labelled contents that have a source; `words_right`: of these, within a prediction with that source.
    """

    def __init__(
        self, articles: Sequence[Article], predictions: Sequence[Sequence[Attribution]], kinds: Collection[str] = ()
    ) -> None:
        rows = [_match(a, p, kinds) for a, p in zip(articles, predictions, strict=True)]
        table = np.array(rows, dtype=np.float64).reshape(-1, 7)
        self.labelled, self.predicted, self.matched, self.right, self.exact, self.words, self.words_right = table.T


def _match(article: Article, predictions: Sequence[Attribution], kinds: Collection[str]) -> tuple[int, ...]:
    words = [m.span() for m in WORD.finditer(article.text)]
    everything = [_triple(words, a) for a in article.attributions]
    gold = [g for g in everything if not kinds or g[2] in kinds]
    other = [g for g in everything if kinds and g[2] not in kinds]
    found = [p for p in (_triple(words, a) for a in predictions) if p[0] and not any(_iou(p, o) >= IOU for o in other)]
    pairs = sorted(((_iou(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(found)), reverse=True)
    used_gold: set[int] = set()
    used_found: set[int] = set()
    right = exact = 0
    for overlap, i, j in pairs:
        if overlap < IOU:
            break
        if i in used_gold or j in used_found:
            continue
        used_gold.add(i)
        used_found.add(j)
        right += _same_source(gold[i], found[j])
        exact += gold[i][1] == found[j][1]
    sourced = [g for g in gold if g[1]]
    covered = sum(any(k in p[0] and p[1] & g[1] for p in found) for g in sourced for k in g[0])
    return len(gold), len(found), len(used_gold), right, exact, sum(len(g[0]) for g in sourced), covered


def _triple(words: Sequence[tuple[int, int]], one: Attribution) -> _Triple:
    return words_of(words, one.content), words_of(words, one.source), one.quote


def words_of(words: Sequence[tuple[int, int]], spans: Sequence[Span]) -> frozenset[int]:
    """Return the numbers of the words that share a character with one of the spans."""
    found: set[int] = set()
    for start, end in spans:
        found.update(range(bisect_right(words, start, key=itemgetter(1)), bisect_left(words, end, key=itemgetter(0))))
    return frozenset(found)


def _iou(one: _Triple, other: _Triple) -> float:
    return len(one[0] & other[0]) / max(1, len(one[0] | other[0]))


def _same_source(gold: _Triple, found: _Triple) -> bool:
    return bool(gold[1] & found[1]) if gold[1] else not found[1]


class Sentences:
    """Counts over articles of sentences that hold a word of anybody's content: `labelled`, `predicted`, `right` (both)."""

    def __init__(
        self, articles: Sequence[Article], predictions: Sequence[Sequence[Attribution]], starts: Sequence[Sequence[int]]
    ) -> None:
        rows = []
        for article, found, begin in zip(articles, predictions, starts, strict=True):
            gold, predicted = (_sentences(article, a, begin) for a in (article.attributions, found))
            rows.append((len(gold), len(predicted), len(gold & predicted)))
        self.labelled, self.predicted, self.right = np.array(rows, dtype=np.float64).reshape(-1, 3).T


def _sentences(article: Article, attributions: Sequence[Attribution], starts: Sequence[int]) -> set[int]:
    words = [m.span() for m in WORD.finditer(article.text)]
    inside = words_of(words, [s for a in attributions for s in a.content])
    return {bisect_right(starts, words[i][0]) - 1 for i in inside}


def ratio(part: Counts, whole: Counts) -> float:
    """Return the percentage that `part` sums to of `whole`."""
    return float(100 * part.sum() / max(1.0, whole.sum()))


def f1(right: Counts, labelled: Counts, predicted: Counts) -> float:
    """Return the F1 in per cent."""
    return ratio(2 * right, labelled + predicted)


def resampled_f1(right: Counts, labelled: Counts, predicted: Counts) -> Counts:
    """Return the F1 of resamples of the articles, shape (2000,); equal numbers of articles give equal draws."""
    n = len(right)
    draws = np.random.default_rng(20160908).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
    result: Counts = 200 * (draws @ right) / np.maximum(1.0, draws @ (labelled + predicted))
    return result


def interval(values: Counts) -> tuple[float, float]:
    """Return the bounds of the middle 95 % of the values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
