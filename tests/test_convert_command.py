"""`stance labels import` and `stance labels export`, run as a user does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from convert_cases import FOLDER

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CODEBOOK = ("--codebook", Path(__file__).parents[1] / "labels")


def test_import_and_export(run: Run, tmp_path: Path) -> None:
    labels, there, again = tmp_path / "labels.jsonl", tmp_path / "there.json", tmp_path / "again.jsonl"
    done = run("labels", "import", FOLDER / "labelstudio.json", "-o", labels, *CODEBOOK)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "stance: passed over: 2 x cancelled annotation (was_cancelled)" in done.stderr
    assert "stance: 1 documents, 2 statements imported" in done.stderr
    assert run("labels", "check", labels, *CODEBOOK).returncode == 0
    done = run("labels", "export", labels, "--to", "labelstudio", "-o", there, *CODEBOOK)
    assert done.stderr == "stance: 1 documents exported\n"
    assert run("labels", "import", there, "-o", again, "-q", *CODEBOOK).stderr == ""
    assert again.read_bytes() == labels.read_bytes()


def test_labels_of_nobody_are_announced(run: Run) -> None:
    done = run("labels", "import", FOLDER / "doccano-entities.jsonl", *CODEBOOK)
    assert json.loads(done.stdout)["statements"][0]["stance"] == "favor"
    assert "1 without an annotator, which train skips (--annotator NAME says who made them)" in done.stderr
    done = run("labels", "import", FOLDER / "doccano-entities.jsonl", "--annotator", "ann", *CODEBOOK)
    assert json.loads(done.stdout)["statements"][0]["annotator"] == {"id": "ann", "kind": "human"}


def test_exports_of_written_articles_say_so(run: Run, root: Path) -> None:
    done = run("labels", "export", root / "labels" / "articles.jsonl", "--to", "sheet")
    assert "articles written for the purpose are invented" in done.stderr
    assert "the quotations are invented.\n### " in done.stdout


def test_faults_leave_nothing_half_written(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("text,stance\nOne,favor\nTwo,maybe\n", encoding="utf-8")
    done = run("labels", "import", bad, "-o", tmp_path / "labels.jsonl", *CODEBOOK)
    assert done.returncode == 1
    assert done.stderr.startswith(f"stance: {bad}:3: field 'stance' is 'maybe'")
    assert "Traceback" not in done.stderr
    assert sorted(f.name for f in tmp_path.iterdir()) == ["bad.csv"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "x.csv", "--from", "excel"), "'excel' is not one of auto, doccano"),
        (("export", "x.jsonl", "--to", "excel"), "'excel' is not one of doccano"),
        (("export", "x.jsonl", "--to", "csv", "--frames", ","), "is not one of |, ;, #, columns"),
        (("import", "x.csv", "--map", "pro"), "'pro' is not LABEL=NAME"),
        (("import", "x.csv", "--map", "pro=yes"), "'pro=yes' is not LABEL=NAME"),
    ],
)
def test_usage(arguments: tuple[str, ...], words: str, run: Run) -> None:
    done = run("labels", *arguments, *CODEBOOK)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize("verb", ["import", "export"])
def test_help_has_an_example(verb: str, run: Run) -> None:
    done = run("labels", verb, "--help")
    assert done.returncode == 0
    assert f"Example: stance labels {verb} " in done.stdout
