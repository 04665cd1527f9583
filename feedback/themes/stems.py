"""Whole-word matching of keyword stems, blind to capitals and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

STEM = re.compile(r"[^\W_]+(?:[-'/ ][^\W_]+|\*(?= )|\*$|\* [^\W_]+)*")  # words; a star ends a word


def fold(text: str) -> str:
    """Return ``text`` in small letters, without accents, with straight apostrophes."""
    small = text.lower().replace("\u2019", "'")
    if small.isascii():
        return small
    plain = unicodedata.normalize("NFD", small)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def stem_pattern(stems: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that finds any of the stems in folded text; no stems find nothing."""
    parts = [_one_stem(fold(stem)) for stem in stems]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


def stems_found(pattern: re.Pattern[str], folded: str) -> int:
    """Return how many different words or phrases of a folded text the pattern finds."""
    return len(set(pattern.findall(folded)))


def _one_stem(stem: str) -> str:
    return re.escape(stem).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
