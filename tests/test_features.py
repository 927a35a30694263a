"""The one featuriser against a naive count in plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from stance.features import Counts, Masked, char_terms, combine, count_terms, flag_terms, is_in, space, word_terms
from stance.text import Ids, fold, tokenize

_ALL = (1 << 64) - 1
MASK = space("ACTOR")


def _mix(value: int) -> int:
    """The finaliser of splitmix64, once more and slowly."""
    value ^= value >> 30
    value = value * 0xBF58476D1CE4E5B9 & _ALL
    value ^= value >> 27
    value = value * 0x94D049BB133111EB & _ALL
    return value ^ value >> 31


def _combine(name: str, *parts: int) -> int:
    out = int(space(name))
    for part in parts:
        out = _mix((out * 0xD1342543DE82EF95 + part) & _ALL)
    return out


def _word_id(word: str) -> int:
    """sum of code points times powers of an odd number: all that tokenize does for a word, without its arrays."""
    folded = fold(word)
    return _mix(sum(ord(c) * pow(0x9E3779B97F4A7C15, i, 1 << 64) for i, c in enumerate(folded)) & _ALL)


def _gram_id(gram: str) -> int:
    value = ord(gram[0])
    for character in gram[1:]:
        value = _mix((value * 0xD1342543DE82EF95 + ord(character)) & _ALL)
    return value


# A row is a list of words; None stands for a mask.
_rows = st.lists(
    st.lists(st.one_of(st.none(), st.sampled_from("vote no Erdoğan não a 92 illegal :".split())), max_size=9), max_size=4
)


def _masked(rows: list[list[str | None]]) -> Masked:
    flat = [(i, word) for i, row in enumerate(rows) for word in row]
    words = [fold(word) for _, word in flat if word is not None]
    numbers = np.cumsum([word is not None for _, word in flat]) - 1 if flat else []
    return Masked(
        row=np.array([i for i, _ in flat], dtype=np.int64),
        id=np.array([int(MASK) if word is None else _word_id(word) for _, word in flat], dtype=np.uint64),
        token=np.array([-1 if word is None else n for (_, word), n in zip(flat, numbers, strict=True)], dtype=np.int64),
        words=words,
        n_rows=len(rows),
    )


def _counters(counts: Counts) -> list[Counter[int]]:
    bounds = zip(counts.indptr[:-1].tolist(), counts.indptr[1:].tolist(), strict=True)
    return [Counter(dict(zip(counts.ids[a:b].tolist(), counts.count[a:b].astype(int).tolist(), strict=True))) for a, b in bounds]


@given(_rows)
def test_word_ngrams_equal_a_naive_count(rows: list[list[str | None]]) -> None:
    naive = []
    for row in rows:
        ids = [int(MASK) if word is None else _word_id(word) for word in row]
        naive.append(Counter(_combine("sw", i) for i in ids) + Counter(_combine("sb", a, b) for a, b in pairwise(ids)))
    assert _counters(count_terms(*word_terms(_masked(rows), "s"), len(rows))) == naive


@given(_rows)
def test_character_ngrams_equal_a_naive_count(rows: list[list[str | None]]) -> None:
    naive = []
    for row in rows:
        marked = [f"<{fold(word)}>" for word in row if word is not None]
        grams = [w[i : i + n] for w in marked for n in range(2, 6) for i in range(len(w) - n + 1)]
        naive.append(Counter(_combine("sc", _gram_id(g)) for g in grams))
    assert _counters(count_terms(*char_terms(_masked(rows), "s"), len(rows))) == naive


@given(st.lists(st.sampled_from("vote Erdoğan não İstanbul isn’t U.S 92.7 KURDS".split()), min_size=1))
def test_ids_of_tokens_equal_a_naive_hash(words: list[str]) -> None:
    assert tokenize(" ".join(words)).id.tolist() == [_word_id(word) for word in words]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9))))
def test_counting(pairs: list[tuple[int, int]]) -> None:
    rows, ids = (np.array([p[i] for p in pairs], dtype=t) for i, t in ((0, np.int64), (1, np.uint64)))
    counts = count_terms(rows, ids, 5)
    assert _counters(counts) == [Counter(i for r, i in pairs if r == row) for row in range(5)]
    assert counts.rows.tolist() == sorted(counts.rows.tolist())
    for a, b in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        assert counts.ids[a:b].tolist() == sorted(counts.ids[a:b].tolist())


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9))), st.lists(st.integers(0, 4)))
def test_taking_rows(pairs: list[tuple[int, int]], wanted: list[int]) -> None:
    rows, ids = (np.array([p[i] for p in pairs], dtype=t) for i, t in ((0, np.int64), (1, np.uint64)))
    counts = count_terms(rows, ids, 5)
    taken = counts.take(np.array(wanted, dtype=np.int64))
    assert _counters(taken) == [_counters(counts)[row] for row in wanted]


def test_flags_of_equal_values_are_equal() -> None:
    rows, ids = flag_terms("part", ["title", "", "body", "title"])
    assert rows.tolist() == [0, 2, 3]
    assert ids[0] == ids[2] != ids[1]
    assert flag_terms("quote", ["title"])[1][0] != ids[0]
    assert len(flag_terms("part", ["", ""])[1]) == 0


@given(texts)
def test_name_spaces_never_meet(text: str) -> None:
    ids = tokenize(text).id
    spaces: list[Ids] = [combine(name, ids) for name in ("sw", "sc", "pw", "tw", "neg")] + [combine("sb", ids[:-1], ids[1:])]
    total = sum(len(set(s.tolist())) for s in spaces)
    assert len({i for s in spaces for i in s.tolist()}) == total


def test_order_matters_in_a_pair() -> None:
    one, other = tokenize("not illegal").id
    assert combine("b", np.array([one]), np.array([other]))[0] != combine("b", np.array([other]), np.array([one]))[0]


def test_word_lists_find_tokens() -> None:
    assert is_in(tokenize("He said NO, Erdoğan").id, ("no", "erdogan")).tolist() == [False, False, True, False, True]
