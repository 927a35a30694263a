"""The `stance` command: its verbs, and how it ends.

Exit codes: 0 if any document succeeded; 1 bad data or model, one line that says what to do; 2 usage; 3 below a floor;
130 interrupted. Data goes to stdout, words and progress to stderr.
"""

from __future__ import annotations

import sys
import traceback
import warnings

import typer

from stance import __version__
from stance.cli import classify, explain, info, labels, training
from stance.errors import StanceError

app = typer.Typer(
    name="stance",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Who is reported to take which side of a referendum, in whose words, and how it is framed.",
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and stop."),
) -> None:
    """Who is reported to take which side of a referendum, in whose words, and how it is framed."""


app.command("classify", epilog="Example: stance classify seeds/ -f csv -o statements.csv")(classify.classify)
app.command("explain", epilog='Example: stance explain "Ankara called the vote a grave mistake."')(explain.explain)
app.command("train", epilog="Example: stance train labels/ -o models/mine")(training.train)
app.command("evaluate", epilog="Example: stance evaluate labels/ --split test")(training.evaluate)
app.command("info", epilog="Example: stance info --verify")(info.info)
app.command("demo", epilog="Example: stance demo")(info.demo)
app.add_typer(labels.app, name="labels")


def main() -> None:
    """Run the command; every way out has an exit code and at most one line of words."""
    warnings.showwarning = lambda message, *_args, **_kwargs: print(f"stance: warning: {message}", file=sys.stderr)
    try:
        app(standalone_mode=True)
    except StanceError as error:
        _fail(error)
    except KeyboardInterrupt:
        print("stance: interrupted", file=sys.stderr)
        sys.exit(130)


def _fail(error: StanceError) -> None:
    if {"-v", "--verbose"} & set(sys.argv):
        traceback.print_exc()
    print(f"stance: {error}", file=sys.stderr)
    sys.exit(1)
