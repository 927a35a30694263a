"""Is the stance blind to who speaks? Swap speakers, sides and nationalities for names in no lexicon and compare.

    python benchmarks/blind.py labels/ [--statements 500]

For attributed statements of the training part, every occurrence of the words that name the speaker (a person, a body, a
government) is replaced by an invented name of one to five tokens, with particles and hyphens, and the article is tagged
again from raw text. Printed: the share of statements whose stance changes and the mean change of its probability, for
all of them and for those whose source is found again.
"""

from __future__ import annotations

import argparse
import re

import numpy as np

import stance
from stance.labels.format import read_labels
from stance.records import Document, TaggedStatement
from stance.tagger import Tagger

NAMES = (
    "Orvath", "Tellis Venn", "Mirko Dal-Haris", "Ansa van der Quill", "Yoru al-Tamek", "Petra Iln Osk Varro", "Kesh-Orim Balte",
    "Dovrin ibn Sal Hakk Teu", "Zalme", "Brisk Onnery",
)  # fmt: skip


def swapped(document: Document, words: str, name: str) -> Document:
    """Replace each whole occurrence of `words` in the text."""
    text = re.sub(rf"\b{re.escape(words)}\b", name, document.text)
    return Document(document.doc_id, text, date=document.date, genre=document.genre)


def attributed(tagger: Tagger, document: Document) -> list[TaggedStatement]:
    """Tag a document; narrator statements are left out."""
    return [t for t in tagger.tag(document) if t.statement.speaker_status != "narrator"]


def place(tagged: TaggedStatement) -> tuple[int, bool]:
    """What identifies a statement in both readings: its sentence, and whether it has a cue."""
    return tagged.statement.sentence, tagged.statement.cue is not None


def source(tagged: TaggedStatement) -> str:
    """The words of the source, or ""."""
    mention = tagged.statement.mention
    return tagged.document.text[mention.start : mention.end] if mention else ""


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("labels")
    parser.add_argument("--statements", type=int, default=500)
    options = parser.parse_args()
    tagger = stance.load()
    random = np.random.default_rng(20170925)
    rows: list[tuple[bool, float, bool]] = []
    for labelled in read_labels(options.labels):
        if labelled.split != "train" or not labelled.header.get("complete") or len(rows) >= options.statements:
            continue
        document = labelled.document
        before = attributed(tagger, document)
        named = {source(t) for t in before if t.statement.speaker}
        for words in sorted(n for n in named if n[:1].isupper() and len(n) > 3)[:4]:
            name = NAMES[int(random.integers(len(NAMES)))]
            after = {place(t): t for t in attributed(tagger, swapped(document, words, name))}
            for one in (t for t in before if source(t) == words and place(t) in after):
                other = after[place(one)]
                move = abs(one.stance_scores[one.stance] - other.stance_scores[one.stance])
                rows.append((one.stance != other.stance, move, source(other) == name))
    table = np.array(rows, dtype=float)
    held = table[table[:, 2] > 0]
    print("| | statements | stance changed | mean change of probability |\n|---|---|---|---|")
    for label, part in (("end to end", table), ("source found again", held)):
        print(f"| {label} | {len(part)} | {part[:, 0].mean():.2%} | {part[:, 1].mean():.4f} |")


if __name__ == "__main__":
    main()
