"""The questionnaire as data: form, checks, paper version, tables and labels all come from it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from feedback.errors import InvalidSettings
from feedback.shapes import Shape, WrongShape, plain, read_shape

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_]{0,23}$")]

# An answer that a person gives, or that follows when a section was not meant for them.
DOES_NOT_APPLY = "does_not_apply"

CORE = "core"  # the id of the questionnaire that every round asks
LONGEST_WORDS = 400  # characters in one open answer; two of them always fit a words part


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTI = "multi"
    SCALE = "scale"
    OPEN = "open"


class Option(Shape, frozen=True):
    """One answer that can be picked; ``alone`` means that it excludes the others."""

    id: Id
    text: str
    score: int | None = None
    alone: bool = False


class Question(Shape, frozen=True):
    """One question. ``reversed`` marks a scale where agreeing is bad news.

    ``heard``: what people said last time, each by language, when the question is about that.
    """

    id: Id
    kind: Kind
    text: str
    options: tuple[Option, ...] = ()
    pick_at_most: int | None = None
    longest: int = LONGEST_WORDS
    reversed: bool = False
    structures: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    heard: tuple[dict[str, str], ...] = ()

    @property
    def full_text(self) -> str:
        """Return the question as a table is headed: with what it is about."""
        if not self.heard:
            return self.text
        themes = "; ".join(theme["en"] for theme in self.heard)
        return f"Last time, people told us: {themes}. {self.text}"

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """Return the option ids in the order in which they are stored."""
        return tuple(option.id for option in self.options)

    @cached_property
    def picks(self) -> tuple[tuple[str, ...], ...]:
        """Return each option as the answer of a person who picked it and no other."""
        return tuple((option.id,) for option in self.options)

    @cached_property
    def alone(self) -> frozenset[int]:
        """Return the places of the options that exclude the others."""
        return frozenset(place for place, option in enumerate(self.options) if option.alone)

    @cached_property
    def several(self) -> bool:
        """Say whether one person may pick more than one option."""
        return self.kind is Kind.MULTI


class Skip(Shape, frozen=True):
    """A section does not apply to people who gave one of ``answers`` to ``question``."""

    question: Id
    answers: tuple[Id, ...]


class Section(Shape, frozen=True):
    """A part of the form that can be skimmed or skipped as one."""

    id: Id
    title: str
    questions: tuple[Question, ...]
    skip_when: Skip | None = None


class Questionnaire(Shape, frozen=True):
    """What one round asks. Frozen with the round: sealed answers are numbers into its lists."""

    id: Id
    version: int
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        """Refuse an id that is used twice."""
        for ids in ([q.id for q in self.questions], *(q.option_ids for q in self.questions)):
            if len(set(ids)) != len(ids):
                msg = f"an id is used twice: {sorted({i for i in ids if list(ids).count(i) > 1})}"
                raise ValueError(msg)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return every question in the order in which it is asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Return the questions by their id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def digest(self) -> str:
        """Return 16 hex digits that change with any change of the questionnaire."""
        text = json.dumps(self.to_dict(), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def edition(self) -> str:
        """Return what a form page sends back, so that answers to other questions are noticed."""
        return str(self.version) if self.id == CORE else f"{self.version}-{self.digest}"

    def skip_rule(self, question_id: str) -> Skip | None:
        """Return the rule by which a question does not apply to some people, if it has one."""
        for section in self.sections:
            if any(question.id == question_id for question in section.questions):
                return section.skip_when
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        data = plain(self)
        for question in (each for section in data["sections"] for each in section["questions"]):
            if not question["heard"]:  # older rounds keep their digest
                del question["heard"]
        return data

    @classmethod
    def from_dict(cls, data: object) -> Questionnaire:
        """Read what ``to_dict`` made. Raises InvalidSettings when it is damaged."""
        try:
            return read_shape(data, cls)
        except WrongShape as wrong:
            place = ".".join(map(str, wrong.place))
            raise InvalidSettings("The questionnaire", [f"{place}: {wrong.said}."]) from None


def load_questionnaire(path: Path | None = None) -> Questionnaire:
    """Read a questionnaire file; the default sixteen questions without one.

    Raises:
        InvalidSettings: with the first wrong place and what is wrong there.
    """
    path = path or Path(__file__).with_name("core.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(path.name, [f"{error}."]) from None
    labels = data.pop("scale", {}).get("labels", [])
    for section in data.get("sections", []):
        for question in section.get("questions", []):
            if question.get("kind") == Kind.SCALE:
                question.setdefault("options", labels)
    return Questionnaire.from_dict(data)
