"""Tokens and their ids."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from casebook import cases
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import texts

from stance.text import fold, hash_words, tokenize


@pytest.mark.parametrize("case", cases("tokens"))
def test_tokens(case: dict[str, Any]) -> None:
    assert tokenize(case["text"]).words == case["expect"]


@pytest.mark.parametrize("case", cases("same token"))
def test_spellings_of_one_word_have_one_id(case: dict[str, Any]) -> None:
    assert len({int(hash_words([word])[0]) for word in case["words"]}) == 1
    assert len({fold(word) for word in case["words"]}) == 1


@pytest.mark.parametrize(("one", "other"), [("vote", "votes"), ("favor", "favour"), ("no", "on"), ("a", "aa"), ("Iran", "Iraq")])
def test_other_words_have_other_ids(one: str, other: str) -> None:
    assert hash_words([one])[0] != hash_words([other])[0]


@given(texts)
@example("Erdo─čan\u200b’s İ\u0301 𝒜😀\U0010ffff")
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    tokens = tokenize(text)
    end = 0
    for start, stop, word in zip(tokens.start.tolist(), tokens.end.tolist(), tokens.words, strict=True):
        assert end <= start < stop
        assert re.fullmatch(r"[\s\u200b]*", text[end:start]), "what no token holds is white space"
        assert text[start:stop] == word
        assert not re.search(r"[\s\u200b]", word)
        end = stop
    assert re.fullmatch(r"[\s\u200b]*", text[end:])


@given(texts)
def test_ids_are_those_of_the_words_alone(text: str) -> None:
    tokens = tokenize(text)
    if len(tokens):
        assert np.array_equal(tokens.id, hash_words(tokens.words))


@given(texts, texts)
def test_a_token_does_not_depend_on_what_lies_far_off(one: str, other: str) -> None:
    first, second, both = tokenize(one), tokenize(other), tokenize(f"{one} {other}")
    assert both.words == first.words + second.words
    assert np.array_equal(both.id, np.concatenate([first.id, second.id]))
    assert np.array_equal(both.cap, np.concatenate([first.cap, second.cap]))


@given(texts)
def test_breaks_count_the_line_breaks_between_tokens(text: str) -> None:
    tokens = tokenize(text)
    before = [0, *tokens.end.tolist()]
    starts = tokens.start.tolist()
    assert tokens.breaks.tolist() == [text.count("\n", before[i], start) for i, start in enumerate(starts)]


@given(texts, st.data())
def test_between_finds_the_tokens_that_overlap(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    tokens = tokenize(text)
    first, last = tokens.between(start, end)
    bounds = zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)
    overlapping = [i for i, (s, e) in enumerate(bounds) if s < end and start < e]
    if start < end:
        assert list(range(first, last)) == overlapping


def test_suffixes_are_the_last_three_letters() -> None:
    assert tokenize("Voted in Erdoğan's no").suffix.tolist() == hash_words(["ted", "in", "gan", "'s", "no"]).tolist()


def test_ids_of_a_long_text() -> None:
    tokens = tokenize("referendum " * 5000)
    assert len(tokens) == 5000
    assert len(np.unique(tokens.id)) == 1


@pytest.mark.parametrize(
    ("text", "cap", "number"),
    [
        ("Erbil", True, False),
        ("erbil", False, False),
        ("İstanbul", True, False),
        ("al-Abadi", True, False),
        ("well-Known", False, False),
        ("92", False, True),
        ("“", False, False),
    ],
)
def test_shape(text: str, cap: bool, number: bool) -> None:
    tokens = tokenize(text)
    assert (bool(tokens.cap[0]), bool(tokens.number[0])) == (cap, number)
