"""From the words that stand for a source to a speaker."""

from __future__ import annotations

from typing import Any

import pytest
from casebook import cases

from stance.codebook import Codebook
from stance.names import find_names
from stance.page import make_page
from stance.records import Document
from stance.speakers import Speaker, gather_roles, needs_ranker, of_mention
from stance.tagger import Tagger


def _resolve(text: str, mention: str, tagger: Tagger, codebook: Codebook, date: str | None = None) -> Speaker | None:
    page = make_page(Document("d", text, date=date))
    names = find_names(page, codebook, tagger.model.attribution.common)
    gather_roles(page, names)
    view = page.view.text
    wanted = "Erdoğan" if mention == "Erdo─čan" else mention
    at = view.rindex(wanted)
    return of_mention(page, names, codebook, *page.tokens.between(at, at + len(wanted)))


@pytest.mark.parametrize("case", cases("speakers"))
def test_speakers(case: dict[str, Any], tagger: Tagger, codebook: Codebook) -> None:
    speaker = _resolve(case["text"], case["mention"], tagger, codebook, case.get("date"))
    assert (None if speaker is None else [speaker.name, speaker.status]) == case["expect"]


def test_without_a_date_the_day_of_the_vote_counts(tagger: Tagger, codebook: Codebook) -> None:
    speaker = _resolve("The Iraqi prime minister said so.", "The Iraqi prime minister", tagger, codebook)
    assert speaker is not None
    assert (speaker.name, speaker.actor) == ("Haider al-Abadi", "Iraq")


def test_an_apposition_gives_a_role(tagger: Tagger, codebook: Codebook) -> None:
    text = "On Monday Hakki Uygur, deputy director of a centre, spoke. Later the director left."
    speaker = _resolve(text, "the director", tagger, codebook)
    assert speaker is not None
    assert speaker.name == "Hakki Uygur"


def test_a_speaker_has_side_and_body(tagger: Tagger, codebook: Codebook) -> None:
    speaker = _resolve("Later the Turkish Foreign Ministry said so.", "the Turkish Foreign Ministry", tagger, codebook)
    assert speaker is not None
    assert (speaker.actor, speaker.organisation) == ("Turkey", "Turkish Foreign Ministry")


@pytest.mark.parametrize(
    ("words", "anchor"), [("he", "he"), ("the minister", "the person"), ("the ministry", "the body"), ("two ministers", "")]
)
def test_what_the_ranker_is_asked_for(words: str, anchor: str) -> None:
    page = make_page(Document("d", f"{words} said so."))
    assert needs_ranker(page, 0, len(words.split())) == anchor
