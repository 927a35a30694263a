"""The table of the terminal: statements grouped by article, readable at 100 columns, stance in colour and in words."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence
from shutil import get_terminal_size

from stance.records import TaggedStatement

_COLOURS = {"favor": "32", "against": "31", "neutral": "2"}
_SIGNS = {"favor": "+ favor", "against": "- against", "neutral": "  neutral"}


class Table:
    """Formats articles one after the other; narrator sentences are counted, not listed."""

    def __init__(self, *, width: int | None = None, colour: bool | None = None) -> None:
        self.width = max(80, min(width or get_terminal_size((100, 24)).columns, 140))
        self.colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ if colour is None else colour

    def article(self, statements: Sequence[TaggedStatement]) -> str:
        """Return one article's block of lines."""
        if not statements:
            return ""
        first = statements[0]
        headline = first.document.title or first.headline
        title = " ".join(first.document.text[headline.start : headline.end].split()) if headline else ""
        lines = [self._paint(f"{first.document.doc_id}  {title}"[: self.width].rstrip(), "1")]
        attributed = [s for s in statements if s.statement.speaker_status != "narrator"]
        lines += [line for s in attributed for line in self._statement(s)]
        narrated = len(statements) - len(attributed)
        lines.append(self._paint(f"  {narrated} sentence{'' if narrated == 1 else 's'} of the narrator", "2"))
        return "\n".join(lines) + "\n\n"

    def _statement(self, tagged: TaggedStatement) -> list[str]:
        statement = tagged.statement
        who = statement.speaker or self._mention(tagged)
        score = tagged.stance_scores[tagged.stance]
        stance = f"{_SIGNS.get(tagged.stance, tagged.stance):10s}{score:4.2f}{'?' if tagged.abstain else ' '}"
        frames = ", ".join(tagged.frames)
        who_width, frame_width = (26, 24) if self.width >= 100 else (18, 14)
        text_width = self.width - 2 - len(stance) - 2 - who_width - 2 - frame_width - 2
        cells = [
            [stance],
            textwrap.wrap(who, who_width) or [""],
            textwrap.wrap(self._content(tagged), max(text_width, 20), max_lines=3, placeholder=" …") or [""],
            textwrap.wrap(frames, frame_width) or [""],
        ]
        widths = (len(stance), who_width, max(text_width, 20), frame_width)
        lines = []
        for row in range(max(map(len, cells))):
            parts = [(c[row] if row < len(c) else "").ljust(w) for c, w in zip(cells, widths, strict=True)]
            parts[0] = self._paint(parts[0], _COLOURS.get(tagged.stance, "0"))
            lines.append("  " + "  ".join(parts).rstrip())
        return lines

    @staticmethod
    def _mention(tagged: TaggedStatement) -> str:
        mention = tagged.statement.mention
        words = tagged.document.text[mention.start : mention.end] if mention else "unnamed source"
        return f"({' '.join(words.split())})"

    @staticmethod
    def _content(tagged: TaggedStatement) -> str:
        text = tagged.document.text
        return " … ".join(" ".join(text[c.start : c.end].split()) for c in tagged.statement.content)

    def legend(self) -> str:
        """Return the lines under the last article."""
        return "stance and its probability | speaker, in brackets where no name is known | what is said | frames\n"

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
