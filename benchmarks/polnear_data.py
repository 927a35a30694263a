"""PolNeAR (Newell, Margolin & Ruths 2018) from a folder or its archive, as articles with attributions.

Enters: any folder or .tar.gz that holds `train/text/*.txt`, `train/attributions/*.ann` (brat's stand-off format) and the
same under `dev/`, at any depth. Leaves: articles sorted by file name. An archive is read in memory, nothing is unpacked.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stance.records import Span

PARTS = ("train", "dev")
_SPAN_LINE = re.compile(r"(T\d+)\t\S+ (\d+ \d+(?:;\d+ \d+)*)\t")
_ROLE = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: characters of the text as read. `quote` is "direct", "mixed" or "indirect"."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article and what its first annotator marked; attributions without content are left out."""

    name: str
    text: str
    attributions: tuple[Attribution, ...]


def read_polnear(path: Path) -> dict[str, list[Article]]:
    """Read the training and the development part; raises SystemExit where one is missing."""
    files: dict[tuple[str, str], dict[str, str]] = {(part, kind): {} for part in PARTS for kind in ("text", "attributions")}
    for (part, kind, name), text in _files(path):
        files[part, kind][name] = text
    result = {}
    for part in PARTS:
        texts, annotations = files[part, "text"], sorted(files[part, "attributions"].items())
        if not texts or not annotations:
            raise SystemExit(
                f"{path}: no {part}/text/*.txt with {part}/attributions/*.ann here; name the unpacked PolNeAR or its .tar.gz"
            )
        result[part] = [_article(name.removesuffix(".txt"), text, annotations) for name, text in sorted(texts.items())]
    return result


def _files(path: Path) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield ((part, kind, file name), text) of the files that matter."""
    if path.is_dir():
        for file in path.rglob("*.*"):
            if (key := _key(file.as_posix())) is not None:
                yield key, file.read_bytes().decode("utf-8")
    elif path.is_file() and tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                key, data = _key(member.name), archive.extractfile(member)
                if key is not None and data is not None:
                    yield key, data.read().decode("utf-8")
    else:
        raise SystemExit(f"{path}: neither a folder nor a tar archive")


def _key(name: str) -> tuple[str, str, str] | None:
    parts = PurePosixPath(name).parts[-3:]
    ending = {"text": ".txt", "attributions": ".ann"}
    if len(parts) == 3 and parts[0] in PARTS and parts[1] in ending and parts[2].endswith(ending[parts[1]]):
        return parts[0], parts[1], parts[2]
    return None


def _article(name: str, text: str, annotations: list[tuple[str, str]]) -> Article:
    """Join a text with its first annotation file: some articles were given to several annotators."""
    first = next((body for file, body in annotations if file.startswith(name)), "")
    return Article(name, text, tuple(_attributions(text, first)))


def _attributions(text: str, annotation: str) -> Iterator[Attribution]:
    lines = annotation.splitlines()
    spans = {
        match[1]: [Span(*map(int, piece.split())) for piece in match[2].split(";")]
        for match in map(_SPAN_LINE.match, lines)
        if match is not None
    }
    for line in lines:
        if not re.match(r"E\d+\t", line):
            continue
        roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
        for role, key in _ROLE.findall(line.split("\t")[1]):
            roles[role] += spans[key]
        content, source, cue = (tuple(sorted(roles[r])) for r in ("Content", "Source", "Cue"))
        if content:
            yield Attribution(content, source, cue, quote_of([text[s.start : s.end] for s in content]))


def quote_of(content: list[str]) -> str:
    """Tell direct (97 % of the letters and digits stand between double marks), mixed (some do) and indirect content.

    >>> quote_of(["“We will vote”"]), quote_of(["it is “a day”"]), quote_of(["they will vote"])
    ('direct', 'mixed', 'indirect')
    """
    inside = total = 0
    for piece in content:
        opened = False
        for character in piece:
            if character in '"“”':
                opened = character == "“" or (character == '"' and not opened)
            elif character.isalnum():
                total += 1
                inside += opened
    if not any(mark in piece for piece in content for mark in '"“”'):
        return "indirect"
    return "direct" if inside >= 0.97 * max(1, total) else "mixed"
