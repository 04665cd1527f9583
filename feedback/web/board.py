"""The public board as its file tells it: what was heard, decided, changed, and what not and why."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from feedback.shapes import Shape, WrongShape, read_shape

log = logging.getLogger("throughline.form")

FORMAT = "throughline board 1"
Text = Annotated[str, Meta(max_length=2_000)]


class _Part(Shape, frozen=True, forbid_unknown_fields=False):
    """What this page does not show is passed over, so that the board may grow."""


class Line(_Part, frozen=True):
    """One line in English and, when there is one, in Spanish."""

    text: Text
    text_es: Text = ""

    def said(self, lang: str) -> str:
        """Return the line in a language; in English when it has no other."""
        return (self.text_es if lang == "es" else "") or self.text


class Entry(_Part, frozen=True):
    """One area of the board."""

    title: Line
    heard: tuple[Line, ...] = ()
    decided: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    not_done: tuple[Line, ...] = ()
    waiting: Line | None = None


class Board(_Part, frozen=True):
    """What was posted, area by area. Empty until something is."""

    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One area in one language; a part that says nothing is empty.

    ``english``: what is said in English for want of the other language, so that it is read aloud
    in English.
    """

    title: str
    parts: Mapping[str, tuple[str, ...]]
    english: frozenset[str] = frozenset()


PARTS = ("heard", "decided", "changed", "not_done")


def entries_for(board: Board, lang: str) -> tuple[Shown, ...]:
    """Return what the board shows in a language, line by line in English where it has no other."""
    return tuple(
        Shown(
            title=entry.title.said(lang),
            parts={
                **{part: tuple(line.said(lang) for line in getattr(entry, part)) for part in PARTS},
                "waiting": (entry.waiting.said(lang),) if entry.waiting else (),
            },
            english=frozenset(
                line.text for line in _lines(entry) if lang != "en" and line.said(lang) == line.text
            ),
        )
        for entry in board.entries
    )


def _lines(entry: Entry) -> Iterator[Line]:
    yield entry.title
    for part in PARTS:
        yield from getattr(entry, part)
    if entry.waiting:
        yield entry.waiting


def read_board(path: Path) -> Board:
    """Read `board.json`; an empty board when there is none or it cannot be read."""
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise ValueError
        return read_shape(data, Board)
    except FileNotFoundError:
        return Board()
    except (OSError, ValueError, KeyError, TypeError, RecursionError, WrongShape) as error:
        log.error("The board cannot be read: %s", type(error).__name__)
        return Board()
