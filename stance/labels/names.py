"""When two canonical names name one speaker."""

from __future__ import annotations

from stance.codebook import Codebook
from stance.text import fold


def same_speaker(one: str | None, other: str | None, codebook: Codebook) -> bool:
    """Tell whether two canonical names name one speaker: equal but for case, articles and nationality ("Iraq's parliament",
    "Iraqi parliament"), or the same entry of the codebook."""
    if one is None or other is None:
        return one is other
    return _key(one, codebook) == _key(other, codebook)


def _key(name: str, codebook: Codebook) -> str:
    folded = fold(name)
    known = codebook.aliases.get(folded)
    if known is not None:
        return fold(known.name)
    words = [w for w in folded.replace("'s", "").split() if w not in ("the", "of", "in", "and")]
    return " ".join(sorted(fold(codebook.demonyms[w].name) if w in codebook.demonyms else w for w in words))
