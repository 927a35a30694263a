"""Offsets of other tools to code points.

Tools that run in a browser or in Java count UTF-16 code units, some count a CRLF once, brat counts a byte-order mark, and
versions of one tool differ (Label Studio issues 539, 1347, 1559). Where a file repeats the words of its spans, they decide which
reading is right; where it does not, the tool's first reading holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.errors import LabelError
from stance.labels.convert.marks import Mark

Reading = Callable[[str], list[int]]  # text -> code point at each foreign offset, one more than there are units


def code_points(text: str) -> list[int]:
    """Offsets that count code points."""
    return list(range(len(text) + 1))


def code_points_after_mark(text: str) -> list[int]:
    """Offsets that count code points and, before them, a byte-order mark."""
    return [0, *range(len(text) + 1)]


def utf16(text: str) -> list[int]:
    """Offsets that count UTF-16 code units.

    >>> utf16("a\U0001f600b")
    [0, 1, 1, 2, 3]
    """
    if not text or ord(max(text)) < 0x10000:
        return code_points(text)
    return [i for i, c in enumerate(text) for _ in range(1 + (ord(c) > 0xFFFF))] + [len(text)]


def utf16_short_breaks(text: str) -> list[int]:
    r"""Offsets that count UTF-16 code units, and "\r\n" as one.

    >>> utf16_short_breaks("a\r\nb")
    [0, 1, 3, 4]
    """
    table = utf16(text)
    return [at for at in table if not (0 < at < len(text) and text[at] == "\n" and text[at - 1] == "\r")]


def to_utf16(text: str) -> list[int]:
    """Return for each code point offset of `text` the number of UTF-16 code units before it."""
    table = [0]
    for character in text:
        table.append(table[-1] + 1 + (ord(character) > 0xFFFF))
    return table


def resolve(text: str, marks: Sequence[Mark], readings: Sequence[Reading], where: str) -> tuple[Mark, ...]:
    """Return the marks with offsets in code points of `text`, by the first reading that fits all of them.

    Raises LabelError where none does: the span lies outside the text, or holds other words than the file says.
    """
    problem = ""
    for reading in readings:
        table = reading(text)
        found = []
        for mark in marks:
            what = _problem(text, mark, table)
            if what:
                problem = problem or what
                break
            found.append(mark._replace(start=table[mark.start], end=table[mark.end]))
        else:
            return tuple(found)
    raise LabelError(f"{where}: {problem}; was the text changed after it was labelled? Export text and labels together")


def _problem(text: str, mark: Mark, table: list[int]) -> str:
    if not 0 <= mark.start < mark.end < len(table):
        return f"the span {mark.start}-{mark.end} ({mark.label}) lies outside the text (0 to {len(table) - 1})"
    words = text[table[mark.start] : table[mark.end]]
    if mark.words is not None and _plain(words) != _plain(mark.words):
        return f"the span {mark.start}-{mark.end} ({mark.label}) holds {words[:60]!r}, but the file says {mark.words[:60]!r}"
    return ""


def _plain(words: str) -> str:
    # Label Studio writes a line break as backslash and n, brat as a blank
    return " ".join(words.replace("\\n", " ").split())
