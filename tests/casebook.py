"""Test cases as data: `cases/<origin>.json`, each a table of topics, each topic a list of cases.

`in-the-wild` cases are copied from real pages or real damage, `synthetic` ones were made up to hold a rule, `negative` ones look
like something and are not. `known-failures` hold what is right and not reached yet, with `why`: they are strict, so a case
that begins to pass fails the suite until it is moved to the file it belongs in.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "cases"
ORIGINS = ("in-the-wild", "synthetic", "negative", "known-failures")
TOPICS = (
    "chains",
    "masked names",
    "names",
    "quotes",
    "repair",
    "same token",
    "seed speakers",
    "seed stances",
    "sentences",
    "speakers",
    "tokens",
    "unbreakable",
)


@cache
def read_origin(origin: str) -> dict[str, list[dict[str, Any]]]:
    """Return the topics of one file."""
    return json.loads((FOLDER / f"{origin}.json").read_text(encoding="utf-8"))


def cases(topic: str) -> list[Any]:
    """Return the cases of a topic for `pytest.mark.parametrize("case", …)`."""
    assert topic in TOPICS, f"{topic!r} is not a topic; add it to TOPICS"
    found = []
    for origin in ORIGINS:
        for case in read_origin(origin).get(topic, ()):
            marks = [pytest.mark.xfail(strict=True, reason=case["why"])] if origin == "known-failures" else []
            found.append(pytest.param(case, id=case["label"], marks=marks))
    assert found, f"no case of {topic!r}"
    return found
