"""Annotation sheets: labels written by quoting words, compiled into offsets.

Annotators without a labelling screen (and language models, which cannot count characters) get an
article with numbered sentences and answer with one JSON object a statement, in which spans are quoted
words ("first words … last words" for long ones). `compile_sheet` finds the words and makes a labelled
document; words that cannot be found, or labels without a place, are errors that name the line.

The first line of the answers describes the article: `{"doc": id, "genre": …}`. Then, a statement a line:
`s` (sentence number), `speaker`, `status`, `mention` (`ms`: its sentence, if another), `cue` (`cs`), `content`
(list), `quote`, `mode`, `actor`, `org`, `stance`, `ground`, `basis`, `on` (on target), `frames`, `interference`, `ev` (evidence:
label -> list of words), `part` where the printed one is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stance.errors import LabelError
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.records import Document, Sentence, Span
from stance.sentences import split_sentences
from stance.text import tokenize

_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "\u00a0": " ", "–": "-", "—": "-", "\n": " ", "\t": " "}
)


def write_sheet(document: Document) -> str:
    """Return the article with numbered sentences, as an annotator reads it."""
    lines = [f"### {document.doc_id}"]
    for number, sentence in enumerate(split_sentences(tokenize(document.text)), start=1):
        part = "" if sentence.part == "body" else f" [{sentence.part}]"
        lines.append(f"{number}{part}: " + document.text[sentence.start : sentence.end].replace("\n", " "))
    return "\n".join(lines) + "\n"


def compile_sheet(
    document: Document, answers: str, *, where: str, annotator: Mapping[str, str], header: Mapping[str, Any]
) -> LabelledDocument:
    """Turn the answers for `document` into a labelled document; raises LabelError with all faults found."""
    sentences = split_sentences(tokenize(document.text))
    faults: list[str] = []
    statements: list[LabelledStatement] = []
    entries = list(_entries(answers, where, faults))
    if entries and "doc" in entries[0][1]:
        document = replace(document, genre=entries[0][1].get("genre", document.genre))
        entries = entries[1:]
    for number, entry in entries:
        try:
            at = int(entry["s"]) - 1
            if not 0 <= at < len(sentences):
                raise LabelError(f"sentence {at + 1} does not exist (1 to {len(sentences)})")
            if "part" in entry:
                sentences[at] = replace(sentences[at], part=entry["part"])
            statements.append(_compile(document.text, sentences, entry, annotator))
        except (LabelError, KeyError, TypeError, ValueError) as error:
            faults.append(f"{where}:{number}: {error if isinstance(error, LabelError) else f'field {error} is missing or wrong'}")
    silent = set(range(len(sentences))) - {s.sentence for s in statements}
    faults += [f"{where}: sentence {i + 1} has no statement" for i in sorted(silent)]
    if faults:
        raise LabelError("\n".join(faults))
    title = next((s.span for s in sentences if s.part == "title"), None)
    return LabelledDocument(
        replace(document, title=title), tuple(sentences), tuple(_narrowed(statements, sentences)), header, where
    )


def _entries(answers: str, where: str, faults: list[str]) -> Sequence[tuple[int, dict[str, Any]]]:
    found = []
    for number, line in enumerate(answers.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append((number, dict(json.loads(line))))
        except (json.JSONDecodeError, TypeError, ValueError) as error:
            faults.append(f"{where}:{number}: not a JSON object ({error})")
    return found


def _compile(text: str, sentences: list[Sentence], entry: dict[str, Any], annotator: Mapping[str, str]) -> LabelledStatement:
    at = int(entry["s"]) - 1
    here = sentences[at]
    speaker = entry["speaker"]
    status = entry.get("status") or ("narrator" if speaker is None else "named")
    narrator = status == "narrator"
    content = tuple(sorted(find_words(text, here, words, "content") for words in entry.get("content") or ()))
    cue = mention = None
    if entry.get("cue"):
        cue = find_words(text, sentences[int(entry.get("cs", at + 1)) - 1], entry["cue"], "cue", outside=content)
    if entry.get("mention"):
        mention = find_words(
            text, sentences[int(entry.get("ms", at + 1)) - 1], entry["mention"], "mention", near=cue, outside=content
        )
    stance = entry.get("stance", "neutral")
    evidence = [
        (label, find_words(text, here, words, f"evidence for {label}"))
        for label, quoted in (entry.get("ev") or {}).items()
        for words in quoted
    ]
    if not narrator and not content:
        raise LabelError("an attributed statement needs content")
    return LabelledStatement(
        sentence=at,
        start=here.start,
        end=here.end,
        speaker=None if narrator or status == "unresolved" else speaker,
        speaker_status=status,
        mention=mention,
        cue=cue,
        content=content,
        quote="none" if narrator else entry["quote"],
        mode=None if narrator else entry["mode"],
        actor=entry.get("actor"),
        organisation=entry.get("org"),
        stance=stance,
        ground=None if stance == "neutral" else entry["ground"],
        basis=None if stance == "neutral" else entry.get("basis", "explicit"),
        on_target=bool(entry["on"]) or stance != "neutral",
        frames=tuple(entry.get("frames") or ()),
        interference=bool(entry.get("interference", False)),
        evidence=tuple(evidence),
        annotator=annotator,
        made="blind",
    )


def find_words(
    text: str, sentence: Sentence, words: str, what: str, *, near: Span | None = None, outside: Sequence[Span] = ()
) -> Span:
    """Find quoted words in a sentence: whole words first, outside `outside` and close to `near` where there is a choice."""
    hay = text[sentence.start : sentence.end].translate(_ALIKE)
    pieces = (
        [p.strip().translate(_ALIKE) for p in re.split(r"\s*(?:…|\.\.\.)\s*", words)]
        if words not in hay
        else [words.translate(_ALIKE)]
    )
    pieces = [p for p in pieces if p]
    if not pieces:
        raise LabelError(f"{what}: no words given")
    found = _occurrences(hay, words.translate(_ALIKE).strip()) or _stretch(hay, pieces)
    if not found:
        raise LabelError(f"{what}: the words {words!r} do not stand in the sentence {text[sentence.start : sentence.end]!r}")
    spans = [Span(sentence.start + s, sentence.start + e) for s, e in found]
    free = [s for s in spans if not any(s.overlaps(o) for o in outside)] or spans
    if near is not None:
        return min(free, key=lambda s: (abs(s.start - near.start), s.start))
    return free[0]


def _occurrences(hay: str, words: str) -> list[tuple[int, int]]:
    pattern = (r"\b" if words[:1].isalnum() else "") + re.escape(words) + (r"\b" if words[-1:].isalnum() else "")
    exact = [m.span() for m in re.finditer(pattern, hay)]
    return exact or [m.span() for m in re.finditer(pattern, hay, re.IGNORECASE)]


def _stretch(hay: str, pieces: list[str]) -> list[tuple[int, int]]:
    """The stretch from the first piece to the last, in order."""
    first = at = -1
    for piece in pieces:
        at = hay.find(piece, max(at, 0))
        if at < 0:
            return []
        first = at if first < 0 else first
        at += len(piece)
    return [(first, at)]


def _narrowed(statements: list[LabelledStatement], sentences: list[Sentence]) -> list[LabelledStatement]:
    """Where a sentence reports several sources, shrink each span to its content, cue and mention."""
    counts: dict[int, int] = {}
    for statement in statements:
        counts[statement.sentence] = counts.get(statement.sentence, 0) + 1
    result = []
    for statement in sorted(statements, key=lambda s: (s.sentence, min((c.start for c in s.content), default=s.start))):
        here = sentences[statement.sentence]
        narrowed = statement
        spans = [s for s in (*statement.content, statement.cue, statement.mention) if s and here.span.contains(s)]
        if counts[statement.sentence] > 1 and statement.speaker_status != "narrator" and spans:
            narrowed = replace(statement, start=min(s.start for s in spans), end=max(s.end for s in spans))
        result.append(narrowed)
    return result
