"""The published rows of releases, read back: the only numbers that this room ever sees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedback.decisions.shares import ROUNDING

Group = tuple[tuple[str, str], ...]  # (question, level) pairs; empty means everyone

EVERYONE: Group = ()
FIXED = ("release", "round", "question", "answer", "kind")
NUMBERS = ("count", "base", "share", "low", "high", "status", "note")
COLUMNS = frozenset(FIXED + NUMBERS)  # any other column is a grouping question
SAMPLED = "From a random sample"  # begins the mark that a release puts on such a table
SHOWN = frozenset({"shown", "merged"})  # the other statuses carry no number


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a release. ``count`` and ``base`` are protected people, ``share`` is 0 to 1."""

    release: int
    round: str
    question: str
    answer: str
    kind: str
    group: Group
    count: int | None
    base: int | None
    share: float | None
    high: int | None
    status: str
    note: str

    @property
    def margin(self) -> int:
        """Return how far the true count may lie from the published one, in people."""
        if self.count is None or self.high is None:
            return ROUNDING - 1
        return max(self.high - self.count, 0)


@dataclass(frozen=True, slots=True)
class Published:
    """One release: its rows, found by question, answer and group."""

    number: int
    round: str
    rows: tuple[Row, ...]
    _by_place: Mapping[tuple[str, str, Group], Row] = field(repr=False, compare=False)

    def row(self, question: str, answer: str = "", group: Group = EVERYONE) -> Row | None:
        """Return one row, or None when the release does not hold it."""
        return self._by_place.get((question, answer, group))

    def answers(self, question: str, group: Group = EVERYONE) -> tuple[Row, ...]:
        """Return the answer rows of a question, in the order of the release."""
        return tuple(
            row
            for row in self.rows
            if (row.question, row.group) == (question, group) and row.answer
        )

    def base(self, question: str, group: Group = EVERYONE) -> int | None:
        """Return how many people a table is about, or None when that is not shown."""
        row = self.row(question, "", group)
        if row is None:
            return next((r.base for r in self.answers(question, group) if r.base), None)
        return row.base if row.base is not None else row.count

    def is_sample(self, question: str) -> bool:
        """Say whether a table counts a random sample of the people, as its first line tells."""
        row = self.row(question)
        return row is not None and SAMPLED in row.note

    def questions(self, kind: str = "") -> tuple[str, ...]:
        """Return the question ids of the release (of one kind), in its order."""
        return tuple(dict.fromkeys(r.question for r in self.rows if kind in ("", r.kind)))

    def levels(self, variable: str) -> tuple[str, ...]:
        """Return the levels that are shown for one grouping question, in the release's order."""
        return tuple(
            dict.fromkeys(r.group[0][1] for r in self.rows if [v for v, _ in r.group] == [variable])
        )

    def variables(self) -> tuple[str, ...]:
        """Return the questions by which this release is broken down."""
        return tuple(dict.fromkeys(r.group[0][0] for r in self.rows if len(r.group) == 1))


class Releases(tuple[Published, ...]):
    """Releases that are read already, oldest first; they can stand wherever rows can."""

    __slots__ = ()


Rows = Iterable[Mapping[str, object]] | Releases


def read_releases(rows: Rows) -> Releases:
    """Return the releases that long rows hold, oldest first.

    Each row has the columns of the long export: ``release, round, question, answer, kind``, any
    grouping columns, ``count, base, share, low, high, status, note``. A row without a
    release number or question is left out: nobody could cite it. When a place occurs twice, the
    first stays, because a release never changes.
    """
    if isinstance(rows, Releases):
        return rows
    by_release: dict[int, dict[tuple[str, str, Group], Row]] = {}
    for raw in rows:
        row = _row(raw)
        if row is not None:
            by_release.setdefault(row.release, {}).setdefault(
                (row.question, row.answer, row.group), row
            )
    return Releases(
        Published(number, next(iter(places.values())).round, tuple(places.values()), places)
        for number, places in sorted(by_release.items())
    )


def people_in(releases: Iterable[Published]) -> int:
    """Return how many people stand behind these releases, added up from published numbers."""
    return sum(
        max((each.base(question) or 0 for question in each.questions()), default=0)
        for each in releases
    )


def releases_named(numbers: Iterable[int]) -> str:
    """Return "release 3" or "releases 1, 2 and 3"; takes at least one number."""
    *some, last = map(str, numbers)
    return f"releases {', '.join(some)} and {last}" if some else f"release {last}"


def latest(rows: Rows) -> Published | None:
    """Return the newest release, or None when there is none yet."""
    releases = read_releases(rows)
    return releases[-1] if releases else None


def _row(raw: Mapping[str, object]) -> Row | None:
    release, question = _release_number(raw.get("release")), _text(raw.get("question"))
    if release is None or not question:
        return None
    status = _text(raw.get("status")) or "shown"
    hidden = status not in SHOWN
    return Row(
        release=release,
        round=_text(raw.get("round")),
        question=question,
        answer=_text(raw.get("answer")),
        kind=_text(raw.get("kind")),
        group=tuple((str(k), _text(v)) for k, v in raw.items() if k not in COLUMNS and _text(v)),
        count=None if hidden else _people(raw.get("count")),
        base=_people(raw.get("base")),
        share=None if hidden else _share(raw.get("share")),
        high=_people(raw.get("high")),
        status=status,
        note=_text(raw.get("note")),
    )


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value).strip()
    return "" if text == "<NA>" else text  # how pandas writes an empty cell


def _number(value: object) -> float | None:
    try:
        number = float(_text(value))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _people(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _share(value: object) -> float | None:
    number = _number(value)
    return None if number is None else min(number, 1.0)


def _release_number(value: object) -> int | None:
    """Read 7, "7" or "river-county-7"."""
    digits = re.search(r"(\d{1,9})(?:\.0)?$", _text(value))
    return int(digits.group(1)) if digits else None
