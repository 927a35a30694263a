"""The wheel: built, installed beside everything, and run from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def _python(*arguments: str | Path, **options: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=110, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _python("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_what_is_needed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wheel.name.startswith("stance_news-")
    wanted = ["py.typed", "templates/card.md", "demo/officials.txt", "data/cue_verbs.txt", "models/kurdistan-2017/model.json"]
    assert {f"stance/{name}" for name in wanted} <= names
    assert not [n for n in names if n.startswith(("tests", "labels", "seeds", "models")) or n.endswith(".pyc")]
    assert wheel.stat().st_size < 12_000_000


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    _python("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel)
    inside = {"cwd": empty, "env": {**os.environ, "PYTHONPATH": str(target)}}
    where = _python("-c", "import stance; print(stance.__file__)", **inside)
    assert Path(where.strip()).is_relative_to(target), "not the checkout"
    shown = _python("-m", "stance", "demo", **inside)
    assert "demo/officials.txt" in shown
    assert "- against" in shown
    assert _python("-m", "stance", "info", "--verify", **inside).startswith(str(target))
