"""Helpers of the tests of `stance.labels.convert`: fixtures by name, and statements as words instead of offsets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.codebook import Codebook, read_codebook
from stance.labels.convert.formats import Imported, import_labels
from stance.labels.convert.source import Options
from stance.labels.format import LabelledDocument, LabelledStatement, to_record
from stance.records import Span

FOLDER = Path(__file__).parent / "cases" / "convert"
CODEBOOK: Codebook = read_codebook(Path(__file__).parents[1] / "labels")


def load(path: str | Path, *, kind: str = "auto", names: Mapping[str, str] | None = None, **options: Any) -> Imported:
    """Import one fixture (a name in `cases/convert/`) or file."""
    return import_labels([FOLDER / path], Options(CODEBOOK, names or {}, **options), kind=kind)


def words(document: LabelledDocument, span: Span | None) -> str | None:
    """The words of a span."""
    return None if span is None else document.document.text[span.start : span.end]


def said(document: LabelledDocument) -> list[tuple[str | None, str | None, tuple[str, ...] | None]]:
    """Words, stance and frames of each statement."""
    return [(words(document, s.span), s.stance, s.frames) for s in document.statements]


def only(imported: Imported) -> tuple[LabelledDocument, LabelledStatement]:
    """The only document and its only statement."""
    (document,) = imported.documents
    (statement,) = document.statements
    return document, statement


def records(imported: Imported) -> list[dict[str, Any]]:
    """The records of what was imported, as they are written."""
    return [to_record(d) for d in imported.documents]


def rewritten(path: str, folder: Path, *, breaks: str = "\n", mark: bytes = b"") -> Path:
    """Copy a fixture with other line breaks, or behind a byte-order mark."""
    data = (FOLDER / path).read_text(encoding="utf-8").replace("\n", breaks)
    copy = folder / Path(path).name
    copy.write_bytes(mark + data.encode())
    return copy
