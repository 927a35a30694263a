"""Files to documents."""

from __future__ import annotations

import codecs
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.errors import ReadingError
from stance.reading import Fields, decode, read
from stance.records import Document, Span

TEXT = "Ankara said “no” — Erdoğan’s word."
WESTERN = "Ankara said “no” — Müller’s word, and the café was full of señores and of naïve façades."


def _read(path: Path, content: bytes | str, **fields: str) -> list[Document]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(path, fields=Fields(**fields)))


def _fault(path: Path, content: bytes | str | None = None, **fields: str) -> str:
    """Read what cannot be read; return the message, which is one line that names the file."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ReadingError) as caught:
        list(read(path, fields=Fields(**fields)))
    message = str(caught.value)
    assert str(path) in message or path.name in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_unicode_files_lose_only_their_mark(tmp_path: Path, mark: bytes, codec: str) -> None:
    (document,) = _read(tmp_path / "a.txt", mark + TEXT.encode(codec))
    assert document == Document("a.txt", TEXT)


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_western_files_are_detected(tmp_path: Path, codec: str) -> None:
    text = WESTERN if codec == "cp1252" else WESTERN.translate(str.maketrans("“”’—", '""\'-'))
    (document,) = _read(tmp_path / "a.txt", text.encode(codec))
    assert document.text == text


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    (document,) = _read(tmp_path / "a.txt", "Erdoğan’ın".encode("cp1254"), encoding="cp1254")
    assert document.text == "Erdoğan’ın"
    assert "unknown encoding 'klingon'" in _fault(tmp_path / "a.txt", "x", encoding="klingon")
    assert "not utf-8 (byte 3)" in _fault(tmp_path / "a.txt", b"abc\xff", encoding="utf-8")


def test_text_is_as_read(tmp_path: Path) -> None:
    text = "\r\n  Erdo─čan\u00a0said: “no”.\r\rÂ \n"
    (document,) = _read(tmp_path / "a.txt", text)
    assert document.text == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "NUL bytes"),
        (b"The vote\x00 began.", "NUL bytes"),
        (bytes(range(1, 32)) * 40 + b"\xff\xfe\xfd", "--encoding"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in _fault(tmp_path / "a.txt", content)


def test_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    assert "no such file or folder" in _fault(tmp_path / "nowhere.txt")
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / "NOTICE").write_text("hello")
    assert "no article in this folder" in _fault(tmp_path)


def test_folders_are_read_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "b/a.txt", "a.TXT", "c.jsonl", "README.txt", ".hidden.txt", "image.png"):
        (tmp_path / name).write_text('{"text": "no"}' if name.endswith("jsonl") else name)
    assert [d.doc_id for d in read(tmp_path)] == ["a.TXT", "b/a.txt", "c.jsonl:1", "z.txt"]


def test_seeds_leave_their_readme_out(root: Path, seed_documents: list[Document]) -> None:
    assert [d.doc_id[:3] for d in seed_documents] == ["000", "001", "002", "003"]
    assert seed_documents[0].text == (root / "seeds" / seed_documents[0].doc_id).read_bytes().decode()


def test_several_paths_in_the_order_given(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text(name)
    assert [d.text for d in stance.read([str(tmp_path / "b.txt"), tmp_path / "a.txt"])] == ["b.txt", "a.txt"]


def test_errors_can_be_gathered(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("The vote.")
    faults: list[ReadingError] = []
    assert [d.doc_id for d in read([tmp_path / "none.txt", tmp_path], on_error=faults.append)] == ["b.txt"]
    assert [str(f).partition(": ")[2].partition(";")[0] for f in faults] == ["no such file or folder", "empty"]


# --- JSON lines -------------------------------------------------------------------------------------------------------------


def test_fields_of_json_lines(tmp_path: Path) -> None:
    record = {"headline": "Kurds vote", "body": TEXT, "key": 7, "day": "2017-09-25", "outlet": "X", "genre": "opinion", "tags": [1]}
    (document,) = _read(tmp_path / "a.jsonl", json.dumps(record), text="body", title="headline", id="key", date="day")
    assert document == Document("7", f"Kurds vote\n\n{TEXT}", Span(0, 10), "2017-09-25", "X", "opinion", {"tags": [1]})
    assert document.text[slice(*document.title)] == "Kurds vote"


def test_json_lines_are_split_at_line_feeds_only(tmp_path: Path) -> None:
    text = "one\u2028two\u0085three\x0bfour\rfive"
    lines = json.dumps({"text": text}, ensure_ascii=False) + "\r\n\n" + json.dumps({"text": "six"})
    assert [d.text for d in _read(tmp_path / "a.jsonl", lines)] == [text, "six"]


def test_bad_lines_are_named_and_passed_over(tmp_path: Path) -> None:
    lines = ['{"text": "good"}', "not json", "[1]", '{"body": "x"}', '{"text": ""}', '{"text": 5}', '{"text": "better"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    faults: list[ReadingError] = []
    assert [d.doc_id for d in read(tmp_path / "a.jsonl", on_error=faults.append)] == ["a.jsonl:1", "a.jsonl:7"]
    found = [str(f).removeprefix(f"{tmp_path / 'a.jsonl'}:") for f in faults]
    assert [f.split(":")[0] for f in found] == ["2", "3", "4", "5", "6"]
    for fault, words in zip(
        found, ["not JSON", "found list", "is missing (there are 'body')", "is empty", "is empty"], strict=True
    ):
        assert words in fault


def test_lone_surrogates_of_texts_are_replaced() -> None:
    assert decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "x") == "\ufffda"
    assert decode(b"\\ud800a", "x", "raw_unicode_escape") == "\ufffda"


@pytest.mark.parametrize("field", ["text", "title", "id"])
def test_lone_surrogates_of_json_are_replaced(tmp_path: Path, field: str) -> None:
    (document,) = _read(tmp_path / "a.jsonl", json.dumps({"text": "vote", field: "a\ud800b"}))
    # Escaped, because pytest-xdist cannot send a message that holds a lone surrogate.
    assert "a\\ufffdb" in ascii(document.text + document.doc_id)


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "The vote.", "title": ["a", "b"]}',
        '{"text": "The vote.", "n": ' + "9" * 5000 + "}",
        '{"text": "The vote.", "n": ' + "[" * 50_000 + "]" * 50_000 + "}",
    ],
    ids=["title of two words", "number of 5,000 digits", "50,000 brackets"],
)
def test_odd_json_is_a_fault_of_its_line(tmp_path: Path, line: str) -> None:
    assert "a.jsonl:1" in _fault(tmp_path / "a.jsonl", line)


def test_a_labelled_document_can_be_read(root: Path) -> None:
    record = json.loads((root / "labels" / "seeds.jsonl").read_text(encoding="utf-8").split("\n")[0])
    document = next(iter(read(root / "labels" / "seeds.jsonl")))
    assert (document.doc_id, document.text, document.date) == (record["doc_id"], record["text"], record["date"])
    assert list(document.title) == record["title"]


# --- tables -----------------------------------------------------------------------------------------------------------------


def test_tables(tmp_path: Path) -> None:
    rows = 'id,text,title,date,beat\n7,"Line one\nline two, ""quoted""",Kurds vote,2017-09-25,world\n'
    (document,) = _read(tmp_path / "a.csv", rows)
    assert document == Document(
        "7", 'Kurds vote\n\nLine one\nline two, "quoted"', Span(0, 10), "2017-09-25", metadata={"beat": "world"}
    )
    (document,) = _read(tmp_path / "a.tsv", "body\tid\nno, never\t1\n", text="body")
    assert document == Document("1", "no, never")


def test_a_table_without_the_named_column(tmp_path: Path) -> None:
    message = _fault(tmp_path / "a.csv", "id,body\n1,x\n")
    assert "no column 'text'" in message
    assert "'id', 'body'" in message
    assert "--text-field" in message
    assert "empty" in _fault(tmp_path / "b.csv", "")


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    assert "a.csv:3" in _fault(tmp_path / "a.csv", "id,text\n1,yes\n2,\n")


def test_an_empty_cell_is_said_to_be_empty(tmp_path: Path) -> None:
    assert "is empty" in _fault(tmp_path / "a.csv", "id,text\n2,\n")


# --- standard input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "ids"), [(TEXT, ["stdin"]), ('\n{"text": "a"}\n{"text": "b", "id": "x"}', ["stdin:1", "x"])])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: str, ids: list[str]) -> None:
    data = data.lstrip("\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    assert [d.doc_id for d in read("-")] == ids


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_survives_json_lines(text: str) -> None:
    from stance.reading import _json_lines

    lines = [json.dumps({"text": text, "id": "x"}).encode()]
    assert list(_json_lines(lines, "x", "x", Fields())) == [Document("x", text)]
