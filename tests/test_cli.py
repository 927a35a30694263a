"""The command line, run as a user does: exit codes, what goes to stdout and to stderr, and what is said when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, copy_labels

from stance.model import Model

TEXT = "Ankara said on Monday that the referendum was illegal. Polls closed at six."
OK, BAD, USAGE, FLOOR, INTERRUPTED = 0, 1, 2, 3, 130
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files good and bad."""
    folder = tmp_path_factory.mktemp("files")
    for name, content in {
        "good.txt": TEXT.encode(),
        "empty.txt": b"",
        "blank.txt": b" \n\n",
        "picture.txt": PNG,
        "nofield.csv": b"id,body\n1,Ankara said no.\n",
        "half.jsonl": b'{"text": "Ankara said that the vote was void."}\nnot json\n{"body": "x"}\n',
        "notes/README.md": b"no article",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _one_line(done: subprocess.CompletedProcess[str], words: str, code: int = BAD) -> None:
    """What went wrong ends in an exit code, and in one line that says what and what to do."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    lines = [line for line in done.stderr.split("\n") if line]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("stance: ")
    assert words in lines[0]


# --- bad input ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.txt", "empty.txt: empty; nothing to classify"),
        ("blank.txt", "blank.txt: empty; nothing to classify"),
        ("picture.txt", "picture.txt: not text (it holds NUL bytes); convert it to plain text first"),
        ("missing.txt", "missing.txt: no such file or folder; check the path"),
        ("notes", "notes: no article in this folder; expected files that end in .txt, .jsonl, .csv, .tsv"),
        ("nofield.csv", "nofield.csv: no column 'text'; the columns are 'id', 'body': name one with --text-field"),
    ],
)
def test_bad_input(run: Run, files: Path, name: str, words: str) -> None:
    _one_line(run("classify", files / name), words)


@pytest.mark.parametrize("damage", ["byte flipped", "array cut short", "missing", "codebook"])
@pytest.mark.parametrize("verb", ["classify", "info"])
def test_damaged_models(run: Run, files: Path, model_copy: Path, damage: str, verb: str) -> None:
    if damage == "byte flipped":
        content = bytearray((model_copy / "model.json").read_bytes())
        content[content.index(b"digest") + 12] ^= 1
        (model_copy / "model.json").write_bytes(content)
        words = "model.json: damaged"
    elif damage == "array cut short":
        (model_copy / "roles.weights.npy").write_bytes((model_copy / "roles.weights.npy").read_bytes()[:-10])
        words = "roles.weights.npy: damaged"
    elif damage == "codebook":
        (model_copy / "codebook.toml").unlink()
        words = "codebook.toml: missing"
    else:
        model_copy = model_copy / "nowhere"
        words = "no model here"
    arguments = [files / "good.txt"] if verb == "classify" else []
    _one_line(run(verb, *arguments, "-m", model_copy), words)


def test_a_traceback_is_for_those_who_ask(run: Run, tmp_path: Path) -> None:
    done = run("info", "-m", tmp_path, "-v")
    assert done.returncode == BAD
    assert "Traceback" in done.stderr
    assert done.stderr.rstrip().split("\n")[-1].startswith("stance: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("classify good.txt --colour", "No such option: --colour"),
        ("classify good.txt -f xml", "'xml' is not one of table, jsonl, csv, labels"),
        ("classify", "Missing argument"),
        ("classify good.txt --min-confidence 2", "--min-confidence"),
        ("classify good.txt -j many", "--jobs"),
        ("explain good.txt -f xml", "'xml' is not one of table, jsonl"),
        ("explain good.txt --top 0", "--top"),
        ("evaluate labels -f xml", "'xml' is not one of table, json"),
        ("train labels --set folds", "'folds' is not name=number"),
        ("clasify good.txt", "No such command 'clasify'"),
    ],
)
def test_usage(run: Run, files: Path, arguments: str, words: str) -> None:
    done = run(*shlex.split(arguments), cwd=files)
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_no_processes(run: Run, files: Path) -> None:
    done = run("classify", files / "good.txt", "-j", "0")
    assert done.returncode in (BAD, USAGE)
    assert "Traceback" not in done.stderr


def test_one_good_article_is_success(run: Run, files: Path) -> None:
    done = run("classify", files / "missing.txt", files / "good.txt", files / "half.jsonl")
    assert done.returncode == OK
    assert {json.loads(line)["doc_id"] for line in done.stdout.split("\n") if line} == {"good.txt", "half.jsonl:1"}
    assert "2 articles classified, 3 could not be read" in done.stderr
    for words in ("missing.txt: no such file", "half.jsonl:2: not JSON", "half.jsonl:3: the field 'text' is missing"):
        assert words in done.stderr


def test_strict_stops_at_the_first_fault(run: Run, files: Path) -> None:
    _one_line(run("classify", "--strict", files / "empty.txt", files / "good.txt"), "empty.txt: empty")


def test_a_place_that_cannot_be_written(run: Run, files: Path) -> None:
    _one_line(run("classify", files / "good.txt", "-o", files / "nowhere" / "out.csv"), "name a file in a folder that exists")


# --- classify ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "ids"),
    [(TEXT, {"stdin"}), (json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": TEXT, "id": "x"}), {"stdin:1", "x"})],
    ids=["text", "JSON lines"],
)
def test_standard_input(run: Run, data: str, ids: set[str]) -> None:
    done = run("classify", "-", input=data)
    records = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert done.returncode == OK
    assert done.stderr == ""
    assert {r["doc_id"] for r in records} == ids
    assert [r["speaker"] for r in records] == ["Turkey", None] * len(ids)


def test_empty_standard_input(run: Run) -> None:
    _one_line(run("classify", "-", input=""), "empty; nothing to classify")


def test_formats_hold_the_same_statements(run: Run, files: Path) -> None:
    jsonl, table = run("classify", files / "good.txt"), run("classify", files / "good.txt", "-f", "table")
    rows = run("classify", files / "good.txt", "-f", "csv")
    records = [json.loads(line) for line in jsonl.stdout.split("\n") if line]
    assert [r["text"] for r in csv.DictReader(io.StringIO(rows.stdout, newline=""))] == [r["text"] for r in records]
    assert "- against" in table.stdout
    assert "Turkey" in table.stdout
    assert "\x1b" not in table.stdout, "no colour but on a terminal"
    assert jsonl.stderr == rows.stderr == table.stderr == ""


def test_output_appears_whole(run: Run, files: Path, tmp_path: Path) -> None:
    stdout = run("classify", files / "good.txt").stdout
    done = run("classify", files / "good.txt", "-o", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (OK, "")
    assert (tmp_path / "out.jsonl").read_bytes() == stdout.encode()
    assert [f.name for f in tmp_path.iterdir()] == ["out.jsonl"]


def test_output_is_utf_8_whatever_the_terminal_is(run: Run, root: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = run("classify", root / "seeds", env=environment)
    assert done.returncode == OK
    assert "Erdo─čan" in done.stdout


def test_fields_can_be_named(run: Run, files: Path) -> None:
    done = run("classify", files / "nofield.csv", "--text-field", "body")
    assert [json.loads(line)["doc_id"] for line in done.stdout.split("\n") if line] == ["1"]


def test_abstaining(run: Run, files: Path) -> None:
    done = run("classify", files / "good.txt", "--min-confidence", "1")
    assert [json.loads(line)["abstain"] for line in done.stdout.split("\n") if line] == [True, False]


def test_two_processes(run: Run, root: Path) -> None:
    one, two = (run("classify", root / "seeds", "-j", jobs) for jobs in ("1", "2"))
    assert two.returncode == OK
    assert one.stdout == two.stdout
    assert len(one.stdout.split("\n")) > 80


def test_csv_has_a_header_though_the_first_article_has_no_statement(run: Run) -> None:
    lines = "\n".join(json.dumps({"text": text}) for text in ("\u200b", TEXT))
    assert run("classify", "-", "-f", "csv", input=lines).stdout.startswith("doc_id,statement_id,")


def test_lone_surrogates(run: Run) -> None:
    done = run("classify", "-", input='{"text": "Ankara said no.", "id": "a\\ud800"}\n')
    assert done.returncode == OK
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_quiet(root: Path, tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m stance classify {shlex.quote(str(root / 'seeds'))} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=100, check=False)
    assert json.loads(done.stdout)["doc_id"].startswith("000")
    assert done.stderr == ""


def test_a_closed_pipe_is_no_failure(root: Path, tmp_path: Path) -> None:
    command = f"set -o pipefail; {shlex.quote(sys.executable)} -m stance classify {shlex.quote(str(root / 'seeds'))} | true"
    assert subprocess.run(["bash", "-c", command], capture_output=True, cwd=tmp_path, timeout=100, check=False).returncode == OK


def test_interrupted(tmp_path: Path) -> None:
    pipe = tmp_path / "endless.jsonl"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "stance", "classify", str(pipe)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        with pipe.open("wb"):  # opens when the command has opened it too, and waits for a line
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert b"Traceback" not in stderr


# --- labels, train, evaluate -------------------------------------------------------------------------------------------------


def _statements(labels: Path) -> int:
    """How many statements a labelled file holds."""
    lines = labels.read_text(encoding="utf-8").split("\n")
    return sum(len(json.loads(line)["statements"]) for line in lines if line)


def test_classified_labels_are_checked_and_not_trained_on(run: Run, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    copy_labels(folder, 2)
    annotated = _statements(folder / "articles.jsonl")
    assert run("classify", root / "seeds", "-f", "labels", "-o", folder / "new.jsonl").returncode == OK
    prefilled = sum(
        len(json.loads(line)["statements"]) for line in (folder / "new.jsonl").read_text(encoding="utf-8").split("\n") if line
    )
    checked = run("labels", "check", folder)
    assert checked.returncode == OK, checked.stdout
    assert checked.stderr == f"stance: 6 documents, {annotated + prefilled} statements, no fault\n"
    trained = run("train", folder, "-o", tmp_path / "model")
    _one_line(trained, "too little to train on: 2 documents")
    assert f"{prefilled} statements: no annotator" in trained.stderr


def test_training_and_its_words(run: Run, tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "labels"
    copy_labels(folder, 10)
    assert run("classify", root / "seeds", "-f", "labels", "-o", folder / "new.jsonl").returncode == OK
    small = ["--set", "folds=2", "--set", "chars_scale=0", "--set", "cue_C=0.1", "--set", "role_C=0.1"]
    done = run("train", folder, "-o", tmp_path / "model", *small)
    assert done.returncode == OK, done.stderr
    assert re.search(r"stance: \d+ statements left out \(no annotator\)", done.stderr)
    assert "stance: trained on 10 articles and 0 single statements" in done.stderr
    assert re.fullmatch(
        rf"{re.escape(str(tmp_path / 'model'))}  kurdistan-2017@[0-9a-f]{{6}}  recipe [0-9a-f]{{12}}\n", done.stdout
    )
    assert "arrays verified" in run("info", "-m", tmp_path / "model", "--verify").stdout


def test_faults_of_labels(run: Run, tmp_path: Path) -> None:
    lines = copy_labels(tmp_path / "labels", 2)
    record = json.loads(lines[1])
    record["statements"][0]["stance"] = "for"
    (tmp_path / "labels" / "articles.jsonl").write_text(lines[0] + "\n" + json.dumps(record) + "\n", encoding="utf-8")
    done = run("labels", "check", tmp_path / "labels")
    assert done.returncode == BAD
    assert done.stdout.startswith(f"{tmp_path / 'labels' / 'articles.jsonl'}:2: ")
    assert "unknown stance 'for'" in done.stdout
    assert done.stderr == f"stance: 1 faults in {tmp_path / 'labels'}; see above\n"


@pytest.mark.parametrize("verb", [["labels", "check"], ["labels", "stats"], ["train"], ["evaluate"]], ids=" ".join)
def test_labels_that_are_missing_or_none(run: Run, files: Path, verb: list[str]) -> None:
    _one_line(run(*verb, files / "nowhere"), "no such file or folder")
    other = run(*verb, files / "good.txt")
    assert other.returncode == BAD
    assert "Traceback" not in other.stderr


def test_labels_that_are_no_text(run: Run, files: Path) -> None:
    _one_line(run("labels", "check", files / "picture.txt"), "picture.txt")


def test_stats_and_agreement(run: Run, root: Path) -> None:
    seeds = root / "labels" / "seeds.jsonl"
    stats, agree = run("labels", "stats", seeds), run("labels", "agree", seeds, seeds)
    assert (stats.returncode, agree.returncode) == (OK, OK)
    assert stats.stdout.startswith("4 complete articles; ")
    assert "stance               1.000 [1.000, 1.000]" in agree.stdout


def test_floors(run: Run, tiny_model: Model, tiny_labels: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    lines = (tiny_labels / "articles.jsonl").read_text(encoding="utf-8").split("\n")
    few.write_text("\n".join(lines[:3]), encoding="utf-8")
    command = ["evaluate", few, "-m", tiny_model.path]
    above, below = (run(*command, "--floor", f"stance macro-F1={value}") for value in ("0.1", "1.01"))
    assert above.returncode == OK
    assert "stance macro-F1" in above.stdout
    assert below.returncode == FLOOR
    assert re.search(r"^stance: below the floor: stance macro-F1 \S+ < 1.01$", below.stderr, re.MULTILINE)
    assert below.stdout == above.stdout, "the figures are printed all the same"
    assert run(*command, "--floor", "beauty=1").returncode == USAGE
    _one_line(run(*command, "--split", "seed"), "no document to score")


# --- explain, info, demo -----------------------------------------------------------------------------------------------------


def test_explain(run: Run, files: Path) -> None:
    done = run("explain", files / "good.txt")
    assert done.returncode == OK
    total = re.search(r"log p\(against\) - log p\((\w+)\) = ([+-][\d.]+), of which$", done.stdout, re.MULTILINE)
    assert total is not None
    shares = done.stdout[total.end() :].split("  frame ")[0]
    values = [float(v) for v in re.findall(r"^    +([+-][\d.]+)  ", shares, re.MULTILINE)]
    assert 12 < len(values) <= 13
    assert sum(values) == pytest.approx(float(total[2]), abs=0.01)
    assert "illegal" in shares
    assert "ankara" not in done.stdout.lower().split("of which")[1]


def test_explain_as_json(run: Run, files: Path) -> None:
    done = run("explain", files / "good.txt", "-f", "jsonl")
    (record,) = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert sum(s["value"] for s in record["shares"]) == pytest.approx(record["total"], abs=1e-9)
    assert record["statement"]["stance"] == "against"
    for word in record["words"]:
        ((start, end),) = word["spans"]
        assert TEXT[start:end] == word["term"]


def test_nothing_to_explain(run: Run) -> None:
    done = run("explain", "Polls closed at six.")
    assert (done.returncode, done.stdout) == (OK, "")
    assert "nothing to explain" in done.stderr


def test_info(run: Run) -> None:
    card, verified, listed = run("info"), run("info", "--verify"), run("info", "--list")
    assert "kurdistan-2017@" in card.stdout
    assert "macro-F1" in card.stdout
    assert re.search(r"\d+ arrays verified, digest [0-9a-f]{64}$", verified.stdout.strip())
    assert listed.stdout.startswith("shipped kurdistan-2017@")


def test_a_model_can_be_named(run: Run, model_copy: Path, files: Path) -> None:
    (model_copy.parent / "models").mkdir()
    model_copy.rename(model_copy.parent / "models" / "mine")
    done = run("classify", files / "good.txt", "-m", "mine", cwd=model_copy.parent)
    assert done.returncode == OK
    assert "mine" in run("info", "--list", cwd=model_copy.parent).stdout


def test_demo(run: Run) -> None:
    done = run("demo")
    assert (done.returncode, done.stderr) == (OK, "")
    lines = done.stdout.split("\n")
    assert max(map(len, lines)) <= 100
    assert [line.split(" ")[0] for line in lines if line.startswith("demo/")] == ["demo/officials.txt", "demo/voices.txt"]
    for words in ("- against", "+ favor", "Masoud Barzani", "Recep Tayyip Erdogan"):
        assert words in done.stdout


VERBS = ["classify", "explain", "train", "evaluate", "info", "demo", "labels check", "labels stats", "labels agree"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_an_example(run: Run, verb: str) -> None:
    done = run(*verb.split(), "--help")
    assert done.returncode == OK
    assert f"Example: stance {verb}" in " ".join(done.stdout.split())


def test_help_and_version(run: Run) -> None:
    from stance import __version__

    shown = run("--help").stdout
    assert all(f"  {verb.split()[0]} " in shown for verb in VERBS)
    assert run("--version").stdout == f"stance {__version__}\n"
    assert run().returncode == USAGE
