"""The view without encoding damage, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from casebook import cases
from hypothesis import given
from hypothesis import strategies as st

from stance.records import Span
from stance.repair import make_view


@pytest.mark.parametrize("case", cases("repair"))
def test_repair(case: dict[str, Any]) -> None:
    view = make_view(case["text"])
    assert view.text == case["expect"]
    assert (view.origin is None) == (case["text"] == case["expect"])


def test_offsets_point_into_the_text_as_read() -> None:
    text = "Rouhani met Erdo─čan in Tehran"
    view = make_view(text)
    at = view.text.index("Erdoğan")
    assert view.to_source(Span(at, at + 7)) == Span(12, 20)
    assert text[12:20] == "Erdo─čan"
    tehran = view.to_source(Span(view.text.index("Tehran"), len(view.text)))
    assert text[tehran.start : tehran.end] == "Tehran"


_SIGNS = [("GÃ¼len", "Gülen"), ("itâ€™s", "it’s"), ("wellâ€¦", "well…"), ("vote", "vote"), ("😀", "😀")]
_WORDS = [("Erdo─čan", "Erdoğan"), ("┼×irnak", "Şirnak"), ("D├╝zce", "Düzce")]  # repaired as a whole


def _spans(words: list[tuple[str, str]]) -> list[tuple[Span, Span]]:
    """Where each word lies in the view, and in the text as read."""
    spans, here, there = [], 0, 0
    for damaged, repaired in words:
        spans.append((Span(here, here + len(repaired)), Span(there, there + len(damaged))))
        here, there = here + len(repaired) + 1, there + len(damaged) + 1
    return spans


@given(st.lists(st.sampled_from(_SIGNS + _WORDS), max_size=8))
def test_every_word_of_the_view_has_its_place_in_the_text(words: list[tuple[str, str]]) -> None:
    text, wanted = (" ".join(pair[i] for pair in words) for i in (0, 1))
    view = make_view(text)
    assert view.text == wanted
    assert [view.to_source(seen) for seen, _ in _spans(words)] == [source for _, source in _spans(words)]


@given(st.lists(st.sampled_from(_SIGNS), max_size=8))
def test_every_word_of_the_text_has_its_place_in_the_view(words: list[tuple[str, str]]) -> None:
    view = make_view(" ".join(damaged for damaged, _ in words))
    assert [view.from_source(source) for _, source in _spans(words)] == [seen for seen, _ in _spans(words)]


@pytest.mark.xfail(strict=True, reason="View.from_source takes the last of the characters that share an origin for the start")
@pytest.mark.parametrize("word", _WORDS)
def test_a_word_repaired_as_a_whole_has_its_place_in_the_view(word: tuple[str, str]) -> None:
    words = [("at", "at"), word, ("once", "once")]
    view = make_view(" ".join(damaged for damaged, _ in words))
    assert [view.from_source(source) for _, source in _spans(words)] == [seen for seen, _ in _spans(words)]


@given(st.text(st.characters(max_codepoint=0x24F, exclude_characters="ÂÃÄÅâ")))
def test_sound_latin_text_is_left_alone(text: str) -> None:
    view = make_view(text)
    assert view.text == text
    assert view.origin is None
