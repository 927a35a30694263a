"""`stance labels`: check, count, compare and convert labelled documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import OutputOption, QuietOption, VerboseOption, output, say
from stance.codebook import Codebook, read_codebook
from stance.errors import StanceError

app = typer.Typer(help="Check, count, compare and convert labelled documents.", no_args_is_help=True, rich_markup_mode=None)

LabelsArgument = Annotated[str, typer.Argument(help="Folder (or .jsonl file) of labelled documents.", metavar="LABELS")]
CodebookOption = Annotated[
    str | None,
    typer.Option("--codebook", help="Folder or file of codebook.toml [default: beside the labels, else the shipped model's]."),
]


@app.command("check", epilog="Example: stance labels check labels/")
def check(
    labels: LabelsArgument, codebook: CodebookOption = None, quiet: QuietOption = False, verbose: VerboseOption = False
) -> None:
    """Check labelled documents: offsets, labels, sentences left out, duplicates; every fault with file and line."""
    from stance.labels.check import check as check_documents
    from stance.labels.format import read_labels

    documents = read_labels(labels)
    faults = check_documents(documents, _codebook(labels, codebook))
    for fault in faults:
        print(fault)
    if faults:
        raise StanceError(f"{len(faults)} faults in {labels}; see above")
    say(f"stance: {len(documents)} documents, {sum(len(d.statements) for d in documents)} statements, no fault", quiet=quiet)


@app.command("stats", epilog="Example: stance labels stats labels/")
def stats(
    labels: LabelsArgument, codebook: CodebookOption = None, quiet: QuietOption = False, verbose: VerboseOption = False
) -> None:
    """Count documents, statements and labels."""
    from stance.labels.format import read_labels
    from stance.labels.stats import as_text, count

    rules = _codebook(labels, codebook)
    print(as_text(count(read_labels(labels), rules), rules), end="")


@app.command("agree", epilog="Example: stance labels agree labels/agreement/first.jsonl labels/agreement/second.jsonl")
def agree(
    first: LabelsArgument,
    second: Annotated[str, typer.Argument(help="The other coder's labels of the same articles.", metavar="OTHER")],
    codebook: CodebookOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Compare two coders: Krippendorff's alpha with 95 % intervals by article."""
    from stance.labels.agree import agree as compare
    from stance.labels.agree import as_text
    from stance.labels.format import read_labels

    result = compare(read_labels(first), read_labels(second), _codebook(first, codebook))
    if not result.articles:
        raise StanceError(f"{first} and {second} have no article in common (by doc_id)")
    print(as_text(result), end="")


@app.command("doubt", epilog="Example: stance labels doubt labels/ --predictions models/kurdistan-2017.oof.jsonl --top 50")
def doubt(
    labels: LabelsArgument,
    predictions: Annotated[
        str | None, typer.Option(help="Out-of-fold predictions [default: the shipped model's].", metavar="FILE")
    ] = None,
    top: Annotated[int, typer.Option("--top", help="How many to list.", min=1)] = 200,
    format: Annotated[str, typer.Option("-f", "--format", help="table or jsonl.")] = "table",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the labels that out-of-fold predictions contradict most."""
    from stance.labels.doubt import doubts, read_predictions
    from stance.labels.format import read_labels
    from stance.tagger import shipped_model

    if format not in ("table", "jsonl"):
        raise typer.BadParameter(f"{format!r} is not one of table, jsonl", param_hint="'--format'")
    shipped = shipped_model() if predictions is None else None
    file = predictions or str(shipped.with_name(f"{shipped.name}.oof.jsonl") if shipped else "")
    found = doubts(read_labels(labels), read_predictions(file))
    for one in found[:top]:
        if format == "jsonl":
            print(json.dumps(one._asdict(), ensure_ascii=False))
        else:
            print(f"{one.margin:.2f}  {one.where}  sentence {one.sentence}  {one.head}: {one.labelled} -> {one.predicted}?")
            print(f"      {one.text[:160]}")
    say(f"stance: {len(found)} labels in doubt, {min(top, len(found))} listed", quiet=quiet)


@app.command(
    "import",
    epilog="Example: stance labels import project-7.json --from labelstudio --map pro=favor --map contra=against -o labels.jsonl",
)
def import_(
    files: Annotated[list[str], typer.Argument(help="Files of another tool; for brat also folders.", metavar="FILES...")],
    source: Annotated[
        str, typer.Option("--from", help="auto, doccano, labelstudio, prodigy, brat, dna, csv or sheet.", metavar="FORMAT")
    ] = "auto",
    out: OutputOption = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a label (or a concept of DNA) means here; may be repeated.", metavar="THEIRS=OURS"),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(help="Who made the labels, where the files do not say; train skips labels of nobody.", metavar="NAME"),
    ] = None,
    coder: Annotated[
        str | None, typer.Option(help="Take this coder's annotations, where the files hold several people's.", metavar="NAME")
    ] = None,
    documents: Annotated[
        list[str] | None, typer.Option(help="File or folder of the articles that answers to sheets belong to.", metavar="PATH")
    ] = None,
    codebook: CodebookOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Turn labels made in another tool into labelled documents; says on stderr what was passed over and why."""
    from stance.labels.convert.formats import IMPORTS, import_labels
    from stance.labels.convert.marks import Vocabulary
    from stance.labels.convert.source import Options
    from stance.labels.format import to_record

    _one_of(source, IMPORTS, "--from")
    rules = _codebook(files[0] if out is None or out == "-" else out, codebook)
    vocabulary = Vocabulary(Options(rules))
    meanings = {}
    for text in names or ():
        theirs, sign, ours = text.rpartition("=")
        if not sign or vocabulary.find(ours) is None:
            known = ", ".join((*rules.stances, *rules.frame_ids, "statement", "none", "cue", "content", "mention"))
            raise typer.BadParameter(f"{text!r} is not LABEL=NAME with one of {known}", param_hint="'--map'")
        meanings[" ".join(theirs.split()).casefold()] = ours.strip()
    found = import_labels(files, Options(rules, meanings, annotator, coder, tuple(documents or ())), kind=source)
    with output(out) as stream:
        stream.writelines(json.dumps(to_record(d), ensure_ascii=False) + "\n" for d in found.documents)
    for why, times in sorted(found.passed.items(), key=lambda item: (-item[1], item[0])):
        say(f"stance: passed over: {times} x {why}", quiet=quiet)
    statements = [s for d in found.documents for s in d.statements]
    nobody = sum(not s.annotator for s in statements)
    hint = f"; {nobody} without an annotator, which train skips (--annotator NAME says who made them)" if nobody else ""
    say(f"stance: {len(found.documents)} documents, {len(statements)} statements imported{hint}", quiet=quiet)


@app.command("export", epilog="Example: stance labels export labels/ --to prodigy -o labels-prodigy.jsonl")
def export(
    labels: LabelsArgument,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="doccano, doccano-csv, labelstudio, labelstudio-min, prodigy, csv or sheet (articles only).",
            metavar="FORMAT",
        ),
    ],
    out: OutputOption = None,
    frames: Annotated[str, typer.Option(help='How csv joins frames: "|", ";", "#", or columns (0/1).', metavar="STYLE")] = "|",
    plain: Annotated[
        bool, typer.Option("--plain", help="Only what the tool shows: smaller, but importing it again loses the rest.")
    ] = False,
    codebook: CodebookOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Write labelled documents for another tool; importing the file again gives the same labels."""
    from stance.labels.convert.formats import EXPORTS, FRAME_STYLES, export_labels
    from stance.labels.format import read_labels

    _one_of(to, EXPORTS, "--to")
    _one_of(frames, FRAME_STYLES, "--frames")
    documents = read_labels(labels)
    text = export_labels(documents, to, frame_ids=_codebook(labels, codebook).frame_ids, frames=frames, plain=plain)
    with output(out) as stream:
        stream.write(text)
    written = sum(d.header.get("origin") == "written" for d in documents)
    note = f"; the quotations of {written} articles written for the purpose are invented, and the export says so" if written else ""
    say(f"stance: {len(documents)} documents exported{note}", quiet=quiet)


def _one_of(value: str, known: Sequence[str], option: str) -> None:
    if value not in known:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(known)}", param_hint=f"'{option}'")


def _codebook(labels: str, codebook: str | None) -> Codebook:
    if codebook is not None:
        return read_codebook(codebook)
    folder = Path(labels) if Path(labels).is_dir() else Path(labels).parent
    if (folder / "codebook.toml").is_file():
        return read_codebook(folder)
    from stance.tagger import shipped_model

    return read_codebook(shipped_model())
