"""What is exported and imported again is the same, to the letter; what was edited in between is changed, and only that."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from convert_cases import CODEBOOK, load, records, said
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from stance.labels.check import check
from stance.labels.convert.formats import FRAME_STYLES, detect, export_labels, import_labels
from stance.labels.convert.source import NOTICE, Options
from stance.labels.format import LabelledDocument, parse_document, read_labels, to_record

FORMATS = {
    "doccano": "jsonl",
    "doccano-csv": "csv",
    "labelstudio": "json",
    "labelstudio-min": "json",
    "prodigy": "jsonl",
    "csv": "csv",
}
JSON_FORMATS = ("doccano", "labelstudio", "labelstudio-min", "prodigy")


def export(documents: list[LabelledDocument], to: str, folder: Path, *, frames: str = "|", plain: bool = False) -> Path:
    path = folder / f"export.{FORMATS[to]}"
    text = export_labels(documents, to, frame_ids=CODEBOOK.frame_ids, frames=frames, plain=plain)
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.fixture(scope="module")
def some(root: Path) -> list[LabelledDocument]:
    """Articles, single statements and seeds of the labelled set."""
    return [d for name in ("articles", "statements", "seeds") for d in read_labels(root / "labels" / f"{name}.jsonl")[:15]]


@pytest.mark.parametrize("to", FORMATS)
def test_our_labels_come_back_as_they_went(to: str, some: list[LabelledDocument], tmp_path: Path) -> None:
    imported = import_labels([export(some, to, tmp_path)], Options(CODEBOOK))
    assert records(imported) == [to_record(d) for d in some]
    assert not imported.passed


@pytest.mark.parametrize("style", FRAME_STYLES)
def test_frames_come_back_in_every_style(style: str, some: list[LabelledDocument], tmp_path: Path) -> None:
    assert records(load(export(some, "csv", tmp_path, frames=style))) == [to_record(d) for d in some]


@st.composite
def documents(draw: st.DrawFn) -> LabelledDocument:
    text = draw(texts.filter(lambda t: bool(t.strip())))
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda s: s[0] < s[1])
    spanned = st.none() | spans.map(lambda s: {"start": s[0], "end": s[1]})

    def statement() -> dict[str, Any]:
        start, end = draw(spans)
        return {
            "sentence": 0,
            "start": start,
            "end": end,
            "speaker": draw(st.none() | st.text(min_size=1, max_size=5)),
            "speaker_status": draw(st.sampled_from([None, "named", "narrator"])),
            "cue": draw(spanned),
            "mention": draw(spanned),
            "content": [{"start": s, "end": e} for s, e in draw(st.lists(spans, max_size=2))],
            "stance": draw(st.sampled_from([None, *CODEBOOK.stances])),
            "frames": draw(st.none() | st.lists(st.sampled_from(CODEBOOK.frame_ids), unique=True, max_size=3)),
            "annotator": draw(st.sampled_from([None, {"id": "a", "kind": "machine"}])),
        }

    record = {"doc_id": "d", "text": text, "origin": "written", "sentences": [[0, len(text), "body"]]}
    record["statements"] = [statement() for _ in range(draw(st.integers(0, 3)))]
    return parse_document(json.dumps(record), where="drawn")


@given(document=documents(), to=st.sampled_from(sorted(FORMATS)), style=st.sampled_from(FRAME_STYLES))
def test_anything_comes_back(document: LabelledDocument, to: str, style: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = export([document], to, tmp_path_factory.mktemp("trip"), frames=style)
    kind = to.removesuffix("-csv").removesuffix("-min")
    assert records(load(path, kind=kind)) == [to_record(document)]


@pytest.mark.parametrize(
    "name", ["doccano-spans.jsonl", "labelstudio.json", "labelstudio-min.json", "prodigy.jsonl", "flat-pipe.csv"]
)
@pytest.mark.parametrize("to", FORMATS)
def test_labels_of_others_come_back_too(name: str, to: str, tmp_path: Path) -> None:
    first = load(name)
    assert records(load(export(first.documents, to, tmp_path))) == records(first)
    assert not check(first.documents, CODEBOOK)


@pytest.mark.parametrize("style", FRAME_STYLES)
def test_a_plain_flat_table_keeps_its_fields(style: str, tmp_path: Path) -> None:
    first = load("flat-pipe.csv")
    again = load(export(first.documents, "csv", tmp_path, frames=style, plain=True))
    assert [said(d) for d in again.documents] == [said(d) for d in first.documents]
    assert [s.speaker for d in again.documents for s in d.statements] == [s.speaker for d in first.documents for s in d.statements]


@pytest.mark.parametrize("to", [*FORMATS, "sheet"])
def test_exports_say_that_quotations_are_invented(to: str) -> None:
    first, second = load("answers.jsonl", documents=[str(Path(__file__).parent / "cases/convert/article.jsonl")]).documents
    assert NOTICE in export_labels([first], to, frame_ids=CODEBOOK.frame_ids, plain=True)
    assert NOTICE not in export_labels([second], to, frame_ids=CODEBOOK.frame_ids, plain=True)


@pytest.mark.parametrize("to", JSON_FORMATS)
def test_detection(to: str, tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents, to, tmp_path)
    assert detect(path) == to.removesuffix("-min")


def edit_doccano(path: Path, change: dict[str, str | None]) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for line in lines:
        line["label"] = [[s, e, change.get(label, label)] for s, e, label in line["label"] if change.get(label, label)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_a_changed_stance_takes_its_ground_along_and_nothing_else(tmp_path: Path) -> None:
    article = str(Path(__file__).parent / "cases/convert/article.jsonl")
    before = load("answers.jsonl", documents=[article], annotator="ann").documents
    path = export(before, "doccano", tmp_path)
    edit_doccano(path, {"against": "favor"})
    after = load(path, annotator="bo").documents
    old, new = before[0].statements[0], after[0].statements[0]
    assert (new.stance, new.ground, new.basis, new.made) == ("favor", None, None, "corrected")
    assert new.annotator == {"id": "bo", "kind": "human"}
    assert (new.speaker, new.frames, new.cue, new.mention, new.content) == (
        old.speaker,
        old.frames,
        old.cue,
        old.mention,
        old.content,
    )
    assert to_record(after[1]) == to_record(before[1])
    assert after[0].statements[1] == before[0].statements[1]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"legality": "unity"}, ("against", ("unity",))),
        ({"legality": None}, ("against", ())),
        ({"against": None}, (None, ("legality",))),
    ],
)
def test_frames_and_stances_change_alone(change: dict[str, str | None], expected: tuple[Any, ...], tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents[:1], "doccano", tmp_path)
    edit_doccano(path, change)
    (statement,) = load(path).documents[0].statements
    assert (statement.stance, statement.frames) == expected
    assert statement.annotator is None


def test_a_statement_without_labels_is_gone_and_a_new_one_is_there(tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents[:1], "doccano", tmp_path)
    line = json.loads(path.read_text(encoding="utf-8"))
    line["label"] = [m for m in line["label"] if m[2] not in ("against", "legality")] + [[0, 25, "neutral"]]
    path.write_text(json.dumps(line), encoding="utf-8")
    document = load(path).documents[0]
    assert said(document) == [("Parliament met on Friday.", "neutral", ())]


def test_a_moved_cue_goes_to_its_statement(tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents[:1], "doccano", tmp_path)
    line = json.loads(path.read_text(encoding="utf-8"))
    line["label"] = [[27, 30, "cue"] if m[2] == "cue" else m for m in line["label"]]
    path.write_text(json.dumps(line), encoding="utf-8")
    (statement,) = load(path).documents[0].statements
    assert statement.cue == (27, 30)
    assert statement.made == "corrected"


def test_model_labels_that_somebody_looked_at_get_an_annotator(tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents, "labelstudio", tmp_path)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    assert [t["annotations"] for t in tasks] == [[], []]
    tasks[0]["annotations"] = [{"id": 1, "completed_by": 3, "was_cancelled": False, "result": tasks[0]["predictions"][0]["result"]}]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    looked, untouched = load(path).documents
    assert [s.annotator for s in looked.statements] == [{"id": "labelstudio-3", "kind": "human"}]
    assert [s.annotator for s in untouched.statements] == [None]


def test_a_text_that_changed_is_labelled_by_its_marks_alone(tmp_path: Path) -> None:
    path = export(load("doccano-spans.jsonl").documents[:1], "doccano", tmp_path)
    line = json.loads(path.read_text(encoding="utf-8"))
    line["text"] = line["text"].replace("Parliament", "parliament")
    path.write_text(json.dumps(line), encoding="utf-8")
    imported = load(path)
    assert imported.documents[0].document.text.startswith("parliament")
    assert any("changed since the export" in why for why in imported.passed)


def edit_rows(path: Path, **change: str) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[0] |= change
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stance": "neutral"}, ("neutral", ("legality", "unity"), "Haider al-Abadi")),
        ({"frames": "none"}, ("against", (), "Haider al-Abadi")),
        ({"frames": ""}, ("against", None, "Haider al-Abadi")),
        ({"speaker": "Nouri al-Maliki"}, ("against", ("legality", "unity"), "Nouri al-Maliki")),
    ],
)
def test_a_changed_row_changes_its_statement(change: dict[str, str], expected: tuple[Any, ...], tmp_path: Path) -> None:
    first = load("flat-pipe.csv")
    path = export(first.documents, "csv", tmp_path)
    edit_rows(path, **change)
    again = load(path)
    statement = again.documents[0].statements[0]
    assert (statement.stance, statement.frames, statement.speaker) == expected
    assert (statement.annotator, statement.made) == (None, "corrected")
    assert records(again)[1:] == records(first)[1:]
