"""Suggests themes for an answer; a person always chooses, and nothing here is ever counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from feedback.themes.codebook import Codebook
from feedback.themes.learn import EXAMPLE_WEIGHT, Lesson, Model, Reading, can_learn
from feedback.themes.stems import fold, stem_pattern, stems_found

SHOWN = 5  # suggestions beside an answer, one number key each
AMONG = 3  # suggestions that `hit_rate` looks at


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that may fit, with a score between 0 and 1 that only orders."""

    theme: str
    score: float


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """An answer that a person has coded, to learn from."""

    text: str = field(repr=False)
    lang: str
    themes: tuple[str, ...] = field(repr=False)


class Suggester:
    """Suggests themes, learned anew in memory for each session.

    Without scikit-learn, or with ``learn=False``, it goes by the codebook's stems alone.
    """

    def __init__(
        self, codebook: Codebook, coded: Sequence[CodedAnswer] = (), *, learn: bool | None = None
    ) -> None:
        self._ids = [theme.id for theme in codebook.themes]
        self._patterns = {
            lang: {theme.id: stem_pattern(theme.words[lang].stems) for theme in codebook.themes}
            for lang in codebook.languages
        }
        self._first = codebook.languages[0]
        self._taken = Counter(theme for answer in coded for theme in answer.themes)
        learns = (can_learn() if learn is None else learn) and len(self._ids) > 1
        self._model = Model(self._ids, self._lessons(codebook, coded)) if learns else None

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to disk."""
        raise TypeError("A suggester holds words of opened answers and is never stored.")

    @property
    def learns(self) -> bool:
        """Whether it learns from coded answers, or goes by stems alone."""
        return self._model is not None

    def suggest(self, text: str, lang: str, most: int = SHOWN) -> list[Suggestion]:
        """Return up to ``most`` themes for one answer, likeliest first."""
        return self.suggest_all([(text, lang)], most)[0]

    def suggest_all(
        self, answers: Sequence[tuple[str, str]], most: int = SHOWN
    ) -> list[list[Suggestion]]:
        """Return the suggestions for many answers, each a text and its language."""
        hits = [self._hits(text, lang) for text, lang in answers]
        if self._model is None:
            return [self._by_stems(found)[:most] for found in hits]
        readings = [Reading(text, tuple(h)) for (text, _), h in zip(answers, hits, strict=True)]
        return [self._ordered(row)[:most] for row in self._model.scores(readings)]

    def _hits(self, text: str, lang: str) -> dict[str, int]:
        """Count the stems found for each theme that has any."""
        folded = fold(text)
        patterns = self._patterns.get(lang, self._patterns[self._first])
        counts = ((id_, stems_found(pattern, folded)) for id_, pattern in patterns.items())
        return {id_: count for id_, count in counts if count}

    def _by_stems(self, hits: dict[str, int]) -> list[Suggestion]:
        """Order by stems found, then by how often people took the theme; nothing found, nothing."""
        order = sorted(hits, key=lambda id_: (-hits[id_], -self._taken[id_]))
        return [Suggestion(id_, hits[id_] / (hits[id_] + 1)) for id_ in order]

    def _ordered(self, scores: Sequence[float]) -> list[Suggestion]:
        pairs = zip(self._ids, scores, strict=True)
        return [Suggestion(*pair) for pair in sorted(pairs, key=lambda pair: -pair[1])]

    def _lessons(self, codebook: Codebook, coded: Sequence[CodedAnswer]) -> list[Lesson]:
        """Gather coded answers and, with less weight, what the codebook says of each theme."""
        phrases = [
            CodedAnswer(phrase, lang, (theme.id,))
            for theme in codebook.themes
            for lang, words in theme.words.items()
            for phrase in (f"{words.label}. {words.definition}", *words.examples)
        ]
        weighed = [*((one, 1.0) for one in coded), *((one, EXAMPLE_WEIGHT) for one in phrases)]
        return [
            Lesson(Reading(one.text, tuple(self._hits(one.text, one.lang))), one.themes, weight)
            for one, weight in weighed
        ]


def hit_rate(
    coded: Iterable[tuple[Sequence[str], Sequence[str]]], among: int = AMONG
) -> float | None:
    """Return the share of chosen themes that were among the first suggestions.

    Each pair holds what was suggested before the person saved, and what the person chose, so the
    rate is of answers the suggester had not seen. None as long as nothing was both.
    """
    chosen = hit = 0
    for offered, themes in coded:
        if offered:
            chosen += len(themes)
            hit += len(set(themes) & set(offered[:among]))
    return hit / chosen if chosen else None
