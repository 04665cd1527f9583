"""Hints for readers: answers in almost the same words, and words that are new."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from feedback.themes.language import SMALL_WORDS
from feedback.themes.stems import fold

ALIKE = 0.77  # finds 96 of 100 slightly edited copies, and 1 chance pair per 100 answers
LEAST_WORDS = 6  # shorter answers are alike by chance
LEAST_ANSWERS = 3  # that use a word before it is shown
WORDS_SHOWN = 20
TELLING = 1.64  # standard errors; words below come up by chance
_LETTERS = (3, 4, 5)

Holders = tuple[NDArray[np.int64], NDArray[np.float64]]  # which answers, with what weight


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers in almost the same words, by position; people judge what that means."""

    one: int
    other: int
    likeness: float


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word that is frequent here and new, with the positions of its answers."""

    word: str = field(repr=False)
    answers: tuple[int, ...]


def near_copies(texts: Sequence[str], alike: float = ALIKE) -> list[Pair]:
    """Return the pairs of answers whose letters are at least so alike, most alike first."""
    long_enough = [at for at, text in enumerate(texts) if len(text.split()) >= LEAST_WORDS]
    rows = _weights([_letter_runs(texts[at]) for at in long_enough])
    holders = _holders(rows)
    pairs = []
    for one, row in enumerate(rows):
        likeness = np.zeros(len(rows))
        for run, weight in row.items():
            others, weights = holders[run]
            likeness[others] += weight * weights
        for other in np.flatnonzero(likeness[one + 1 :] >= alike) + one + 1:
            value = min(float(likeness[other]), 1.0)
            pairs.append(Pair(long_enough[one], long_enough[other], value))
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.one, pair.other))


def new_words(texts: Sequence[str], before: Sequence[str]) -> list[NewWord]:
    """Return words of ``texts`` that ``before`` does not have, the most telling first.

    ``before`` is what is known: the codebook's phrases. Words are ordered by the z-score of their
    log-odds.
    """
    here, known = _answers_by_word(texts), _answers_by_word(before)
    scored = [
        (_stands_out(len(at), len(texts), len(before)), word)
        for word, at in here.items()
        if len(at) >= LEAST_ANSWERS and word not in SMALL_WORDS and word not in known
    ]
    best = sorted(((score, word) for score, word in scored if score > TELLING), reverse=True)
    return [NewWord(word, tuple(here[word])) for _, word in best[:WORDS_SHOWN]]


def _letter_runs(text: str) -> Counter[str]:
    """Count runs of 3 to 5 letters inside each word, its edges marked by a space."""
    runs: Counter[str] = Counter()
    for word in fold(text).split():
        for size in _LETTERS:
            starts = max(1, len(word) + 3 - size)
            runs.update(f" {word} "[at : at + size] for at in range(starts))
            if starts == 1:
                break
    return runs


def _weights(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Weigh each run by how rare it is (tf-idf), so that every answer has length 1."""
    seen = Counter(run for row in counts for run in row)
    rarity = {run: math.log((1 + len(counts)) / (1 + times)) + 1 for run, times in seen.items()}
    rows = []
    for row in counts:
        weights = {run: count * rarity[run] for run, count in row.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        rows.append({run: weight / length for run, weight in weights.items()})
    return rows


def _holders(rows: Sequence[Mapping[str, float]]) -> dict[str, Holders]:
    """Return for each run which answers hold it, with what weight."""
    found: dict[str, list[tuple[int, float]]] = {}
    for at, row in enumerate(rows):
        for run, weight in row.items():
            found.setdefault(run, []).append((at, weight))
    return {
        run: (np.array([at for at, _ in held]), np.array([weight for _, weight in held]))
        for run, held in found.items()
    }


def _answers_by_word(texts: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        for word in set(re.findall(r"[^\W\d_](?:'?[^\W\d_]){2,}", fold(text))):
            found.setdefault(word, []).append(at)
    return found


def _stands_out(here: int, texts: int, before: int) -> float:
    """Return the z-score of a word's log-odds here against before, where nobody used it.

    Each is counted half an answer more.
    """
    a, b = here + 0.5, 0.5
    odds = math.log(a / (texts + 1 - a)) - math.log(b / (before + 1 - b))
    return odds / math.sqrt(1 / a + 1 / b)
