"""The model folder: saved, loaded, checked; damaged in every way."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import ModelError
from stance.model import FORMAT, Model, load, save, verify
from stance.records import Document
from stance.tagger import Tagger, shipped_model


def _fault(folder: Path, check: Callable[[Path], object] = load) -> str:
    """Load a damaged folder; return the message: one line that names the file and says what to do."""
    with pytest.raises(ModelError) as caught:
        check(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert "\n" not in message
    assert any(advice in message for advice in ("copy the model folder again", "upgrade stance", "train again", "stance train"))
    return message


def _rewrite(folder: Path, **changes: object) -> None:
    """Change entries of model.json and sign it anew."""
    file = folder / "model.json"
    body = json.loads(file.read_text(encoding="utf-8")) | changes
    body.pop("digest")
    body["digest"] = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    file.write_text(json.dumps(body), encoding="utf-8")


def test_a_saved_model_answers_as_before(tiny_model: Model, tmp_path: Path, seed_documents: list[Document]) -> None:
    again = save(tiny_model, tmp_path / "again", card="# card")
    assert again.digest == tiny_model.digest
    assert again.meta == tiny_model.meta
    before, after = (Tagger(m).tag(seed_documents[0]) for m in (tiny_model, again))
    assert before == after
    assert (tmp_path / "again" / "README.md").read_text() == "# card"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again"], "nothing is left over"


def test_saving_replaces_a_folder_whole(tiny_model: Model, tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / "old.npy").write_bytes(b"old")
    save(tiny_model, target)
    assert not (target / "old.npy").exists()
    assert verify(target) > 10


def test_arrays_are_mapped_and_hold_no_objects(tiny_model: Model) -> None:
    folder = tiny_model.path
    assert folder is not None
    for file in folder.glob("*.npy"):
        assert np.load(file, allow_pickle=False).dtype.kind in "uif"
    assert {f.suffix for f in folder.iterdir()} == {".npy", ".json", ".toml", ".md"}
    assert not tiny_model.heads["stance"].weights.flags.writeable


def test_the_shipped_model_is_whole_and_small(tagger: Tagger) -> None:
    folder = shipped_model()
    assert verify(folder) == len(list(folder.glob("*.npy")))
    assert sum(f.stat().st_size for f in folder.iterdir()) <= 10_000_000
    assert tagger.model.name == f"kurdistan-2017@{tagger.model.digest[:6]}"


def test_the_shipped_model_has_the_codebook_of_the_labels(tagger: Tagger, root: Path) -> None:
    assert tagger.model.codebook.source == (root / "labels" / "codebook.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scratch(tiny_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tiny model whose model.json is written anew for every example."""
    return Path(shutil.copytree(tiny_model.path, tmp_path_factory.mktemp("flipped") / "model"))


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_flipped_byte_of_model_json_is_noticed(tiny_model: Model, scratch: Path, place: float, flip: int) -> None:
    sound = (tiny_model.path / "model.json").read_bytes()
    content = bytearray(sound)
    content[int(place * len(content))] ^= flip
    (scratch / "model.json").write_bytes(content)
    try:
        same = json.loads(content) == json.loads(sound)
    except ValueError:
        same = False
    if same:  # white space between the entries
        assert load(scratch).digest == tiny_model.digest
    else:
        assert "model.json" in _fault(scratch)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"digest": "0"}', b"\xff\xfe", b"PK\x03\x04"])
def test_what_is_no_model_json(model_copy: Path, content: bytes) -> None:
    (model_copy / "model.json").write_bytes(content)
    assert "model.json: " in _fault(model_copy)


@pytest.mark.parametrize("content", [b"null", b"5", b"[1]"])
def test_json_that_is_no_object(model_copy: Path, content: bytes) -> None:
    (model_copy / "model.json").write_bytes(content)
    assert "model.json: " in _fault(model_copy)


def test_a_changed_entry_is_noticed(model_copy: Path) -> None:
    file = model_copy / "model.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"threshold": 0.', '"threshold": 0.1'), encoding="utf-8")
    assert "digest does not fit" in _fault(model_copy)


def test_later_formats_are_refused(model_copy: Path) -> None:
    _rewrite(model_copy, format=FORMAT + 1)
    assert "made by a later stance" in _fault(model_copy)


def test_other_features_are_refused(model_copy: Path) -> None:
    _rewrite(model_copy, features=0)
    assert "train again" in _fault(model_copy)


def test_a_missing_entry_is_named(model_copy: Path) -> None:
    arrays = json.loads((model_copy / "model.json").read_text(encoding="utf-8"))["arrays"]
    del arrays["cue.ids"]
    _rewrite(model_copy, arrays=arrays)
    assert "'cue.ids' is missing" in _fault(model_copy)


def test_an_array_cut_short(model_copy: Path) -> None:
    file = model_copy / "heads.weights.npy"
    file.write_bytes(file.read_bytes()[:-1])
    message = _fault(model_copy)
    assert "heads.weights.npy: damaged" in message
    assert "expected" in message


def test_an_array_that_is_missing(model_copy: Path) -> None:
    (model_copy / "cue.weights.npy").unlink()
    assert "cue.weights.npy: damaged (missing" in _fault(model_copy)


def test_an_array_of_another_type(model_copy: Path) -> None:
    file = model_copy / "cue.intercept.npy"
    size = file.stat().st_size
    np.save(file, np.zeros(1, dtype=np.int64))
    assert file.stat().st_size == size
    assert "type or shape differs" in _fault(model_copy)


@pytest.mark.parametrize("at", [0, 6, 12, 40])
def test_a_damaged_header_of_an_array(model_copy: Path, at: int) -> None:
    file = model_copy / "cue.intercept.npy"
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)
    assert "cue.intercept.npy: damaged" in _fault(model_copy)


def test_a_header_whose_bracket_is_gone(model_copy: Path) -> None:
    file = model_copy / "cue.intercept.npy"
    file.write_bytes(file.read_bytes().replace(b")", b" ", 1).replace(b"}", b" ", 1))
    assert "cue.intercept.npy: damaged" in _fault(model_copy)


def test_a_flipped_byte_of_an_array_is_found_by_verify(model_copy: Path, tiny_model: Model) -> None:
    file = model_copy / "heads.weights.npy"
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    assert load(model_copy).digest == tiny_model.digest, "loading checks sizes only"
    assert "SHA-256" in _fault(model_copy, verify)


def test_pickles_are_never_loaded(model_copy: Path) -> None:
    file = model_copy / "common.npy"
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    arrays = json.loads((model_copy / "model.json").read_text(encoding="utf-8"))["arrays"]
    arrays["common"] |= {"bytes": file.stat().st_size, "dtype": "object", "shape": [1]}
    _rewrite(model_copy, arrays=arrays)
    assert "common.npy: damaged" in _fault(model_copy)


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_another_codebook_is_refused(model_copy: Path, damage: str) -> None:
    file = model_copy / "codebook.toml"
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes().replace(b"version = 1", b"version = 2"))
    assert "not the codebook that the model was trained with" in _fault(model_copy)


def test_no_model_here(tmp_path: Path) -> None:
    assert "no model here" in _fault(tmp_path)
    assert "no model here" in _fault(tmp_path / "nowhere")
