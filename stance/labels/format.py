"""Labelled documents: the records of `labels/*.jsonl`, read and written.

One line is one document with its sentences and statements (design, section 2). A field that is absent
is unlabelled and masked for the head that would learn it; `frames: []` means none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance.errors import LabelError
from stance.records import Document, Sentence, Span

UNLABELLED: Any = None  # of frames and on_target: absent in the file


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """One annotated statement; spans count characters of the document, end exclusive."""

    sentence: int
    start: int
    end: int
    speaker: str | None
    speaker_status: str
    mention: Span | None = None
    cue: Span | None = None
    content: tuple[Span, ...] = ()
    quote: str = "none"
    mode: str | None = None
    actor: str | None = None
    organisation: str | None = None
    stance: str | None = None
    ground: str | None = None
    basis: str | None = None
    on_target: bool | None = None
    frames: tuple[str, ...] | None = None
    interference: bool = False
    evidence: tuple[tuple[str, Span], ...] = ()
    annotator: Mapping[str, str] | None = None
    made: str | None = None

    @property
    def key(self) -> tuple[int, str | None, int | None]:
        """Sentence, speaker and start of the mention (codebook, section 1)."""
        return (self.sentence, self.speaker, self.mention.start if self.mention else None)

    @property
    def span(self) -> Span:
        """The statement's stretch of the document."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """An annotated article. `header` keeps what identifies it: target, codebook, split, origin, follows, complete."""

    document: Document
    sentences: tuple[Sentence, ...]
    statements: tuple[LabelledStatement, ...]
    header: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def split(self) -> str:
        """The part of the set the article belongs to: train, test, seed, or "" where none is given."""
        return str(self.header.get("split") or "")


HEADER = ("origin", "follows", "target", "codebook", "split", "complete", "pair")


def read_labels(path: str | Path) -> list[LabelledDocument]:
    """Read the labelled documents of a `.jsonl` file, or of all such files directly in a folder, in name order.

    Files whose name starts with `pairs` hold statement pairs, not articles, and are passed over.
    Raises LabelError (naming file and line) where a line is not a labelled document.
    """
    path = Path(path)
    if not path.exists():
        raise LabelError(f"{path}: no such file or folder; give a .jsonl file of labelled documents or the folder that holds them")
    files = [path] if path.is_file() else [f for f in sorted(path.glob("*.jsonl")) if not f.name.startswith("pairs")]
    documents = [document for file in files for document in _read_file(file)]
    if not documents:
        raise LabelError(f"{path}: holds no labelled document; expected .jsonl files with one document a line")
    return documents


def _read_file(path: Path) -> Iterator[LabelledDocument]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelError(f"{path}: not UTF-8 text (byte {error.start}); labelled documents are JSON lines in UTF-8") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield parse_document(line, where=f"{path}:{number}")


def parse_document(line: str, *, where: str) -> LabelledDocument:
    """Turn one JSON line into a labelled document; `where` opens the message of a LabelError."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise LabelError(f"{where}: not JSON ({error.msg} at character {error.pos})") from None
    if not isinstance(record, dict):
        raise LabelError(f"{where}: expected an object, found {type(record).__name__}")
    try:
        document = Document(
            doc_id=str(record["doc_id"]),
            text=record["text"],
            title=_span(record.get("title")),
            date=record.get("date"),
            outlet=record.get("outlet"),
            genre=record.get("genre", "unknown"),
        )
        sentences = tuple(Sentence(int(s), int(e), part) for s, e, part in record["sentences"])
        statements = tuple(_statement(entry) for entry in record["statements"])
    except KeyError as error:
        raise LabelError(f"{where}: field {error} is missing") from None
    except (TypeError, ValueError) as error:
        raise LabelError(f"{where}: a field has the wrong form ({error})") from None
    header = {name: record[name] for name in HEADER if name in record}
    return LabelledDocument(document, sentences, statements, header, where)


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return Span(int(value["start"]), int(value["end"]))
    start, end = value
    return Span(int(start), int(end))


def _statement(entry: Mapping[str, Any]) -> LabelledStatement:
    if not isinstance(entry.get("annotator"), Mapping | None):
        raise TypeError("annotator must be an object with id and kind")
    frames = entry.get("frames", UNLABELLED)
    return LabelledStatement(
        sentence=int(entry["sentence"]),
        start=int(entry["start"]),
        end=int(entry["end"]),
        speaker=entry["speaker"],
        speaker_status=entry["speaker_status"],
        mention=_span(entry.get("mention")),
        cue=_span(entry.get("cue")),
        content=tuple(s for s in map(_span, entry.get("content", ())) if s),
        quote=entry.get("quote", "none"),
        mode=entry.get("mode"),
        actor=entry.get("actor"),
        organisation=entry.get("organisation"),
        stance=entry.get("stance"),
        ground=entry.get("ground"),
        basis=entry.get("basis"),
        on_target=entry.get("on_target", UNLABELLED),
        frames=None if frames is UNLABELLED else tuple(frames),
        interference=bool(entry.get("interference", False)),
        evidence=tuple((e["for"], Span(int(e["start"]), int(e["end"]))) for e in entry.get("evidence", ())),
        annotator=entry.get("annotator"),
        made=entry.get("made"),
    )


def to_record(labelled: LabelledDocument) -> dict[str, Any]:
    """Turn a labelled document into the JSON object of its line."""
    document = labelled.document
    return {
        "doc_id": document.doc_id,
        "text": document.text,
        "title": list(document.title) if document.title else None,
        "date": document.date,
        "outlet": document.outlet,
        "genre": document.genre,
        **labelled.header,
        "sentences": [[s.start, s.end, s.part] for s in labelled.sentences],
        "statements": [_entry(s, document.text) for s in labelled.statements],
    }


def _entry(statement: LabelledStatement, text: str) -> dict[str, Any]:
    def worded(span: Span | None) -> dict[str, Any] | None:
        return None if span is None else {"text": text[span.start : span.end], "start": span.start, "end": span.end}

    entry: dict[str, Any] = {
        "sentence": statement.sentence,
        "start": statement.start,
        "end": statement.end,
        "text": text[statement.start : statement.end],
        "quote": statement.quote,
        "mode": statement.mode,
        "cue": worded(statement.cue),
        "content": [{"start": s.start, "end": s.end} for s in statement.content],
        "speaker": statement.speaker,
        "speaker_status": statement.speaker_status,
        "mention": worded(statement.mention),
        "actor": statement.actor,
        "organisation": statement.organisation,
        "stance": statement.stance,
        "ground": statement.ground,
        "basis": statement.basis,
        "on_target": statement.on_target,
        "frames": None if statement.frames is None else list(statement.frames),
        "interference": statement.interference,
        "evidence": [{"for": name, "start": s.start, "end": s.end} for name, s in statement.evidence],
        "annotator": dict(statement.annotator) if statement.annotator else None,
        "made": statement.made,
    }
    for absent in ("stance", "on_target", "frames", "annotator", "made"):
        if entry[absent] is None:
            del entry[absent]
    return entry


def write_labels(documents: Iterable[LabelledDocument], path: str | Path) -> int:
    """Write labelled documents as JSONL, whole or not at all; return how many."""
    path = Path(path)
    lines = [json.dumps(to_record(d), ensure_ascii=False) + "\n" for d in documents]
    scratch = path.with_name(path.name + ".part")
    scratch.write_text("".join(lines), encoding="utf-8", newline="")
    scratch.replace(path)
    return len(lines)
