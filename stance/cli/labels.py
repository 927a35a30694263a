"""`stance labels`: check and count labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import QuietOption, VerboseOption, say
from stance.codebook import Codebook, read_codebook
from stance.errors import StanceError

app = typer.Typer(help="Check, count and compare labelled documents.", no_args_is_help=True, rich_markup_mode=None)

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


def _codebook(labels: str, codebook: str | None) -> Codebook:
    if codebook is not None:
        return read_codebook(codebook)
    folder = Path(labels) if Path(labels).is_dir() else Path(labels).parent
    if (folder / "codebook.toml").is_file():
        return read_codebook(folder)
    from stance.tagger import shipped_model

    return read_codebook(shipped_model())
