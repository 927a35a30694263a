"""The four articles that started the project: what is reached on them, by name. They are never trained on."""

from __future__ import annotations

from typing import Any

import pytest
from casebook import cases

from stance.codebook import Codebook
from stance.labels.names import same_speaker
from stance.records import Document, Span, TaggedStatement
from stance.tagger import Tagger


@pytest.fixture(scope="module")
def tagged(tagger: Tagger, seed_documents: list[Document]) -> dict[str, list[TaggedStatement]]:
    return {document.doc_id[:3]: tagger.tag(document) for document in seed_documents}


def _statement(tagged: dict[str, list[TaggedStatement]], case: dict[str, Any]) -> TaggedStatement:
    """The statement that holds the words as its content."""
    answers = tagged[case["file"]]
    text = answers[0].document.text
    at = text.index(case["words"])
    words = Span(at, at + len(case["words"]))
    fitting = [a for a in answers if any(c.overlaps(words) for c in a.statement.content)]
    assert fitting, "the words are nobody's"
    return min(fitting, key=lambda a: a.statement.span.end - a.statement.span.start)


@pytest.mark.parametrize("case", cases("seed speakers"))
def test_speakers(tagged: dict[str, list[TaggedStatement]], case: dict[str, Any], codebook: Codebook) -> None:
    speaker = _statement(tagged, case).statement.speaker
    assert same_speaker(speaker, case["expect"], codebook), speaker


@pytest.mark.parametrize("case", cases("seed stances"))
def test_stances(tagged: dict[str, list[TaggedStatement]], case: dict[str, Any]) -> None:
    answer = _statement(tagged, case)
    assert answer.stance == case["expect"], answer.stance_scores


def test_nothing_in_the_fourth_article_takes_a_side(tagged: dict[str, list[TaggedStatement]]) -> None:
    assert [(a.text, a.stance) for a in tagged["003"] if a.stance != "neutral"] == []


def test_no_seed_was_trained_on(tagger: Tagger, root: Any) -> None:
    predicted = (root / "models" / "kurdistan-2017.oof.jsonl").read_text(encoding="utf-8")
    assert '"doc_id": "seeds/' not in predicted
    assert '"doc_id": "' in predicted


def test_the_broken_name_is_understood(tagger: Tagger, seed_documents: list[Document]) -> None:
    read = tagger.read(seed_documents[0])
    at = seed_documents[0].text.index("Erdo─čan")
    assert "Erdoğan" in read.page.view.text
    erdogan = {e for e in range(len(read.page.tokens)) if read.page.tokens.words[e] == "Erdoğan"}
    assert {read.page.view.to_source(Span(int(read.page.tokens.start[e]), int(read.page.tokens.end[e]))) for e in erdogan} == {
        Span(at, at + len("Erdo─čan"))
    }


def test_multi_sentence_quotations_keep_their_speaker(tagged: dict[str, list[TaggedStatement]], codebook: Codebook) -> None:
    speakers = [a.statement.speaker for a in tagged["001"] if a.text.startswith(("But it is not easy", "If Mr Barzani"))]
    assert len(speakers) == 2
    assert all(same_speaker(s, "Hakki Uygur", codebook) for s in speakers)
