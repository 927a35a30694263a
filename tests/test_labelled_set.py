"""The labelled set keeps what its data card promises."""

from pathlib import Path

import pytest

from stance.codebook import read_codebook
from stance.labels.check import check
from stance.labels.format import read_labels
from stance.labels.repetition import repeated_grams, twins
from stance.labels.stats import count

LABELS = Path(__file__).parent.parent / "labels"


@pytest.fixture(scope="module")
def everything():
    return read_labels(LABELS)


@pytest.fixture(scope="module")
def rules():
    return read_codebook(LABELS)


@pytest.fixture(scope="module")
def stats(everything, rules):
    return count([d for d in everything if d.split != "seed"], rules)


def test_no_fault(everything, rules):
    assert check(everything, rules) == []


def test_pairs_have_no_fault_and_stand_together(rules):
    pairs = read_labels(LABELS / "pairs.jsonl")
    assert check(pairs, rules) == []
    numbers = [d.header["pair"] for d in pairs]
    assert len(set(numbers)) >= 150
    assert all(numbers.count(n) == 2 for n in set(numbers))


def test_size(stats):
    assert stats.documents["complete articles"] >= 250
    assert stats.statements >= 3500
    assert stats.evidence >= 300


def test_every_side_and_form_is_there(stats, rules):
    for stance in ("favor", "against"):
        assert stats.by["stance"][stance] >= 0.25 * stats.attributed
    for frame in rules.frame_ids:
        assert stats.by["frame"][frame] >= 120
    for quote in ("direct", "mixed", "indirect"):
        assert stats.by["quote"][quote] >= 300
    assert stats.by["status"]["unresolved"] >= 100
    assert stats.kurdish_against >= 60
    assert stats.foreign_favor >= 60


def test_a_quarter_of_the_articles_is_coded_twice(everything):
    first, second = (read_labels(LABELS / "agreement" / name) for name in ("coder-a.jsonl", "coder-b.jsonl"))
    shared = {d.document.doc_id for d in first} & {d.document.doc_id for d in second}
    assert len(shared) >= 0.25 * sum(bool(d.header.get("complete")) for d in everything)
    assert {d.document.doc_id for d in everything if d.split == "test"} <= shared


def test_test_part_has_its_own_outlets(everything):
    outlets = {
        split: {d.document.outlet for d in everything if d.split == split and d.header.get("complete")}
        for split in ("train", "test")
    }
    assert not outlets["train"] & outlets["test"]
    assert sum(d.split == "test" for d in everything) >= 40


def test_wording_does_not_repeat(everything, rules):
    assert repeated_grams([d for d in everything if d.header.get("complete")], rules) == []


def test_no_statement_stands_on_both_sides_of_a_split(everything):
    assert twins(everything) == []


def test_written_articles_say_so(everything):
    for document in everything:
        expected = "real" if document.split == "seed" else "written"
        assert document.header["origin"] == expected
        assert all(s.annotator and s.annotator["kind"] == "machine" for s in document.statements)
