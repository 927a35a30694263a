"""Prodigy JSONL: `spans` with labels, `accept` and `label` for the whole text, and the `answer`.

Only accepted answers count; `reject` and `ignore` are passed over. Offsets count code points. Fields that Prodigy does not
know come back as they went in. Layouts: Prodigy's documentation of its annotation interfaces.
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
    """Yield the accepted texts of a Prodigy dataset (`prodigy db-out`)."""
    for number, (where, record) in enumerate(read_objects(path), start=1):
        answer = record.get("answer", "accept")
        if answer != "accept":
            passed[f"text answered {answer!r}"] += 1
            continue
        who = record.get("_annotator_id") or record.get("_session_id")
        if options.coder is not None and str(who) != options.coder:
            passed[f"text of another coder than {options.coder!r}"] += 1
            continue
        text = text_field(record, where)
        passed["relation between spans"] += len(record.get("relations") or ())
        meta = record["meta"] if isinstance(record.get("meta"), dict) else {}
        carried = carried_record(record, text, passed)
        touched = carried is None or "answer" in record
        yield Item(
            where=where,
            doc_id=str(record.get("doc_id") or meta.get("doc_id") or f"{path.name}:{number}"),
            text=text,
            marks=resolve(text, list(_spans(record, where)), (code_points,), where) if touched else None,
            labels=tuple(_choices(record, where)),
            fields={**meta, **record},
            carried=carried,
            annotator=person(who),
        )


def _spans(record: Mapping[str, Any], where: str) -> Iterator[Mark]:
    for number, span in enumerate(record.get("spans") or (), start=1):
        match span:
            case {"start": int(start), "end": int(end), "label": str(label)}:
                yield Mark(start, end, label, words=span.get("text"))
            case _:
                raise LabelError(
                    f"{where}: field 'spans', entry {number}: 'start', 'end' or 'label' is missing; export with db-out"
                )


def _choices(record: Mapping[str, Any], where: str) -> Iterator[str]:
    accepted = record.get("accept") or ()
    if not isinstance(accepted, list | tuple):
        raise LabelError(f"{where}: field 'accept' is no list; it holds the ids of the options that were chosen")
    names = {o.get("id"): o.get("text") for o in record.get("options") or () if isinstance(o, dict)}
    for choice in accepted:
        # ids are mostly the labels themselves; where they are numbers, the option's text is the label
        yield choice if isinstance(choice, str) else str(names.get(choice, choice))
    if isinstance(record.get("label"), str):
        yield record["label"]


def write(records: Iterable[Mapping[str, Any]], *, plain: bool = False) -> str:
    """Return labelled documents as JSON lines for `prodigy db-in` or `spans.manual`; labels nobody has checked have no answer."""
    lines = []
    for record in records:
        line: dict[str, Any] = {
            "text": record["text"],
            "spans": [{"start": m.start, "end": m.end, "label": m.label} for m in visible(record)],
            "meta": {"doc_id": record["doc_id"]},
        }
        if record.get("origin") == "written":
            line["meta"]["notice"] = NOTICE
        if any(s.get("annotator") for s in record["statements"]):
            line["answer"] = "accept"
        lines.append(dumped(line if plain else {**line, CARRIED: record}) + "\n")
    return "".join(lines)
