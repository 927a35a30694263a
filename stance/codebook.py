"""The codebook as configuration: target, classes, frames, grounds, and who is who.

`codebook.toml` lies in `labels/` and in every model folder. It drives training, checks, masking, speaker
names and reports; another referendum needs labels and this file, no code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from stance.errors import CodebookError
from stance.text import fold


@dataclass(frozen=True, slots=True)
class Frame:
    """An issue frame: `dimension` is that of the Policy Frames Codebook (Boydstun et al. 2014)."""

    id: str
    definition: str
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """An office held from `start` to `end` (ISO dates; None: open)."""

    title: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, region or international body; a metonym ("Ankara") goes to `government`."""

    name: str
    government: str
    metonyms: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is known before the article is read."""

    name: str
    aliases: tuple[str, ...] = ()
    actor: str | None = None
    organisation: str | None = None
    gender: str | None = None
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party, ministry or body."""

    name: str
    aliases: tuple[str, ...] = ()
    actor: str | None = None


@dataclass(frozen=True)
class Codebook:
    """All that a `codebook.toml` says. `source` is its text, which a model folder keeps."""

    version: int
    target: str
    target_date: str | None
    terms: tuple[str, ...]
    stances: tuple[str, ...]
    grounds: tuple[str, ...]
    frames: tuple[Frame, ...]
    actors: tuple[Actor, ...] = ()
    persons: tuple[Person, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def frame_ids(self) -> tuple[str, ...]:
        """The frames' ids, in the file's order."""
        return tuple(f.id for f in self.frames)

    @cached_property
    def demonyms(self) -> dict[str, Actor]:
        """Folded demonym, name, alias or metonym -> actor."""
        table: dict[str, Actor] = {}
        for actor in self.actors:
            for word in (actor.name, actor.government, *actor.demonyms, *actor.metonyms, *actor.aliases):
                table.setdefault(fold(word), actor)
        return table

    @cached_property
    def aliases(self) -> dict[str, Person | Organisation]:
        """Folded name or alias -> person or organisation."""
        table: dict[str, Person | Organisation] = {}
        entries: tuple[Person | Organisation, ...] = (*self.persons, *self.organisations)
        for entry in entries:
            for word in (entry.name, *entry.aliases):
                table.setdefault(fold(word), entry)
        return table


def read_codebook(path: str | Path) -> Codebook:
    """Read `codebook.toml` (or the folder that holds it); raises CodebookError."""
    path = Path(path)
    if path.is_dir():
        path = path / "codebook.toml"
    if not path.is_file():
        raise CodebookError(f"{path}: no such file; a codebook.toml must lie beside the labels (see docs/another-referendum.md)")
    return parse_codebook(path.read_text(encoding="utf-8"), where=str(path))


def parse_codebook(text: str, *, where: str) -> Codebook:
    """Read the text of a `codebook.toml`; `where` opens the message of a CodebookError."""
    try:
        data = tomllib.loads(text)
        target = data["target"]
        return Codebook(
            version=int(data["version"]),
            target=target["name"],
            target_date=str(target["date"]) if target.get("date") else None,
            terms=tuple(target["terms"]),
            stances=tuple(data["stance"]),
            grounds=tuple(data.get("grounds", {})),
            frames=tuple(Frame(f["id"], f["definition"], f.get("dimension", "")) for f in data["frames"]),
            actors=tuple(_actor(a) for a in data.get("actors", ())),
            persons=tuple(_person(p) for p in data.get("persons", ())),
            organisations=tuple(
                Organisation(o["name"], tuple(o.get("aliases", ())), o.get("actor")) for o in data.get("organisations", ())
            ),
            settings=data.get("train", {}),
            source=text,
        )
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{where}: not valid TOML ({error})") from None
    except KeyError as error:
        raise CodebookError(f"{where}: the entry {error} is missing") from None
    except (TypeError, ValueError) as error:
        raise CodebookError(f"{where}: an entry has the wrong form ({error})") from None


def _actor(entry: Mapping[str, Any]) -> Actor:
    return Actor(
        entry["name"],
        entry.get("government", entry["name"]),
        *(tuple(entry.get(k, ())) for k in ("metonyms", "demonyms", "aliases")),
    )


def _person(entry: Mapping[str, Any]) -> Person:
    offices = tuple(Office(o["title"], _date(o.get("from")), _date(o.get("to"))) for o in entry.get("offices", ()))
    return Person(
        entry["name"], tuple(entry.get("aliases", ())), entry.get("actor"), entry.get("organisation"), entry.get("gender"), offices
    )


def _date(value: Any) -> str | None:
    return str(value) if value else None
