"""CCF: eight frames of sentences of Canadian climate news in English (Lemor et al., Canadian Climate Framing).

    python benchmarks/ccf.py ../shared/data/ccf

Micro- and macro-F1 of the frames; nested 5-fold cross-validation by article, as in `frames_protocol.py`. Thresholds come from the
inner folds, each shrunk toward the common one, as `stance.training.heads.thresholds` does for the shipped model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from baselines import majority, peer, plain
from linear import Setting, count, fit_independent, look, take
from nested import Contestant, measure_nested
from numpy.typing import NDArray
from pinned import pin_folds, read_folds
from report import arguments, print_chosen, print_table

from stance.evaluation import f1_scores, micro_f1
from stance.features import Counts
from stance.heads import Floats, logistic
from stance.text import Ints
from stance.training.heads import thresholds

FRAMES = ("Cult", "Eco", "Envt", "Just", "Pbh", "Pol", "Sci", "Secu")
OPTIONS = {"C": (0.5, 2.0), "char_scale": (1.0, 1.5), "balanced": (True, False), "char_rows": (2, 1)}


def read(folder: Path) -> tuple[list[str], list[str], Ints]:
    """Return sentences, their articles, and their frames (n_rows, n_frames), of `train_en.jsonl`."""
    rows = [json.loads(line) for line in (folder / "train_en.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = np.array([[frame in row["frames"] for frame in FRAMES] for row in rows]).astype(np.int64)
    return [row["text"] for row in rows], [str(row["doc_id"]) for row in rows], labels


def ours(name: str, counts: dict[str, Counts], labels: Ints, start: Setting) -> Contestant:
    """Our frames head: one yes/no model a frame, balanced; probabilities."""

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        plan = setting.plan()
        head = fit_independent(take(counts, plan, train), plan, labels[train], setting.C, balanced=setting.balanced)
        return logistic(head.scores(take(counts, plan, test)))

    options = {k: v for k, v in OPTIONS.items() if start.chars or not k.startswith("char")}
    return Contestant(name, scorer, start, options, above_thresholds(labels))


def above_thresholds(labels: Ints) -> Any:
    """Return the rule: what is above the thresholds of the training part's out-of-fold probabilities."""

    def decide(rows: Ints, seen: Floats, scores: Floats) -> NDArray[np.bool_]:
        return scores >= thresholds(seen, labels[rows] > 0, FRAMES)

    return decide


def macro(gold: NDArray[Any], given: NDArray[Any]) -> float:
    """Mean F1 of the frames."""
    return float(f1_scores(gold, given).mean())


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "")
    texts, articles, labels = read(options.folder)
    if options.pin:
        pin_folds("ccf", articles, None, seeds=(13,), n_folds=5)
        return
    kept, folds = read_folds("ccf", articles)
    texts, articles, labels = [texts[i] for i in kept], [articles[i] for i in kept], labels[kept]
    gold = labels > 0
    counts = count(look(texts), ("words", "chars"))
    contestants = [
        majority(labels, len(FRAMES)),
        plain(texts, labels, len(FRAMES)),
        ours("ours, words only", counts, labels, Setting(chars="")),
        ours("ours", counts, labels, Setting()),
        *peer(texts, labels, len(FRAMES), above_thresholds(labels)),
    ]

    def measure(rows: Ints, scores: Floats) -> float:
        given = scores >= thresholds(scores, gold[rows], FRAMES)
        return (micro_f1(gold[rows], given) + macro(gold[rows], given)) / 2

    outcomes = [measure_nested(who, folds, measure, jobs=options.jobs) for who in contestants]
    groups = np.unique(articles, return_inverse=True)[1]
    print_table(outcomes, gold, {"micro-F1": micro_f1, "macro-F1": macro}, groups)
    print_chosen(outcomes[3])
    print("\n| frame | n | " + " | ".join(o.name for o in outcomes) + " |\n|---|---|" + "---|" * len(outcomes))
    for k, frame in enumerate(FRAMES):
        scores = (100 * f1_scores(gold[:, [k]], o.given[0][:, [k]])[0] for o in outcomes)
        print(f"| {frame} | {gold[:, k].sum()} | " + " | ".join(f"{score:.1f}" for score in scores) + " |")


if __name__ == "__main__":
    main()
