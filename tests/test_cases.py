"""The case files themselves."""

from __future__ import annotations

import pytest
from casebook import FOLDER, ORIGINS, TOPICS, read_origin


def test_there_is_one_file_for_each_origin() -> None:
    assert sorted(f.stem for f in FOLDER.glob("*.json")) == sorted(ORIGINS)


@pytest.mark.parametrize("origin", ORIGINS)
def test_no_topic_is_misspelt(origin: str) -> None:
    assert set(read_origin(origin)) <= set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_labels_are_unique_in_a_topic(topic: str) -> None:
    labels = [case["label"] for origin in ORIGINS for case in read_origin(origin).get(topic, ())]
    assert len(set(labels)) == len(labels)


def test_failures_say_why_and_others_do_not() -> None:
    for origin in ORIGINS:
        for case in (c for topic in read_origin(origin).values() for c in topic):
            assert ("why" in case) == (origin == "known-failures"), case["label"]
