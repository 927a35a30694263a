"""Counts of a labelled set."""

from __future__ import annotations

from test_labels_format import parse, record

from stance.codebook import Codebook
from stance.labels.stats import as_text, count


def test_counts(codebook: Codebook) -> None:
    statements = record()["statements"]
    home = {**statements[1], "speaker": "Gorran", "actor": "Kurdistan Region"}
    loyal = {**home, "stance": "neutral", "ground": None, "basis": None}
    abroad = {**statements[1], "speaker": "Israel", "actor": "Israel", "stance": "favor", "evidence": []}
    stats = count([parse(), parse(doc_id="d-2", complete=False, statements=[home, loyal, abroad])], codebook)
    assert stats.documents == {"complete articles": 1, "single statements": 1}
    assert (stats.statements, stats.attributed, stats.evidence) == (6, 4, 3)
    assert stats.by["stance"] == {"against": 2, "favor": 1, "neutral": 1}
    assert stats.by["frame"] == {"legality": 4, "mandate": 1}
    assert stats.by["part"] == {"title": 1, "body": 5}
    assert stats.by["outlet"] == {"agency wire": 2}
    assert (stats.kurdish_against, stats.foreign_favor) == (1, 1)


def test_the_text_names_every_frame(codebook: Codebook) -> None:
    text = as_text(count([parse()], codebook), codebook)
    assert text.startswith("1 complete articles; 3 statements, 1 attributed, 1 with evidence\n")
    assert all(frame in text for frame in codebook.frame_ids)
    assert "against 1 (100 %)" in text
