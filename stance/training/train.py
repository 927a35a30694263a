"""Labels to a model folder: `stance.train`.

Attribution and heads are trained on all usable documents; cross-validation grouped by article gives the out-of-fold
predictions from which temperatures, thresholds and the card's figures come. The same labels, settings and library
versions give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from stance import features
from stance.attribution import AttributionModel, attribute
from stance.codebook import Codebook, read_codebook
from stance.errors import LabelError, StanceError
from stance.evaluation import AttributionTally, tally_article
from stance.heads import Floats, Head, logistic
from stance.labels.check import check
from stance.labels.format import LabelledDocument, read_labels, to_record
from stance.model import Model, save
from stance.page import make_page
from stance.text import Ints
from stance.training.attribution import train_attribution
from stance.training.card import write_card
from stance.training.data import Rows, make_rows, usable
from stance.training.fitting import BlockPlan, fit_blocks
from stance.training.heads import HeadPlan, fit_head, head_plans, out_of_fold, temperature, thresholds

SETTINGS: dict[str, float] = {
    "stance_C": 1.5,
    "ground_C": 2.0,
    "on_target_C": 2.0,
    "frames_C": 5.0,
    "cue_C": 1.0,
    "role_C": 0.3,
    "cue_threshold": 0.35,
    "chars_scale": 0.5,
    "context_scale": 0.15,
    "flags_scale": 0.25,
    "folds": 5,
    "seed": 20170925,
}


_GATES = (0.0, 0.25, 0.5, 0.75, 1.0)
_CALIBRATING = 200
_WARMER = np.arange(0.9, 1.75, 0.05)  # the gate sharpens, so the temperature beside it is higher than alone


@dataclass(frozen=True)
class Trained:
    """A trained model with what cross-validation says of it: `scores` per head out of fold, `tally` of attribution."""

    model: Model
    rows: Rows
    scores: Mapping[str, Floats]
    tally: AttributionTally
    documents: Sequence[LabelledDocument]
    left_out: Mapping[str, int]


def block_plans(settings: Mapping[str, float]) -> tuple[BlockPlan, ...]:
    """Return the blocks of terms that all heads share."""
    plans = [BlockPlan("words", "tfidf")]
    if settings["chars_scale"] > 0:
        plans.append(BlockPlan("chars", "chars", 4, settings["chars_scale"]))
    if settings["context_scale"] > 0:
        plans.append(BlockPlan("context", "tfidf", 3, settings["context_scale"]))
    return (*plans, BlockPlan("flags", "flags", 3, settings["flags_scale"]))


def train(
    labels: str | Path, *, output: str | Path, name: str | None = None, settings: Mapping[str, float] | None = None, jobs: int = 1
) -> Trained:
    """Train a model on the labelled documents of a file or folder and save it at `output`.

    `labels` must have a `codebook.toml` beside it. `settings` override those of its `[train]` table. Raises StanceError.
    """
    folder = Path(labels)
    codebook = read_codebook(folder if folder.is_dir() else folder.parent)
    documents, left_out = usable(read_labels(labels))
    chosen = _settings(codebook, settings or {})
    faults = check(documents, codebook)
    if faults:
        raise LabelError(f"{faults[0]} ({len(faults)} faults in all; `stance labels check {labels}` lists them)")
    _check_enough(documents, codebook, left_out)
    trained = fit(documents, codebook, chosen, left_out, name=name or codebook.target, jobs=jobs)
    model = save(trained.model, output, card=write_card(trained, _versions()))
    _write_out_of_fold(trained, Path(output))
    return replace(trained, model=model)


def _settings(codebook: Codebook, given: Mapping[str, float]) -> dict[str, float]:
    chosen = {**SETTINGS, **{k: float(v) for k, v in codebook.settings.items()}, **{k: float(v) for k, v in given.items()}}
    unknown = set(chosen) - set(SETTINGS)
    if unknown:
        raise StanceError(f"unknown setting {sorted(unknown)[0]!r} in [train] of codebook.toml; known are {', '.join(SETTINGS)}")
    if chosen["folds"] < 2:
        raise StanceError(f"the setting folds is {chosen['folds']:g}; cross-validation needs at least 2")
    return chosen


def _check_enough(documents: Sequence[LabelledDocument], codebook: Codebook, left_out: Mapping[str, int]) -> None:
    stances = {s.stance for d in documents for s in d.statements if s.stance}
    if len(documents) < 10 or len(stances) < 2:
        reasons = ", ".join(f"{n} statements: {why}" for why, n in left_out.items() if n)
        raise LabelError(
            f"too little to train on: {len(documents)} documents with {len(stances)} of {len(codebook.stances)} stances"
            f"{f' ({reasons})' if reasons else ''}; at least 10 documents and 2 stances are needed"
        )


def fit(
    documents: Sequence[LabelledDocument],
    codebook: Codebook,
    settings: Mapping[str, float],
    left_out: Mapping[str, int],
    *,
    name: str,
    jobs: int = 1,
) -> Trained:
    """Train attribution and heads on the documents, and cross-validate both."""
    folds = assign_folds(documents, int(settings["folds"]), int(settings["seed"]))
    attribution, rows, fitted = fit_once(documents, codebook, settings)
    plans = head_plans(codebook, dict(settings))
    scores = out_of_fold(rows, plans, block_plans(settings), folds, jobs=jobs)
    counts = Parallel(n_jobs=jobs)(
        delayed(_attribution_fold)(documents, codebook, settings, folds, k) for k in range(int(folds.max()) + 1)
    )
    tally = AttributionTally([row for part in counts for row in part])
    heads = {plan.name: _calibrated(plan, fitted[plan.name], rows, scores) for plan in plans}
    heads["stance"] = _gated(heads["stance"], heads["on_target"], rows, scores)
    meta = {"name": name, "recipe": recipe(documents, codebook, settings), "settings": dict(settings), "counts": _counts(documents)}
    return Trained(Model(codebook, attribution, heads, meta), rows, scores, tally, documents, dict(left_out))


def fit_once(
    documents: Sequence[LabelledDocument], codebook: Codebook, settings: Mapping[str, float]
) -> tuple[AttributionModel, Rows, dict[str, Head]]:
    """Train attribution and uncalibrated heads on the documents, without cross-validation."""
    attribution = _attribution(documents, codebook, settings)
    rows = make_rows(documents, codebook, attribution.common)
    blocks = fit_blocks(rows.counts, block_plans(settings))
    plans = head_plans(codebook, dict(settings))
    return attribution, rows, {plan.name: fit_head(plan, blocks, _known(rows, plan), _labels(rows, plan)) for plan in plans}


def assign_folds(documents: Sequence[LabelledDocument], n_folds: int, seed: int) -> Ints:
    """Give each article a fold, balanced by number of statements; the order of the documents does not matter."""
    ids = sorted(range(len(documents)), key=lambda i: hashlib.sha256(f"{seed} {documents[i].document.doc_id}".encode()).digest())
    folds = np.zeros(len(documents), dtype=np.int64)
    load = np.zeros(n_folds)
    for i in ids:
        folds[i] = int(load.argmin())
        load[folds[i]] += len(documents[i].statements)
    return folds


def _attribution(documents: Sequence[LabelledDocument], codebook: Codebook, settings: Mapping[str, float]) -> AttributionModel:
    return train_attribution(
        documents, codebook, threshold=settings["cue_threshold"], cue_C=settings["cue_C"], role_C=settings["role_C"]
    )


def _attribution_fold(
    documents: Sequence[LabelledDocument], codebook: Codebook, settings: Mapping[str, float], folds: Ints, k: int
) -> list[np.ndarray[Any, np.dtype[np.int64]]]:
    model = _attribution([d for d, f in zip(documents, folds, strict=True) if f != k], codebook, settings)
    result = []
    for document, fold in zip(documents, folds, strict=True):
        if fold == k and document.header.get("complete"):
            page = make_page(document.document, document.sentences)
            result.append(tally_article(document, attribute(page, codebook, model)[0], codebook))
    return result


def _known(rows: Rows, plan: HeadPlan) -> Any:
    return rows.take(np.flatnonzero(rows.masks[plan.name]))


def _labels(rows: Rows, plan: HeadPlan) -> Any:
    return rows.labels[plan.name][rows.masks[plan.name]]


def _calibrating(rows: Rows, head: str) -> NDArray[np.bool_]:
    """The rows that temperature, gate and thresholds are fitted on: those in whole articles, which is what a user
    has (statements that stand alone are easier); all rows where whole articles are few."""
    mask = rows.masks[head]
    whole = mask & rows.whole
    return whole if int(whole.sum()) >= _CALIBRATING else mask


def _calibrated(plan: HeadPlan, head: Head, rows: Rows, scores: Mapping[str, Floats]) -> Head:
    mask = _calibrating(rows, plan.name)
    held_out, labels = scores[plan.name][mask], rows.labels[plan.name][mask]
    warm = temperature(held_out, labels, independent=plan.independent)
    if plan.name != "frames":
        return replace(head, temperature=warm)
    return replace(head, temperature=warm, thresholds=thresholds(logistic(held_out / warm), labels > 0, plan.labels))


def _gated(stance: Head, on_target: Head, rows: Rows, scores: Mapping[str, Floats]) -> Head:
    """Fit gate and temperature of the stance head together: the gate that gives the best likelihood of held-out labels."""
    mask = _calibrating(rows, "stance")
    held_out, labels = scores["stance"][mask], rows.labels["stance"][mask]
    about = on_target.probabilities(scores["on_target"][mask])[:, 0]
    tried = [
        replace(stance, gate=gate, temperature=t) for gate in _GATES for t in np.round(stance.temperature * _WARMER, 4).tolist()
    ]
    return min(tried, key=lambda head: -np.log(head.gated(held_out, about)[np.arange(len(labels)), labels]).mean())


def recipe(documents: Sequence[LabelledDocument], codebook: Codebook, settings: Mapping[str, float]) -> str:
    """Digest of labels, codebook, settings and the features' format: what decides a model but for library versions."""
    digest = hashlib.sha256()
    for document in sorted(documents, key=lambda d: d.document.doc_id):
        digest.update(json.dumps(to_record(document), sort_keys=True, ensure_ascii=False).encode())
    digest.update(codebook.source.encode())
    digest.update(json.dumps({"settings": dict(settings), "features": features.FORMAT}, sort_keys=True).encode())
    return digest.hexdigest()


def _counts(documents: Sequence[LabelledDocument]) -> dict[str, int]:
    statements = [s for d in documents for s in d.statements]
    complete = sum(bool(d.header.get("complete")) for d in documents)
    return {
        "articles": complete,
        "single_statements": len(documents) - complete,
        "statements": len(statements),
        "attributed": sum(s.speaker_status != "narrator" for s in statements),
    }


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{p: version(p) for p in ("scikit-learn", "numpy", "scipy")}}


def _write_out_of_fold(trained: Trained, output: Path) -> None:
    """Keep the out-of-fold predictions beside the model folder, as `<name>.oof.jsonl`: `labels doubt` reads them."""
    head = trained.model.heads["stance"]
    about = trained.model.heads["on_target"].probabilities(trained.scores["on_target"])[:, 0]
    probabilities = head.gated(trained.scores["stance"], about)
    frames = logistic(trained.scores["frames"] / trained.model.heads["frames"].temperature)
    lines = []
    for row, (article, p, f) in enumerate(zip(trained.rows.article.tolist(), probabilities, frames, strict=True)):
        document = trained.documents[article]
        statement = document.statements[row - int(np.searchsorted(trained.rows.article, article))]
        entry = {
            "doc_id": document.document.doc_id,
            "start": statement.start,
            "end": statement.end,
            "sentence": statement.sentence,
            "stance_scores": {n: round(float(v), 4) for n, v in zip(head.labels, p, strict=True)},
            "frame_probs": {n: round(float(v), 4) for n, v in zip(trained.model.heads["frames"].labels, f, strict=True)},
        }
        lines.append(json.dumps(entry, ensure_ascii=False) + "\n")
    file = output.with_name(f"{output.name}.oof.jsonl")
    scratch = file.with_name(file.name + ".part")
    scratch.write_text("".join(lines), encoding="utf-8", newline="")
    scratch.replace(file)
