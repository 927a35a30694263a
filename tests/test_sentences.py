"""Sentences and the part of the page each stands in."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from casebook import cases
from hypothesis import given
from strategies import texts

from stance.records import PARTS
from stance.sentences import split_sentences
from stance.text import tokenize


@pytest.mark.parametrize("case", cases("sentences"))
def test_sentences(case: dict[str, Any]) -> None:
    text = case["text"]
    assert [[s.part, text[s.start : s.end]] for s in split_sentences(tokenize(text))] == case["expect"]


@given(texts)
def test_every_token_lies_in_one_sentence(text: str) -> None:
    tokens = tokenize(text)
    sentences = split_sentences(tokens)
    assert [s.start for s in sentences] == sorted({s.start for s in sentences})
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    bounds = list(zip(tokens.start.tolist(), tokens.end.tolist(), strict=True))
    assert [sum(s.start <= a and b <= s.end for s in sentences) for a, b in bounds] == [1] * len(bounds)
    assert {s.start for s in sentences} <= set(tokens.start.tolist())
    assert {s.end for s in sentences} <= set(tokens.end.tolist())
    assert {s.part for s in sentences} <= set(PARTS)


@given(texts)
def test_at_most_one_title(text: str) -> None:
    assert sum(s.part == "title" for s in split_sentences(tokenize(text))) <= 1
