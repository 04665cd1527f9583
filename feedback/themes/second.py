"""Second readings: which answers another person reads blind, drawn so that nobody chooses them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from feedback.themes.coding import Event, Key, Kind, current, readings

LEAST = 50  # answers; below 30 read twice nobody can tell how well a theme is defined
SHARE = 5  # one in five, when that is more


def sample(keys: Iterable[Key], salt: bytes) -> frozenset[Key]:
    """Return the answers to be read twice: the same for everybody who draws with this salt.

    The draw looks at nothing but the keys, so neither order nor time of the answers matters.
    """
    drawn = sorted(keys, key=lambda key: _lot(key, salt))
    return frozenset(drawn[: max(LEAST, -(-len(drawn) // SHARE))])


def waiting_for(events: Sequence[Event], drawn: Iterable[Key], coder: str) -> frozenset[Key]:
    """Return the drawn answers that one other person has read and this one is to read blind.

    Never one that this coder has touched before, nor one that was settled.
    """
    touched = {event.key for event in events if event.coder == coder and event.kind is Kind.CODE}
    standing, own = current(events), readings(events).values()
    return frozenset(
        key
        for key in drawn
        if key in standing
        and not standing[key].resolved
        and key not in touched
        and sum(key in coded for coded in own) == 1
    )


def read_twice(events: Iterable[Event]) -> frozenset[Key]:
    """Return the answers that two people or more have read without sight of each other."""
    seen: set[Key] = set()
    twice: set[Key] = set()
    for coded in readings(events).values():
        twice |= seen & coded.keys()
        seen |= coded.keys()
    return frozenset(twice)


def _lot(key: Key, salt: bytes) -> bytes:
    rid, box = key
    return hashlib.sha256(salt + f"{rid:016x} {box}".encode()).digest()
