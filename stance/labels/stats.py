"""Counts of a labelled set: what it holds, and where it is thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.codebook import Codebook
from stance.labels.format import LabelledDocument


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of a labelled set. `by` holds a counter for each property of a statement; only attributed ones count for
    stance, quote, mode, status, actor and ground."""

    documents: dict[str, int]
    statements: int
    attributed: int
    evidence: int
    by: dict[str, Counter[str]]
    kurdish_against: int
    foreign_favor: int


def count(documents: Sequence[LabelledDocument], codebook: Codebook) -> Stats:
    """Count the statements of the documents."""
    by: dict[str, Counter[str]] = {
        k: Counter()
        for k in ("split", "genre", "outlet", "part", "stance", "ground", "quote", "mode", "status", "actor", "frame", "made")
    }
    statements = attributed = evidence = kurdish = foreign = 0
    home = codebook.actors[0].name if codebook.actors else ""
    for document in documents:
        by["split"][document.split or "none"] += 1
        by["genre"][document.document.genre] += 1
        by["outlet"][document.document.outlet or "none"] += 1
        for s in document.statements:
            statements += 1
            evidence += bool(s.evidence)
            by["part"][document.sentences[s.sentence].part] += 1
            by["made"][s.made or "none"] += 1
            for frame in s.frames or ():
                by["frame"][frame] += 1
            if s.speaker_status == "narrator":
                continue
            attributed += 1
            for name, value in (
                ("stance", s.stance),
                ("ground", s.ground),
                ("quote", s.quote),
                ("mode", s.mode),
                ("status", s.speaker_status),
                ("actor", s.actor),
            ):
                by[name][value or "none"] += 1
            kurdish += s.stance == "against" and s.actor == home
            foreign += s.stance == "favor" and s.actor not in (home, None)
    kinds = Counter("complete articles" if d.header.get("complete") else "single statements" for d in documents)
    return Stats(dict(kinds), statements, attributed, evidence, by, kurdish, foreign)


def as_text(stats: Stats, codebook: Codebook) -> str:
    """Return the counts as lines for people."""
    documents = ", ".join(f"{n} {kind}" for kind, n in sorted(stats.documents.items()))
    lines = [f"{documents}; {stats.statements} statements, {stats.attributed} attributed, {stats.evidence} with evidence"]
    for name in ("split", "genre", "part", "made"):
        lines.append(_line(name, stats.by[name], None))
    for name in ("stance", "ground", "quote", "mode", "status"):
        lines.append(_line(name, stats.by[name], stats.attributed))
    lines.append(_line("frame", Counter({f: stats.by["frame"][f] for f in codebook.frame_ids}), stats.statements))
    lines.append(_line("actor", Counter(dict(stats.by["actor"].most_common(12))), stats.attributed))
    sides = f"{stats.kurdish_against} statements against by the home side, {stats.foreign_favor} in favour by other sides"
    lines.append(f"{len(stats.by['outlet'])} outlets; {sides}")
    return "\n".join(lines) + "\n"


def _line(name: str, counter: Counter[str], total: int | None) -> str:
    parts = [f"{label} {n}" + (f" ({100 * n / total:.0f} %)" if total else "") for label, n in counter.most_common()]
    return f"{name:8s} {', '.join(parts)}"
