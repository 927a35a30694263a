"""Fixtures that cost something and are made once a session, and the way to run the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import stance
from stance.codebook import Codebook, read_codebook
from stance.model import Model
from stance.records import Document
from stance.tagger import Tagger
from stance.training.train import Trained

ROOT = Path(__file__).parents[1]
TINY = 24  # articles: enough for every head to learn something, few enough to train in seconds
TINY_SETTINGS = {"folds": 2, "chars_scale": 0}

# The same examples at every run; `--hypothesis-profile=search` looks for new ones.
_ALIKE = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("suite", max_examples=60, derandomize=True, **_ALIKE)
settings.register_profile("search", max_examples=3000, **_ALIKE)
settings.load_profile("suite")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return read_codebook(ROOT / "labels")


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped model at work."""
    return stance.load()


@pytest.fixture(scope="session")
def seed_documents() -> list[Document]:
    """The four real articles, in name order."""
    return list(stance.read(ROOT / "seeds"))


@pytest.fixture(scope="session")
def tiny_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first articles of `labels/` and the codebook."""
    folder = tmp_path_factory.mktemp("tiny") / "labels"
    copy_labels(folder, TINY)
    return folder


def copy_labels(folder: Path, n: int) -> list[str]:
    """Make a folder of the first `n` labelled articles with the codebook; return their lines."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "labels" / "codebook.toml", folder)
    lines = (ROOT / "labels" / "articles.jsonl").read_text(encoding="utf-8").split("\n")[:n]
    (folder / "articles.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return lines


def train_quietly(labels: Path, output: Path, **settings: float) -> Trained:
    """Train on few labels, without the warnings of rare frames."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return stance.train(labels, output=output, settings={**TINY_SETTINGS, **settings})


@pytest.fixture(scope="session")
def tiny_training(tiny_labels: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """What training on the tiny labels gives."""
    return train_quietly(tiny_labels, tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny_model(tiny_training: Trained) -> Model:
    """A small model, saved and loaded again."""
    return tiny_training.model


@pytest.fixture
def model_copy(tiny_model: Model, tmp_path: Path) -> Path:
    """The tiny model's folder once more, to be damaged."""
    assert tiny_model.path is not None
    return Path(shutil.copytree(tiny_model.path, tmp_path / "model"))


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `python -m stance …` as a user does; keyword arguments are those of `subprocess.run`."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS")}

    def run_stance(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stance", *map(str, arguments)]
        defaults = {"cwd": elsewhere, "env": environment, "timeout": 100, "encoding": "utf-8", "capture_output": True}
        return subprocess.run(command, check=False, **{**defaults, **options})  # type: ignore[call-overload]

    return run_stance
