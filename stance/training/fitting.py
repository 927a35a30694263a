"""Counts to weights, by scikit-learn's logistic regression."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from stance.features import Counts
from stance.heads import Block, Floats, Sparse, lookup
from stance.text import Ids, Ints

_LEAST = 0.003  # terms of smaller weight are left out of categorical models: two fifths of them, worth nothing
_DECIMALS = 4  # weights are rounded, so that library versions that differ in the last bits agree


def fit_sparse(
    terms: Ids, labels: Ints, n_labels: int, *, C: float = 1.0, min_count: int = 2, weights: Floats | None = None
) -> Sparse:
    """Fit a model of categorical terms, shape (n_rows, n_templates), to labels in 0..n_labels-1.

    Terms of fewer than `min_count` rows are left out. With two labels the model has one output, the log-odds of label 1.
    """
    known, counts = np.unique(terms, return_counts=True)
    known = known[counts >= min_count]
    matrix = design_matrix(known, terms)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=C, solver="newton-cg", max_iter=50).fit(matrix, labels, sample_weight=weights)
    coefficients, intercept = model.coef_, model.intercept_
    if n_labels > 2 and len(model.classes_) < n_labels:
        full = np.zeros((n_labels, coefficients.shape[1]))
        bias = np.full(n_labels, -20.0)
        full[model.classes_] = coefficients if len(model.classes_) > 2 else np.vstack([-coefficients, coefficients]) / 2
        bias[model.classes_] = intercept if len(model.classes_) > 2 else np.array([-intercept[0], intercept[0]]) / 2
        coefficients, intercept = full, bias
    table = np.round(np.vstack([coefficients.T, np.zeros((1, len(coefficients)))]), _DECIMALS).astype(np.float32)
    keep = np.flatnonzero(np.abs(table[:-1]).max(axis=1) >= _LEAST)
    return Sparse(known[keep], table[np.concatenate([keep, [len(known)]])], np.round(intercept, _DECIMALS).astype(np.float64))


def design_matrix(known: Ids, terms: Ids) -> sparse.csr_matrix:
    """Rows of categorical terms as a 0/1 matrix over the ascending ids `known`."""
    position, found = lookup(known, terms.ravel())
    indptr = np.concatenate([[0], np.cumsum(found.reshape(terms.shape).sum(axis=1))])
    return sparse.csr_matrix((np.ones(int(found.sum()), dtype=np.float64), position[found], indptr), shape=(len(terms), len(known)))


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """How one block of counts enters a head: `kind` and `scale` as in `stance.heads.Block`; terms of fewer than
    `min_rows` rows are left out."""

    name: str
    kind: str
    min_rows: int = 2
    scale: float = 1.0


PLAN = (
    BlockPlan("words", "tfidf"),
    BlockPlan("chars", "chars", 3),
    BlockPlan("context", "tfidf", 3, 0.5),
    BlockPlan("flags", "flags", 3, 0.5),
)


def fit_blocks(counts: Mapping[str, Counts], plan: Sequence[BlockPlan]) -> tuple[Block, ...]:
    """Choose the terms of each block and weigh them (inverse document frequency by scikit-learn)."""
    return tuple(_fit_block(counts[p.name], p) for p in plan)


def _fit_block(counts: Counts, plan: BlockPlan) -> Block:
    known, rows = np.unique(counts.ids, return_counts=True)
    known = known[rows >= plan.min_rows]
    if plan.kind != "tfidf" or len(known) == 0:
        idf = np.zeros(0, dtype=np.float32) if plan.kind == "tfidf" else None
        return Block(plan.name, plan.kind, known, idf, plan.scale)
    position, found = lookup(known, counts.ids)
    matrix = sparse.csr_matrix((counts.count[found], (counts.rows[found], position[found])), shape=(counts.n_rows, len(known)))
    idf = TfidfTransformer(sublinear_tf=True).fit(matrix).idf_
    return Block(plan.name, plan.kind, known, np.round(idf, _DECIMALS).astype(np.float32), plan.scale)


def values_matrix(blocks: Sequence[Block], counts: Mapping[str, Counts]) -> sparse.csr_matrix:
    """Values of the known terms of all blocks as one matrix, shape (n_rows, n_terms): what logistic regression is fitted on."""
    columns = []
    for block in blocks:
        found = block.values(counts[block.name])
        columns.append(sparse.csr_matrix((found.value, (found.row, found.column)), shape=(found.n_rows, len(block.ids))))
    return sparse.hstack(columns, format="csr")


def fit_weights(
    matrix: sparse.csr_matrix, labels: Ints, n_labels: int, *, C: float, balanced: bool = True, sample_weight: Floats | None = None
) -> tuple[Floats, Floats]:
    """Fit a multinomial model of labels 0..n_labels-1: weights (n_terms, n_labels) and intercept (n_labels,); a label that
    never occurs gets a score so low that it is never given."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=C, solver="newton-cg", max_iter=100, class_weight="balanced" if balanced else None)
        model.fit(matrix, labels, sample_weight=sample_weight)
    weights: Floats = np.zeros((matrix.shape[1], n_labels))
    bias: Floats = np.full(n_labels, -20.0)
    if len(model.classes_) == 2:
        half = model.coef_[0] / 2, model.intercept_[0] / 2
        coefficients, intercept = np.vstack([-half[0], half[0]]), np.array([-half[1], half[1]])
    else:
        coefficients, intercept = model.coef_, model.intercept_
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = intercept
    return weights.round(_DECIMALS), bias.round(_DECIMALS)


def fit_binary(matrix: sparse.csr_matrix, labels: NDArray[np.bool_], *, C: float, balanced: bool = True) -> tuple[Floats, float]:
    """Fit one yes/no model: weights (n_terms,) and intercept; a label without positives or negatives gets a constant."""
    positives = int(labels.sum())
    if positives == 0 or positives == len(labels):
        return np.zeros(matrix.shape[1]), -20.0 if positives == 0 else 20.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=C, solver="newton-cg", max_iter=100, class_weight="balanced" if balanced else None).fit(
            matrix, labels
        )
    return np.round(model.coef_[0], _DECIMALS), float(np.round(model.intercept_[0], _DECIMALS))
