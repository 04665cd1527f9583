"""What a team wrote down, as plain JSON data in its records, and read from them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from feedback.errors import InvalidSettings

T = TypeVar("T")


def to_plain(adapter: TypeAdapter[T], thing: T) -> dict[str, Any]:
    """Return plain JSON data; ``from_plain`` reads it back."""
    data: dict[str, Any] = adapter.dump_python(thing, mode="json")
    return data


def from_plain(adapter: TypeAdapter[T], data: Mapping[str, Any], where: str) -> T:
    """Read what ``to_plain`` made; unknown fields are passed over. Raises InvalidSettings."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        wrong = [".".join(str(step) for step in problem["loc"]) for problem in error.errors()]
        raise InvalidSettings(where, [f"{field} is wrong." for field in wrong]) from None
