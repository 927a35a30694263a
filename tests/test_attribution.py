"""Who is reported to say what."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from casebook import cases
from hypothesis import example, given
from strategies import texts

from stance.attribution import Found, _Draft, _merged, by_sentence, quote_type, stretches
from stance.page import make_page
from stance.records import MODES, QUOTE_TYPES, STATUSES, Document, Span, Statement
from stance.speakers import UNRESOLVED
from stance.tagger import Tagger


def _statements(tagger: Tagger, text: str) -> list[Statement]:
    return list(tagger.read(Document("d", text)).statements)


@given(texts)
@example("")
@example('"')
@example("said")
@example("Erdo─čan said “no")
@example("Q: Why?\n\nA: “Because.\n\n“It is over.")
def test_statements_of_any_text(tagger: Tagger, text: str) -> None:
    read = tagger.read(Document("d", text))
    page = read.page
    bounds = [page.view.to_source(s.span) for s in page.sentences]
    assert {s.sentence for s in read.statements} == set(range(len(bounds))), "every sentence has a statement"
    assert [s.sentence for s in read.statements] == sorted(s.sentence for s in read.statements)
    for s in read.statements:
        assert bounds[s.sentence].contains(s.span)
        assert s.part == page.sentences[s.sentence].part
        assert all(s.span.contains(c) and c.start < c.end for c in s.content)
        assert all(a.end <= b.start for a, b in pairwise(s.content))
        assert all(span is None or 0 <= span.start < span.end <= len(text) for span in (s.cue, s.mention))
        assert s.speaker_status in STATUSES
        assert (s.speaker is not None) == (s.speaker_status in ("named", "group"))
        assert bool(s.content) == (s.speaker_status != "narrator")
        assert 0 <= s.speaker_score <= 1
        assert s.quote in QUOTE_TYPES
        assert (s.quote == "none") == (s.speaker_status == "narrator")
        assert s.mode in (MODES if s.content else (None,))


@pytest.mark.parametrize("case", cases("unbreakable"))
def test_odd_characters_break_nothing(tagger: Tagger, case: dict[str, Any]) -> None:
    assert _statements(tagger, case["text"])


def test_one_plain_statement(tagger: Tagger) -> None:
    text = "Turkish President Recep Tayyip Erdogan said on Tuesday that the referendum was illegal."
    (statement,) = _statements(tagger, text)
    assert (statement.speaker, statement.speaker_status, statement.actor) == ("Recep Tayyip Erdogan", "named", "Turkey")
    assert statement.cue == Span(text.index("said"), text.index("said") + 4)
    assert statement.quote == "indirect"
    assert "the referendum was illegal" in " … ".join(text[c.start : c.end] for c in statement.content)


def test_a_quotation_over_sentences_has_one_speaker(tagger: Tagger) -> None:
    text = (
        "Masoud Barzani met the press in Erbil.\n\n“We will vote on Monday. Nobody will stop us. "
        "It is our right,” Barzani said.\n\nThe meeting ended at noon."
    )
    statements = _statements(tagger, text)
    assert [s.speaker for s in statements] == [None, "Masoud Barzani", "Masoud Barzani", "Masoud Barzani", None]
    assert [s.quote for s in statements[1:4]] == ["direct"] * 3
    assert len({s.turn for s in statements[1:4]}) == 1


def test_turns_number_runs_of_one_speaker(tagger: Tagger) -> None:
    text = (
        "Haider al-Abadi said that the vote was void. Haider al-Abadi said that there would be no talks.\n\n"
        "Masoud Barzani said that the vote was a right. Haider al-Abadi said that it was not."
    )
    statements = _statements(tagger, text)
    speakers = [s.speaker for s in statements]
    assert speakers == ["Haider al-Abadi", "Haider al-Abadi", "Masoud Barzani", "Haider al-Abadi"]
    assert [s.turn for s in statements] == [1, 1, 2, 3]


def test_two_sources_of_a_sentence_have_a_span_each(tagger: Tagger) -> None:
    text = "“The vote is void,” Haider al-Abadi said, while Masoud Barzani said that nobody would stop it."
    one, other = _statements(tagger, text)
    assert (one.speaker, other.speaker) == ("Haider al-Abadi", "Masoud Barzani")
    assert text[slice(*one.span)].startswith("“The vote") or text[slice(*one.span)].startswith("The vote")
    assert text[slice(*other.span)].startswith("Masoud Barzani said")
    assert one.span.end < len(text)


def test_an_unnamed_source_has_one_statement_a_sentence() -> None:
    drafts = [
        _Draft(0, Found(cue, content, mention, 0.9), content, UNRESOLVED, mention)
        for cue, content, mention in ((2, ((3, 5),), (0, 1)), (6, ((7, 9),), (0, 2)))
    ]
    keys = [(d.sentence, d.speaker.name, d.mention and d.mention[0]) for d in _merged(drafts)]
    assert len(set(keys)) == len(keys)


def test_boilerplate_is_the_narrators(tagger: Tagger) -> None:
    text = "Masoud Barzani said that the vote will go ahead.\n\nREAD MORE: Baghdad said that the vote is illegal"
    assert [(s.part, s.speaker_status) for s in _statements(tagger, text)] == [("body", "named"), ("boilerplate", "narrator")]


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ('He said "no, never"', '"no, never"', "direct"),
        ('He said "no, never"', "no, never", "direct"),
        ('He said it was "over" now', 'it was "over" now', "mixed"),
        ("He said it was over", "it was over", "indirect"),
    ],
)
def test_quote_types(text: str, content: str, kind: str) -> None:
    page = make_page(Document("d", text))
    at = text.index(content)
    assert quote_type(page, [page.tokens.between(at, at + len(content))]) == kind


def test_stretches_and_sentences() -> None:
    page = make_page(Document("d", "One two. Three four."))
    assert stretches([0, 1, 3, 4]) == [(0, 2), (3, 5)]
    assert by_sentence(page, [(1, 5)]) == {0: [(1, 3)], 1: [(3, 5)]}
    assert by_sentence(page, [(2, 3)]) == {}, "a full stop alone is no content"
