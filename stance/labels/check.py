"""The checker of labelled files: every rule that a machine can see.

Offsets that do not fit, unknown labels, sentences left out, duplicate ids and keys, leaks between splits: each is a `Fault`
with file, line and place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stance.codebook import Codebook
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.records import GENRES, MODES, PARTS, QUOTE_TYPES, STATUSES, Span

SPLITS = ("", "train", "test", "seed")


class Fault(NamedTuple):
    """A broken rule: `where` is file and line, `what` says where in the document and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(documents: Sequence[LabelledDocument], codebook: Codebook) -> list[Fault]:
    """Return all faults of the documents, in their order."""
    faults = [Fault(d.source, what) for d in documents for what in _document(d, codebook)]
    faults += list(_duplicates(documents))
    return faults


def _duplicates(documents: Sequence[LabelledDocument]) -> Iterator[Fault]:
    by_id: dict[str, str] = {}
    by_text: dict[str, LabelledDocument] = {}
    for document in documents:
        doc_id, text = document.document.doc_id, " ".join(document.document.text.split())
        if doc_id in by_id:
            yield Fault(document.source, f"{doc_id}: this doc_id stands already at {by_id[doc_id]}; every document needs its own")
        by_id.setdefault(doc_id, document.source)
        other = by_text.setdefault(text, document)
        if other is not document and other.split != document.split:
            yield Fault(document.source, f"{doc_id}: the same text as {other.document.doc_id}, but in another split; keep one")


def _document(labelled: LabelledDocument, codebook: Codebook) -> Iterator[str]:
    document = labelled.document
    n = len(document.text)
    if document.genre not in GENRES:
        yield f"{document.doc_id}: unknown genre {document.genre!r}; one of {', '.join(GENRES)}"
    if labelled.split not in SPLITS:
        yield f"{document.doc_id}: unknown split {labelled.split!r}; one of {', '.join(SPLITS[1:])}"
    version = labelled.header.get("codebook", codebook.version)
    if version != codebook.version:
        yield f"{document.doc_id}: labelled by codebook version {version}, codebook.toml is {codebook.version}; look again"
    if document.title is not None and not _fits(document.title, n):
        yield f"{document.doc_id}: title {tuple(document.title)} lies outside the text (0 to {n})"
    end = 0
    for number, sentence in enumerate(labelled.sentences):
        if sentence.part not in PARTS:
            yield f"{document.doc_id}, sentence {number}: unknown part {sentence.part!r}; one of {', '.join(PARTS)}"
        if not _fits(sentence.span, n) or sentence.start < end:
            yield f"{document.doc_id}, sentence {number}: bounds {sentence.start}-{sentence.end} do not fit ({end} to {n})"
        end = max(end, sentence.end)
    yield from _complete(labelled)
    keys = set()
    for statement in labelled.statements:
        yield from (
            f"{document.doc_id}, statement at {statement.start}: {what}" for what in _statement(statement, labelled, codebook)
        )
        if statement.key in keys:
            yield f"{document.doc_id}, statement at {statement.start}: sentence, speaker and mention of another; join them"
        keys.add(statement.key)


def _complete(labelled: LabelledDocument) -> Iterator[str]:
    """A document that says it is complete has a statement for every sentence, and sentences for every word."""
    if not labelled.header.get("complete"):
        return
    document = labelled.document
    labelled_sentences = {s.sentence for s in labelled.statements}
    for number in range(len(labelled.sentences)):
        if number not in labelled_sentences:
            yield f"{document.doc_id}, sentence {number}: left out (no statement); nobody else's is the narrator's"
    end = 0
    for sentence in (*labelled.sentences, None):
        start = len(document.text) if sentence is None else sentence.start
        gap = document.text[end:start].strip()
        if gap:
            yield f"{document.doc_id}: the text {gap[:40]!r} at {end} belongs to no sentence"
        end = end if sentence is None else sentence.end


def _fits(span: Span, n: int) -> bool:
    return 0 <= span.start < span.end <= n


def _statement(s: LabelledStatement, labelled: LabelledDocument, codebook: Codebook) -> Iterator[str]:
    if not 0 <= s.sentence < len(labelled.sentences):
        yield f"sentence {s.sentence} does not exist (0 to {len(labelled.sentences) - 1})"
        return
    sentence = labelled.sentences[s.sentence].span
    n = len(labelled.document.text)
    if not _fits(s.span, n) or not sentence.contains(s.span):
        yield f"span {s.start}-{s.end} does not lie in its sentence {tuple(sentence)}"
    for name, spans in (("content", s.content), ("evidence", tuple(e for _, e in s.evidence))):
        yield from (
            f"{name} {tuple(c)} does not lie in its sentence {tuple(sentence)}"
            for c in spans
            if not _fits(c, n) or not sentence.contains(c)
        )
    for name, span in (("cue", s.cue), ("mention", s.mention)):
        if span is not None and not _fits(span, n):
            yield f"{name} {tuple(span)} lies outside the text (0 to {n})"
    yield from _labels(s, codebook)


def _labels(s: LabelledStatement, codebook: Codebook) -> Iterator[str]:
    known: tuple[tuple[str, str | None, Sequence[str]], ...] = (
        ("quote", s.quote, QUOTE_TYPES),
        ("mode", s.mode, MODES),
        ("speaker_status", s.speaker_status, STATUSES),
        ("stance", s.stance, codebook.stances),
        ("ground", s.ground, codebook.grounds),
        ("basis", s.basis, ("explicit", "inferred")),
        ("made", s.made, ("blind", "prefilled", "corrected")),
    )
    for name, value, allowed in known:
        if value is not None and value not in allowed:
            yield f"unknown {name} {value!r}; one of {', '.join(allowed)}"
    for frame in s.frames or ():
        if frame not in codebook.frame_ids:
            yield f"unknown frame {frame!r}; one of {', '.join(codebook.frame_ids)}"
    if len(set(s.frames or ())) != len(s.frames or ()):
        yield "a frame stands twice"
    narrator = s.speaker_status == "narrator"
    if narrator and (s.speaker is not None or s.quote != "none"):
        yield "the narrator has neither speaker nor quote type; set speaker to null and quote to none"
    if s.speaker_status in ("named", "group") and not s.speaker:
        yield f"a {s.speaker_status} source needs its canonical name in speaker"
    if not narrator and s.annotator and not s.content:
        yield "an attributed statement needs content spans"
    if s.stance not in (None, "neutral") and s.on_target is False:
        yield f"{s.stance} is always on target"
    if s.stance == "neutral" and (s.ground or s.basis):
        yield "a neutral statement has neither ground nor basis"
