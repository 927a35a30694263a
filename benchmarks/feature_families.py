"""Leave a family of features out of the attribution model, without a change to it.

`stance.cues` and `stance.roles` build every column of their terms by `combine(name, …)`. Inside `without("quotes")` the
calls whose column belongs to the family return one constant for all rows instead, in training as in prediction. A column
that draws on two families (the lexicon class of a token and the marks around it) falls with either. Columns are known
by their names; a name that this module does not list is an error, so that the lists follow the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest.mock import patch

import numpy as np

from stance import cues, roles
from stance.features import combine
from stance.text import Ids

FAMILIES = {
    "neighbours": "the words next to a token",
    "word classes": "endings, capitals, numbers, function words",
    "quotes": "quotation marks",
    "lexicon": "the list of reporting words",
    "boundaries": "commas, clauses, place in the sentence, what stands between cue and token",
    "chained": "the role of the token before",
}
_N, _W, _Q, _L, _B, _C = FAMILIES

# Columns in the order of the code, with the families that they draw on; () is in every model.
_CUES: dict[str, tuple[str, ...]] = {
    "around": (),  # an ingredient of columns
    "0": (),
    **dict.fromkeys(("-1", "+1", "-2", "+2", "-10", "0+1", "-1+1"), (_N,)),
    **dict.fromkeys(("s", "k", "k-", "k+"), (_W,)),
    "kk": (_W, _L),
    "l": (_L,),
    **dict.fromkeys(("l-", "l+", "l++", "l--"), (_W, _L)),
    "q": (_Q,),
    "ql": (_Q, _L),
    "qw": (_Q,),
    "t": (_B, _L),
    "tw": (_B,),
    **dict.fromkeys(("p", "e"), (_B, _L)),
    "sq": (_Q, _L),
    "n": (_W, _L),
    "part": (_L,),
    "partw": (_W,),
    **dict.fromkeys(("k3", "k+3"), (_W, _L)),
}
_ROLES: dict[str, tuple[str, ...]] = {
    "place": (),  # an ingredient of columns
    **dict.fromkeys(("d", "dw"), ()),
    "dk": (_L,),
    **dict.fromkeys(("cw", "w", "wc"), ()),
    **dict.fromkeys(("ww", "ww+"), (_N,)),
    **dict.fromkeys(("k3", "k-", "k+"), (_W,)),
    **dict.fromkeys(("st", "sq"), (_Q,)),
    "cm": (_B,),
    "cmk": (_B, _L),
    "ot": (_B,),
    **dict.fromkeys(("vb", "th"), (_B, _L)),
    "nn": (_B, _W),
    **dict.fromkeys(("hd", "op", "hs"), (_B,)),
    "cc": (_W,),
    **dict.fromkeys(("cd", "ce"), (_B, _W)),
    **dict.fromkeys(("ca", "cb"), (_W,)),
    **dict.fromkeys(("sn", "snq", "cs"), (_Q,)),
    "kc": (_W, _L),
    **dict.fromkeys(("fq", "fp", "qd"), (_Q,)),
    **dict.fromkeys(("*", "*w"), ()),
    **dict.fromkeys(("*b", "*bw"), (_N,)),
    "*k": (_W,),
    "*s": (_Q,),
    "*d": (_L,),
    **dict.fromkeys(("*p", "*h"), (_B,)),
    "*f": (_Q,),
    **dict.fromkeys(("*t", "*c"), ()),
    "*kb": (_W, _L),
    "*a": (_W,),
    "chain": (_C,),  # ties each of the columns "*" to the label of the token before
}


@contextmanager
def without(family: str) -> Iterator[None]:
    """Blank the columns of `family` in `stance.cues` and `stance.roles` while the context lasts."""
    if family not in FAMILIES:
        raise ValueError(f"no family {family!r}; there are {', '.join(FAMILIES)}")
    with ExitStack() as stack:
        for module, columns in ((cues, _CUES), (roles, _ROLES)):
            stack.enter_context(patch.object(module, "combine", _blanking(module, columns, family)))
        yield


def _blanking(module: ModuleType, columns: dict[str, tuple[str, ...]], family: str) -> Callable[..., Ids]:
    def blanking(name: str, *parts: np.ndarray) -> Ids:
        if name not in columns:
            raise SystemExit(f"{module.__name__} makes a column {name!r} that {__name__} does not list; add it with its families")
        if family in columns[name]:
            return combine(name, np.zeros(np.broadcast_shapes(*(np.shape(p) for p in parts)), dtype=np.uint64))
        return combine(name, *parts)

    return blanking
