"""The codebook as configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.codebook import Codebook, parse_codebook, read_codebook
from stance.errors import CodebookError

SMALL = """
version = 3
[target]
name = "catalonia-2017"
date = 2017-10-01
terms = ["referendum"]
[stance]
favor = "f"
against = "a"
neutral = "n"
[grounds]
rights = "r"
[[frames]]
id = "unity"
definition = "u"
[[actors]]
name = "Spain"
metonyms = ["Madrid"]
demonyms = ["Spanish"]
[[persons]]
name = "Mariano Rajoy"
aliases = ["Rajoy"]
actor = "Spain"
offices = [{title = "prime minister of Spain", from = 2011-12-20, to = 2018-06-01}]
[[organisations]]
name = "Constitutional Court"
actor = "Spain"
"""


def test_the_codebook_of_the_labels(codebook: Codebook) -> None:
    assert codebook.target == "kurdistan-2017"
    assert codebook.stances == ("favor", "against", "neutral")
    assert codebook.frame_ids == (
        *("legality", "unity", "mandate", "security", "pressure"),
        *("economy", "dialogue", "geopolitics", "domestic", "people"),
    )
    assert set(codebook.grounds) == {"judgement", "recognition", "timing", "measure", "unity", "harm", "rights"}
    assert codebook.demonyms["ankara"].government == "Turkey"
    assert codebook.demonyms["erbil"].government == "Kurdistan Regional Government"
    assert codebook.aliases["erdogan"].name == "Recep Tayyip Erdogan"


def test_every_actor_that_is_named_exists(codebook: Codebook) -> None:
    known = {actor.name for actor in codebook.actors}
    assert {entry.actor for entry in (*codebook.persons, *codebook.organisations)} - {None} <= known


def test_another_referendum_needs_no_code() -> None:
    codebook = parse_codebook(SMALL, where="x")
    assert (codebook.version, codebook.target, codebook.target_date) == (3, "catalonia-2017", "2017-10-01")
    assert codebook.demonyms["madrid"].government == "Spain"
    (office,) = codebook.persons[0].offices
    assert (office.title, office.start, office.end) == ("prime minister of Spain", "2011-12-20", "2018-06-01")
    assert codebook.source == SMALL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version = ", "not valid TOML"),
        (SMALL.replace("version = 3", ""), "'version' is missing"),
        (SMALL.replace('terms = ["referendum"]', ""), "'terms' is missing"),
        (SMALL.replace('id = "unity"', ""), "'id' is missing"),
        (SMALL.replace("version = 3", 'version = "three"'), "wrong form"),
        (SMALL.replace("[[frames]]", "[frames]"), "wrong form"),
    ],
)
def test_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(CodebookError, match=r"^labels/codebook\.toml: ") as caught:
        parse_codebook(text, where="labels/codebook.toml")
    assert words in str(caught.value)


def test_a_missing_codebook(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="must lie beside the labels"):
        read_codebook(tmp_path)
