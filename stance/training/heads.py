"""Rows to heads: weights by logistic regression, temperature and thresholds from out-of-fold scores."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from stance.codebook import Codebook
from stance.evaluation import f1_scores
from stance.features import Counts
from stance.heads import Block, Floats, Head, logistic, softmax
from stance.text import Ints
from stance.training.data import Rows
from stance.training.fitting import BlockPlan, fit_binary, fit_blocks, fit_weights, values_matrix

FEW = 10  # positives below which a label is trained with a warning and its threshold not tuned
_PRIOR = 10.0  # cases that the common threshold counts for, against a label's own positives
_GRID = np.linspace(0.1, 0.9, 33)


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """How a head is trained: `independent` heads are one yes/no model a label; `C` is the inverse regularisation."""

    name: str
    labels: tuple[str, ...]
    independent: bool
    C: float


def head_plans(codebook: Codebook, settings: dict[str, float]) -> tuple[HeadPlan, ...]:
    """Return the heads that the codebook asks for."""
    return (
        HeadPlan("stance", codebook.stances, False, settings["stance_C"]),
        HeadPlan("ground", codebook.grounds, False, settings["ground_C"]),
        HeadPlan("on_target", ("on_target",), True, settings["on_target_C"]),
        HeadPlan("frames", codebook.frame_ids, True, settings["frames_C"]),
        HeadPlan("interference", ("interference",), True, settings["frames_C"]),
    )


def fit_head(plan: HeadPlan, blocks: tuple[Block, ...], counts: dict[str, Counts], labels: NDArray[np.int64]) -> Head:
    """Fit one head on labelled rows; uncalibrated."""
    matrix = values_matrix(blocks, counts)
    if plan.independent:
        fitted = [fit_binary(matrix, labels[:, k] > 0, C=plan.C) for k in range(len(plan.labels))]
        weights, intercept = np.stack([w for w, _ in fitted], axis=1), np.array([b for _, b in fitted])
    else:
        weights, intercept = fit_weights(matrix, labels, len(plan.labels), C=plan.C)
    return Head(plan.name, plan.labels, blocks, weights.astype(np.float32), intercept, independent=plan.independent)


def out_of_fold(
    rows: Rows, plans: Sequence[HeadPlan], blocks: Sequence[BlockPlan], folds: Ints, *, jobs: int = 1
) -> dict[str, Floats]:
    """Return every head's scores for every row by models that have not seen its article, shape (n_rows, n_labels) each.

    `folds` (n_articles,) gives each article's fold.
    """
    row_fold = folds[rows.article]
    parts = Parallel(n_jobs=jobs)(delayed(_one_fold)(rows, plans, blocks, row_fold, k) for k in range(int(folds.max()) + 1))
    scores = {plan.name: np.zeros((len(rows), len(plan.labels))) for plan in plans}
    for held_out, part in parts:
        for name, values in part.items():
            scores[name][held_out] = values
    return scores


def _one_fold(
    rows: Rows, plans: Sequence[HeadPlan], blocks: Sequence[BlockPlan], row_fold: Ints, k: int
) -> tuple[Ints, dict[str, Floats]]:
    train, held_out = np.flatnonzero(row_fold != k), np.flatnonzero(row_fold == k)
    fitted = fit_blocks(rows.take(train), blocks)
    unseen = rows.take(held_out)
    scores = {}
    for plan in plans:
        known = train[rows.masks[plan.name][train]]
        head = fit_head(plan, fitted, rows.take(known), rows.labels[plan.name][known])
        scores[plan.name] = head.scores(unseen)
    return held_out, scores


def temperature(scores: Floats, labels: NDArray[np.int64], *, independent: bool) -> float:
    """Return the temperature that minimises the negative log-likelihood of held-out labels (Guo et al. 2017)."""

    def loss(log_t: float) -> float:
        scaled = scores / np.exp(log_t)
        if independent:
            p = np.clip(logistic(scaled), 1e-9, 1 - 1e-9)
            return float(-np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p)))
        p = np.clip(softmax(scaled), 1e-9, 1)
        return float(-np.mean(np.log(p[np.arange(len(labels)), labels])))

    best = minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded", options={"xatol": 1e-4})
    return float(np.round(np.exp(best.x), 4))


def thresholds(probabilities: Floats, labels: NDArray[np.bool_], names: Sequence[str]) -> Floats:
    """Return a threshold a label: that of its best F1, shrunk toward the common one by its n positives:
    t = (n t_label + 10 t_common) / (n + 10).

    A label with fewer than ten positives keeps 0.5, with a warning.
    """
    common = _GRID[int(np.argmax([f1_scores(labels, probabilities >= t).mean() for t in _GRID]))]
    result = np.full(labels.shape[1], 0.5)
    for k, name in enumerate(names):
        positives = int(labels[:, k].sum())
        if positives < FEW:
            warnings.warn(f"{name}: only {positives} positives; trained, but its threshold stays at 0.5", stacklevel=2)
            continue
        own = _GRID[int(np.argmax([f1_scores(labels[:, [k]], probabilities[:, [k]] >= t)[0] for t in _GRID]))]
        result[k] = (positives * own + _PRIOR * common) / (positives + _PRIOR)
    return np.round(result, 4)
