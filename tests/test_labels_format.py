"""Labelled documents, read and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import LabelError
from stance.labels.format import LabelledDocument, parse_document, read_labels, to_record, write_labels
from stance.records import Span

ROOT = Path(__file__).parents[1]
FILES = sorted(f.name for f in (ROOT / "labels").glob("*.jsonl"))
TEXT = "Kurds vote\n\nAnkara called it illegal. Polls closed at six."


def record(**changes: object) -> dict[str, object]:
    """A small labelled document without a fault."""
    statements = [
        {"sentence": 0, "start": 0, "end": 10, "speaker": None, "speaker_status": "narrator", "stance": "neutral", "frames": []},
        {
            **{"sentence": 1, "start": 12, "end": 37, "quote": "indirect", "mode": "speech"},
            "cue": {"text": "called", "start": 19, "end": 25},
            "content": [{"start": 26, "end": 36}],
            **{"speaker": "Turkey", "speaker_status": "named", "mention": {"text": "Ankara", "start": 12, "end": 18}},
            **{"actor": "Turkey", "stance": "against", "ground": "judgement", "basis": "explicit", "on_target": True},
            **{"frames": ["legality"], "interference": False, "evidence": [{"for": "legality", "start": 29, "end": 36}]},
            **{"annotator": {"id": "me", "kind": "human"}, "made": "blind"},
        },
        {
            "sentence": 2,
            "start": 38,
            "end": 58,
            "speaker": None,
            "speaker_status": "narrator",
            "stance": "neutral",
            "frames": ["mandate"],
        },
    ]
    return {
        **{"doc_id": "d-1", "text": TEXT, "title": [0, 10], "date": "2017-09-26", "outlet": "agency wire", "genre": "news"},
        **{"origin": "written", "follows": None, "target": "kurdistan-2017", "codebook": 1, "split": "train", "complete": True},
        "sentences": [[0, 10, "title"], [12, 37, "body"], [38, 58, "body"]],
        "statements": statements,
        **changes,
    }


def parse(**changes: object) -> LabelledDocument:
    return parse_document(json.dumps(record(**changes)), where="labels/a.jsonl:7")


@pytest.mark.parametrize("name", FILES)
def test_every_line_of_the_labels_survives_a_round_trip(root: Path, name: str) -> None:
    lines = (root / "labels" / name).read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    assert records
    for number, (line, wanted) in enumerate(zip(lines, records, strict=False), start=1):
        if name.startswith("pairs"):
            continue
        again = to_record(parse_document(line, where=f"{name}:{number}"))
        assert again == wanted
        assert json.dumps(again, ensure_ascii=False) == line, "the order of the fields too"


def test_fields() -> None:
    labelled = parse()
    statement = labelled.statements[1]
    assert labelled.document.title == Span(0, 10)
    assert (labelled.split, labelled.source) == ("train", "labels/a.jsonl:7")
    assert statement.key == (1, "Turkey", 12)
    assert statement.span == Span(12, 37)
    assert statement.content == (Span(26, 36),)
    assert statement.evidence == (("legality", Span(29, 36)),)
    assert TEXT[slice(*statement.cue)] == "called"


def test_a_field_that_is_absent_is_unlabelled() -> None:
    entry = {k: v for k, v in record()["statements"][1].items() if k not in ("stance", "frames", "on_target", "annotator", "made")}
    labelled = parse(statements=[entry])
    (statement,) = labelled.statements
    assert (statement.stance, statement.frames, statement.on_target, statement.annotator) == (None, None, None, None)
    assert not {"stance", "frames", "on_target", "annotator", "made"} & set(to_record(labelled)["statements"][0])


def test_no_frames_are_not_unlabelled_frames() -> None:
    assert parse().statements[0].frames == ()
    assert to_record(parse())["statements"][0]["frames"] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object, found list"),
        ("{}", "field 'doc_id' is missing"),
        (json.dumps({k: v for k, v in record().items() if k != "statements"}), "field 'statements' is missing"),
        (json.dumps(record(sentences=[[0, 10]])), "wrong form"),
        (json.dumps(record(sentences=[["a", 10, "body"]])), "wrong form"),
        (json.dumps(record(title=[0])), "wrong form"),
        (json.dumps(record(statements=[{"sentence": 0}])), "field 'start' is missing"),
        (json.dumps(record(statements=None)), "wrong form"),
    ],
)
def test_what_is_no_labelled_document(line: str, words: str) -> None:
    with pytest.raises(LabelError, match=r"^labels/a\.jsonl:7: ") as caught:
        parse_document(line, where="labels/a.jsonl:7")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.xfail(strict=True, reason="parse_document takes any text; the checker or training breaks on it later")
@pytest.mark.parametrize("changes", [{"text": None}, {"text": 5}], ids=["text null", "text a number"])
def test_a_text_that_is_none(changes: dict[str, object]) -> None:
    with pytest.raises(LabelError):
        parse(**changes)


@pytest.mark.xfail(strict=True, raises=(ValueError, RecursionError), reason="parse_document expects JSONDecodeError only")
@pytest.mark.parametrize("line", ['{"n": ' + "9" * 5000 + "}", "[" * 50_000], ids=["5,000 digits", "50,000 brackets"])
def test_odd_json(line: str) -> None:
    with pytest.raises(LabelError):
        parse_document(line, where="x:1")


def test_reading_a_folder(tmp_path: Path) -> None:
    for name, ids in (("b.jsonl", ["3"]), ("a.jsonl", ["1", "2"]), ("pairs.jsonl", ["4"]), ("c.txt", ["5"])):
        (tmp_path / name).write_text("".join(json.dumps(record(doc_id=i)) + "\n\n" for i in ids))
    found = read_labels(tmp_path)
    assert [d.document.doc_id for d in found] == ["1", "2", "3"]
    assert [d.source for d in found] == [f"{tmp_path / 'a.jsonl'}:1", f"{tmp_path / 'a.jsonl'}:3", f"{tmp_path / 'b.jsonl'}:1"]
    assert [d.document.doc_id for d in read_labels(tmp_path / "b.jsonl")] == ["3"]


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no such file or folder"):
        read_labels(tmp_path / "nowhere")
    with pytest.raises(LabelError, match="holds no labelled document"):
        read_labels(tmp_path)


def test_line_separators_of_unicode_part_no_lines(tmp_path: Path) -> None:
    text = TEXT.replace("Polls", "\u2028\u0085s")
    write_labels([parse(text=text)], tmp_path / "a.jsonl")
    assert [d.document.text for d in read_labels(tmp_path)] == [text]


def test_writing(tmp_path: Path) -> None:
    assert write_labels([parse(), parse(doc_id="d-2")], tmp_path / "a.jsonl") == 2
    assert [to_record(d) for d in read_labels(tmp_path)] == [to_record(parse()), to_record(parse(doc_id="d-2"))]
    assert [f.name for f in tmp_path.iterdir()] == ["a.jsonl"]
