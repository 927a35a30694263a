"""Judging a model on labelled documents: heads with the true speaker, attribution and the whole from raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stance.errors import LabelError
from stance.evaluation import (
    AttributionTally,
    Figure,
    calibration_error,
    chance_calibration_error,
    confusion,
    f1_of,
    f1_scores,
    macro_f1,
    micro_f1,
    tally_article,
    with_interval,
)
from stance.labels.format import LabelledDocument, read_labels
from stance.tagger import Tagger, load_tagger

_SILENT_PARTS = frozenset({"boilerplate", "byline", "dateline"})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model reaches on labelled documents. `figures` by name; `per_class`, `per_frame` F1 and support; `confusion`
    (n_stances, n_stances), rows gold."""

    n_documents: int
    n_statements: int
    figures: dict[str, Figure]
    per_class: dict[str, tuple[float, int]]
    per_frame: dict[str, tuple[float, int]]
    confusion: list[list[int]]
    calibration: tuple[float, float]
    left_out: dict[str, int]


def evaluate(
    model: str | Path | Tagger | None, labels: str | Path | Sequence[LabelledDocument], *, split: str | None = None
) -> Evaluation:
    """Score a model (path, tagger, or None for the shipped one) on labelled documents.

    Only statements made blind are used, only documents of `split` if given; what is left out is counted. Documents that are not
    `complete` count for the heads, not for attribution.
    """
    tagger = model if isinstance(model, Tagger) else load_tagger(model)
    documents = read_labels(labels) if isinstance(labels, str | Path) else list(labels)
    left_out = {"other splits": 0, "not blind": 0}
    chosen = []
    version = tagger.model.codebook.version
    for document in documents:
        labelled = document.header.get("codebook", version)
        if labelled != version:
            raise LabelError(f"{document.source}: labelled by codebook version {labelled}, the model is of version {version}")
        if split is not None and document.split != split:
            left_out["other splits"] += len(document.statements)
        elif any(s.made not in (None, "blind") for s in document.statements):
            left_out["not blind"] += len(document.statements)
        else:
            chosen.append(document)
    return _evaluate(tagger, chosen, left_out)


def _evaluate(tagger: Tagger, documents: Sequence[LabelledDocument], left_out: dict[str, int]) -> Evaluation:
    stances, frames = list(tagger.model.codebook.stances), tagger.model.codebook.frame_ids
    gold, given, confident, article = [], [], [], []
    gold_frames, given_frames, frame_article = [], [], []
    tally = AttributionTally([])
    for number, document in enumerate(documents):
        tagged = tagger.tag_read([tagger.read_labelled(document)])[0]
        for label, answer in zip(document.statements, tagged, strict=True):
            silent = answer.statement.part in _SILENT_PARTS
            if label.frames is not None and not silent:
                gold_frames.append([f in label.frames for f in frames])
                given_frames.append([f in answer.frames for f in frames])
                frame_article.append(number)
            speaks = label.speaker_status != "narrator" or document.document.genre == "opinion"
            if label.stance is not None and speaks and not silent:
                gold.append(stances.index(label.stance))
                given.append(stances.index(answer.stance))
                confident.append(max(answer.stance_scores.values()))
                article.append(number)
        if document.header.get("complete"):
            free = tagger.tag(document.document)
            tally.counts.append(_tally(document, free, tagger))
    figures = _stance_figures(np.array(gold), np.array(given), np.array(article), len(stances))
    figures |= _frame_figures(np.array(gold_frames, dtype=bool), np.array(given_frames, dtype=bool), np.array(frame_article))
    figures |= _attribution_figures(tally) if tally.counts else {}
    right = np.array(gold) == np.array(given)
    confidence = np.array(confident)
    return Evaluation(
        n_documents=len(documents),
        n_statements=sum(len(d.statements) for d in documents),
        figures=figures,
        per_class=_per_label(np.eye(len(stances), dtype=bool)[gold], np.eye(len(stances), dtype=bool)[given], stances),
        per_frame=_per_label(np.array(gold_frames, dtype=bool), np.array(given_frames, dtype=bool), frames),
        confusion=confusion(np.array(gold, dtype=np.int64), np.array(given, dtype=np.int64), len(stances)).tolist(),
        calibration=(calibration_error(confidence, right), chance_calibration_error(confidence)) if len(confidence) else (0.0, 0.0),
        left_out=left_out,
    )


def _tally(document: LabelledDocument, tagged: Sequence[object], tagger: Tagger) -> np.ndarray:
    """Match sentences of the free reading with the labelled ones by overlap before counting."""
    from dataclasses import replace

    from stance.records import TaggedStatement

    bounds = [s.span for s in document.sentences]
    given, stances = [], []
    for answer in tagged:
        assert isinstance(answer, TaggedStatement)
        middle = (answer.statement.span.start + answer.statement.span.end) // 2
        number = next((i for i, b in enumerate(bounds) if b.start <= middle < b.end), answer.statement.sentence)
        given.append(replace(answer.statement, sentence=number))
        stances.append(answer.stance)
    return tally_article(document, given, tagger.model.codebook, stances)


def _stance_figures(gold: np.ndarray, given: np.ndarray, article: np.ndarray, n: int) -> dict[str, Figure]:
    if len(gold) == 0:
        return {}
    return {
        "stance macro-F1": with_interval(lambda r: macro_f1(gold[r], given[r], n), article),
        "stance accuracy": with_interval(lambda r: float((gold[r] == given[r]).mean()), article),
    }


def _frame_figures(gold: np.ndarray, given: np.ndarray, article: np.ndarray) -> dict[str, Figure]:
    if len(gold) == 0:
        return {}
    return {
        "frames micro-F1": with_interval(lambda r: micro_f1(gold[r], given[r]), article),
        "frames macro-F1": with_interval(lambda r: float(f1_scores(gold[r], given[r]).mean()), article),
    }


def _attribution_figures(tally: AttributionTally) -> dict[str, Figure]:
    return {
        "(sentence, speaker) F1": tally.figure(f1_of),
        "(sentence, speaker, stance) F1": tally.figure(lambda c: f1_of(c, "right_stance")),
        "attributed statements found": tally.figure(lambda c: c["found"] / max(c["gold"], 1)),
        "name right of resolved": tally.figure(lambda c: c["named"] / max(c["resolved"], 1)),
        "narrator given a speaker": tally.figure(lambda c: c["intruded"] / max(c["narrator"], 1)),
    }


def _per_label(gold: np.ndarray, given: np.ndarray, names: Sequence[str]) -> dict[str, tuple[float, int]]:
    if len(gold) == 0:
        return {}
    return {n: (float(f), int(s)) for n, f, s in zip(names, f1_scores(gold, given), gold.sum(axis=0), strict=True)}
