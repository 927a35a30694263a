"""Serving: saved weights times counts gives what scikit-learn would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from stance.features import Counts, count_terms
from stance.heads import Block, Head, Sparse, logistic, lookup, softmax
from stance.model import Model
from stance.records import Document
from stance.tagger import Tagger
from stance.views import featurise, see

finite = st.floats(-50, 50)


def _counts(tagger: Tagger, documents: list[Document]) -> dict[str, Counts]:
    reads = [tagger.read(d) for d in documents]
    return featurise([(r.masked, see(r.page, s)) for r in reads for s in r.statements])


def _by_sklearn(block: Block, counts: Counts) -> sparse.csr_matrix:
    """The block's values by scikit-learn's own transformer, from a plain matrix of counts."""
    known = {int(term): column for column, term in enumerate(block.ids.tolist())}
    inside = [(r, known[i], c) for r, i, c in zip(counts.rows, counts.ids.tolist(), counts.count, strict=True) if i in known]
    rows, columns, values = zip(*inside, strict=True)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(counts.n_rows, len(block.ids)), dtype=np.float64)
    if block.kind == "tfidf":
        transformer = TfidfTransformer(sublinear_tf=True).fit(matrix)
        transformer.idf_ = block.idf.astype(np.float64)
        return transformer.transform(matrix) * block.scale
    if block.kind == "chars":
        totals = np.array([counts.count[a:b].sum() for a, b in zip(counts.indptr[:-1], counts.indptr[1:], strict=True)])
        return sparse.diags(1 / np.sqrt(np.maximum(totals, 1))) @ matrix * block.scale
    return (matrix > 0).astype(np.float64) * block.scale


def _sklearn_probabilities(head: Head, matrix: sparse.csr_matrix) -> np.ndarray:
    """`predict_proba` of a LogisticRegression that has the saved weights."""
    weights, bias = head.weights.astype(np.float64).T / head.temperature, head.intercept / head.temperature
    if not head.independent:
        model = LogisticRegression()
        model.classes_, model.coef_, model.intercept_ = np.arange(len(head.labels)), weights, bias
        return model.predict_proba(matrix)
    columns = []
    for k in range(len(head.labels)):
        model = LogisticRegression()
        model.classes_, model.coef_, model.intercept_ = np.array([0, 1]), weights[[k]], bias[[k]]
        columns.append(model.predict_proba(matrix)[:, 1])
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("name", ["stance", "ground", "on_target", "frames", "interference"])
def test_serving_equals_scikit_learn(tagger: Tagger, seed_documents: list[Document], name: str) -> None:
    counts = _counts(tagger, seed_documents)
    head = tagger.model.heads[name]
    matrix = sparse.hstack([_by_sklearn(block, counts[block.name]) for block in head.blocks], format="csr")
    given = head.probabilities(head.scores(counts))
    assert given.shape == (counts["words"].n_rows, len(head.labels))
    np.testing.assert_allclose(given, _sklearn_probabilities(head, matrix), atol=1e-6)
    assert np.ptp(given, axis=0).max() > 0.1, "the statements differ"


def test_a_row_does_not_depend_on_its_neighbours(tagger: Tagger, seed_documents: list[Document]) -> None:
    counts = _counts(tagger, seed_documents)
    head = tagger.model.heads["stance"]
    together = head.scores(counts)
    for row in (0, 7, len(together) - 1):
        alone = head.scores({name: c.take(np.array([row])) for name, c in counts.items()})
        assert np.array_equal(alone[0], together[row])


@given(arrays(float, (3, 4), elements=finite), st.floats(-5, 5))
def test_softmax(scores: np.ndarray, shift: float) -> None:
    p = softmax(scores)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_allclose(softmax(scores + shift), p, atol=1e-12)
    np.testing.assert_allclose(np.log(p[:, :1] / p), scores[:, :1] - scores, atol=1e-6)


@given(arrays(float, 5, elements=finite))
def test_logistic(scores: np.ndarray) -> None:
    np.testing.assert_allclose(logistic(scores) + logistic(-scores), 1)
    np.testing.assert_allclose(logistic(scores), softmax(np.stack([scores, 0 * scores], axis=1))[:, 0], atol=1e-12)


def test_large_scores_do_not_overflow() -> None:
    assert softmax(np.array([[1e4, 0.0, -1e4]])).tolist() == [[1.0, 0.0, 0.0]]
    assert logistic(np.array([1e4, -1e4])).tolist() == [1.0, 0.0]


@given(st.lists(st.integers(0, 30), unique=True).map(sorted), st.lists(st.integers(0, 30)))
def test_lookup(table: list[int], wanted: list[int]) -> None:
    position, found = lookup(np.array(table, dtype=np.uint64), np.array(wanted, dtype=np.uint64))
    assert found.tolist() == [w in table for w in wanted]
    assert [table[p] for p, f in zip(position, found, strict=True) if f] == [w for w in wanted if w in table]


_IDS = np.array([3, 5, 9], dtype=np.uint64)


def _few_counts() -> Counts:
    return count_terms(np.array([0, 0, 0, 0, 1]), np.array([3, 3, 5, 7, 7], dtype=np.uint64), 2)


def test_values_by_hand() -> None:
    words = Block("words", "tfidf", _IDS, np.array([2.0, 1.0, 1.0], dtype=np.float32), 0.5)
    long, short = 2 * (1 + np.log(2)), 1.0
    norm = np.hypot(long, short)
    np.testing.assert_allclose(words.values(_few_counts()).value, [0.5 * long / norm, 0.5 * short / norm])
    chars = Block("chars", "chars", _IDS)
    np.testing.assert_allclose(chars.values(_few_counts()).value, [2 / np.sqrt(4), 1 / np.sqrt(4)])  # unknown n-grams count too
    flags = Block("flags", "flags", _IDS, scale=0.3)
    assert flags.values(_few_counts()).value.tolist() == [0.3, 0.3]


def test_an_unknown_row_gets_the_intercept() -> None:
    head = Head("h", ("a", "b"), (Block("flags", "flags", _IDS),), np.ones((3, 2), dtype=np.float32), np.array([0.5, -0.5]))
    scores = head.scores({"flags": _few_counts()})
    assert scores.tolist() == [[2.5, 1.5], [0.5, -0.5]]


def test_the_gate_holds_back_both_sides() -> None:
    head = Head("stance", ("favor", "against", "neutral"), (), np.zeros((0, 3), dtype=np.float32), np.zeros(3), gate=1.0)
    scores = np.array([[1.0, 2.0, 0.5]] * 2)
    gated = head.gated(scores, np.array([1.0, 0.1]))
    np.testing.assert_allclose(gated[0], softmax(scores)[0])
    assert gated[1, 2] > gated[0, 2]
    np.testing.assert_allclose(gated[1, 0] / gated[1, 1], gated[0, 0] / gated[0, 1])
    np.testing.assert_allclose(gated.sum(axis=1), 1)


def test_temperature_keeps_the_order() -> None:
    head = Head("h", ("a", "b", "c"), (), np.zeros((0, 3), dtype=np.float32), np.zeros(3), temperature=3.0)
    scores = np.array([[3.0, 1.0, 0.0]])
    assert head.probabilities(scores)[0, 0] < softmax(scores)[0, 0]
    assert head.probabilities(scores).argmax() == 0


def test_sparse_models_add_the_weights_of_known_terms() -> None:
    model = Sparse(_IDS, np.array([[1.0], [10.0], [100.0], [0.0]], dtype=np.float32), np.array([0.25]))
    assert model.scores(np.array([[3, 5], [9, 4], [1, 2]], dtype=np.uint64)).tolist() == [[11.25], [100.25], [0.25]]


def test_unseen_blocks_are_left_out(tiny_model: Model) -> None:
    assert [b.name for b in tiny_model.heads["stance"].blocks] == ["words", "context", "flags"]
