"""Who was heard and who was not: doors, places, languages and groups, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from feedback.decisions.definitions import load_coverage
from feedback.decisions.kept import from_plain, to_plain
from feedback.decisions.published import Rows, latest
from feedback.decisions.signals import Ref

HEARD_FROM = 10  # protected people from which a group counts as heard; never below a release's k
STALE_DAYS = 183  # a mark that nobody looked at for half a year is old
MOST_STEPS, MOST_NAMES = 5, 3  # things to do next, and points named for each


class Where(StrEnum):
    """What kind of point on the map it is."""

    DOOR = "door"
    PLACE = "place"
    LANGUAGE = "language"
    GROUP = "group"


class Reach(StrEnum):
    """How far listening has come, from nothing to enough."""

    NOT_REACHED = "not_reached"
    INVITED = "invited"
    SOME_HEARD = "some_heard"
    HEARD = "heard"

    @property
    def words(self) -> str:
        """Return the words on the screen."""
        return self.value.replace("_", " ")


class HowMany(StrEnum):
    """How many such people live here, as the team knows it; never from answers."""

    MANY = "many"
    SOME = "some"
    FEW = "few"
    UNKNOWN = "unknown"


class Cards(StrEnum):
    """Cards given out at a door, in bands: exact numbers beside few answers would tell."""

    NONE = "none"
    FEW = "under 10"
    SOME = "10 to 50"
    MANY = "over 50"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """One point of the map. ``owner`` is a role; ``ref`` an answer that shows it was heard."""

    id: str
    kind: Where
    name: str
    reach: Reach = Reach.NOT_REACHED
    lives_here: HowMany = HowMany.UNKNOWN
    served: HowMany = HowMany.UNKNOWN
    cards: Cards = Cards.UNKNOWN
    ref: str = ""
    owner: str = ""
    note: str = ""
    looked_at: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        return to_plain(_ITEM, self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CoverageItem:
        """Read what ``to_dict`` made; unknown fields are passed over. Raises InvalidSettings."""
        return from_plain(_ITEM, data, "The coverage map")


_ITEM = TypeAdapter(CoverageItem)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, and at which points, most needed first."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A point whose people are here and were not heard, by its id, in a sentence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """The map by kind, whose voices are missing, what to find out, and what to do next."""

    by_kind: Mapping[Where, tuple[CoverageItem, ...]]
    missing: tuple[Missing, ...]
    find_out: tuple[str, ...]
    next_steps: tuple[NextStep, ...]
    stale: tuple[str, ...]

    def with_reach(self, reach: Reach) -> tuple[CoverageItem, ...]:
        """Return the points that have come this far."""
        return tuple(
            item for items in self.by_kind.values() for item in items if item.reach is reach
        )


def starter_items() -> tuple[CoverageItem, ...]:
    """Return a first map for a team to make its own."""
    return tuple(
        CoverageItem(id=point.id, kind=Where(point.kind), name=point.name, ref=point.ref)
        for point in load_coverage().items
    )


def heard_in_release(items: Iterable[CoverageItem], rows: Rows) -> tuple[CoverageItem, ...]:
    """Raise marks where the newest release shows that people were heard; never lower one.

    A hidden or missing number changes nothing: silence is unknown.
    """
    published = latest(rows)
    if published is None:
        return tuple(items)
    order = list(Reach)
    raised = []
    for item in items:
        ref = Ref.parse(item.ref)
        row = published.row(ref.question, ref.answer) if ref.answer else None
        count = (row.count or 0) if row else 0
        shown = Reach.HEARD if count >= HEARD_FROM else Reach.SOME_HEARD
        higher = count > 0 and order.index(shown) > order.index(item.reach)
        raised.append(replace(item, reach=shown) if higher else item)
    return tuple(raised)


def coverage_map(items: Iterable[CoverageItem], *, today: date) -> CoverageMap:
    """Lay out the map, and the next steps, most needed first."""
    points = tuple(items)
    unheard = sorted((i for i in points if i.reach is not Reach.HEARD), key=_need)
    return CoverageMap(
        by_kind={kind: tuple(i for i in points if i.kind is kind) for kind in Where},
        missing=tuple(Missing(i.id, _missing(i)) for i in unheard if _is_missing(i)),
        find_out=tuple(
            f"Find out how many people here this is about: {item.name}."
            for item in points
            if item.kind is not Where.DOOR and item.lives_here is HowMany.UNKNOWN
        ),
        next_steps=_steps(unheard),
        stale=tuple(item.name for item in points if _is_stale(item, today)),
    )


def _steps(unheard: Iterable[CoverageItem]) -> tuple[NextStep, ...]:
    """Say each thing to do once, with the points where it is most needed."""
    start, names = load_coverage(), dict[str, list[str]]()
    for item in unheard:
        names.setdefault(start.step(item.kind, item.reach), []).append(item.name)
    return tuple(NextStep(_few(where), text) for text, where in names.items())[:MOST_STEPS]


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _need(item: CoverageItem) -> tuple[int, int]:
    """Order by how far listening has come, then by how many people live here or are served."""
    sizes = list(HowMany)
    known = [size for size in (item.lives_here, item.served) if size is not HowMany.UNKNOWN]
    size = min(map(sizes.index, known)) if known else sizes.index(HowMany.FEW)
    return list(Reach).index(item.reach), size


def _is_missing(item: CoverageItem) -> bool:
    present = {item.lives_here, item.served} & {HowMany.MANY, HowMany.SOME}
    return bool(present) and item.reach in (Reach.NOT_REACHED, Reach.INVITED)


def _missing(item: CoverageItem) -> str:
    here = {
        HowMany.MANY: "many live here",
        HowMany.SOME: "some live here",
        HowMany.FEW: "few live here",
    }.get(item.lives_here, "how many live here is not known")
    about = "" if item.kind is Where.DOOR else f" ({here})"
    served = ""
    if item.served in (HowMany.MANY, HowMany.SOME):
        served = f" {item.served.capitalize()} are served."
    return f"{item.name}{about}: {item.reach.words}.{served}"


def _is_stale(item: CoverageItem, today: date) -> bool:
    return item.looked_at is None or (today - item.looked_at).days > STALE_DAYS
