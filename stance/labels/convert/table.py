"""Flat tables to labelled documents: a row is a statement (CSV, TSV, JSON lines; doccano's CSV).

Fields: `text`, `stance`, and optionally `speaker`, `frames`, `doc_id`. Frames stand in one field (`A|B`, `A;B`, `A#B`; `none`:
the statement has none; empty: nobody has looked) or in one column of 0 and 1 each. Rows of one `doc_id` are one document.
doccano's CSV has `label`, in which stance and frames are joined by `#`. Tables that `table_export` wrote carry `statement`
and `document`, of which only what was changed in the plain fields is changed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from stance.errors import LabelError
from stance.labels.convert.edit import set_frames, set_stance
from stance.labels.convert.marks import NO_FRAME, Vocabulary
from stance.labels.convert.source import Options, Passed, dumped, person, read_objects, read_text, text_field
from stance.labels.format import LabelledDocument, parse_document

_YES, _NO = ("1", "1.0", "true", "yes", "x"), ("0", "0.0", "false", "no")
_FIELDS = ("date", "outlet", "genre", "origin")


class Labels(NamedTuple):
    """What a row says; None: nothing."""

    stance: str | None
    frames: list[str] | None
    speaker: str | None


def read(path: Path, options: Options, passed: Passed) -> list[LabelledDocument]:
    """Return the documents of a flat table."""
    vocabulary = Vocabulary(options)
    rows = list(_rows(path))
    # a doccano file that uses any frame has labelled frames throughout
    framed = any(_frame_in_label(row, vocabulary) for _, row in rows)
    groups: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for number, (where, row) in enumerate(rows, start=1):
        groups.setdefault(str(row.get("doc_id") or f"{path.name}:{row.get('id') or number}"), []).append((where, row))
    documents = []
    for doc_id, group in groups.items():
        parsed = [(where, row, _labels(row, where, vocabulary, framed, passed)) for where, row in group]
        carried = next(((where, row["document"]) for where, row in group if row.get("document")), None)
        if carried is not None:
            record = _carried(carried, parsed, options, vocabulary)
        else:
            record = _record(doc_id, parsed, options)
        documents.append(parse_document(dumped(record), where=group[0][0]))
    return documents


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix.lower() in (".jsonl", ".json"):
        yield from read_objects(path)
        return
    text = read_text(path)
    head = text.partition("\n")[0]
    # spreadsheets of many countries separate by semicolons
    delimiter = next((d for d in (",", "\t", ";") if d in head), ",")
    csv.field_size_limit(10_000_000)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [h.strip() for h in rows.fieldnames or ()]
    rows.fieldnames = header
    if not {"text", "data"} & set(header):
        raise LabelError(
            f"{path}:1: no column 'text' (there are {', '.join(map(repr, header)) or 'none'}); name the columns in the first line"
        )
    try:
        for row in rows:
            if None in row:
                raise LabelError(
                    f"{path}:{rows.line_num}: more cells than columns; put texts that hold a {delimiter!r} in quotation marks"
                )
            yield f"{path}:{rows.line_num}", {k: v for k, v in row.items() if v is not None}
    except csv.Error as error:
        raise LabelError(f"{path}:{rows.line_num}: not a table ({error}); save it as CSV in UTF-8") from None


def _frame_in_label(row: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    return any(vocabulary.find(part) in (*vocabulary.frames, NO_FRAME) for part in _parts(row.get("label")))


def _parts(cell: Any) -> list[str]:
    parts = cell if isinstance(cell, list) else re.split(r"[|;#]", str(cell or ""))
    return [str(p).strip() for p in parts if str(p).strip()]


def _labels(row: Mapping[str, Any], where: str, vocabulary: Vocabulary, framed: bool, passed: Passed) -> Labels:
    speaker = str(row.get("speaker") or "").strip() or None
    if "label" in row and "stance" not in row:
        found = []
        for part in _parts(row["label"]):
            label = vocabulary.find(part)
            if label is None:
                passed[f"label {part!r}, which is none of the codebook (--map {part!r}=NAME gives it a meaning)"] += 1
            else:
                found.append(label)
        stances = [label for label in found if label in vocabulary.stances]
        if len(stances) > 1:
            raise LabelError(f"{where}: field 'label' has {len(stances)} stances ({', '.join(stances)}); keep one")
        return Labels(stances[0] if stances else None, [f for f in found if f in vocabulary.frames] if framed else None, speaker)
    stance = None
    if str(row.get("stance") or "").strip():
        stance = vocabulary.find(str(row["stance"]))
        if stance not in vocabulary.stances:
            raise LabelError(_unknown(where, "stance", str(row["stance"]), vocabulary.stances))
    return Labels(stance, _frames(row, where, vocabulary), speaker)


def _frames(row: Mapping[str, Any], where: str, vocabulary: Vocabulary) -> list[str] | None:
    cell = row.get("frames")
    frames: list[str] | None = [] if isinstance(cell, list) else None
    for part in _parts(cell):
        frame = vocabulary.find(part)
        if frame not in (*vocabulary.frames, NO_FRAME):
            raise LabelError(_unknown(where, "frames", part, (*vocabulary.frames, NO_FRAME)))
        frames = [*(frames or ()), *([frame] if frame != NO_FRAME and frame is not None else ())]
    for name, value in row.items():
        column = name.removeprefix("frame_")
        if column not in vocabulary.frames or str(value).strip() == "":
            continue
        if str(value).strip().casefold() not in (*_YES, *_NO):
            raise LabelError(f"{where}: field {name!r} is {value!r}; a column of a frame holds 0, 1 or nothing")
        frames = [*(frames or ()), *([column] if str(value).strip().casefold() in _YES else ())]
    return None if frames is None else list(dict.fromkeys(frames))


def _unknown(where: str, name: str, value: str, known: tuple[str, ...]) -> str:
    return f"{where}: field {name!r} is {value!r}, expected one of {', '.join(known)}; --map {value!r}=NAME gives it a meaning"


def _record(doc_id: str, rows: list[tuple[str, dict[str, Any], Labels]], options: Options) -> dict[str, Any]:
    """A document of rows: each a sentence and a statement of its own, with an empty line between them."""
    text, sentences, statements = "", [], []
    for number, (where, row, labels) in enumerate(rows):
        words = text_field(row, where, ("text", "data"))
        text += "\n\n" if number else ""
        start, end = len(text), len(text) + len(words)
        text += words
        sentences.append([start, end, "body"])
        narrator = labels.speaker == "@narrator"
        named = labels.speaker is not None and not narrator
        statements.append(
            {
                "sentence": number,
                "start": start,
                "end": end,
                "content": [] if narrator else [{"start": start, "end": end}],
                "speaker": labels.speaker if named else None,
                "speaker_status": "narrator" if narrator else "named" if named else None,
                "stance": labels.stance,
                "on_target": True if labels.stance not in (None, "neutral") else None,
                "frames": labels.frames,
                "annotator": person(row.get("annotator")) or options.made_by,
            }
        )
    first = rows[0][1]
    fields = {name: first[name] for name in _FIELDS if first.get(name)}
    record = {"doc_id": doc_id, "text": text, "origin": "real", "complete": False, **fields}
    return {**record, "sentences": sentences, "statements": statements}


def _carried(
    document: tuple[str, Any], rows: list[tuple[str, dict[str, Any], Labels]], options: Options, vocabulary: Vocabulary
) -> dict[str, Any]:
    """The document that an export carries, with the rows' statements."""
    record = _json(document[1], document[0], "document")
    statements = []
    for where, row, labels in rows:
        if not row.get("statement"):
            if str(row.get("text") or "").strip():
                raise LabelError(
                    f"{where}: field 'statement' is empty in a row of {record.get('doc_id')!r}; give new rows a doc_id of their own"
                )
            continue
        entry = _json(row["statement"], where, "statement")
        _revise(entry, row, labels, vocabulary)
        if entry.pop("_changed", False):
            entry["annotator"], entry["made"] = person(row.get("annotator")) or options.made_by, "corrected"
        statements.append(entry)
    return {**record, "statements": statements}


def _json(cell: Any, where: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(cell) if isinstance(cell, str) else cell
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise LabelError(
            f"{where}: field {name!r} is cut off or was edited; export again, or delete the columns 'statement' and 'document'"
        )
    return value


def _revise(entry: dict[str, Any], row: Mapping[str, Any], labels: Labels, vocabulary: Vocabulary) -> None:
    before = entry.get("frames")
    if ("stance" in row or "label" in row) and labels.stance != entry.get("stance"):
        set_stance(entry, labels.stance)
    if "label" in row and "stance" not in row:
        frames = labels.frames or (None if before is None else [])
    else:
        frames = labels.frames
    given = any(n in row for n in ("frames", "label")) or any(n.removeprefix("frame_") in vocabulary.frames for n in row)
    if given and ((frames is None) != (before is None) or set(frames or ()) != set(before or ())):
        set_frames(entry, frames)
    if "speaker" in row and labels.speaker != shown_speaker(entry):
        narrator = labels.speaker == "@narrator"
        entry["speaker"] = None if narrator else labels.speaker
        entry["speaker_status"] = "narrator" if narrator else "named" if labels.speaker else None
        entry["_changed"] = True


def shown_speaker(entry: Mapping[str, Any]) -> str | None:
    """Return what the field `speaker` of a row says: the name, @narrator, or nothing."""
    if entry.get("speaker_status") == "narrator":
        return "@narrator"
    return cell(entry.get("speaker")).strip() or None


def cell(value: str | None) -> str:
    """Return a value as it stands in a table: without NUL, since a file with such bytes is taken for no text at all."""
    return (value or "").replace("\x00", "\ufffd")
