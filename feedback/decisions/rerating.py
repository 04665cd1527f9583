"""What a team says of itself beside what it said before: structure is a change to be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedback.decisions.definitions import Structures
from feedback.decisions.readiness import (
    RERUN_AFTER_DAYS,
    Fact,
    Rating,
    TeamInputs,
    readiness,
)

FACT_WORDS = {Fact.YES: "Yes", Fact.NO: "No", Fact.DONT_KNOW: "We do not know"}
SAME = "the same"
_LEAST_TRUE_FIRST = (
    Rating.NOT_TRUE,
    Rating.SOMEWHAT_UNTRUE,
    Rating.SOMEWHAT_TRUE,
    Rating.VERY_TRUE,
)


@dataclass(frozen=True, slots=True)
class Beside:
    """One statement, fact or weight as it was and as it is now, and which way it moved."""

    text: str
    before: str
    now: str
    moved: str
    note: str = ""


def agreed_before(versions: Iterable[TeamInputs]) -> tuple[TeamInputs, ...]:
    """Return what was agreed on each earlier day, oldest first; of one day only the last."""
    by_day = {each.agreed_on: each for each in versions if each.agreed_on is not None}
    days = sorted(day for day in by_day if day is not None)
    return tuple(by_day[day] for day in days[:-1])


def is_a_year(before: TeamInputs, now: TeamInputs) -> bool:
    """Say whether enough time lies between two ratings to call it a review of the structure."""
    if before.agreed_on is None or now.agreed_on is None:
        return False
    return (now.agreed_on - before.agreed_on).days >= RERUN_AFTER_DAYS


def beside(before: TeamInputs, now: TeamInputs, known: Structures) -> tuple[Beside, ...]:
    """Set two ratings beside each other: statements, then facts, then what the team weighs."""
    earlier = {line.statement: line.rating for line in readiness(before, known)}
    statements = (
        Beside(
            line.text,
            earlier[line.statement].label,
            line.rating.label,
            _truer(earlier[line.statement], line.rating),
            line.note,
        )
        for line in readiness(now, known)
    )
    facts = (
        _changed(
            fact.text, _fact(before.facts, fact.id), _fact(now.facts, fact.id), now.notes, fact.id
        )
        for fact in known.facts
    )
    weights = (
        _changed(
            f"{factor.title} weighs",
            str(before.weight(factor.id)),
            str(now.weight(factor.id)),
        )
        for factor in known.factors
    )
    return (*statements, *facts, *weights)


def _truer(before: Rating, now: Rating) -> str:
    if before is now:
        return SAME
    if before is Rating.DONT_KNOW:
        return "known now"
    if now is Rating.DONT_KNOW:
        return "not known any more"
    steps = _LEAST_TRUE_FIRST
    return "more true" if steps.index(now) > steps.index(before) else "less true"


def _changed(
    text: str, before: str, now: str, notes: Mapping[str, str] | None = None, name: str = ""
) -> Beside:
    note = (notes or {}).get(name, "")
    return Beside(text, before, now, SAME if before == now else "changed", note)


def _fact(facts: Mapping[str, Fact], name: str) -> str:
    return FACT_WORDS[facts.get(name, Fact.DONT_KNOW)]
