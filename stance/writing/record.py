"""A tagged statement as the record of the contract (design, section 2): the same names in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from stance.records import Span, TaggedStatement

_FLAT = ("cue", "mention")


def to_record(tagged: TaggedStatement) -> dict[str, Any]:
    """Return the record of a tagged statement, fields in the order of the contract, metadata of the input last."""
    statement, document = tagged.statement, tagged.document
    text = document.text

    def worded(span: Span | None) -> dict[str, Any] | None:
        return None if span is None else {"text": text[span.start : span.end], "start": span.start, "end": span.end}

    record: dict[str, Any] = {
        "doc_id": document.doc_id,
        "statement_id": tagged.statement_id,
        "sentence": statement.sentence,
        "part": statement.part,
        "start": statement.span.start,
        "end": statement.span.end,
        "text": tagged.text,
        "turn": statement.turn,
        "quote": statement.quote,
        "mode": statement.mode,
        "cue": worded(statement.cue),
        "content": [{"start": s.start, "end": s.end} for s in statement.content],
        "speaker": statement.speaker,
        "speaker_status": statement.speaker_status,
        "speaker_score": statement.speaker_score,
        "mention": worded(statement.mention),
        "actor": statement.actor,
        "organisation": statement.organisation,
        "stance": tagged.stance,
        "stance_scores": dict(tagged.stance_scores),
        "ground": tagged.ground,
        "on_target": tagged.on_target,
        "abstain": tagged.abstain,
        "frames": list(tagged.frames),
        "frame_scores": dict(tagged.frame_scores),
        "interference": tagged.interference,
        "title": text[document.title.start : document.title.end] if document.title else _headline(tagged),
        "outlet": document.outlet,
        "date": document.date,
        "model": tagged.model,
    }
    return record | {k: v for k, v in document.metadata.items() if k not in record}


def _headline(tagged: TaggedStatement) -> str | None:
    return None if tagged.headline is None else tagged.document.text[tagged.headline.start : tagged.headline.end]


def json_lines(statements: Iterable[TaggedStatement]) -> Iterator[str]:
    """Yield one JSON line a statement."""
    for tagged in statements:
        yield json.dumps(to_record(tagged), ensure_ascii=False) + "\n"


CSV_COLUMNS = (
    "doc_id statement_id sentence part start end text turn quote mode cue cue_start cue_end content "
    "speaker speaker_status speaker_score mention mention_start mention_end actor organisation "
    "stance stance_favor stance_against stance_neutral ground on_target abstain frames frame_scores interference "
    "title outlet date model metadata"
).split()


def csv_rows(statements: Iterable[TaggedStatement], *, header: bool = True) -> Iterator[str]:
    """Yield CSV lines; the narrator is `@narrator`, no frames are `none`, frames are joined by "|", spans and scores are JSON."""
    buffer = io.StringIO(newline="")
    writer: Any = None
    for tagged in statements:
        record = flat_record(tagged)
        if writer is None:
            # Lines end as RFC 4180 says; with a bare "\n" the csv module would leave a "\r" in a field unquoted.
            writer = csv.DictWriter(buffer, fieldnames=list(record), extrasaction="ignore", lineterminator="\r\n")
            if header:
                writer.writeheader()
        writer.writerow(record)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def flat_record(tagged: TaggedStatement) -> dict[str, Any]:
    """Return the record with scalar values only, for tables."""
    record = to_record(tagged)
    for name in _FLAT:
        span = record[name]
        record[name] = span["text"] if span else ""
        record[f"{name}_start"], record[f"{name}_end"] = (span["start"], span["end"]) if span else ("", "")
    scores = record.pop("stance_scores")
    record |= {f"stance_{label}": score for label, score in scores.items()}
    record["content"] = json.dumps([[s["start"], s["end"]] for s in record["content"]])
    narrator = record["speaker_status"] == "narrator"
    record["speaker"] = "@narrator" if narrator else record["speaker"] or ""
    record["frames"] = "|".join(record["frames"]) or "none"
    record["frame_scores"] = json.dumps(record["frame_scores"])
    record["metadata"] = json.dumps(dict(tagged.document.metadata), ensure_ascii=False) if tagged.document.metadata else ""
    ordered = [c for c in CSV_COLUMNS if c in record]
    extra = [f"stance_{label}" for label in scores if f"stance_{label}" not in CSV_COLUMNS]
    return {c: "" if record[c] is None else record[c] for c in (*ordered, *extra)}
