"""Annotation sheets of our own: numbered sentences out, answers in (`stance.labels.sheet`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from stance.errors import LabelError
from stance.labels.convert.source import NOTICE, Options, Passed, read_text
from stance.labels.format import HEADER, LabelledDocument
from stance.labels.sheet import compile_sheet, write_sheet
from stance.reading import read as read_documents
from stance.records import Document


def read(path: Path, options: Options, passed: Passed) -> list[LabelledDocument]:
    """Compile the answers of a file, which may hold those for several articles, each opened by a line {"doc": id}."""
    if not options.documents:
        raise LabelError(f"{path}: answers to a sheet name words, not places; give the articles with --documents")
    known = {d.doc_id: d for d in read_documents(options.documents)}
    compiled = []
    for doc_id, answers in _split(path):
        document = known.get(doc_id)
        if document is None:
            raise LabelError(
                f"{path}: field 'doc': no article {doc_id!r} among the {len(known)} of --documents; give the file that holds it"
            )
        compiled.append(_compile(document, answers, str(path), options))
    return compiled


def _compile(document: Document, answers: str, where: str, options: Options) -> LabelledDocument:
    header = {"origin": "real", **{name: document.metadata[name] for name in HEADER if name in document.metadata}, "complete": True}
    labelled = compile_sheet(document, answers, where=where, annotator=options.made_by or {}, header=header)
    nobody = [replace(s, annotator=s.annotator or None) for s in labelled.statements]
    return replace(labelled, statements=tuple(nobody))


def _split(path: Path) -> Iterator[tuple[str, str]]:
    """Yield document id and answers; empty lines stand for what came before, so that faults name the file's lines."""
    doc_id: str | None = None
    lines: list[str] = []
    for number, line in enumerate(read_text(path).split("\n")):
        if not line.strip():
            lines.append("")
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            entry = None  # compile_sheet says what is wrong with it
        if isinstance(entry, dict) and "doc" in entry:
            if doc_id is not None:
                yield doc_id, "\n".join(lines)
            doc_id, lines = str(entry["doc"]), [""] * number
        elif doc_id is None:
            raise LabelError(
                f'{path}:{number + 1}: field \'doc\' is missing; the first line of answers is {{"doc": id, "genre": …}}'
            )
        lines.append(line)
    if doc_id is None:
        raise LabelError(f'{path}: no answers in this file; the first line is {{"doc": id, "genre": …}}')
    yield doc_id, "\n".join(lines)


def write(documents: Iterable[LabelledDocument]) -> str:
    """Return the articles' sheets, with an empty line between them; the labels stay out, so that annotators are blind."""
    sheets = []
    for labelled in documents:
        notice = f"# {NOTICE}\n" if labelled.header.get("origin") == "written" else ""
        sheets.append(notice + write_sheet(labelled.document))
    return "\n".join(sheets)
