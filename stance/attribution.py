"""A page to statements: who is reported to say what, sentence by sentence.

Enters: a page, the codebook, the trained attribution model. Leaves: `Statement` records in the order of the
text, at least one a sentence. Cues are detected, each gets its content and the words of its source, quoted
sentences that no cue claims are given to whoever speaks on, sources become speakers, and what nobody says is the narrator's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stance.codebook import Codebook
from stance.cues import cue_terms
from stance.features import combine, space
from stance.heads import Floats, Sparse, logistic, softmax
from stance.lexicon import word_set
from stance.names import PERSON, Names, find_names
from stance.page import Page
from stance.records import MODES, Span, Statement
from stance.roles import CONTENT, SOURCE, decode, make_rows
from stance.sources import ANSWERS, QUESTIONS, Anchor, Turn, choose
from stance.speakers import UNRESOLVED, Speaker, gather_roles, needs_ranker, of_entity, of_mention
from stance.text import Ids

_QUOTED_SHARE = 0.5  # of a sentence's words: from here on a quotation without a cue is speech
_QUOTED_WORDS = 4
_SILENT_PARTS = frozenset({"boilerplate", "byline", "dateline"})


@dataclass(frozen=True, slots=True)
class AttributionModel:
    """The trained parts; `common` are ascending ids of words seen in lower case, `threshold` the least probability of a cue."""

    cue: Sparse
    roles: Sparse
    source: Sparse
    mode: Sparse
    common: Ids
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A cue (token, or -1) with its content and source, as (start, end) stretches of tokens; `score` in [0, 1]."""

    cue: int
    content: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None
    score: float


def cue_scores(model: AttributionModel, page: Page) -> Floats:
    """Return the probability of each token to be the head of a cue, shape (n_tokens,)."""
    if len(page.tokens) == 0:
        return np.zeros(0)
    return logistic(model.cue.scores(cue_terms(page))[:, 0])


def find_attributions(page: Page, model: AttributionModel) -> list[Found]:
    """Find cues, and for each its content and the words of its source; those without content are dropped."""
    scores = cue_scores(model, page)
    silent = np.array([s.part in _SILENT_PARTS for s in page.sentences], dtype=np.bool_)
    cues = np.flatnonzero((scores >= model.threshold) & ~silent[page.sentence_of]) if len(scores) else np.zeros(0, dtype=np.int64)
    rows = make_rows(page, cues)
    roles, _ = decode(model.roles, page, rows, scores)
    found = []
    for i, cue in enumerate(cues.tolist()):
        part = slice(rows.bounds[i], rows.bounds[i + 1])
        token, role = rows.token[part], roles[part]
        content = tuple(s for s in stretches(token[role == CONTENT]) if page.tokens.word[s[0] : s[1]].any())
        sources = stretches(token[role == SOURCE])
        if content:
            source = min(sources, key=lambda s: min(abs(s[0] - cue), abs(s[1] - 1 - cue))) if sources else None
            found.append(Found(cue, content, trim_source(page, source), float(scores[cue])))
    return [f for f in found if not _is_inner_voice(page, f, found)]


def trim_source(page: Page, source: tuple[int, int] | None) -> tuple[int, int] | None:
    """Cut what the role model took along with a source: a clause before it ("days after Baghdad"), adverbs and auxiliaries
    behind it ("the office neither"); None if only an article is left."""
    if source is None:
        return None
    start, end = source
    folded, cap = page.tokens.folded, page.tokens.cap
    named = bool(cap[start]) and folded[start] not in word_set("function_words")  # "X, who served as …" keeps its head
    for at in range(start, start if named else end - 1):
        if folded[at] in word_set("source_openers") and page.tokens.word[at + 1 : end].any():
            start = at + 1
    if folded[end - 1] in _SUBJECTS:
        start = end - 1
    while end > start and _trails(page, end - 1):
        end -= 1
    while end > start and not page.tokens.word[start]:
        start += 1
    alone = end - start == 1 and folded[start] in ("the", "a", "an", "his", "her", "its", "their")
    return None if alone or end <= start else (start, end)


def _trails(page: Page, at: int) -> bool:
    """Tell whether a token cannot close the name of a source: a comma, an auxiliary (but not the surname "May")."""
    if not page.tokens.word[at]:
        return page.tokens.words[at] not in ")]"
    return page.tokens.folded[at] in word_set("source_trailers") and not page.tokens.cap[at]


_SUBJECTS = frozenset(("he", "she", "they", "it", "i", "we"))
_FIRST_PERSON = frozenset(("i", "we", "me", "us", "my", "our"))


def _is_inner_voice(page: Page, found: Found, others: Sequence[Found]) -> bool:
    """Tell whether an attribution is a speaker's own "I said" or "we believe" within what another reports them to say, or the
    question of an interviewer."""
    if found.source is None:
        return False
    word = page.tokens.folded[found.source[0]]
    if word in QUESTIONS and found.cue >= 0 and page.opens_turn(found.cue):
        return True
    if word not in _FIRST_PERSON:
        return False
    return any(o is not found and any(s <= found.cue < e for s, e in o.content) for o in others)


def stretches(tokens: Iterable[int] | np.ndarray) -> list[tuple[int, int]]:
    """Join ascending token numbers into (start, end) stretches, end exclusive.

    >>> stretches([3, 4, 5, 9])
    [(3, 6), (9, 10)]
    """
    result: list[tuple[int, int]] = []
    for token in tokens:
        if result and result[-1][1] == token:
            result[-1] = (result[-1][0], int(token) + 1)
        else:
            result.append((int(token), int(token) + 1))
    return result


def by_sentence(page: Page, content: Sequence[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    """Split stretches of tokens at sentence bounds."""
    pieces: dict[int, list[tuple[int, int]]] = {}
    for start, end in content:
        at = start
        while at < end:
            sentence = int(page.sentence_of[at])
            stop = min(end, int(page.last[sentence]))
            if page.tokens.word[at:stop].any():
                pieces.setdefault(sentence, []).append((at, stop))
            at = stop
    return pieces


def orphans(page: Page, found: Sequence[Found]) -> list[Found]:
    """Quoted sentences whose words no cue has claimed, each as an attribution without cue."""
    claimed = {s for f in found for s in by_sentence(page, f.content)}
    result = []
    for sentence in range(len(page.first)):
        if sentence in claimed or page.sentences[sentence].part in _SILENT_PARTS | {"caption"}:
            continue
        tokens = np.arange(page.first[sentence], page.last[sentence])
        words = page.tokens.word[tokens]
        quoted = tokens[(page.quotes.index[tokens] >= 0)]
        n = int(page.tokens.word[quoted].sum())
        if n >= _QUOTED_WORDS and n >= _QUOTED_SHARE * int(words.sum()):
            result.append(Found(-1, tuple(stretches(quoted)), None, 0.5))
    return result


def attribute(page: Page, codebook: Codebook, model: AttributionModel) -> tuple[list[Statement], Names]:
    """Return the statements of a page, in order, and the names found on the way."""
    names = find_names(page, codebook, model.common)
    gather_roles(page, names)
    found = find_attributions(page, model)
    found += orphans(page, found)
    found.sort(key=lambda f: (f.content[0][0], f.cue))
    history: list[Turn] = []
    drafts: list[_Draft] = []
    for one in found:
        for sentence, pieces in sorted(by_sentence(page, one.content).items()):
            if page.sentences[sentence].part not in _SILENT_PARTS:
                drafts.append(_Draft(sentence, one, tuple(pieces)))
    for draft in sorted(drafts, key=lambda d: (d.sentence, d.content[0][0])):
        draft.speaker, draft.mention = resolve(page, names, codebook, model, draft.found, draft.sentence, history)
        at, end = draft.mention or (draft.content[0][0], draft.content[0][0] + 1)
        history.append(Turn(draft.speaker.entity, at, end, draft.sentence))
    return _statements(page, _merged(drafts), model), names


@dataclass(slots=True)
class _Draft:
    sentence: int
    found: Found
    content: tuple[tuple[int, int], ...]
    speaker: Speaker = UNRESOLVED
    mention: tuple[int, int] | None = None


def resolve(
    page: Page, names: Names, codebook: Codebook, model: AttributionModel, found: Found, sentence: int, history: Sequence[Turn]
) -> tuple[Speaker, tuple[int, int] | None]:
    """Return who speaks, and the tokens that stand for them."""
    folded = page.tokens.folded
    cue = folded[found.cue] if found.cue >= 0 else ""
    mention = found.source
    described: Speaker | None = None
    if mention is not None:
        described = of_mention(page, names, codebook, *mention)
        word = needs_ranker(page, *mention)
        if described is not None and (
            described.entity is not None or not word or (described.score == 1.0 and described.status == "named")
        ):
            return replace(described, score=described.score * found.score), mention
        if word in ANSWERS:
            interviewee = first_person(names)
            if interviewee is not None:
                return of_entity(names, interviewee, 0.7 * found.score), mention
        anchor = described_anchor(page, codebook, word or folded[mention[0]], mention, cue)
    else:
        first = found.content[0][0]
        anchor = Anchor("", first, cue, quoted=bool(page.quotes.index[first] >= 0))
    entity, share = choose(model.source, page, names, anchor, history)
    if entity is None and described is not None:
        return replace(described, score=described.score * found.score), mention
    if entity is None:
        carried = history[-1] if history and mention is None else None
        return replace(UNRESOLVED, score=share * found.score), mention or ((carried.at, carried.end) if carried else None)
    if mention is None:
        near = [m for m in names.entities[entity].mentions if m.start < anchor.at] or names.entities[entity].mentions
        mention = (near[-1].start, near[-1].end)
    return of_entity(names, entity, share * found.score), mention


def described_anchor(page: Page, codebook: Codebook, word: str, mention: tuple[int, int], cue: str) -> Anchor:
    """The anchor that a pronoun or a definite description makes."""
    words = frozenset(page.tokens.folded[slice(*mention)])
    side = next((codebook.demonyms[w].name for w in sorted(words) if w in codebook.demonyms and w != "us"), None)
    return Anchor(word, mention[0], cue, words=words, side=side)


def first_person(names: Names) -> int | None:
    """The person named first: in an interview whose turns are marked "A:", who answers."""
    return next((number for number, entity in enumerate(names.entities) if entity.kind == PERSON), None)


def _merged(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Join what one speaker says in one sentence into one statement; the first cue stands."""
    result: list[_Draft] = []
    for draft in sorted(drafts, key=lambda d: (d.sentence, d.found.cue < 0, d.content[0][0])):
        same = next((r for r in result if r.sentence == draft.sentence and _same_source(r, draft)), None)
        if same is None:
            result.append(draft)
        else:
            same.content = tuple(stretches(sorted({t for s, e in (*same.content, *draft.content) for t in range(s, e)})))
    return sorted(result, key=lambda d: (d.sentence, d.content[0][0]))


def _same_source(one: _Draft, other: _Draft) -> bool:
    if one.speaker.name is not None or other.speaker.name is not None:
        return one.speaker.name == other.speaker.name
    if one.mention is None or other.mention is None:
        return one.mention is other.mention
    return one.mention[0] == other.mention[0]  # the key of a statement: sentence, speaker, start of the mention


def _statements(page: Page, drafts: Sequence[_Draft], model: AttributionModel) -> list[Statement]:
    per_sentence: dict[int, list[_Draft]] = {}
    for draft in drafts:
        per_sentence.setdefault(draft.sentence, []).append(draft)
    quotes = {id(d): quote_type(page, d.content) for d in drafts}
    modes = _modes(page, drafts, model, [quotes[id(d)] for d in drafts])
    result: list[Statement] = []
    turn, latest = 0, None
    for number, sentence in enumerate(page.sentences):
        here = per_sentence.get(number)
        if not here:
            result.append(Statement(number, sentence.part, page.view.to_source(sentence.span)))
            continue
        for draft in here:
            key = draft.speaker.name or draft.mention
            turn, latest = (turn, latest) if key == latest else (turn + 1, key)
            result.append(_statement(page, draft, alone=len(here) == 1, quote=quotes[id(draft)], mode=modes[id(draft)], turn=turn))
    return result


def _statement(page: Page, draft: _Draft, *, alone: bool, quote: str, mode: str, turn: int) -> Statement:
    tokens, view = page.tokens, page.view

    def chars(stretch: tuple[int, int]) -> Span:
        return view.to_source(Span(int(tokens.start[stretch[0]]), int(tokens.end[stretch[1] - 1])))

    whole = view.to_source(page.sentences[draft.sentence].span)
    content = tuple(chars(c) for c in draft.content)
    cue = chars((draft.found.cue, draft.found.cue + 1)) if draft.found.cue >= 0 else None
    mention = chars(draft.mention) if draft.mention else None
    span = whole
    if not alone:
        parts = [s for s in (*content, cue, mention) if s and whole.contains(s)]
        span = Span(min(s.start for s in parts), max(s.end for s in parts))
    speaker = draft.speaker
    return Statement(
        sentence=draft.sentence,
        part=page.sentences[draft.sentence].part,
        span=span,
        content=content,
        quote=quote,
        mode=mode,
        cue=cue,
        mention=mention,
        speaker=speaker.name,
        speaker_status=speaker.status,
        speaker_score=round(speaker.score, 4),
        actor=speaker.actor,
        organisation=speaker.organisation,
        turn=turn,
    )


def quote_type(page: Page, content: Sequence[tuple[int, int]]) -> str:
    """Return direct (at least 97 % of the letters stand in quotation marks), mixed or indirect; a turn of an
    interview, opened by a name or letter and a colon, is direct without marks."""
    inside = total = 0
    for start, end in content:
        lengths = (page.tokens.end[start:end] - page.tokens.start[start:end]) * page.tokens.word[start:end]
        total += int(lengths.sum())
        inside += int(lengths[page.quotes.index[start:end] >= 0].sum())
    if inside == 0:
        return "indirect"
    return "direct" if inside >= 0.97 * total else "mixed"


def mode_terms(page: Page, cue: int, source: tuple[int, int] | None, quote: str) -> list[np.uint64]:
    """Terms from which the mode (speech, document, decision, attitude) of a statement is told."""
    nothing = np.uint64(0)
    word = page.tokens.id[cue] if cue >= 0 else nothing
    lexical = page.cue_class[cue] if cue >= 0 else nothing
    after = page.tokens.id[cue + 1] if 0 <= cue < len(page.tokens) - 1 else nothing
    before = page.kind[cue - 1] if cue > 0 else nothing
    suffix = page.tokens.suffix[cue] if cue >= 0 else nothing
    last = page.tokens.id[source[1] - 1] if source else nothing
    kind = page.kind[source[1] - 1] if source else nothing
    head = page.tokens.id[source[0]] if source else nothing
    parts: list[tuple[str, tuple[np.uint64, ...]]] = [
        ("w", (word,)),
        ("l", (lexical,)),
        ("wa", (word, after)),
        ("bw", (before, word)),
        ("s", (suffix,)),
        ("ba", (before, after)),
        ("a", (after,)),
        ("q", (space(quote),)),
        ("lq", (lexical, space(quote))),
        ("last", (last,)),
        ("kind", (kind, lexical)),
        ("head", (head,)),
        ("t", (space(page.sentences[int(page.sentence_of[max(cue, 0)])].part), lexical)),
    ]
    return [combine("mode " + name, *(np.array([v]) for v in values))[0] for name, values in parts]


def _modes(page: Page, drafts: Sequence[_Draft], model: AttributionModel, quotes: Sequence[str]) -> dict[int, str]:
    if not drafts:
        return {}
    terms: Ids = np.array(
        [mode_terms(page, d.found.cue, d.mention, q) for d, q in zip(drafts, quotes, strict=True)], dtype=np.uint64
    )
    best = softmax(model.mode.scores(terms)).argmax(axis=1)
    return {id(d): MODES[k] for d, k in zip(drafts, best.tolist(), strict=True)}
