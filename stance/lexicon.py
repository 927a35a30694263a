"""Word lists as data files (`stance/data/*.txt`): one entry a line, `#` starts a comment."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the entries of `stance/data/<name>.txt` in file order; several words may share a line after a blank."""
    text = files("stance").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.split("\n"))
    return tuple(line for line in lines if line)


@cache
def word_set(name: str) -> frozenset[str]:
    """Return all blank-separated words of `stance/data/<name>.txt`."""
    return frozenset(word for line in word_list(name) for word in line.split())


@cache
def table(name: str) -> dict[str, Any]:
    """Return `stance/data/<name>.toml` as nested dictionaries."""
    return tomllib.loads(files("stance").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "hold": "held",
    "think": "thought",
    "feel": "felt",
    "see": "saw seen",
    "know": "knew known",
    "understand": "understood",
    "write": "wrote written",
    "swear": "swore sworn",
    "speak": "spoke spoken",
    "begin": "began begun",
    "find": "found",
    "mean": "meant",
    "seek": "sought",
    "foresee": "foresaw foreseen",
    "withdraw": "withdrew withdrawn",
    "spell": "spelt",
    "undertake": "undertook undertaken",
    "beg": "begged begging",
    "plan": "planned planning",
    "brag": "bragged bragging",
    "commit": "committed committing",
    "admit": "admitted admitting",
    "quip": "quipped quipping",
    "slam": "slammed slamming",
    "dub": "dubbed dubbing",
    "prefer": "preferred preferring",
    "rebut": "rebutted rebutting",
    "regret": "regretted regretting",
    "refer": "referred referring",
    "shun": "shunned",
}


def inflections(verb: str) -> frozenset[str]:
    """Return the written forms of an English verb.

    >>> sorted(inflections("deny"))
    ['denied', 'denies', 'deny', 'denying']
    """
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {verb, stem + "ing", *_IRREGULAR.get(verb, "").split()}
    if verb.endswith("y") and verb[-2] not in "aeou":
        forms |= {verb[:-1] + "ies", verb[:-1] + "ied"}
    else:
        forms.add(verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s"))
        if verb not in _IRREGULAR or _IRREGULAR[verb].split()[0].endswith("ed"):
            forms.add(stem + "ed")
    return frozenset(forms)


@cache
def cue_classes() -> dict[str, str]:
    """Return written form -> kind (speech, thought, attitude, intention, evidence, noun) of reporting words.

    A form that several kinds share has the first, in the order of the file.
    """
    classes: dict[str, str] = {}
    for line in word_list("cue_verbs"):
        kind, verbs = line.split(":", 1)
        for verb in verbs.split():
            for form in inflections(verb):
                classes.setdefault(form, kind)
    for noun in word_set("cue_nouns"):
        classes.setdefault(noun, "noun")
    return classes
