"""Labelled documents to the attribution model: cues, roles, sources, modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stance.attribution import AttributionModel, described_anchor, mode_terms, quote_type
from stance.codebook import Codebook
from stance.cues import cue_head, cue_terms
from stance.heads import logistic
from stance.labels.format import LabelledDocument, LabelledStatement
from stance.names import Names, find_names
from stance.page import Page, make_page
from stance.records import MODES, Span
from stance.roles import CONTENT, SOURCE, make_rows, role_terms, with_label
from stance.sources import Anchor, Turn, candidate_terms, candidates
from stance.speakers import gather_roles, needs_ranker
from stance.text import Ids, Ints
from stance.training.fitting import fit_sparse


@dataclass(frozen=True, slots=True)
class Gold:
    """A labelled attribution of a page, in tokens: `cue` its head (-1: none), `content` and `source` stretches."""

    cue: int
    content: tuple[tuple[int, int], ...]
    source: tuple[tuple[int, int], ...]


def gold_attributions(page: Page, statements: Sequence[LabelledStatement]) -> list[Gold]:
    """Gather the statements that one cue reports; a statement whose cue is missing continues the one before."""
    result: list[Gold] = []
    latest_speaker: object = None
    for statement in statements:
        if statement.speaker_status == "narrator" or not statement.content:
            continue
        content = tuple(_tokens(page, s) for s in statement.content)
        mention = (_tokens(page, statement.mention),) if statement.mention else ()
        cue = cue_head(page, page.view.from_source(statement.cue)) if statement.cue else _colon(page, mention)
        who = (statement.speaker, statement.mention)
        known = next((i for i, g in enumerate(result) if g.cue == cue and cue >= 0), None)
        if known is None and cue < 0 and result and who[0] == latest_speaker and _reaches(page, result[-1].cue, content):
            known = len(result) - 1
        if known is not None:
            result[known] = replace(result[known], content=(*result[known].content, *content))
        else:
            result.append(Gold(cue, content, mention))
        latest_speaker = statement.speaker
    return result


def _tokens(page: Page, span: Span) -> tuple[int, int]:
    view = page.view.from_source(span)
    return page.tokens.between(view.start, view.end)


def _colon(page: Page, mention: tuple[tuple[int, int], ...]) -> int:
    """The colon right behind the source stands for a missing cue ("Barzani: …")."""
    if mention and mention[0][1] < len(page.tokens) and page.tokens.words[mention[0][1]] == ":":
        return mention[0][1]
    return -1


def _reaches(page: Page, cue: int, content: tuple[tuple[int, int], ...]) -> bool:
    if cue < 0:
        return False
    low, high = page.reach(cue)
    return bool(page.first[low] <= content[0][0] < page.last[high - 1])


def fit_cues(pages: Sequence[tuple[Page, Sequence[Gold]]], *, C: float) -> AttributionModel:
    """Fit the cue detector; the other parts are still empty."""
    terms, labels = [], []
    for page, golds in pages:
        found = np.zeros(len(page.tokens), dtype=np.int64)
        found[[g.cue for g in golds if g.cue >= 0]] = 1
        terms.append(cue_terms(page))
        labels.append(found)
    empty = fit_sparse(np.zeros((2, 1), dtype=np.uint64), np.array([0, 1]), 2)
    return AttributionModel(
        fit_sparse(np.concatenate(terms), np.concatenate(labels), 2, C=C), empty, empty, empty, common_words([p for p, _ in pages])
    )


def common_words(pages: Sequence[Page]) -> Ids:
    """Ascending ids of the words that the pages write in lower case."""
    ids = [p.tokens.id[p.tokens.word & ~p.tokens.cap & ~p.tokens.number] for p in pages]
    return np.unique(np.concatenate(ids))


def fit_roles(model: AttributionModel, pages: Sequence[tuple[Page, Sequence[Gold]]], *, C: float) -> AttributionModel:
    """Fit the role model on the gold cues; cues that the detector finds count as neighbours."""
    terms, labels = [], []
    for page, everything in pages:
        golds = [g for g in everything if g.cue >= 0]
        if not golds:
            continue
        scores = logistic(model.cue.scores(cue_terms(page))[:, 0])
        scores[[g.cue for g in golds]] = 1.0
        rows = make_rows(page, np.array([g.cue for g in golds], dtype=np.int64))
        roles = _gold_roles(rows.token, rows.bounds, golds)
        before = np.concatenate([[0], roles[:-1]])
        before[rows.bounds[:-1]] = 0
        plain, chained = role_terms(page, rows, scores)
        terms.append(np.concatenate([plain, with_label(chained, before)], axis=1))
        labels.append(roles)
    return replace(model, roles=fit_sparse(np.concatenate(terms), np.concatenate(labels), 3, C=C))


def _gold_roles(token: Ints, bounds: Ints, golds: Sequence[Gold]) -> Ints:
    roles = np.zeros(len(token), dtype=np.int64)
    for i, gold in enumerate(golds):
        part = slice(bounds[i], bounds[i + 1])
        for stretch_list, role in ((gold.content, CONTENT), (gold.source, SOURCE)):
            for start, end in stretch_list:
                roles[part][(token[part] >= start) & (token[part] < end)] = role
    return roles


def fit_sources(
    model: AttributionModel, documents: Sequence[tuple[Page, LabelledDocument]], codebook: Codebook, *, C: float
) -> AttributionModel:
    """Fit the ranker on labelled pronouns and on quoted content whose sentence names no source."""
    terms: list[Ids] = []
    labels: list[int] = []
    for page, labelled in documents:
        names = find_names(page, codebook, model.common)
        gather_roles(page, names)
        history: list[Turn] = []
        for statement in labelled.statements:
            if statement.speaker_status == "narrator" or not statement.content:
                continue
            entity = entity_of(names, statement)
            anchor = anchor_of(page, codebook, statement)
            if anchor is not None:
                found = candidates(page, names, anchor)
                terms.append(candidate_terms(page, names, anchor, history, found))
                labels += [int(number == entity) for number in found] + [int(entity is None or entity not in found)]
            at, end = _tokens(page, statement.mention or statement.content[0])
            history.append(Turn(entity, at, end, statement.sentence))
    return replace(model, source=fit_sparse(np.concatenate(terms), np.array(labels), 2, C=C))


def anchor_of(page: Page, codebook: Codebook, statement: LabelledStatement) -> Anchor | None:
    """Return what the ranker would be asked for a labelled statement: a pronoun, or content without a source in its sentence."""
    first = _tokens(page, statement.content[0])[0]
    cue = page.tokens.folded[cue_head(page, page.view.from_source(statement.cue))] if statement.cue else ""
    if statement.mention is not None:
        start, end = _tokens(page, statement.mention)
        if int(page.sentence_of[start]) == statement.sentence:
            word = needs_ranker(page, start, end)
            return described_anchor(page, codebook, word, (start, end), cue) if word else None
    return Anchor(
        "", first, cue if statement.cue and _same_sentence(page, statement) else "", quoted=bool(page.quotes.index[first] >= 0)
    )


def _same_sentence(page: Page, statement: LabelledStatement) -> bool:
    return statement.cue is not None and int(page.sentence_of[_tokens(page, statement.cue)[0]]) == statement.sentence


def entity_of(names: Names, statement: LabelledStatement) -> int | None:
    """Return the number of the entity whose name is the labelled speaker's, or None."""
    if statement.speaker is None:
        return None
    for number, entity in enumerate(names.entities):
        if entity.name == statement.speaker or (entity.known is not None and entity.known.name == statement.speaker):
            return number
    return None


def fit_modes(model: AttributionModel, documents: Sequence[tuple[Page, LabelledDocument]], *, C: float) -> AttributionModel:
    """Fit the classifier of modes on the labelled statements."""
    terms, labels = [], []
    for page, labelled in documents:
        for statement in labelled.statements:
            if statement.mode is None or not statement.content:
                continue
            cue = cue_head(page, page.view.from_source(statement.cue)) if statement.cue else -1
            content = [_tokens(page, s) for s in statement.content]
            mention = _tokens(page, statement.mention) if statement.mention else None
            terms.append(mode_terms(page, cue, mention, quote_type(page, content)))
            labels.append(MODES.index(statement.mode))
    return replace(model, mode=fit_sparse(np.array(terms, dtype=np.uint64), np.array(labels), len(MODES), C=C))


def train_attribution(
    documents: Sequence[LabelledDocument], codebook: Codebook, *, threshold: float = 0.4, cue_C: float = 0.3, role_C: float = 0.3
) -> AttributionModel:
    """Train all parts on labelled documents."""
    pages = [(make_page(d.document, d.sentences), d) for d in documents]
    golds = [(page, gold_attributions(page, d.statements)) for page, d in pages]
    model = fit_cues(golds, C=cue_C)
    model = fit_roles(model, golds, C=role_C)
    model = fit_sources(model, pages, codebook, C=1.0)
    model = fit_modes(model, pages, C=1.0)
    return replace(model, threshold=threshold)
