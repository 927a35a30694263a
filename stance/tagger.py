"""Documents to tagged statements: one, many, a stream.

Enters: documents. Leaves: `TaggedStatement` records in order. Attribution works a document at a time; the heads score the
statements of a batch of documents at once. The result does not depend on how documents are batched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance.attribution import attribute
from stance.errors import StanceError
from stance.heads import Floats, Head, logistic
from stance.labels.format import LabelledDocument
from stance.model import Model, load
from stance.names import find_names
from stance.page import Page, make_page
from stance.records import Document, Statement, TaggedStatement
from stance.views import MaskedPage, Seen, featurise, mask_page, see

if TYPE_CHECKING:
    from stance.explain import Explanation

_BATCH = 32  # documents whose statements are scored together
_OFF_SUBJECT = 1e-6  # probability at most that a statement is on target in an article that never names the target
SILENT_PARTS = frozenset({"boilerplate", "byline", "dateline"})


@dataclass(frozen=True)
class Read:
    """A document with its statements, before the heads: what attribution found."""

    page: Page
    masked: MaskedPage
    statements: tuple[Statement, ...]


class Tagger:
    """A model at work. Make one with `stance.load()`; it may be used from several threads."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def read(self, document: Document) -> Read:
        """Attribute a document: who says what, without stance and frames."""
        page = make_page(document)
        statements, names = attribute(page, self.model.codebook, self.model.attribution)
        return Read(page, mask_page(page, names, self.model.codebook), tuple(statements))

    def read_labelled(self, labelled: LabelledDocument) -> Read:
        """Take sentences and statements from labels, so that the heads can be judged with the true speaker."""
        page = make_page(labelled.document, labelled.sentences)
        names = find_names(page, self.model.codebook, self.model.attribution.common)
        return Read(page, mask_page(page, names, self.model.codebook), tuple(given_statements(labelled)))

    def tag(self, document: Document | str, *, min_confidence: float = 0.0) -> list[TaggedStatement]:
        """Tag one document, or a text."""
        if isinstance(document, str):
            document = Document("text", document)
        return self.tag_read([self.read(document)], min_confidence=min_confidence)[0]

    def stream(
        self, documents: Iterable[Document], *, jobs: int = 1, min_confidence: float = 0.0
    ) -> Iterator[list[TaggedStatement]]:
        """Tag documents lazily, one list a document, in order. `jobs` > 1 works in that many processes (-1: all cores)."""
        if jobs != 1:
            from stance.parallel import in_processes  # joblib costs 0.1 s that one process does not need

            if self.model.path is None:
                raise StanceError("a model that has not been saved cannot work in several processes; save it, or use jobs=1")
            work = partial(_tag_batch, str(self.model.path), self.model.digest, min_confidence)
            for done in in_processes(work, documents, jobs=jobs, batch=2 * _BATCH):
                yield from done
            return
        documents = iter(documents)
        while batch := list(islice(documents, _BATCH)):
            yield from self.tag_read([self.read(d) for d in batch], min_confidence=min_confidence)

    def explain(self, document: Document | str) -> list[Explanation]:
        """Explain every attributed statement of a document: each term's share (`stance.explain`)."""
        from stance.explain import explain  # the explainer works with taggers, and is needed by few

        return explain(self, document)

    def tag_read(self, reads: Sequence[Read], *, min_confidence: float = 0.0) -> list[list[TaggedStatement]]:
        """Score the statements of attributed documents together."""
        items = [(r.masked, see(r.page, s)) for r in reads for s in r.statements]
        scores = self.score(items) if items else {}
        result: list[list[TaggedStatement]] = []
        at = 0
        for read in reads:
            rows = range(at, at + len(read.statements))
            ids = _statement_ids(read)
            result.append(
                [
                    self._tagged(read, s, ids[i], _row(scores, row), min_confidence)
                    for i, (s, row) in enumerate(zip(read.statements, rows, strict=True))
                ]
            )
            at += len(read.statements)
        return result

    def score(self, items: Sequence[tuple[MaskedPage, Seen]]) -> dict[str, Floats]:
        """Return the calibrated probabilities of each head, shape (n_statements, n_labels)."""
        counts = featurise(items)
        heads = self.model.heads
        result = {name: head.probabilities(head.scores(counts)) for name, head in heads.items() if name != "stance"}
        silent = np.array([masked.off_subject for masked, _ in items], dtype=np.bool_)
        result["on_target"][silent] = np.minimum(result["on_target"][silent], _OFF_SUBJECT)
        return {"stance": heads["stance"].gated(heads["stance"].scores(counts), result["on_target"][:, 0], silent), **result}

    def _tagged(
        self, read: Read, statement: Statement, statement_id: str, scores: Mapping[str, Floats], min_confidence: float
    ) -> TaggedStatement:
        heads = self.model.heads
        silent = statement.part in SILENT_PARTS
        narrator = statement.speaker_status == "narrator"
        stances = dict(zip(heads["stance"].labels, scores["stance"].tolist(), strict=True))
        if silent or (narrator and read.page.document.genre != "opinion"):
            stances = {label: float(label == "neutral") for label in stances}
        stance = max(stances, key=lambda label: stances[label])
        stances = _rounded(stances)
        probs, shifted = _frames(heads["frames"], scores["frames"])
        taken = stance != "neutral"
        ground = heads["ground"].labels[int(scores["ground"].argmax())] if taken else None
        return TaggedStatement(
            document=read.page.document,
            statement=statement,
            statement_id=statement_id,
            stance=stance,
            stance_scores=stances,
            ground=ground,
            on_target=taken or (not silent and bool(scores["on_target"][0] >= 0.5)),
            frames=() if silent else tuple(f for f, p in shifted.items() if p >= 0.5),
            frame_scores=shifted,
            frame_probs=probs,
            interference=not silent and bool(scores["interference"][0] >= 0.5),
            abstain=max(stances.values()) < min_confidence,
            model=self.model.name,
            headline=next((read.page.view.to_source(t.span) for t in read.page.sentences if t.part == "title"), None),
        )


@cache
def _tagger_of(path: str, digest: str) -> Tagger:
    """Load a model once a process; the digest tells a folder that has changed from the one asked for."""
    model = load(path)
    if model.digest != digest:
        raise StanceError(f"{path}: the model has changed since the work began; start again")
    return Tagger(model)


def _tag_batch(path: str, digest: str, min_confidence: float, documents: list[Document]) -> list[list[TaggedStatement]]:
    return list(_tagger_of(path, digest).stream(documents, min_confidence=min_confidence))


def given_statements(labelled: LabelledDocument) -> Iterator[Statement]:
    """Turn labelled statements into statements as attribution would make them."""
    for s in labelled.statements:
        yield Statement(
            sentence=s.sentence,
            part=labelled.sentences[s.sentence].part,
            span=s.span,
            content=s.content,
            quote=s.quote,
            mode=s.mode,
            cue=s.cue,
            mention=s.mention,
            speaker=s.speaker,
            speaker_status=s.speaker_status or "unresolved",
            actor=s.actor,
            organisation=s.organisation,
        )


def _row(scores: Mapping[str, Floats], row: int) -> dict[str, Floats]:
    return {name: values[row] for name, values in scores.items()}


def _statement_ids(read: Read) -> list[str]:
    """`doc_id:start-end`, made unique by "#2" where two sources share a span."""
    seen: dict[str, int] = {}
    ids = []
    for statement in read.statements:
        base = f"{read.page.document.doc_id}:{statement.span.start}-{statement.span.end}"
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return ids


def _frames(head: Head, probabilities: Floats) -> tuple[dict[str, float], dict[str, float]]:
    """Plain probabilities of the frames, and the same shifted so that each frame's threshold comes to lie at 0.5."""
    thresholds = np.full(len(head.labels), 0.5) if head.thresholds is None else head.thresholds
    safe = np.clip(probabilities, 1e-9, 1 - 1e-9)
    shifted = logistic(np.log(safe / (1 - safe)) - np.log(thresholds / (1 - thresholds)))
    names = head.labels
    return {n: round(float(p), 4) for n, p in zip(names, probabilities, strict=True)}, {
        n: round(float(p), 4) for n, p in zip(names, shifted, strict=True)
    }


def _rounded(scores: Mapping[str, float]) -> dict[str, float]:
    """Round to four decimals so that the sum stays 1 and no order turns: what is missing goes to the largest remainders."""
    units = {label: int(p * 10_000) for label, p in scores.items()}
    by_remainder = sorted(scores, key=lambda label: (int(scores[label] * 10_000) - scores[label] * 10_000, -scores[label]))
    for label in by_remainder[: 10_000 - sum(units.values())]:
        units[label] += 1
    return {label: n / 10_000 for label, n in units.items()}


_SHIPPED = "kurdistan-2017"


def shipped_model() -> Path:
    """Return the folder of the shipped model: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "models" / _SHIPPED, package.parent / "models" / _SHIPPED):
        if (folder / "model.json").is_file():
            return folder
    raise StanceError("the shipped model is missing; install stance again, or train one with `stance train labels/`")


def load_tagger(path: str | Path | None = None) -> Tagger:
    """Load a model folder (None: the shipped model) and put it to work."""
    return Tagger(load(path if path is not None else shipped_model()))
