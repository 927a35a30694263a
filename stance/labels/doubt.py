"""Labels that out-of-fold predictions contradict most: confident learning (Northcutt, Jiang & Chuang 2021).

A label is in doubt if a model that has not seen its article gives it little probability and another label at least the
average confidence that the model has where that other label is given (the class's threshold). Ranked by the
margin between the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stance.errors import LabelError
from stance.labels.format import LabelledDocument

Key = tuple[str, int, int, int]


class Doubt(NamedTuple):
    """A label in doubt: where it stands, what was labelled, what the predictions say, and how far they are apart in [0, 1]."""

    where: str
    doc_id: str
    sentence: int
    head: str
    labelled: str
    predicted: str
    margin: float
    text: str


def read_predictions(path: str | Path) -> dict[Key, Mapping[str, Any]]:
    """Read out-of-fold predictions (`<model>.oof.jsonl`), keyed by document, sentence and span."""
    path = Path(path)
    if not path.is_file():
        raise LabelError(f"{path}: no such file; `stance train` writes the out-of-fold predictions beside the model folder")
    found: dict[Key, Mapping[str, Any]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                entry = json.loads(line)
                found[entry["doc_id"], entry["sentence"], entry["start"], entry["end"]] = entry
            except (ValueError, KeyError, TypeError):
                raise LabelError(f"{path}:{number}: not a prediction that `stance train` wrote") from None
    return found


def doubts(documents: Sequence[LabelledDocument], predictions: Mapping[Key, Mapping[str, Any]]) -> list[Doubt]:
    """Return the labels in doubt, the most doubtful first: stance by class, each frame as yes or no."""
    rows = [
        (d, s, p)
        for d in documents
        for s in d.statements
        if (p := predictions.get((d.document.doc_id, s.sentence, s.start, s.end)))
    ]
    result = []
    speaking = [
        (d, s, p["stance_scores"])
        for d, s, p in rows
        if s.stance and (s.speaker_status != "narrator" or d.document.genre == "opinion")
    ]
    limits = _limits([(str(s.stance), p) for _, s, p in speaking])
    for document, statement, scores in speaking:
        best = max((label for label in scores if label != statement.stance), key=lambda label: scores[label])
        if scores[best] >= limits.get(best, 1.0):
            margin = scores[best] - scores[str(statement.stance)]
            result.append(_doubt(document, statement, "stance", str(statement.stance), best, margin))
    for frame in sorted({f for _, _, p in rows for f in p["frame_probs"]}):
        framed = [
            (d, s, {"yes": p["frame_probs"][frame], "no": 1 - p["frame_probs"][frame]}) for d, s, p in rows if s.frames is not None
        ]
        limits = _limits([("yes" if frame in (s.frames or ()) else "no", p) for _, s, p in framed])
        for document, statement, scores in framed:
            labelled, other = ("yes", "no") if frame in (statement.frames or ()) else ("no", "yes")
            if scores[other] >= limits.get(other, 1.0):
                margin = scores[other] - scores[labelled]
                result.append(_doubt(document, statement, frame, labelled, other, margin))
    return sorted((d for d in result if d.margin > 0), key=lambda d: -d.margin)


def _limits(rows: Sequence[tuple[str, Mapping[str, float]]]) -> dict[str, float]:
    """Mean predicted probability of each label where it is the one given."""
    grouped: dict[str, list[float]] = {}
    for label, scores in rows:
        grouped.setdefault(label, []).append(scores.get(label, 0.0))
    return {label: float(np.mean(values)) for label, values in grouped.items()}


def _doubt(document: LabelledDocument, statement: Any, head: str, labelled: str, predicted: str, margin: float) -> Doubt:
    text = " ".join(document.document.text[statement.start : statement.end].split())
    return Doubt(
        document.source, document.document.doc_id, statement.sentence, head, labelled, predicted, round(float(margin), 4), text
    )
