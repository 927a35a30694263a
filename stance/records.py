"""The records that travel through stance: what enters, what leaves.

All are frozen dataclasses of the standard library. Every offset counts code points of the
document's text as read, end exclusive, so that `document.text[span.start:span.end]` is the span's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# The values that the fields of the same name may take (codebook, sections 1 and 2).
PARTS: tuple[str, ...] = ("title", "dateline", "byline", "caption", "body", "boilerplate")
GENRES: tuple[str, ...] = ("news", "opinion", "interview", "live", "unknown")
QUOTE_TYPES: tuple[str, ...] = ("direct", "mixed", "indirect", "none")
MODES: tuple[str, ...] = ("speech", "document", "decision", "attitude")
STATUSES: tuple[str, ...] = ("named", "group", "unresolved", "narrator")


class Span(NamedTuple):
    """A stretch of a document: characters, end exclusive."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two stretches share a character.

        >>> Span(0, 5).overlaps(Span(4, 9)), Span(0, 5).overlaps(Span(5, 9))
        (True, False)
        """
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies within this stretch."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One article as read.

    `text` holds the headline too; `title` says where. `metadata` is whatever else the input carried
    and is passed through to every record.
    """

    doc_id: str
    text: str
    title: Span | None = None
    date: str | None = None
    outlet: str | None = None
    genre: str = "unknown"
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document and the part of the page it stands in."""

    start: int
    end: int
    part: str = "body"

    @property
    def span(self) -> Span:
        """The sentence's stretch of the document."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source is reported to say in one sentence (codebook, section 1).

    `speaker` is None for the narrator. `mention` and `cue` may lie outside `span` where the source
    stands in an earlier sentence. `speaker_score` is the ranker's probability in [0, 1].
    """

    sentence: int
    part: str
    span: Span
    content: tuple[Span, ...] = ()
    quote: str = "none"
    mode: str | None = None
    cue: Span | None = None
    mention: Span | None = None
    speaker: str | None = None
    speaker_status: str = "narrator"
    speaker_score: float = 1.0
    actor: str | None = None
    organisation: str | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class TaggedStatement:
    """A statement with the model's answers: one record of the output.

    Scores are calibrated probabilities in [0, 1]; `stance_scores` sum to 1 and `stance` is the
    highest. `frames` are those whose score, shifted by the frame's threshold, reaches 0.5. `headline` is
    where attribution found the headline.
    """

    document: Document
    statement: Statement
    statement_id: str
    stance: str
    stance_scores: Mapping[str, float]
    ground: str | None
    on_target: bool
    frames: tuple[str, ...]
    frame_scores: Mapping[str, float]
    frame_probs: Mapping[str, float]
    interference: bool
    abstain: bool
    model: str
    headline: Span | None = None

    @property
    def text(self) -> str:
        """The statement's words as read."""
        return self.document.text[self.statement.span.start : self.statement.span.end]
