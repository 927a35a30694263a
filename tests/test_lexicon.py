"""Word lists."""

from __future__ import annotations

from importlib.resources import files

import pytest

from stance.lexicon import cue_classes, inflections, table, word_list, word_set

LISTS = sorted(f.name.removesuffix(".txt") for f in files("stance").joinpath("data").iterdir() if f.name.endswith(".txt"))


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_entries_without_comments(name: str) -> None:
    assert not any("#" in line or line != line.strip() for line in word_list(name))
    assert word_set(name) == {word for line in word_list(name) for word in line.split()}


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("vow", "vow vows vowed vowing"),
        ("say", "say says said saying"),
        ("deny", "deny denies denied denying"),
        ("argue", "argue argues argued arguing"),
        ("stress", "stress stresses stressed stressing"),
        ("admit", "admit admits admitted admitting"),
        ("tell", "tell tells told telling"),
    ],
)
def test_inflections(verb: str, forms: str) -> None:
    assert set(forms.split()) <= inflections(verb)


def test_cues_have_a_kind() -> None:
    classes = cue_classes()
    assert set(classes.values()) == {"speech", "thought", "attitude", "intention", "evidence", "noun"}
    assert classes["said"] == classes["says"] == "speech"
    assert "referendum" not in classes


def test_a_missing_list_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        table("no such table")
