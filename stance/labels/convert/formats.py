"""The formats by name: which one a file has, import, export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stance.errors import LabelError
from stance.labels.convert import answers, brat, dna, doccano, labelstudio, prodigy, table, table_export
from stance.labels.convert.build import build
from stance.labels.convert.marks import Item
from stance.labels.convert.source import Options, Passed, read_objects, read_text
from stance.labels.format import LabelledDocument, to_record

IMPORTS = ("auto", "doccano", "labelstudio", "prodigy", "brat", "dna", "csv", "sheet")
EXPORTS = ("doccano", "doccano-csv", "labelstudio", "labelstudio-min", "prodigy", "csv", "sheet")
FRAME_STYLES = ("|", ";", "#", table_export.COLUMNS)

_MARKED: Mapping[str, Callable[[Path, Options, Passed], Iterator[Item]]] = {
    "doccano": doccano.read,
    "labelstudio": labelstudio.read,
    "prodigy": prodigy.read,
    "brat": brat.read,
    "dna": dna.read,
}
_TABLES, _DATABASES = (".csv", ".tsv"), (".dna", ".sqlite", ".sqlite3", ".db")


class Imported(NamedTuple):
    """Labelled documents, and what was passed over: why -> how often."""

    documents: list[LabelledDocument]
    passed: Passed


def import_labels(paths: Iterable[str | Path], options: Options, *, kind: str = "auto") -> Imported:
    """Read labels of other tools from files (or folders of brat); `kind` is one of `IMPORTS`.

    Raises LabelError, naming file, line and field, for what cannot be read; what was deliberately left out is counted.
    """
    passed = Passed()
    documents: dict[str, LabelledDocument] = {}
    for path in _files(paths, kind):
        name = detect(path) if kind == "auto" else kind
        for document in _guarded(path, name, options, passed):
            doc_id = document.document.doc_id
            if doc_id in documents and name in ("prodigy", "labelstudio"):  # one text, several annotators
                passed["further annotation of a document (--coder picks whose to take)"] += 1
                continue
            if doc_id in documents:
                raise LabelError(
                    f"{document.source}: field 'doc_id': {doc_id!r} stands already at {documents[doc_id].source}; rename one"
                )
            documents[doc_id] = document
    passed = +passed  # without the reasons that never occurred
    if not documents:
        reasons = "; ".join(f"{n} x {why}" for why, n in passed.items())
        raise LabelError(f"nothing to import{': ' + reasons if reasons else ''}; look at --from, --coder and --map")
    return Imported(list(documents.values()), passed)


def _guarded(path: Path, name: str, options: Options, passed: Passed) -> list[LabelledDocument]:
    try:
        return _read(path, name, options, passed)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        # JSON of other people can have any shape; what the readers look for is named where it is missed most
        raise LabelError(
            f"{path}: a field has the wrong form for {name} ({type(error).__name__}: {error}); is --from right?"
        ) from error


def _read(path: Path, name: str, options: Options, passed: Passed) -> list[LabelledDocument]:
    if name == "sheet":
        return answers.read(path, options, passed)
    if name == "csv" or (name == "doccano" and path.suffix.lower() in _TABLES):
        return table.read(path, options, passed)
    # the codebook of a DNA project is its coder's own: that it has one of our frames does not mean it has looked for all
    return build(_MARKED[name](path, options, passed), options, passed, all_framed=name != "dna")


def _files(paths: Iterable[str | Path], kind: str) -> Iterator[Path]:
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        files = sorted(path.rglob("*.ann")) if kind in ("auto", "brat") else []
        if not files:
            raise LabelError(
                f"{path}: a folder without .ann files; only brat keeps its labels in folders, give the files themselves"
            )
        yield from files


def detect(path: Path) -> str:
    """Tell the format of a file by its name and its first object; raises LabelError where that is unclear."""
    suffix = path.suffix.lower()
    if suffix == ".ann":
        return "brat"
    if suffix in _DATABASES:
        return "dna"
    if suffix in _TABLES:
        return "csv"
    if not read_text(path).lstrip().startswith(("{", "[")):
        raise LabelError(f"{path}: neither a table nor JSON; say with --from what it is ({', '.join(IMPORTS[1:])})")
    record: dict[str, Any] = next((record for _, record in read_objects(path)), {})
    keys = set(record)
    if {"sentences", "statements"} <= keys:
        raise LabelError(f"{path}: holds labelled documents of stance already; there is nothing to import")
    tests = (
        (
            "labelstudio",
            {"annotations", "data"} <= keys or {"completions", "data"} <= keys or bool(keys & {"annotation_id", "lead_time"}),
        ),
        ("sheet", "doc" in keys),
        ("prodigy", bool(keys & {"spans", "answer", "accept", "_task_hash"})),
        ("labelstudio", suffix == ".json" and _has_regions(record)),
        ("doccano", bool(keys & {"label", "labels", "entities", "cats"})),
        ("csv", {"text", "stance"} <= keys),
    )
    found = next((name for name, holds in tests if holds), None)
    if found is None:
        raise LabelError(f"{path}: the fields {', '.join(map(repr, record))} are of no format known; say with --from what it is")
    return found


def _has_regions(record: Mapping[str, Any]) -> bool:
    """JSON_MIN without annotation_id: regions are objects with offsets and a list of labels."""
    lists = [v for v in record.values() if isinstance(v, list)]
    return any(isinstance(r, dict) and {"start", "end", "labels"} <= set(r) for v in lists for r in v)


def export_labels(
    documents: Sequence[LabelledDocument], to: str, *, frame_ids: Sequence[str], frames: str = "|", plain: bool = False
) -> str:
    """Return labelled documents in the format `to`, one of `EXPORTS`.

    An export carries the whole labelled document along, so that importing it again gives the same labels; `plain` leaves that
    out. `frames` is how CSV writes them, one of `FRAME_STYLES`.
    """
    if to == "sheet":
        return answers.write(documents)
    records = map(to_record, documents)
    if to == "csv":
        return table_export.write(records, frame_ids=frame_ids, separator=frames, plain=plain)
    writers: dict[str, Callable[..., str]] = {
        "doccano": doccano.write,
        "doccano-csv": table_export.write_doccano,
        "labelstudio": labelstudio.write,
        "labelstudio-min": labelstudio.write_min,
        "prodigy": prodigy.write,
    }
    return writers[to](records, plain=plain)
