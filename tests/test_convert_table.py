"""Flat tables and annotation sheets."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from convert_cases import CODEBOOK, FOLDER, load, records, rewritten, said, words

from stance.errors import LabelError
from stance.labels.convert.formats import export_labels

STYLES = ("flat-pipe.csv", "flat-semicolon.csv", "flat-hash.csv", "flat-columns.csv")


@pytest.mark.parametrize("name", STYLES)
def test_every_way_to_write_frames(name: str) -> None:
    first, second, third = load(name).documents
    assert said(first) == [
        ("The vote is void, Abadi said.", "against", ("legality", "unity")),
        ('It is "our right",\nSalih said.', "favor", ("mandate",)),
    ]
    assert [s.speaker for s in first.statements] == ["Haider al-Abadi", "Barham Salih"]
    assert first.statements[0].annotator == {"id": "ann", "kind": "human"}
    assert said(second) == [("It rained in Erbil.", "neutral", ())]
    assert second.statements[0].speaker_status == "narrator"
    assert said(third) == [("He declined to comment.", None, None)], "empty cells are unlabelled"


@pytest.mark.parametrize("name", STYLES)
def test_byte_order_mark_and_crlf(name: str, tmp_path: Path) -> None:
    marked = rewritten(name, tmp_path, mark=codecs.BOM_UTF8)
    assert records(load(marked)) == records(load(name))
    broken = load(rewritten(name, tmp_path, breaks="\r\n"))
    assert [s.stance for d in broken.documents for s in d.statements] == ["against", "favor", "neutral", None]
    assert words(broken.documents[0], broken.documents[0].statements[1].span) == 'It is "our right",\r\nSalih said.', "as read"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", "text;stance\nWe vote;favor\n"),
        ("x.tsv", "text\tstance\nWe vote\tfavor\n"),
        ("x.jsonl", '{"text": "We vote", "stance": "favor"}\n'),
    ],
)
def test_separators(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (document,) = load(tmp_path / name).documents
    assert said(document) == [("We vote", "favor", None)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "text,stance\nWe vote,pro\n",
            "x.csv:2: field 'stance' is 'pro', expected one of favor, against, neutral; --map 'pro'=NAME",
        ),
        ("text,frames\nWe vote,legal\n", "x.csv:2: field 'frames' is 'legal', expected one of legality"),
        ("text,unity\nWe vote,maybe\n", "x.csv:2: field 'unity' is 'maybe'; a column of a frame holds 0, 1 or nothing"),
        ("text,stance\n,favor\n", "x.csv:2: the field 'text' is missing or empty"),
        ("words,stance\nWe vote,favor\n", "x.csv:1: no column 'text' (there are 'words', 'stance')"),
        ("text,stance\nWe, the people,favor\n", "x.csv:2: more cells than columns"),
        ("text,label\nWe vote,favor#against\n", "x.csv:2: field 'label' has 2 stances"),
        ("text,stance,document\nWe vote,favor,{cut\n", "x.csv:2: field 'document' is cut off or was edited"),
    ],
)
def test_table_faults(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(LabelError) as error:
        load(tmp_path / "x.csv")
    assert message in str(error.value)


def test_labels_are_renamed(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("text,stance,frames\nWe vote,Pro,law|people\n", encoding="utf-8")
    (document,) = load(tmp_path / "x.csv", names={"pro": "favor", "law": "legality"}).documents
    assert said(document) == [("We vote", "favor", ("legality", "people"))]


def test_a_spreadsheet_does_not_cut_the_cells(root: Path) -> None:
    from stance.labels.format import read_labels

    text = export_labels(read_labels(root / "labels" / "articles.jsonl"), "csv", frame_ids=CODEBOOK.frame_ids)
    import csv
    import io

    csv.field_size_limit(10_000_000)
    assert max(len(c) for row in csv.reader(io.StringIO(text, newline="")) for c in row) < 32_767


ARTICLES = [str(FOLDER / "article.jsonl")]


@pytest.mark.parametrize(("breaks", "mark"), [("\n", b""), ("\r\n", codecs.BOM_UTF8)])
def test_answers_to_a_sheet(breaks: str, mark: bytes, tmp_path: Path) -> None:
    first, second = load(
        rewritten("answers.jsonl", tmp_path, breaks=breaks, mark=mark), documents=ARTICLES, annotator="ann"
    ).documents
    assert said(first) == [("“The vote is void,” Abadi said.", "against", ("legality",)), ("It rained.", "neutral", ())]
    assert first.statements[0].annotator == {"id": "ann", "kind": "human"}
    assert {s.made for s in first.statements} == {"blind"}
    assert first.header["origin"] == "written"
    assert second.statements[0].speaker == "Barham Salih"


def test_answers_of_nobody_have_no_annotator() -> None:
    assert load("answers.jsonl", documents=ARTICLES).documents[0].statements[0].annotator is None


@pytest.mark.parametrize(
    ("content", "documents", "message"),
    [
        ('{"doc": "s1"}\n', [], "give the articles with --documents"),
        ('{"doc": "s9"}\n', ARTICLES, "field 'doc': no article 's9' among the 2 of --documents"),
        ('{"s": 1}\n', ARTICLES, "a.jsonl:1: field 'doc' is missing"),
        ('{"doc": "s2"}\n{"s": 4, "speaker": null, "on": false}\n', ARTICLES, "a.jsonl:2: sentence 4 does not exist (1 to 1)"),
        ('{"doc": "s1"}\n\n{"doc": "s2"}\n{"s": 9, "speaker": null}\n', ARTICLES, "sentence 1 has no statement"),
    ],
)
def test_sheet_faults(content: str, documents: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(LabelError) as error:
        load(tmp_path / "a.jsonl", kind="sheet", documents=documents)
    assert message in str(error.value)


def test_sheets_are_numbered_and_blind() -> None:
    documents = load("answers.jsonl", documents=ARTICLES).documents
    sheet = export_labels(documents, "sheet", frame_ids=CODEBOOK.frame_ids)
    assert "### s1\n1: “The vote is void,” Abadi said.\n2: It rained.\n" in sheet
    assert "### s2\n1: It is our right, Salih said.\n" in sheet
    assert "against" not in sheet
