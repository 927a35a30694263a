"""Our classifier on rows of text: the project's featuriser and fitting, nothing else.

Enters: texts, and for each a weight a label. Leaves: counted terms, a `Setting`'s blocks, and a `stance.heads.Head`. Blocks:
`words` (1- and 2-grams) and `chars` (2- to 5-grams inside words) as in `stance.views`, with nothing masked, for these sets name
no speaker; for tweets `tags` too, hashtags and handles in a name space of their own. No context block: rows come without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.features import Counts, Masked, char_terms, combine, count_terms, word_terms
from stance.heads import Floats, Head
from stance.text import Ids, Ints, hash_words, tokenize
from stance.training.fitting import BlockPlan, fit_binary, fit_blocks, fit_weights, values_matrix


@dataclass(frozen=True)
class Setting:
    """What the inner cross-validation chooses.

    `chars`: how a block of character n-grams is scaled ("tfidf" or "chars", see `stance.heads.Block`), "" for none; `tags`:
    scale of the block of hashtags and handles, 0 for none; `labels`: how annotators' votes become weights (gwsd);
    `form`: one model a target or shared (semeval).
    """

    C: float = 1.0
    word_rows: int = 1
    chars: str = "tfidf"
    char_rows: int = 2
    char_scale: float = 1.0
    tags: float = 0.0
    balanced: bool = True
    labels: str = ""
    form: str = ""

    def plan(self, prefix: str = "") -> tuple[BlockPlan, ...]:
        """Return the blocks, their names after `prefix`."""
        blocks = [BlockPlan(prefix + "words", "tfidf", self.word_rows)]
        if self.chars:
            blocks.append(BlockPlan(prefix + "chars", self.chars, self.char_rows, self.char_scale))
        if self.tags:
            blocks.append(BlockPlan(prefix + "tags", "tfidf", 2, self.tags))
        return tuple(blocks)


def look(texts: Sequence[str]) -> Masked:
    """Tokenise texts into the view that terms are counted in; nothing is masked."""
    rows, ids, words = [], [], []
    for row, text in enumerate(texts):
        tokens = tokenize(text)
        rows.append(np.full(len(tokens), row, dtype=np.int64))
        ids.append(tokens.id)
        words += tokens.folded
    return Masked(np.concatenate(rows), np.concatenate(ids), np.arange(len(words)), words, len(texts))


def tag_terms(view: Masked, prefix: str) -> tuple[Ints, Ids]:
    """Return (row, id) of the hashtags and handles of each row, name space `<prefix>tag`."""
    after = np.flatnonzero(np.isin(view.id[:-1], hash_words(["#", "@"])) & (view.row[1:] == view.row[:-1])) + 1
    return view.row[after], combine(prefix + "tag", view.id[after])


_TERMS = {"words": word_terms, "chars": char_terms, "tags": tag_terms}


def count(view: Masked, blocks: Sequence[str]) -> dict[str, Counts]:
    """Count the terms of the blocks named."""
    return {name: count_terms(*_TERMS[name](view, "s"), view.n_rows) for name in blocks}


def count_within(view: Masked, blocks: Sequence[str], name_space: Ids) -> dict[str, Counts]:
    """Count the terms of blocks `target <name>`, each combined with its row's `name_space` (n_rows,): unlike ids never meet."""
    result = {}
    for name in blocks:
        rows, ids = _TERMS[name](view, "s")
        result[f"target {name}"] = count_terms(rows, combine("target", ids, name_space[rows]), view.n_rows)
    return result


def one_hot(labels: Ints, n_labels: int) -> Floats:
    """Weights that say a label is certain, shape (n_rows, n_labels)."""
    return np.eye(n_labels)[labels]


def balance(weights: Floats, groups: Ints) -> Floats:
    """Scale weights so that within each group all its labels weigh the same; `groups` (n_rows,) numbers each row's."""
    result = np.zeros_like(weights)
    for group in np.unique(groups):
        inside = groups == group
        total = weights[inside].sum(axis=0)
        result[inside] = weights[inside] * (total.sum() / np.maximum(total, 1e-12) / (total > 0).sum())
    return result


def fit_soft(counts: dict[str, Counts], plan: Sequence[BlockPlan], weights: Floats, C: float) -> Head:
    """Fit a model of exclusive labels; a row stands once for each label that has a weight, shape (n_rows, n_labels)."""
    blocks = fit_blocks(counts, plan)
    row, label = np.nonzero(weights)
    weight = weights[row, label] * (len(weights) / weights.sum())
    matrix = values_matrix(blocks, counts)[row]
    table, bias = fit_weights(matrix, label, weights.shape[1], C=C, balanced=False, sample_weight=weight)
    names = tuple(map(str, range(weights.shape[1])))
    return Head("benchmark", names, blocks, table.astype(np.float32), bias)


def fit_independent(counts: dict[str, Counts], plan: Sequence[BlockPlan], labels: Ints, C: float, *, balanced: bool) -> Head:
    """Fit one yes/no model a column of `labels` (n_rows, n_labels)."""
    blocks = fit_blocks(counts, plan)
    matrix = values_matrix(blocks, counts)
    fitted = [fit_binary(matrix, column > 0, C=C, balanced=balanced) for column in labels.T]
    table = np.stack([weights for weights, _ in fitted], axis=1).astype(np.float32)
    names = tuple(map(str, range(labels.shape[1])))
    return Head("benchmark", names, blocks, table, np.array([bias for _, bias in fitted]), independent=True)


def take(counts: dict[str, Counts], plan: Sequence[BlockPlan], rows: Ints) -> dict[str, Counts]:
    """Return the counts of the blocks planned, for the given rows."""
    return {p.name: counts[p.name].take(rows) for p in plan}
