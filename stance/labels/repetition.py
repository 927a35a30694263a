"""Repetition in a labelled set: wordings that recur as templates do, and statements that stand on both sides of a split.

The rules (issue of the labelled set): no 6-gram of words, outside names and set phrases, in more than max(2, 1 %) of the
articles; no two statements of different splits whose sets of word 3-grams have a Jaccard index of 0.6 or more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stance.codebook import Codebook
from stance.labels.format import LabelledDocument
from stance.text import tokenize

_GRAM = 6
_NEAR = 0.6


class Twin(NamedTuple):
    """Two statements of different splits that are nearly the same."""

    one: str
    other: str
    similarity: float
    text: str


def repeated_grams(documents: Sequence[LabelledDocument], codebook: Codebook) -> list[tuple[str, int]]:
    """Return word 6-grams of more articles than allowed, with the number of articles; grams that hold two capitalised words or a
    name of the codebook are names or set phrases and do not count."""
    allowed = max(2, len(documents) // 100)
    names = {w for known in codebook.aliases for w in known.split()} | {w for known in codebook.demonyms for w in known.split()}
    found: Counter[str] = Counter()
    for document in documents:
        found.update(set(_grams(document.document.text, names)))
    return [(gram, n) for gram, n in found.most_common() if n > allowed]


def _grams(text: str, names: set[str]) -> Iterator[str]:
    tokens = tokenize(text)
    words = [(w, c) for w, c, is_word in zip(tokens.folded, tokens.cap.tolist(), tokens.word.tolist(), strict=True) if is_word]
    for at in range(len(words) - _GRAM + 1):
        part = words[at : at + _GRAM]
        if sum(c for _, c in part) < 2 and sum(w in names for w, _ in part) < 2:
            yield " ".join(w for w, _ in part)


def twins(documents: Sequence[LabelledDocument]) -> list[Twin]:
    """Return pairs of nearly equal statements (of at least six words) whose documents lie in different splits."""
    rows = []
    for document in documents:
        for statement in document.statements:
            text = document.document.text[statement.start : statement.end]
            words = [w for w in tokenize(text).folded if w[:1].isalnum()]
            if len(words) >= _GRAM:
                grams = frozenset(zip(words, words[1:], words[2:], strict=False))
                rows.append((document.split, f"{document.document.doc_id}:{statement.start}", grams, " ".join(text.split())))
    where: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (_, _, grams, _) in enumerate(rows):
        for gram in grams:
            where[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in where.values():
        if len(numbers) <= 50:  # a gram of more statements than that is a set phrase
            shared.update((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :] if rows[a][0] != rows[b][0])
    result = []
    for (a, b), common in shared.items():
        similarity = common / (len(rows[a][2]) + len(rows[b][2]) - common)
        if similarity >= _NEAR:
            result.append(Twin(rows[a][1], rows[b][1], round(similarity, 3), rows[a][3]))
    return sorted(result, key=lambda t: -t.similarity)
