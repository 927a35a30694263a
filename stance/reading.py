"""Files to documents.

`.txt` files and folders of them, `.jsonl` and `.csv`/`.tsv` with named fields, and `-` for standard input. Text is decoded by
byte-order mark, else as UTF-8, else by a detector (charset-normalizer); it is never repaired or normalised here. Lone
surrogates become U+FFFD. What cannot be read is a ReadingError that names file, line and field.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import ReadingError
from stance.records import Document, Span

MAX_BYTES = 10_000_000  # of one document
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SUFFIXES = (".txt", ".jsonl", ".csv", ".tsv")
_NOT_ARTICLES = re.compile(r"(README|NOTICE|LICENSE|COPYING)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of a table or of JSON lines; `encoding` None: find out."""

    text: str = "text"
    title: str = "title"
    id: str = "id"
    date: str = "date"
    encoding: str | None = None


def read(
    paths: str | Path | Iterable[str | Path],
    *,
    fields: Fields | None = None,
    on_error: Callable[[ReadingError], None] | None = None,
) -> Iterator[Document]:
    """Yield the documents of files and folders, in the order given, folders in name order.

    `on_error` is called with what cannot be read, and reading goes on; without it the error is raised.
    """
    fields = fields or Fields()
    if isinstance(paths, str | Path):
        paths = [paths]
    for path in paths:
        source = _standard_input(fields) if str(path) == "-" else _path(Path(path), fields)
        yield from _guarded(source, on_error)


def _guarded(source: Iterator[Document | ReadingError], on_error: Callable[[ReadingError], None] | None) -> Iterator[Document]:
    for item in source:
        if isinstance(item, Document):
            yield item
        elif on_error is None:
            raise item
        else:
            on_error(item)


def _path(path: Path, fields: Fields) -> Iterator[Document | ReadingError]:
    if path.is_dir():
        yield from _folder(path, fields)
    elif not path.exists():
        yield ReadingError(f"{path}: no such file or folder; check the path")
    else:
        yield from _file(path, path.name, fields)


def _folder(folder: Path, fields: Fields) -> Iterator[Document | ReadingError]:
    files = sorted(
        f
        for f in folder.rglob("*")
        if f.is_file() and f.suffix.lower() in _SUFFIXES and not _NOT_ARTICLES.match(f.name) and not f.name.startswith(".")
    )
    if not files:
        yield ReadingError(f"{folder}: no article in this folder; expected files that end in {', '.join(_SUFFIXES)}")
    for file in files:
        yield from _file(file, file.relative_to(folder).as_posix(), fields)


def _file(file: Path, name: str, fields: Fields) -> Iterator[Document | ReadingError]:
    try:
        if file.suffix.lower() == ".jsonl":
            with file.open("rb") as stream:
                yield from _json_lines(stream, str(file), name, fields)
        elif file.suffix.lower() in (".csv", ".tsv"):
            yield from _table(file.read_bytes(), str(file), name, fields, "\t" if file.suffix.lower() == ".tsv" else ",")
        else:
            if file.stat().st_size > MAX_BYTES:
                raise ReadingError(
                    f"{file}: larger than {MAX_BYTES // 1_000_000} MB; one .txt file is one article, use .jsonl or .csv for many"
                )
            yield _document(name, decode(file.read_bytes(), str(file), fields.encoding))
    except ReadingError as error:
        yield error
    except OSError as error:
        yield ReadingError(f"{file}: cannot be read ({error.strerror})")


def _standard_input(fields: Fields) -> Iterator[Document | ReadingError]:
    data = sys.stdin.buffer.read()
    try:
        if data.lstrip().startswith(b"{"):
            yield from _json_lines(io.BytesIO(data), "standard input", "stdin", fields)
        else:
            yield _document("stdin", decode(data, "standard input", fields.encoding))
    except ReadingError as error:
        yield error


def decode(data: bytes, where: str, encoding: str | None = None) -> str:
    """Decode bytes by byte-order mark, `encoding`, UTF-8 or the detector; raises ReadingError for what is no text."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(codec, "replace"))
    if encoding is not None:
        try:
            return _clean(data.decode(encoding))
        except LookupError:
            raise ReadingError(f"{where}: unknown encoding {encoding!r}; try utf-8, latin-1 or cp1252") from None
        except UnicodeDecodeError as error:
            raise ReadingError(f"{where}: not {encoding} (byte {error.start}); leave --encoding out to have it detected") from None
    if b"\x00" in data:
        raise ReadingError(f"{where}: not text (it holds NUL bytes); convert it to plain text first")
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean(_detect(data, where))


def _detect(data: bytes, where: str) -> str:
    from charset_normalizer import from_bytes  # loaded for damaged or older files only: 60 ms

    control = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    best = from_bytes(data).best() if control <= len(data[:4096]) // 50 else None
    if best is None:
        raise ReadingError(f"{where}: neither UTF-8 nor any encoding of text that could be found; name one with --encoding")
    if best.encoding in ("cp1250", "cp1252", "latin_1", "cp1257", "mac_roman", "cp1258"):
        return data.decode("cp1252", "replace")  # in English text these differ in letters that only Windows-1252 makes likely
    return str(best)


def _clean(text: str) -> str:
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def _clean_values(value: Any) -> Any:
    """Replace lone surrogates, which JSON can write as escapes, in all strings of a record."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return [_clean_values(v) for v in value]
    if isinstance(value, dict):
        return {_clean(k): _clean_values(v) for k, v in value.items()}
    return value


def _document(
    doc_id: str,
    text: str,
    *,
    title: str | None = None,
    date: str | None = None,
    outlet: str | None = None,
    genre: str = "unknown",
    metadata: Mapping[str, Any] | None = None,
) -> Document:
    span = None
    if title:
        text = f"{title}\n\n{text}"
        span = Span(0, len(title))
    if not text.strip():
        raise ReadingError(f"{doc_id}: empty; nothing to classify")
    return Document(doc_id, text, span, date, outlet, genre, metadata or {})


def _json_lines(stream: Iterable[bytes], where: str, name: str, fields: Fields) -> Iterator[Document | ReadingError]:
    seen = False
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        seen = True
        try:
            record = _clean_values(json.loads(decode(line, f"{where}:{number}", fields.encoding)))
            if not isinstance(record, dict):
                raise ReadingError(f"{where}:{number}: expected a JSON object, found {type(record).__name__}")
            yield _from_fields(record, f"{where}:{number}", f"{name}:{number}", fields)
        except json.JSONDecodeError as error:
            yield ReadingError(f"{where}:{number}: not JSON ({error.msg}, character {error.pos})")
        except (ValueError, RecursionError):
            yield ReadingError(f"{where}:{number}: not JSON that can be read (a number too long, or nested too deep)")
        except ReadingError as error:
            yield error
    if not seen:
        yield ReadingError(f"{where}: empty; nothing to classify")


def _table(data: bytes, where: str, name: str, fields: Fields, delimiter: str) -> Iterator[Document | ReadingError]:
    rows = csv.DictReader(io.StringIO(decode(data, where, fields.encoding), newline=""), delimiter=delimiter)
    csv.field_size_limit(MAX_BYTES)
    header = rows.fieldnames
    if not header:
        raise ReadingError(f"{where}: empty; nothing to classify")
    if fields.text not in header:
        raise ReadingError(
            f"{where}: no column {fields.text!r}; the columns are {', '.join(map(repr, header))}: name one with --text-field"
        )
    number = 1
    try:
        for row in rows:
            number = rows.line_num
            try:
                yield _from_fields({k: v for k, v in row.items() if k is not None}, f"{where}:{number}", f"{name}:{number}", fields)
            except ReadingError as error:
                yield error
    except csv.Error as error:
        yield ReadingError(f"{where}:{number}: not a table ({error})")


def _from_fields(record: Mapping[str, Any], where: str, default_id: str, fields: Fields) -> Document:
    text = record.get(fields.text)
    if not isinstance(text, str) or not text.strip():
        known = ", ".join(map(repr, record))
        problem = "is empty" if fields.text in record else f"is missing (there are {known})"
        raise ReadingError(f"{where}: the field {fields.text!r} {problem}; name the one that holds the text with --text-field")
    if len(text) > MAX_BYTES:
        raise ReadingError(f"{where}: longer than {MAX_BYTES // 1_000_000} MB; split it")
    known_fields = {fields.text, fields.title, fields.id, fields.date, "doc_id", "outlet", "genre"}
    title = record.get(fields.title)
    doc_id = str(record.get(fields.id) or record.get("doc_id") or default_id)
    document = _document(
        doc_id,
        text,
        title=title if isinstance(title, str) else None,
        date=_text(record.get(fields.date)),
        outlet=_text(record.get("outlet")),
        genre=str(record.get("genre") or "unknown"),
        metadata={k: v for k, v in record.items() if k not in known_fields},
    )
    if isinstance(title, list) and len(title) == 2:  # a labelled document: the title is a span
        return Document(
            doc_id,
            document.text,
            Span(int(title[0]), int(title[1])),
            document.date,
            document.outlet,
            document.genre,
            document.metadata,
        )
    return document


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
