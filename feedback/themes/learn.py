"""The only importer of scikit-learn: learns themes from coded answers and codebook phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module, util
from typing import Any, NoReturn

import numpy as np
from scipy import sparse
from scipy.special import expit

from feedback.themes.stems import fold

# Measured on 3,497 human-coded patient comments with 27 themes; tests/bench/bench_themes.py.
WORDS = (1, 2)  # words and pairs of words
LETTERS = (3, 4)  # runs of letters inside a word, which forgive spelling
HIT_WEIGHT = 0.5  # of a keyword hit among the features
EXAMPLE_WEIGHT = 0.3  # of a codebook phrase, where a coded answer is 1
INVERSE_REGULARISATION = 5.0  # 3 to 30 make little difference


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to learn from: one text, weight, row of keyword hits and row of 0/1 marks a lesson."""

    texts: Sequence[str] = field(repr=False)
    weights: Sequence[float]
    hits: Sequence[Sequence[int]] = field(repr=False)
    marks: Sequence[Sequence[int]] = field(repr=False)  # one 0 or 1 per theme


def can_learn() -> bool:
    """Return whether scikit-learn is installed, without loading it."""
    return util.find_spec("sklearn") is not None


class Model:
    """A classifier per theme over words, letters and keyword hits.

    Its vocabulary is the words of opened answers: it lives in memory and refuses to be pickled.
    """

    def __init__(self, lessons: Lessons) -> None:
        self._vectorizers = [
            _vectorizer(analyzer="word", ngram_range=WORDS),
            _vectorizer(analyzer="char_wb", ngram_range=LETTERS),
        ]
        parts = [vectorizer.fit_transform(lessons.texts) for vectorizer in self._vectorizers]
        features = _beside(parts, lessons.hits)
        fitted = [
            _fit(features, list(marks), list(lessons.weights))
            for marks in zip(*lessons.marks, strict=True)
        ]
        self._weights = np.vstack([one.coef_[0] for one in fitted]).T
        self._offsets = np.array([one.intercept_[0] for one in fitted])

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to disk."""
        raise TypeError("A learned model holds words of opened answers and is never stored.")

    def scores(self, texts: Sequence[str], hits: Sequence[Sequence[int]]) -> list[list[float]]:
        """Return for each text the score of each theme, between 0 and 1."""
        if not texts:
            return []
        parts = [vectorizer.transform(texts) for vectorizer in self._vectorizers]
        logits = _beside(parts, hits) @ self._weights + self._offsets
        return [[float(score) for score in row] for row in expit(logits)]


def _beside(parts: list[Any], hits: Sequence[Sequence[int]]) -> sparse.csr_array:
    """Put words, letters and keyword hits side by side, one row a text."""
    found = sparse.csr_array(HIT_WEIGHT * (np.asarray(hits) > 0))
    return sparse.csr_array(sparse.hstack([*parts, found]))


def _vectorizer(**options: object) -> Any:  # noqa: ANN401
    text = import_module("sklearn.feature_extraction.text")
    return text.TfidfVectorizer(preprocessor=fold, sublinear_tf=True, **options)


def _fit(features: sparse.csr_array, marks: list[int], weights: list[float]) -> Any:  # noqa: ANN401
    linear = import_module("sklearn.linear_model")
    model = linear.LogisticRegression(
        C=INVERSE_REGULARISATION,
        class_weight="balanced",  # most themes are rare
        solver="liblinear",
        dual=True,  # twenty times faster here, with the same answers
        tol=0.01,
        random_state=0,  # the same lessons suggest the same
    )
    return model.fit(features, marks, sample_weight=weights)
