"""A carried document with the changes that people made to its marks.

An export carries the whole labelled document beside the marks that a tool shows. What comes back unchanged is the carried
document, to the letter; where marks were added or taken away, the statements concerned are changed, and only they.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from stance.labels.convert.marks import STATEMENT, Item, Mark, Vocabulary, visible
from stance.labels.convert.source import Passed
from stance.labels.convert.statements import attach, join_sentences, new_statement, sentence_of, trimmed


def edited(item: Item, vocabulary: Vocabulary, annotator: Mapping[str, str] | None, passed: Passed) -> dict[str, Any]:
    """Return the carried record of an item, changed where the item's marks differ from those it was exported with."""
    assert item.carried is not None
    record = copy.deepcopy(dict(item.carried))
    if item.marks is None:
        return record
    shown = visible(record)
    marks = [Mark(m.start, m.end, m.label) for m in [*item.marks, *whole_marks(item, shown, vocabulary, passed)]]
    known = {m.label for m in shown}  # labels of ours that this codebook lacks come back as they went
    given = {m for m in marks if m.label in known}
    given |= set(trimmed(item.text, vocabulary.understood([m for m in marks if m.label not in known], passed), passed))
    added, removed = given - set(shown), set(shown) - given
    if added or removed:
        _apply(record, item.where, added, removed, given, vocabulary, passed)
    for entry in record["statements"]:
        if entry.pop("_changed", False):
            entry["annotator"], entry["made"] = annotator, "corrected"
        elif annotator and not entry.get("annotator"):  # labels of the model that somebody has looked at and left
            entry["annotator"], entry["made"] = annotator, "corrected"
    return record


def whole_marks(item: Item, marks: Sequence[Mark], vocabulary: Vocabulary, passed: Passed) -> list[Mark]:
    """Place the labels of the whole text: on the one statement that is marked in it, else on all of its words.

    Where several are marked nobody can say whose they are (JSON_MIN drops that), and they are passed over.
    """
    stretches = {(m.start, m.end) for m in marks if _head(m, vocabulary)}
    if len(stretches) > 1:
        passed["label of a whole text in which several statements are marked"] += len(item.labels)
        return []
    text = item.text
    start, end = next(iter(stretches), (len(text) - len(text.lstrip()), len(text.rstrip())))
    return [Mark(start, end, label) for label in item.labels]


def _apply(
    record: dict[str, Any],
    where: str,
    added: set[Mark],
    removed: set[Mark],
    given: set[Mark],
    vocabulary: Vocabulary,
    passed: Passed,
) -> None:
    kept = [
        e for e in record["statements"] if any((m.start, m.end) == (e["start"], e["end"]) and _head(m, vocabulary) for m in given)
    ]
    old = {(e["start"], e["end"]) for e in record["statements"]}
    for entry in kept:
        here = (entry["start"], entry["end"])
        revise(
            entry,
            {m.label for m in added if (m.start, m.end) == here},
            {m.label for m in removed if (m.start, m.end) == here},
            vocabulary,
            passed,
        )
        _unmark(entry, removed)
    heads = sorted(m for m in added if _head(m, vocabulary) and (m.start, m.end) not in old)
    record["sentences"], numbers = join_sentences(record["sentences"], heads)
    for entry in kept:
        entry["sentence"], entry["_groups"] = numbers[entry["sentence"]], set()
    fresh = [_fresh(start, end, heads, vocabulary, passed) for start, end in dict.fromkeys((m.start, m.end) for m in heads)]
    for entry in fresh:
        entry["sentence"] = sentence_of(record["sentences"], entry["start"], where)
    before = [_parts(e) for e in kept]
    attach([*kept, *fresh], [m for m in added if not _head(m, vocabulary)], passed)
    for entry, parts in zip(kept, before, strict=True):
        entry["_changed"] = entry.get("_changed", False) or _parts(entry) != parts
    for entry in fresh:
        entry["content"] = entry["content"] or [{"start": entry["start"], "end": entry["end"]}]
    statements = sorted([*kept, *fresh], key=lambda e: (e["sentence"], e["start"])) if fresh else kept
    for entry in statements:
        del entry["_groups"]
    record["statements"] = statements


def _head(mark: Mark, vocabulary: Vocabulary) -> bool:
    return vocabulary.heads(mark.label)


def _fresh(start: int, end: int, heads: Sequence[Mark], vocabulary: Vocabulary, passed: Passed) -> dict[str, Any]:
    marks = [m for m in heads if (m.start, m.end) == (start, end)]
    return {**new_statement(start, end, marks, vocabulary, True, passed), "_changed": True}


def _parts(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry.get("cue"), entry.get("mention"), entry.get("content")


def _unmark(entry: dict[str, Any], removed: set[Mark]) -> None:
    """Take the parts away whose marks are gone."""
    gone = {(m.start, m.end, m.label) for m in removed}
    for part in ("cue", "mention"):
        span = entry.get(part)
        if span and (span["start"], span["end"], part) in gone:
            entry[part], entry["_changed"] = None, True
    content = [c for c in entry.get("content") or () if (c["start"], c["end"], "content") not in gone]
    if content != (entry.get("content") or []):
        entry["content"], entry["_changed"] = content, True


def revise(entry: dict[str, Any], added: set[str], removed: set[str], vocabulary: Vocabulary, passed: Passed) -> None:
    """Change the stance and the frames of a statement's record by the labels added and removed; says so in `_changed`."""
    stances = sorted(added & set(vocabulary.stances))
    if len(stances) > 1 or (stances and entry.get("stance") not in (None, *removed)):
        passed["second stance of a statement (the first was kept)"] += 1
        stances = stances[:1] if entry.get("stance") in (None, *removed) else []
    if stances or (entry.get("stance") and entry["stance"] in removed):
        set_stance(entry, stances[0] if stances else None)
    frames = list(entry.get("frames") or ())
    changed = [f for f in frames if f not in removed] + sorted(f for f in added if f in vocabulary.frames and f not in frames)
    if changed != frames:
        set_frames(entry, changed)
    entry["_changed"] = entry.get("_changed", False) or bool({*added, *removed} - {STATEMENT})


def set_stance(entry: dict[str, Any], stance: str | None) -> None:
    """Give a statement another stance; what was said about the old one (ground, basis, evidence) goes with it."""
    entry["stance"], entry["ground"], entry["basis"], entry["_changed"] = stance, None, None, True
    entry["on_target"] = True if stance not in (None, "neutral") else None
    entry["evidence"] = [e for e in entry.get("evidence") or () if e["for"] != "stance"]


def set_frames(entry: dict[str, Any], frames: list[str] | None) -> None:
    """Give a statement other frames; evidence for those it no longer has goes too."""
    gone = set(entry.get("frames") or ()) - set(frames or ())
    entry["frames"], entry["_changed"] = frames, True
    entry["evidence"] = [e for e in entry.get("evidence") or () if e["for"] not in gone]
