"""The learning curve of the labelled set: how stance, frames and speaker grow with the number of articles.

    python benchmarks/curve.py labels/ [--sizes 0.2,0.4,0.6,0.8,1] [--seeds 3]

One fold of the training part (a fifth of the articles, by the split of `stance train`) is kept for scoring; from the rest,
shares of the articles and of the single statements are drawn with each seed. The test part is never looked at.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import replace

import numpy as np

from stance.codebook import read_codebook
from stance.labels.format import LabelledDocument, read_labels
from stance.model import Model
from stance.scoring import evaluate
from stance.tagger import Tagger
from stance.training.data import usable
from stance.training.train import SETTINGS, assign_folds, fit_once

FIGURES = ("stance macro-F1", "frames micro-F1", "frames macro-F1", "(sentence, speaker) F1", "(sentence, speaker, stance) F1")


def score(train: list[LabelledDocument], held_out: list[LabelledDocument], folder: str) -> dict[str, float]:
    """Train on some documents and score the others."""
    codebook = read_codebook(folder)
    attribution, _, heads = fit_once(train, codebook, SETTINGS)
    frames = replace(heads["frames"], thresholds=np.full(len(codebook.frame_ids), 0.5))
    tagger = Tagger(Model(codebook, attribution, {**heads, "frames": frames}))
    result = evaluate(tagger, held_out)
    return {name: result.figures[name].value for name in FIGURES}


def main() -> None:
    """Print the curve as a Markdown table: means over the seeds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("labels")
    parser.add_argument("--sizes", default="0.2,0.4,0.6,0.8,1")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    documents, _ = usable(read_labels(options.labels))
    folds = assign_folds(documents, 5, int(SETTINGS["seed"]))
    held_out = [d for d, f in zip(documents, folds, strict=True) if f == 0 and d.header.get("complete")]
    rest = [d for d, f in zip(documents, folds, strict=True) if f != 0]
    print(f"scored on {len(held_out)} articles\n\n| share | documents | statements | " + " | ".join(FIGURES) + " |")
    print("|---|---|---|" + "---|" * len(FIGURES))
    for size in map(float, options.sizes.split(",")):
        rows, counts = [], []
        for seed in range(1 if size == 1 else options.seeds):
            order = np.random.default_rng(seed).permutation(len(rest))[: math.ceil(size * len(rest))]
            train = [rest[i] for i in sorted(order.tolist())]
            counts.append(sum(len(d.statements) for d in train))
            rows.append(score(train, held_out, options.labels))
        means = " | ".join(f"{np.mean([r[name] for r in rows]):.3f}" for name in FIGURES)
        print(f"| {size:.0%} | {len(train)} | {np.mean(counts):.0f} | {means} |", flush=True)


if __name__ == "__main__":
    main()
