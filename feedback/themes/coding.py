"""Coding as events that are only ever added, so that two people's work merges by itself.

An event names no time. Its ``turn`` is one more than the highest its coder had seen, which orders
what one person did after another without saying when. Ids are random and come from the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from feedback.errors import InvalidAnswers, InvalidSettings
from feedback.themes.codebook import NEEDS_CARE, OTHER, Id

MOST_THEMES = 4  # one answer may carry; more say that the themes are not told apart


class Box(StrEnum):
    """The two text boxes of the form."""

    CHANGE = "change"
    KEEP = "keep"


class Kind(StrEnum):
    """What an event does."""

    CODE = "code"  # one coder's reading of an answer
    RESOLVE = "resolve"  # what coders agreed on; stands until undone or resolved again
    UNDO = "undo"  # takes back another event, an undo included
    HIDE = "hide"  # hides a word by hand; no coding


Key = tuple[int, Box]  # which answer: a person's row key and the box


@dataclass(frozen=True, slots=True)
class Choice:
    """What a coder chose for an answer. No theme at all means that nothing fits.

    ``offered`` holds the suggestions that were on the screen, empty when they were hidden.
    """

    themes: tuple[str, ...] = field(default=(), repr=False)
    flags: tuple[str, ...] = field(default=(), repr=False)
    note: str = field(default="", repr=False)
    offered: tuple[str, ...] = field(default=(), repr=False)


ShortText = Annotated[str, Field(min_length=1, max_length=80)]
Ids = tuple[Id, ...]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One thing that one coder did. ``start`` and ``end`` say where the word lies that is hidden.

    ``undoes`` is the id of the event an undo takes back; ``saw`` of the coding that the coder had
    on the screen. A choice that saw none is a reading of the coder's own.
    """

    turn: Annotated[int, Field(ge=1)]
    id: ShortText
    kind: Kind
    coder: ShortText
    rid: Annotated[int, Field(ge=0, lt=2**63)] = field(repr=False)
    box: Box
    themes: Ids = field(default=(), repr=False)
    flags: Ids = field(default=(), repr=False)
    note: Annotated[str, Field(max_length=4000)] = field(default="", repr=False)
    offered: Ids = field(default=(), repr=False)
    undoes: str = ""
    saw: str = ""
    start: Annotated[int, Field(ge=0)] = field(default=0, repr=False)
    end: Annotated[int, Field(ge=0)] = field(default=0, repr=False)

    @property
    def key(self) -> Key:
        """Which answer the event is about."""
        return (self.rid, self.box)


@dataclass(frozen=True, slots=True)
class Coding:
    """Where the coding of an answer stands. ``event`` is the id to undo."""

    key: Key = field(repr=False)
    coder: str
    themes: tuple[str, ...] = field(repr=False)
    flags: tuple[str, ...] = field(repr=False)
    note: str = field(repr=False)
    resolved: bool
    event: str


_ADAPTER: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])


def code(
    events: Sequence[Event], key: Key, coder: str, choice: Choice, event_id: str, *, saw: str = ""
) -> Event:
    """Return the event of one coder's choice. Raises InvalidAnswers for more than four themes."""
    return _with(choice, Event(next_turn(events), event_id, Kind.CODE, coder, *key, saw=saw))


def amend(
    events: Sequence[Event], before: Coding, coder: str, choice: Choice, event_id: str
) -> Event:
    """Return the event that puts a choice in the place of the coding that stands."""
    if before.resolved:
        return resolve(events, before.key, coder, choice, event_id)
    return code(events, before.key, coder, choice, event_id, saw=before.event)


def resolve(events: Sequence[Event], key: Key, coder: str, choice: Choice, event_id: str) -> Event:
    """Return the event of what coders agreed on. Raises InvalidAnswers as `code` does."""
    return _with(choice, Event(next_turn(events), event_id, Kind.RESOLVE, coder, *key))


def undo(events: Sequence[Event], undone: str, coder: str, event_id: str) -> Event:
    """Return the event that takes ``undone`` back. Raises KeyError if there is no such event."""
    for event in events:
        if event.id == undone:
            turn = next_turn(events)
            return Event(turn, event_id, Kind.UNDO, coder, *event.key, undoes=undone)
    raise KeyError(undone)


def latest_of(events: Iterable[Event], coder: str) -> list[Event]:
    """Return what a coder did last and nobody took back; of one move of many answers, all."""
    mine = [event for event in _choices(events) if event.coder == coder]
    last = max((event.turn for event in mine), default=0)
    return [event for event in mine if event.turn == last]


def merge(one: Iterable[Event], other: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events of both, each once, in an order that does not depend on who merges."""
    unlike = {event.id: event for event in sorted((*one, *other))}
    return tuple(sorted(unlike.values()))


def to_json(events: Iterable[Event]) -> str:
    """Return the events as JSON, to be sealed."""
    return _ADAPTER.dump_json(tuple(events)).decode()


def from_json(text: str) -> tuple[Event, ...]:
    """Return the events that `to_json` wrote. Raises InvalidSettings that names field and place."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        places = [" > ".join(str(step) for step in detail["loc"]) for detail in details]
        problems = [f"{place or 'the whole'} is not as it should be." for place in places]
        raise InvalidSettings("the coding", problems) from None


def current(events: Iterable[Event]) -> dict[Key, Coding]:
    """Return where each answer's coding stands: what was resolved, else the latest choice.

    What was resolved stands until it is undone or resolved again, with one exception: a coder who
    marks `needs_care` since then is enough, as one is while nothing is resolved.
    """
    standing: dict[Key, Coding] = {}
    caring: dict[Key, set[str]] = {}
    for event in _choices(events):
        coders = caring.setdefault(event.key, set())
        before = standing.get(event.key)
        if event.kind is Kind.RESOLVE:
            coders.clear()
        elif NEEDS_CARE in event.flags:
            coders.add(event.coder)
        else:
            coders.discard(event.coder)
        if event.kind is Kind.RESOLVE or not (before and before.resolved):
            standing[event.key] = _coding(event)
    return {key: _cared_for(one) if caring[key] else one for key, one in standing.items()}


def readings(events: Iterable[Event]) -> dict[str, dict[Key, Coding]]:
    """Return each coder's own latest reading of each answer, made without sight of another's.

    A coder who changes a reading of their own has seen nothing but that one.
    """
    every = merge(events, ())  # in it, what was seen comes before who saw it
    by_id = {event.id: event for event in every}
    standing = {event.id for event in _choices(every)}
    own: set[str] = set()
    found: dict[str, dict[Key, Coding]] = {}
    for event in every:
        if event.kind is Kind.CODE and _is_own(event, by_id, own):
            own.add(event.id)
            if event.id in standing:
                found.setdefault(event.coder, {})[event.key] = _coding(event)
    return found


def marks(events: Iterable[Event]) -> Mapping[str, Mapping[tuple[int, str], tuple[str, ...]]]:
    """Return each coder's own themes for each answer, for `feedback.themes.agreement.per_theme`."""
    return {
        coder: {key: coding.themes for key, coding in coded.items()}
        for coder, coded in readings(events).items()
    }


def unsettled(events: Iterable[Event]) -> dict[Key, list[Coding]]:
    """Return answers that people read differently and nobody has resolved, with the readings.

    A reading in whose place somebody has put another one, with sight of it, is not among them.
    """
    choices = _choices(events)
    seen = {event.saw for event in choices}
    resolved = {event.key for event in choices if event.kind is Kind.RESOLVE}
    standing: dict[Key, dict[str, Coding]] = {}
    for event in choices:
        if event.id not in seen and event.key not in resolved:
            standing.setdefault(event.key, {})[event.coder] = _coding(event)
    return {
        key: list(by_coder.values())
        for key, by_coder in standing.items()
        if len({(frozenset(one.themes), frozenset(one.flags)) for one in by_coder.values()}) > 1
    }


def needing_care(events: Iterable[Event]) -> list[Key]:
    """Return the answers that are marked `needs_care` now."""
    return [key for key, coding in current(events).items() if NEEDS_CARE in coding.flags]


def themes_per_person(
    events: Iterable[Event], box: Box, rids: Iterable[int]
) -> dict[int, tuple[str, ...]]:
    """Return each person's themes in one box, each theme once, for the release.

    A person whose answer is not coded is left out. An answer that no theme fits counts as `other`,
    also one that only needs care: its writer did not leave the box empty. No flag is counted, so
    nobody can tell that an answer needs care.
    """
    standing = current(events)
    return {rid: _counted(standing[rid, box]) for rid in rids if (rid, box) in standing}


def offered_and_chosen(
    events: Iterable[Event],
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what was suggested and what was chosen, for `feedback.themes.suggest.hit_rate`."""
    return [
        (event.offered, tuple(theme for theme in event.themes if theme != OTHER))
        for event in _choices(events)
        if event.kind is Kind.CODE
    ]


def _with(choice: Choice, event: Event) -> Event:
    if len(choice.themes) > MOST_THEMES:
        raise InvalidAnswers({"themes": f"at_most_{MOST_THEMES}"})
    return replace(
        event,
        themes=choice.themes,
        flags=choice.flags,
        note=choice.note,
        offered=choice.offered,
    )


def next_turn(events: Iterable[Event]) -> int:
    """Return one more than the highest turn seen."""
    return 1 + max((event.turn for event in events), default=0)


def live(events: Iterable[Event]) -> list[Event]:
    """Return, in order, what no standing undo takes back."""
    ordered = merge(events, ())
    gone: set[str] = set()
    for event in reversed(ordered):  # an undo is always later than what it undoes
        if event.kind is Kind.UNDO and event.id not in gone:
            gone.add(event.undoes)
    return [event for event in ordered if event.kind is not Kind.UNDO and event.id not in gone]


def _choices(events: Iterable[Event]) -> list[Event]:
    return [event for event in live(events) if event.kind is not Kind.HIDE]


def _coding(event: Event) -> Coding:
    resolved = event.kind is Kind.RESOLVE
    return Coding(event.key, event.coder, event.themes, event.flags, event.note, resolved, event.id)


def _is_own(event: Event, by_id: Mapping[str, Event], own: set[str]) -> bool:
    if not event.saw:
        return True
    return event.saw in own and by_id[event.saw].coder == event.coder


def _cared_for(coding: Coding) -> Coding:
    return replace(coding, flags=tuple(dict.fromkeys((*coding.flags, NEEDS_CARE))))


def _counted(coding: Coding) -> tuple[str, ...]:
    extra = (OTHER,) if OTHER in coding.flags or not coding.themes else ()
    return tuple(dict.fromkeys((*coding.themes, *extra)))
