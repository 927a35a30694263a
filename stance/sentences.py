"""Tokens to sentences, and the part of the page each stands in.

Enters: `Tokens` of a text. Leaves: `Sentence` records in order, covering every token. A headline, a
dateline on its own line, a caption and a byline are sentences of their own. Rules only: a line break ends a
sentence unless the text is hard-wrapped; a full stop ends one unless it belongs to an abbreviation
or the next word is lower-case; closing quotation marks and brackets stay with the sentence they close.
"""

from __future__ import annotations

import re

import numpy as np

from stance.lexicon import word_set
from stance.records import Sentence
from stance.text import Tokens

_STOPS = frozenset(".!?…。")
_CLOSERS = frozenset("\"'”’»)]")
_OPENERS = frozenset("\"'“‘«([")
_WRAPPED_SHARE = 0.3  # of single line breaks followed by a lower-case word: above it, lines are wrapped

_BOILERPLATE = re.compile(
    r"(read more|read also|also read|related|source|sources|share this|advertisement|follow us|sign up|subscribe|more news|see also"
    r"|watch|photo gallery|tags?|topics|all rights reserved|copyright|comments?)\b\s*[:.…|]?",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"the post .* appeared first on|all rights reserved|^©|^\(?(additional )?(reporting|writing|editing) by\b", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(by|from|story by|text|words)\s+[A-Z]|^(last )?(updated|published|posted)\b"
    r"|^\w+ \d{1,2},? \d{4}\b.{0,25}$|^\d{1,2} \w+ \d{4}\b.{0,25}$"
    r"|.{3,60}\|.{2,40}$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\((photo|image|file|picture|afp|ap|reuters|getty)\b[^)]*\)\s*\.?$"
    r"|^(photo|image|caption|file photo|picture)\s*[:\-–—]|\bfile photo\b|/(afp|reuters|getty)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[A-Z][A-Z .'/\-]{2,40}(,\s[\w .\-]+)?\s*(\([^)]*\))?\s*[-–—:]*$")


def split_sentences(tokens: Tokens) -> list[Sentence]:
    """Split a tokenised text into sentences with their parts."""
    ends = _sentence_ends(tokens)
    bounds = []
    first = 0
    for end in ends:
        bounds.append((int(tokens.start[first]), int(tokens.end[end - 1]), first))
        first = end
    parts = _parts(tokens, bounds)
    return [Sentence(start, end, part) for (start, end, _), part in zip(bounds, parts, strict=True)]


def _sentence_ends(tokens: Tokens) -> list[int]:
    """Return token indices at which a sentence has just ended (exclusive)."""
    n = len(tokens)
    if n == 0:
        return []
    words = tokens.words
    breaks = tokens.breaks
    hard = breaks >= (2 if _is_wrapped(tokens) else 1)
    ends = {int(i) for i in np.flatnonzero(hard[1:]) + 1}
    for at in np.flatnonzero(~tokens.word).tolist():
        if words[at] in _STOPS:
            end = _after_closers(words, at + 1, n, tokens)
            if end < n and _starts_sentence(tokens, at, end):
                ends.add(end)
    return [*sorted(int(e) for e in ends if 0 < e < n), n]


def _is_wrapped(tokens: Tokens) -> bool:
    single = np.flatnonzero(tokens.breaks == 1)
    if len(single) < 4:
        return False
    lower = tokens.word[single] & ~tokens.cap[single] & ~tokens.number[single]
    return bool(lower.mean() > _WRAPPED_SHARE)


def _after_closers(words: list[str], at: int, n: int, tokens: Tokens) -> int:
    """Skip further stops and closing marks that touch the one before."""
    while at < n and tokens.start[at] == tokens.end[at - 1] and (words[at] in _STOPS or words[at] in _CLOSERS):
        at += 1
    return at


def _starts_sentence(tokens: Tokens, stop: int, at: int) -> bool:
    """Tell whether the token at `at` begins a new sentence after the stop at `stop`."""
    words = tokens.words
    if tokens.start[at] == tokens.end[at - 1] and words[at] not in _OPENERS:
        return False  # no space: a domain name, a number, or a missing blank
    nxt = at
    while nxt < len(words) - 1 and words[nxt] in _OPENERS:
        nxt += 1
    if tokens.word[nxt] and not tokens.cap[nxt] and not tokens.number[nxt] and words[nxt][0].islower():
        return False
    if words[stop] != "." or stop == 0:
        return True
    previous = words[stop - 1]
    if at > stop + 1 and words[stop + 1] not in _STOPS:
        return True  # a closing mark stands between
    if tokens.end[stop - 1] != tokens.start[stop]:
        return True
    folded = previous.lower()
    if folded in word_set("abbreviations"):
        return False
    if len(previous) == 1 and previous.isupper():
        return previous == "I" and words[nxt] not in word_set("surnames_after_initial")
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", previous):  # "U.S." ends a sentence before a function word
        return folded not in {"u.s", "u.k", "u.n", "e.u"} or words[nxt].lower() in word_set("sentence_starters")
    return True


def _parts(tokens: Tokens, bounds: list[tuple[int, int, int]]) -> list[str]:
    text = tokens.text
    parts: list[str] = []
    title_at: int | None = None
    body_seen = False
    for start, end, first in bounds:
        sentence = text[start:end]
        alone = tokens.breaks[first] > 0 or start == bounds[0][0]
        last = int(np.searchsorted(tokens.start, end))
        closes = last >= len(tokens) or tokens.breaks[last] > 0
        own_line = bool(alone and closes)
        part = _part(sentence, own_line)
        if part == "body" and title_at is None and not body_seen and own_line and _is_title(sentence):
            part, title_at = "title", len(parts)
        elif part == "body" and not body_seen and own_line and title_at is not None and _unpunctuated(sentence):
            part = "caption"
        parts.append(part)
        body_seen = body_seen or (part == "body" and not _unpunctuated(sentence))
    return _short_first_line(parts, bounds, text)


def _short_first_line(parts: list[str], bounds: list[tuple[int, int, int]], text: str) -> list[str]:
    """A first line of one to three words over a longer line is the page's section, not the headline."""
    if len(parts) > 2 and parts[0] == "title" and parts[1] in ("caption", "body"):
        first, second = (text[bounds[i][0] : bounds[i][1]] for i in (0, 1))
        if len(first.split()) <= 3 and _unpunctuated(second) and len(second.split()) >= 5:
            return ["boilerplate", "title", *parts[2:]]
    return parts


def _part(sentence: str, own_line: bool) -> str:
    if _FOOTER.search(sentence):
        return "byline" if re.search(r"(reporting|writing|editing) by", sentence, re.IGNORECASE) else "boilerplate"
    if not own_line:
        return "body"
    match = _BOILERPLATE.match(sentence)
    if match and (match[0].endswith(":") or match.end() == len(sentence) or sentence.isupper()):
        return "boilerplate"
    if len(sentence) < 90 and _BYLINE.search(sentence) and not sentence.endswith((".", "”", '"')):
        return "byline"
    if _CAPTION.search(sentence):
        return "caption"
    if len(sentence) < 60 and _DATELINE.match(sentence):
        return "dateline"
    return "body"


def _unpunctuated(sentence: str) -> bool:
    return sentence.rstrip("\"'”’ )")[-1:] not in {".", "!", "?", "…", ":"} and len(sentence) < 220


def _is_title(sentence: str) -> bool:
    return len(sentence) < 200 and (_unpunctuated(sentence) or (len(sentence) < 120 and sentence[-1] in "?!"))
