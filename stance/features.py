"""The one featuriser: from token ids to counted terms, in numpy, for training and for serving.

A *term* is a 64-bit id; which words, n-gram and name space it stands for is fixed by the arithmetic:

    combine(a, b, …; space) = mix(… mix(mix(space + a) * Q + b) …)

so that terms of different name spaces never meet but by a hash collision, which training detects.
scikit-learn only ever sees the matrix of counts; serving multiplies the same counts by saved weights.

Word n-grams: `w` (1-grams) and `b` (2-grams) over the masked token sequence. Character n-grams of 2 to 5
characters live inside one word (with a boundary mark on both sides) and are computed once per distinct
word of a batch, then repeated for each of its occurrences; masked tokens have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.text import Ids, Ints, hash_words, mix

FORMAT = 1  # raised whenever a term's id or a count changes: old models then refuse to load
_Q = np.uint64(0xD1342543DE82EF95)


@cache
def space(name: str) -> np.uint64:
    """Return the 64-bit id of a name space, or of a mask such as "ACTOR"."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return np.uint64(mix(np.array([value], dtype=np.uint64))[0])


def combine(name: str, *parts: NDArray[np.generic]) -> Ids:
    """Return the ids of terms made of `parts` (arrays of equal or broadcastable shape) in name space `name`."""
    out: Ids = np.array([space(name)], dtype=np.uint64)  # an array: numpy warns of overflow in scalars
    for part in parts:
        out = mix(out * _Q + part.astype(np.uint64))
    return out


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted terms of rows: row `i` holds `ids[indptr[i]:indptr[i + 1]]`, each `count` times.

    `ids` (n,) uint64, ascending within a row; `count` (n,) float64; `indptr` (n_rows + 1,) int64.
    """

    indptr: Ints
    ids: Ids
    count: NDArray[np.float64]

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def rows(self) -> Ints:
        """Row of each entry, shape (n,)."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.indptr))

    def take(self, rows: Ints) -> Counts:
        """Return the given rows, in that order."""
        lengths = np.diff(self.indptr)[rows]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.arange(indptr[-1]) - np.repeat(indptr[:-1], lengths) + np.repeat(self.indptr[rows], lengths)
        return Counts(indptr, self.ids[at], self.count[at])


def count_terms(rows: Ints, ids: Ids, n_rows: int) -> Counts:
    """Count equal ids within each row; `rows` and `ids` are parallel, in any order."""
    order = np.lexsort((ids, rows))
    rows, ids = rows[order], ids[order]
    if len(ids) == 0:
        return Counts(np.zeros(n_rows + 1, dtype=np.int64), ids, np.zeros(0))
    new = np.concatenate([[True], (ids[1:] != ids[:-1]) | (rows[1:] != rows[:-1])])
    at = np.flatnonzero(new)
    count = np.diff(np.concatenate([at, [len(ids)]])).astype(np.float64)
    indptr = np.searchsorted(rows[at], np.arange(n_rows + 1)).astype(np.int64)
    return Counts(indptr, ids[at], count)


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked token sequence for each of a batch of rows, concatenated.

    `row` (n,) ascending; `id` (n,) folded-token ids, masks included; `token` (n,) index of the token in
    `words`, or -1 for a mask, whose spelling is nobody's business.
    """

    row: Ints
    id: Ids
    token: Ints
    words: Sequence[str]
    n_rows: int


def word_terms(view: Masked, prefix: str) -> tuple[Ints, Ids]:
    """Return (row, id) of the 1-grams and 2-grams of each row, in name spaces `<prefix>w` and `<prefix>b`."""
    unigrams = combine(prefix + "w", view.id)
    pair = np.flatnonzero(view.row[1:] == view.row[:-1])
    bigrams = combine(prefix + "b", view.id[pair], view.id[pair + 1])
    return np.concatenate([view.row, view.row[pair]]), np.concatenate([unigrams, bigrams])


def char_terms(view: Masked, prefix: str) -> tuple[Ints, Ids]:
    """Return (row, id) of the character 2- to 5-grams inside the words of each row, name space `<prefix>c`."""
    plain = np.flatnonzero(view.token >= 0)
    if len(plain) == 0:
        return plain, plain.astype(np.uint64)
    _, first, inverse = np.unique(view.id[plain], return_index=True, return_inverse=True)
    indptr, grams = _grams_of_words([view.words[t] for t in view.token[plain[first]].tolist()])
    lengths = np.diff(indptr)[inverse]
    total = int(lengths.sum())
    at = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(indptr[:-1][inverse], lengths)
    return np.repeat(view.row[plain], lengths), combine(prefix + "c", grams[at])


def _grams_of_words(words: list[str]) -> tuple[Ints, Ids]:
    """Ids of the n-grams (2 to 5) of each word between boundary marks: (n_words + 1,) bounds, (n,) ids."""
    text = "".join(f"<{w}>" for w in words)
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(w) + 2 for w in words], dtype=np.int64)
    ends = np.cumsum(lengths)
    word = np.repeat(np.arange(len(words)), lengths)
    stop = ends[word]
    position = np.arange(len(codes))
    owners, ids = [], []
    gram = codes
    for n in range(2, 6):
        gram = mix(gram[:-1] * _Q + codes[n - 1 :])
        inside = np.flatnonzero(position[: len(gram)] + n <= stop[: len(gram)])
        owners.append(word[inside])
        ids.append(gram[inside])
    owner, grams = np.concatenate(owners), np.concatenate(ids)
    order = np.argsort(owner, kind="stable")
    return np.searchsorted(owner[order], np.arange(len(words) + 1)).astype(np.int64), grams[order]


def flag_terms(name: str, values: Sequence[str]) -> tuple[Ints, Ids]:
    """Return (row, id) of one categorical term a row, name space `name`; an empty value gives none."""
    rows = np.array([i for i, v in enumerate(values) if v], dtype=np.int64)
    present = [v for v in values if v]
    if not present:
        return rows, np.zeros(0, dtype=np.uint64)
    distinct = sorted(set(present))
    table = np.array([space(f"{name}={v}") for v in distinct], dtype=np.uint64)
    index = {v: i for i, v in enumerate(distinct)}
    return rows, combine(name, table[[index[v] for v in present]])


def ids_of(words: Sequence[str]) -> Ids:
    """Return the folded-token ids of single-token words (for word lists)."""
    return hash_words(list(words)) if words else np.zeros(0, dtype=np.uint64)


def is_in(ids: Ids, words: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of each token id whether it is one of `words`."""
    return np.isin(ids, ids_of(words))
