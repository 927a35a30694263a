"""What each family of features is worth: stance and frames by cross-validation, each family left out.

    python benchmarks/features.py labels/

Five folds by article over the training part, labelled speakers, settings of `stance train`; F1 at the highest stance and at a
threshold of 0.5 for frames, in whole articles. The test part is never looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from stance.codebook import read_codebook
from stance.evaluation import f1_scores, macro_f1, micro_f1
from stance.features import Counts, space
from stance.labels.format import read_labels
from stance.lexicon import word_list
from stance.page import make_page
from stance.training.attribution import common_words
from stance.training.data import Rows, make_rows, usable
from stance.training.fitting import BlockPlan
from stance.training.heads import head_plans, out_of_fold
from stance.training.train import SETTINGS, assign_folds, block_plans

Plans = tuple[BlockPlan, ...]


def without_block(name: str) -> Callable[[Rows, Plans], tuple[Rows, Plans]]:
    """Leave a whole block of terms out."""
    return lambda rows, plans: (rows, tuple(p for p in plans if p.name != name))


def without_positions(rows: Rows, plans: Plans) -> tuple[Rows, Plans]:
    """Leave the lexicon of position words out of the flags."""
    kinds = [line.split(":", 1)[0] for line in word_list("positions")]
    ids = np.array([space(f"position {n}{k}{t}") for k in kinds for n in ("", "not ") for t in ("", " target")], dtype=np.uint64)
    flags = rows.counts["flags"]
    keep = ~np.isin(flags.ids, ids)
    indptr = np.searchsorted(flags.rows[keep], np.arange(flags.n_rows + 1)).astype(np.int64)
    counts: Mapping[str, Counts] = {**rows.counts, "flags": Counts(indptr, flags.ids[keep], flags.count[keep])}
    return replace(rows, counts=counts), plans


def main() -> None:
    """Print a Markdown table, a row a family."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("labels")
    options = parser.parse_args()
    codebook = read_codebook(options.labels)
    documents, _ = usable(read_labels(options.labels))
    rows = make_rows(documents, codebook, common_words([make_page(d.document, d.sentences) for d in documents]))
    folds = assign_folds(documents, int(SETTINGS["folds"]), int(SETTINGS["seed"]))
    whole = rows.whole
    plans = tuple(p for p in head_plans(codebook, dict(SETTINGS)) if p.name in ("stance", "frames"))
    print("| features | stance macro-F1 | frames micro-F1 | frames macro-F1 |\n|---|---|---|---|")
    families: dict[str, Callable[[Rows, Plans], tuple[Rows, Plans]]] = {
        "all": lambda r, p: (r, p),
        "without characters": without_block("chars"),
        "without words": without_block("words"),
        "without sentence before and title": without_block("context"),
        "without flags (quote, cue, target, lexicon)": without_block("flags"),
        "without the lexicon of positions": without_positions,
    }
    for name, leave_out in families.items():
        used, blocks = leave_out(rows, block_plans(SETTINGS))
        scores = out_of_fold(used, plans, blocks, folds)
        at, framed = whole & rows.masks["stance"], whole & rows.masks["frames"]
        gold, given = rows.labels["frames"][framed] > 0, scores["frames"][framed] > 0
        stance = macro_f1(rows.labels["stance"][at], scores["stance"][at].argmax(axis=1), len(codebook.stances))
        print(f"| {name} | {stance:.3f} | {micro_f1(gold, given):.3f} | {f1_scores(gold, given).mean():.3f} |", flush=True)


if __name__ == "__main__":
    main()
