"""What the team settles about its next meeting: the day, what was left over, what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from feedback.errors import InvalidSettings


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """The next meeting. ``leftovers``: what the last one did not get to, first on the agenda."""

    day: date | None = None
    leftovers: tuple[str, ...] = ()
    focus: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        data: dict[str, Any] = _PLAN.dump_python(self, mode="json")
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> MeetingPlan:
        """Read what ``to_dict`` made; unknown fields are passed over. Raises InvalidSettings."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        try:
            return _PLAN.validate_python(known)
        except ValidationError as error:
            wrong = [".".join(str(step) for step in problem["loc"]) for problem in error.errors()]
            raise InvalidSettings("The next meeting", [f"{w} is wrong." for w in wrong]) from None


_PLAN = TypeAdapter(MeetingPlan)
