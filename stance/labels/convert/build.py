"""Items to labelled documents: statements made from marks, or a carried document with the marks' changes.

A stretch with a stance, a frame or the label `statement` is a statement; a frame inside another statement's stretch is that
statement's, with the stretch as evidence; content that no statement covers is one too. Cue, mention and content go to the statement
that the file links them to, else to the nearest. Sentences that one statement runs over are joined: bounds are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stance.labels.convert.edit import edited, whole_marks
from stance.labels.convert.marks import NO_FRAME, STATEMENT, Item, Mark, Vocabulary
from stance.labels.convert.source import Options, Passed, dumped, person
from stance.labels.convert.statements import attach, join_sentences, new_statement, sentence_of, trimmed
from stance.labels.format import LabelledDocument, parse_document
from stance.sentences import split_sentences
from stance.text import tokenize

_FIELDS = ("title", "date", "outlet", "genre")


def build(items: Iterable[Item], options: Options, passed: Passed, *, all_framed: bool = True) -> list[LabelledDocument]:
    """Turn the items of one file into labelled documents; what cannot be used is counted in `passed`.

    A file that labels frames anywhere is taken to label them everywhere, so that a statement without one has none;
    `all_framed` False leaves the frames of such a statement unlabelled.
    """
    items = list(items)
    vocabulary = Vocabulary(options)
    found = {vocabulary.find(m) for i in items for m in (*i.labels, *(m.label for m in i.marks or ()))}
    framed = all_framed and bool(found & {*vocabulary.frames, NO_FRAME})
    documents = []
    for item in items:
        annotator = item.annotator or options.made_by
        if item.carried is not None:
            record = edited(item, vocabulary, annotator, passed)
        else:
            record = _record(item, vocabulary, annotator, framed, passed)
        documents.append(parse_document(dumped(record), where=item.where))
    return documents


def _record(
    item: Item, vocabulary: Vocabulary, annotator: Mapping[str, str] | None, framed: bool, passed: Passed
) -> dict[str, Any]:
    marks = trimmed(item.text, vocabulary.understood(item.marks or (), passed), passed)
    marks += vocabulary.understood(whole_marks(item, marks, vocabulary, passed), passed)
    heads, inner, parts = _sort(marks, vocabulary)
    sentences = [[s.start, s.end, s.part] for s in split_sentences(tokenize(item.text))]
    if not item.marks:
        sentences = [[0, len(item.text), "body"]]
    sentences, _ = join_sentences(sentences, heads)
    statements = []
    for (start, end, speaker), labels in _grouped(heads).items():
        frames = [m for m in inner if start <= m.start and m.end <= end]
        statement = new_statement(start, end, [*labels, *frames], vocabulary, framed, passed)
        statement["sentence"] = sentence_of(sentences, start, item.where)
        statement["speaker"], statement["speaker_status"] = _speaker(speaker)
        statement["organisation"] = next((m.organisation for m in labels if m.organisation), None)
        statement["annotator"] = person(next((m.who for m in labels if m.who), None)) or annotator
        statements.append(statement)
    attach(statements, parts, passed)
    statements = _joined(statements, passed)
    for statement in statements:
        del statement["_groups"]
        narrator = statement["speaker_status"] == "narrator"
        if not statement["content"] and not narrator:
            statement["content"] = [{"start": statement["start"], "end": statement["end"]}]
    return {
        "doc_id": item.doc_id,
        "text": item.text,
        **{name: item.fields.get(name) for name in _FIELDS if item.fields.get(name)},
        "origin": item.fields.get("origin") or "real",
        "complete": False,
        "sentences": sentences,
        "statements": sorted(statements, key=lambda s: (s["sentence"], s["start"])),
    }


def _sort(marks: Sequence[Mark], vocabulary: Vocabulary) -> tuple[list[Mark], list[Mark], list[Mark]]:
    """Sort marks into statements, frames inside a statement, and parts of statements."""
    firm = [m for m in marks if m.label in (*vocabulary.stances, STATEMENT)]
    frames = [m for m in marks if m.label in vocabulary.frames or m.label == NO_FRAME]
    parts = [m for m in marks if not vocabulary.heads(m.label)]
    stretches = {(m.start, m.end) for m in firm}
    inner = [m for m in frames if (m.start, m.end) not in stretches and any(f.start <= m.start and m.end <= f.end for f in firm)]
    heads = firm + [m for m in frames if m not in inner]
    if any(m.label == "content" for m in parts):
        alone = [m for m in parts if m.label == "content" and not any(m.start < h.end and h.start < m.end for h in heads)]
        heads += [m._replace(label=STATEMENT) for m in alone]
    return heads, inner, parts


def _grouped(heads: Sequence[Mark]) -> dict[tuple[int, int, str | None], list[Mark]]:
    """Group marks of one stretch and speaker; a mark without speaker goes to the stretch's first."""
    groups: dict[tuple[int, int, str | None], list[Mark]] = {}
    for mark in sorted(heads, key=lambda m: (m.start, m.end, m.speaker is None)):
        same = next((k for k in groups if k[:2] == (mark.start, mark.end)), None) if mark.speaker is None else None
        groups.setdefault(same or (mark.start, mark.end, mark.speaker), []).append(mark)
    return groups


def _speaker(name: str | None) -> tuple[str | None, str | None]:
    """Speaker and status; without a name both are unlabelled."""
    if name is None:
        return None, None
    return (None, "narrator") if name == "@narrator" else (name, "named")


def _joined(statements: list[dict[str, Any]], passed: Passed) -> list[dict[str, Any]]:
    """Join what one named source says in one sentence: the codebook has one statement for it."""
    kept: dict[tuple[int, str], dict[str, Any]] = {}
    result = []
    for statement in statements:
        key = (statement["sentence"], statement["speaker"] or "")
        other = kept.get(key) if statement["speaker"] else None
        if other is None or (other["mention"] or statement["mention"]):
            kept.setdefault(key, statement)
            result.append(statement)
            continue
        if statement.get("stance") and other.get("stance") not in (None, statement["stance"]):
            passed["statement whose source takes the other side in the same sentence (only the first was kept)"] += 1
            continue
        _join(other, statement)
    return result


def _join(one: dict[str, Any], other: dict[str, Any]) -> None:
    for entry in (one, other):
        entry["content"] = entry["content"] or [{"start": entry["start"], "end": entry["end"]}]
    both = one["content"] + [c for c in other["content"] if c not in one["content"]]
    one["content"] = sorted(both, key=lambda c: int(c["start"]))
    one["start"], one["end"] = min(one["start"], other["start"]), max(one["end"], other["end"])
    for name in ("stance", "on_target", "cue", "organisation", "annotator"):
        one[name] = other.get(name) if one.get(name) is None else one[name]
    if one.get("frames") is not None or other.get("frames") is not None:
        one["frames"] = list(dict.fromkeys([*(one.get("frames") or ()), *(other.get("frames") or ())]))
    one["evidence"] = one["evidence"] + other["evidence"]
