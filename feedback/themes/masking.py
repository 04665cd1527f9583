"""Finds what could show who somebody is, so that a reader sees it masked first.

It misses things, most of all in small letters, and a whole story can tell who somebody is without
one name; say so wherever it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from feedback.themes.mentions import mentions
from feedback.themes.names import LISTS, listed
from feedback.themes.safety import Kind, Span, check_writing, joined


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text; with a kind it is a detail that a chip should hide."""

    text: str = field(repr=False)
    kind: Kind | None = None

    @property
    def chip(self) -> str:
        """The piece as a masked reader sees it."""
        return f"[{self.kind}]" if self.kind else self.text


def find(text: str) -> list[Span]:
    """Return the details found in ``text``, in order, never overlapping.

    English and Spanish rules both look, since people mix the two.
    """
    return joined([*check_writing(text), *_by_patterns(text), *mentions(text)])


def mask(text: str, by_hand: Iterable[tuple[int, int]] = ()) -> list[Segment]:
    """Return ``text`` in pieces; joined they are the text, joined as chips they are masked.

    ``by_hand``: where words lie that a reader hid besides.
    """
    more = [Span(start, end, Kind.HIDDEN) for start, end in by_hand if start < end <= len(text)]
    segments: list[Segment] = []
    at = 0
    for span in joined([*find(text), *more]):
        segments += [Segment(text[at : span.start])] if span.start > at else []
        segments.append(Segment(text[span.start : span.end], span.kind))
        at = span.end
    return segments + ([Segment(text[at:])] if at < len(text) else [])


# ------------------------------------------------------------------ the rules as data


def _any_of(name: str) -> str:
    return "(?:" + "|".join(sorted(listed(name), key=len, reverse=True)) + ")"


def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.replace("MONTH", _any_of("months")).replace("PLAIN", _any_of("plain"))
    return re.compile(pattern, re.IGNORECASE)


_READER_PATTERNS = [(Kind(rule["kind"]), _compiled(rule["pattern"])) for rule in LISTS["reader"]]


def _by_patterns(text: str) -> Iterator[Span]:
    """Find details by their shape; a pattern may say with a group which part of it tells."""
    for kind, pattern in _READER_PATTERNS:
        for match in pattern.finditer(text):
            yield Span(*match.span(pattern.groups), kind)
