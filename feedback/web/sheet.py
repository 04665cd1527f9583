"""What a browser sent, as fields: bounded before it is read, and given back to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

SHEET_BYTES = 64 * 1024  # every answer at its longest, percent-encoded, takes about 15 KB
DRAIN_BYTES = 16 * 1024 * 1024  # read and thrown away, so that the browser gets to the answer
MOST_FIELDS = 500

# Fields that are no question. An id of a question never starts with an underscore.
LANG, VERSION = "lang", "v"
PAPER, SHARE, TRAP = "_paper", "_share", "_website"
CARD = "_card"  # what stands on a card; never sealed with the answers
CARD_HEADER = "x-card"  # beside a row that was sealed elsewhere; it is as long without a card
SURE = "_sure"  # the person saw what could tell who they are, and wants it sent as it is
DO = "_do"  # which button was pressed
CHANGE, REMOVE, SEND = "change", "remove", "send"


class TooLarge(Exception):
    """A body is longer than its limit; none of it was kept."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fields in the order in which they came. ``broken``: some letters were not UTF-8."""

    fields: tuple[tuple[str, str], ...] = field(repr=False)
    broken: bool = False

    def first(self, name: str) -> str:
        """Return the first value of a field, or nothing."""
        return next((value for key, value in self.fields if key == name), "")

    def given(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return every value of the named fields that holds more than spaces."""
        wanted = set(names)
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.fields:
            if name in wanted and value.strip():
                found[name] = (*found.get(name, ()), value)
        return found

    def without(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return the fields that are not among the names."""
        unwanted = set(names)
        return tuple(pair for pair in self.fields if pair[0] not in unwanted)


def read_sheet(body: bytes) -> Sheet:
    """Read an urlencoded body. Letters that are no UTF-8 become U+FFFD and are reported.

    Raises:
        TooLarge: more fields than any form has.
    """
    if body.count(b"&") >= MOST_FIELDS:
        raise TooLarge
    try:
        return Sheet(tuple(_pairs(body, "strict")))
    except UnicodeDecodeError:
        return Sheet(tuple(_pairs(body, "replace")), broken=True)


def _pairs(body: bytes, errors: str) -> list[tuple[str, str]]:
    # Letters that a client forgot to percent-encode are read like the others.
    plain = body.decode("utf-8", errors)
    return parse_qsl(plain, keep_blank_values=True, encoding="utf-8", errors=errors)


async def read_body(request: Request, longest: int) -> bytes:
    """Return the body.

    Raises:
        TooLarge: it has more than ``longest`` bytes. The rest was read and thrown away.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= longest:
                chunks.append(chunk)
            else:
                chunks.clear()
            if size > DRAIN_BYTES:
                break
    except ClientDisconnect:
        raise TooLarge from None
    if size > longest:
        raise TooLarge
    return b"".join(chunks)
