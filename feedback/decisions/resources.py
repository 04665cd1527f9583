"""Whom a team can ask, and the questions to begin with: a list that each team makes its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from feedback.decisions.kept import from_plain, to_plain

KEPT = "The list of resources"
OLD_AFTER_DAYS = 183  # a number that nobody tried for half a year may be wrong


class Nearness(StrEnum):
    """How near a contact is, nearest first."""

    HERE = "here"
    STATE = "state"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom the team can ask.

    ``found_on``: the day its page was read when this list was made; ``checked_on``: the day a
    member last made sure of it. ``taken_out`` hides it from the page and keeps its history.
    """

    id: str
    name: str
    reach: Nearness = Nearness.HERE
    what_for: str = ""
    call: str = ""
    message: str = ""
    web: str = ""
    found_on: date | None = None
    checked_on: date | None = None
    taken_out: bool = False

    @property
    def ways(self) -> tuple[str, str, str]:
        """Return how it is reached."""
        return self.call, self.message, self.web

    @property
    def is_link(self) -> bool:
        """Say whether the address can be opened: nothing but a locked one on the web."""
        return self.web.startswith("https://") and not set(self.web) & set(" \"'<>\\")

    def is_old(self, today: date) -> bool:
        """Say whether nobody made sure of it for half a year."""
        return self.checked_on is None or (today - self.checked_on).days > OLD_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class Tick:
    """What a team says to one question of the checklist."""

    id: str
    done: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to begin with, and a hint."""

    id: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the checklist, and why it comes where it comes."""

    title: str
    why: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """The list that every team begins with."""

    contacts: tuple[Contact, ...]
    parts: tuple[Part, ...]


_STARTER, _CONTACT, _TICK = TypeAdapter(Starter), TypeAdapter(Contact), TypeAdapter(Tick)


@cache
def load_starter() -> Starter:
    """Read the starter list."""
    text = Path(__file__).with_name("resources.toml").read_text(encoding="utf-8")
    return _STARTER.validate_python(tomllib.loads(text))


def contacts_of(saved: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return the starter's contacts as the team changed them, and its own, nearest first."""
    found = {contact.id: contact for contact in (*load_starter().contacts, *saved)}
    order = list(Nearness)
    shown = (contact for contact in found.values() if not contact.taken_out)
    return tuple(sorted(shown, key=lambda contact: order.index(contact.reach)))


def to_dict(thing: Contact | Tick) -> dict[str, Any]:
    """Return plain JSON data; ``contact_from`` and ``tick_from`` read it back."""
    return to_plain(_CONTACT, thing) if isinstance(thing, Contact) else to_plain(_TICK, thing)


def contact_from(data: Mapping[str, Any]) -> Contact:
    """Read a contact; unknown fields are passed over. Raises InvalidSettings."""
    return from_plain(_CONTACT, data, KEPT)


def tick_from(data: Mapping[str, Any]) -> Tick:
    """Read a tick; unknown fields are passed over. Raises InvalidSettings."""
    return from_plain(_TICK, data, KEPT)
