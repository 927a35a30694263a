"""Offsets of other tools and code points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.labels.convert.marks import Mark
from stance.labels.convert.offsets import code_points, resolve, to_utf16, utf16, utf16_short_breaks

TEXTS = st.text(alphabet=st.sampled_from("ab 😀𝒜\r\né"), min_size=1, max_size=30)


@given(TEXTS)
def test_utf16_there_and_back(text: str) -> None:
    table, back = utf16(text), to_utf16(text)
    assert len(table) == len(text.encode("utf-16-le")) // 2 + 1
    assert [table[units] for units in back] == code_points(text)


@given(TEXTS)
def test_short_breaks_count_a_crlf_once(text: str) -> None:
    table = utf16_short_breaks(text)
    assert len(table) == len(text.replace("\r\n", "\n").encode("utf-16-le")) // 2 + 1
    assert (table[0], table[-1]) == (0, len(text))


@given(TEXTS, st.data())
def test_a_span_of_utf16_finds_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = to_utf16(text)
    (mark,) = resolve(text, [Mark(at[start], at[end], "favor", words=text[start:end])], (utf16,), "here")
    assert (mark.start, mark.end) == (start, end)
