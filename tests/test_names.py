"""Names in an article."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from casebook import cases
from hypothesis import given
from strategies import texts

from stance.codebook import Codebook
from stance.labels.names import same_speaker
from stance.names import Names, find_names, plain_name
from stance.page import make_page
from stance.records import Document
from stance.tagger import Tagger


def _names(text: str, tagger: Tagger, codebook: Codebook) -> Names:
    return find_names(make_page(Document("d", text)), codebook, tagger.model.attribution.common)


@pytest.mark.parametrize("case", cases("names"))
def test_names_and_their_mentions(case: dict[str, Any], tagger: Tagger, codebook: Codebook) -> None:
    assert {e.name: len(e.mentions) for e in _names(case["text"], tagger, codebook).entities} == case["expect"]


def test_titles_tell_side_and_gender(tagger: Tagger, codebook: Codebook) -> None:
    (person,) = _names("On Monday Iraqi Congresswoman Zara Kelim spoke.", tagger, codebook).entities
    assert (person.kind, person.name, person.actor, person.gender) == ("person", "Zara Kelim", "Iraq", "f")
    assert "congresswoman" in person.roles


def test_nationalities_are_masked(tagger: Tagger, codebook: Codebook) -> None:
    text = "Later Turkish troops left"
    names = _names(text, tagger, codebook)
    assert names.masked.tolist() == [word == "Turkish" for word in text.split()]


@given(texts)
def test_mentions_lie_in_the_page_and_belong_to_one_entity(tagger: Tagger, text: str) -> None:
    page = make_page(Document("d", text))
    names = find_names(page, tagger.model.codebook, tagger.model.attribution.common)
    taken = np.full(len(page.tokens), -1)
    for number, entity in enumerate(names.entities):
        assert entity.name.strip()
        assert entity.mentions == sorted(entity.mentions, key=lambda m: m.start)
        for mention in entity.mentions:
            assert 0 <= mention.full <= mention.start < mention.end <= len(page.tokens)
            assert (taken[mention.start : mention.end] == -1).all()
            taken[mention.start : mention.end] = number
    assert np.array_equal(taken, names.entity)
    assert names.masked[names.entity >= 0].all()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
        ("Işık  Öz", "Isik Oz"),
        ("Søren Łukasz", "Soren Lukasz"),
        ("Shaʿban", "Shaban"),
        ("O’Neill", "O'Neill"),
    ],
)
def test_plain_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Erdogan", "Recep Tayyip Erdogan", True),
        ("Iraq's parliament", "Iraqi Parliament", True),
        ("the foreign ministers of Iran and Iraq", "Foreign ministers of Iraq and Iran", True),
        (None, None, True),
        (None, "Iraq", False),
        ("Iraq", "Iran", False),
        ("Masoud Barzani", "Masrour Barzani", False),
    ],
)
def test_same_speaker(codebook: Codebook, one: str | None, other: str | None, same: bool) -> None:
    assert same_speaker(one, other, codebook) is same
    assert same_speaker(other, one, codebook) is same
