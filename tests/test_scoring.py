"""Judging a model on labelled documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import stance
from stance.labels.format import LabelledDocument, read_labels
from stance.model import Model
from stance.scoring import Evaluation


@pytest.fixture(scope="module")
def articles(tiny_labels: Path) -> list[LabelledDocument]:
    return read_labels(tiny_labels)[:4]


@pytest.fixture(scope="module")
def evaluation(tiny_model: Model, articles: list[LabelledDocument]) -> Evaluation:
    return stance.evaluate(tiny_model.path, articles)


def test_what_is_reported(evaluation: Evaluation, articles: list[LabelledDocument]) -> None:
    assert evaluation.n_documents == 4
    assert evaluation.n_statements == sum(len(a.statements) for a in articles)
    assert set(evaluation.figures) >= {
        "stance macro-F1",
        "frames micro-F1",
        "(sentence, speaker) F1",
        "(sentence, speaker, stance) F1",
    }
    for figure in evaluation.figures.values():
        assert 0 <= figure.low <= figure.value <= figure.high <= 1
    assert sum(map(sum, evaluation.confusion)) == sum(n for _, n in evaluation.per_class.values())


def test_what_was_trained_on_is_known(evaluation: Evaluation) -> None:
    """Scores on the training articles themselves: a model that has learnt anything knows them."""
    assert evaluation.figures["stance macro-F1"].value > 0.8
    assert evaluation.figures["frames micro-F1"].value > 0.5


def test_only_the_split_asked_for(tiny_model: Model, articles: list[LabelledDocument]) -> None:
    some = [replace(a, header={**a.header, "split": "test"}) if i == 0 else a for i, a in enumerate(articles)]
    result = stance.evaluate(tiny_model.path, some, split="test")
    assert result.n_documents == 1
    assert result.left_out["other splits"] == sum(len(a.statements) for a in articles[1:])


def test_labels_that_were_prefilled_are_no_gold(tiny_model: Model, articles: list[LabelledDocument]) -> None:
    seen = replace(articles[0], statements=tuple(replace(s, made="prefilled") for s in articles[0].statements))
    result = stance.evaluate(tiny_model.path, [seen, articles[1]])
    assert result.n_documents == 1
    assert result.left_out["not blind"] == len(seen.statements)


def test_nothing_to_score(tiny_model: Model, articles: list[LabelledDocument]) -> None:
    assert stance.evaluate(tiny_model.path, articles, split="seed").n_documents == 0


def test_labels_of_another_codebook_are_refused(tiny_model: Model, articles: list[LabelledDocument]) -> None:
    other = [replace(a, header={**a.header, "codebook": 2}) for a in articles]
    with pytest.raises(stance.StanceError, match="version"):
        stance.evaluate(tiny_model.path, other)


@pytest.mark.xfail(strict=True, raises=IndexError, reason="evaluate does not check its labels")
def test_labels_that_break_a_rule_are_refused(tiny_model: Model, articles: list[LabelledDocument]) -> None:
    broken = replace(articles[0], statements=(replace(articles[0].statements[0], sentence=99),))
    with pytest.raises(stance.StanceError):
        stance.evaluate(tiny_model.path, [broken])
