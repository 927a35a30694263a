"""Labels to a model folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import copy_labels, train_quietly
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score
from test_labels_format import parse

import stance
from stance.codebook import Codebook
from stance.errors import LabelError
from stance.heads import logistic, softmax
from stance.labels.format import LabelledDocument, read_labels
from stance.model import Model, verify
from stance.page import make_page
from stance.tagger import Tagger
from stance.training.attribution import gold_attributions
from stance.training.data import make_rows, usable
from stance.training.fitting import fit_binary, fit_sparse, fit_weights
from stance.training.heads import temperature, thresholds
from stance.training.train import Trained, assign_folds, recipe

FEW = 11  # articles: just enough to be trained on
QUICK = {"cue_C": 0.1, "role_C": 0.1}


def _bytes(model: Path) -> dict[str, bytes]:
    """Every file of a model folder, and the out-of-fold predictions beside it."""
    files = {f.name: f.read_bytes() for f in model.iterdir()}
    return files | {"oof": model.with_name(f"{model.name}.oof.jsonl").read_bytes()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a few labels, and a model trained on them."""
    folder = tmp_path_factory.mktemp("few")
    copy_labels(folder / "labels", FEW)
    train_quietly(folder / "labels", folder / "model", **QUICK)
    return folder


def test_the_same_labels_give_the_same_bytes(first: Path, tmp_path: Path) -> None:
    copy_labels(tmp_path / "labels", FEW)
    train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK)
    one, other = _bytes(first / "model"), _bytes(tmp_path / "model")
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_what_must_not_be_trained_on_changes_nothing(first: Path, tmp_path: Path) -> None:
    """Test and seed articles, and statements that nobody has annotated, are counted and left out."""
    lines = copy_labels(tmp_path / "labels", FEW)
    test, seed, bare = (json.loads(line) for line in lines[:3])
    test |= {"doc_id": "t", "split": "test"}
    seed |= {"doc_id": "s", "split": "seed"}
    bare |= {"doc_id": "b"}
    for statement in bare["statements"]:
        del statement["annotator"]
    (tmp_path / "labels" / "0.jsonl").write_text("".join(json.dumps(r) + "\n" for r in (test, bare, seed)), encoding="utf-8")
    trained = train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK)
    assert trained.left_out == {
        "split test": len(test["statements"]),
        "split seed": len(seed["statements"]),
        "no annotator": len(bare["statements"]),
    }
    one, other = _bytes(first / "model"), _bytes(tmp_path / "model")
    assert [name for name in one if one[name] != other[name] and name != "README.md"] == []
    assert one["README.md"] != other["README.md"], "the card says what was left out"


def test_a_changed_label_is_another_recipe(tiny_training: Trained, codebook: Codebook) -> None:
    settings = tiny_training.model.meta["settings"]
    documents = list(tiny_training.documents)
    assert recipe(documents, codebook, settings) == tiny_training.model.meta["recipe"]
    assert recipe(documents[::-1], codebook, settings) == tiny_training.model.meta["recipe"], "the order does not matter"
    statement = next(s for s in documents[0].statements if s.stance == "neutral")
    for change in ({"stance": "favor"}, {"frames": ("unity", "domestic")}, {"end": statement.end - 1}, {"speaker": "Somebody"}):
        changed = tuple(replace(s, **change) if s is statement else s for s in documents[0].statements)
        assert recipe([replace(documents[0], statements=changed), *documents[1:]], codebook, settings) != recipe(
            documents, codebook, settings
        )
    assert recipe(documents, codebook, {**settings, "stance_C": 3.0}) != recipe(documents, codebook, settings)
    assert recipe(documents, replace(codebook, source=codebook.source + "#"), settings) != recipe(documents, codebook, settings)


def test_the_shipped_model_was_trained_on_these_labels(tagger: Tagger, root: Path) -> None:
    documents, _ = usable(read_labels(root / "labels"))
    meta = tagger.model.meta
    assert meta["counts"]["statements"] == sum(len(d.statements) for d in documents)
    assert meta["recipe"] == recipe(documents, tagger.model.codebook, meta["settings"])


def test_usable_keeps_what_is_annotated(root: Path) -> None:
    annotated = {"id": "me", "kind": "human"}
    some = parse()
    kept, left = usable([some, parse(doc_id="t", split="test"), parse(doc_id="s", split="seed")])
    assert [len(d.statements) for d in kept] == [1]
    assert kept[0].statements[0].annotator == annotated
    assert left == {"split test": 3, "split seed": 3, "no annotator": 2}


# --- what training leaves behind ---------------------------------------------------------------------------------------------


def test_the_model_folder_is_whole(tiny_model: Model) -> None:
    assert tiny_model.path is not None
    assert verify(tiny_model.path) > 10
    assert tiny_model.meta["counts"]["articles"] == 24
    assert tiny_model.meta["settings"]["chars_scale"] == 0


def test_the_card_names_its_scores(tiny_model: Model) -> None:
    card = (tiny_model.path / "README.md").read_text(encoding="utf-8")
    assert "macro-F1" in card
    assert "{{" not in card
    assert "None" not in card
    for frame in tiny_model.codebook.frame_ids:
        assert frame in card


def test_out_of_fold_predictions_are_kept(tiny_training: Trained, tiny_labels: Path) -> None:
    file = tiny_training.model.path.with_name("tiny.oof.jsonl")
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
    wanted = [(d.document.doc_id, s.start, s.end) for d in read_labels(tiny_labels) for s in d.statements]
    assert [(p["doc_id"], p["start"], p["end"]) for p in found] == wanted
    for prediction in found:
        assert sum(prediction["stance_scores"].values()) == pytest.approx(1, abs=3e-4)
        assert all(0 <= p <= 1 for p in prediction["frame_probs"].values())


def test_out_of_fold_scores_have_not_seen_their_article(tiny_training: Trained, tiny_model: Model) -> None:
    """Trained on, an article's own labels are known far better than held out."""
    head, rows = tiny_model.heads["stance"], tiny_training.rows
    known = rows.masks["stance"]
    gold = rows.labels["stance"][known]
    seen = head.scores(dict(rows.counts))[known].argmax(axis=1)
    held_out = tiny_training.scores["stance"][known].argmax(axis=1)
    assert (seen == gold).mean() > 0.9
    assert 0.4 < (held_out == gold).mean() < 0.9


def test_a_tiny_model_tags(tiny_model: Model) -> None:
    answers = Tagger(tiny_model).tag("Ankara said that the referendum was illegal. Masoud Barzani said that it was a right.")
    assert len(answers) == 2
    assert {a.model for a in answers} == {tiny_model.name}


# --- parts -------------------------------------------------------------------------------------------------------------------


def test_folds_are_of_articles_and_balanced(tiny_training: Trained) -> None:
    documents = list(tiny_training.documents)
    folds = assign_folds(documents, 3, 1)
    assert set(folds.tolist()) == {0, 1, 2}
    loads = [sum(len(d.statements) for d, f in zip(documents, folds, strict=True) if f == k) for k in range(3)]
    assert max(loads) - min(loads) < 25
    order = np.random.default_rng(0).permutation(len(documents))
    assert assign_folds([documents[i] for i in order], 3, 1).tolist() == folds[order].tolist()
    assert assign_folds(documents, 3, 2).tolist() != folds.tolist()


def test_rows_mask_what_is_unlabelled(codebook: Codebook) -> None:
    base = parse().statements[1]
    bare = replace(base, stance=None, frames=None, on_target=None, ground=None)
    document = replace(parse(), statements=(base, bare, *parse().statements[:1]))
    rows = make_rows([document], codebook, np.zeros(0, dtype=np.uint64))
    assert rows.masks["stance"].tolist() == [True, False, False], "the narrator of news is no example of neutral"
    assert rows.masks["frames"].tolist() == [True, False, True]
    assert rows.labels["frames"][0].tolist() == [int(f == "legality") for f in codebook.frame_ids]
    opinion = replace(document, document=replace(document.document, genre="opinion"))
    assert make_rows([opinion], codebook, np.zeros(0, dtype=np.uint64)).masks["stance"].tolist() == [True, False, True]


def test_labels_of_another_codebook_are_refused(codebook: Codebook) -> None:
    with pytest.raises(LabelError, match="version 2 of the codebook"):
        make_rows([parse(codebook=2)], codebook, np.zeros(0, dtype=np.uint64))


def test_cues_are_heads_of_their_labels() -> None:
    labelled: LabelledDocument = parse()
    page = make_page(labelled.document, labelled.sentences)
    (gold,) = gold_attributions(page, labelled.statements)
    words = page.tokens.words
    assert words[gold.cue] == "called"
    assert [words[slice(*c)] for c in gold.content] == [["it", "illegal"]]
    assert [words[slice(*s)] for s in gold.source] == [["Ankara"]]


@given(arrays(float, (40, 3), elements=st.floats(-4, 4)), st.sampled_from([0.3, 1.0, 2.0]))
def test_temperature_makes_held_out_labels_likelier(scores: np.ndarray, factor: float) -> None:
    labels = np.arange(40) % 3
    found = temperature(scores * factor, labels, independent=False)

    def loss(t: float) -> float:
        return -float(np.log(softmax(scores * factor / t)[np.arange(40), labels]).mean())

    assert all(loss(found) <= loss(t) + 1e-4 for t in (0.5, 1.0, 2.0, 10.0))


def test_thresholds_are_shrunk_toward_the_common_one() -> None:
    rng = np.random.default_rng(0)
    labels = rng.random((400, 3)) < np.array([0.4, 0.05, 0.01])
    centre = np.array([0.0, -1.0, 0.0])
    probabilities = logistic(np.where(labels, 1.0, -1.0) + centre + rng.normal(0, 0.8, labels.shape))
    grid = np.linspace(0.1, 0.9, 33)

    def best(columns: list[int]) -> float:
        scores = [np.mean([f1_score(labels[:, k], probabilities[:, k] >= t, zero_division=0) for k in columns]) for t in grid]
        return float(grid[int(np.argmax(scores))])

    common, own, n = best([0, 1, 2]), [best([0]), best([1])], labels.sum(axis=0)
    assert own[0] != own[1] != common, "the case decides"
    with pytest.warns(UserWarning, match=rf"rare: only {n[2]} positives"):
        found = thresholds(probabilities, labels, ("one", "other", "rare"))
    for k in (0, 1):
        assert found[k] == pytest.approx((n[k] * own[k] + 10 * common) / (n[k] + 10), abs=1e-4)
    assert found[2] == 0.5


def test_weights_are_rounded_and_labels_that_never_occur_are_never_given() -> None:
    from scipy import sparse

    rng = np.random.default_rng(0)
    matrix = sparse.csr_matrix(rng.normal(size=(60, 4)))
    labels = (matrix.toarray()[:, 0] > 0).astype(np.int64) * 2  # 0 and 2; never 1
    weights, bias = fit_weights(matrix, labels, 3, C=1.0)
    assert np.array_equal(weights, weights.round(4))
    scores = matrix @ weights + bias
    given_ = scores.argmax(axis=1)
    assert (scores[:, 1] <= -10).all()
    assert set(given_.tolist()) == {0, 2}
    assert (given_ == labels).mean() > 0.9
    assert fit_binary(matrix, np.zeros(60, dtype=bool), C=1.0)[1] == -20
    assert fit_binary(matrix, np.ones(60, dtype=bool), C=1.0)[1] == 20


def test_sparse_models_forget_rare_terms() -> None:
    terms = np.array([[1, 7], [1, 8], [2, 9], [2, 10]] * 3, dtype=np.uint64)
    terms[0, 1] = 99
    model = fit_sparse(terms, np.array([1, 1, 0, 0] * 3), 2)
    assert 99 not in model.ids.tolist()
    assert {1, 2} <= set(model.ids.tolist())
    assert model.weights[-1].tolist() == [0.0]
    assert model.scores(np.array([[1, 0]], dtype=np.uint64))[0, 0] > 0 > model.scores(np.array([[2, 0]], dtype=np.uint64))[0, 0]


# --- what cannot be trained ---------------------------------------------------------------------------------------------------


def test_too_little_to_train_on(tmp_path: Path) -> None:
    copy_labels(tmp_path / "labels", 3)
    with pytest.raises(LabelError, match="at least 10 documents and 2 stances are needed"):
        stance.train(tmp_path / "labels", output=tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_unknown_settings_are_named(tmp_path: Path) -> None:
    copy_labels(tmp_path / "labels", 3)
    with pytest.raises(stance.StanceError, match="unknown setting 'colour'"):
        stance.train(tmp_path / "labels", output=tmp_path / "model", settings={"colour": 1})


def _broken(folder: Path, **fields: object) -> None:
    lines = copy_labels(folder, FEW)
    record = json.loads(lines[0])
    record["statements"][0] |= fields
    (folder / "articles.jsonl").write_text("\n".join([json.dumps(record), *lines[1:]]), encoding="utf-8")


@pytest.mark.parametrize("fields", [{"stance": "for"}, {"sentence": 99}], ids=["unknown stance", "sentence that is none"])
def test_labels_that_break_a_rule_are_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    _broken(tmp_path / "labels", **fields)
    with pytest.raises(LabelError):
        train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK)


@pytest.mark.parametrize("settings", [{"folds": 1}, {"folds": 0}], ids=["one fold", "no fold"])
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, settings: dict[str, float]) -> None:
    copy_labels(tmp_path / "labels", FEW)
    with pytest.raises(stance.StanceError):
        train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK, **settings)


@pytest.mark.xfail(strict=True, raises=ValueError, reason="scikit-learn complains of it after the attribution has been trained")
def test_a_regularisation_of_nothing_is_refused(tmp_path: Path) -> None:
    copy_labels(tmp_path / "labels", FEW)
    with pytest.raises(stance.StanceError):
        train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK, stance_C=0)


@pytest.mark.xfail(strict=True, raises=ValueError, reason="a head without a single label is fitted all the same, on no rows")
def test_a_head_that_nobody_has_labelled_is_no_obstacle(tmp_path: Path) -> None:
    lines = copy_labels(tmp_path / "labels", FEW)
    records = [json.loads(line) for line in lines]
    for statement in (s for r in records for s in r["statements"]):
        del statement["frames"]
    (tmp_path / "labels" / "articles.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert train_quietly(tmp_path / "labels", tmp_path / "model", **QUICK).model.heads["stance"]
