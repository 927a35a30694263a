"""`stance info` and `stance demo`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import ModelOption, QuietOption, VerboseOption, model_path


def info(
    model: ModelOption = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check every byte of the model.")] = False,
    list_models: Annotated[bool, typer.Option("--list", help="List the models found, with their digests.")] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Print the card of a model: what it is, what it scored, what it must not be used for."""
    from stance.model import load
    from stance.model import verify as verify_model
    from stance.tagger import shipped_model

    if list_models:
        _list()
        return
    path = Path(model_path(model) or shipped_model())
    loaded = load(path)
    if verify:
        print(f"{path}: {verify_model(path)} arrays verified, digest {loaded.digest}")
        return
    card = path / "README.md"
    print(f"{path}  {loaded.name}\n")
    print(card.read_text(encoding="utf-8") if card.is_file() else "(this model has no card)")


def _list() -> None:
    from platformdirs import user_data_path

    from stance.errors import StanceError
    from stance.model import load
    from stance.tagger import shipped_model

    folders = {shipped_model(): "shipped"}
    for root, label in ((Path("models"), "here"), (user_data_path("stance") / "models", "user")):
        for folder in sorted(root.glob("*/model.json")):
            folders.setdefault(folder.parent.resolve(), label)
    for folder, label in folders.items():
        try:
            print(f"{label:8s}{load(folder).name:32s}{folder}")
        except StanceError as error:
            print(f"{label:8s}{'(damaged)':32s}{error}")


def demo(model: ModelOption = None, quiet: QuietOption = False, verbose: VerboseOption = False) -> None:
    """Classify two example articles that come with stance."""
    from stance.records import Document
    from stance.tagger import load_tagger
    from stance.writing.table import Table

    tagger = load_tagger(model_path(model))
    table = Table()
    for article in sorted(files("stance").joinpath("demo").iterdir(), key=lambda f: f.name):
        if article.name.endswith(".txt"):
            document = Document(f"demo/{article.name}", article.read_text(encoding="utf-8"), date="2017-09-28")
            print(table.article(tagger.tag(document)), end="")
    print(table.legend(), end="")
