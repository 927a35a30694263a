"""Discourse Network Analyzer databases (SQLite; versions 2 and 3; import only).

A DNA statement is a stretch of a document with variables: person, organization, concept, agreement. A concept is a
proposition of the coder's own ("the vote is legal"), so only the user can say which stance agreement with it is:
`--map CONCEPT=favor` (disagreement is then the other side), or `--map CONCEPT=legality` for a frame. Offsets are those of a
Java text field: UTF-16, CRLF counted once. Layout: the CREATE TABLE statements in DNA's `sql` package.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stance.errors import LabelError
from stance.labels.convert.marks import STATEMENT, Item, Mark, Vocabulary
from stance.labels.convert.offsets import resolve, utf16_short_breaks
from stance.labels.convert.source import Options, Passed

_PERSON = ("person", "speaker", "actor", "name of person")
_ORGANISATION = ("organization", "organisation")
_CONCEPT = ("concept", "category", "claim", "stance", "frame", "frames")
_AGREEMENT = ("agreement", "agree")
_OTHER_SIDE = {"favor": "against", "against": "favor"}
_NEEDED = {"DOCUMENTS", "STATEMENTS", "VARIABLES", "DATASHORTTEXT"}


def read(path: Path, options: Options, passed: Passed) -> Iterator[Item]:
    """Yield the documents of a DNA database that have statements."""
    if not path.is_file():
        raise LabelError(f"{path}: no such file; check the path")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            yield from _documents(database, path, options, passed)
    except sqlite3.Error as error:
        raise LabelError(f"{path}: not a DNA database that can be read ({error}); give the .dna file of DNA 2 or 3") from None


def _documents(database: sqlite3.Connection, path: Path, options: Options, passed: Passed) -> Iterator[Item]:
    tables = {str(r["name"]).upper() for r in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= _NEEDED:
        raise LabelError(f"{path}: the table {min(_NEEDED - tables)} is missing; expected a database of DNA 2 or 3")
    values = _values(database, tables, path)
    coders = {r["ID"]: r["Name"] for r in database.execute("SELECT ID, Name FROM CODERS")} if "CODERS" in tables else {}
    statements: dict[int, list[sqlite3.Row]] = {}
    for row in database.execute("SELECT ID, DocumentId, Start, Stop, Coder FROM STATEMENTS ORDER BY DocumentId, Start, ID"):
        statements.setdefault(row["DocumentId"], []).append(row)
    vocabulary = Vocabulary(options)
    for document in database.execute("SELECT ID, Title, Text, Source, Date FROM DOCUMENTS ORDER BY ID"):
        where = f"{path}, document {document['ID']}"
        rows = statements.get(document["ID"], [])
        marks: list[Mark] = []
        for row in rows:
            coder = str(coders.get(row["Coder"], row["Coder"]))
            if options.coder is not None and coder != options.coder:
                passed[f"statement of another coder than {options.coder!r}"] += 1
            else:
                marks += _marks(row, values.get(row["ID"], {}), coder, vocabulary, passed)
        if not rows:
            passed["document without statements"] += 1
        if marks:
            yield _item(document, marks, f"{path.stem}:{document['ID']}", where)


def _item(document: sqlite3.Row, marks: list[Mark], doc_id: str, where: str) -> Item:
    body = document["Text"]
    if not isinstance(body, str) or not body.strip():
        raise LabelError(f"{where}: field 'Text' is empty, yet it has statements")
    title = (document["Title"] or "").strip()
    shift = len(title) + 2 if title else 0
    found = resolve(body, marks, (utf16_short_breaks,), where)
    fields = {"title": [0, len(title)] if title else None, "date": _date(document["Date"]), "outlet": document["Source"] or None}
    text = f"{title}\n\n{body}" if title else body
    return Item(where, doc_id, text, tuple(m._replace(start=m.start + shift, end=m.end + shift) for m in found), fields=fields)


def _values(database: sqlite3.Connection, tables: set[str], path: Path) -> dict[int, dict[str, Any]]:
    """Variables of each statement by their name in lower case."""
    found: dict[int, dict[str, Any]] = {}
    for table in ("DATASHORTTEXT", "DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER"):
        if table not in tables:
            continue
        columns = {r["name"] for r in database.execute(f"PRAGMA table_info({table})")}
        if "VariableId" not in columns:
            raise LabelError(f"{path}: the table {table} has no column VariableId; expected a database of DNA 2 or 3")
        if "Entity" in columns:  # version 3 keeps short texts apart
            value, joined = "e.Value", "JOIN ENTITIES e ON e.ID = d.Entity"
        else:
            value, joined = "d.Value", ""
        query = f"SELECT d.StatementId, v.Variable, {value} FROM {table} d JOIN VARIABLES v ON v.ID = d.VariableId {joined}"  # noqa: S608
        for statement, variable, content in database.execute(query):
            found.setdefault(statement, {})[str(variable).casefold()] = (content, table)
    return {s: {k: bool(v) if t == "DATABOOLEAN" else v for k, (v, t) in d.items()} for s, d in found.items()}


def _marks(row: sqlite3.Row, values: Mapping[str, Any], coder: str, vocabulary: Vocabulary, passed: Passed) -> list[Mark]:
    def first(names: tuple[str, ...]) -> str | None:
        return next((str(values[n]).strip() for n in names if values.get(n) not in (None, "")), None)

    person, organisation = first(_PERSON), first(_ORGANISATION)
    base = Mark(
        row["Start"],
        row["Stop"],
        STATEMENT,
        group=f"s{row['ID']}",
        speaker=person or organisation,
        organisation=organisation if person else None,
        who=coder,
    )
    if not {*_PERSON, *_ORGANISATION, *_CONCEPT} & set(values):
        passed["DNA statement without person, organization and concept (an annotation)"] += 1
        return []
    agrees = next((int(values[n]) > 0 for n in _AGREEMENT if values.get(n) is not None), True)
    marks = [base]
    for name in _CONCEPT:
        concept = values.get(name)
        label = vocabulary.find(str(concept)) if concept not in (None, "") else None
        if concept in (None, ""):
            continue
        if label is None:
            passed[
                f"concept {concept!r}, of which nobody has said what it means (--map {str(concept)!r}=favor, or a frame's name)"
            ] += 1
        else:
            marks.append(base._replace(label=label if agrees else _OTHER_SIDE.get(label, label)))
    return marks


def _date(value: Any) -> str | None:
    """ISO date of DNA's time stamp: seconds in version 3, milliseconds in version 2."""
    if not isinstance(value, int):
        return None
    seconds = value / 1000 if abs(value) > 10**11 else value
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return None
