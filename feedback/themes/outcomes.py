"""What was done about answers that need care: a log without words, sealed with the codings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from feedback.errors import InvalidSettings
from feedback.themes.coding import Box, Event, Key, ShortText, needing_care


class Done(StrEnum):
    """What was done."""

    DISCUSSED = "discussed"
    REPORTED = "reported"
    NOTHING = "nothing"  # nothing could be done


class With(StrEnum):
    """Whom it was discussed with or reported to: an office, never a name."""

    PLAN = "plan"  # the person whom the reading plan names
    SUPERVISOR = "supervisor"
    LAWYER = "lawyer"
    CHILD_PROTECTION = "child_protection"
    ADULT_PROTECTION = "adult_protection"
    POLICE = "police"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the log. ``whom`` is None when nothing could be done."""

    day: date
    id: ShortText
    rid: Annotated[int, Field(ge=0, lt=2**63)] = field(repr=False)
    box: Box
    done: Done
    whom: With | None
    coder: ShortText

    @property
    def key(self) -> Key:
        """Which answer the line is about."""
        return (self.rid, self.box)


_ADAPTER: TypeAdapter[tuple[Outcome, ...]] = TypeAdapter(tuple[Outcome, ...])


def merge(one: Iterable[Outcome], other: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the lines of both, each once, by day."""
    unlike = {outcome.id: outcome for outcome in (*one, *other)}
    return tuple(sorted(unlike.values(), key=lambda outcome: (outcome.day, outcome.id)))


def without_outcome(events: Iterable[Event], outcomes: Iterable[Outcome]) -> list[Key]:
    """Return the answers that need care and of which nobody has noted what was done."""
    noted = {outcome.key for outcome in outcomes}
    return [key for key in needing_care(events) if key not in noted]


def to_json(outcomes: Iterable[Outcome]) -> str:
    """Return the log as JSON, to be sealed."""
    return _ADAPTER.dump_json(tuple(outcomes)).decode()


def from_json(text: str) -> tuple[Outcome, ...]:
    """Return the log that `to_json` wrote. Raises InvalidSettings that quotes nothing."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError:
        raise InvalidSettings("the log of care", ["It is not as it should be."]) from None
