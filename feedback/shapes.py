"""Frozen values that are read from plain data; light enough for the process of the form."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
NAMED = re.compile(r"(unknown|required) field `(\w+)`")  # said of the table around the field
IN_WORDS = {"unknown": "There is nothing of this name", "required": "It is missing"}
PATTERN = "It is not written as it must be"
SAID = {  # what the library says of a value, and what a person is told
    r"Expected int >= (\d+)": "It must be {} or more",
    r"Expected int <= (\d+)": "It must be {} or less",
    r"Expected int that's a multiple of (\d+)": "It must be a multiple of {}",
    r"Expected (?:str|array) of length >= 1": "It must not be empty",
    r"Expected str of length <= (\d+)": "It must be {} letters at most",
    r"Expected str matching regex .*": PATTERN,
    r"Expected int\b.*, got .*": "It must be a whole number",
    r"Expected str\b.*, got .*": "It must be text in quotation marks",
    r"Expected bool, got .*": "It must be true or false",
    r"Expected array, got .*": "It must be a list",
    r"(?:Expected date\b.*|Invalid RFC3339 encoded date)": "It must be a day such as 2027-01-31",
    r"Invalid enum value (.*)": "It cannot be {}",
}

Place = tuple[int | str, ...]  # of a value: table, number, key
T = TypeVar("T")


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A value whose fields are checked when it is read."""


class WrongShape(Exception):
    """A value does not fit: ``said`` is what is wrong at ``place``."""

    def __init__(self, place: Place, said: str) -> None:
        super().__init__(said)
        self.place, self.said = place, said


def read_shape(data: object, kind: type[T]) -> T:
    """Return plain data, as TOML and JSON have it, as a value.

    Raises:
        WrongShape: naming the first thing that is wrong.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(data), kind)  # days as text, as in JSON
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$")
        steps = [name or int(number) for name, number in STEP.findall(path)]
        if named := NAMED.search(said):
            raise WrongShape((*steps, named[2]), IN_WORDS[named[1]]) from None
        raise WrongShape(tuple(steps), _in_words(said.replace("`", ""))) from None


def _in_words(said: str) -> str:
    found = ((re.fullmatch(pattern, said), words) for pattern, words in SAID.items())
    return next((words.format(*match.groups()) for match, words in found if match), said)


def plain(value: Shape) -> dict[str, Any]:
    """Return a value as plain JSON data."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return data
