"""How well stance finds who says what, on PolNeAR (Newell, Margolin & Ruths 2018): `python benchmarks/polnear.py FOLDER`.

Enters: PolNeAR, from a folder or .tar.gz that the user names. Leaves: Markdown tables on standard output. The code of
`stance.training` is fitted on the training part and scored on the development part. The threshold of cues is chosen
on every tenth training article with a model of the other nine, then the model is fitted on all of them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from attribution_scores import WORD, Counts, Matches, Sentences, f1, interval, ratio, resampled_f1
from feature_families import FAMILIES, without
from polnear_data import Article, Attribution, read_polnear

from stance.attribution import AttributionModel, find_attributions, quote_type
from stance.cues import cue_head
from stance.model import load
from stance.page import Page, make_page
from stance.records import Document, Span
from stance.training.attribution import Gold, fit_cues, fit_roles

_THRESHOLDS = tuple(k / 20 for k in range(4, 13))  # .20 to .60
_C = 0.3  # as `train_attribution` has it for cues and roles
_SHIPPED = Path(__file__).parents[1] / "models" / "kurdistan-2017"


def page_of(article: Article) -> Page:
    """Prepare an article as stance prepares any document."""
    return make_page(Document(article.name, article.text))


def golds_of(page: Page, article: Article) -> list[Gold]:
    """Turn an annotator's spans into the tokens that training wants."""

    def tokens(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
        views = [page.view.from_source(s) for s in spans]
        return tuple(page.tokens.between(v.start, v.end) for v in views)

    result = []
    for one in article.attributions:
        cue = cue_head(page, page.view.from_source(one.cue[0])) if one.cue else -1
        result.append(Gold(cue, tokens(one.content), tokens(one.source)))
    return result


def predict(page: Page, model: AttributionModel) -> list[Attribution]:
    """Return what the model finds, in characters of the text as read."""

    def chars(stretch: tuple[int, int]) -> Span:
        return page.view.to_source(Span(int(page.tokens.start[stretch[0]]), int(page.tokens.end[stretch[1] - 1])))

    return [
        Attribution(
            content=tuple(chars(c) for c in found.content),
            source=(chars(found.source),) if found.source else (),
            cue=(chars((found.cue, found.cue + 1)),),
            quote=quote_type(page, found.content),
        )
        for found in find_attributions(page, model)
    ]


def fit(articles: Sequence[Article]) -> AttributionModel:
    """Fit cues and roles by the project's own training."""
    pages = [(page, golds_of(page, article)) for article in articles for page in [page_of(article)]]
    return fit_roles(fit_cues(pages, C=_C), pages, C=_C)


def choose_threshold(articles: Sequence[Article]) -> float:
    """Return the threshold with the best F1 of content and source on every tenth article, with a model of the others."""
    held_out = articles[::10]
    model = fit([a for i, a in enumerate(articles) if i % 10])
    pages = [page_of(a) for a in held_out]

    def quality(threshold: float) -> float:
        found = Matches(held_out, [predict(p, replace(model, threshold=threshold)) for p in pages])
        return f1(found.right, found.labelled, found.predicted)

    return max(_THRESHOLDS, key=quality)


@dataclass(frozen=True)
class Result:
    """The counts of one model on the articles; `typed` by kind of quotation, of predictions of that kind."""

    everything: Matches
    typed: dict[str, Matches]
    direct_words: Matches  # direct labels, predictions of any kind
    indirect_found: Matches  # indirect labels, predictions of any kind
    sentences: Sentences
    speed: float


_KINDS = {"direct": ("direct",), "direct + mixed": ("direct", "mixed"), "indirect": ("indirect",)}


def evaluate(articles: Sequence[Article], model: AttributionModel) -> Result:
    """Find the attributions of the articles and count what is right; `speed` in words a second of one core's time."""
    predict(page_of(articles[0]), model)  # tables that are built once a process
    found, starts = [], []
    began = time.process_time()
    for article in articles:
        page = page_of(article)
        found.append(predict(page, model))
        starts.append([page.view.to_source(s.span).start for s in page.sentences])
    seconds = time.process_time() - began
    return Result(
        everything=Matches(articles, found),
        typed={
            name: Matches(articles, [[p for p in ps if p.quote in kinds] for ps in found], kinds) for name, kinds in _KINDS.items()
        },
        direct_words=Matches(articles, found, ("direct",)),
        indirect_found=Matches(articles, found, ("indirect",)),
        sentences=Sentences(articles, found, starts),
        speed=sum(len(WORD.findall(a.text)) for a in articles) / seconds,
    )


def show(result: Result) -> Iterator[str]:
    """Yield the lines of the table of one model."""
    yield "| | P | R | F1 | 95 % |"
    yield "|---|--:|--:|--:|--:|"
    everything, sentences = result.everything, result.sentences
    yield _row("content, all types", everything.matched, everything)
    yield _row("content + source, all types", everything.right, everything)
    yield from (_row(f"content + source, {name}", counts.right, counts) for name, counts in result.typed.items())
    yield _row("content + exact source, all types", everything.exact, everything)
    yield _row("sentences attributed to somebody", sentences.right, sentences)
    yield ""
    yield "| | |"
    yield "|---|--:|"
    found, direct = result.indirect_found, result.typed["direct"]
    yield f"| indirect contents found with source, by predictions of any type | {ratio(found.right, found.labelled):.1f} % |"
    for name, counts in (("all types", everything), ("direct", result.direct_words)):
        yield f"| words attributed to the right source, {name} | {ratio(counts.words_right, counts.words):.1f} % |"
    for name, counts in (("all types", everything), ("direct", direct)):
        right, exact = ratio(counts.right, counts.matched), ratio(counts.exact, counts.matched)
        yield f"| given the content: source overlaps / exact, {name} | {right:.1f} % / {exact:.1f} % |"
    yield f"| words a second, one core | {round(result.speed, -2):,.0f} |"


def _row(name: str, right: Counts, counts: Matches | Sentences) -> str:
    low, high = interval(resampled_f1(right, counts.labelled, counts.predicted))
    precision, recall = ratio(right, counts.predicted), ratio(right, counts.labelled)
    return (
        f"| {name} | {precision:.1f} | {recall:.1f} | {f1(right, counts.labelled, counts.predicted):.1f} | {low:.1f}–{high:.1f} |"
    )


def ablate(training: Sequence[Article], articles: Sequence[Article], whole: Result, threshold: float) -> Iterator[str]:
    """Yield the lines of a table of models that lack one family of features, at the threshold of the whole one.

    The interval is of the difference to the whole model in F1 of all types, the same articles drawn for both.
    """
    yield "| features | all types | difference, 95 % | direct | direct + mixed | indirect R | sentences |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for family in (None, *FAMILIES):
        result = whole
        if family is not None:
            with without(family):
                result = evaluate(articles, replace(fit(training), threshold=threshold))
        yield _ablation_row(f"without {family}" if family else "all", result, whole)


def _ablation_row(name: str, result: Result, whole: Result) -> str:
    scores = [
        f1(m.right, m.labelled, m.predicted) for m in (result.everything, result.typed["direct"], result.typed["direct + mixed"])
    ]
    difference = "–"
    if result is not whole:
        draws = [resampled_f1(m.right, m.labelled, m.predicted) for m in (result.everything, whole.everything)]
        low, high = interval(draws[0] - draws[1])
        counts = whole.everything
        difference = f"{scores[0] - f1(counts.right, counts.labelled, counts.predicted):+.1f} ({low:+.1f} to {high:+.1f})"
    indirect = ratio(result.typed["indirect"].right, result.typed["indirect"].labelled)
    sentences = f1(result.sentences.right, result.sentences.labelled, result.sentences.predicted)
    return f"| {name} | {scores[0]:.1f} | {difference} | {scores[1]:.1f} | {scores[2]:.1f} | {indirect:.1f} | {sentences:.1f} |"


def main() -> None:
    """Read the command line, train unless told not to, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("polnear", type=Path, metavar="FOLDER_OR_TARBALL", help="PolNeAR, unpacked or as .tar.gz")
    parser.add_argument("--limit", type=int, metavar="N", help="train on N articles, evenly spaced, instead of all")
    parser.add_argument("--shipped", action="store_true", help="score the shipped model instead, which never saw PolNeAR")
    parser.add_argument("--ablate", action="store_true", help="train again without each family of features")
    options = parser.parse_args()
    if options.shipped and (options.ablate or options.limit):
        parser.error("--shipped trains nothing: leave out --limit and --ablate")
    if options.limit is not None and options.limit < 20:
        parser.error("--limit must be at least 20: a tenth of the articles chooses the threshold")
    data = read_polnear(options.polnear)
    training, articles = data["train"], data["dev"]
    if options.limit and options.limit < len(training):
        training = [training[i * len(training) // options.limit] for i in range(options.limit)]
    print(f"{len(articles)} articles, {sum(len(a.attributions) for a in articles)} attributions with content.")
    if options.shipped:
        shipped = load(_SHIPPED)
        print(f"Shipped model {shipped.name}, threshold {shipped.attribution.threshold}.\n")
        print(*show(evaluate(articles, shipped.attribution)), sep="\n")
        return
    threshold = choose_threshold(training)
    print(f"Trained on {len(training)} articles; threshold {threshold}.\n", flush=True)
    whole = evaluate(articles, replace(fit(training), threshold=threshold))
    print(*show(whole), sep="\n", flush=True)
    if options.ablate:
        print()
        for line in ablate(training, articles, whole, threshold):
            print(line, flush=True)


if __name__ == "__main__":
    main()
