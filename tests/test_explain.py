"""Why: shares that sum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from strategies import texts

from stance.explain import Explanation, explain
from stance.records import Document
from stance.tagger import Tagger
from stance.views import MaskedPage, Seen, see

TEXT = "Masoud Barzani said on Monday that the referendum is a legitimate right of the people of Kurdistan and not illegal."


@pytest.fixture(scope="module")
def explained(tagger: Tagger, seed_documents: list[Document]) -> list[Explanation]:
    return [e for document in seed_documents for e in explain(tagger, document)]


@pytest.fixture(scope="module")
def items(tagger: Tagger, explained: list[Explanation]) -> list[tuple[MaskedPage, Seen]]:
    """Each explained statement as the heads see it."""
    reads = {e.tagged.document.doc_id: tagger.read(e.tagged.document) for e in explained}
    chosen = [(reads[e.tagged.document.doc_id], e.tagged.statement) for e in explained]
    return [(read.masked, see(read.page, statement)) for read, statement in chosen]


def test_shares_sum_to_the_difference_of_log_probabilities(
    tagger: Tagger, explained: list[Explanation], items: list[tuple[MaskedPage, Seen]]
) -> None:
    assert len(explained) > 20
    labels = tagger.model.heads["stance"].labels
    for explanation, row in zip(explained, tagger.score(items)["stance"].tolist(), strict=True):
        p = dict(zip(labels, row, strict=True))
        difference = math.log(p[explanation.tagged.stance]) - math.log(p[explanation.runner_up])
        assert math.isclose(explanation.total, difference, abs_tol=1e-9)
        assert math.isclose(math.fsum(s.value for s in explanation.shares), difference, abs_tol=1e-9)


def test_the_runner_up_is_the_second(explained: list[Explanation]) -> None:
    for explanation in explained:
        scores = explanation.tagged.stance_scores
        assert explanation.runner_up != explanation.tagged.stance
        assert scores[explanation.runner_up] == sorted(scores.values())[-2]
        assert explanation.total >= 0


def test_shares_of_frames_sum_to_the_logit_of_the_probability(
    tagger: Tagger, explained: list[Explanation], items: list[tuple[MaskedPage, Seen]]
) -> None:
    labels = tagger.model.heads["frames"].labels
    n = 0
    for explanation, row in zip(explained, tagger.score(items)["frames"].tolist(), strict=True):
        assert tuple(explanation.frames) == explanation.tagged.frames
        for name, (logit, shares) in explanation.frames.items():
            p = row[labels.index(name)]
            assert math.isclose(logit, math.log(p / (1 - p)), abs_tol=1e-9)
            assert math.isclose(math.fsum(s.value for s in shares), logit, abs_tol=1e-9)
            assert math.isclose(explanation.tagged.frame_probs[name], p, abs_tol=5.1e-5)
            n += 1
    assert n > 20


def test_words_lie_in_the_statement_and_are_spelt_as_read(explained: list[Explanation]) -> None:
    for explanation in explained:
        text, span = explanation.tagged.document.text, explanation.tagged.statement.span
        for word in explanation.words:
            (place,) = word.spans
            assert text[place.start : place.end] == word.term
            assert span.contains(place)
        assert [w.spans[0] for w in explanation.words] == sorted({w.spans[0] for w in explanation.words})


def test_words_add_up_to_the_shares_that_have_words(explained: list[Explanation]) -> None:
    for explanation in explained:
        worded = math.fsum(s.value for s in explanation.shares if s.spans)
        assert math.isclose(math.fsum(w.value for w in explanation.words), worded, abs_tol=1e-9)


def test_shares_are_sorted_and_named(explained: list[Explanation]) -> None:
    for explanation in explained:
        sizes = [abs(s.value) for s in explanation.shares]
        assert sizes == sorted(sizes, reverse=True)
        names = [s.term for s in explanation.shares]
        assert "(intercept)" in names
        assert any(name.startswith("(on target: ") for name in names)
        assert "(other)" not in names, "every term can be named"


def test_an_explanation_names_no_speaker(explained: list[Explanation]) -> None:
    for explanation in explained:
        mention = explanation.tagged.statement.mention
        if mention is not None:
            assert not any(mention.contains(w.spans[0]) for w in explanation.words)


def test_the_narrator_of_news_is_not_explained(tagger: Tagger) -> None:
    text = "The polls close at six. " + TEXT
    assert [e.tagged.text for e in explain(tagger, text)] == [TEXT]
    assert len(explain(tagger, Document("d", text, genre="opinion"))) == 2


def test_deciding_words_are_found(tagger: Tagger) -> None:
    (explanation,) = explain(tagger, TEXT)
    value = {w.term: w.value for w in explanation.words}
    assert explanation.tagged.stance == "favor"
    assert value["right"] > 0
    assert value["right"] > value["on"]
    named = {s.term for s in explanation.shares}
    assert {"not … illegal", "(not illegal)", "legitimate right"} <= named


@given(texts)
def test_shares_sum_for_any_text(tagger: Tagger, text: str) -> None:
    for explanation in explain(tagger, text):
        assert math.isclose(math.fsum(s.value for s in explanation.shares), explanation.total, abs_tol=1e-9)
        for word in explanation.words:
            assert text[slice(*word.spans[0])] == word.term


def test_a_byline_of_an_opinion_piece_is_explained_as_it_is_tagged(tagger: Tagger) -> None:
    text = "READ MORE: the illegal vote must be cancelled\n\nThe referendum is illegal, and Baghdad is right to forbid it."
    for explanation in explain(tagger, Document("d", text, genre="opinion")):
        assert explanation.runner_up != explanation.tagged.stance
        assert np.isclose(sum(s.value for s in explanation.shares), explanation.total)
