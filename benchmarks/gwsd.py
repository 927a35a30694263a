"""GWSD: stance of news sentences toward "global warming is a serious concern" (Luo, Card & Jurafsky 2020).

    python benchmarks/gwsd.py ../shared/data/gwsd

Macro-F1 of agree, disagree, neutral; 5-fold cross-validation, nested, mean of five fold seeds. The label is the highest of the
three probabilities that the authors inferred from eight annotators' votes; rows without them (screening questions) are left out.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from baselines import majority, peer, plain
from linear import Setting, balance, count, fit_soft, look, one_hot, take
from nested import Contestant, learning_curve, measure_nested
from pinned import pin_folds, read_folds
from report import arguments, print_chosen, print_confusion, print_curve, print_table

from stance.evaluation import macro_f1
from stance.features import Counts
from stance.heads import Floats
from stance.text import Ints

LABELS = ("agree", "disagree", "neutral")
OPTIONS = {"labels": ("", "confidence", "confidence squared", "soft"), "C": (0.5, 1.0, 2.0)}


def read(folder: Path) -> tuple[list[str], Floats]:
    """Return sentences and their probabilities (n_rows, 3), of `GWSD_train.tsv` or of the authors' whole `GWSD.tsv`."""
    path = next((p for p in (folder / "GWSD_train.tsv", folder / "GWSD.tsv") if p.exists()), None)
    if path is None:
        raise SystemExit(f"{folder} has neither GWSD_train.tsv nor GWSD.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["agree"]]
    return [row["sentence"] for row in rows], np.array([[float(row[label]) for label in LABELS] for row in rows])


def label_weights(votes: Floats, kind: str) -> Floats:
    """Weights of each label: all on the likeliest, times its probability (squared), or the probabilities themselves."""
    certain = one_hot(votes.argmax(axis=1), len(LABELS))
    power = {"": 0, "confidence": 1, "confidence squared": 2}
    return votes if kind == "soft" else certain * votes.max(axis=1, keepdims=True) ** power[kind]


def ours(name: str, counts: dict[str, Counts], votes: Floats, start: Setting) -> Contestant:
    """Our classifier; sentences that annotators agree on may weigh more."""

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        plan = setting.plan()
        weights = label_weights(votes[train], setting.labels)
        if setting.balanced:
            weights = balance(weights, np.zeros(len(train), dtype=np.int64))
        return fit_soft(take(counts, plan, train), plan, weights, setting.C).scores(take(counts, plan, test))

    return Contestant(name, scorer, start, OPTIONS)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "")
    texts, votes = read(options.folder)
    if options.pin:
        pin_folds("gwsd", texts, [LABELS[k] for k in votes.argmax(axis=1)], seeds=(1, 2, 3, 4, 5), n_folds=5)
        return
    kept, folds = read_folds("gwsd", texts)
    texts, votes = [texts[i] for i in kept], votes[kept]
    gold = votes.argmax(axis=1)
    counts = count(look(texts), ("words", "chars"))
    full = ours("ours", counts, votes, Setting())
    contestants = [
        majority(gold, 3),
        plain(texts, gold, 3),
        ours("ours, words only", counts, votes, Setting(chars="")),
        full,
        *peer(texts, gold, 3),
    ]

    def measure(rows: Ints, scores: Floats) -> float:
        return macro_f1(gold[rows], scores.argmax(axis=1), 3)

    outcomes = [measure_nested(who, folds, measure, jobs=options.jobs) for who in contestants]
    print_table(outcomes, gold, {"macro-F1": lambda g, p: macro_f1(g, p, 3)}, np.arange(len(gold)))
    print_chosen(outcomes[3])
    print_confusion(outcomes[3], gold, LABELS)
    if options.curve:
        usual = max(set(outcomes[3].chosen), key=outcomes[3].chosen.count)
        print_curve(learning_curve(full, usual, folds[:, 0], (0.125, 0.25, 0.5, 1), lambda given: macro_f1(gold, given, 3)))


if __name__ == "__main__":
    main()
