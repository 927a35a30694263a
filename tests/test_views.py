"""What the heads see: never who speaks."""

from __future__ import annotations

from typing import Any

import pytest
from casebook import cases
from hypothesis import given
from strategies import unknown_names

from stance.names import find_names
from stance.page import make_page
from stance.records import Document, Span, Statement
from stance.tagger import Tagger
from stance.views import ACTOR, SPEAKER, TARGET, MaskedPage, Seen, featurise, mask_page, see, sequence

ARTICLES = (
    "@ told reporters on Monday that the referendum is illegal, and @ would not recognize it.",
    "Iraq rejects Kurdish vote, @ says\n\nThe vote is a grave mistake, @ said on Tuesday. Officials close to @ said nothing.",
    '"It is our right," said @, who leads the party. The crowd cheered for @. They had come with @\'s posters.',
)


def _masked(tagger: Tagger, text: str) -> MaskedPage:
    page = make_page(Document("d", text))
    codebook = tagger.model.codebook
    return mask_page(page, find_names(page, codebook, tagger.model.attribution.common), codebook)


def _items(tagger: Tagger, article: str, name: str) -> list[tuple[MaskedPage, Seen]]:
    """The article with the name filled in: its first mention is the source of that sentence."""
    text = article.replace("@", name)
    mention = Span(text.index(name), text.index(name) + len(name))
    masked = _masked(tagger, text)
    items = []
    for number, sentence in enumerate(masked.page.sentences):
        speaks = sentence.span.contains(mention)
        statement = Statement(
            number,
            sentence.part,
            sentence.span,
            quote="indirect" if speaks else "none",
            mention=mention if speaks else None,
            speaker_status="named" if speaks else "narrator",
        )
        items.append((masked, see(masked.page, statement)))
    return items


def _terms(tagger: Tagger, article: str, name: str) -> dict[str, list[list[float]]]:
    return {
        block: [counts.indptr.tolist(), counts.ids.tolist(), counts.count.tolist()]
        for block, counts in featurise(_items(tagger, article, name)).items()
    }


@given(unknown_names, unknown_names)
def test_swapping_names_changes_no_term(tagger: Tagger, one: str, other: str) -> None:
    for article in ARTICLES:
        assert _terms(tagger, article, one) == _terms(tagger, article, other)


@pytest.mark.parametrize("case", cases("masked names"))
def test_names_of_all_kinds_are_one_mask(tagger: Tagger, case: dict[str, Any]) -> None:
    for article in ARTICLES:
        assert _terms(tagger, article, case["name"]) == _terms(tagger, article, "Quentis Kelzor")


@given(unknown_names)
def test_swapping_speakers_changes_no_score(tagger: Tagger, name: str) -> None:
    for article in ARTICLES:
        scores, wanted = (tagger.score(_items(tagger, article, n)) for n in (name, "Recep Tayyip Erdogan"))
        assert {head: s.tolist() for head, s in scores.items()} == {head: s.tolist() for head, s in wanted.items()}


def _shown(masked: MaskedPage, source: tuple[int, int] | None = None) -> str:
    """A page as the heads see it, for people."""
    ids, token = sequence(masked, 0, len(masked.page.tokens), source)
    names = {int(ACTOR): "ACTOR", int(TARGET): "TARGET", int(SPEAKER): "SPEAKER"}
    return " ".join(names.get(int(i)) or masked.page.tokens.folded[t] for i, t in zip(ids, token.tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("On Monday Masoud Barzani defended the referendum", "on monday ACTOR defended the TARGET"),
        ("the Kurdistan independence referendum is void", "the TARGET is void"),
        ("the KRG's independence vote", "the ACTOR 's TARGET"),
        ("Iraq's Federal Supreme Court ruled", "ACTOR 's ACTOR court ruled"),
        ("Turkish President Recep Tayyip Erdogan warned Baghdad", "ACTOR warned ACTOR"),
        ("Turkish troops crossed the border", "ACTOR troops crossed the border"),
        ("Later the Turkish President left", "later the ACTOR president left"),
    ],
)
def test_masks(tagger: Tagger, text: str, shown: str) -> None:
    assert _shown(_masked(tagger, text)) == shown


def test_the_source_is_masked_as_speaker_wherever_it_is_a_description(tagger: Tagger) -> None:
    masked = _masked(tagger, "A tired customer in the queue said no")
    assert _shown(masked, (0, 3)) == "SPEAKER in the queue said no"


def test_the_context_is_masked_too(tagger: Tagger) -> None:
    article = "On Monday @ left. It was late."
    one, other = (_terms(tagger, article, n)["context"] for n in ("Zorvath", "Masoud Barzani"))
    assert one == other
    assert one[0][-1] > 0, "the second sentence has a context"


def test_names_count_what_they_say(tagger: Tagger) -> None:
    """The view is not blind: other words give other terms."""
    one, other = (_terms(tagger, f"@ said that the referendum is {word}.", "Zorvath") for word in ("illegal", "right"))
    assert one["words"] != other["words"]
    assert one["chars"] != other["chars"]
