"""Statements as records: made from marks, given their parts, placed in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.errors import LabelError
from stance.labels.convert.marks import NO_FRAME, Mark, Vocabulary
from stance.labels.convert.source import Passed

Sentences = list[list[Any]]  # [start, end, part] each, as in a record


def trimmed(text: str, marks: Sequence[Mark], passed: Passed) -> list[Mark]:
    """Take white space off the ends of marks; people drag a little too far."""
    result = []
    for mark in marks:
        words = text[mark.start : mark.end]
        start = mark.start + len(words) - len(words.lstrip())
        end = mark.end - len(words) + len(words.rstrip())
        if start >= end:
            passed["mark that covers nothing but white space"] += 1
        else:
            result.append(mark._replace(start=start, end=end))
    return result


def new_statement(
    start: int, end: int, marks: Sequence[Mark], vocabulary: Vocabulary, framed: bool, passed: Passed
) -> dict[str, Any]:
    """Return the record of a statement with the stance and frames of `marks`; a smaller stretch of a frame is evidence for it."""
    labels = list(dict.fromkeys(m.label for m in marks))
    stances = [label for label in labels if label in vocabulary.stances]
    frames = [label for label in labels if label in vocabulary.frames]
    if len(stances) > 1:
        passed[f"stance of a statement marked {' and '.join(sorted(stances))} at once (left unlabelled)"] += 1
    stance = stances[0] if len(stances) == 1 else None
    return {
        "start": start,
        "end": end,
        "cue": None,
        "mention": None,
        "content": [],
        "speaker": None,
        "speaker_status": None,
        "stance": stance,
        "on_target": True if stance not in (None, "neutral") else None,
        "frames": frames if frames or framed or NO_FRAME in labels else None,
        "evidence": [
            {"for": m.label, "start": m.start, "end": m.end}
            for m in marks
            if m.label in vocabulary.frames and (m.start, m.end) != (start, end)
        ],
        "_groups": {m.group for m in marks if m.group},
    }


def attach(statements: Sequence[dict[str, Any]], parts: Sequence[Mark], passed: Passed) -> None:
    """Give cues, mentions and content to the statement they are linked to, else to the nearest."""
    for mark in sorted(parts, key=lambda m: (m.start, m.end)):
        linked = [s for s in statements if mark.group in s["_groups"]] if mark.group else []
        free = [s for s in linked or statements if mark.label == "content" or s[mark.label] is None]
        if not free:
            passed[f"{mark.label} that belongs to no statement, or to one that has its {mark.label} already"] += 1
            continue
        nearest = min(free, key=lambda s: (max(s["start"] - mark.end, mark.start - s["end"], 0), s["start"]))
        span = {"start": mark.start, "end": mark.end}
        if mark.label == "content":
            if nearest["start"] <= mark.start and mark.end <= nearest["end"]:
                if span not in nearest["content"]:
                    nearest["content"] = sorted([*nearest["content"], span], key=lambda c: int(c["start"]))
            else:
                passed["content that lies outside its statement"] += 1
            continue
        nearest[mark.label] = span
        if mark.label == "mention" and mark.speaker and nearest["speaker"] is None:
            nearest["speaker"], nearest["speaker_status"] = mark.speaker, "named"


def join_sentences(sentences: Sentences, spans: Sequence[Mark]) -> tuple[Sentences, list[int]]:
    """Join the sentences that one span runs over; return them and, for each old one, its new number."""
    bounds = [list(s) for s in sentences]
    first = list(range(len(bounds)))  # old sentence -> the first of those it is joined with
    for span in spans:
        touched = [i for i, (start, end, _) in enumerate(sentences) if start < span.end and span.start < end]
        for i in touched[1:]:
            old, new = sorted((first[i], first[touched[0]]), reverse=True)
            first = [new if f == old else f for f in first]
        if touched:  # a span may begin or end between sentences
            at = first[touched[0]]
            bounds[at][0] = min(bounds[at][0], span.start)
            bounds[at][1] = max(bounds[at][1], span.end)
    joined: Sentences = []
    numbers: list[int] = []
    for i, (start, end, part) in enumerate(bounds):
        if first[i] == i:
            joined.append([start, end, part])
        else:
            last = joined[-1]
            last[1], last[2] = max(last[1], end), part if last[2] == part else "body"
        numbers.append(len(joined) - 1)
    return joined, numbers


def sentence_of(sentences: Sentences, at: int, where: str) -> int:
    """Return the number of the sentence that holds the character `at`."""
    for number, (start, end, _) in enumerate(sentences):
        if start <= at < end:
            return number
    raise LabelError(f"{where}: a mark at character {at} lies in no sentence; mark words, not the space between them")
