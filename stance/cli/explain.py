"""`stance explain`: the words that decided, with their shares."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import ModelOption, OutputOption, QuietOption, VerboseOption, model_path, output


def explain(
    text: Annotated[str, typer.Argument(help="A text, a file, or - for standard input.")],
    model: ModelOption = None,
    format: Annotated[str | None, typer.Option("-f", "--format", help="table or jsonl [default: table].")] = None,
    top: Annotated[int, typer.Option("--top", help="How many terms to show of each statement.", min=1)] = 12,
    out: OutputOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Show why statements get their stance and frames: each term's share of the score."""
    from stance.explain import explain as explain_document
    from stance.reading import read
    from stance.records import Document
    from stance.tagger import load_tagger

    if format not in (None, "table", "jsonl"):
        raise typer.BadParameter(f"{format!r} is not one of table, jsonl", param_hint="'--format'")
    tagger = load_tagger(model_path(model))
    documents = list(read(text)) if text == "-" or _is_file(text) else [Document("text", text)]
    with output(out) as stream:
        for document in documents:
            explanations = explain_document(tagger, document)
            if not explanations:
                print("stance: no attributed statement found; nothing to explain", file=sys.stderr)
            for explanation in explanations:
                stream.write(_as_json(explanation) if format == "jsonl" else _as_table(explanation, top))


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # a text longer than a file name may be
        return False


def _as_json(explanation: object) -> str:
    from stance.explain import Explanation
    from stance.writing.record import to_record

    assert isinstance(explanation, Explanation)
    record = {
        "statement_id": explanation.tagged.statement_id,
        "runner_up": explanation.runner_up,
        "total": explanation.total,
        "shares": [asdict(s) for s in explanation.shares],
        "words": [asdict(s) for s in explanation.words],
        "frames": {
            name: {"logit": logit, "shares": [asdict(s) for s in shares]} for name, (logit, shares) in explanation.frames.items()
        },
        "statement": to_record(explanation.tagged),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def _as_table(explanation: object, top: int) -> str:
    from stance.explain import Explanation

    assert isinstance(explanation, Explanation)
    tagged = explanation.tagged
    who = tagged.statement.speaker or "unnamed source"
    p = tagged.stance_scores
    lines = [
        f"{who}: {tagged.stance} ({p[tagged.stance]:.2f}), then {explanation.runner_up} ({p[explanation.runner_up]:.2f})",
        f"  “{' '.join(tagged.text.split())}”",
        f"  log p({tagged.stance}) - log p({explanation.runner_up}) = {explanation.total:+.3f}, of which",
    ]
    lines += _shares(explanation.shares, top)
    for name, (logit, shares) in explanation.frames.items():
        lines += [f"  frame {name}: logit {logit:+.3f}, of which", *_shares(shares, max(3, top // 3))]
    return "\n".join(lines) + "\n\n"


def _shares(shares: tuple[object, ...], top: int) -> list[str]:
    from stance.explain import Share

    shown = [s for s in shares if isinstance(s, Share)]
    lines = [f"    {s.value:+7.3f}  {s.term}" for s in shown[:top]]
    rest = sum(s.value for s in shown[top:])
    return [*lines, f"    {rest:+7.3f}  ({len(shown) - top} others)"] if len(shown) > top else lines
