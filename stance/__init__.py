"""stance: who is reported to take which side of a referendum, in whose words, and how it is framed.

    >>> import stance
    >>> tagger = stance.load()                                      # doctest: +SKIP
    >>> tagger.tag("Ankara called the vote illegal.")[0].stance     # doctest: +SKIP
    'against'

The names below are loaded when first used, so that `import stance` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.errors import StanceError
    from stance.explain import Explanation
    from stance.reading import read
    from stance.records import Document, Span, Statement, TaggedStatement
    from stance.scoring import evaluate
    from stance.tagger import Tagger
    from stance.tagger import load_tagger as load
    from stance.training.train import train

__version__ = "0.1.0"

_HOME = {
    "Document": "stance.records",
    "Explanation": "stance.explain",
    "Span": "stance.records",
    "StanceError": "stance.errors",
    "Statement": "stance.records",
    "TaggedStatement": "stance.records",
    "Tagger": "stance.tagger",
    "evaluate": "stance.scoring",
    "load": "stance.tagger",
    "read": "stance.reading",
    "train": "stance.training.train",
}
__all__ = [
    "Document",
    "Explanation",
    "Span",
    "StanceError",
    "Statement",
    "TaggedStatement",
    "Tagger",
    "__version__",
    "evaluate",
    "load",
    "read",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'stance' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), "load_tagger" if name == "load" else name)
