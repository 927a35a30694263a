"""SemEval-2016 task 6 A: stance of tweets toward five targets (Mohammad et al. 2016).

    python benchmarks/semeval.py ../shared/data/semeval2016

F_avg (mean F1 of favor and against) over the pooled tweets of all targets; nested 5-fold cross-validation on the training part.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from baselines import majority, peer, plain
from linear import Setting, balance, count, count_within, fit_soft, look, one_hot, take
from nested import Contestant, learning_curve, measure_nested
from pinned import pin_folds, read_folds
from report import arguments, f_avg, print_chosen, print_confusion, print_curve, print_table

from stance.features import Counts, space
from stance.heads import Floats
from stance.text import Ids, Ints
from stance.training.fitting import BlockPlan

LABELS = ("AGAINST", "FAVOR", "NONE")
F_AVG = f_avg((0, 1))
OPTIONS = {"form": ("a model a target", "shared", "both"), "tags": (0.0, 1.0), "C": (0.5, 1.0)}
_START = Setting(form="a model a target")


def read(folder: Path) -> tuple[list[str], list[str], Ints]:
    """Return tweets without the marker "#SemST", their targets and labels (n_rows,). The file is latin-1, unquoted."""
    lines = (folder / "trainingdata-all-annotations.txt").read_text(encoding="latin-1").split("\n")[1:]
    rows = [line.rstrip("\r").split("\t") for line in lines if line.strip()]
    labels = np.array([LABELS.index(row[3]) for row in rows])
    return [row[2].replace("#SemST", "").strip() for row in rows], [row[1] for row in rows], labels


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


class Stance:
    """Our classifier: a model for each target; or one whose every term stands twice, with its target and alone; or the mean
    of both models' log-probabilities, which is linear in the same terms."""

    def __init__(self, counts: dict[str, Counts], gold: Ints, targets: Ints) -> None:
        self.counts, self.gold, self.targets = counts, gold, targets

    def _fit(self, plan: Sequence[BlockPlan], setting: Setting, train: Ints, test: Ints) -> Floats:
        weights = balance(one_hot(self.gold[train], len(LABELS)), self.targets[train])
        head = fit_soft(take(self.counts, plan, train), plan, weights, setting.C)
        return _log_softmax(head.scores(take(self.counts, plan, test)))

    def _by_target(self, setting: Setting, train: Ints, test: Ints) -> Floats:
        scores = np.zeros((len(test), len(LABELS)))
        for target in np.unique(self.targets[test]):
            here = self.targets[test] == target
            scores[here] = self._fit(setting.plan(), setting, train[self.targets[train] == target], test[here])
        return scores

    def _shared(self, setting: Setting, train: Ints, test: Ints) -> Floats:
        both = setting.plan() + tuple(p for p in setting.plan("target ") if p.name != "target tags")
        return self._fit((*both, BlockPlan("target", "flags", 1)), setting, train, test)

    def scores(self, setting: Setting, train: Ints, test: Ints) -> Floats:
        """Score rows by models of others."""
        forms = {"a model a target": (self._by_target,), "shared": (self._shared,), "both": (self._by_target, self._shared)}
        return np.mean([form(setting, train, test) for form in forms[setting.form]], axis=0)


def count_all(texts: Sequence[str], targets: Sequence[str]) -> dict[str, Counts]:
    """Count the terms of each tweet, alone and in its target's name space."""
    view = look(texts)
    name_space: Ids = np.array([space(target) for target in targets], dtype=np.uint64)
    row = np.arange(len(texts), dtype=np.int64)
    target = Counts(np.arange(len(texts) + 1, dtype=np.int64), name_space, np.ones(len(row)))
    return {
        **count(view, ("words", "chars", "tags")),
        **count_within(view, ("words", "chars"), name_space),
        "target": target,
    }


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "")
    texts, targets, gold = read(options.folder)
    keys = [f"{target}\t{text}" for target, text in zip(targets, texts, strict=True)]
    if options.pin:
        strata = [f"{target} {k}" for target, k in zip(targets, gold, strict=True)]
        pin_folds("semeval", keys, strata, seeds=(1,), n_folds=5)
        return
    kept, folds = read_folds("semeval", keys)
    texts, targets, gold = [texts[i] for i in kept], [targets[i] for i in kept], gold[kept]
    number = np.array([sorted(set(targets)).index(target) for target in targets])
    model = Stance(count_all(texts, targets), gold, number)
    ours = Contestant("ours", model.scores, _START, OPTIONS)
    words = Contestant("ours, words only", model.scores, Setting(form=_START.form, chars=""), OPTIONS)
    contestants = [majority(gold, 3), plain(texts, gold, 3), words, ours, *peer(texts, gold, 3)]

    def measure(rows: Ints, scores: Floats) -> float:
        return F_AVG(gold[rows], scores.argmax(axis=1))

    outcomes = [measure_nested(who, folds, measure, jobs=options.jobs) for who in contestants]
    print_table(outcomes, gold, {"F_avg": F_AVG}, np.arange(len(gold)))
    print_chosen(outcomes[3])
    print_confusion(outcomes[3], gold, LABELS)
    for k, target in enumerate(sorted(set(targets))):
        here = number == k
        print(f"{target}: F_avg {100 * F_AVG(gold[here], outcomes[3].given[0][here]):.1f} of {here.sum()} tweets")
    if options.curve:
        usual = max(set(outcomes[3].chosen), key=outcomes[3].chosen.count)
        print_curve(learning_curve(ours, usual, folds[:, 0], (0.25, 0.5, 1), lambda given: F_AVG(gold, given)))


if __name__ == "__main__":
    main()
