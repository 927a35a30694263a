"""`stance classify`: articles in, one record a statement out."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from stance.cli.options import JobsOption, ModelOption, OutputOption, QuietOption, VerboseOption, model_path, output, say
from stance.errors import ReadingError
from stance.reading import Fields, read
from stance.records import Document, TaggedStatement

FORMATS = ("table", "jsonl", "csv", "labels")


def classify(
    paths: Annotated[
        list[str], typer.Argument(help="Files (.txt, .jsonl, .csv, .tsv), folders, or - for standard input.", metavar="PATH...")
    ],
    model: ModelOption = None,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="table, jsonl, csv or labels [default: table on a terminal, else jsonl].")
    ] = None,
    out: OutputOption = None,
    jobs: JobsOption = 1,
    min_confidence: Annotated[
        float, typer.Option(help="Mark answers below this probability as abstained.", min=0.0, max=1.0)
    ] = 0.0,
    text_field: Annotated[str, typer.Option(help="Field or column that holds the text.")] = "text",
    title_field: Annotated[str, typer.Option(help="… the headline.")] = "title",
    id_field: Annotated[str, typer.Option(help="… the article's id.")] = "id",
    date_field: Annotated[str, typer.Option(help="… the date.")] = "date",
    encoding: Annotated[str | None, typer.Option(help="Encoding of the input [default: found out].")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first article that cannot be read.")] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Tell who says what in news articles, for or against the referendum, and in which frames."""
    chosen = format or ("table" if out is None and sys.stdout.isatty() else "jsonl")
    if chosen not in FORMATS:
        raise typer.BadParameter(f"{chosen!r} is not one of {', '.join(FORMATS)}", param_hint="'--format'")
    from stance.tagger import load_tagger

    tagger = load_tagger(model_path(model))
    failures: list[ReadingError] = []

    def failed(error: ReadingError) -> None:
        if strict:
            raise error
        failures.append(error)
        say(f"stance: {error}")

    fields = Fields(text_field, title_field, id_field, date_field, encoding)
    documents = read(paths, fields=fields, on_error=failed)
    tagged = tagger.stream(_progress(documents, quiet=quiet), jobs=jobs, min_confidence=min_confidence)
    first = next(tagged, None)
    if first is None:
        raise typer.Exit(1)  # each fault has been said, in a line of its own
    done = 0
    with output(out) as stream:
        for chunk, articles in _chunks(itertools.chain([first], tagged), chosen, tagger.model.codebook.version):
            stream.write(chunk)
            done += articles
    if failures:
        say(f"stance: {done} articles classified, {len(failures)} could not be read", quiet=quiet)


def _chunks(articles: Iterator[list[TaggedStatement]], chosen: str, codebook: int) -> Iterator[tuple[str, int]]:
    """Yield (text, articles finished) in the chosen format."""
    from stance.writing.record import csv_rows, json_lines

    if chosen == "table":
        from stance.writing.table import Table

        table = Table()
        for statements in articles:
            yield table.article(statements), 1
        yield table.legend(), 0
        return
    header = True
    for statements in articles:
        if chosen == "jsonl":
            yield "".join(json_lines(statements)), 1
        elif chosen == "csv":
            yield "".join(csv_rows(statements, header=header)), 1
            header = header and not statements
        else:
            from stance.writing.prefilled import prefilled

            yield prefilled(statements, codebook=codebook), 1


def _progress(documents: Iterator[Document], *, quiet: bool) -> Iterator[Document]:
    """Count articles on a terminal's stderr while they pass."""
    if quiet or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from documents
        return
    import time

    began = time.monotonic()
    for number, document in enumerate(documents, start=1):
        yield document
        if number % 10 == 0:
            rate = number / max(time.monotonic() - began, 1e-9)
            print(f"\r{number} articles, {rate:.0f}/s ", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)
