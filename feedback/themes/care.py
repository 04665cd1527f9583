"""Decides which answers are read first; it hides nothing, reports nothing and scores nobody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from enum import IntEnum
from importlib import resources
from typing import TypeVar

from feedback.themes.stems import fold

Key = TypeVar("Key")


class Turn(IntEnum):
    """When an answer's turn to be read comes; later ones are read all the same."""

    CALM = 0
    LOWERED = 1  # such words, but of the past or as a figure of speech
    FIRST = 2  # words of danger in the present


_PHRASES = tomllib.loads(
    resources.files("feedback.themes").joinpath("care.toml").read_text("utf-8")
)
_DANGER = re.compile("|".join((*_PHRASES["self"], *_PHRASES["threat"], *_PHRASES["child"])))
_LOWERED = re.compile("|".join(_PHRASES["lowered"]))
_SENTENCE_END = re.compile(r"[.!?;\n]+")


def turn(text: str) -> Turn:
    """Return when an answer is to be read, by its most pressing sentence."""
    return max((_turn_of(one) for one in _SENTENCE_END.split(fold(text))), default=Turn.CALM)


def reading_order(answers: Iterable[tuple[Key, str]]) -> list[Key]:
    """Return the keys of all answers, pressing ones first, otherwise in the order given."""
    return [key for key, _ in sorted(answers, key=lambda answer: -turn(answer[1]))]


def _turn_of(sentence: str) -> Turn:
    if not _DANGER.search(sentence):
        return Turn.CALM
    return Turn.LOWERED if _LOWERED.search(sentence) else Turn.FIRST
