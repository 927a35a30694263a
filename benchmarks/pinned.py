"""Folds pinned in a file by the hash of a row, so that every run and every machine measures the same splits.

Enters: a key for each row (its text, or its article). Leaves: its folds. A file holds hashes and fold numbers and no word of the
data; it also says which rows belong to the benchmark: others (a test part that a folder may hold too) are left out.
Rows of equal key share their fold, so a sentence never stands on both sides of a split.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedKFold

from stance.text import Ints

_FOLDER = Path(__file__).parent / "folds"
_DIGITS = 8  # of the hash, enough that thousands of rows do not collide; checked when pinning
_A_LINE = 12  # entries


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:_DIGITS]


def read_folds(name: str, keys: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the numbers of the rows that the benchmark has, and their folds (n_kept, n_seeds)."""
    path = _FOLDER / f"{name}.json"
    entries = " ".join(json.loads(path.read_text())["rows"]).split()
    table = {entry[:_DIGITS]: [int(fold) for fold in entry[_DIGITS:]] for entry in entries}
    hashes = [_hash(key) for key in keys]
    missing = len(table.keys() - set(hashes))
    if missing:
        raise SystemExit(f"{missing} of {len(table)} rows of {path} are not in the data: is it the version that README.md names?")
    kept = np.array([i for i, h in enumerate(hashes) if h in table], dtype=np.int64)
    if len(kept) < len(keys):
        print(f"{len(keys) - len(kept)} rows are no part of this benchmark and are left out")
    return kept, np.array([table[hashes[i]] for i in kept], dtype=np.int64)


def pin_folds(name: str, keys: Sequence[str], strata: Sequence[str] | None, *, seeds: Sequence[int], n_folds: int) -> None:
    """Write the folds of rows, one digit a seed: stratified, or, without strata, by groups of equal key."""
    path = _FOLDER / f"{name}.json"
    if path.exists():
        raise SystemExit(f"{path} exists: folds once pinned stay; remove the file to pin anew")
    first = {}
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    if len({_hash(key) for key in first}) < len(first):
        raise SystemExit(f"hashes of {_DIGITS} digits collide in {name}")
    at = np.arange(len(keys)) if strata is None else np.array(list(first.values()))
    digits = dict.fromkeys(first, "")
    for seed in seeds:
        if strata is None:
            splits = GroupKFold(n_folds, shuffle=True, random_state=seed).split(at, groups=keys)
        else:
            splits = StratifiedKFold(n_folds, shuffle=True, random_state=seed).split(at, [strata[i] for i in at])
        fold = {keys[at[i]]: k for k, (_, test) in enumerate(splits) for i in test}
        digits = {key: done + str(fold[key]) for key, done in digits.items()}
    entries = sorted(_hash(key) + done for key, done in digits.items())
    lines = [" ".join(entries[i : i + _A_LINE]) for i in range(0, len(entries), _A_LINE)]
    about = f"sha256 of a row's key, {_DIGITS} digits, then its fold for each seed"
    path.write_text(json.dumps({"about": about, "seeds": list(seeds), "rows": lines}, indent=0) + "\n")
    print(f"{path}: {len(entries)} keys")
