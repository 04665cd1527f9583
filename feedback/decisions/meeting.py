"""What the team settles about its next meeting: the day, what was left over, what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from feedback.decisions.kept import from_plain, to_plain


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """The next meeting. ``leftovers``: what the last one did not get to, first on the agenda."""

    day: date | None = None
    leftovers: tuple[str, ...] = ()
    focus: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        return to_plain(_PLAN, self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> MeetingPlan:
        """Read what ``to_dict`` made; unknown fields are passed over. Raises InvalidSettings."""
        return from_plain(_PLAN, data, "The next meeting")


_PLAN = TypeAdapter(MeetingPlan)


def days_met(settled: Iterable[tuple[date, MeetingPlan]], today: date) -> tuple[date, ...]:
    """Return the days on which the team met, oldest first.

    ``settled``: when each plan was written down, and the plan, oldest first. A day that was
    moved before it came was no meeting, and neither is one that is not over.
    """
    plans = list(settled)
    stood_until = [*(saved for saved, _ in plans[1:]), today - timedelta(days=1)]
    came = zip((plan.day for _, plan in plans), stood_until, strict=False)  # none: no plan yet
    return tuple(sorted({day for day, until in came if day is not None and day <= until}))
