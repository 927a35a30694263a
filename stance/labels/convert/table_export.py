"""Labelled documents to flat tables: a row a statement, and beside the plain fields what makes the way back lossless.

`statement` holds the whole statement of the row and `document` (in a document's first row) the text and its sentences, so that no
cell comes near the 32,767 characters at which spreadsheets cut.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stance.labels.convert.marks import NO_FRAME
from stance.labels.convert.source import NOTICE, dumped
from stance.labels.convert.table import cell, shown_speaker

COLUMNS = "columns"  # frames as one 0/1 column each, instead of a separator


def write(records: Iterable[Mapping[str, Any]], *, frame_ids: Sequence[str], separator: str = "|", plain: bool = False) -> str:
    """Return labelled documents as CSV; `separator` joins the frames, or is "columns" for one 0/1 column a frame."""
    rows = []
    for record, entry, extra in _statements(records, plain):
        frames = entry.get("frames")
        if separator == COLUMNS:
            shown = {f: "" if frames is None else str(int(f in frames)) for f in frame_ids}
        else:
            shown = {"frames": "" if frames is None else separator.join(frames) or NO_FRAME}
        rows.append(
            {
                "doc_id": record["doc_id"],
                "text": cell(entry.get("text")),
                "stance": entry.get("stance") or "",
                **shown,
                "speaker": shown_speaker(entry) or "",
                **extra,
            }
        )
    return _csv(rows)


def write_doccano(records: Iterable[Mapping[str, Any]], *, plain: bool = False) -> str:
    """Return labelled documents as CSV for a doccano project for text classification, labels joined by `#`."""
    rows = []
    for number, (record, entry, extra) in enumerate(_statements(records, plain), start=1):
        labels = [label for label in (entry.get("stance"), *(entry.get("frames") or ())) if label]
        row = {"id": number, "text": cell(entry.get("text")), "label": "#".join(labels), "doc_id": record["doc_id"]}
        rows.append({**row, "speaker": shown_speaker(entry) or "", **extra})
    return _csv(rows)


def _statements(
    records: Iterable[Mapping[str, Any]], plain: bool
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], dict[str, str]]]:
    """Yield record, statement and further columns of each row; a document without statements has one row without text."""
    for record in records:
        entries = record["statements"] or ([] if plain else [{}])
        for number, entry in enumerate(entries):
            extra = {"notice": NOTICE if record.get("origin") == "written" else ""}
            if not plain:
                bare = {k: v for k, v in record.items() if k != "statements"}
                extra["statement"] = dumped(entry) if entry else ""
                extra["document"] = dumped(bare) if number == 0 else ""
            yield record, entry, extra


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    stream = io.StringIO(newline="")
    if rows:
        # with this end of line, which RFC 4180 asks for, both of its characters are quoted in texts
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return stream.getvalue()
