"""Agreement of two coders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_labels_format import parse, record

from stance.codebook import Codebook
from stance.labels.agree import Agreement, agree, as_text, pair_up
from stance.labels.format import LabelledDocument, read_labels


def _coder(stances: str, kind: str = "human", **fields: object) -> list[LabelledDocument]:
    """An article for each letter (f, a, n), with that stance of its attributed statement."""
    names = {"f": "favor", "a": "against", "n": "neutral"}
    base: dict[str, Any] = record()["statements"][1]
    documents = []
    for number, letter in enumerate(stances):
        neutral = {"ground": None, "basis": None} if letter == "n" else {}
        statement = {**base, "stance": names[letter], **neutral, "annotator": {"id": "x", "kind": kind}, **fields}
        documents.append(parse(doc_id=str(number), complete=False, statements=[statement]))
    return documents


def _agree(one: str, other: str, codebook: Codebook) -> Agreement:
    return agree(_coder(one), _coder(other), codebook)


def test_alpha_by_hand(codebook: Codebook) -> None:
    # 10 values: 4 a, 4 f, 2 n; one unit of five differs. Observed 2/10, expected 1 - (12 + 12 + 2)/90: alpha = 1 - 0.2/0.7111.
    result = _agree("aaffn", "aafnn", codebook)
    values = [*"aaffn", *"aafnn"]
    expected = 1 - sum(values.count(v) * (values.count(v) - 1) for v in set(values)) / 90
    assert result.coefficients["stance"].value == pytest.approx(1 - 0.2 / expected)
    assert result.coefficients["stance"].n == 5


def test_perfect_agreement(root: Path, codebook: Codebook) -> None:
    documents = read_labels(root / "labels" / "seeds.jsonl")
    result = agree(documents, documents, codebook)
    assert result.only_one == 0
    assert result.pairs == sum(len(d.statements) for d in documents)
    for name in ("stance", "on target", "frame sets (MASI)", "same speaker", "frame legality"):
        assert result.coefficients[name].value == 1
        assert result.coefficients[name].low == result.coefficients[name].high == 1


def test_a_label_never_used_has_no_alpha(codebook: Codebook) -> None:
    result = _agree("aaaa", "aaaa", codebook)
    assert result.coefficients["stance"].value is None
    assert str(result.coefficients["stance"]) == "undefined (n = 4)"
    assert result.coefficients["frame economy"].value is None
    assert result.coefficients["frame economy"].prevalence == 0


def test_empty_frame_sets_are_a_label(codebook: Codebook) -> None:
    one = [
        *_coder("aa"),
        *(parse(doc_id=str(i), complete=False, statements=[{**record()["statements"][1], "frames": []}]) for i in (7, 8)),
    ]
    assert agree(one, one, codebook).coefficients["frame sets (MASI)"].value == 1


def test_machines_are_consistent_people_agree(codebook: Codebook) -> None:
    assert agree(_coder("af"), _coder("af"), codebook).kind == "agreement"
    assert agree(_coder("af"), _coder("af", kind="machine"), codebook).kind == "consistency"
    assert as_text(agree(_coder("af", "machine"), _coder("af"), codebook)).startswith("consistency of two coders on 2 articles")


def test_only_blind_rows_count(codebook: Codebook) -> None:
    result = agree(_coder("afn"), _coder("afn", made="corrected"), codebook)
    assert (result.articles, result.pairs) == (3, 0)


def _said(start: int, end: int) -> dict[str, Any]:
    return {**record()["statements"][1], "content": [{"start": start, "end": end}], "mention": None}


def test_statements_are_paired_by_their_words() -> None:
    one, other = parse(statements=[_said(26, 28), _said(29, 36)]), parse(statements=[_said(30, 36), _said(26, 27)])
    pairs, alone = pair_up(one, other)
    assert alone == 0
    assert pairs == [(one.statements[0], other.statements[1]), (one.statements[1], other.statements[0])]


def test_statements_of_other_sentences_are_no_pair() -> None:
    elsewhere = {**record()["statements"][1], "sentence": 2, "start": 38, "end": 58, "content": [{"start": 38, "end": 43}]}
    assert pair_up(parse(statements=[_said(26, 28)]), parse(statements=[elsewhere])) == ([], 2)


def test_the_best_pair_is_found_whatever_the_order() -> None:
    one, other = parse(statements=[_said(26, 28), _said(29, 36)]), parse(statements=[_said(29, 36)])
    assert pair_up(one, other)[0] == [(one.statements[1], other.statements[0])]
