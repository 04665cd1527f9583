"""Exact tables, made only inside a closing: who stands in which row and how many said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.disclosure.plan import NONE, SKIPPED, Kind, Plan, PlannedQuestion
from feedback.errors import InvalidAnswers
from feedback.questionnaire.definition import DOES_NOT_APPLY

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: everyone (no group), or the people of some levels of one group."""

    group: str = ""
    levels: tuple[str, ...] = ()

    @property
    def merged(self) -> bool:
        """Return whether several levels stand in this row together."""
        return len(self.levels) > 1


EVERYONE = Row()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows of one grouping question and the place of each person's row in them."""

    rows: tuple[Row, ...]
    place: Whole = field(repr=False)

    @property
    def group(self) -> str:
        """Return the id of the grouping question."""
        return self.rows[0].group


@dataclass(frozen=True, slots=True)
class Table:
    """The exact counts of one question, and the sizes that the strong attacker knows.

    A *combination* is a set of people who stand in the same rows; only occurring ones count.
    ``members``: rows x combinations, whether a combination stands in a row. ``sizes``: people of
    each combination who were asked. ``row_sizes``: people of each row. ``not_asked``: rows x
    answers, people of whom everybody can know the answer, because the question is not for them.
    ``counts``: rows x answers, exact.
    """

    question: PlannedQuestion
    rows: tuple[Row, ...]
    members: Flags = field(repr=False)
    sizes: Whole = field(repr=False)
    row_sizes: Whole = field(repr=False)
    not_asked: Whole = field(repr=False)
    counts: Whole = field(repr=False)


def partition(sizes: Mapping[str, int], k: int) -> tuple[tuple[str, ...], ...]:
    """Return groups of levels, each of at least ``k`` people, that together hold everybody.

    Too small levels, empty ones too, are merged; while they are fewer than ``k`` together, the
    smallest row joins them. Only sizes decide. Empty when fewer than two rows would remain.
    """
    alone = [level for level, size in sizes.items() if size >= k]
    merged = [level for level in sizes if level not in alone]
    while merged and alone and sum(sizes[level] for level in merged) < k:
        merged.append(alone.pop(alone.index(min(alone, key=lambda name: (sizes[name], name)))))
    together = tuple(level for level in sizes if level in merged)
    rows = (*((level,) for level in alone), *((together,) if together else ()))
    return rows if len(rows) >= 2 else ()


def breakdowns(picks: Mapping[str, Flags], asked: Flags, plan: Plan) -> tuple[Breakdown, ...]:
    """Return the grouping questions that can be shown, in the order of the plan.

    Each row and everybody outside it hold at least k people who were ``asked``.
    """
    found = []
    for group in plan.groups:
        columns = [answer.id for answer in plan.question(group).columns]
        level = picks[group].argmax(axis=1)
        people = np.bincount(level[asked], minlength=len(columns))
        rows = partition(dict(zip(columns, people.tolist(), strict=True)), plan.limits.k)
        if rows:
            place = np.array([next(i for i, row in enumerate(rows) if c in row) for c in columns])
            found.append(Breakdown(tuple(Row(group, row) for row in rows), place[level]))
    return tuple(found)


def tabulate(
    question: PlannedQuestion, picks: Flags, asked: Flags, shown: Sequence[Breakdown]
) -> Table:
    """Count one question for everyone and for each row of the breakdowns."""
    everyone = np.zeros(len(picks), dtype=np.int64)
    places = np.column_stack([everyone, *(breakdown.place for breakdown in shown)])
    combinations, where = np.unique(places, axis=0, return_inverse=True)
    rows = [(EVERYONE, 0, 0)]
    for number, breakdown in enumerate(shown, start=1):
        rows += [(row, number, place) for place, row in enumerate(breakdown.rows)]
    members = np.array([combinations[:, number] == place for _, number, place in rows])

    def count(people: Flags) -> Whole:
        counts = np.zeros((len(combinations), people.shape[1]), dtype=np.int64)
        np.add.at(counts, where.ravel(), people)
        return counts

    return Table(
        question=question,
        rows=tuple(row for row, _, _ in rows),
        members=members,
        sizes=count(asked[:, None])[:, 0],
        row_sizes=(members @ count(np.ones_like(asked)[:, None]))[:, 0],
        not_asked=members @ count(picks & ~asked[:, None]),
        counts=members @ count(picks),
    )


def read_picks(frame: pd.DataFrame, plan: Plan) -> dict[str, Flags]:
    """Return who gave which answer: for each question, people x columns.

    A theme question without a column is left out: its words have not been read.

    Raises:
        InvalidAnswers: naming the questions whose column is missing or does not fit the plan.
    """
    picks, problems = {}, {}
    for question in plan.questions:
        if question.kind is Kind.THEME and question.id not in frame.columns:
            continue
        try:
            picks[question.id] = _read_column(frame[question.id], question)
        except KeyError:
            # The cause could quote an answer.
            absent = question.id not in frame.columns
            problems[question.id] = "missing" if absent else "unknown"
        except ValueError:
            problems[question.id] = "contradiction"
    if problems:
        raise InvalidAnswers(problems)
    for question in plan.questions:
        if question.id in picks:
            asked = who_was_asked(question, picks, plan)
            columns = [answer.id == DOES_NOT_APPLY for answer in question.columns]
            picks[question.id] = np.where(asked[:, None], picks[question.id], columns)
    return picks


def who_was_asked(question: PlannedQuestion, picks: Mapping[str, Flags], plan: Plan) -> Flags:
    """Return for whom a question was meant, by what they answered elsewhere: one flag a person."""
    rule = question.not_for
    if rule is None:
        return np.ones(len(picks[question.id]), dtype=np.bool_)
    columns = [answer.id in rule.answers for answer in plan.question(rule.question).columns]
    return np.asarray(~picks[rule.question][:, columns].any(axis=1))


def _read_column(column: pd.Series, question: PlannedQuestion) -> Flags:
    place = {answer.id: number for number, answer in enumerate(question.columns)}
    nothing = (NONE,) if question.kind.several else (SKIPPED,)
    picks = np.zeros((len(column), len(place)), dtype=np.bool_)
    for person, given in enumerate(column):
        several = given if isinstance(given, tuple | list) else () if pd.isna(given) else (given,)
        for answer in several or nothing:
            picks[person, place[answer]] = True
    alone = picks[:, question.alone].sum(axis=1)
    if (alone > 1).any() or ((alone == 1) & (picks.sum(axis=1) > 1)).any():
        raise ValueError
    return picks
