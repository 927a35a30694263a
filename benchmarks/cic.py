"""CIC: stance of Catalan and Spanish tweets toward the independence of Catalonia (Zotova, Agerri, Nuñez & Rigau 2020).

    python benchmarks/cic.py ../shared/data/cic

F_avg (mean F1 of favor and against), trained on the training part, measured on the validation part, which chooses nothing:
settings are chosen by cross-validation within the training part.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from baselines import majority, plain
from linear import Setting, balance, count, fit_soft, look, one_hot, take
from nested import Contestant, Outcome, measure_once
from pinned import pin_folds, read_folds
from report import arguments, f_avg, print_chosen, print_confusion, print_table

from stance.features import Counts
from stance.heads import Floats
from stance.text import Ints

LABELS = ("AGAINST", "FAVOR", "NEUTRAL")
F_AVG = f_avg((0, 1))
OPTIONS = {"tags": (0.0, 0.5, 1.0), "balanced": (True, False), "C": (1.0, 2.0)}


def read(path: Path) -> tuple[list[str], Ints]:
    """Return tweets and their labels (n_rows,)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["TWEET"] for row in rows], np.array([LABELS.index(row["LABEL"]) for row in rows])


def ours(name: str, counts: dict[str, Counts], gold: Ints, start: Setting) -> Contestant:
    """Our classifier, with a block of hashtags and handles if it pays."""

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        plan = setting.plan()
        weights = one_hot(gold[train], len(LABELS))
        if setting.balanced:
            weights = balance(weights, np.zeros(len(train), dtype=np.int64))
        return fit_soft(take(counts, plan, train), plan, weights, setting.C).scores(take(counts, plan, test))

    return Contestant(name, scorer, start, OPTIONS)


def run(folder: Path, language: str, *, pin: bool) -> None:
    """Measure one language."""
    texts, gold = read(folder / f"{language}_train.csv")
    if pin:
        pin_folds(f"cic-{language}", texts, [LABELS[k] for k in gold], seeds=(1,), n_folds=3)
        return
    kept, folds = read_folds(f"cic-{language}", texts)
    new_texts, new_gold = read(folder / f"{language}_val.csv")
    texts = [texts[i] for i in kept] + new_texts
    gold = np.concatenate([gold[kept], new_gold])
    train, test = np.arange(len(kept)), np.arange(len(kept), len(texts))
    counts = count(look(texts), ("words", "chars", "tags"))
    contestants = [
        majority(gold, 3),
        plain(texts, gold, 3),
        ours("ours, words only", counts, gold, Setting(chars="")),
        ours("ours", counts, gold, Setting(char_rows=3)),
    ]

    def measure(rows: Ints, scores: Floats) -> float:
        return F_AVG(gold[rows], scores.argmax(axis=1))

    print(f"\n{language}: {len(train)} training and {len(test)} validation rows")
    outcomes: list[Outcome] = [measure_once(who, train, folds[:, 0], test, measure) for who in contestants]
    print_table(outcomes, gold[test], {"F_avg": F_AVG}, np.arange(len(test)))
    for outcome in outcomes[2:]:
        print_chosen(outcome)
    print_confusion(outcomes[3], gold[test], LABELS)


def main() -> None:
    """Measure both languages and print."""
    options = arguments(__doc__ or "")
    for language in ("catalan", "spanish"):
        run(options.folder, language, pin=options.pin)


if __name__ == "__main__":
    main()
