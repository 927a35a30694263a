"""A document prepared for attribution: tokens, sentences, quotations, and what is known of each token.

Everything here is computed once a document, over the view of the text without encoding damage; offsets are
translated back only when records are made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from stance.features import combine, ids_of, space
from stance.lexicon import cue_classes, word_set
from stance.quotes import Quotes, find_quotes
from stance.records import Document, Sentence
from stance.repair import View, make_view
from stance.sentences import split_sentences
from stance.text import Bools, Ids, Ints, Tokens, tokenize

EDGE = space("edge")  # stands for "no token here"
_MAX_REACH = 8  # sentences that one cue's quotation can reach on either side


@dataclass(frozen=True)
class Page:
    """Arrays over the tokens of one document's view.

    `sentence_of` (n_tokens,): number of the sentence. `first`, `last` (n_sentences,): token bounds, end exclusive.
    """

    document: Document
    view: View
    tokens: Tokens
    sentences: tuple[Sentence, ...]  # offsets of the view
    sentence_of: Ints
    first: Ints
    last: Ints
    quotes: Quotes

    @cached_property
    def paragraph(self) -> Ints:
        """Number of the paragraph of each token."""
        return np.cumsum(self.tokens.breaks > 0)

    @cached_property
    def kind(self) -> Ids:
        """A coarse word class of each token: function words and marks stand for themselves, others for shape and ending."""
        tokens = self.tokens
        shape = np.where(tokens.number, space("number"), np.where(tokens.cap, space("cap"), combine("ending", tokens.suffix)))
        closed = np.isin(tokens.id, _closed_ids()) | ~tokens.word
        return np.where(closed, tokens.id, shape)

    @cached_property
    def cue_class(self) -> Ids:
        """Class of each token in the lexicon of reporting words, 0 where it is none."""
        ids, classes = _cue_table()
        position = np.minimum(np.searchsorted(ids, self.tokens.id), len(ids) - 1)
        return np.where(ids[position] == self.tokens.id, classes[position], np.uint64(0))

    @cached_property
    def quote_state(self) -> Ints:
        """0 outside, 1 inside a quotation, 2 a mark that opens, 3 one that closes."""
        quotes = self.quotes
        state = (quotes.index >= 0).astype(np.int64)
        if len(quotes):
            state[quotes.start] = 2
            closing = quotes.end - 1
            state[closing[quotes.mark[closing]]] = 3
        return state

    def neighbour(self, values: Ids, distance: int) -> Ids:
        """`values` of the token `distance` away in the same sentence, EDGE beyond its bounds."""
        n = len(values)
        out = np.full(n, EDGE, dtype=np.uint64)
        if abs(distance) >= n:
            return out
        here = slice(max(0, -distance), n - max(0, distance))
        there = slice(max(0, distance), n - max(0, -distance))
        same = self.sentence_of[here] == self.sentence_of[there]
        out[here] = np.where(same, values[there], EDGE)
        return out

    def reach(self, cue: int) -> tuple[int, int]:
        """Sentences (end exclusive) that the cue at token `cue` may report: its own; those joined to it by a quotation
        that runs on; quoted ones that follow in its paragraph; the quoted paragraph that its line announces; and,
        where it is the colon behind a name that opens a line (an interview), the rest of that paragraph."""
        sentence = int(self.sentence_of[cue])
        low, high, n = sentence, sentence + 1, len(self.first)
        while low > 0 and sentence - low < _MAX_REACH and self._joined(low - 1):
            low -= 1
        signature = self.opens_turn(cue)
        while high < n and high - sentence < _MAX_REACH:
            new = self.paragraph[self.first[high]] != self.paragraph[self.first[high] - 1]
            if (
                self._joined(high - 1)
                or (not new and (signature or self.is_quoted(high)))
                or (new and self._announces(high - 1, high))
            ):
                high += 1
            else:
                break
        return low, high

    def opens_turn(self, token: int) -> bool:
        """Tell whether the token is a colon within eight tokens of the start of its line: "Q:", "Barzani:"."""
        if self.tokens.words[token] != ":":
            return False
        line = int(np.searchsorted(self.paragraph, self.paragraph[token]))
        return token - line <= 8

    def is_quoted(self, sentence: int) -> bool:
        """Tell whether the whole sentence stands in one quotation."""
        first, last = int(self.first[sentence]), int(self.last[sentence])
        quote = self.quotes.index[first]
        return bool(quote >= 0 and self.quotes.index[last - 1] == quote)

    def _joined(self, sentence: int) -> bool:
        """Tell whether a quotation (or its next paragraph) runs from this sentence into the next."""
        before, after = self.quotes.index[self.last[sentence] - 1], self.quotes.index[self.first[sentence + 1]]
        return bool(before >= 0 and after >= 0 and (before == after or self.quotes.chain[before] == self.quotes.chain[after]))

    def _announces(self, sentence: int, following: int) -> bool:
        """Tell whether a line ends in a colon or comma and the next paragraph opens with a quotation."""
        return self.tokens.words[self.last[sentence] - 1] in (":", ",") and bool(self.quotes.index[self.first[following]] >= 0)


@cache
def _closed_ids() -> Ids:
    return ids_of(sorted(word_set("function_words")))


@cache
def _cue_table() -> tuple[Ids, Ids]:
    classes = cue_classes()
    ids = ids_of(list(classes))
    order = np.argsort(ids)
    return ids[order], np.array([space("cue " + c) for c in classes.values()], dtype=np.uint64)[order]


def make_page(document: Document, sentences: tuple[Sentence, ...] | None = None) -> Page:
    """Prepare a document; `sentences` (offsets of the text as read) replace the splitter's where they are known."""
    view = make_view(document.text)
    tokens = tokenize(view.text)
    if sentences is None:
        found = _with_title(split_sentences(tokens), document, view)
    else:
        spans = [(view.from_source(s.span), s.part) for s in sentences]
        found = tuple(Sentence(span.start, span.end, part) for span, part in spans)
    starts = np.array([s.start for s in found], dtype=np.int64)
    sentence_of = np.maximum(np.searchsorted(starts, tokens.start, side="right") - 1, 0)
    first = np.searchsorted(sentence_of, np.arange(len(found)))
    last = np.searchsorted(sentence_of, np.arange(len(found)), side="right")
    return Page(document, view, tokens, found, sentence_of, first, last, find_quotes(tokens, sentence_of))


def _with_title(sentences: list[Sentence], document: Document, view: View) -> tuple[Sentence, ...]:
    """A title that the input names is the title, whatever it looks like, and nothing else is."""
    if document.title is None:
        return tuple(sentences)
    title = view.from_source(document.title)
    parts = ["title" if title.contains(s.span) else "body" if s.part == "title" else s.part for s in sentences]
    return tuple(replace(s, part=part) for s, part in zip(sentences, parts, strict=True))


def has_word(page: Page, words: tuple[str, ...]) -> Bools:
    """Tell of each token whether it is one of `words`."""
    return np.isin(page.tokens.id, ids_of(words))
