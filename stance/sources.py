"""Who is meant: candidates for a pronoun or for words without a source of their own, ranked by logistic regression.

Enters: an anchor (a pronoun, or a stretch of content whose sentence names nobody) and what has been said so
far. Leaves: the entity most probably meant, or None (learned: the null candidate is a row like any other),
with its probability. The rows hold position, number, gender, and history, never a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.features import space
from stance.heads import Sparse, logistic
from stance.names import BODY, OTHER, PERSON, Entity, Names
from stance.page import Page
from stance.text import Ids

_WINDOW = 12  # sentences back in which a candidate must have been named
PRONOUNS = frozenset("he she they it we i him her them who his hers their our my himself herself themselves you".split())
_SINGULAR = frozenset("he him his himself she her hers herself i my".split())
ANSWERS = frozenset("a answer".split())  # labels of an interview's turns, told from the article by the colon behind
QUESTIONS = frozenset("q question".split())
PERSON_WORD, BODY_WORD = "the person", "the body"  # anchors that are definite descriptions


@dataclass(frozen=True, slots=True)
class Anchor:
    """What stands for a source: `word` is the folded pronoun, PERSON_WORD or BODY_WORD for a definite description, or ""
    where there is nothing; `at` its token (or the content's first); `cue` the folded cue, or ""; `words` and `side` the
    description's.
    """

    word: str
    at: int
    cue: str = ""
    quoted: bool = False
    words: frozenset[str] = frozenset()
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A source that has spoken: an entity, or None where it has no name; tokens `at` to `end` are what named it."""

    entity: int | None
    at: int
    end: int
    sentence: int


def candidates(page: Page, names: Names, anchor: Anchor) -> list[int]:
    """Return the entities that could be meant: named within the window before the anchor, or in its sentence after it."""
    sentence = int(page.sentence_of[anchor.at])
    found = []
    for number, entity in enumerate(names.entities):
        if anchor.word in _SINGULAR | ANSWERS | {PERSON_WORD} and entity.kind not in (PERSON, OTHER):
            continue
        if anchor.word == BODY_WORD and entity.kind not in (BODY, OTHER):
            continue
        if anchor.word in ("she", "her", "hers", "herself") and entity.gender == "m":
            continue
        if anchor.word in ("he", "him", "his", "himself") and entity.gender == "f":
            continue
        places = [int(page.sentence_of[m.start]) for m in entity.mentions]
        if any(sentence - _WINDOW <= p <= sentence for p in places) or anchor.word in ANSWERS:
            found.append(number)
    return found


def candidate_terms(page: Page, names: Names, anchor: Anchor, history: Sequence[Turn], found: Sequence[int]) -> Ids:
    """Return the terms of each candidate and, last, of the null candidate: shape (n_candidates + 1, n_templates)."""
    before = {
        number: max((m.start for m in names.entities[number].mentions if m.start < anchor.at), default=-1) for number in found
    }
    ranked = sorted(found, key=lambda number: -before[number])
    persons = [n for n in ranked if names.entities[n].kind == PERSON]
    rows = [_row(page, names, anchor, history, number, before[number], ranked, persons) for number in found]
    rows.append(_null_row(page, anchor, history, len(persons)))
    return np.array([[space(term) for term in row] for row in rows], dtype=np.uint64)


_N_TERMS = 24


def _group(anchor: Anchor) -> str:
    if anchor.word in ("he", "him", "his", "himself"):
        return "he"
    if anchor.word in ("she", "her", "hers", "herself"):
        return "she"
    return anchor.word or ("quote" if anchor.quoted else "none")


def _row(
    page: Page,
    names: Names,
    anchor: Anchor,
    history: Sequence[Turn],
    number: int,
    last: int,
    ranked: Sequence[int],
    persons: Sequence[int],
) -> list[str]:
    entity = names.entities[number]
    sentence = int(page.sentence_of[anchor.at])
    group = _group(anchor)
    here = [m for m in entity.mentions if int(page.sentence_of[m.start]) == sentence]
    at = last if last >= 0 else (here[0].start if here else entity.mentions[0].start)
    distance = sentence - int(page.sentence_of[at]) if last >= 0 else -1
    opens = bool(at - page.first[page.sentence_of[at]] <= 3)
    spoke = [i for i, turn in enumerate(reversed(history)) if turn.entity == number]
    latest = history[-1] if history else None
    turn_gap = min(spoke[0], 4) if spoke else "never"
    since = min(sentence - history[len(history) - 1 - spoke[0]].sentence, 4) if spoke else "never"
    quoted = page.quotes.index[at] >= 0
    count = min(len([m for m in entity.mentions if m.start < anchor.at]), 5)
    following = page.tokens.folded[min(at + 1, len(page.tokens) - 1)]
    paragraph = min(int(page.paragraph[anchor.at] - page.paragraph[at]), 3)
    rank = min(ranked.index(number), 4)
    rank_person = min(persons.index(number), 4) if number in persons else "-"
    known = entity.gender or "?"
    here0 = int(page.sentence_of[entity.mentions[0].start]) == 0
    most = max(len(e.mentions) for e in names.entities if e.kind == entity.kind)
    share = "most" if len(entity.mentions) == most else "some"
    terms = [
        f"k {entity.kind}",
        f"g {known}",
        f"d {min(distance, 6)}",
        f"r {rank}",
        f"rp {rank_person}",
        f"t {turn_gap}",
        f"s {since}",
        f"s {since} d {min(distance, 3)}",
        f"o {opens} d {min(distance, 3)}",
        f"q {quoted}",
        f"c {count}",
        f"p {paragraph}",
        f"dp {min(distance, 3)} {paragraph} {rank_person}",
        f"last {latest is not None and latest.entity == number} {latest is not None and sentence - latest.sentence <= 1}",
        f"n {min(len(persons), 4)} {rank_person}",
        f"here {len(here)} {bool(here) and here[0].start > anchor.at}",
        f"f {following in (',', 'said', 'told')}",
        f"cue {anchor.cue} {turn_gap}",
        f"subj {opens} {turn_gap} {rank_person}",
        f"match {_match(anchor, entity)}",
        f"match {_match(anchor, entity)} {rank_person}",
        f"title {page.sentences[0].part == 'title' and here0}",
        f"share {share}",
        f"k {entity.kind} {rank}",
    ]
    return [f"{group} {term}" for term in terms]


def _match(anchor: Anchor, entity: Entity) -> str:
    """How a description fits what is known of a person: by title, by side, or against it."""
    if not anchor.words:
        return "-"
    side = "-" if anchor.side is None or entity.actor is None else str(anchor.side == entity.actor)
    return f"{len(anchor.words & entity.roles) > 0} {side}"


def _null_row(page: Page, anchor: Anchor, history: Sequence[Turn], n_persons: int) -> list[str]:
    sentence = int(page.sentence_of[anchor.at])
    latest = history[-1] if history else None
    gap = min(sentence - latest.sentence, 4) if latest else "never"
    unnamed = latest is not None and latest.entity is None
    group = _group(anchor)
    same = latest is not None and page.paragraph[latest.at] == page.paragraph[anchor.at]
    terms = [
        f"null gap {gap}",
        f"null unnamed {unnamed} {gap}",
        f"null n {min(n_persons, 3)}",
        f"null cue {anchor.cue}",
        f"null same {same} {unnamed}",
        "null",
    ]
    return [f"{group} {t}" for t in terms] + [""] * (_N_TERMS - len(terms))


def choose(model: Sparse, page: Page, names: Names, anchor: Anchor, history: Sequence[Turn]) -> tuple[int | None, float]:
    """Return the entity meant (None: nobody with a name) and its probability among the candidates, in [0, 1]."""
    found = candidates(page, names, anchor)
    scores = logistic(model.scores(candidate_terms(page, names, anchor, history, found))[:, 0])
    best = int(scores.argmax())
    share = float(scores[best] / max(float(scores.sum()), 1e-9))
    return (None if best == len(found) else found[best]), share
