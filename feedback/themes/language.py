"""Guesses whether an answer is English or Spanish, by a vote of small words."""

from __future__ import annotations

import re

from feedback.themes.stems import fold

_VOTERS = {
    "en": """
        the a an and i to of was is it they them my me you we he she not no have had with that for
        on in at be are were this but so if do did don't from when what who would could there their
        all more get got
    """,
    "es": """
        el la los las un una y yo de que en es era fue no me mi se le lo con por para como su sus
        al del pero si hay muy mas ya cuando donde quien nos nadie todo todos tuve te son este esta
        eso porque sin
    """,
}
_BALLOTS = {lang: frozenset(words.split()) for lang, words in _VOTERS.items()}
SMALL_WORDS = frozenset().union(*_BALLOTS.values())


CLEAR = 0.35  # of all words; of an answer in English or Spanish about half are small ones


def guess(text: str, given: str) -> str:
    """Return ``en`` or ``es`` by the most small words found, or ``given``, the form's language.

    A tie leaves ``given``. So does a form in another language, unless small words are as frequent
    as English or Spanish has them: some are spelled alike in Somali or Hmong.
    """
    votes = _votes(text)
    best = max(votes, key=lambda lang: (votes[lang], lang == given))
    least = votes[given] if given in votes else CLEAR * len(_words(text))
    return best if votes[best] > least else given


def used(text: str) -> frozenset[str]:
    """Return the languages a text is written in: both when people mix them, or nothing tells."""
    votes = _votes(text)
    return frozenset(lang for lang in votes if votes[lang] * 3 >= max(votes.values()))


def _votes(text: str) -> dict[str, int]:
    words = _words(text)
    return {lang: sum(word in ballot for word in words) for lang, ballot in _BALLOTS.items()}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", fold(text))
