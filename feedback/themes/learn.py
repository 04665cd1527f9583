"""The only importer of scikit-learn: learns themes from coded answers and codebook phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module, util
from typing import Any, NoReturn

import numpy as np

from feedback.themes.stems import fold

# Measured on 3,497 human-coded patient comments with 27 themes; tests/bench/bench_themes.py.
WORDS = (1, 2)  # words and pairs of words
LETTERS = (3, 4)  # runs of letters inside a word, which forgive spelling
HIT_WEIGHT = 0.5  # of a keyword hit among the features, as long as no answer is coded
HIT_WEIGHT_LATER = 0.25  # when very many are; halfway there after HALFWAY coded answers
HALFWAY = 100
EXAMPLE_WEIGHT = 0.3  # of a codebook phrase, where a coded answer is 1
INVERSE_REGULARISATION = 5.0  # 3 to 30 make little difference


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it: its letters, and the themes whose stems it holds."""

    text: str = field(repr=False)
    hits: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, the themes a person gave it, and how much it weighs."""

    reading: Reading = field(repr=False)
    themes: tuple[str, ...] = field(repr=False)
    weight: float


def can_learn() -> bool:
    """Return whether scikit-learn is installed, without loading it."""
    return util.find_spec("sklearn") is not None


class Model:
    """A classifier per theme over words, letters and keyword hits.

    Every theme needs a lesson that has it and one that has not. Its vocabulary is the words of
    opened answers: it lives in memory and refuses to be pickled.
    """

    def __init__(self, themes: Sequence[str], lessons: Sequence[Lesson]) -> None:
        coded = sum(lesson.weight == 1 for lesson in lessons)
        self._features = _features(themes, _hit_weight(coded))
        rows = self._features.fit_transform([lesson.reading for lesson in lessons])
        weights = [lesson.weight for lesson in lessons]
        fitted = [
            _classifier().fit(rows, [theme in one.themes for one in lessons], weights)
            for theme in themes
        ]
        self._weights = np.vstack([one.coef_[0] for one in fitted]).T
        self._offsets = np.array([one.intercept_[0] for one in fitted])

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to disk."""
        raise TypeError("A learned model holds words of opened answers and is never stored.")

    def scores(self, readings: Sequence[Reading]) -> list[list[float]]:
        """Return for each text the score of each theme, between 0 and 1."""
        if not readings:
            return []
        logits = self._features.transform(readings) @ self._weights + self._offsets
        return [[float(score) for score in row] for row in 1 / (1 + np.exp(-logits))]


def _hit_weight(coded: int) -> float:
    """Return what a keyword hit weighs: the more people have coded, the less lists need to say."""
    return HIT_WEIGHT_LATER + (HIT_WEIGHT - HIT_WEIGHT_LATER) / (1 + coded / HALFWAY)


def _features(themes: Sequence[str], hit_weight: float) -> Any:  # noqa: ANN401
    text, union = (
        import_module("sklearn.feature_extraction.text"),
        import_module("sklearn.pipeline"),
    )
    options = {"preprocessor": lambda reading: fold(reading.text), "sublinear_tf": True}
    return union.FeatureUnion(
        [
            ("words", text.TfidfVectorizer(ngram_range=WORDS, **options)),
            ("letters", text.TfidfVectorizer(analyzer="char_wb", ngram_range=LETTERS, **options)),
            ("hits", text.CountVectorizer(analyzer=lambda one: one.hits, vocabulary=themes)),
        ],
        transformer_weights={"hits": hit_weight},
    )


def _classifier() -> Any:  # noqa: ANN401
    linear = import_module("sklearn.linear_model")
    return linear.LogisticRegression(
        C=INVERSE_REGULARISATION,
        class_weight="balanced",  # most themes are rare
        solver="liblinear",
        dual=True,  # twenty times faster here, with the same answers
        tol=0.01,
        random_state=0,  # the same lessons suggest the same
    )
