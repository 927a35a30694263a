"""Linear heads: saved weights times counted terms, calibration, and each term's share. No scikit-learn.

A head is a term space (which ids are known, how a count becomes a value) and a weight matrix. The value
of a term follows its block:

- `tfidf`: (1 + ln count) * idf, rows of the block scaled to unit Euclidean length (scikit-learn's
  `TfidfTransformer(sublinear_tf=True)`);
- `chars`: count / sqrt(the row's count of n-grams in the block), so that words add up;
- `flags`: 1.

Each times the block's `scale`.

A row's score is `sum(value * weight) + intercept`, divided by the head's temperature (Guo et al. 2017),
then softmax over classes, or the logistic function for independent labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features import Counts
from stance.text import Ids, Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Known terms of rows as (row, column, value) triples, rows ascending; `at` is each one's index in the counts."""

    row: Ints
    column: Ints
    value: Floats
    n_rows: int
    at: Ints


def lookup(table: Ids, ids: Ids) -> tuple[Ints, NDArray[np.bool_]]:
    """Find `ids` in the ascending `table`: (position, found), position meaningless where not found."""
    if len(table) == 0:
        return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
    position = np.minimum(np.searchsorted(table, ids), len(table) - 1)
    return position, table[position] == ids


@dataclass(frozen=True, slots=True)
class Block:
    """Terms of one kind: ascending `ids`, and what turns counts into values."""

    name: str
    kind: str  # "tfidf", "chars" or "flags"
    ids: Ids
    idf: NDArray[np.float32] | None = None
    scale: float = 1.0

    def values(self, counts: Counts) -> Entries:
        """Turn counts into the values of known terms; columns count within the block."""
        position, found = lookup(self.ids, counts.ids)
        at = np.flatnonzero(found)
        row, column, count = counts.rows[at], position[at], counts.count[at]
        if self.kind == "tfidf":
            assert self.idf is not None
            value = (1.0 + np.log(count)) * self.idf[column]
            norm = np.sqrt(np.bincount(row, value**2, minlength=counts.n_rows))
            value = value / np.maximum(norm[row], 1e-12)
        elif self.kind == "chars":
            total = np.bincount(counts.rows, counts.count, minlength=counts.n_rows)
            value = count / np.sqrt(np.maximum(total[row], 1.0))
        else:
            value = np.ones(len(at))
        return Entries(row, column, value * self.scale, counts.n_rows, at)


@dataclass(frozen=True, slots=True)
class Head:
    """A trained linear classifier over blocks of terms.

    `weights` (n_terms, n_outputs) float32, blocks below each other; `intercept` (n_outputs,).
    `independent`: one logistic function an output (frames, yes/no), else a softmax over `labels`.
    """

    name: str
    labels: tuple[str, ...]
    blocks: tuple[Block, ...]
    weights: NDArray[np.float32]
    intercept: Floats
    temperature: float = 1.0
    independent: bool = False
    thresholds: Floats | None = None
    gate: float = 0.0

    def entries(self, counts: dict[str, Counts]) -> Entries:
        """Values of the known terms of all blocks; columns are rows of `weights`."""
        parts, offset = [], 0
        for block in self.blocks:
            found = block.values(counts[block.name])
            parts.append(Entries(found.row, found.column + offset, found.value, found.n_rows, found.at))
            offset += len(block.ids)
        return Entries(
            np.concatenate([p.row for p in parts]),
            np.concatenate([p.column for p in parts]),
            np.concatenate([p.value for p in parts]),
            parts[0].n_rows,
            np.concatenate([p.at for p in parts]),
        )

    def scores(self, counts: dict[str, Counts]) -> Floats:
        """Return uncalibrated scores, shape (n_rows, n_outputs). Summed in float64 in a fixed order a row."""
        found = self.entries(counts)
        out = np.tile(self.intercept.astype(np.float64), (found.n_rows, 1))
        for k in range(self.weights.shape[1]):
            out[:, k] += np.bincount(found.row, found.value * self.weights[found.column, k], minlength=found.n_rows)
        return out

    def probabilities(self, scores: Floats) -> Floats:
        """Turn scores into calibrated probabilities of the same shape; rows sum to 1 unless independent."""
        return logistic(scores / self.temperature) if self.independent else softmax(scores / self.temperature)

    def gated(self, scores: Floats, on_target: Floats, closed: NDArray[np.bool_] | None = None) -> Floats:
        """As `probabilities`, for the stance head: what is probably not about the target can hardly take a side on it, so the
        scores of favor and against gain `gate * ln p(on target)`, with `on_target` of shape (n_rows,)."""
        return softmax(scores / self.temperature + self.gate_shift(on_target, closed))

    def gate_shift(self, on_target: Floats, closed: NDArray[np.bool_] | None = None) -> Floats:
        """What the gate adds to the calibrated scores, shape (n_rows, n_outputs); where `closed` (n_rows,), nothing can be about
        the target, and the gate counts in full."""
        takes_side = np.array([label != "neutral" for label in self.labels], dtype=np.float64)
        strength = np.where(np.zeros(len(on_target), dtype=np.bool_) if closed is None else closed, 1.0, self.gate)
        result: Floats = (strength * np.log(np.clip(on_target, 1e-6, 1.0)))[:, None] * takes_side
        return result


def softmax(scores: Floats) -> Floats:
    """Normalise exponentials along the last axis, safe for large scores."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def logistic(scores: Floats) -> Floats:
    """1 / (1 + exp(-score)), safe for large scores."""
    result: Floats = 0.5 * (1.0 + np.tanh(0.5 * scores))
    return result


@dataclass(frozen=True, slots=True)
class Sparse:
    """A linear model over rows that all have the same number of categorical terms (no idf, no norm).

    Used where every token, cue or candidate is a row: `ids` ascending (n_terms,), `weights` (n_terms + 1,
    n_outputs), whose last row is zero and stands for unknown terms.
    """

    ids: Ids
    weights: NDArray[np.float32]
    intercept: Floats

    def scores(self, terms: Ids) -> Floats:
        """Score rows of terms, shape (n_rows, n_templates) -> (n_rows, n_outputs)."""
        position, found = lookup(self.ids, terms.ravel())
        position = np.where(found, position, len(self.ids)).reshape(terms.shape)
        out: Floats = self.weights[position].sum(axis=1, dtype=np.float64) + self.intercept
        return out

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what the model folder saves."""
        return {"ids": self.ids, "weights": self.weights, "intercept": self.intercept}
