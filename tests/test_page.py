"""A document prepared for attribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from strategies import texts

from stance.cues import cue_head
from stance.page import EDGE, Page, make_page
from stance.records import Document, Sentence, Span


def _page(text: str) -> Page:
    return make_page(Document("d", text))


@given(texts)
def test_sentences_part_the_tokens(text: str) -> None:
    page = _page(text)
    assert len(page.first) == len(page.last) == len(page.sentences)
    assert page.first.tolist() == [0, *page.last.tolist()[:-1]][: len(page.first)]
    for number, (first, last) in enumerate(zip(page.first.tolist(), page.last.tolist(), strict=True)):
        assert first < last
        assert (page.sentence_of[first:last] == number).all()


@given(texts)
def test_neighbours_stay_in_the_sentence(text: str) -> None:
    page = _page(text)
    ids = page.tokens.id
    for distance in (-3, -1, 1, 2):
        found = page.neighbour(ids, distance)
        for at, value in enumerate(found.tolist()):
            there = at + distance
            inside = 0 <= there < len(ids) and page.sentence_of[there] == page.sentence_of[at]
            assert value == (int(ids[there]) if inside else int(EDGE))


def test_given_sentences_replace_the_splitter() -> None:
    text = "One. Two. Three."
    page = make_page(Document("d", text), (Sentence(0, 9, "caption"), Sentence(10, 16)))
    assert [s.span for s in page.sentences] == [Span(0, 9), Span(10, 16)]
    assert page.sentence_of.tolist() == [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "cue", "reached"),
    [
        ("He said never. They left.", "said", ["He said never."]),
        ("“One. Two,” he said. They left.", "said", ["“One.", "Two,” he said."]),
        ("“One,” he said. “Two.” They left.", "said", ["“One,” he said.", "“Two.”"]),
        ("He said:\n\n“One. Two.”\n\nThey left.", "said", ["He said:", "“One.", "Two.”"]),
        ("“One.\n\n“Two,” he said.", "said", ["“One.", "“Two,” he said."]),
    ],
)
def test_reach_of_a_cue(text: str, cue: str, reached: list[str]) -> None:
    page = _page(text)
    low, high = page.reach(page.tokens.words.index(cue))
    assert [text[s.start : s.end] for s in page.sentences[low:high]] == reached


@pytest.mark.parametrize(
    ("text", "cue", "head"),
    [
        ("He has also said no", "has also said", "said"),
        ("He called for talks", "called for", "called"),
        ("He was quick to reject it", "quick to reject", "reject"),
        ("According to him", "According to", "According"),
    ],
)
def test_head_of_a_cue(text: str, cue: str, head: str) -> None:
    page = _page(text)
    at = text.index(cue)
    assert page.tokens.words[cue_head(page, Span(at, at + len(cue)))] == head


def test_reporting_words_have_a_class() -> None:
    page = _page("He said that the referendum stands")
    assert (page.cue_class != 0).tolist() == [word == "said" for word in page.tokens.words]


def test_quote_states() -> None:
    page = _page('He said "no way" twice')
    assert page.quote_state.tolist() == [0, 0, 2, 1, 1, 3, 0]
    assert np.array_equal(page.paragraph, np.zeros(7))
