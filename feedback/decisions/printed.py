"""What is printed: pages of parts, each with sentences, points and a small table with bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedback.decisions.measure import Change, in_words
from feedback.decisions.shares import Strength, band_words
from feedback.decisions.signals import Ref, Signal

BAD_NEWS = "agreeing is bad news"


@dataclass(frozen=True, slots=True)
class Bar:
    """A share to draw, and how far it may lie: ``share``, ``low`` and ``high`` are from 0 to 1."""

    share: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table of words; every row has as many cells as there are columns.

    ``bars``: one for each row, drawn after the first cell, where the rows are shares.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class PacketPart:
    """One part: a heading, sentences, points, a table, and a note under it."""

    id: str
    heading: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: SmallTable | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """What is printed for one meeting; ``pages`` holds the parts of each page.

    ``source`` says where the numbers come from: release, day, fingerprint.
    """

    title: str
    subtitle: str
    pages: tuple[tuple[PacketPart, ...], ...]
    source: str = ""

    @property
    def parts(self) -> tuple[PacketPart, ...]:
        """Return every part in the order of reading."""
        return tuple(part for page in self.pages for part in page)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return asdict(self)


def signal_table(
    signals: Iterable[Signal], moved: Mapping[Ref, Change], title: str = "What people said"
) -> SmallTable | None:
    """Return signals as a table with bars; the last column is there from the second release on."""
    listed = tuple(signals)
    since = ("Since last",) if moved else ()
    rows = tuple(
        (found.topic, how_many(found), *((_direction(found, moved),) if moved else ()))
        for found in listed
    )
    bars = tuple(_bar(found) for found in listed)
    return SmallTable((title, "How many", *since), rows, bars) if rows else None


def how_many(found: Signal) -> str:
    """Say how many: words first, the number second; and where agreeing is bad news."""
    words = f"{found.words} ({found.number})" if found.number else found.words
    weak = f"{words}; weak signal" if found.strength is Strength.WEAK else words
    return f"{weak}; {BAD_NEWS}" if found.reversed else weak


def _direction(found: Signal, moved: Mapping[Ref, Change]) -> str:
    change = moved.get(found.ref)
    return in_words(change) if change else "not compared"


def _bar(found: Signal) -> Bar:
    share, band = found.share or 0.0, found.band or 0.0
    low, high = max(0.0, share - band), min(1.0, share + band)
    return Bar(share, low, high, f"{found.words}; likely {_between(share, band, found.reach)}")


def _between(share: float, band: float, reach: int) -> str:
    low, high = band_words(share, band, reach)
    if low[0].isdigit():
        return f"between {low} and {high}"
    return low if low == high else f"{low} to {high}"
