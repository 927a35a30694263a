"""Names in an article: who and what is named, under which names, with which titles.

Enters: a page and the codebook. Leaves: `Names`: mentions over tokens, gathered into entities. A mention is a run
of capitalised words; titles and nationalities in front are told from the name and kept as what describes
it. Entities are chained by surname, by spelling (rapidfuzz), and by the codebook's aliases. The canonical
name is the fullest that the article gives, diacritics folded; somebody known whom the article never names in
full takes the codebook's name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import JaroWinkler

from stance.codebook import Codebook, Organisation, Person
from stance.heads import lookup
from stance.lexicon import cue_classes, word_set
from stance.page import Page
from stance.text import Bools, Ids, Ints, fold

PERSON, BODY, PLACE, OTHER = "person", "body", "place", "other"
_ALIKE = 0.88  # Jaro-Winkler similarity of two spellings of a surname ("Rouhani", "Rowhani": 0.90)
_TITLE_CASE = {"title": 0.6, "body": 0.85}  # share of capitalised words above which a sentence is in title case


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: tokens `start` to `end`; `full` is where its title begins; `titles` its folded words."""

    start: int
    end: int
    full: int
    titles: tuple[str, ...] = ()


@dataclass(slots=True)
class Entity:
    """What several mentions name. `kind` is person, body, place or other."""

    kind: str
    name: str
    mentions: list[Mention] = field(default_factory=list)
    known: Person | Organisation | None = None
    actor: str | None = None
    gender: str | None = None
    roles: set[str] = field(default_factory=set)

    @property
    def organisation(self) -> str | None:
        """The party, ministry or body of the entity, where the codebook knows it."""
        if isinstance(self.known, Person):
            return self.known.organisation
        return self.name if self.kind == BODY else None


@dataclass(frozen=True, slots=True)
class Names:
    """Entities of a page; `entity` (n_tokens,) is the number of the entity named there, or -1; `masked` tells which tokens
    name an actor (nationalities included)."""

    entities: tuple[Entity, ...]
    entity: Ints
    masked: Bools

    def inside(self, start: int, end: int) -> list[tuple[int, Mention]]:
        """Return (entity, mention) of the names within the tokens `start` to `end`, in order."""
        found = []
        for number in dict.fromkeys(self.entity[start:end][self.entity[start:end] >= 0].tolist()):
            found += [(number, m) for m in self.entities[number].mentions if start <= m.start and m.end <= end]
        return sorted(found, key=lambda pair: pair[1].start)


def plain_name(name: str) -> str:
    """Strip diacritics and surplus blanks from a name, keeping its capitals.

    >>> plain_name("Recep Tayyip Erdoğan")
    'Recep Tayyip Erdogan'
    """
    special = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "’": "'", "ʿ": "", "ʾ": ""})
    stripped = "".join(c for c in unicodedata.normalize("NFD", name.translate(special)) if not unicodedata.combining(c))
    return " ".join(stripped.split())


def find_names(page: Page, codebook: Codebook, common: Ids) -> Names:
    """Find and chain the names of a page. `common` (ascending ids) are words that training has seen in lower case: at the
    start of a sentence they are no names."""
    finder = _Finder(page, codebook, common)
    mentions = list(finder.mentions())
    entities = _chain(page, codebook, mentions)
    entity = np.full(len(page.tokens), -1, dtype=np.int64)
    masked = finder.demonym.copy()
    for number, found in enumerate(entities):
        for mention in found.mentions:
            entity[mention.start : mention.end] = number
            masked[mention.start : mention.end] = True
    return Names(tuple(entities), entity, masked)


class _Finder:
    """Walks the capitalised runs of a page."""

    def __init__(self, page: Page, codebook: Codebook, common: Ids) -> None:
        self.page, self.codebook = page, codebook
        tokens = page.tokens
        self.words, self.folded = tokens.words, tokens.folded
        self.lower = {
            w for w, cap, is_word in zip(self.folded, tokens.cap.tolist(), tokens.word.tolist(), strict=True) if is_word and not cap
        }
        self.common = lookup(common, tokens.id)[1]
        self.demonym = np.array([w in codebook.demonyms for w in self.folded], dtype=np.bool_) & tokens.cap
        self.shouting = self._title_case()

    def _title_case(self) -> set[int]:
        """Sentences whose capitals say nothing: headlines in title case or in capitals."""
        tokens, page = self.page.tokens, self.page
        plain = (
            tokens.word
            & ~tokens.number
            & ~np.isin(tokens.id, tokens.id[[i for i, w in enumerate(self.folded) if w in word_set("function_words")]])
        )
        capital = np.bincount(page.sentence_of, tokens.cap & plain, minlength=len(page.first))
        total = np.bincount(page.sentence_of, plain, minlength=len(page.first))
        limit = np.array([_TITLE_CASE.get(s.part, _TITLE_CASE["body"]) for s in page.sentences])
        return set(np.flatnonzero((total >= 4) & (capital > limit * total)).tolist())

    def mentions(self) -> Iterator[tuple[Mention, str]]:
        """Yield (mention, kind) in order of the text."""
        page, at, n = self.page, 0, len(self.words)
        cap = page.tokens.cap.tolist()
        while at < n:
            if not cap[at] or self._is_common(at):
                at += 1
                continue
            end = self._run_end(at, n, cap)
            yield from self._split(at, end)
            at = max(end, at + 1)

    def _is_common(self, at: int) -> bool:
        """Tell whether a capital is owed to the place (start of a sentence, headline) and not to a name."""
        word = self.folded[at]
        if word in word_set("calendar") or (word in word_set("function_words") and self.words[at] not in ("US", "IT")):
            return True
        starts = at == self.page.first[self.page.sentence_of[at]] or not self.page.tokens.word[at - 1]
        if not starts and int(self.page.sentence_of[at]) not in self.shouting:
            return False
        if word in self.codebook.demonyms or word in self.codebook.aliases or word in word_set("titles"):
            return False
        if self._opens_body(at):
            return False
        if word in self.lower or word in cue_classes() or word.endswith(("ing", "ly")) or self.common[at]:
            return True
        if word in word_set("person_nouns") or word.removesuffix("s") in word_set("person_nouns"):
            return True
        if int(self.page.sentence_of[at]) not in self.shouting:
            return False
        return not any(w == self.words[at] and i != at and self.page.tokens.word[i - 1] for i, w in enumerate(self.words) if i)

    def _opens_body(self, at: int) -> bool:
        """Tell whether a common word opens the name of a body: "Security Council", "Foreign Ministry"."""
        if int(self.page.sentence_of[at]) in self.shouting:
            return False
        end = at + 1
        while end < len(self.words) and self.page.tokens.cap[end] and self.page.tokens.breaks[end] == 0:
            end += 1
        return end - at > 1 and self.folded[end - 1] in word_set("organisation_heads")

    def _run_end(self, at: int, n: int, cap: list[bool]) -> int:
        """Extend a run over capitalised words, particles, initials, and "of" after a body or an office."""
        end = at + 1
        joins = word_set("organisation_heads") | {
            "secretary",
            "minister",
            "president",
            "union",
            "region",
            "speaker",
            "house",
            "institute",
        }
        while end < n and self.page.tokens.breaks[end] == 0:
            word = self.folded[end]
            if cap[end] and word not in word_set("calendar"):
                end += 1
            elif word == "." and len(self.words[end - 1]) == 1 and end + 1 < n and cap[end + 1]:
                end += 1
            elif word in word_set("particles") and end + 1 < n and cap[end + 1] and end - at >= 1:
                end += 1
            elif word in ("of", "for", "on") and end + 1 < n and self.folded[end - 1] in joins:
                skip = end + 1 + (self.folded[end + 1] == "the")
                if skip < n and cap[skip]:
                    end = skip
                else:
                    break
            elif (
                word in ("and", "&")
                and end + 1 < n
                and cap[end + 1]
                and self.folded[at] in ("ministry", "department", "committee", "commission")
            ):
                end += 1
            else:
                break
        return end

    def _split(self, start: int, end: int) -> Iterator[tuple[Mention, str]]:
        """Tell titles and nationalities from the name in a run; a run may hold no name at all."""
        folded, codebook = self.folded, self.codebook
        whole = " ".join(folded[start:end])
        if whole in codebook.aliases or whole in codebook.demonyms:
            yield Mention(start, end, start), self._kind(start, end)
            return
        for at in range(start + 1, end):  # "Revolution leader Ali Akbar Velayati": a known name may close the run
            if " ".join(folded[at:end]) in codebook.aliases and (end - at > 1 or folded[at - 1] in word_set("titles")):
                yield Mention(at, end, start, tuple(folded[start:at])), self._kind(at, end)
                return
        for at in range(end - 2, start, -1):  # "Likud MK Yoav Kisch", "Iraqi Parliament Speaker Salim al-Jabouri"
            rest = folded[at + 1 : end]
            if folded[at] in word_set("titles") and folded[at] not in _FORENAMES:
                if rest[0] not in ("of", "for", "'s") and not any(
                    w in word_set("organisation_heads") or w in word_set("titles") for w in rest
                ):
                    yield Mention(at + 1, end, start, tuple(folded[start : at + 1])), self._kind(at + 1, end, titled=True)
                    return
                break
        at = start
        while at < end and (
            folded[at] in word_set("titles") or self.demonym[at] or (folded[at] in ("of", "the", "for", ".") and at > start)
        ):
            at += 1
        body = [i for i in range(start, end) if folded[i] in word_set("organisation_heads")]
        if body and (at >= end or body[-1] >= at or folded[end - 1] in word_set("organisation_heads")):
            if at < end and body[-1] < at:
                pass  # "Defence Council chief Masrour Barzani": the body belongs to the title
            else:
                yield Mention(start, end, start), BODY
                return
        if at >= end:
            for i in range(start, end):
                if self.demonym[i] and self._is_place(i):
                    yield Mention(i, i + 1, i), PLACE
            return
        for i in range(start, at):
            if self.demonym[i] and self._is_place(i) and i > start and folded[i - 1] in ("of", "the"):
                yield Mention(i, i + 1, i), PLACE
        if at > start and folded[at - 1] in _FORENAMES and (end - at == 1 or at - start == 1):
            at -= 1  # "Imam Tascier", "Haji Qadir": what looks like a title is part of the name
        yield (
            Mention(at, end, start, tuple(folded[start:at])),
            self._kind(at, end, titled=at > start and not bool(self.demonym[start:at].all())),
        )

    def _is_place(self, at: int) -> bool:
        actor = self.codebook.demonyms.get(self.folded[at])
        return actor is not None and self.folded[at] not in {fold(d) for d in actor.demonyms}

    def _kind(self, start: int, end: int, *, titled: bool = False) -> str:
        whole = " ".join(self.folded[start:end])
        known = self.codebook.aliases.get(whole)
        if known is not None:
            return PERSON if isinstance(known, Person) else BODY
        if whole in self.codebook.demonyms:
            return PLACE
        if titled:
            return PERSON
        if end - start == 1:
            word = self.words[start]
            return BODY if word.isupper() and 2 <= len(word) <= 8 else OTHER
        before = self.folded[start - 1] if start else ""
        if before in ("in", "at", "near", "from", "to", "across") and end - start == 2 and not self.page.tokens.cap[start - 1]:
            return OTHER
        return PERSON


def _chain(page: Page, codebook: Codebook, mentions: Sequence[tuple[Mention, str]]) -> list[Entity]:
    """Gather mentions into entities: longer names first, single words by surname, spelling or alias."""
    words = page.tokens.words
    entities: list[Entity] = []
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i][0].start - mentions[i][0].end > -2, mentions[i][0].start))
    for i in order:
        mention, kind = mentions[i]
        name = plain_name(page.tokens.text[page.tokens.start[mention.start] : page.tokens.end[mention.end - 1]])
        entity = _find(entities, name, kind, codebook, mention)
        if entity is None:
            entity = _new(name, kind, codebook)
            entities.append(entity)
        elif len(name.split()) > len(entity.name.split()) and not (entity.known and kind == PLACE):
            entity.name = name
        entity.mentions.append(mention)
        _describe(entity, mention, codebook, words)
    for entity in entities:
        entity.mentions.sort(key=lambda m: m.start)
    return sorted(entities, key=lambda e: e.mentions[0].start)


def _new(name: str, kind: str, codebook: Codebook) -> Entity:
    known = codebook.aliases.get(fold(name))
    if known is not None:
        full = known.name if len(name.split()) == 1 or isinstance(known, Organisation) else name
        gender = known.gender if isinstance(known, Person) else None
        return Entity(PERSON if isinstance(known, Person) else BODY, full, known=known, actor=known.actor, gender=gender)
    place = codebook.demonyms.get(fold(name))
    if place is not None:
        return Entity(PLACE, place.government, actor=place.name)
    return Entity(kind, name)


def _find(entities: list[Entity], name: str, kind: str, codebook: Codebook, mention: Mention) -> Entity | None:
    """Return the entity that this name belongs to, the nearest before where several fit."""
    known, place = codebook.aliases.get(fold(name)), codebook.demonyms.get(fold(name))
    parts = fold(name).split()
    fits = [e for e in entities if _fits(e, parts, kind, known, place is not None and place.government == e.name)]
    if not fits:
        return None
    before = [e for e in fits if any(m.start < mention.start for m in e.mentions)]
    return max(before, key=lambda e: max(m.start for m in e.mentions if m.start < mention.start)) if before else fits[0]


def _fits(entity: Entity, parts: list[str], kind: str, known: Person | Organisation | None, same_place: bool) -> bool:
    if same_place:
        return entity.kind == PLACE
    own = fold(entity.name).split()
    if own == parts:
        return True
    if known is not None and entity.known is not None:
        return entity.known is known  # "Masoud" and "Masrour Barzani" are alike, but known to be two
    if kind == BODY or entity.kind in (BODY, PLACE):
        return (
            kind == BODY
            and entity.kind == BODY
            and len(parts) == 1
            and parts[0] == "".join(w[0] for w in own if w not in ("of", "for", "and", "the"))
        )
    if len(parts) == 1 and entity.kind == PERSON and len(parts[0]) == len(own) > 2 and parts[0] == "".join(w[0] for w in own):
        return True  # an interview's label: "BSAR"
    if len(parts) == 1:
        if len(parts[0]) < 3 or entity.kind != PERSON:
            return False
        last = own[-1].removeprefix("al-").removeprefix("el-")
        return (
            parts[0].removeprefix("al-").removeprefix("el-") == last
            or parts[0] in own[1:]
            or (len(parts[0]) > 4 and _alike(parts[0], own[-1]))
        )
    if len(own) == 1 or entity.kind != PERSON:
        return False
    return _alike(parts[-1], own[-1]) and (_alike(parts[0], own[0]) or parts[0] in own or own[0] in parts)


def _alike(one: str, other: str) -> bool:
    return one == other or (one[0] == other[0] and min(len(one), len(other)) > 3 and JaroWinkler.similarity(one, other) >= _ALIKE)


_FORENAMES = frozenset("imam haji hajji mam kak sheikh mullah mulla".split())
_FEMALE = frozenset("ms mrs miss lady dame queen spokeswoman congresswoman chairwoman woman mother sister daughter".split())
_MALE = frozenset("mr sir lord king spokesman congressman chairman sheikh shaikh ayatollah imam mullah pope prince".split())


def _describe(entity: Entity, mention: Mention, codebook: Codebook, words: list[str]) -> None:
    """Learn gender, side and roles from the titles in front of a name."""
    titles = set(mention.titles)
    entity.roles |= titles
    if entity.kind == PERSON and entity.gender is None:
        entity.gender = "f" if titles & _FEMALE else "m" if titles & _MALE else None
    if entity.actor is None:
        sides = [codebook.demonyms[t].name for t in mention.titles if t in codebook.demonyms]
        own = [codebook.demonyms[fold(w)].name for w in words[mention.start : mention.end] if fold(w) in codebook.demonyms]
        entity.actor = next(iter(sides or own), None)
