"""The checker: every rule, broken once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_labels_format import record

from stance.codebook import Codebook
from stance.labels.check import check
from stance.labels.format import LabelledDocument, parse_document, read_labels

Change = Callable[[dict[str, Any]], object]


def _document(change: Change | None = None, where: str = "labels/a.jsonl:7") -> LabelledDocument:
    changed = json.loads(json.dumps(record()))
    if change is not None:
        change(changed)
    return parse_document(json.dumps(changed), where=where)


def _statement(**fields: object) -> Change:
    """Change fields of the attributed statement."""
    return lambda r: r["statements"][1].update(fields)


def _narrator(**fields: object) -> Change:
    return lambda r: r["statements"][0].update(fields)


def _cut(text: str) -> Change:
    return lambda r: r.update(text=text)


RULES: dict[str, tuple[Change, str]] = {
    "genre": (lambda r: r.update(genre="gossip"), "unknown genre 'gossip'; one of news"),
    "split": (lambda r: r.update(split="dev"), "unknown split 'dev'; one of train, test, seed"),
    "codebook": (lambda r: r.update(codebook=2), "labelled by codebook version 2"),
    "title outside": (lambda r: r.update(title=[0, 999]), "title (0, 999) lies outside the text"),
    "title empty": (lambda r: r.update(title=[3, 3]), "title (3, 3) lies outside"),
    "part": (lambda r: r["sentences"][0].__setitem__(2, "kicker"), "sentence 0: unknown part 'kicker'"),
    "sentence outside": (lambda r: r["sentences"][2].__setitem__(1, 999), "sentence 2: bounds 38-999 do not fit"),
    "sentences overlap": (lambda r: r["sentences"][2].__setitem__(0, 30), "sentence 2: bounds 30-58 do not fit"),
    "sentence left out": (lambda r: r["statements"].pop(), "sentence 2: left out"),
    "text in no sentence": (
        lambda r: (r["sentences"].pop(), r["statements"].pop()),
        "'Polls closed at six.' at 37 belongs to no sentence",
    ),
    "statement twice": (lambda r: r["statements"].append(r["statements"][1]), "sentence, speaker and mention of another"),
    "no such sentence": (_statement(sentence=3), "sentence 3 does not exist (0 to 2)"),
    "span outside its sentence": (_statement(start=11), "span 11-37 does not lie in its sentence (12, 37)"),
    "span of the next sentence": (_statement(end=40), "span 12-40 does not lie in its sentence"),
    "content outside": (_statement(content=[{"start": 26, "end": 40}]), "content (26, 40) does not lie in its sentence"),
    "content empty": (_statement(content=[{"start": 26, "end": 26}]), "content (26, 26) does not lie"),
    "evidence outside": (_statement(evidence=[{"for": "legality", "start": 0, "end": 5}]), "evidence (0, 5) does not lie"),
    "cue outside the text": (_statement(cue={"start": 50, "end": 99}), "cue (50, 99) lies outside the text (0 to 58)"),
    "mention outside the text": (_statement(mention={"start": 9, "end": 9}), "mention (9, 9) lies outside the text"),
    "quote": (_statement(quote="scare"), "unknown quote 'scare'; one of direct, mixed, indirect, none"),
    "mode": (_statement(mode="song"), "unknown mode 'song'"),
    "status": (_statement(speaker_status="rumour"), "unknown speaker_status 'rumour'"),
    "stance": (_statement(stance="for"), "unknown stance 'for'; one of favor, against, neutral"),
    "ground": (_statement(ground="taste"), "unknown ground 'taste'"),
    "basis": (_statement(basis="felt"), "unknown basis 'felt'"),
    "made": (_statement(made="guessed"), "unknown made 'guessed'"),
    "frame": (_statement(frames=["legality", "weather"]), "unknown frame 'weather'; one of legality"),
    "frame twice": (_statement(frames=["legality", "legality"]), "a frame stands twice"),
    "narrator with a name": (_narrator(speaker="Turkey"), "the narrator has neither speaker nor quote type"),
    "narrator with a quote": (_narrator(quote="direct"), "the narrator has neither speaker nor quote type"),
    "named without a name": (_statement(speaker=None), "a named source needs its canonical name"),
    "attributed without content": (_statement(content=[]), "needs content spans"),
    "against off target": (_statement(on_target=False), "against is always on target"),
    "neutral with a ground": (_statement(stance="neutral", basis=None), "a neutral statement has neither ground nor basis"),
    "neutral with a basis": (_statement(stance="neutral", ground=None), "a neutral statement has neither ground nor basis"),
}


def test_a_document_without_fault(codebook: Codebook) -> None:
    assert check([_document()], codebook) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_named_where_it_is_broken(codebook: Codebook, rule: str) -> None:
    change, words = RULES[rule]
    faults = check([_document(change)], codebook)
    fitting = [f for f in faults if words in f.what]
    assert len(fitting) == 1, [str(f) for f in faults]
    assert str(fitting[0]).startswith("labels/a.jsonl:7: d-1")


def test_an_id_stands_once(codebook: Codebook) -> None:
    twice = [_document(), _document(_cut(str(record()["text"])), "labels/b.jsonl:1")]
    (fault,) = check(twice, codebook)
    assert str(fault).startswith("labels/b.jsonl:1: d-1: this doc_id stands already at labels/a.jsonl:7")


def test_a_text_stands_in_one_split(codebook: Codebook) -> None:
    leak = [_document(), _document(lambda r: r.update(doc_id="d-2", split="test"), "labels/b.jsonl:1")]
    (fault,) = check(leak, codebook)
    assert "the same text as d-1, but in another split" in fault.what
    same = [_document(), _document(lambda r: r.update(doc_id="d-2"), "labels/b.jsonl:1")]
    assert check(same, codebook) == []


def test_only_complete_documents_need_every_sentence(codebook: Codebook) -> None:
    assert check([_document(lambda r: (r.update(complete=False), r["statements"].pop()))], codebook) == []


def test_absent_labels_are_no_faults(codebook: Codebook) -> None:
    def bare(r: dict[str, Any]) -> None:
        for statement in r["statements"]:
            for name in ("stance", "ground", "basis", "on_target", "frames", "annotator", "made", "mode"):
                statement.pop(name, None)

    assert check([_document(bare)], codebook) == []


def test_the_labels_of_this_project_have_no_fault(root: Path, codebook: Codebook) -> None:
    assert [str(f) for f in check(read_labels(root / "labels"), codebook)] == []


def test_splits_share_no_outlet(root: Path) -> None:
    """The test part holds outlets that the training part does not (docs/test-log.md)."""
    articles = [d for d in read_labels(root / "labels") if d.header.get("complete")]
    outlets = {split: {d.document.outlet for d in articles if d.split == split} for split in ("train", "test")}
    assert outlets["test"]
    assert not outlets["test"] & outlets["train"]


@pytest.mark.xfail(strict=True, reason="the checker does not look at what evidence is for")
def test_evidence_is_for_a_label_that_exists(codebook: Codebook) -> None:
    assert check([_document(_statement(evidence=[{"for": "weather", "start": 29, "end": 36}]))], codebook)


def test_an_annotator_is_an_object(codebook: Codebook) -> None:
    from stance.errors import LabelError

    try:
        faults = check([_document(_statement(annotator="me"))], codebook)
    except LabelError:
        return
    assert faults
