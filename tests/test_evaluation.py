"""Figures, beside those of scikit-learn or worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score

from stance.codebook import Codebook
from stance.evaluation import (
    AttributionTally,
    calibration_error,
    chance_calibration_error,
    confusion,
    f1_of,
    f1_scores,
    macro_f1,
    micro_f1,
    tally_article,
    with_interval,
)
from stance.labels.format import LabelledDocument, read_labels
from stance.tagger import given_statements

classes = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30)
flags = st.lists(st.tuples(*[st.booleans()] * 6), min_size=1, max_size=20)


@given(classes)
def test_classes(pairs: list[tuple[int, int]]) -> None:
    gold, given_ = np.array(pairs).T
    wanted = f1_score(gold, given_, labels=[0, 1, 2], average="macro", zero_division=0)
    assert np.isclose(macro_f1(gold, given_, 3), wanted)
    assert np.array_equal(confusion(gold, given_, 3), confusion_matrix(gold, given_, labels=[0, 1, 2]))


@given(flags)
def test_independent_labels(rows: list[tuple[bool, ...]]) -> None:
    table = np.array(rows)
    gold, given_ = table[:, :3], table[:, 3:]
    np.testing.assert_allclose(f1_scores(gold, given_), f1_score(gold, given_, average=None, zero_division=0))
    assert np.isclose(micro_f1(gold, given_), f1_score(gold, given_, average="micro", zero_division=0))


def test_intervals_are_of_articles() -> None:
    rows = np.array([1.0] * 50 + [0.0] * 50)
    by_article = with_interval(lambda r: float(rows[r].mean()), np.repeat([0, 1], 50))
    by_row = with_interval(lambda r: float(rows[r].mean()), np.arange(100))
    assert by_article.value == by_row.value == 0.5
    assert (by_article.low, by_article.high) == (0.0, 1.0), "two articles say little, however long they are"
    assert 0.35 < by_row.low < 0.45 < 0.55 < by_row.high < 0.65
    assert with_interval(lambda r: float(rows[r].mean()), np.arange(100)) == by_row, "the same at every run"


def test_calibration_by_hand() -> None:
    assert calibration_error(np.array([0.85] * 20), np.array([True] * 17 + [False] * 3)) == pytest.approx(0)
    assert calibration_error(np.array([0.95] * 10), np.array([True] * 5 + [False] * 5)) == pytest.approx(0.45)
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0
    assert 0.01 < chance_calibration_error(np.full(100, 0.8)) < 0.08


@pytest.fixture(scope="module")
def articles(root: Path) -> list[LabelledDocument]:
    return read_labels(root / "labels" / "seeds.jsonl")


def test_labels_as_answers_are_all_right(articles: list[LabelledDocument], codebook: Codebook) -> None:
    for article in articles:
        stances = [str(s.stance) for s in article.statements]
        tally = dict(
            zip(AttributionTally.COLUMNS, tally_article(article, list(given_statements(article)), codebook, stances), strict=True)
        )
        assert tally["gold"] == tally["given"] == tally["right"] == tally["found"] == tally["right_stance"]
        assert tally["resolved"] == tally["named"]
        assert tally["intruded"] == 0
        assert f1_of(tally) == 1


def test_wrong_answers_are_counted(articles: list[LabelledDocument], codebook: Codebook) -> None:
    article = articles[0]
    right = list(given_statements(article))
    attributed = [i for i, s in enumerate(right) if s.speaker_status == "named"]
    narrated = [i for i, s in enumerate(right) if s.speaker_status == "narrator"]
    wrong = list(right)
    wrong[attributed[0]] = replace(right[attributed[0]], speaker="Somebody Else")
    wrong[narrated[0]] = replace(right[narrated[0]], speaker="Somebody Else", speaker_status="named")
    before, after = (dict(zip(AttributionTally.COLUMNS, tally_article(article, s, codebook), strict=True)) for s in (right, wrong))
    assert after["right"] == before["right"] - 1
    assert after["named"] == before["named"] - 1
    assert after["given"] == before["given"] + 1
    assert after["intruded"] == 1
    assert f1_of(after) < 1


def test_a_figure_is_of_the_summed_columns() -> None:
    tally = AttributionTally([np.array([1, 1, 1, 1, 0, 0, 0, 0, 0]), np.array([3, 3, 0, 0, 0, 0, 0, 0, 0])])
    assert tally.figure(f1_of).value == 0.25
