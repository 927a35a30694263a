"""Documents to tagged statements: the contract of the records."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import texts

import stance
from stance.codebook import Codebook
from stance.errors import ModelError, StanceError
from stance.model import Model
from stance.records import Document, TaggedStatement
from stance.tagger import Tagger, _rounded, shipped_model

OPINION = (
    "Let them vote\n\nBy Jane Doe | Erbil\n\nThe referendum is a right of the Kurds. "
    "Nobody may forbid it. Baghdad said that it is void."
)


@pytest.fixture(scope="module")
def tagged(tagger: Tagger, seed_documents: list[Document]) -> list[list[TaggedStatement]]:
    return [tagger.tag(document) for document in seed_documents]


def test_records_keep_the_contract(tagger: Tagger, codebook: Codebook, tagged: list[list[TaggedStatement]]) -> None:
    for answer in (a for article in tagged for a in article):
        statement = answer.statement
        assert answer.text == answer.document.text[statement.span.start : statement.span.end]
        assert answer.statement_id.startswith(f"{answer.document.doc_id}:{statement.span.start}-{statement.span.end}")
        assert tuple(answer.stance_scores) == codebook.stances
        assert tuple(answer.frame_scores) == tuple(answer.frame_probs) == codebook.frame_ids
        assert math.isclose(sum(answer.stance_scores.values()), 1, abs_tol=1e-9)
        assert answer.stance_scores[answer.stance] == max(answer.stance_scores.values())
        for score in (*answer.stance_scores.values(), *answer.frame_scores.values(), *answer.frame_probs.values()):
            assert 0 <= score <= 1
            assert score == round(score, 4)
        assert (answer.ground is not None) == (answer.stance != "neutral")
        assert answer.ground in (None, *codebook.grounds)
        assert answer.on_target or answer.stance == "neutral"
        assert answer.model == tagger.model.name
        assert not answer.abstain


def test_statement_ids_are_unique(tagged: list[list[TaggedStatement]]) -> None:
    for article in tagged:
        assert len({a.statement_id for a in article}) == len(article)


def test_frames_are_those_whose_shifted_score_reaches_one_half(tagger: Tagger, tagged: list[list[TaggedStatement]]) -> None:
    thresholds = dict(zip(tagger.model.heads["frames"].labels, tagger.model.heads["frames"].thresholds, strict=True))
    seen = set()
    for answer in (a for article in tagged for a in article):
        if answer.statement.part == "boilerplate":
            assert answer.frames == ()
            continue
        assert answer.frames == tuple(f for f, score in answer.frame_scores.items() if score >= 0.5)
        for frame, probability in answer.frame_probs.items():
            if abs(probability - thresholds[frame]) > 1e-3:
                assert (frame in answer.frames) == (probability > thresholds[frame])
        seen |= set(answer.frames)
    assert len(seen) >= 5, "the seeds bring up many frames"


def test_the_narrator_of_news_is_neutral(tagged: list[list[TaggedStatement]]) -> None:
    narrated = [a for article in tagged for a in article if a.statement.speaker_status == "narrator"]
    assert narrated
    assert {a.stance for a in narrated} == {"neutral"}
    assert all(a.stance_scores == {"favor": 0.0, "against": 0.0, "neutral": 1.0} for a in narrated)


def test_the_narrator_of_an_opinion_piece_may_take_a_side(tagger: Tagger) -> None:
    as_news, as_opinion = (tagger.tag(Document("d", OPINION, genre=genre)) for genre in ("news", "opinion"))
    right = next(i for i, a in enumerate(as_opinion) if a.text.startswith("The referendum is a right"))
    assert as_opinion[right].statement.speaker_status == "narrator"
    assert as_news[right].stance_scores["neutral"] == 1
    assert as_opinion[right].stance_scores["neutral"] < 1
    assert as_opinion[right].stance == "favor"
    byline = next(a for a in as_opinion if a.statement.part == "byline")
    assert byline.stance_scores["neutral"] == 1


@given(texts)
@example("")
def test_any_text_is_tagged(tagger: Tagger, text: str) -> None:
    answers = tagger.tag(text)
    assert bool(answers) or not text.strip() or not any(c.isalnum() for c in text)
    for answer in answers:
        assert math.isclose(sum(answer.stance_scores.values()), 1, abs_tol=1e-9)
        assert answer.stance_scores[answer.stance] == max(answer.stance_scores.values())
    assert len({a.statement_id for a in answers}) == len(answers)


_thirds = st.floats(0.3333, 0.33345)


@given(_thirds, _thirds)
@example(0.33335, 0.3333)
def test_the_label_stays_the_highest_when_scores_are_rounded(one: float, other: float) -> None:
    scores = {"favor": 1 - one - other, "against": one, "neutral": other}
    rounded = _rounded(scores)
    assert math.isclose(sum(rounded.values()), 1, abs_tol=1e-9)
    label = max(scores, key=lambda name: scores[name])
    assert rounded[label] == max(rounded.values())


@given(st.floats(0, 1), st.floats(0, 1))
def test_rounded_scores_sum_to_one(one: float, other: float) -> None:
    scores = {"favor": one * other, "against": one * (1 - other), "neutral": 1 - one}
    rounded = _rounded(scores)
    assert math.isclose(sum(rounded.values()), 1, abs_tol=1e-9)
    assert all(abs(rounded[name] - scores[name]) <= 1.5e-4 for name in scores)


def test_batches_do_not_matter(tagger: Tagger, seed_documents: list[Document], tagged: list[list[TaggedStatement]]) -> None:
    many = [replace(d, doc_id=f"{i}/{d.doc_id}") for i in range(9) for d in seed_documents]  # more than one batch
    streamed = list(tagger.stream(many))
    assert len(streamed) == len(many)
    for number, article in enumerate(streamed):
        alone = tagged[number % len(tagged)]
        assert [replace(a, document=b.document, statement_id=b.statement_id) for a, b in zip(article, alone, strict=True)] == alone


def test_two_processes_give_the_same(tagger: Tagger, seed_documents: list[Document], tagged: list[list[TaggedStatement]]) -> None:
    assert list(tagger.stream(seed_documents, jobs=2)) == tagged


def test_a_stream_is_lazy_and_in_order(tagger: Tagger, seed_documents: list[Document]) -> None:
    asked = []

    def endless() -> object:
        number = 0
        while True:
            asked.append(number)
            yield Document(str(number), "Ankara said that the vote was illegal.")
            number += 1

    first = list(islice(tagger.stream(endless()), 5))
    assert [article[0].document.doc_id for article in first] == ["0", "1", "2", "3", "4"]
    assert len(asked) < 200


def test_an_unsaved_model_works_in_one_process_only(tiny_model: Model, seed_documents: list[Document]) -> None:
    unsaved = Tagger(replace(tiny_model, path=None))
    assert len(list(unsaved.stream(seed_documents))) == 4
    with pytest.raises(StanceError, match="save it, or use jobs=1"):
        next(unsaved.stream(seed_documents, jobs=2))


def test_abstaining_stands_beside_the_label(tagger: Tagger, seed_documents: list[Document]) -> None:
    plain, careful = (tagger.tag(seed_documents[0], min_confidence=c) for c in (0.0, 0.8))
    assert [a.stance for a in plain] == [a.stance for a in careful]
    assert [a.abstain for a in careful] == [max(a.stance_scores.values()) < 0.8 for a in careful]
    assert {a.abstain for a in careful} == {True, False}


def test_metadata_passes_through(tagger: Tagger) -> None:
    document = Document("d", "Ankara said that the vote was illegal.", metadata={"beat": "world"})
    assert tagger.tag(document)[0].document is document


def test_a_text_is_a_document(tagger: Tagger) -> None:
    (answer,) = tagger.tag("Ankara said that the referendum was illegal and unacceptable.")
    assert (answer.statement.speaker, answer.stance, answer.document.doc_id) == ("Turkey", "against", "text")


def test_a_tagger_explains(tagger: Tagger) -> None:
    assert tagger.explain("Ankara said that the vote was illegal.")


def test_a_title_that_is_given_is_a_title(tagger: Tagger) -> None:
    document = Document("d", "Ankara rejects the vote.\n\nIt called the vote void.", stance.Span(0, 24))
    assert [a.statement.part for a in tagger.tag(document)] == ["title", "body"]


def test_loading(tmp_path: Path, tiny_model: Model) -> None:
    assert stance.load(tiny_model.path).model.digest == tiny_model.digest
    assert stance.load().model.path == shipped_model()
    with pytest.raises(ModelError, match="no model here"):
        stance.load(tmp_path)


def test_public_names() -> None:
    for name in stance.__all__:
        assert getattr(stance, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = stance.lode
