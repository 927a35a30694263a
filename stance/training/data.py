"""Labelled documents to what the heads learn from: rows of counts with their labels, masks and articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.codebook import Codebook
from stance.errors import LabelError
from stance.features import Counts
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.names import find_names
from stance.page import make_page
from stance.tagger import given_statements
from stance.text import Ids, Ints
from stance.views import featurise, mask_page, see

_SILENT_PARTS = frozenset({"boilerplate", "byline", "dateline"})


@dataclass(frozen=True)
class Rows:
    """Labelled statements as rows. `article` (n_rows,) numbers each row's article; `labels` and `masks` hold for each
    head its labels and which rows have one: stance, ground (n_rows,); on_target, interference (n_rows, 1), frames
    (n_rows, n_frames). `whole` (n_rows,) tells which stand in whole articles, not alone.
    """

    counts: Mapping[str, Counts]
    article: Ints
    whole: NDArray[np.bool_]
    labels: Mapping[str, NDArray[np.int64]]
    masks: Mapping[str, NDArray[np.bool_]]
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.article)

    def take(self, rows: Ints) -> dict[str, Counts]:
        """Counts of the given rows."""
        return {name: counts.take(rows) for name, counts in self.counts.items()}


def usable(documents: Sequence[LabelledDocument]) -> tuple[list[LabelledDocument], dict[str, int]]:
    """Keep what may be trained on: neither test nor seeds, and only statements that somebody has annotated.

    Returns the documents and how many statements were left out, by reason.
    """
    left = {"split test": 0, "split seed": 0, "no annotator": 0}
    kept = []
    for document in documents:
        if document.split in ("test", "seed"):
            left[f"split {document.split}"] += len(document.statements)
            continue
        annotated = tuple(s for s in document.statements if s.annotator)
        left["no annotator"] += len(document.statements) - len(annotated)
        if annotated:
            kept.append(replace(document, statements=annotated))
    return kept, left


def make_rows(documents: Sequence[LabelledDocument], codebook: Codebook, common: Ids) -> Rows:
    """Featurise the labelled statements of the documents, with the labelled speaker, cue and span."""
    items, found, article, texts = [], [], [], []
    for number, document in enumerate(documents):
        _check_version(document, codebook)
        page = make_page(document.document, document.sentences)
        masked = mask_page(page, find_names(page, codebook, common), codebook)
        for label, statement in zip(document.statements, given_statements(document), strict=True):
            items.append((masked, see(page, statement)))
            found.append((document, label))
            article.append(number)
            texts.append(document.document.text[label.start : label.end])
    labels, masks = _labels(found, codebook)
    whole = np.array([bool(documents[number].header.get("complete")) for number in article], dtype=np.bool_)
    return Rows(featurise(items), np.array(article, dtype=np.int64), whole, labels, masks, texts)


def _check_version(document: LabelledDocument, codebook: Codebook) -> None:
    version = document.header.get("codebook", codebook.version)
    if version != codebook.version:
        raise LabelError(
            f"{document.source}: labelled by version {version} of the codebook, but codebook.toml is version {codebook.version}"
        )


def _labels(
    found: Sequence[tuple[LabelledDocument, LabelledStatement]], codebook: Codebook
) -> tuple[dict[str, NDArray[np.int64]], dict[str, NDArray[np.bool_]]]:
    stances, grounds, frames = list(codebook.stances), list(codebook.grounds), codebook.frame_ids
    statements = [s for _, s in found]
    silent = np.array([d.sentences[s.sentence].part in _SILENT_PARTS for d, s in found], dtype=np.bool_)
    speaks = np.array([s.speaker_status != "narrator" or d.document.genre == "opinion" for d, s in found], dtype=np.bool_)
    labels = {
        "stance": np.array([stances.index(s.stance) if s.stance else 0 for s in statements]),
        "ground": np.array([grounds.index(s.ground) if s.ground else 0 for s in statements]),
        "on_target": np.array([[int(bool(s.on_target))] for s in statements]),
        "frames": np.array([[int(f in (s.frames or ())) for f in frames] for s in statements]),
        "interference": np.array([[int(s.interference)] for s in statements]),
    }
    framed = np.array([s.frames is not None for s in statements], dtype=np.bool_) & ~silent
    masks = {
        "stance": np.array([s.stance is not None for s in statements], dtype=np.bool_) & speaks & ~silent,
        "ground": np.array([s.ground is not None for s in statements], dtype=np.bool_),
        "on_target": np.array([s.on_target is not None for s in statements], dtype=np.bool_) & ~silent,
        "frames": framed,
        "interference": framed,
    }
    return labels, masks
