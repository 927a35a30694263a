"""Given a cue: which words around it are its content, and which name its source.

A maximum-entropy Markov model (McCallum, Freitag & Pereira 2000): logistic regression over the label of a
token given the terms of (cue, token) and the label before it; the best sequence is found by Viterbi over the
sentence of the cue and the sentences that its quotation reaches (`Page.reach`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.features import combine, space
from stance.heads import Floats, Sparse
from stance.page import Page, has_word
from stance.text import Ids, Ints

OUTSIDE, CONTENT, SOURCE = 0, 1, 2
N_ROLES = 3
_BOUNDARY = (
    ",",
    ";",
    ":",
    "—",
    "–",
    "(",
    ")",
    "and",
    "but",
    "while",
    "as",
    "who",
    "which",
    "because",
    "although",
    "when",
    "after",
    "before",
    "that",
    "if",
    "where",
    "whether",
    "since",
    "with",
    '"',
    "“",
    "”",
    "for",
    "by",
    "―",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """(cue, token) pairs of a page, cue by cue. `cue`, `token` (n_rows,); `bounds` (n_cues + 1,) of each cue's rows."""

    cue: Ints
    token: Ints
    bounds: Ints


def make_rows(page: Page, cues: Ints) -> Rows:
    """Pair each cue (token index) with the tokens that it may report."""
    tokens = []
    for cue in cues.tolist():
        low, high = page.reach(cue)
        tokens.append(np.arange(page.first[low], page.last[high - 1]))
    lengths = np.array([len(t) for t in tokens], dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    token = np.concatenate(tokens) if tokens else np.zeros(0, dtype=np.int64)
    return Rows(np.repeat(cues, lengths), token, bounds)


def role_terms(page: Page, rows: Rows, cue_scores: Floats) -> tuple[Ids, Ids]:
    """Return (plain, chained) terms of the rows, shapes (n_rows, n_plain) and (n_rows, n_chained).

    Chained terms count once more for each label of the token before (`with_label`). `cue_scores` (n_tokens,) is the
    detector's probability, by which other cues between the cue and the token are counted.
    """
    c, t = rows.cue, rows.token
    word, kind, state = page.tokens.id, page.kind, page.quote_state.astype(np.uint64)
    before, after = page.neighbour(word, -1), page.neighbour(word, 1)
    k_1, k1 = page.neighbour(kind, -1), page.neighbour(kind, 1)
    k_2, k2 = page.neighbour(kind, -2), page.neighbour(kind, 2)
    gap = t - c
    side = np.sign(gap) + 1
    away = np.where(gap == 0, 0, np.sign(gap) * np.searchsorted([2, 3, 4, 6, 9, 14, 22], np.abs(gap), side="right") + 10).astype(
        np.uint64
    )
    here = (page.sentence_of[t] - page.sentence_of[c] + 2).clip(0, 4)
    commas = _between(has_word(page, (",", ";")), c, t)
    others = _between(cue_scores > 0.5, c, t)
    verbs = _between(page.cue_class > 0, c, t)
    that = _between(has_word(page, ("that",)), c, t)
    nouns = _between(page.tokens.cap, c, t)
    boundary = has_word(page, _BOUNDARY)
    last = _last_boundary(page, boundary)[t]
    head, opener = word[last], page.neighbour(word, 1)[last]
    since = np.searchsorted([1, 2, 3, 5, 8], t - last, side="right")
    cue_word = word[c]
    cue_kind = np.where(page.cue_class[c] > 0, page.cue_class[c], page.tokens.suffix[c])
    c_before, c_after, c_state = k_1[c], k1[c], state[c]
    quoted = np.bincount(page.sentence_of, page.quotes.mark, minlength=len(page.first))[page.sentence_of[c]] > 0
    same_quote = (page.quotes.index[t] >= 0) & (page.quotes.index[t] == page.quotes.index[c])
    touches = _touching_quote(page, c)
    s = page.sentence_of[t]
    whole = np.array([page.is_quoted(i) for i in range(len(page.first))], dtype=np.int64)
    own_cue = np.bincount(page.sentence_of, cue_scores > 0.5, minlength=len(page.first)).clip(0, 1)
    ended = np.isin(state[np.maximum(page.last[page.sentence_of[c]] - 1, 0)], (1, 3))
    paragraph = (page.paragraph[t] - page.paragraph[c] + 2).clip(0, 4)
    turn = np.repeat(np.array([page.opens_turn(k) for k in c[rows.bounds[:-1]].tolist()], dtype=np.int64), np.diff(rows.bounds))
    linked = _linked(page, c, t)
    place = combine("place", side, commas.clip(0, 2), others.clip(0, 1))
    plain = [
        combine("d", away),
        combine("dw", away, cue_word),
        combine("dk", away, cue_kind),
        combine("cw", cue_word, side),
        combine("w", word[t], side),
        combine("wc", word[t], cue_word, side),
        combine("ww", before[t], word[t], side),
        combine("ww+", word[t], after[t], side),
        combine("k3", k_1[t], kind[t], k1[t], side),
        combine("k-", k_2[t], k_1[t], side),
        combine("k+", k1[t], k2[t], side),
        combine("st", state[t], side, quoted),
        combine("sq", same_quote, state[t], state[c], touches, side),
        combine("cm", commas.clip(0, 3), side),
        combine("cmk", commas.clip(0, 2), side, cue_kind),
        combine("ot", others.clip(0, 2), side),
        combine("vb", verbs.clip(0, 3), side),
        combine("th", that.clip(0, 2), side, cue_kind),
        combine("nn", nouns.clip(0, 3), side, kind[t]),
        combine("hd", head, side),
        combine("op", head, opener, side),
        combine("hs", head, since, side),
        combine("cc", c_before, c_after, side),
        combine("cd", c_before, side, commas.clip(0, 2)),
        combine("ce", c_after, side, commas.clip(0, 2)),
        combine("ca", c_after, away),
        combine("cb", c_before, away),
        combine("sn", here, state[t]),
        combine("snq", here, same_quote, touches),
        combine("cs", c_state, state[t], side, quoted),
        combine("kc", kind[t], cue_kind, side),
        combine("fq", whole[s], here, own_cue[s], ended),
        combine("fp", whole[s], paragraph, own_cue[s], turn),
        combine("qd", linked, state[t], here),
    ]
    chained = [
        combine("*", side),
        combine("*w", word[t]),
        combine("*b", before[t]),
        combine("*bw", before[t], word[t]),
        combine("*k", k_1[t], kind[t], k1[t]),
        combine("*s", state[t], page.neighbour(state, -1)[t]),
        combine("*d", away, cue_kind),
        combine("*p", place),
        combine("*h", head, since),
        combine("*f", whole[s], here, own_cue[s], ended),
        combine("*t", turn, here),
        combine("*c", cue_word, before[t] == EDGE_ID),
        combine("*kb", kind[t], cue_kind, side),
        combine("*a", k_1[t], side),
    ]
    return np.stack(plain, axis=1), np.stack(chained, axis=1)


EDGE_ID = space("edge")


def with_label(chained: Ids, label: Ints | int) -> Ids:
    """Tie chained terms to the label of the token before: same shape."""
    tags = np.array([space(f"after {k}") for k in range(N_ROLES)], dtype=np.uint64)
    return combine("chain", chained, tags[label][:, None] if isinstance(label, np.ndarray) else tags[label])


def _between(flag: np.ndarray, c: Ints, t: Ints) -> Ints:
    """Count flagged tokens strictly between cue and token."""
    total = np.concatenate([[0], np.cumsum(flag)])
    low, high = np.minimum(c, t) + 1, np.maximum(c, t)
    result: Ints = np.maximum(total[high] - total[np.minimum(low, high)], 0)
    return result


def _last_boundary(page: Page, boundary: np.ndarray) -> Ints:
    """Index of the last boundary word before each token, or the sentence's first token."""
    at = np.arange(len(boundary))
    if len(at) == 0:
        return at
    last = np.maximum.accumulate(np.where(boundary, at, -1))
    before = np.concatenate([[-1], last[:-1]])
    result: Ints = np.maximum(before, page.first[page.sentence_of])
    return result


def _linked(page: Page, c: Ints, t: Ints) -> Ints:
    """1: the token's quotation has words in the cue's sentence; 2: it continues one that has; 0: neither."""
    quotes = page.quotes
    index = quotes.index[t]
    if len(quotes) == 0:
        return np.zeros(len(t), dtype=np.int64)
    low, high = page.first[page.sentence_of[c]], page.last[page.sentence_of[c]]
    inside = (quotes.start[index] < high) & (quotes.end[index] > low)
    first = quotes.chain[index]
    chained = (quotes.start[first] < high) & (quotes.end[first] > low)
    return np.where(index < 0, 0, np.where(inside, 1, np.where(chained, 2, 3)))


def _touching_quote(page: Page, cue: Ints) -> Ints:
    """1: a quotation ends within four tokens before the cue; 2: one starts within four after; 3: both; 0: neither."""
    ends = page.quote_state == 3
    starts = page.quote_state == 2
    n = len(ends)
    total_ends, total_starts = np.concatenate([[0], np.cumsum(ends)]), np.concatenate([[0], np.cumsum(starts)])
    near_end = total_ends[cue] - total_ends[np.maximum(cue - 5, 0)] > 0
    near_start = total_starts[np.minimum(cue + 6, n)] - total_starts[np.minimum(cue + 1, n)] > 0
    result: Ints = near_end.astype(np.int64) + 2 * near_start.astype(np.int64)
    return result


def decode(model: Sparse, page: Page, rows: Rows, cue_scores: Floats) -> tuple[Ints, Floats]:
    """Return the best role of each row and its log-probability given the label before, by Viterbi; shape (n_rows,)."""
    n = len(rows.token)
    if n == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    plain, chained = role_terms(page, rows, cue_scores)
    base = model.scores(plain)
    steps = np.stack([base + model.scores(with_label(chained, k)) - model.intercept for k in range(N_ROLES)], axis=1)
    steps -= np.logaddexp.reduce(steps, axis=2, keepdims=True)
    roles = np.zeros(n, dtype=np.int64)
    value = np.zeros(n)
    for start, end in zip(rows.bounds[:-1].tolist(), rows.bounds[1:].tolist(), strict=True):
        roles[start:end] = _viterbi(steps[start:end])
    previous = np.concatenate([[0], roles[:-1]])
    previous[rows.bounds[:-1]] = OUTSIDE
    value = steps[np.arange(n), previous, roles]
    return roles, value


def _viterbi(steps: Floats) -> Ints:
    """Best label sequence for log-probabilities (n, before, label), starting after OUTSIDE."""
    n = len(steps)
    best = steps[0, OUTSIDE].copy()
    back = np.zeros((n, N_ROLES), dtype=np.int64)
    for i in range(1, n):
        options = best[:, None] + steps[i]
        back[i] = options.argmax(axis=0)
        best = options.max(axis=0)
    path = np.zeros(n, dtype=np.int64)
    path[-1] = best.argmax()
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path
