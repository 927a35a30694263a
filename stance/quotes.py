"""Quotation marks to quoted stretches.

Enters: tokens. Leaves: `Quotes`: for every token the number of the quotation that it stands in. All kinds of
double marks are one kind (real pages open with one and close with another), single marks count where
they cannot be apostrophes. An odd mark spoils its own sentence or paragraph, never the document. A quotation
left open at the end of a paragraph goes on in the next one if that opens with a mark again (the
convention of multi-paragraph quotes), else it ends with the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.text import Bools, Ints, Tokens

_DOUBLE = frozenset('"“”„«»‟')
_SINGLE = frozenset("'‘’")
_MAX_SINGLE = 120  # tokens: a stretch in single marks is no longer than this


@dataclass(frozen=True, slots=True)
class Quotes:
    """Quoted stretches. `index` (n_tokens,): number of the quotation a token stands in, or -1 (marks included).
    `mark` (n_tokens,): the token is a mark of one. `start`, `end` (n_quotes,): tokens, end exclusive. `chain`
    (n_quotes,): quotations of several paragraphs that are one speech share a number."""

    index: Ints
    mark: Bools
    start: Ints
    end: Ints
    chain: Ints

    def __len__(self) -> int:
        return len(self.start)


def find_quotes(tokens: Tokens, sentence_of: Ints) -> Quotes:
    """Find the quoted stretches of a document; `sentence_of` (n_tokens,) numbers each token's sentence."""
    doubles = _doubles(tokens, sentence_of)
    taken = np.zeros(len(tokens), dtype=np.bool_)
    for first, last in doubles:
        taken[first:last] = True
    stretches = sorted([*doubles, *_singles(tokens, taken)])
    index = np.full(len(tokens), -1, dtype=np.int64)
    mark = np.zeros(len(tokens), dtype=np.bool_)
    chain: list[int] = []
    words = tokens.words
    for number, (first, last) in enumerate(stretches):
        index[first:last] = number
        for edge in (first, last - 1):
            mark[edge] = words[edge] in _DOUBLE or words[edge] in _SINGLE
        goes_on = number > 0 and stretches[number - 1][1] == first and tokens.breaks[first] > 0
        chain.append(chain[-1] if goes_on else number)
    starts = np.array([s for s, _ in stretches], dtype=np.int64)
    ends = np.array([e for _, e in stretches], dtype=np.int64)
    return Quotes(index, mark, starts, ends, np.array(chain, dtype=np.int64))


def _attached(tokens: Tokens, at: int) -> tuple[bool, bool]:
    left = at > 0 and tokens.end[at - 1] == tokens.start[at]
    right = at + 1 < len(tokens) and tokens.start[at + 1] == tokens.end[at]
    return bool(left), bool(right)


def _direction(tokens: Tokens, at: int, inside: bool) -> bool:
    """Tell whether the double mark at `at` opens."""
    mark = tokens.words[at]
    if mark in "«„‟":
        return True
    if mark == "“" and not (inside and not _attached(tokens, at)[1]):
        return True
    if mark in "”»":
        return False
    left, right = _attached(tokens, at)
    if left != right:
        return right
    if left and right:
        if tokens.words[at + 1] in ".,;:!?)…":
            return False
        if tokens.words[at - 1] in "([—–-":
            return True
    return not inside


def _doubles(tokens: Tokens, sentence_of: Ints) -> list[tuple[int, int]]:
    """Pair double marks. A stretch that the next paragraph's mark continues ends right before that mark."""
    words = tokens.words
    paragraph = np.cumsum(tokens.breaks > 0)
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for at in np.flatnonzero(~tokens.word).tolist():
        if words[at] not in _DOUBLE:
            continue
        opens = _direction(tokens, at, opened is not None)
        if opened is not None and paragraph[at] != paragraph[opened]:
            goes_on = opens and tokens.breaks[at] > 0 and paragraph[at] == paragraph[opened] + 1
            found.append((opened, at if goes_on else _sentence_end(sentence_of, opened)))
            opened = None
            opens = opens or _attached(tokens, at)[1]
        if opens:
            if opened is not None:  # the one before was never closed
                found.append((opened, min(at, _sentence_end(sentence_of, opened))))
            opened = at
        elif opened is not None:
            found.append((opened, at + 1))
            opened = None
    if opened is not None:
        found.append((opened, _sentence_end(sentence_of, opened)))
    return found


def _sentence_end(sentence_of: Ints, at: int) -> int:
    return int(np.searchsorted(sentence_of, sentence_of[at], side="right"))


def _singles(tokens: Tokens, taken: Bools) -> list[tuple[int, int]]:
    words = tokens.words
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for at in np.flatnonzero(~tokens.word & ~taken).tolist():
        if words[at] not in _SINGLE:
            continue
        left, right = _attached(tokens, at)
        if words[at] == "‘" or (words[at] != "’" and right and not left):
            opened = at
        elif (opened is not None and left and not right) or (
            opened is not None and left and words[min(at + 1, len(words) - 1)] in ".,;:!?"
        ):
            genitive = words[at - 1].endswith("s") and at + 1 < len(words) and tokens.word[at + 1]
            if not genitive and at - opened <= _MAX_SINGLE:
                found.append((opened, at + 1))
                opened = None
    return found
