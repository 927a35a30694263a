"""brat standoff: a `.ann` file of annotations beside the `.txt` they belong to (import only).

Read are text-bound annotations (T, also discontinuous), attributes (A, M) with labels, relations (R) and events (E) that tie a
cue, a mention or content to a statement, and names given to a mention by normalisation (N). Notes and equivalences are passed over.
Layout: brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stance.errors import LabelError
from stance.labels.convert.marks import Item, Mark
from stance.labels.convert.offsets import code_points, code_points_after_mark, resolve, utf16, utf16_short_breaks
from stance.labels.convert.source import Options, Passed, read_text

_READINGS = (code_points, code_points_after_mark, utf16, utf16_short_breaks)
_PARTS = ("cue", "content", "mention", "source", "speaker")
_TEXT_BOUND = re.compile(r"(?P<type>\S+) (?P<spans>\d+ \d+(?:;\d+ \d+)*)")


@dataclass
class _Annotations:
    """The annotations of a file by id."""

    bounds: dict[str, list[Mark]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # trigger, arguments
    values: list[tuple[str, str, str]] = field(default_factory=list)  # what, its label, where
    links: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def read(path: Path, options: Options, passed: Passed) -> Iterator[Item]:
    """Yield the text that a `.ann` (or `.txt`) file annotates."""
    path = path.with_suffix(".ann")
    source = path.with_suffix(".txt")
    if not source.is_file():
        raise LabelError(f"{path}: its text {source.name} is not beside it; put both files into one folder")
    text = read_text(source)
    found = _parse(path, passed)
    marks = [m for marks in _marks(found).values() for m in marks]
    yield Item(str(path), source.name, text, resolve(text, marks, _READINGS, str(path)))


def _parse(path: Path, passed: Passed) -> _Annotations:
    found = _Annotations()
    for number, line in enumerate(read_text(path).replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        name, _, rest = line.partition("\t")
        body, _, words = rest.partition("\t")
        match name[:1]:
            case "T":
                found.bounds[name] = list(_text_bound(body, words, where))
            case "E":
                trigger, *roles = [_role(part, where)[1] for part in body.split()] or [""]
                found.events[name] = (trigger, roles)
            case "R":
                _, *arguments = body.split()
                ends = [_role(part, where)[1] for part in arguments]
                if len(ends) != 2:
                    raise LabelError(f"{where}: a relation needs 'Arg1:…' and 'Arg2:…', found {body!r}")
                found.links.append((ends[0], ends[1], where))
            case "A" | "M":
                label, target, *value = body.split(maxsplit=2) if len(body.split()) > 1 else ("", "")
                if not target:
                    raise LabelError(f"{where}: an attribute needs a name and the annotation it belongs to, found {body!r}")
                found.values.append((target, value[0] if value else label, where))
            case "N":
                found.names[[*body.split(), "", ""][1]] = words.strip()
            case "#" | "*":
                passed["note of an annotator" if name[0] == "#" else "equivalence of annotations"] += 1
            case _:
                raise LabelError(
                    f"{where}: unknown kind of annotation {name!r}; expected lines that start with T, E, R, A, M, N, # or *"
                )
    return found


def _text_bound(body: str, words: str, where: str) -> Iterator[Mark]:
    match = _TEXT_BOUND.fullmatch(body.strip())
    if match is None:
        raise LabelError(f"{where}: expected 'T1<tab>Type start end<tab>text', found {body!r}")
    spans = [tuple(map(int, pair.split())) for pair in match["spans"].split(";")]
    for start, end in spans:
        # of a discontinuous annotation the file gives the words of all its pieces at once
        yield Mark(start, end, match["type"], words=words if words and len(spans) == 1 else None)


def _role(part: str, where: str) -> tuple[str, str]:
    role, sign, target = part.partition(":")
    if not sign:
        raise LabelError(f"{where}: expected 'Role:T1', found {part!r}")
    return role, target


def _marks(found: _Annotations) -> dict[str, list[Mark]]:
    """Marks by annotation, with their groups: the statement that relations and events tie them to."""
    marks = {name: [m._replace(group=name) for m in bound] for name, bound in found.bounds.items()}
    for name, bound in marks.items():
        part = bool(bound) and bound[0].label.casefold() in _PARTS
        if not part and len(bound) > 1:  # a statement in pieces reaches from the first to the last
            bound[:] = [Mark(min(m.start for m in bound), max(m.end for m in bound), bound[0].label, group=name)]
        if part:
            bound[:] = [m._replace(group=None, speaker=found.names.get(name)) for m in bound]
        elif name in found.names:
            bound[:] = [m._replace(speaker=found.names[name]) for m in bound]
    statement = {event: _event(event, found, marks) for event in found.events}
    for one, other, where in found.links:
        ends = [statement.get(e, e) for e in (one, other)]
        for end in ends:
            if end not in marks:
                raise LabelError(f"{where}: there is no annotation {end}; the file is cut short or was edited by hand")
        _tie(ends, marks)
    for target, label, where in found.values:
        name = statement.get(target, target)
        if name not in marks:
            raise LabelError(f"{where}: there is no annotation {target}; the file is cut short or was edited by hand")
        first = marks[name][0]
        marks[name].append(first._replace(label=label, words=None, speaker=first.speaker if first.group == name else None))
    return marks


def _event(event: str, found: _Annotations, marks: dict[str, list[Mark]]) -> str:
    """Tie the parts of an event to its statement (an argument that is no part, else its content); return the statement's id."""
    trigger, arguments = found.events[event]
    names = [n for n in (trigger, *arguments) if n in marks]
    labels = {n: marks[n][0].label.casefold() for n in names}
    head = next((n for n in names if labels[n] not in _PARTS), None) or next((n for n in names if labels[n] == "content"), trigger)
    if labels.get(head) == "content":
        first = marks[head][0]
        marks[head].append(first._replace(label="statement", words=None, group=head))
    for name in names:
        marks[name] = [m if name == head and m.label.casefold() not in _PARTS else m._replace(group=head) for m in marks[name]]
    return head


def _tie(ends: list[str], marks: dict[str, list[Mark]]) -> None:
    for name, other in (ends, ends[::-1]):
        if marks[name][0].label.casefold() in _PARTS:
            marks[name] = [m._replace(group=other) if m.label.casefold() in _PARTS else m for m in marks[name]]
