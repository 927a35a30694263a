"""Marks: what all tools have in common, a stretch of text with a label.

A statement is marked by its stance (or by `statement` where it has none) and once for each frame, over the same stretch;
`cue`, `content` and `mention` mark its parts. What marks cannot say (speaker, ground, evidence) travels in
the field `labelled` of an export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stance.labels.convert.source import Options, Passed

STATEMENT, NO_FRAME = "statement", "none"
_PARTS = {"cue": "cue", "content": "content", "mention": "mention", "source": "mention", "speaker": "mention"}
_SPELT = {"favour": "favor"}  # British spelling of the shipped codebook's class
_PREFIXES = ("stance", "frame", "frames", "label")


class Mark(NamedTuple):
    """A labelled stretch; offsets as in the file until they are resolved.

    `words`: what the file says stands there; `group`: marks of one statement, where the file links them; `who`: the person who
    set it, where marks of a text differ in that.
    """

    start: int
    end: int
    label: str
    words: str | None = None
    group: str | None = None
    speaker: str | None = None
    organisation: str | None = None
    who: str | None = None


@dataclass(frozen=True)
class Item:
    """A text with its marks (code points) and labels of the whole. `marks` None: nobody has touched the text in the tool."""

    where: str
    doc_id: str
    text: str
    marks: tuple[Mark, ...] | None = ()
    labels: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    carried: Mapping[str, Any] | None = None
    annotator: Mapping[str, str] | None = None


class Vocabulary:
    """The labels that are understood, by any of their spellings."""

    def __init__(self, options: Options) -> None:
        self.stances = options.codebook.stances
        self.frames = options.codebook.frame_ids
        self._names = dict(options.names)
        known = (*self.stances, *self.frames, STATEMENT, NO_FRAME)
        self._known = {**_SPELT, **_PARTS, **{label.casefold(): label for label in known}}

    def find(self, label: str) -> str | None:
        """Return our name of a label: a stance, a frame, statement, none, cue, content, mention; None for any other."""
        folded = " ".join(label.split()).casefold()
        folded = self._names.get(folded, folded)
        for sign in (":", "="):
            head, _, tail = folded.partition(sign)
            if head.strip() in _PREFIXES and tail.strip():
                folded = tail.strip()
        found = self._known.get(folded.casefold())
        return found if found in (*self.stances, *self.frames, STATEMENT, NO_FRAME, *_PARTS.values()) else None

    def understood(self, marks: Sequence[Mark], passed: Passed) -> list[Mark]:
        """Give the marks our labels; count those of unknown label."""
        result = []
        for mark in marks:
            label = self.find(mark.label)
            if label is None:
                passed[f"label {mark.label!r}, which is none of the codebook (--map {mark.label!r}=NAME gives it a meaning)"] += 1
            else:
                result.append(mark._replace(label=label))
        return result

    def heads(self, label: str) -> bool:
        """Tell whether a label marks a statement rather than a part of one."""
        return label not in _PARTS.values()


def visible(record: Mapping[str, Any]) -> list[Mark]:
    """Return the marks of a labelled document's record, each once, in the order of the text."""
    marks: set[Mark] = set()
    for entry in record["statements"]:
        start, end = entry["start"], entry["end"]
        marks.add(Mark(start, end, entry.get("stance") or STATEMENT))
        marks.update(Mark(start, end, frame) for frame in entry.get("frames") or ())
        marks.update(Mark(c["start"], c["end"], "content") for c in entry.get("content") or ())
        marks.update(Mark(entry[part]["start"], entry[part]["end"], part) for part in ("cue", "mention") if entry.get(part))
    return sorted(marks, key=lambda m: (m.start, -m.end, m.label))


def by_stretch(marks: Sequence[Mark]) -> dict[tuple[int, int], list[str]]:
    """Group labels by stretch, in the order given."""
    groups: dict[tuple[int, int], list[str]] = {}
    for mark in marks:
        groups.setdefault((mark.start, mark.end), []).append(mark.label)
    return groups
