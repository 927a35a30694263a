"""A view of the text without encoding damage, and the way back to the text as read.

Offsets of every record point into the text as read, which is never changed. What the later stages
look at is a `View`: the same text with mojibake undone where that is certain. Nearly always the two
are equal and the view costs one regular-expression scan.

Two kinds of damage are undone. UTF-8 read as Windows-1252 or Latin-1 ("â€œvoteâ€") is left to ftfy
(Speer 2019). UTF-8 read as cp852 ("Erdo─čan") is not known to ftfy; it is undone only in words that
hold a box-drawing or block character and whose repair is letters only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.records import Span

# A lead byte of a two- or three-byte UTF-8 sequence, seen as Windows-1252/Latin-1, with what may follow it.
_LATIN = re.compile("[\u00c2-\u00c5\u00e2][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,2}")
_CP852_SIGNS = "\u2500-\u259f\u00a0-\u00bf\u02c7\u02d8\u02d9\u02db\u02dd\u00f7\u00d7"  # what cp852 shows for bytes of UTF-8 letters
_BOXED = re.compile(rf"[\w{_CP852_SIGNS}]*[\u2500-\u259f][\w{_CP852_SIGNS}]*")


@dataclass(frozen=True, slots=True)
class View:
    """The text that later stages read. `origin[i]` is the offset in the text as read of the view's
    i-th character (one more entry than characters); None where the two texts are the same."""

    text: str
    origin: NDArray[np.int64] | None = None

    def to_source(self, span: Span) -> Span:
        """Translate a stretch of the view into the text as read."""
        if self.origin is None:
            return span
        return Span(int(self.origin[span.start]), int(self.origin[span.end]))

    def from_source(self, span: Span) -> Span:
        """Translate a stretch of the text as read into the view (the smallest that covers it)."""
        if self.origin is None:
            return span
        start = int(np.searchsorted(self.origin, span.start, side="right")) - 1
        end = int(np.searchsorted(self.origin, span.end, side="left"))
        return Span(start, end)


def make_view(text: str) -> View:
    """Undo encoding damage in `text`.

    >>> make_view("Erdo\u2500\u010dan in Tehran").text
    'Erdo\u011fan in Tehran'
    """
    edits = [(m.start(), m.end(), fixed) for m in _BOXED.finditer(text) if (fixed := _fix_cp852(m[0])) is not None]
    if _LATIN.search(text):
        import ftfy  # loaded only where damage is seen: its tables cost 30 ms

        edits += [
            (m.start(), m.end(), fixed)
            for m in _LATIN.finditer(text)
            if (fixed := ftfy.fix_encoding(m[0])) != m[0] and len(fixed) < len(m[0])
        ]
    if not edits:
        return View(text)
    return _apply(text, sorted(edits))


def _fix_cp852(word: str) -> str | None:
    try:
        fixed = word.encode("cp852").decode("utf-8")
    except UnicodeError:
        return None
    return fixed if fixed.isalpha() else None


def _apply(text: str, edits: list[tuple[int, int, str]]) -> View:
    pieces: list[str] = []
    origin: list[NDArray[np.int64]] = []
    at = 0
    for start, end, fixed in edits:
        if start < at:
            continue
        pieces += [text[at:start], fixed]
        origin.append(np.arange(at, start, dtype=np.int64))
        # Each repaired character starts where the damage starts, save that the view's next
        # character starts at its end: a span that ends within the word covers the whole of it.
        origin.append(np.full(len(fixed), start, dtype=np.int64))
        at = end
    pieces.append(text[at:])
    origin.append(np.arange(at, len(text) + 1, dtype=np.int64))
    return View("".join(pieces), np.concatenate(origin))
