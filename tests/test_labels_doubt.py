"""Labels in doubt, and wordings that recur."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_labels_format import parse, record

from stance.codebook import Codebook
from stance.errors import LabelError
from stance.labels.doubt import doubts, read_predictions
from stance.labels.repetition import repeated_grams, twins


def _prediction(doc_id: str, against: float, legality: float) -> dict[str, Any]:
    scores = {"favor": round(1 - against, 4), "against": against, "neutral": 0.0}
    return {"doc_id": doc_id, "sentence": 1, "start": 12, "end": 37, "stance_scores": scores, "frame_probs": {"legality": legality}}


def test_what_predictions_contradict_comes_first(tmp_path: Path) -> None:
    base = record()["statements"][1]
    favor = {**base, "stance": "favor", "frames": []}
    documents = [parse(doc_id=str(n), complete=False, statements=[s]) for n, s in enumerate([base, base, favor, favor, favor])]
    lines = [_prediction("0", 0.9, 0.9), _prediction("1", 0.05, 0.1), _prediction("2", 0.1, 0.1), _prediction("3", 0.1, 0.1)]
    file = tmp_path / "a.oof.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = doubts(documents, read_predictions(file))
    assert [(d.doc_id, d.head, d.labelled, d.predicted) for d in found] == [
        ("1", "stance", "against", "favor"),
        ("1", "legality", "yes", "no"),
    ]
    assert found[0].margin == pytest.approx(0.9)
    assert found[0].text == "Ankara called it illegal."


def test_predictions_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no such file"):
        read_predictions(tmp_path / "nowhere")
    (tmp_path / "a.jsonl").write_text('{"doc_id": "x"}\n')
    with pytest.raises(LabelError, match=r"a\.jsonl:1: not a prediction"):
        read_predictions(tmp_path / "a.jsonl")


def test_templates_are_found(codebook: Codebook) -> None:
    template = "nobody here wants to wait any longer for this"
    texts = [f"It was day {n}.\n\nMen number{n} said {template}." for n in range(3)]
    documents = [parse(doc_id=str(n), text=t, complete=False, statements=[]) for n, t in enumerate(texts)]
    grams = dict(repeated_grams(documents, codebook))
    assert grams["nobody here wants to wait any"] == 3
    assert repeated_grams(documents[:2], codebook) == [], "two articles may share a wording"


def test_twins_of_other_splits_are_found() -> None:
    text = "Kurds vote\n\nAnkara called the whole vote illegal and void today. Polls closed at six."
    one = {**record()["statements"][1], "end": 64}
    train, test, same = (
        parse(doc_id=split, text=text, split=split.split("-")[0], statements=[one]) for split in ("train", "test", "train-2")
    )
    (twin,) = twins([train, test])
    assert (twin.one, twin.other, twin.similarity) == ("train:12", "test:12", 1.0)
    assert twins([train, same]) == []
