"""Shares of people in words first: how far a published number reaches, and how it is said."""

from __future__ import annotations

import math
from enum import StrEnum

FEWEST_TO_SPEAK = 11  # answers; docs/explanation/decisions.md
FEWEST_FOR_SIGNAL = 25  # answers; docs/explanation/decisions.md
FEWEST_FOR_NUMBERS = 20  # below it words only; docs/reference/release-rules.md
SAMPLING = 1.96  # standard errors in a 95 % band
ROUNDING = 5  # published counts are multiples of this

WORDS = ("few or none", "some", "about half", "most", "nearly all")
FEW, SOME, HALF, MOST, NEARLY_ALL = WORDS
UNKNOWN = "not known yet"


class Strength(StrEnum):
    """How far a signal reaches. Silence is unknown, never zero."""

    SIGNAL = "signal"
    WEAK = "weak signal"
    NOT_YET = "not enough yet"


def strength_of(people: int | None) -> Strength:
    """Return how far a share of this many (protected) people reaches."""
    if people is None or people < FEWEST_TO_SPEAK:
        return Strength.NOT_YET
    return Strength.WEAK if people < FEWEST_FOR_SIGNAL else Strength.SIGNAL


def as_fives(people: int, margin: int) -> int:
    """Return how many people, rounded to fives, reach as far as these with their margin.

    Where a team rounds to tens, a number says half as much; every limit here is one for fives.
    """
    return people * ROUNDING // (margin + 1)


def shown_share(share: float | None, base: int | None) -> float | None:
    """Round a share as coarsely as releases print it: to 10, 5 or 1 points by base.

    Source: docs/reference/release-rules.md.
    """
    if share is None:
        return None
    step = _step(base)
    return min(math.floor(share * 100 / step + 0.5 + 1e-9) * step, 100) / 100


def share_words(share: float | None) -> str:
    """Return few or none, some, about half, most or nearly all; "not known yet" without a share."""
    if share is None:
        return UNKNOWN
    if share <= 0:
        return FEW
    steps = ((0.4, SOME), (0.605, HALF), (0.9, MOST))  # 0.605: shares lie at whole points
    return next((words for below, words in steps if share < below), NEARLY_ALL)


def people_words(words: str) -> str:
    """Return how a sentence about that many people begins."""
    return {
        FEW: "Few people or none",
        SOME: "Some people",
        HALF: "About half of the people",
        MOST: "Most people",
        NEARLY_ALL: "Nearly all people",
    }.get(words, "It is not known yet how many people")


def share_number(share: float | None, base: int | None) -> str:
    """Return "about 60 %", "under 10 %" or "over 90 %"; "" when words must do (base below 20)."""
    shown = shown_share(share, base)
    if shown is None or (base or 0) < FEWEST_FOR_NUMBERS:
        return ""
    step, points = _step(base), round(shown * 100)
    if points == 0:
        return f"under {step} %"
    return f"over {100 - step} %" if points == 100 else f"about {points} %"


def band_of(share: float, people: int, margin: int = ROUNDING - 1) -> float:
    """Return the half band of a share: rounding ±margin/people plus sampling.

    Sampling is taken where it is widest within the rounding, so that "nearly all of 15 people"
    never looks exact.
    """
    if people <= 0:
        return 1.0
    rounding = margin / people
    middle = min(max(0.5, share - rounding), share + rounding)
    sampling = SAMPLING * math.sqrt(max(middle * (1 - middle), 0.0) / people)
    return min(rounding + sampling, 1.0)


def band_words(share: float, band: float, base: int | None) -> tuple[str, str]:
    """Return both ends of a band, in words below 20 people; rounded outwards, to 5 or 1 points."""
    if (base or 0) < FEWEST_FOR_NUMBERS:
        low, high = _ends(share, band)
        return share_words(low), share_words(high)
    down, up = _points(share, band, base)
    return str(down), f"{up} %"


def printed(share: float, band: float, base: int | None, *, in_words: bool) -> tuple[int, int, int]:
    """Return a share between both ends of its band, as they are printed: what readers compare.

    In points of a hundred; where words are printed, as their places in ``WORDS``.
    """
    shown = shown_share(share, base) or 0.0
    if in_words:
        low, high = _ends(share, band)
        first, middle, last = (WORDS.index(share_words(one)) for one in (low, shown, high))
        return first, middle, last
    down, up = _points(share, band, base)
    return down, round(shown * 100), up


def _ends(share: float, band: float) -> tuple[float, float]:
    return max(0.0, share - band), min(1.0, share + band)


def _points(share: float, band: float, base: int | None) -> tuple[int, int]:
    low, high = _ends(share, band)
    step = min(_step(base), 5)
    down = math.floor(low * 100 / step + 1e-9) * step
    return down, math.ceil(high * 100 / step - 1e-9) * step


def _step(base: int | None) -> int:
    if base is None or base < 50:
        return 10
    return 5 if base < 200 else 1
