"""What the team settles about its next meeting: the day, what was left over, what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
