"""The model folder: saved, loaded, checked. No code runs when a model is loaded.

`model.json` names format, codebook version, settings, thresholds, the recipe, and of each array its file, type, shape and
SHA-256. Arrays are `.npy` files, memory-mapped. `codebook.toml` is a copy of the one trained with, `README.md`
the generated card. Loading checks `model.json` against its own digest and the size and type of each array; `verify`
checks every byte.
"""

from __future__ import annotations

import hashlib
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import features
from stance.attribution import AttributionModel
from stance.codebook import Codebook, parse_codebook
from stance.errors import ModelError
from stance.heads import Block, Head, Sparse

FORMAT = 1  # the folder's; docs/model-format.md says how it is raised
_MODEL, _CODEBOOK, _CARD = "model.json", "codebook.toml", "README.md"
_ATTRIBUTION = ("cue", "roles", "source", "mode")


@dataclass(frozen=True)
class Model:
    """A trained model. `heads` share their blocks; `meta` is what `model.json` says besides arrays and heads."""

    codebook: Codebook
    attribution: AttributionModel
    heads: Mapping[str, Head]
    meta: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None
    digest: str = ""

    @property
    def name(self) -> str:
        """Name and short digest, as every record gives it: "kurdistan-2017@3f9a1c"."""
        return f"{self.meta.get('name', 'model')}@{self.digest[:6]}"


def save(model: Model, path: str | Path, *, card: str = "") -> Model:
    """Write the model as a folder, whole or not at all: it is made beside `path` and renamed.

    Returns the model as it will be loaded from there.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch, old = path.with_name(f".{path.name}.part"), path.with_name(f".{path.name}.old")
    for folder in (scratch, old):
        _remove(folder)
    scratch.mkdir()
    listed = {}
    for name, array in _arrays(model).items():
        file = scratch / f"{name}.npy"
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        listed[name] = {
            "dtype": str(array.dtype),
            "shape": list(array.shape),
            "bytes": file.stat().st_size,
            "sha256": _sha256(file),
        }
    body = {
        "format": FORMAT,
        "features": features.FORMAT,
        **model.meta,
        "codebook_version": model.codebook.version,
        "codebook_sha256": hashlib.sha256(model.codebook.source.encode()).hexdigest(),
        "threshold": model.attribution.threshold,
        "heads": {name: _head_entry(head) for name, head in model.heads.items()},
        "arrays": listed,
    }
    digest = _digest(body)
    (scratch / _MODEL).write_text(
        json.dumps({"digest": digest, **body}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
    (scratch / _CODEBOOK).write_text(model.codebook.source, encoding="utf-8", newline="")
    (scratch / _CARD).write_text(card, encoding="utf-8", newline="")
    if path.exists():
        path.rename(old)
    scratch.rename(path)
    _remove(old)
    return load(path)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"common": model.attribution.common}
    for name in _ATTRIBUTION:
        part: Sparse = getattr(model.attribution, name)
        arrays |= {f"{name}.ids": part.ids, f"{name}.weights": part.weights, f"{name}.intercept": part.intercept}
    first = next(iter(model.heads.values()))
    for block in first.blocks:
        arrays[f"block.{block.name}.ids"] = block.ids
        if block.idf is not None:
            arrays[f"block.{block.name}.idf"] = block.idf
    arrays["heads.weights"] = np.concatenate([h.weights for h in model.heads.values()], axis=1)
    return arrays


def _head_entry(head: Head) -> dict[str, Any]:
    return {
        "labels": list(head.labels),
        "intercept": [float(v) for v in head.intercept],
        "temperature": head.temperature,
        "independent": head.independent,
        "gate": head.gate,
        "thresholds": None if head.thresholds is None else [float(t) for t in head.thresholds],
        "blocks": [{"name": b.name, "kind": b.kind, "scale": b.scale} for b in head.blocks],
    }


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def load(path: str | Path) -> Model:
    """Load a model folder; raises ModelError that says what is wrong with it and what to do."""
    path = Path(path)
    body = _read_body(path)
    arrays = {name: _map(path, name, entry) for name, entry in body["arrays"].items()}
    file = path / _CODEBOOK
    source = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
    if hashlib.sha256(source.encode()).hexdigest() != body["codebook_sha256"]:
        raise ModelError(f"{file}: missing, or not the codebook that the model was trained with; copy the model folder again")
    try:
        attribution = AttributionModel(
            **{n: Sparse(arrays[f"{n}.ids"], arrays[f"{n}.weights"], np.asarray(arrays[f"{n}.intercept"])) for n in _ATTRIBUTION},
            common=arrays["common"],
            threshold=float(body["threshold"]),
        )
        heads = _heads(body["heads"], arrays)
    except KeyError as error:
        raise ModelError(f"{path / _MODEL}: the array or entry {error} is missing; copy the model folder again") from None
    known = {"heads", "arrays", "format", "features", "digest", "codebook_version", "codebook_sha256", "threshold"}
    meta = {k: v for k, v in body.items() if k not in known}
    return Model(parse_codebook(source, where=str(file)), attribution, heads, meta, path, body["digest"])


def _read_body(path: Path) -> dict[str, Any]:
    file = path / _MODEL
    if not file.is_file():
        raise ModelError(f"{path}: no model here (no {_MODEL}); give a folder made by `stance train`, or see `stance info --list`")
    try:
        body = dict(json.loads(file.read_text(encoding="utf-8")))
        digest = body.pop("digest")
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{file}: damaged (not the JSON that stance wrote); copy the model folder again") from None
    if not isinstance(body.get("format"), int) or body["format"] > FORMAT:
        raise ModelError(f"{file}: made by a later stance (format {body.get('format')}, this one reads {FORMAT}); upgrade stance")
    if digest != _digest(body):
        raise ModelError(f"{file}: damaged (its digest does not fit its content); copy the model folder again")
    if body["features"] != features.FORMAT:
        raise ModelError(
            f"{file}: trained with features of format {body['features']}, this stance makes {features.FORMAT}; train again"
        )
    return body | {"digest": digest}


def _map(path: Path, name: str, entry: Mapping[str, Any]) -> NDArray[Any]:
    file = path / f"{name}.npy"
    if not file.is_file() or file.stat().st_size != entry["bytes"]:
        found = f"{file.stat().st_size} bytes" if file.is_file() else "missing"
        raise ModelError(f"{file}: damaged ({found}, expected {entry['bytes']} bytes); copy the model folder again")
    try:
        array: NDArray[Any] = np.load(file, mmap_mode="r" if np.prod(entry["shape"]) else None, allow_pickle=False)
    except (ValueError, SyntaxError, EOFError, tokenize.TokenError) as error:  # what numpy lets out for a broken header
        raise ModelError(f"{file}: damaged ({error}); copy the model folder again") from None
    if str(array.dtype) != entry["dtype"] or list(array.shape) != entry["shape"]:
        raise ModelError(f"{file}: damaged (type or shape differs from model.json); copy the model folder again")
    return np.asarray(array)


def _heads(entries: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> dict[str, Head]:
    heads: dict[str, Head] = {}
    at = 0
    # model.json is written with sorted keys; weights lie side by side in the order of HEADS.
    for name in sorted(entries, key=HEADS.index):
        entry = entries[name]
        blocks = tuple(
            Block(b["name"], b["kind"], arrays[f"block.{b['name']}.ids"], arrays.get(f"block.{b['name']}.idf"), b["scale"])
            for b in entry["blocks"]
        )
        labels = tuple(entry["labels"])
        weights = arrays["heads.weights"][:, at : at + len(labels)]
        thresholds = None if entry["thresholds"] is None else np.array(entry["thresholds"])
        heads[name] = Head(
            name,
            labels,
            blocks,
            weights,
            np.array(entry["intercept"]),
            entry["temperature"],
            entry["independent"],
            thresholds,
            entry["gate"],
        )
        at += len(labels)
    return heads


HEADS = ("stance", "ground", "on_target", "frames", "interference")


def verify(path: str | Path) -> int:
    """Check every byte of a model folder against `model.json`; return how many arrays were checked. Raises ModelError."""
    path = Path(path)
    body = _read_body(path)
    for name, entry in body["arrays"].items():
        file = path / f"{name}.npy"
        if not file.is_file() or _sha256(file) != entry["sha256"]:
            raise ModelError(f"{file}: damaged (its SHA-256 differs from model.json); copy the model folder again")
    load(path)
    return len(body["arrays"])
