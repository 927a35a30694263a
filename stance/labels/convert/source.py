"""What every importer is given, and how files are opened: decoded, parsed, and named in errors.

A byte-order mark is dropped, line ends stay as they are, lone surrogates become U+FFFD (design, section 2).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance.codebook import Codebook
from stance.errors import LabelError, ReadingError
from stance.reading import decode

NOTICE = "Written for this purpose after a real report: the quotations are invented."
CARRIED = "labelled"  # the field in which an export carries the whole labelled document

Passed = Counter[str]  # what was passed over, and why -> how often


@dataclass(frozen=True)
class Options:
    """How to read: the codebook's labels, `names` (label in the file, case-folded -> ours), who made the labels where the
    file does not say, whose annotations to take where it holds several people's, and the articles that sheets belong to."""

    codebook: Codebook
    names: Mapping[str, str] = field(default_factory=dict)
    annotator: str | None = None
    coder: str | None = None
    documents: Sequence[str] = ()

    @property
    def made_by(self) -> dict[str, str] | None:
        """The annotator of `--annotator`, a person."""
        return person(self.annotator)


def person(name: object) -> dict[str, str] | None:
    """Return the `annotator` of a human coder; None where there is no name."""
    return None if name is None or name == "" else {"id": str(name), "kind": "human"}


def read_text(path: Path) -> str:
    """Return a file's text; raises LabelError where it cannot be read."""
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise LabelError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except ReadingError as error:
        raise LabelError(str(error)) from None


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a JSON array or of JSON lines, each with its place ("file:line", or "file, item n")."""
    text = read_text(path)
    if text.lstrip().startswith("["):
        items = _parse(text, str(path))
        for number, item in enumerate(items, start=1):
            yield f"{path}, item {number}", _object(item, f"{path}, item {number}")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            where = f"{path}:{number}"
            yield where, _object(_parse(line, where), where)


def _parse(text: str, where: str) -> Any:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise LabelError(
            f"{where}: not JSON ({error.msg} at character {error.pos}); expected a JSON array, or one object a line"
        ) from None
    return _clean(value)


def _clean(value: Any) -> Any:
    """Replace lone surrogates, which JSON can hold as escapes and UTF-8 cannot."""
    if isinstance(value, str):
        return value if value.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [_clean(v) for v in value]
    if isinstance(value, dict):
        return {k: _clean(v) for k, v in value.items()}
    return value


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LabelError(f"{where}: expected an object with a text and its labels, found {type(value).__name__}")
    return value


def text_field(record: Mapping[str, Any], where: str, names: Sequence[str] = ("text",)) -> str:
    """Return the first of the fields `names` that holds text; raises LabelError if none does."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
    known = ", ".join(map(repr, record)) or "none"
    raise LabelError(
        f"{where}: the field {names[0]!r} is missing or empty (there are {known}); it must hold the text that was labelled"
    )


def carried_record(record: Mapping[str, Any], text: str, passed: Passed) -> dict[str, Any] | None:
    """Return the labelled document that an export of ours carries along, if the text is still the same."""
    carried = record.get(CARRIED)
    if not isinstance(carried, dict) or "statements" not in carried:
        return None
    if carried.get("text") != text:
        passed[
            f"field {CARRIED!r} of a document whose text has changed since the export (labels were built from the marks alone)"
        ] += 1
        return None
    return carried


def dumped(value: Any) -> str:
    """Return the JSON of a value on one line."""
    return json.dumps(value, ensure_ascii=False)
