"""The rules that remind a writer of what could show who they are; the public form loads only this.

Standard library only. They miss things; say so wherever they are used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources


class Kind(StrEnum):
    """What a found detail is; also the word on its chip."""

    NAME = "name"
    PLACE = "place"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    LINK = "link"
    NUMBER = "number"
    DATE = "date"
    HIDDEN = "hidden"  # by a reader's own hand, whatever it is


@dataclass(frozen=True, slots=True)
class Span:
    """Where a detail lies: ``text[start:end]``."""

    start: int
    end: int
    kind: Kind


def writer_rules() -> list[dict[str, str]]:
    """Return the writer's rules as plain data: ``kind``, ``pattern``, ``flags``.

    The patterns mean the same to Python's ``re`` (with ``re.ASCII``) and to JavaScript's
    ``RegExp``. Group 1 is what comes before the detail, so a detail starts after it and ends with
    the match. ``flags`` is empty or ``i``.
    """
    return [dict(rule) for rule in _WRITER]


def check_writing(text: str) -> list[Span]:
    """Return what a writer may want to take out, by exactly `writer_rules`."""
    return joined(
        Span(match.end(1), match.end(), kind)
        for kind, pattern in _WRITER_PATTERNS
        for match in pattern.finditer(text)
    )


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans with those joined that overlap; the first, then the longest, gives the kind."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            span = Span(last.start, max(last.end, span.end), last.kind)
        joined.append(span)
    return joined


_RULES = tomllib.loads(
    resources.files("feedback.themes").joinpath("safety_rules.toml").read_text("utf-8")
)
_WRITER: list[dict[str, str]] = _RULES["writer"]
_WRITER_PATTERNS = [
    (Kind(r["kind"]), re.compile(r["pattern"], re.ASCII | (re.IGNORECASE if r["flags"] else 0)))
    for r in _WRITER
]
