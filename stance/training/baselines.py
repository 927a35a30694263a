"""What a user would otherwise have: the majority answer, and plain scikit-learn on the words as they stand."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from stance.text import Ints


def plain_classes(train: Sequence[str], labels: Ints, test: Sequence[str]) -> Ints:
    """Predict classes by `TfidfVectorizer()` and `LogisticRegression()` with their defaults."""
    vectorizer = TfidfVectorizer()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression().fit(vectorizer.fit_transform(train), labels)
    result: Ints = model.predict(vectorizer.transform(test))
    return result


def plain_flags(train: Sequence[str], flags: NDArray[np.bool_], test: Sequence[str]) -> NDArray[np.bool_]:
    """Predict independent labels, shape (n_test, n_labels), by one such model a label."""
    vectorizer = TfidfVectorizer()
    matrix, unseen = vectorizer.fit_transform(train), vectorizer.transform(test)
    columns = []
    for column in flags.T:
        if column.min() == column.max():
            columns.append(np.full(len(test), column[0]))
        else:
            columns.append(LogisticRegression().fit(matrix, column).predict(unseen))
    return np.stack(columns, axis=1)


def majority(labels: Ints, n: int) -> Ints:
    """The commonest class, `n` times."""
    return np.full(n, np.bincount(labels).argmax())
