"""Text to tokens and sentences, with offsets.

Enters: a text. Leaves: `Tokens` (numpy arrays, one entry a token) and sentence bounds over tokens.
A document is tokenised once; quotes, candidates, cues and features all work on these arrays.

A token is a run of letters, digits and marks, or a single other character that is not white space.
Apostrophes and hyphens between letters belong to the word, save that a possessive "'s" is a token of
its own; a full stop or comma between digits belongs to the number, one between initials to the
abbreviation ("U.S").

The id of a token is a 64-bit hash of its folded characters (lower case, diacritics stripped):
`h = mix(sum_i c_i * P**i)` modulo 2**64, computed for all tokens at once from one running sum over the
text, S, as `(S[end] - S[start]) * P**-start`; P is odd, hence invertible. `mix` is the finaliser of
splitmix64 (Steele, Lea & Flood 2014).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_P = 0x9E3779B97F4A7C15  # odd; the golden ratio's bits
_P_INVERSE = pow(_P, -1, 1 << 64)
_SPACE, _OTHER, _WORD, _DIGIT, _UPPER = 0, 1, 2, 4, 8


@cache
def _classes() -> NDArray[np.uint8]:
    """Character class of each code point of the Basic Multilingual Plane, as bits."""
    plane = "".join(map(chr, range(0x10000)))
    table = np.full(0x10000, _OTHER, dtype=np.uint8)
    for pattern, bits in ((r"\s+", _SPACE), (r"[^\W_]+", _WORD), (r"\d+", _WORD | _DIGIT)):
        for match in re.finditer(pattern, plane):
            table[match.start() : match.end()] = bits
    for code in range(0x0300, 0x0370):  # combining marks continue a word
        table[code] = _WORD
    for code in (0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF):  # soft hyphen, zero-width characters
        table[code] = _SPACE if code == 0x200B else _WORD
    upper = [code for code in range(0x2C00) if chr(code).isupper()]
    table[upper] |= _UPPER
    return table


_FOLDS = 0x2000  # Latin, Greek, Cyrillic and their extensions; beyond, a character folds to itself


@cache
def _folding() -> NDArray[np.uint32]:
    """Folded code point of each below `_FOLDS`; 0 for what folding drops (combining marks)."""
    special = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ħ": "h", "ß": "s", "æ": "a", "œ": "o", "ς": "σ"}
    table = np.arange(_FOLDS, dtype=np.uint32)
    for code in range(0x41, _FOLDS):
        lowered = chr(code).lower()[0]
        base = unicodedata.normalize("NFD", special.get(lowered, lowered))[0]
        table[code] = 0 if unicodedata.combining(base) else ord(base)
    table[0x00AD] = 0
    return table


def fold(text: str) -> str:
    """Lower-case `text` and strip its diacritics, character by character.

    >>> fold("Erdoğan"), fold("İstanbul")
    ('erdogan', 'istanbul')
    """
    if text.isascii():
        return text.lower()
    table = _folding()
    out = (int(table[ord(c)]) if ord(c) < _FOLDS else ord(c) for c in text)
    return "".join(chr(code) for code in out if code).replace("\u2019", "'")


def mix(ids: Ids) -> Ids:
    """Spread the bits of 64-bit ids (finaliser of splitmix64); a bijection."""
    out = ids.copy()
    out ^= out >> np.uint64(30)
    out *= np.uint64(0xBF58476D1CE4E5B9)
    out ^= out >> np.uint64(27)
    out *= np.uint64(0x94D049BB133111EB)
    out ^= out >> np.uint64(31)
    return out


@cache
def _powers(size: int) -> tuple[Ids, Ids]:
    """P**i and P**-i modulo 2**64 for i below `size` (a power of two)."""
    result = []
    for base in (_P, _P_INVERSE):
        steps = np.full(size, base, dtype=np.uint64)
        steps[0] = 1
        result.append(np.multiply.accumulate(steps))
    return result[0], result[1]


def _code_points(text: str) -> NDArray[np.uint32]:
    codec = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    return np.frombuffer(text.encode(codec, "replace"), dtype=np.uint32)


@dataclass(frozen=True)
class Tokens:
    """Tokens of a text, one array entry each; `start`, `end` in characters, end exclusive.

    `id`: 64-bit id of the folded token; `suffix`: of its last three characters; `word`: has a letter or
    digit; `cap`: starts upper-case, or has a capital behind a particle's hyphen ("al-Abadi");
    `number`: starts with a digit; `breaks`: line breaks between the token before and this one.
    """

    text: str
    start: Ints
    end: Ints
    id: Ids
    suffix: Ids
    word: Bools
    cap: Bools
    number: Bools
    breaks: Ints

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def words(self) -> list[str]:
        """Each token as written."""
        text = self.text
        return [text[s:e] for s, e in zip(self.start.tolist(), self.end.tolist(), strict=True)]

    @cached_property
    def folded(self) -> list[str]:
        """Each token folded (lower case, no diacritics, straight apostrophes)."""
        if self.text.isascii():
            return [w.lower() for w in self.words]
        return [w.lower() if w.isascii() else fold(w) for w in self.words]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of tokens that overlap the characters `start` to `end`."""
        first = int(np.searchsorted(self.end, start, side="right"))
        last = int(np.searchsorted(self.start, end, side="left"))
        return first, max(first, last)


_JOINERS = np.array([ord(c) for c in "'\u2019\u02bc-\u2010\u2011.,&"], dtype=np.uint32)


def tokenize(text: str) -> Tokens:
    """Split `text` into tokens and hash them, in one pass of array operations.

    >>> tokenize("Erbil's vote, 92.7% of it").words
    ['Erbil', "'s", 'vote', ',', '92.7', '%', 'of', 'it']
    """
    codes = _code_points(text)
    n = len(codes)
    cls = _classify(text, codes)
    word = (cls & _WORD) != 0
    joined = word | _joiners(codes, cls, word)
    starts, ends = _bounds(joined, cls, codes)
    edge = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    newline = np.concatenate([[0], np.cumsum(codes == 10)])
    first = cls[starts] if n else cls
    ids, suffixes = _hash(codes, starts, ends)
    return Tokens(
        text=text,
        start=starts,
        end=ends,
        id=ids,
        suffix=suffixes,
        word=(first & _WORD) != 0,
        cap=((first & _UPPER) != 0) | _inner_capital(codes, cls, starts, ends),
        number=(first & _DIGIT) != 0,
        breaks=newline[starts] - newline[edge],
    )


def _classify(text: str, codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    table = _classes()
    if len(codes) == 0 or int(codes.max()) < 0x10000:
        return table[codes]
    cls = table[np.minimum(codes, 0xFFFF)]
    for character in {c for c in text if ord(c) > 0xFFFF}:
        cls[codes == ord(character)] = _WORD if character.isalnum() else _OTHER
    return cls


def _joiners(codes: NDArray[np.uint32], cls: NDArray[np.uint8], word: Bools) -> Bools:
    """Find the apostrophes, hyphens, points and commas that belong to a word."""
    result = np.zeros(len(codes), dtype=np.bool_)
    at = np.flatnonzero(np.isin(codes, _JOINERS))
    at = at[(at > 0) & (at < len(codes) - 1)]
    at = at[word[at - 1] & word[at + 1]]
    if len(at) == 0:
        return result
    code = codes[at]
    point, ampersand = (code == 46) | (code == 44), code == 38
    digits = ((cls[at - 1] & cls[at + 1]) & _DIGIT) != 0
    upper = ((cls[at - 1] & cls[at + 1]) & _UPPER) != 0
    lone = (at < 2) | ~word[np.maximum(at - 2, 0)]
    result[at] = np.where(point, digits | ((code == 46) & upper & lone), np.where(ampersand, upper, True))
    return result


def _bounds(joined: Bools, cls: NDArray[np.uint8], codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Starts and ends of tokens: runs of `joined`, single other characters, and split-off "'s"."""
    single = ~joined & (cls != _SPACE)
    before = np.concatenate([[False], joined[:-1]])
    start = (joined & ~before) | single
    apostrophe = np.flatnonzero(joined & ((codes == 39) | (codes == 0x2019) | (codes == 0x02BC)))
    if len(apostrophe):
        padded = np.concatenate([codes, np.zeros(2, dtype=codes.dtype)])
        after = np.concatenate([joined, [False, False]])
        genitive = ((padded[apostrophe + 1] | 32) == 115) & ~after[apostrophe + 2]
        start[apostrophe[genitive]] = True
    starts = np.flatnonzero(start)
    stop = np.concatenate([start[1:] | (cls[1:] == _SPACE), [True]]) if len(cls) else start
    ends = np.flatnonzero(stop & (cls != _SPACE)) + 1
    return starts, ends


def _inner_capital(codes: NDArray[np.uint32], cls: NDArray[np.uint8], starts: Ints, ends: Ints) -> Bools:
    """Tell of each token whether a capital follows a hyphen or apostrophe within its first four characters ("al-Abadi")."""
    found = np.zeros(len(starts), dtype=np.bool_)
    mark = np.flatnonzero((codes[:-1] == 45) | (codes[:-1] == 39) | (codes[:-1] == 0x2019))
    mark = mark[(cls[mark + 1] & _UPPER) != 0]
    if len(mark) and len(starts):
        token = np.searchsorted(starts, mark, side="right") - 1
        inside = (token >= 0) & (mark < ends[token]) & (mark - starts[token] <= 3)
        found[token[inside]] = True
    return found


def _hash(codes: NDArray[np.uint32], starts: Ints, ends: Ints) -> tuple[Ids, Ids]:
    """Ids of the stretches `starts` to `ends` of the text, and of the last three characters of each."""
    folded = codes.astype(np.uint64)
    low = codes < _FOLDS
    folded[low] = _folding()[codes[low]]
    folded[codes == 0x2019] = 39
    power, inverse = _powers(max(1024, 1 << len(codes).bit_length()))
    total = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(folded * power[: len(codes)], out=total[1:])
    tails = np.maximum(starts, ends - 3)
    return mix((total[ends] - total[starts]) * inverse[starts]), mix((total[ends] - total[tails]) * inverse[tails])


def hash_words(words: list[str]) -> Ids:
    """Return the ids that `tokenize` gives these words (each must be a single token)."""
    joined = " ".join(words)
    lengths = np.array([len(w) for w in words], dtype=np.int64)
    ends = np.cumsum(lengths + 1) - 1
    return _hash(_code_points(joined), ends - lengths, ends)[0]
