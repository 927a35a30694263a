"""Tagged statements as labelled documents for correction: `classify -f labels`.

The statements carry no annotator: `train` passes them over until somebody has corrected them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from stance.labels.format import LabelledDocument, LabelledStatement, to_record
from stance.page import make_page
from stance.records import Sentence, TaggedStatement


def prefilled(statements: Sequence[TaggedStatement], *, codebook: int | None = None) -> str:
    """Return the JSON line of one article's labelled document; "" for an article without statements. `codebook` is its version."""
    if not statements:
        return ""
    document = statements[0].document
    page = make_page(document)
    sentences = tuple(Sentence(*page.view.to_source(s.span), s.part) for s in page.sentences)
    header: dict[str, Any] = {"origin": "real", "follows": None, "target": statements[0].model.split("@")[0], "complete": True}
    if codebook is not None:
        header["codebook"] = codebook
    labelled = LabelledDocument(document, sentences, tuple(_statement(s) for s in statements), header)
    return json.dumps(to_record(labelled), ensure_ascii=False) + "\n"


def _statement(tagged: TaggedStatement) -> LabelledStatement:
    s = tagged.statement
    return LabelledStatement(
        sentence=s.sentence,
        start=s.span.start,
        end=s.span.end,
        speaker=s.speaker,
        speaker_status=s.speaker_status,
        mention=s.mention,
        cue=s.cue,
        content=s.content,
        quote=s.quote,
        mode=s.mode,
        actor=s.actor,
        organisation=s.organisation,
        stance=tagged.stance,
        ground=tagged.ground,
        basis=None if tagged.stance == "neutral" else "explicit",
        on_target=tagged.on_target,
        frames=tagged.frames,
        interference=tagged.interference,
        made="prefilled",
    )
