"""The quirks of doccano, Label Studio and Prodigy, by fixtures after their documented layouts."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from convert_cases import load, only, records, rewritten, said, words

from stance.errors import LabelError

LINES = [
    "doccano-spans.jsonl",
    "doccano-entities.jsonl",
    "doccano-classes.csv",
    "labelstudio.json",
    "labelstudio-min.json",
    "prodigy.jsonl",
]


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize(("breaks", "mark"), [("\r\n", b""), ("\n", codecs.BOM_UTF8), ("\r\n", codecs.BOM_UTF8)])
def test_line_breaks_and_byte_order_marks_change_nothing(name: str, breaks: str, mark: bytes, tmp_path: Path) -> None:
    assert records(load(rewritten(name, tmp_path, breaks=breaks, mark=mark))) == records(load(name))


def written(folder: Path, value: object, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


# doccano


def test_doccano_spans() -> None:
    imported = load("doccano-spans.jsonl")
    first, second = imported.documents
    assert said(first)[0][1:] == ("against", ("legality",))
    (statement,) = first.statements
    assert words(first, statement.cue) == "said"
    assert words(first, statement.mention) == "Iraqi Prime Minister Haider al-Abadi"
    assert [words(first, c) for c in statement.content] == ["The vote is illegal and void"]
    assert (statement.speaker_status, statement.annotator, statement.made) == (None, None, None)
    assert first.document.outlet == "wire"
    assert words(second, second.statements[0].cue) == "called", "behind an emoji"
    assert second.statements[0].stance == "favor", "the British spelling"
    assert any("'ORG'" in why for why in imported.passed)


def test_doccano_entities() -> None:
    document, statement = only(load("doccano-entities.jsonl"))
    assert said(document) == [('"We back the vote," he said.', "favor", None)]
    assert words(document, statement.cue) == "said"


def test_doccano_csv() -> None:
    imported = load("doccano-classes.csv", kind="doccano")
    assert [said(d)[0] for d in imported.documents] == [
        ('Baghdad called the vote "void".', "against", ("legality",)),
        ("They will vote.", "neutral", ()),
        ("It is our right.", "favor", ("mandate",)),
    ]
    assert any("'wrong'" in why for why in imported.passed)


def test_doccano_classes_of_whole_texts(tmp_path: Path) -> None:
    document, _ = only(load(written(tmp_path, {"id": 1, "text": "One. Two.", "label": ["favor", "unity"]}, "d.jsonl")))
    assert said(document) == [("One. Two.", "favor", ("unity",))]
    assert len(document.sentences) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"text": "a", "label": [[0, 5, "favor"]]}, "span 0-5 (favor) lies outside the text (0 to 1)"),
        ({"text": "a", "label": [[0, "favor"]]}, "field 'label' holds [0, 'favor']"),
        (
            {"text": "a", "annotations": [{"label": 3, "start_offset": 0, "end_offset": 1}]},
            "field 'annotations' holds numbers of labels",
        ),
        ({"text": "", "label": []}, "field 'text' is missing or empty"),
    ],
)
def test_doccano_faults(line: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(LabelError) as error:
        load(written(tmp_path, line, "d.jsonl"), kind="doccano")
    assert str(error.value).startswith(f"{tmp_path / 'd.jsonl'}:1: ")
    assert message in str(error.value)


# Label Studio


def test_labelstudio_counts_utf16() -> None:
    imported = load("labelstudio.json")
    (document,) = imported.documents
    assert said(document) == [
        ("It is our right, Salih said", "favor", ("mandate",)),
        ("Ankara called it void.", "against", ("legality",)),
    ]
    first, second = document.statements
    assert (words(document, first.mention), words(document, first.cue)) == ("Salih", "said")
    assert second.speaker == "Turkey"
    assert first.annotator == {"id": "ann@example.org", "kind": "human"}


def test_labelstudio_passes_over() -> None:
    passed = load("labelstudio.json").passed
    assert passed["cancelled annotation (was_cancelled)"] == 2
    assert passed["further annotation of a task (--coder picks whose to take)"] == 1
    assert passed["task without annotation"] == 1
    assert passed["result of type 'rating'"] == 1


def test_labelstudio_takes_the_coder_asked_for() -> None:
    _, statement = only(load("labelstudio.json", coder="5"))
    assert statement.stance == "neutral"
    assert statement.annotator == {"id": "labelstudio-5", "kind": "human"}


@pytest.mark.parametrize(("start", "end"), [(2, 6), (3, 7)])
def test_labelstudio_regions_with_words_are_read_either_way(start: int, end: int, tmp_path: Path) -> None:
    """Code points (later versions) and UTF-16 (earlier ones): the words decide."""
    value = {"start": start, "end": end, "text": "Vote", "labels": ["favor"]}
    result = [{"id": "a", "type": "labels", "from_name": "label", "to_name": "text", "value": value}]
    document, _ = only(load(written(tmp_path, [{"id": 1, "data": {"text": "😀 Vote Vote"}, "annotations": [{"result": result}]}])))
    assert said(document)[0][0] == "Vote"


def test_labelstudio_with_crlf_in_the_text(tmp_path: Path) -> None:
    value = {"start": 5, "end": 9, "text": "Vote", "labels": ["favor"]}
    task = {"id": 1, "data": {"text": "One.\r\nVote"}, "annotations": [{"result": [{"id": "a", "type": "labels", "value": value}]}]}
    assert said(only(load(written(tmp_path, [task])))[0])[0][0] == "Vote"


def test_labelstudio_words_that_do_not_fit(tmp_path: Path) -> None:
    value = {"start": 0, "end": 3, "text": "Yes", "labels": ["favor"]}
    task = {"id": 1, "data": {"text": "Nay and yea"}, "annotations": [{"result": [{"id": "a", "type": "labels", "value": value}]}]}
    with pytest.raises(
        LabelError, match=r"item 1: the span 0-3 \(favor\) holds 'Nay', but the file says 'Yes'; was the text changed"
    ):
        load(written(tmp_path, [task]))


def test_json_min() -> None:
    imported = load("labelstudio-min.json")
    first, second = imported.documents
    assert said(first) == [("The vote is void, Baghdad said.", "against", ("legality", "unity"))]
    assert words(first, first.statements[0].cue) == "said"
    assert said(second) == [("It is our right.", "favor", ("mandate",))], "single choices are plain strings"
    assert first.statements[0].annotator == {"id": "labelstudio-7", "kind": "human"}
    assert second.statements[0].annotator == {"id": "bo@example.org", "kind": "human"}
    assert imported.passed["cancelled annotation (was_cancelled)"] == 1


# Prodigy


def test_prodigy() -> None:
    imported = load("prodigy.jsonl")
    first, second, third = imported.documents
    assert first.document.doc_id == "p1"
    assert said(first) == [('"It is void," Abadi said.', "against", None)]
    assert words(first, first.statements[0].mention) == "Abadi"
    assert first.statements[0].annotator == {"id": "votes-ann", "kind": "human"}
    assert [said(d)[0][1] for d in (second, third)] == ["neutral", "favor"], "an option's number, and a label"
    assert imported.passed == {"text answered 'reject'": 1, "text answered 'ignore'": 2}


def test_prodigy_takes_the_coder_asked_for() -> None:
    imported = load("prodigy.jsonl", coder="votes-bo")
    assert [d.statements[0].stance for d in imported.documents] == ["neutral"]


def test_nothing_accepted_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="nothing to import: 1 x text answered 'reject'"):
        load(written(tmp_path, {"text": "a", "label": "favor", "answer": "reject"}, "p.jsonl"))


# what they share


def test_labels_are_renamed() -> None:
    imported = load("doccano-spans.jsonl", names={"org": "mention"})
    assert not any("'ORG'" in why for why in imported.passed)


def test_two_stances_at_one_stretch_are_left_unlabelled(tmp_path: Path) -> None:
    line = {"text": "Yes.", "label": [[0, 4, "favor"], [0, 4, "against"]]}
    imported = load(written(tmp_path, line, "d.jsonl"))
    assert imported.documents[0].statements[0].stance is None
    assert imported.passed == {"stance of a statement marked against and favor at once (left unlabelled)": 1}


def test_a_frame_inside_a_statement_is_its_evidence(tmp_path: Path) -> None:
    line = {"text": "The vote is illegal.", "label": [[0, 20, "against"], [12, 19, "legality"]]}
    document, statement = only(load(written(tmp_path, line, "d.jsonl")))
    assert statement.frames == ("legality",)
    assert [(name, words(document, span)) for name, span in statement.evidence] == [("legality", "illegal")]


def test_sentences_under_one_statement_are_joined(tmp_path: Path) -> None:
    line = {"text": "One is here. Two is here. Three is here.", "label": [[4, 20, "favor"]]}
    document, statement = only(load(written(tmp_path, line, "d.jsonl")))
    assert [words(document, s.span) for s in document.sentences] == ["One is here. Two is here.", "Three is here."]
    assert statement.sentence == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.jsonl", '{"text": "a", "label": []}\n{"text"', ":2: not JSON"),
        ("x.jsonl", "[1]", ", item 1: expected an object"),
        ("x.json", '[{"data": {"text": "a"}, "annotations": ["b"]}]', ": a field has the wrong form"),
        ("x.jsonl", '{"headline": "a"}', "the fields 'headline' are of no format known; say with --from"),
        ("x.jsonl", '{"doc_id": "a", "sentences": [], "statements": []}', "there is nothing to import"),
        ("x.md", "hello", "neither a table nor JSON; say with --from what it is"),
    ],
)
def test_faults_name_the_place(name: str, content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(LabelError) as error:
        load(tmp_path / name)
    assert str(error.value).startswith(str(tmp_path / name))
    assert message in str(error.value)


def test_one_doc_id_in_two_files_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": "a", "label": ["favor"], "doc_id": "x"}, "d.jsonl")
    path.write_text(path.read_text() + "\n" + path.read_text())
    with pytest.raises(LabelError, match=r"d\.jsonl:2: field 'doc_id': 'x' stands already at .*d\.jsonl:1"):
        load(path)
