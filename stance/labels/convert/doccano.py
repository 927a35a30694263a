"""doccano JSONL: one text a line with `label` as [start, end, label], or `entities` with offsets, or labels of the whole text.

Offsets count code points. doccano keeps fields it does not know as metadata and exports them again, which carries the rest of our
labels. Spans overlap: allow that in the project's settings. Layouts: doccano's `data_export/pipeline` (formatters, labels).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.errors import LabelError
from stance.labels.convert.marks import Item, Mark, visible
from stance.labels.convert.offsets import code_points, resolve
from stance.labels.convert.source import CARRIED, NOTICE, Options, Passed, carried_record, dumped, person, read_objects, text_field


def read(path: Path, options: Options, passed: Passed) -> Iterator[Item]:
    """Yield the texts of a doccano export (JSON lines or a JSON array)."""
    for number, (where, record) in enumerate(read_objects(path), start=1):
        text = text_field(record, where, ("text", "data"))
        marks, labels = _labels(record, where)
        for name, what in (("Comments", "comment"), ("relations", "relation between spans")):
            passed[what] += len(record.get(name) or ())
        yield Item(
            where=where,
            doc_id=str(record.get("doc_id") or f"{path.name}:{record.get('id') or number}"),
            text=text,
            marks=resolve(text, marks, (code_points,), where),
            labels=tuple(labels),
            fields=record,
            carried=carried_record(record, text, passed),
            annotator=person(record.get("annotator") or record.get("username")),
        )


def _labels(record: Mapping[str, Any], where: str) -> tuple[list[Mark], list[str]]:
    name = next((n for n in ("entities", "label", "labels", "annotations", "cats") if n in record), None)
    if name is None:
        raise LabelError(f"{where}: none of the fields 'label', 'labels' and 'entities' is there; export the project as JSONL")
    entries = record[name]
    marks, labels = [], []
    for entry in [
        *([entries] if isinstance(entries, str) else entries or ()),
        *(record.get("cats") or () if name != "cats" else ()),
    ]:
        match entry:
            case str():
                labels.append(entry)
            case [int(start), int(end), str(label)]:
                marks.append(Mark(start, end, label))
            case {"start_offset": int(start), "end_offset": int(end), "label": str(label)}:
                marks.append(Mark(start, end, label))
            case {"label": int()}:
                raise LabelError(f"{where}: field {name!r} holds numbers of labels; export as JSONL with text labels")
            case _:
                raise LabelError(
                    f"{where}: field {name!r} holds {str(entry)[:60]}; expected [start, end, label], an entity or a label"
                )
    return marks, labels


def write(records: Iterable[Mapping[str, Any]], *, plain: bool = False) -> str:
    """Return labelled documents as JSON lines to import into a doccano project for sequence labelling."""
    lines = []
    for number, record in enumerate(records, start=1):
        line = {
            "id": number,
            "text": record["text"],
            "label": [[m.start, m.end, m.label] for m in visible(record)],
            "doc_id": record["doc_id"],
        }
        if record.get("origin") == "written":
            line["notice"] = NOTICE
        lines.append(dumped(line if plain else {**line, CARRIED: record}) + "\n")
    return "".join(lines)
