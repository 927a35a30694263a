"""The model card, generated with every training: what it is, what it scored, what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from stance.evaluation import (
    Figure,
    calibration_error,
    chance_calibration_error,
    f1_of,
    f1_scores,
    macro_f1,
    micro_f1,
    with_interval,
)
from stance.heads import logistic
from stance.training.baselines import majority, plain_classes, plain_flags

if TYPE_CHECKING:
    from stance.training.train import Trained


def write_card(trained: Trained, versions: Mapping[str, str]) -> str:
    """Return the card as Markdown; all figures are out of fold, grouped by article."""
    environment = Environment(
        loader=PackageLoader("stance", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, not HTML
    )
    template = environment.get_template("card.md")
    return template.render(
        meta=trained.model.meta,
        codebook=trained.model.codebook,
        versions=versions,
        stance=stance_figures(trained),
        frames=frame_figures(trained),
        attribution=attribution_figures(trained),
        left_out=trained.left_out,
        heads=trained.model.heads,
    )


def stance_figures(trained: Trained) -> dict[str, object]:
    """Stance with the labelled speaker: macro-F1 and per class, beside the majority and plain scikit-learn."""
    rows, head = trained.rows, trained.model.heads["stance"]
    mask = np.flatnonzero(rows.masks["stance"])
    gold, article = rows.labels["stance"][mask], rows.article[mask]
    scores = trained.scores["stance"][mask]
    about = trained.model.heads["on_target"].probabilities(trained.scores["on_target"][mask])[:, 0]
    probabilities = head.gated(scores, about)
    given = probabilities.argmax(axis=1)
    plain = _plain_stance(trained, mask)
    n = len(head.labels)
    confident = probabilities.max(axis=1)
    classes = np.arange(n)
    whole = np.flatnonzero(rows.whole[mask])
    return {
        "n": len(mask),
        "n_whole": len(whole),
        "whole": with_interval(lambda r: macro_f1(gold[whole][r], given[whole][r], n), article[whole]),
        "plain_whole": with_interval(lambda r: macro_f1(gold[whole][r], plain[whole][r], n), article[whole]),
        "macro": with_interval(lambda r: macro_f1(gold[r], given[r], n), article),
        "majority": with_interval(lambda r: macro_f1(gold[r], majority(gold, len(r)), n), article),
        "plain": with_interval(lambda r: macro_f1(gold[r], plain[r], n), article),
        "per_class": dict(zip(head.labels, f1_scores(gold[:, None] == classes, given[:, None] == classes).tolist(), strict=True)),
        "support": dict(zip(head.labels, np.bincount(gold, minlength=n).tolist(), strict=True)),
        "ece": calibration_error(confident[whole], given[whole] == gold[whole]),
        "ece_chance": chance_calibration_error(confident[whole]),
    }


def _plain_stance(trained: Trained, mask: np.ndarray) -> np.ndarray:
    rows = trained.rows
    gold = rows.labels["stance"][mask]
    texts = [rows.texts[i] for i in mask.tolist()]
    fold = _row_folds(trained)[mask]
    given = np.zeros(len(mask), dtype=np.int64)
    for k in range(int(fold.max()) + 1):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        given[test] = plain_classes([texts[i] for i in train], gold[train], [texts[i] for i in test])
    return given


def _row_folds(trained: Trained) -> np.ndarray:
    from stance.training.train import assign_folds

    settings = trained.model.meta["settings"]
    return assign_folds(trained.documents, int(settings["folds"]), int(settings["seed"]))[trained.rows.article]


def frame_figures(trained: Trained) -> dict[str, object]:
    """Frames: micro- and macro-F1 and per frame, with the thresholds, beside plain scikit-learn."""
    rows, head = trained.rows, trained.model.heads["frames"]
    mask = np.flatnonzero(rows.masks["frames"])
    gold, article = rows.labels["frames"][mask] > 0, rows.article[mask]
    probabilities = logistic(trained.scores["frames"][mask] / head.temperature)
    given = probabilities >= (0.5 if head.thresholds is None else head.thresholds)
    texts = [rows.texts[i] for i in mask.tolist()]
    fold = _row_folds(trained)[mask]
    plain = np.zeros_like(gold)
    for k in range(int(fold.max()) + 1):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        plain[test] = plain_flags([texts[i] for i in train], gold[train], [texts[i] for i in test])
    return {
        "n": len(mask),
        "micro": with_interval(lambda r: micro_f1(gold[r], given[r]), article),
        "macro": with_interval(lambda r: float(f1_scores(gold[r], given[r]).mean()), article),
        "plain_micro": with_interval(lambda r: micro_f1(gold[r], plain[r]), article),
        "plain_macro": with_interval(lambda r: float(f1_scores(gold[r], plain[r]).mean()), article),
        "per_frame": dict(zip(head.labels, f1_scores(gold, given).tolist(), strict=True)),
        "support": dict(zip(head.labels, gold.sum(axis=0).tolist(), strict=True)),
    }


def attribution_figures(trained: Trained) -> dict[str, Figure]:
    """Who says it, end to end from the raw text."""
    tally = trained.tally
    return {
        "f1": tally.figure(f1_of),
        "precision": tally.figure(lambda c: c["right"] / max(c["given"], 1)),
        "recall": tally.figure(lambda c: c["right"] / max(c["gold"], 1)),
        "found": tally.figure(lambda c: c["found"] / max(c["gold"], 1)),
        "named": tally.figure(lambda c: c["named"] / max(c["resolved"], 1)),
        "intruded": tally.figure(lambda c: c["intruded"] / max(c["narrator"], 1)),
    }
