"""One line of evidence about a structure, from what survivors, the team or the facts say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from feedback.decisions.definitions import Bearing
from feedback.decisions.published import Published
from feedback.decisions.readiness import Fact, Rating, Weight
from feedback.decisions.shares import Strength
from feedback.decisions.signals import Ref, signal
from feedback.decisions.wording import Wording

_TRUE = (Rating.VERY_TRUE, Rating.SOMEWHAT_TRUE)
_UNTRUE = (Rating.NOT_TRUE, Rating.SOMEWHAT_UNTRUE)


class Origin(StrEnum):
    """Who says it, in the order in which a list is read."""

    SURVIVORS = "survivors"
    TEAM = "team"
    FACTS = "facts"


class Side(StrEnum):
    """Where a line stands. ``neither`` is known and points nowhere; ``unknown`` is silence."""

    FOR = "for"
    AGAINST = "against"
    NEITHER = "neither"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one line says, why it matters here, how far it reaches and where to look it up.

    ``strength`` is a signal's strength, the team's own label, or yes/no. ``why`` says why a line
    is unknown; ``close`` says that more answers could move it to another side.
    """

    origin: Origin
    ref: str
    side: Side
    topic: str
    text: str
    because: str
    factor: str
    weight: Weight
    strength: str
    source: str
    why: str = ""
    close: bool = False


def heard(
    bearing: Bearing, published: Published | None, wording: Wording, weight: Weight
) -> Evidence:
    """Return what survivors say to a bearing; unknown without enough answers."""
    ref = Ref.parse(bearing.ref)
    found = signal(published, ref, wording)
    side, close = Side.UNKNOWN, False
    if found.shown is not None and found.share is not None:
        high = found.shown >= bearing.threshold
        holds = high if bearing.when == "high" else found.shown <= bearing.threshold
        side = Side(bearing.side) if holds else Side.NEITHER
        close = abs(found.share - bearing.threshold) <= (found.band or 0.0)
    return Evidence(
        origin=Origin.SURVIVORS,
        ref=bearing.ref,
        side=side,
        topic=found.topic,
        text=found.text,
        because=_because(bearing, side),
        factor=bearing.factor,
        weight=weight,
        strength=str(found.strength),
        source=found.source,
        why=found.why,
        close=close,
    )


def said(bearing: Bearing, rating: Rating, statement: str, weight: Weight) -> Evidence:
    """Return what the team says of itself to a bearing."""
    side = Side.UNKNOWN
    if rating is not Rating.DONT_KNOW:
        holds = rating in (_TRUE if bearing.when == "true" else _UNTRUE)
        side = Side(bearing.side) if holds else Side.NEITHER
    return Evidence(
        origin=Origin.TEAM,
        ref=bearing.ref,
        side=side,
        topic=statement,
        text=f"The team says: {rating.label.lower()}. “{statement}”",
        because=_because(bearing, side),
        factor=bearing.factor,
        weight=weight,
        strength=rating.label,
        source="the team's own rating",
        why="The team does not know or has not said." if side is Side.UNKNOWN else "",
    )


def told(bearing: Bearing, fact: Fact, asked: str, weight: Weight) -> Evidence:
    """Return what a fact about the place says to a bearing."""
    side = Side.UNKNOWN
    if fact is not Fact.DONT_KNOW:
        side = Side(bearing.side) if fact.value == bearing.when else Side.NEITHER
    answer = fact.value.replace("dont_know", "not known").capitalize()
    return Evidence(
        origin=Origin.FACTS,
        ref=bearing.ref,
        side=side,
        topic=asked,
        text=f"{answer}: {asked}",
        because=_because(bearing, side),
        factor=bearing.factor,
        weight=weight,
        strength=answer,
        source="typed in by the team",
        why="Nobody has looked this up yet." if side is Side.UNKNOWN else "",
    )


def sort_lines(lines: Iterable[Evidence]) -> list[Evidence]:
    """Order lines within one list: what weighs most first, then survivors, then the strongest."""
    weights, strengths = list(Weight), [str(strength) for strength in Strength]
    origins = list(Origin)
    return sorted(
        lines,
        key=lambda line: (
            weights.index(line.weight),
            origins.index(line.origin),
            strengths.index(line.strength) if line.strength in strengths else 0,
        ),
    )


def _because(bearing: Bearing, side: Side) -> str:
    if side in (Side.FOR, Side.AGAINST):
        return bearing.because
    many = {
        "high": "If enough people say so",
        "low": "If few people say so",
        "true": "If it is true",
        "not_true": "If it is not true",
        "yes": "If yes",
        "no": "If no",
    }[bearing.when]
    return f"{many}, this speaks {bearing.side} it."
