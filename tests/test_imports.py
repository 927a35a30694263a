"""What costs seconds is not imported where it is not needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = {"sklearn", "nltk", "scipy", "joblib", "pandas", "jinja2", "ftfy", "charset_normalizer"}
TEXT = "Ankara said that the referendum was illegal."


def _imported(*arguments: str, cwd: Path) -> set[str]:
    """Top-level packages that `python -X importtime …` says it has imported."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, input=TEXT, capture_output=True, encoding="utf-8", cwd=cwd, timeout=100, check=True)
    return {name.split(".")[0] for name in re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE)}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["classify", "--help"],
        ["classify", "-"],
        ["classify", "-", "-f", "csv"],
        ["classify", "-", "-f", "table"],
        ["classify", "-", "-f", "labels"],
        ["info"],
        ["explain", TEXT],
        ["demo"],
    ],
    ids=" ".join,
)
def test_commands_import_nothing_slow(arguments: list[str], tmp_path: Path) -> None:
    imported = _imported("-m", "stance", *arguments, cwd=tmp_path)
    assert "typer" in imported, "the list is of what was imported"
    assert not imported & SLOW


def test_the_library_imports_nothing_slow(tmp_path: Path) -> None:
    imported = _imported("-c", f"import stance; assert stance.load().tag({TEXT!r})", cwd=tmp_path)
    assert "numpy" in imported
    assert not imported & (SLOW | {"typer"})


def test_importing_stance_alone_imports_no_numpy(tmp_path: Path) -> None:
    assert "numpy" not in _imported("-c", "import stance", cwd=tmp_path)
