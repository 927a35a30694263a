"""Label Studio JSON (tasks with annotations) and JSON_MIN (one flat object a task).

Offsets of text regions count UTF-16 code units, in later versions code points; the words of a region decide where they stand in the
export. JSON_MIN writes a single choice as a plain string and several as {"choices": [...]}, and drops the ids that tie
choices to regions. Cancelled annotations are passed over. Layouts: labelstud.io/guide/task_format, label-studio-converter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.errors import LabelError
from stance.labels.convert.marks import Item, Mark, by_stretch, visible
from stance.labels.convert.offsets import code_points, resolve, to_utf16, utf16, utf16_short_breaks
from stance.labels.convert.source import CARRIED, NOTICE, Options, Passed, carried_record, dumped, person, read_objects, text_field

_READINGS = (utf16, utf16_short_breaks, code_points)
_LABEL_KEYS = ("labels", "hypertextlabels", "choices")
_PARTS = ("cue", "content", "mention", "source", "speaker")
_MIN_CHOICES = ("stance", "frames", "frame", "label", "labels", "choice", "choices", "sentiment")


def read(path: Path, options: Options, passed: Passed) -> Iterator[Item]:
    """Yield the annotated tasks of a Label Studio export, JSON or JSON_MIN, told apart task by task."""
    for number, (where, task) in enumerate(read_objects(path), start=1):
        full = isinstance(task.get("data"), dict)
        data = task["data"] if full else task
        annotation = _chosen(task, options, passed) if full else _min_annotation(task, options, passed)
        if annotation is None:
            continue
        strings = [k for k, v in data.items() if isinstance(v, str)]
        text = text_field(data, where, ("text", *(strings if len(strings) == 1 else ())))
        carried = carried_record(data, text, passed)
        if not annotation.get("touched", True) and carried is None:
            passed["task without annotation"] += 1
            continue
        marks, labels = _results(annotation, where, passed) if full else _min_values(task, where)
        yield Item(
            where=where,
            doc_id=str(data.get("doc_id") or f"{path.name}:{task.get('id') or number}"),
            text=text,
            marks=resolve(text, marks, _READINGS, where) if annotation.get("touched", True) else None,
            labels=tuple(labels),
            fields=data,
            carried=carried,
            annotator=person(_who(annotation.get("completed_by"))),
        )


def _who(value: Any) -> str | None:
    """The name of an annotator, who may be an e-mail address, an object or a number."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return f"labelstudio-{value}" if isinstance(value, int) else value


def _wanted(who: Any, options: Options, passed: Passed) -> bool:
    names = {str(who), str(_who(who))} | ({str(who.get("id"))} if isinstance(who, dict) else set())
    if options.coder is None or options.coder in names:
        return True
    passed[f"annotation of another coder than {options.coder!r}"] += 1
    return False


def _chosen(task: Mapping[str, Any], options: Options, passed: Passed) -> Mapping[str, Any] | None:
    """The annotation of a task to take: the ground truth, else the first; `touched` False if nobody has made any."""
    annotations: list[dict[str, Any]] = task.get("annotations") or task.get("completions") or []  # "completions" before version 1
    kept = []
    for annotation in annotations:
        if annotation.get("was_cancelled"):
            passed["cancelled annotation (was_cancelled)"] += 1
        elif _wanted(annotation.get("completed_by"), options, passed):
            kept.append(annotation)
    if not kept:
        return None if annotations else {"touched": False, "result": []}
    passed["further annotation of a task (--coder picks whose to take)"] += len(kept) - 1
    return next((a for a in kept if a.get("ground_truth")), kept[0])


def _min_annotation(task: Mapping[str, Any], options: Options, passed: Passed) -> Mapping[str, Any] | None:
    if task.get("was_cancelled"):
        passed["cancelled annotation (was_cancelled)"] += 1
        return None
    who = task.get("annotator")
    return {"completed_by": who} if _wanted(who, options, passed) else None


def _results(annotation: Mapping[str, Any], where: str, passed: Passed) -> tuple[list[Mark], list[str]]:
    marks: list[Mark] = []
    labels: list[str] = []
    speakers: dict[str, str] = {}
    links: dict[str, str] = {}
    for number, result in enumerate(annotation.get("result") or (), start=1):
        kind, value = result.get("type"), result.get("value") or {}
        if kind == "relation":
            links |= {result.get("to_id"): result.get("from_id"), result.get("from_id"): result.get("to_id")}
        elif kind == "textarea" and result.get("from_name") in ("speaker", "source") and result.get("id"):
            speakers[result["id"]] = " ".join(value.get("text") or ())
        elif any(k in value for k in _LABEL_KEYS):
            found, whole = _value(value, f"{where}: annotation {annotation.get('id', '')}, result {number}")
            marks += [m._replace(group=result.get("id")) for m in found]
            labels += whole
        else:
            passed[f"result of type {kind!r}"] += 1
    return [_linked(m, links, speakers) for m in marks], labels


def _linked(mark: Mark, links: Mapping[str, str], speakers: Mapping[str, str]) -> Mark:
    """Tie a part to the statement's region that a relation names; a statement's group is its own region."""
    group = mark.group or ""
    if mark.label.casefold() in _PARTS:
        return mark._replace(group=links.get(group), speaker=speakers.get(group))
    return mark._replace(speaker=speakers.get(group))


def _value(value: Mapping[str, Any], where: str) -> tuple[list[Mark], list[str]]:
    labels = next(value[k] for k in _LABEL_KEYS if k in value)
    labels = [labels] if isinstance(labels, str) else list(labels or ())
    span = value.get("globalOffsets") or value
    if "start" not in span and "end" not in span:
        return [], labels
    if not isinstance(span.get("start"), int) or not isinstance(span.get("end"), int):
        raise LabelError(
            f"{where}: field 'start' or 'end' is no number (hypertext regions need 'globalOffsets'); annotate with a <Text> tag"
        )
    return [Mark(span["start"], span["end"], label, words=value.get("text")) for label in labels], []


def _min_values(task: Mapping[str, Any], where: str) -> tuple[list[Mark], list[str]]:
    marks: list[Mark] = []
    labels: list[str] = []
    for name, value in task.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict) and any(k in entry for k in _LABEL_KEYS):
                found, whole = _value(entry, f"{where}, field {name!r}")
                marks += found
                labels += whole
            elif isinstance(entry, str) and name in _MIN_CHOICES:
                labels.append(entry)
    return marks, labels


def write(records: Iterable[Mapping[str, Any]], *, plain: bool = False) -> str:
    """Return labelled documents as tasks; labels nobody has checked are predictions, the others annotations."""
    tasks = []
    for number, record in enumerate(records, start=1):
        result = [
            {"id": f"r{i}", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
            for i, value in enumerate(_regions(record), start=1)
        ]
        checked = any(s.get("annotator") for s in record["statements"])
        annotations = [{"id": number, "result": result, "was_cancelled": False, "ground_truth": False}]
        predictions = [{"model_version": "stance", "result": result}]
        tasks.append(
            {
                "id": number,
                "data": _data(record, plain),
                "annotations": annotations if checked else [],
                "predictions": [] if checked else predictions,
            }
        )
    return _array(tasks)


def write_min(records: Iterable[Mapping[str, Any]], *, plain: bool = False) -> str:
    """Return labelled documents as JSON_MIN."""
    return _array([{"id": n, **_data(r, plain), "label": _regions(r)} for n, r in enumerate(records, start=1)])


def _data(record: Mapping[str, Any], plain: bool) -> dict[str, Any]:
    notice = {"notice": NOTICE} if record.get("origin") == "written" else {}
    return {"text": record["text"], "doc_id": record["doc_id"], **notice, **({} if plain else {CARRIED: record})}


def _regions(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = record["text"]
    at = to_utf16(text)
    return [
        {"start": at[start], "end": at[end], "text": text[start:end], "labels": labels}
        for (start, end), labels in by_stretch(visible(record)).items()
    ]


def _array(items: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(map(dumped, items)) + "\n]\n" if items else "[]\n"
