"""`stance train` and `stance evaluate`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import JobsOption, ModelOption, OutputOption, QuietOption, VerboseOption, model_path, output, say
from stance.errors import StanceError


def train(
    labels: Annotated[
        str, typer.Argument(help="Folder (or .jsonl file) of labelled documents, with codebook.toml in it.", metavar="LABELS")
    ],
    out: Annotated[
        str | None,
        typer.Option("-o", "--output", help="Model folder to write [default: models/<name of the target>].", metavar="FOLDER"),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting, as name=value; see the [train] table in docs/training.md.", metavar="NAME=VALUE"),
    ] = None,
    jobs: JobsOption = 1,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Train a model on labelled documents; documents of the splits test and seed are never used."""
    from stance.codebook import read_codebook
    from stance.training.train import train as train_model

    settings = dict(_setting(s) for s in setting or ())
    folder = Path(labels)
    if not folder.exists():
        raise StanceError(f"{labels}: no such file or folder; give the folder of labelled documents")
    target = out or str(Path("models") / read_codebook(folder if folder.is_dir() else folder.parent).target)
    trained = train_model(labels, output=target, settings=settings, jobs=jobs)
    counts = trained.model.meta["counts"]
    for why, n in trained.left_out.items():
        if n:
            say(f"stance: {n} statements left out ({why})", quiet=quiet)
    documents = f"{counts['articles']} articles and {counts['single_statements']} single statements"
    say(f"stance: trained on {documents} ({counts['statements']} statements)", quiet=quiet)
    print(f"{target}  {trained.model.name}  recipe {trained.model.meta['recipe'][:12]}")


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not name=number", param_hint="'--set'") from None


def evaluate(
    labels: Annotated[str, typer.Argument(help="Folder (or .jsonl file) of labelled documents.", metavar="LABELS")],
    model: ModelOption = None,
    split: Annotated[str | None, typer.Option(help="Only documents of this split (train, test, seed).")] = None,
    format: Annotated[str, typer.Option("-f", "--format", help="table or json.")] = "table",
    floor: Annotated[
        list[str] | None,
        typer.Option("--floor", help='Exit with 3 if a figure is lower, as "stance macro-F1=0.6".', metavar="NAME=VALUE"),
    ] = None,
    out: OutputOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Score a model on labelled documents, with 95 % intervals by article."""
    from stance.scoring import evaluate as evaluate_model

    if format not in ("table", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, json", param_hint="'--format'")
    floors = dict(_setting(f) for f in floor or ())
    result = evaluate_model(model_path(model), labels, split=split)
    if not result.n_documents:
        raise StanceError(
            f"{labels}: no document to score ({', '.join(f'{n} statements: {w}' for w, n in result.left_out.items() if n)})"
        )
    unknown = set(floors) - set(result.figures)
    if unknown:
        raise typer.BadParameter(f"no figure {sorted(unknown)[0]!r}; there are {', '.join(result.figures)}", param_hint="'--floor'")
    for why, n in result.left_out.items():
        if n:
            say(f"stance: {n} statements left out ({why})", quiet=quiet)
    with output(out) as stream:
        stream.write(json.dumps(asdict(result), indent=1) + "\n" if format == "json" else _table(result))
    below = [
        f"{name} {result.figures[name].value:.3f} < {value}" for name, value in floors.items() if result.figures[name].value < value
    ]
    if below:
        say(f"stance: below the floor: {'; '.join(below)}")
        raise typer.Exit(3)


def _table(result: object) -> str:
    from stance.scoring import Evaluation

    assert isinstance(result, Evaluation)
    lines = [f"{result.n_documents} documents, {result.n_statements} statements; 95 % intervals by article"]
    lines += [f"  {name:32s} {figure}" for name, figure in result.figures.items()]
    lines.append(
        "  stance with the labelled speaker: " + ", ".join(f"{n} {f:.3f} (n={k})" for n, (f, k) in result.per_class.items())
    )
    lines.append("  frames: " + ", ".join(f"{n} {f:.3f} (n={k})" for n, (f, k) in result.per_frame.items()))
    lines.append(f"  calibration error {result.calibration[0]:.3f} (by chance alone {result.calibration[1]:.3f})")
    names = list(result.per_class)
    lines.append("  confusion (rows labelled, columns given): " + " | ".join(names))
    lines += [f"    {name:8s} " + " ".join(f"{v:5d}" for v in row) for name, row in zip(names, result.confusion, strict=True)]
    return "\n".join(lines) + "\n"
