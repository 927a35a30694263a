"""brat's standoff files and DNA's databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from convert_cases import FOLDER, load, only, records, said, words

from stance.errors import LabelError
from stance.labels.convert.formats import Imported


def brat(folder: Path, text: bytes, annotations: str) -> Imported:
    (folder / "x.txt").write_bytes(text)
    (folder / "x.ann").write_text(annotations, encoding="utf-8")
    return load(folder / "x.ann")


def test_brat_folder() -> None:
    imported = load("brat")
    (document,) = imported.documents
    assert said(document) == [
        ("The vote is void, the premier told\nreporters.", "against", ("legality",)),
        ("It is our right", "favor", ()),
    ]
    first, second = document.statements
    assert (words(document, first.mention), first.speaker, words(document, first.cue)) == ("the premier", "Haider al-Abadi", "told")
    assert [words(document, c) for c in first.content] == ["The vote", "void"], "a discontinuous annotation"
    assert (words(document, second.mention), words(document, second.cue)) == ("Salih", "said"), "the parts of an event"
    assert imported.passed == {"note of an annotator": 1, "equivalence of annotations": 1}


@pytest.mark.parametrize(
    ("text", "start"),
    [(b"\xef\xbb\xbfWe vote.", 4), (b"We vote.", 3), ("😀\nWe vote.".encode(), 5), (b"No.\r\nWe vote.", 8)],
)
def test_brat_offsets(text: bytes, start: int, tmp_path: Path) -> None:
    """Code points; a byte-order mark counts as one; a CRLF as two."""
    document, _ = only(brat(tmp_path, text, f"T1\tfavor {start} {start + 4}\tvote\n"))
    assert said(document)[0][0] == "vote"


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ("T1\tfavor 0 2\tXX\n", "x.ann: the span 0-2 (favor) holds 'We', but the file says 'XX'"),
        ("T1 favor 0 2\n", "x.ann:1: expected 'T1<tab>Type start end<tab>text'"),
        ("T1\tfavor 0 2\tWe\nA1\tStance T9 favor\n", "x.ann:2: there is no annotation T9"),
        ("T1\tfavor 0 2\tWe\nR1\tSource Arg1:T1\n", "x.ann:2: a relation needs"),
        ("Z1\tfavor 0 2\tWe\n", "x.ann:1: unknown kind of annotation 'Z1'"),
    ],
)
def test_brat_faults(annotations: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LabelError) as error:
        brat(tmp_path, b"We vote.", annotations)
    assert message in str(error.value)


def test_brat_without_its_text(tmp_path: Path) -> None:
    (tmp_path / "x.ann").write_text("T1\tfavor 0 2\tWe\n")
    with pytest.raises(LabelError, match=r"its text x\.txt is not beside it"):
        load(tmp_path / "x.ann")


@pytest.fixture(params=[2, 3])
def dna(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return database(tmp_path, request.param)


def database(folder: Path, version: int) -> Path:
    path = folder / f"version {version}.dna"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"dna{version}.sql").read_text(encoding="utf-8"))
    return path


def test_dna_versions(dna: Path) -> None:
    before = dna.read_bytes()
    document = load(dna, names={"the vote is lawful": "favor"}).documents[0]
    statement = document.statements[0]
    assert (statement.stance, statement.frames, statement.speaker) == ("favor", None, "Barham Salih")
    assert statement.annotator == {"id": "Admin", "kind": "human"}
    assert (document.document.date, document.document.outlet) == ("2017-09-25", "wire")
    assert document.document.title is not None
    assert dna.read_bytes() == before


def test_dna_offsets_count_as_java_does(tmp_path: Path) -> None:
    (document,) = load(database(tmp_path, 3), names={"the vote is lawful": "favor", "rule of law": "legality"}).documents
    assert said(document) == [
        ("The vote is lawful, Salih said.", "favor", None),
        ("It breaks the law, Abadi said.", "against", ("legality",)),
    ]
    assert document.statements[1].organisation == "Iraq"


def test_dna_concepts_nobody_explained_are_named(tmp_path: Path) -> None:
    imported = load(database(tmp_path, 3))
    assert [s.stance for s in imported.documents[0].statements] == [None, None]
    assert any("'The vote is lawful'" in why and "--map" in why for why in imported.passed)
    assert imported.passed["document without statements"] == 1


def test_dna_of_another_coder(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="nothing to import: 4 x statement of another coder than 'Bo'"):
        load(database(tmp_path, 3), coder="Bo")


@pytest.mark.parametrize("content", [b"no database", b""])
def test_what_is_no_dna_database(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.dna").write_bytes(content)
    with pytest.raises(LabelError, match=r"x\.dna: (not a DNA database|the table DATASHORTTEXT is missing)"):
        load(tmp_path / "x.dna")


def test_a_database_is_left_alone(dna: Path) -> None:
    first = load(dna, names={"the vote is lawful": "favor"})
    assert records(load(dna, names={"the vote is lawful": "favor"})) == records(first)
    assert [f.name for f in dna.parent.iterdir()] == [dna.name]
