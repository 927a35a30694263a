"""Quoted stretches."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from casebook import cases
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from stance.page import Page, make_page
from stance.records import Document


def _page(text: str) -> Page:
    return make_page(Document("d", text))


def _stretches(page: Page) -> list[str]:
    tokens, quotes = page.tokens, page.quotes
    return [tokens.text[tokens.start[s] : tokens.end[e - 1]] for s, e in zip(quotes.start, quotes.end, strict=True)]


@pytest.mark.parametrize("case", cases("quotes"))
def test_quotes(case: dict[str, Any]) -> None:
    assert _stretches(_page(case["text"])) == case["expect"]


@pytest.mark.parametrize("case", cases("chains"))
def test_chains(case: dict[str, Any]) -> None:
    chain = _page(case["text"]).quotes.chain.tolist()
    assert [[i for i, c in enumerate(chain) if c == one] for one in dict.fromkeys(chain)] == case["expect"]


@given(texts)
def test_stretches_are_in_order_and_numbered(text: str) -> None:
    quotes = _page(text).quotes
    edges = [(s, e) for s, e in zip(quotes.start.tolist(), quotes.end.tolist(), strict=True)]
    assert all(s < e for s, e in edges)
    assert all(a[1] <= b[0] for a, b in pairwise(edges))
    for number, (start, end) in enumerate(edges):
        assert (quotes.index[start:end] == number).all()
    assert int((quotes.index >= 0).sum()) == sum(e - s for s, e in edges)


_SPOILT = ['An " odd mark.', "“Never closed. He left.", "He said ” and left.", "Feet 5'11\" and ‘more.", '"One," he said. "Two.']
_SOUND = ["She said “we vote” and left.", "They met.", "“It is over,” he said. “We won.”", "He called it 'void' twice."]


@given(st.sampled_from(_SPOILT), st.lists(st.sampled_from(_SOUND), min_size=1, max_size=4))
def test_an_odd_mark_spoils_no_later_paragraph(spoilt: str, sound: list[str]) -> None:
    # A paragraph that opens with a mark could go on with the quotation that was never closed.
    after = ["They waited.", *sound]
    alone = _stretches(_page("\n\n".join(after)))
    assert _stretches(_page("\n\n".join([spoilt, *after])))[-len(alone) :] == alone if alone else True
