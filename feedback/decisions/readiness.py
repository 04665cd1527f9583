"""What the team says of itself: statements rated together, facts, members, and what it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from feedback.decisions.definitions import Structures
from feedback.decisions.kept import to_plain

RERUN_AFTER_DAYS = 365  # structure is itself a change to be measured


class Rating(StrEnum):
    """How true a statement is; the labels of SVJI's Readiness Assessment Survey."""

    VERY_TRUE = "very_true"
    SOMEWHAT_TRUE = "somewhat_true"
    DONT_KNOW = "dont_know"
    SOMEWHAT_UNTRUE = "somewhat_untrue"
    NOT_TRUE = "not_true"

    @property
    def label(self) -> str:
        """Return the words on the screen."""
        words = self.value.replace("_", " ").capitalize()
        return words.replace("Dont", "Don't")


class Fact(StrEnum):
    """An answer about the place."""

    YES = "yes"
    NO = "no"
    DONT_KNOW = "dont_know"


class Weight(StrEnum):
    """How heavily the team weighs a factor now, heaviest first."""

    A_LOT = "a lot"
    SOME = "some"
    A_LITTLE = "a little"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True)
class TeamInputs:
    """What a team types into the workbench, agreed in a meeting.

    ``members`` are ids of disciplines (the answers of the question ``who``); ``notes`` maps a
    statement or fact to a short reason; ``interval`` is how often an integrated team would meet
    on this; ``agreed_on`` is the day of the meeting.
    """

    ratings: Mapping[str, Rating] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    weights: Mapping[str, Weight] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    interval: str = ""
    agreed_on: date | None = None

    def weight(self, factor: str) -> Weight:
        """Return how heavily a factor weighs; "some" until the team says otherwise."""
        return self.weights.get(factor, Weight.SOME)

    def is_due(self, today: date) -> bool:
        """Say whether the workbench should be gone through again: never done, or a year old."""
        return self.agreed_on is None or (today - self.agreed_on).days >= RERUN_AFTER_DAYS

    def filled(self, known: Structures) -> TeamInputs:
        """Return the same with an answer to everything that is asked: "don't know", or "some"."""
        ratings = {
            each.id: self.ratings.get(each.id, Rating.DONT_KNOW) for each in known.statements
        }
        facts = {fact.id: self.facts.get(fact.id, Fact.DONT_KNOW) for fact in known.facts}
        weights = {factor.id: self.weight(factor.id) for factor in known.factors}
        return replace(self, ratings=ratings, facts=facts, weights=weights)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        return to_plain(_INPUTS, self) | {"members": sorted(self.members)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TeamInputs:
        """Read what ``to_dict`` made. What is not understood is left out: it is then unknown."""
        try:
            return _INPUTS.validate_python(data)
        except ValidationError as error:
            wrong = {problem["loc"][0] for problem in error.errors()}
        return _INPUTS.validate_python({name: data[name] for name in data if name not in wrong})


_INPUTS = TypeAdapter(TeamInputs)


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One statement and what the team says to it."""

    statement: str
    text: str
    factor: str
    rating: Rating
    note: str
    source: str


def readiness(inputs: TeamInputs, known: Structures) -> tuple[ReadinessLine, ...]:
    """Return every statement with the team's rating; "don't know" where it has said nothing.

    No team is ready everywhere: this is a list to talk about, not a grade.
    """
    return tuple(
        ReadinessLine(
            statement=statement.id,
            text=statement.text,
            factor=statement.factor,
            rating=inputs.ratings.get(statement.id, Rating.DONT_KNOW),
            note=inputs.notes.get(statement.id, ""),
            source=statement.source,
        )
        for statement in known.statements
    )
