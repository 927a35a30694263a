"""The table of a benchmark: figures with 95 % intervals, gain over plain scikit-learn, time, chosen settings."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from linear import Setting
from nested import Outcome
from numpy.typing import NDArray

from stance.evaluation import confusion, f1_scores, with_interval
from stance.text import Ints

Metric = Callable[[NDArray[Any], NDArray[Any]], float]  # (gold, given) of some rows


def arguments(about: str) -> argparse.Namespace:
    """Read the command line that all benchmarks share."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the data lies; README.md says where to get it")
    parser.add_argument("--jobs", type=int, default=1, help="folds measured at once")
    parser.add_argument("--curve", action="store_true", help="also measure ours on shares of the training part")
    parser.add_argument("--pin", action="store_true", help="write the file of folds and stop")
    return parser.parse_args()


def f_avg(sides: Sequence[int]) -> Metric:
    """Return SemEval's F_avg: the mean F1 of the two labels that take a side."""

    def metric(gold: NDArray[Any], given: NDArray[Any]) -> float:
        return float(f1_scores(gold[:, None] == np.array(sides), given[:, None] == np.array(sides)).mean())

    return metric


def print_table(outcomes: Sequence[Outcome], gold: NDArray[Any], metrics: Mapping[str, Metric], groups: Ints) -> None:
    """Print one line a contestant. Figures are means over the seeds of the folds; intervals resample `groups` (n_rows,).

    The gain is over the contestant called "plain scikit-learn", its interval of paired resamples.
    """
    plain = next(o for o in outcomes if o.name.startswith("plain"))
    columns = [part for name in metrics for part in (f"{name} [95 %]", "over plain [95 %]")]
    print("\n| | " + " | ".join(columns) + " | one training, CPU s | whole search, CPU s |")
    print("|---|" + "---|" * (len(columns) + 2))
    for outcome in outcomes:
        cells = []
        for metric in metrics.values():

            def value(rows: Ints, who: Outcome = outcome, metric: Metric = metric) -> float:
                return float(np.mean([100 * metric(gold[rows], given[rows]) for given in who.given]))

            def gain(rows: Ints, value: Callable[..., float] = value) -> float:
                return value(rows) - value(rows, plain)

            cells.append("{:.1f} [{:.1f}, {:.1f}]".format(*with_interval(value, groups)))
            cells.append("" if outcome is plain else "{:+.1f} [{:+.1f}, {:+.1f}]".format(*with_interval(gain, groups)))
        print(f"| {outcome.name} | " + " | ".join(cells) + f" | {outcome.training:.2f} | {outcome.search:.0f} |")


def print_chosen(outcome: Outcome) -> None:
    """Print how often each value of each setting was chosen."""
    settings = [asdict(setting) for setting in outcome.chosen]
    said = []
    for name in settings[0]:
        values = Counter(str(setting[name]) for setting in settings)
        if set(values) != {str(getattr(Setting(), name))}:
            said.append(f"{name} " + ", ".join(f"{value or 'none'} ({n})" for value, n in values.most_common()))
    print(f"\n{outcome.name}, chosen by inner cross-validation (times): " + ("; ".join(said) or "the start throughout"))


def print_confusion(outcome: Outcome, gold: Ints, labels: Sequence[str]) -> None:
    """Print gold labels against given ones, mean over the seeds of the folds, and each label's F1."""
    table = np.mean([confusion(gold, given, len(labels)) for given in outcome.given], axis=0)
    classes = np.arange(len(labels))
    f1 = np.mean([f1_scores(gold[:, None] == classes, given[:, None] == classes) for given in outcome.given], axis=0)
    print(f"\n| {outcome.name}: gold | " + " | ".join(f"given {label}" for label in labels) + " | F1 |")
    print("|---|" + "---|" * (len(labels) + 1))
    for k, label in enumerate(labels):
        print(f"| {label} | " + " | ".join(f"{n:.0f}" for n in table[k]) + f" | {100 * f1[k]:.1f} |")


def print_curve(points: Sequence[tuple[int, float]]) -> None:
    """Print a learning curve."""
    print("\n| training rows | ours |\n|---|---|")
    for rows, value in points:
        print(f"| {rows} | {100 * value:.1f} |")
