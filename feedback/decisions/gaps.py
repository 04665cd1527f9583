"""Gaps between groups: how one group's answers differ from everyone else's, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from feedback.decisions.published import Published, Rows, latest
from feedback.decisions.shares import (
    ROUNDING,
    Strength,
    as_fives,
    band_of,
    share_words,
    shown_share,
    strength_of,
)
from feedback.decisions.signals import AGREE, CORE, SCALE
from feedback.decisions.wording import Wording

NOBODY = frozenset({"skipped", "rather_not", "none"})  # levels that are no group of people


class Difference(StrEnum):
    """How a group's answers lie beside those of everyone else."""

    LOWER = "lower"
    POINTS_LOWER = "perhaps lower"
    SAME = "about the same"
    POINTS_HIGHER = "perhaps higher"
    HIGHER = "higher"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class GroupGap:
    """One group beside the others of its breakdown: the core questions taken together."""

    variable: str
    level: str
    label: str
    difference: Difference
    strength: Strength
    text: str


@dataclass(frozen=True, slots=True)
class _Side:
    share: float | None
    people: int
    margin: int = ROUNDING - 1
    step: int = ROUNDING

    @property
    def reach(self) -> int:
        return as_fives(self.people, self.step - 1)


def group_gaps(rows: Rows, wording: Wording) -> tuple[GroupGap, ...]:
    """Return the gap in the core index for each group of the newest release, widest need first.

    Both the group and its remainder need enough answers; the remainder is summed from the
    published rows. Groups are never crossed.
    """
    published = latest(rows)
    if published is None:
        return ()
    gaps = [
        _gap(published, variable, level, wording)
        for variable in published.variables()
        for level in published.levels(variable)
        if level not in NOBODY
    ]
    order = list(Difference)
    return tuple(sorted(gaps, key=lambda gap: order.index(gap.difference)))


def _gap(published: Published, variable: str, level: str, wording: Wording) -> GroupGap:
    others = tuple(other for other in published.levels(variable) if other != level)
    here = _core(published, variable, (level,))
    there = _core(published, variable, others)
    difference = _difference(here, there)
    label = wording.answers.get((variable, level), level.replace("_", " "))
    weakest = min(here.reach, there.reach)
    return GroupGap(
        variable=variable,
        level=level,
        label=label,
        difference=difference,
        strength=strength_of(weakest),
        text=_text(label, here, there, difference),
    )


def _core(published: Published, variable: str, levels: tuple[str, ...]) -> _Side:
    """Return the mean share agreeing with the core questions among some levels together."""
    sides = [_tally(published, question, variable, levels) for question in CORE]
    shares = [side.share for side in sides if side.share is not None]
    step = max(side.step for side in sides)
    fewest = _Side(None, min(side.people for side in sides), max(s.margin for s in sides), step)
    if len(shares) < len(sides) or strength_of(fewest.reach) is Strength.NOT_YET:
        return fewest
    return replace(fewest, share=sum(shares) / len(shares))


def _tally(published: Published, question: str, variable: str, levels: tuple[str, ...]) -> _Side:
    """Return the share agreeing among some levels; each row summed may be off by its margin."""
    rows = [
        published.row(question, answer, ((variable, level),))
        for level in levels
        for answer in SCALE
    ]
    counted = [row for row in rows if row is not None and row.count is not None]
    people = sum(row.count or 0 for row in counted)
    if len(counted) < len(rows) or people == 0:
        return _Side(None, 0)
    agree = sum(row.count or 0 for row in counted if row.answer in AGREE)
    margin = max(row.margin for row in counted)
    return _Side(agree / people, people, margin * len(levels), margin + 1)


def _difference(here: _Side, there: _Side) -> Difference:
    if here.share is None or there.share is None:
        return Difference.TOO_FEW
    apart = here.share - there.share
    reach = [band_of(side.share or 0.0, side.people, side.margin) for side in (here, there)]
    if abs(apart) > sum(reach):
        return Difference.HIGHER if apart > 0 else Difference.LOWER
    if abs(apart) > max(reach):
        return Difference.POINTS_HIGHER if apart > 0 else Difference.POINTS_LOWER
    return Difference.SAME


def _words(side: _Side) -> str:
    return share_words(shown_share(side.share, side.reach))


def _text(label: str, here: _Side, there: _Side, difference: Difference) -> str:
    if difference is Difference.TOO_FEW:
        return f"{label}: too few to tell. That is not the same as no difference."
    if _words(here) == _words(there) and difference is not Difference.SAME:
        return (
            f"{label}: {_words(here)} speak well of how they were treated, and so do "
            f"{_words(there)} of everyone else; still, the share here is {difference}."
        )
    return (
        f"{label}: {_words(here)} speak well of how they were treated; of everyone else "
        f"{_words(there)}: {difference}."
    )
