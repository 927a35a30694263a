"""Nested cross-validation: settings are chosen without sight of the rows that they are measured on.

Enters: a scorer (setting, rows to train on, rows to score -> scores), the settings it may have, folds. Leaves: what it gives
for rows that neither its training nor its choice of settings has seen. The inner folds are the pinned folds that are left
when the outer one is taken out, so nothing but the pinned file decides who trains with whom.

The choice is greedy: one option after the other, in the order given, each value tried with the best values so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from linear import Setting
from numpy.typing import NDArray

from stance.heads import Floats
from stance.text import Ints

Scorer = Callable[[Setting, Ints, Ints], Floats]
Options = Mapping[str, Sequence[Any]]
Measure = Callable[[Ints, Floats], float]  # (rows, their scores) -> what to maximise
Decide = Callable[[Ints, Floats, Floats], NDArray[Any]]  # (training rows, their out-of-fold scores, scores) -> what is given


def highest(rows: Ints, seen: Floats, scores: Floats) -> Ints:
    """Give each row the label of its highest score."""
    return scores.argmax(axis=1)


@dataclass(frozen=True)
class Contestant:
    """One classifier in the table: where `options` is empty, `start` is its only setting."""

    name: str
    scorer: Scorer
    start: Setting
    options: Options
    decide: Decide = highest
    counting: float = 0.0  # seconds that counting all rows' terms took


@dataclass(frozen=True)
class Outcome:
    """What a contestant gives for the measured rows, once for each seed of the folds: shape (n_seeds, n_rows, ...).

    `training`: CPU seconds of one training and scoring of one held-out fold; `search`: of everything."""

    name: str
    given: NDArray[Any]
    chosen: tuple[Setting, ...]
    training: float
    search: float


def out_of_fold(scorer: Scorer, setting: Setting, rows: Ints, folds: Ints) -> Floats:
    """Score each of `rows` by a model of the other folds, shape (len(rows), n_labels); `folds` (len(rows),) numbers theirs."""
    parts = [(folds == k, scorer(setting, rows[folds != k], rows[folds == k])) for k in np.unique(folds)]
    scores = np.zeros((len(rows), parts[0][1].shape[1]))
    for held_out, part in parts:
        scores[held_out] = part
    return scores


def select(who: Contestant, rows: Ints, folds: Ints, measure: Measure) -> tuple[Setting, Floats]:
    """Return the best setting on the training rows, and its out-of-fold scores for them."""
    best, scores = who.start, out_of_fold(who.scorer, who.start, rows, folds)
    value = measure(rows, scores)
    for name, values in who.options.items():
        for candidate in [replace(best, **{name: v}) for v in values if v != getattr(best, name)]:
            tried = out_of_fold(who.scorer, candidate, rows, folds)
            reached = measure(rows, tried)
            if reached > value:
                best, scores, value = candidate, tried, reached
    return best, scores


def _held_out(who: Contestant, train: Ints, folds: Ints, test: Ints, measure: Measure) -> tuple[Any, Setting, float, float]:
    """Choose and train on `train`, score `test`: (given, setting, seconds of the training, seconds of all)."""
    begin = time.process_time()
    needed = bool(who.options) or who.decide is not highest
    setting, seen = select(who, train, folds, measure) if needed else (who.start, np.zeros((len(train), 1)))
    middle = time.process_time()
    scores = who.scorer(setting, train, test)
    end = time.process_time()
    return who.decide(train, seen, scores), setting, end - middle, end - begin


def measure_once(who: Contestant, train: Ints, folds: Ints, test: Ints, measure: Measure) -> Outcome:
    """Train on one part, measure on another; `folds` (len(train),) are for the choice of settings."""
    given, setting, training, search = _held_out(who, train, folds, test, measure)
    return Outcome(who.name, np.asarray(given)[None], (setting,), training + who.counting, search + who.counting)


def measure_nested(who: Contestant, folds: Ints, measure: Measure, *, jobs: int = 1) -> Outcome:
    """Measure on every row; `folds` (n_rows, n_seeds), each seed's folds are an outer cross-validation of their own."""
    every = np.arange(len(folds))
    cells = [(seed, k) for seed in range(folds.shape[1]) for k in range(int(folds[:, seed].max()) + 1)]

    def cell(seed: int, k: int) -> tuple[Any, Setting, float, float]:
        inside = folds[:, seed] != k
        return _held_out(who, every[inside], folds[inside, seed], every[~inside], measure)

    parts = Parallel(n_jobs=jobs)(delayed(cell)(seed, k) for seed, k in cells)
    given = np.zeros((folds.shape[1], len(folds), *parts[0][0].shape[1:]), dtype=parts[0][0].dtype)
    for (seed, k), part in zip(cells, parts, strict=True):
        given[seed, folds[:, seed] == k] = part[0]
    training = float(np.mean([part[2] for part in parts])) + who.counting
    return Outcome(who.name, given, tuple(part[1] for part in parts), training, sum(part[3] for part in parts) + who.counting)


def learning_curve(
    who: Contestant, setting: Setting, folds: Ints, shares: Sequence[float], figure: Callable[[Ints], float]
) -> list[tuple[int, float]]:
    """Measure one setting trained on shares of the training part: (training rows, figure of the labels given to all rows).

    Only for classifiers that give the highest score. `folds` (n_rows,)."""
    every = np.arange(len(folds))
    order = np.random.default_rng(20170925).random(len(folds))
    curve = []
    for share in shares:
        kept = order < share
        given = np.zeros(len(folds), dtype=np.int64)
        for k in np.unique(folds):
            given[folds == k] = who.scorer(setting, every[(folds != k) & kept], every[folds == k]).argmax(axis=1)
        curve.append((int(kept.sum() * (1 - 1 / len(np.unique(folds)))), figure(given)))
    return curve
