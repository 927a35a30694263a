"""Which words report: a learned detector of cues ("said", "according to", "vowed", ":").

Every token is a row of categorical terms (the word, its neighbours, endings, lexicon class, quotation marks
around it), scored by logistic regression. No list decides: in news the fifty commonest cues make up less
than half of the cases (PolNeAR, Newell et al. 2018). The cue's head is the word that carries its meaning:
"said" of "has also said", "called" of "called for".
"""

from __future__ import annotations

import numpy as np

from stance.features import combine
from stance.page import EDGE, Page, has_word
from stance.records import Span
from stance.text import Ids, Ints


def cue_terms(page: Page) -> Ids:
    """Return the terms of every token as a possible cue, shape (n_tokens, n_templates)."""
    tokens, kind, lexical = page.tokens, page.kind, page.cue_class
    word = tokens.id
    w_2, w_1, w1, w2 = (page.neighbour(word, d) for d in (-2, -1, 1, 2))
    k_3, k_2, k_1, k1, k2, k3 = (page.neighbour(kind, d) for d in (-3, -2, -1, 1, 2, 3))
    state = page.quote_state.astype(np.uint64)
    s_1, s1 = page.neighbour(state, -1), page.neighbour(state, 1)
    around = combine("around", state, s_1, s1)
    that = (
        (page.neighbour(_flag(page, ("that",)), 1) == 1)
        | (page.neighbour(_flag(page, ("that",)), 2) == 1)
        | (page.neighbour(_flag(page, ("that",)), 3) == 1)
    )
    place = _bucket(np.arange(len(word)) - page.first[page.sentence_of])
    to_end = _bucket(page.last[page.sentence_of] - 1 - np.arange(len(word)))
    quoted = np.bincount(page.sentence_of, page.quotes.mark, minlength=len(page.first))[page.sentence_of] > 0
    name_left = _since(page, tokens.cap)
    part = np.array([_PART[s.part] for s in page.sentences], dtype=np.uint64)[page.sentence_of] if len(word) else word
    columns = [
        combine("0", word),
        combine("-1", w_1),
        combine("+1", w1),
        combine("-2", w_2),
        combine("+2", w2),
        combine("-10", w_1, word),
        combine("0+1", word, w1),
        combine("-1+1", w_1, w1),
        combine("s", tokens.suffix),
        combine("k", k_2, k_1, kind),
        combine("k-", k_1, kind, k1),
        combine("k+", kind, k1, k2),
        combine("kk", k_1, lexical, k1),
        combine("l", lexical),
        combine("l-", lexical, k_1),
        combine("l+", lexical, k1),
        combine("l++", lexical, k1, k2),
        combine("l--", lexical, k_2, k_1),
        combine("q", around),
        combine("ql", around, lexical),
        combine("qw", around, word),
        combine("t", that, lexical),
        combine("tw", that, word),
        combine("p", place, lexical),
        combine("e", to_end, lexical),
        combine("sq", quoted, state, lexical),
        combine("n", name_left, lexical),
        combine("part", part, lexical),
        combine("partw", part, k_1, k1),
        combine("k3", k_3, lexical),
        combine("k+3", k3, lexical),
    ]
    return np.stack(columns, axis=1)


_PART = {"title": 1, "dateline": 2, "byline": 3, "caption": 4, "body": 5, "boilerplate": 6}


def _flag(page: Page, words: tuple[str, ...]) -> Ids:
    return has_word(page, words).astype(np.uint64)


def _bucket(distance: Ints) -> Ints:
    """Coarsen distances: 0, 1, 2, 3-4, 5-8, 9-16, beyond."""
    return np.searchsorted(np.array([1, 2, 3, 5, 9, 17]), distance, side="right")


def _since(page: Page, flag: np.ndarray) -> Ints:
    """Bucketed distance to the last token before with `flag`, in the same sentence."""
    at = np.arange(len(flag))
    last = np.maximum.accumulate(np.where(flag, at, -1)) if len(flag) else at
    before = np.concatenate([[-1], last[:-1]]) if len(flag) else last
    inside = before >= page.first[page.sentence_of]
    return np.where(inside, _bucket(at - before), 9)


_AUXILIARY = (
    "has",
    "have",
    "had",
    "having",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "will",
    "would",
    "can",
    "could",
    "may",
    "might",
    "must",
    "should",
    "shall",
    "did",
    "does",
    "do",
    "also",
    "not",
    "never",
    "to",
    "n't",
    "later",
    "then",
    "further",
    "earlier",
    "once",
    "again",
    "repeatedly",
    "reportedly",
    "only",
    "even",
    "already",
    "still",
    "now",
    "just",
    "in",
    "a",
    "an",
    "the",
    "his",
    "her",
    "their",
    ",",
    "as",
    "of",
)


def cue_head(page: Page, cue: Span) -> int:
    """Return the token that heads a cue given as a stretch of the view: the first that is no auxiliary, adverb or article."""
    first, last = page.tokens.between(cue.start, cue.end)
    plain = np.flatnonzero(~has_word(page, _AUXILIARY)[first:last] & page.tokens.word[first:last])
    lexical = np.flatnonzero(page.cue_class[first:last])
    if len(plain):
        shared = np.intersect1d(plain, lexical)
        return first + int(shared[0] if len(shared) else plain[0])
    return first if last > first else -1


__all__ = ["EDGE", "cue_head", "cue_terms"]
