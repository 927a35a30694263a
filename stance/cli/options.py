"""Options that several verbs share, and the opening of outputs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from stance.errors import StanceError

ModelOption = Annotated[
    str | None,
    typer.Option(
        "-m", "--model", help="Folder of a trained model, or its name in models/ [default: the shipped one].", metavar="PATH"
    ),
]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="No words on stderr but errors.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="A traceback with errors.")]


def _jobs(value: int) -> int:
    if value == 0 or value < -1:
        raise typer.BadParameter("give a number of processes, or -1 for one a core")
    return value


JobsOption = Annotated[int, typer.Option("-j", "--jobs", help="Processes to work in; -1: one a core.", callback=_jobs)]
OutputOption = Annotated[str | None, typer.Option("-o", "--output", help="File to write [default: stdout].", metavar="FILE")]


def model_path(name: str | None) -> str | None:
    """Return the folder that -m names: a path, or a model in `models/` here or of the user."""
    if name is None or Path(name).exists():
        return name
    from platformdirs import user_data_path

    for folder in (Path("models"), user_data_path("stance") / "models"):
        if (folder / name).is_dir():
            return str(folder / name)
    return name


@contextmanager
def output(path: str | None) -> Iterator[TextIO]:
    """Open a file that appears whole or not at all, or give stdout."""
    if path is None or path == "-":
        # the same bytes everywhere, whatever the terminal's encoding
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        try:
            yield sys.stdout
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader of our output (`| head`) has gone: nothing is wrong. Python would complain once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        return
    target = Path(path)
    if target.is_dir() or not target.parent.is_dir():
        raise StanceError(f"{path}: cannot be written; name a file in a folder that exists")
    scratch = target.with_name(target.name + ".part")
    try:
        with scratch.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def say(words: str, *, quiet: bool = False) -> None:
    """Print words for the user on stderr."""
    if not quiet:
        print(words, file=sys.stderr)
