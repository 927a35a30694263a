"""Spans and records."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import Document, Span

spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(spans, spans)
def test_spans_are_sets_of_characters(one: Span, other: Span) -> None:
    first, second = set(range(*one)), set(range(*other))
    assert one.overlaps(other) == bool(first & second)
    assert one.contains(other) == (second <= first)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Document("d", "text").text = "other"  # type: ignore[misc]
