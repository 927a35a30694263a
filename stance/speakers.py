"""From the words that stand for a source to a speaker: canonical name, status, side.

A name is its entity; a metonym goes to its government; a coordination of names is a group; a description
("the Turkish president") is matched with the roles that the article itself gives and with the offices of the
codebook on the article's date; an unnamed spokesperson is the institution; what then has no name is a
group if its membership is fixed, else unresolved (codebook, section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.codebook import Codebook, Person
from stance.lexicon import word_set
from stance.names import BODY, PERSON, PLACE, Entity, Mention, Names, plain_name
from stance.page import Page
from stance.sources import ANSWERS, BODY_WORD, PERSON_WORD, PRONOUNS
from stance.text import fold

_INDEFINITE = frozenset("a an one some many several most few another others dozens hundreds thousands more any no".split())
_FLUID = word_set("fluid_plurals")
_SHORT = {"premier": "prime minister", "pm": "prime minister", "fm": "foreign minister"}
_NUMBERS = frozenset("two three four five six seven eight nine ten eleven twelve both".split())
_RULERS = frozenset(("authorities", "government", "leadership", "side"))  # with a nationality: its government
_CARRIERS = frozenset(
    "spokesman spokeswoman spokesperson spokespeople statement adviser advisor aide representative office".split()
)
_LINKS = frozenset("of for in from at who with , on near to".split())


@dataclass(frozen=True, slots=True)
class Speaker:
    """A resolved source. `entity` is its number among the page's names, or None; `score` is a probability in [0, 1]."""

    name: str | None
    status: str
    actor: str | None = None
    organisation: str | None = None
    entity: int | None = None
    score: float = 1.0


UNRESOLVED = Speaker(None, "unresolved")


def of_entity(names: Names, number: int, score: float = 1.0) -> Speaker:
    """Return the speaker that an entity is; an acronym is the body that the article spells out."""
    number = _spelled_out(names, number)
    entity = names.entities[number]
    return Speaker(entity.name, "named", entity.actor, entity.organisation, number, score)


def _spelled_out(names: Names, number: int) -> int:
    """Return the body whose initials an acronym is ("NSC": Turkish National Security Council), or the same number."""
    entity = names.entities[number]
    if entity.kind != BODY or not entity.name.isupper() or len(entity.name) < 3:
        return number
    for other, candidate in enumerate(names.entities):
        initials = "".join(w[0] for w in fold(candidate.name).split() if w not in ("of", "for", "and", "the"))
        if other != number and candidate.kind == BODY and initials.endswith(fold(entity.name)):
            return other
    return number


def of_mention(page: Page, names: Names, codebook: Codebook, start: int, end: int) -> Speaker | None:
    """Resolve the tokens `start` to `end`; None for a pronoun, or a description that fits nobody yet: they need the ranker."""
    folded = page.tokens.folded
    words = folded[start:end]
    if needs_ranker(page, start, end) in PRONOUNS | ANSWERS:
        return None
    listed = _coordination(page, names, names.inside(start, end), end)
    if listed is not None:
        return listed
    head = _head(words)
    inside = names.inside(start, start + head)
    if inside:
        number, mention = inside[-1]
        if names.entities[number].kind == PLACE and _is_people(page, codebook, mention.start):
            return _people(page, codebook, start, end, mention.start)
        if mention.end == start + head or _only_marks(words[mention.end - start : head]):
            if names.entities[number].kind == PLACE and mention.start > start and folded[mention.start - 1] in ("of", "from", "in"):
                return _described(page, names, codebook, start, start + head, end)
            return of_entity(names, number)
    return _described(page, names, codebook, start, start + head, end)


def needs_ranker(page: Page, start: int, end: int) -> str:
    """Return the anchor word of a mention that may stand for somebody named elsewhere, or ""."""
    words = page.tokens.folded[start:end]
    if len(words) == 1 and words[0] in PRONOUNS:
        return words[0]
    if len(words) == 1 and words[0] in ANSWERS and end < len(page.tokens) and page.tokens.words[end] in (":", "."):
        return words[0]
    words = words[: _head(words)]
    noun = next((w for w in reversed(words) if w[:1].isalpha()), "")
    nationality = word_set("nationalities")
    if (words[0] in ("the", "his", "her", "their", "its") or words[0] in nationality) and not _is_plural(noun):
        if noun in word_set("organisation_heads"):
            return BODY_WORD
        if noun in word_set("person_nouns") or noun in word_set("titles") or noun.endswith("-year-old"):
            return PERSON_WORD
    return ""


def _head(words: list[str]) -> int:
    """Length of the head phrase: up to the first comma, relative clause or "of"-phrase behind a common noun."""
    for i, word in enumerate(words):
        if i and (word in ("who", ",", "which", "whose", "(") or (word in _LINKS and word != ",")):
            return i
    return len(words)


def _is_people(page: Page, codebook: Codebook, at: int) -> bool:
    """Tell whether a nationality stands for its people: "Kurds", "Iraqis", not "Kurdistan"."""
    word = page.tokens.folded[at]
    return (
        word.endswith("s") and word in {fold(d) for d in codebook.demonyms[word].demonyms} if word in codebook.demonyms else False
    )


def _people(page: Page, codebook: Codebook, start: int, end: int, at: int) -> Speaker:
    """A people is a group where the words make one of it ("the Kurds", a headline's "Kurds"), else some of its members."""
    side = codebook.demonyms[page.tokens.folded[at]].name
    headline = page.sentences[int(page.sentence_of[at])].part == "title"
    if headline or page.tokens.folded[start] == "the" or "'s" in page.tokens.folded[start:at]:
        return Speaker(_own_words(page, start, end), "group", side)
    return Speaker(None, "unresolved", side)


def _only_marks(words: list[str]) -> bool:
    return all(not w[:1].isalnum() for w in words)


def _coordination(page: Page, names: Names, inside: Sequence[tuple[int, Mention]], end: int) -> Speaker | None:
    numbers = list(dict.fromkeys(n for n, _ in inside))
    if len(numbers) < 2:
        return None
    first, last = inside[0][1], inside[-1][1]
    between = {page.tokens.folded[i] for i in range(first.end, last.start) if names.entity[i] < 0}
    if not between & {"and", "&", ","} or between - {
        "and",
        "&",
        ",",
        "the",
        "both",
        "president",
        "minister",
        "prime",
        "foreign",
        "mr",
        "ms",
    } - word_set("titles"):
        return None
    if page.tokens.end[last.end - 1] != page.tokens.end[end - 1]:
        return None
    members = [names.entities[n] for n in numbers]
    listed = sorted(m.name for m in members)
    actors = {m.actor for m in members}
    return Speaker(", ".join(listed[:-1]) + " and " + listed[-1], "group", actors.pop() if len(actors) == 1 else None)


def _described(page: Page, names: Names, codebook: Codebook, start: int, head_end: int, end: int) -> Speaker:
    """Resolve a description by roles, offices and bodies; what is left is a group or unresolved."""
    folded = page.tokens.folded
    words = folded[start:head_end]
    noun = next((w for w in reversed(words) if w[:1].isalpha()), "")
    side = next((codebook.demonyms[w].name for w in folded[start:end] if w in codebook.demonyms and w != "us"), None)
    counted = words[0] in _NUMBERS or (words[0] == "the" and words[1:2] != [] and words[1] in _NUMBERS)
    if counted and _is_plural(noun):
        return Speaker(_own_words(page, start, end), "group", side)
    indefinite = words[0] in _INDEFINITE or (
        words[0] not in ("the", "its", "his", "their", "our") and _is_plural(noun) and words[0] not in codebook.demonyms
    )
    whole = " ".join(w for w in folded[start:end] if w not in ("the",) and w[:1].isalnum())
    known = codebook.aliases.get(whole)
    if known is not None:
        organisation = None if isinstance(known, Person) else known.name
        return Speaker(known.name, "named", known.actor, known.organisation if isinstance(known, Person) else organisation)
    if noun in _RULERS and side and not (set(words) - {"the", noun} - set(codebook.demonyms)):
        return Speaker(codebook.demonyms[fold(side)].government, "named", side)
    if noun in _CARRIERS or words[-1:] == ["'s"]:
        carried = next((n for n, m in names.inside(start, end) if names.entities[n].kind in (BODY, PLACE, PERSON)), None)
        if carried is not None:
            return of_entity(names, carried)
    if not indefinite:
        number = _by_role(names, set(words), noun, side, before=start)
        if number is not None:
            return of_entity(names, number, 0.8)
        holder = _by_office(page, codebook, set(words), side)
        if holder is not None:
            return Speaker(holder.name, "named", holder.actor, holder.organisation, None, 0.8)
    if noun in word_set("organisation_heads") and not indefinite:
        return _body(page, names, codebook, words, noun, start, head_end, end, side)
    if not (set(words) & _FLUID) and not indefinite and (_is_plural(noun) or "and" in words):
        return Speaker(_own_words(page, start, end), "group", side)
    return Speaker(None, "unresolved", side)


def _in_title(page: Page, at: int) -> bool:
    return page.sentences[int(page.sentence_of[at])].part == "title"


def _is_plural(noun: str) -> bool:
    return (noun.endswith("s") and not noun.endswith(("ss", "us", "is"))) or noun in (
        "men",
        "women",
        "people",
        "police",
        "militiamen",
        "lawmakers",
    )


def _by_role(names: Names, words: set[str], noun: str, side: str | None, *, before: int) -> int | None:
    """Return the person named so far whose titles hold the description's noun (and side), the latest one."""
    best, place = None, -1
    for number, entity in enumerate(names.entities):
        if entity.kind != PERSON or noun not in entity.roles or (side and entity.actor and entity.actor != side):
            continue
        if {"prime", "vice", "deputy", "foreign", "former"} & (words ^ entity.roles) & words:
            continue
        at = max((m.start for m in entity.mentions if m.start < before), default=-1)
        if at > place:
            best, place = number, at
    return best


def _by_office(page: Page, codebook: Codebook, words: set[str], side: str | None) -> Person | None:
    """Return who held the described office ("the Turkish president") on the article's date."""
    date = page.document.date or codebook.target_date
    if side is None or date is None:
        return None
    titles = set(" ".join(_SHORT.get(w, w) for w in words).split()) - {"the"}
    for person in codebook.persons:
        for office in person.offices:
            if not ((office.start or "0") <= date <= (office.end or "9")):
                continue
            title, _, of = fold(office.title).partition(" of ")
            actor = codebook.demonyms.get(of.removeprefix("the "))
            if (
                actor is not None
                and actor.name == side
                and set(title.split()) <= titles
                and not (titles & {"former", "vice", "deputy"} - set(title.split()))
            ):
                return person
    return None


def _body(
    page: Page, names: Names, codebook: Codebook, words: list[str], noun: str, start: int, head_end: int, end: int, side: str | None
) -> Speaker:
    """Resolve "the ministry": a body named before with that noun, else the description's own words."""
    wanted = {w for w in words if w not in ("the", "its", "his", "their", "'s") and w not in codebook.demonyms}
    best: int | None = None
    for number, entity in enumerate(names.entities):
        own = set(fold(entity.name).split())
        fits = (
            entity.kind == BODY and noun in own and wanted <= own | {"s"} and not (side and entity.actor and entity.actor != side)
        )
        if fits and entity.mentions[0].start < start:
            best = number
    if best is not None:
        return of_entity(names, best, 0.8)
    if noun == "government" and side:
        actor = codebook.demonyms[fold(side)]
        return Speaker(actor.government, "named", side)
    if len(wanted) == 1 and side is None and noun not in ("parliament",):
        return Speaker(_own_words(page, start, end), "named", None, None, None, 0.5)
    return Speaker(_own_words(page, start, end), "named", side, None, None, 0.6)


def _own_words(page: Page, start: int, end: int) -> str:
    """The description as written, without a leading article."""
    tokens = page.tokens
    at = start + (tokens.folded[start] in ("the", "a", "an") and end - start > 1)
    return plain_name(tokens.text[tokens.start[at] : tokens.end[end - 1]])


def gather_roles(page: Page, names: Names) -> None:
    """Add to each person the nouns of an apposition behind the name: "Hakki Uygur, deputy director of …"."""
    folded, n = page.tokens.folded, len(page.tokens)
    for entity in names.entities:
        if entity.kind != PERSON:
            continue
        for mention in entity.mentions:
            at = mention.end
            if at >= n or folded[at] != ",":
                continue
            for i in range(at + 1, min(at + 14, n)):
                if folded[i] in (",", ".", "who", ";"):
                    break
                if folded[i] in word_set("person_nouns") or folded[i] in word_set("titles"):
                    entity.roles.add(folded[i])
                if folded[i] in ("of", "for", "at"):
                    break


__all__ = ["UNRESOLVED", "Entity", "Speaker", "gather_roles", "of_entity", "of_mention"]
