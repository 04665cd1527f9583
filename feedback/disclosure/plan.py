"""What a release will show, fixed and hashed before its round opens."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from feedback.disclosure.sampling import FEWEST, MOST, STEP
from feedback.errors import InvalidSettings
from feedback.questionnaire.definition import DOES_NOT_APPLY

SKIPPED = "skipped"  # the extra answer of every single choice and scale question
NONE = "none"  # the extra answer of multi and theme questions: nothing ticked, no comment left
NO_ANSWER = (SKIPPED, NONE, DOES_NOT_APPLY)

MOST_GROUPS = 3
MOST_LEVELS = 6
THEME_GROUPS_FROM = 50  # people in a release before themes are broken down

IN_SAMPLE = "in sample"  # a column of the frame: whose words were drawn to be read; no question id

# Columns of the long export; a grouping variable must not be called like one of them.
COLUMNS_BEFORE = ("release", "round", "question", "answer", "kind")
COLUMNS_AFTER = ("count", "base", "share", "low", "high", "status", "note")

_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")
_ROUND = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,31}")


class Kind(StrEnum):
    """How a planned question is counted."""

    SINGLE = "single"
    MULTI = "multi"
    SCALE = "scale"
    THEME = "theme"

    @property
    def several(self) -> bool:
        """Return whether one person may count under several answers."""
        return self in (Kind.MULTI, Kind.THEME)


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that is counted. ``alone``: in a multi question it excludes all other answers."""

    id: str
    text: str
    score: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class NotFor:
    """Who gave one of ``answers`` to ``question`` is not asked, which everybody can know."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """One table of the release. ``reversed`` marks a scale where agreeing is bad news.

    ``at_most``: how many answers the form lets one person tick, if it says so. ``not_for``: for
    whom the question does not apply, whatever they answered; it needs that answer.
    """

    id: str
    kind: Kind
    text: str
    answers: tuple[Answer, ...]
    reversed: bool = False
    at_most: int | None = None
    not_for: NotFor | None = None

    @property
    def columns(self) -> tuple[Answer, ...]:
        """Return what is counted: the planned answers and the extra one for no answer."""
        if self.kind is Kind.THEME:
            return (*self.answers, Answer(NONE, "Left no comment", alone=True))
        if self.kind is Kind.MULTI:
            return (*self.answers, Answer(NONE, "Nothing ticked", alone=True))
        return (*self.answers, Answer(SKIPPED, "No answer"))

    @property
    def alone(self) -> tuple[bool, ...]:
        """Return which columns exclude all the others for the person who gave them."""
        if not self.kind.several:
            return (True,) * len(self.columns)
        return tuple(answer.alone or answer.id == DOES_NOT_APPLY for answer in self.columns)


@dataclass(frozen=True, slots=True)
class Limits:
    """How careful a release is; every value may only be made stricter.

    ``k`` people make a release and a row, ``k_groups`` make a breakdown, ``base`` is the step
    of rounding, ``m`` people must stay possible for and against every answer, ``tries`` is how
    often a table is redrawn, ``k_quotes`` people make quotes possible.
    """

    k: int = 10
    k_groups: int = 30
    base: int = 5
    m: int = 2
    tries: int = 64
    k_quotes: int = 20

    def problems(self) -> list[str]:
        """Return a sentence for each value outside its range (docs/reference/release-rules.md)."""
        ranges = {
            "k": (self.k, range(10, 51)),
            "k_groups": (self.k_groups, range(max(30, self.k), 1001)),
            "base": (self.base, (5, 10)),
            "m": (self.m, (2, 3)),
            "tries": (self.tries, range(64, 1025)),
            "k_quotes": (self.k_quotes, range(20, 1001)),
        }
        return [
            f"{name} must be from {allowed[0]} to {allowed[-1]}."
            if isinstance(allowed, range)
            else f"{name} must be {allowed[0]} or {allowed[1]}."
            for name, (given, allowed) in ranges.items()
            if type(given) is not int or given not in allowed
        ]


@dataclass(frozen=True, slots=True)
class Edition:
    """Which questionnaire or codebook stands behind the plan."""

    version: int
    digest: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a release that is decided before anybody answers.

    ``groups`` are ids of planned single-choice questions. ``single_person`` says that the team
    has no second approver; it is printed on the release. ``sample``: when more people than this
    answer, the words of so many, drawn at random, are read and counted; 0 = everybody's are.

    Raises:
        InvalidSettings: naming each value that the rules do not allow.
    """

    round: str
    team: str
    questionnaire: Edition
    codebook: Edition
    questions: tuple[PlannedQuestion, ...]
    groups: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    single_person: bool = False
    sample: int = 0

    def __post_init__(self) -> None:
        """Refuse what the rules do not allow."""
        if not _is_made_of_words(self):
            raise InvalidSettings("The release plan", ["It is damaged."])
        problems = [*_name_problems(self), *self.limits.problems(), *_group_problems(self)]
        if self.sample != 0 and self.sample not in range(FEWEST, MOST + 1, STEP):
            problems.append(f"sample must be from {FEWEST} to {MOST}, in steps of {STEP}.")
        for question in self.questions:
            problems += [*_question_problems(question), *_rule_problems(question, self)]
        if problems:
            raise InvalidSettings("The release plan", problems)

    def question(self, question_id: str) -> PlannedQuestion:
        """Return a planned question by its id."""
        return next(question for question in self.questions if question.id == question_id)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_dict`` reads it back."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        if not self.sample:  # so that a plan without one reads as it always did
            del data["sample"]
        return data

    @classmethod
    def from_dict(cls, data: Any) -> Plan:  # noqa: ANN401
        """Read what ``to_dict`` made. Raises InvalidSettings when it is damaged."""
        try:
            return cls(
                round=data["round"],
                team=data["team"],
                questionnaire=Edition(**data["questionnaire"]),
                codebook=Edition(**data["codebook"]),
                questions=tuple(map(_question, data["questions"])),
                groups=tuple(data["groups"]),
                limits=Limits(**data["limits"]),
                single_person=data["single_person"],
                sample=data.get("sample", 0),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InvalidSettings("The release plan", ["It is damaged."]) from None

    def plan_hash(self) -> str:
        """Return the sha256 of the plan's canonical JSON, in hex."""
        text = json.dumps(self.to_dict(), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _question(data: dict[str, Any]) -> PlannedQuestion:
    parts = dict(data, kind=Kind(data["kind"]), answers=_answers(data))
    if data.get("not_for") is not None:
        rule = data["not_for"]
        parts["not_for"] = NotFor(rule["question"], tuple(rule["answers"]))
    return PlannedQuestion(**parts)


def _answers(data: dict[str, Any]) -> tuple[Answer, ...]:
    return tuple(Answer(**answer) for answer in data["answers"])


def _is_made_of_words(plan: Plan) -> bool:
    """Say whether everything that is read, compared or added up is text, or a number."""
    editions = (plan.questionnaire, plan.codebook)
    answers = [answer for question in plan.questions for answer in question.answers]
    words = [plan.team, *(each for one in editions for each in (one.id, one.digest))]
    words += [question.text for question in plan.questions]
    words += [answer.text for answer in answers]
    numbers = [*(one.version for one in editions), *(answer.score or 0 for answer in answers)]
    return all(isinstance(each, str) for each in words) and all(type(n) is int for n in numbers)


def _name_problems(plan: Plan) -> list[str]:
    problems = []
    if not _ROUND.fullmatch(plan.round):
        problems.append("The round must be letters, digits and hyphens, at most 32.")
    if not plan.team.strip():
        problems.append("The team needs a name.")
    if not plan.questions:
        problems.append("At least one question must be planned.")
    for question_id in _twice(question.id for question in plan.questions):
        problems.append(f"The question {question_id} is planned twice.")
    return problems


def _group_problems(plan: Plan) -> list[str]:
    problems = [f"The group {name} is named twice." for name in _twice(plan.groups)]
    if len(plan.groups) > MOST_GROUPS:
        problems.append(f"At most {MOST_GROUPS} questions can make groups.")
    by_id = {question.id: question for question in plan.questions}
    for name in plan.groups:
        question = by_id.get(name)
        if question is None or question.kind is not Kind.SINGLE:
            problems.append(f"The group {name} must be a planned single-choice question.")
        elif len(question.answers) > MOST_LEVELS:
            problems.append(f"The group {name} has more than {MOST_LEVELS} levels.")
        if name in (*COLUMNS_BEFORE, *COLUMNS_AFTER):
            problems.append(f"The group {name} is called like a column of the export.")
    return problems


def _question_problems(question: PlannedQuestion) -> list[str]:
    ids = [answer.id for answer in question.columns]
    most = 40 if question.kind.several else 12
    problems = [f"{question.id}: the answer {answer} stands twice." for answer in _twice(ids)]
    problems += [
        f"{question.id}: the id {name!r} cannot be used."
        for name in (question.id, *ids)
        if not _ID.fullmatch(name)
    ]
    if not 1 <= len(question.answers) <= most:
        problems.append(f"{question.id}: 1 to {most} answers can be planned.")
    return problems


def _rule_problems(question: PlannedQuestion, plan: Plan) -> list[str]:
    problems = []
    if question.at_most is not None and (not question.kind.several or question.at_most < 1):
        problems.append(f"{question.id}: at_most is for questions with several answers.")
    rule = question.not_for
    if rule is None:
        return problems
    if DOES_NOT_APPLY not in [answer.id for answer in question.answers]:
        problems.append(f"{question.id}: it needs the answer {DOES_NOT_APPLY}.")
    asked = {other.id: {answer.id for answer in other.answers} for other in plan.questions}
    if rule.question == question.id or not set(rule.answers) <= asked.get(rule.question, set()):
        problems.append(f"{question.id}: not_for names answers that are not planned.")
    return problems


def _twice(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})
