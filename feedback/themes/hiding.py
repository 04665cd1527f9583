"""Words that a reader hides by hand: events among the codings, so that undo and merging work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from feedback.themes.coding import Event, Key, Kind, live, next_turn

Place = tuple[int, int]  # of a word: text[start:end]

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


def words(text: str) -> list[Place]:
    """Return where each word of a text lies."""
    return [match.span() for match in _WORD.finditer(text)]


def hide(events: Iterable[Event], key: Key, coder: str, place: Place, event_id: str) -> Event:
    """Return the event that hides one word of an answer. Take it back with `coding.undo`."""
    start, end = place
    return Event(next_turn(events), event_id, Kind.HIDE, coder, *key, start=start, end=end)


def hidden(events: Iterable[Event]) -> Mapping[Key, list[Event]]:
    """Return for each answer what hides a word of it now, whoever did it."""
    found: dict[Key, list[Event]] = {}
    for event in live(events):
        if event.kind is Kind.HIDE:
            found.setdefault(event.key, []).append(event)
    return found
