"""Published counts: rounded at random under a key, attacked, redrawn, and in the end not shown."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from feedback.disclosure.check import is_safe
from feedback.disclosure.plan import (
    THEME_GROUPS_FROM,
    Kind,
    Limits,
    Plan,
    PlannedQuestion,
)
from feedback.disclosure.tables import (
    EVERYONE,
    Breakdown,
    Flags,
    Row,
    Table,
    Whole,
    breakdowns,
    tabulate,
    who_was_asked,
)
from feedback.disclosure.worlds import Known, Sum

_ALL_THROWS = 2**64


@dataclass(frozen=True, slots=True)
class Cell:
    """One exact number before rounding; the size of a row has neither question nor answer."""

    row: Row
    count: int = field(repr=False)
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Dice:
    """Random rounding that gives the same cell of the same round the same number, for ever.

    Without the key nobody can repeat it; with the key, restored data give the same release.
    """

    key: bytes = field(repr=False)
    round: str
    base: int

    def draw(self, cell: Cell, attempt: int, *, least: int = 0, most: int | None = None) -> int:
        """Return the multiple of the base below or above the count.

        Above with probability rest/base, so that the mean is the count itself, but never above
        ``most``, and not below when that is less than ``least``. Every count less than a base
        away from the result stays possible, if group sizes alone decide on the two limits.
        """
        rest = cell.count % self.base
        below, above = cell.count - rest, cell.count - rest + self.base
        goes_up = self._throw(cell, attempt) * self.base < rest * _ALL_THROWS
        goes_up = goes_up or (rest > 0 and below < least)
        return above if goes_up and (most is None or above <= most) else below

    def _throw(self, cell: Cell, attempt: int) -> int:
        """Return a number below 2**64 from key, round, question, row, answer, count and attempt."""
        row = cell.row
        parts = [self.round, cell.question, row.group, row.levels, cell.answer, cell.count, attempt]
        message = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:8])


@dataclass(frozen=True, slots=True)
class Closing:
    """One round being closed: a plan, dice, and who gave which answer to each question."""

    plan: Plan
    dice: Dice
    picks: Mapping[str, Flags] = field(repr=False)

    @property
    def people(self) -> int:
        """Return how many people answered."""
        return len(next(iter(self.picks.values())))

    def size(self, row: Row) -> int:
        """Return the published size of a row, the same in the whole release.

        A row of one level holds the people who gave one answer to the grouping question, so
        it gets the number that stands in that question's own table.
        """
        if not row.levels:
            return self.dice.draw(Cell(EVERYONE, self.people), 0)
        columns = [answer.id in row.levels for answer in self.plan.question(row.group).columns]
        people = int(self.picks[row.group][:, columns].sum())
        own = Cell(EVERYONE, people, row.group, row.levels[0])
        return self.dice.draw(Cell(row, people) if row.merged else own, 0)

    def breakdowns_of(self, question: PlannedQuestion) -> tuple[Breakdown, ...]:
        """Return how a question may be broken down, before any drawing.

        Only sizes decide: how many people, in which groups, were asked. A grouping question is
        not broken down, because its rows would cross two grouping questions.
        """
        fewest = self.plan.limits.k_groups
        if question.kind is Kind.THEME:
            fewest = max(fewest, THEME_GROUPS_FROM)
        asked = who_was_asked(question, self.picks, self.plan)
        if question.id in self.plan.groups or asked.sum() < fewest:
            return ()
        return breakdowns(self.picks, asked, self.plan)

    def rows_by(self, group: str) -> tuple[Row, ...]:
        """Return every row that a grouping question forms anywhere in the release."""
        rows = (
            row
            for question in self.plan.questions
            if question.id in self.picks
            for breakdown in self.breakdowns_of(question)
            for row in breakdown.rows
        )
        return tuple(dict.fromkeys(row for row in rows if row.group == group))


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of one question.

    ``counts``: per row, one multiple of the base per answer; no rows when nothing may be shown,
    because too few people were asked or to protect them. ``withheld``: grouping questions that
    were left out to protect people.
    """

    question: PlannedQuestion
    rows: tuple[Row, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    withheld: tuple[str, ...] = ()
    too_few: bool = False


def protect(question: PlannedQuestion, closing: Closing) -> Protected:
    """Draw the table of one question until the strong attacker learns nothing from it.

    When ``tries`` draws have failed, the last grouping question of the plan is left out and the
    drawing starts again; when the row of everyone fails too, the question is not shown.
    """
    limits = closing.plan.limits
    asked = who_was_asked(question, closing.picks, closing.plan)
    if asked.sum() < limits.k:
        return Protected(question, too_few=True)
    sizes = {row: closing.size(row) for row in closing.rows_by(question.id)}
    kept = list(closing.breakdowns_of(question))
    withheld: list[str] = []
    while True:
        table = tabulate(question, closing.picks[question.id], asked, kept)
        for attempt in range(limits.tries):
            counts = draw_table(table, closing, attempt, own_rows=sizes)
            if is_safe(what_is_known(table, counts, limits, own_rows=sizes), limits.m):
                shown = tuple(tuple(row) for row in counts.tolist())
                return Protected(question, table.rows, shown, tuple(withheld))
        if not kept:
            return Protected(question, withheld=tuple(withheld))
        withheld.insert(0, kept.pop().group)


def draw_table(table: Table, closing: Closing, attempt: int, *, own_rows: Collection[Row]) -> Whole:
    """Return published counts, rows x answers, of one attempt.

    ``own_rows``: the rows that this question forms in other tables; where the size of one is
    the count of an answer, it is not drawn anew.
    """
    question, limits = table.question, closing.plan.limits
    held = {row.levels[0] for row in own_rows if not row.merged}
    # Of people who were not asked everybody knows the answer; it must stay possible that a few
    # others gave it too.
    least = table.not_asked + limits.m - (limits.base - 1)
    counts = np.zeros_like(table.counts)
    for (row, column), count in np.ndenumerate(table.counts):
        answer = question.columns[column].id
        counts[row, column] = closing.dice.draw(
            Cell(table.rows[row], int(count), question.id, answer),
            0 if answer in held else attempt,
            least=int(least[row, column]),
            most=int(table.row_sizes[row]),
        )
    return counts


def what_is_known(
    table: Table, counts: Whole, limits: Limits, *, own_rows: Mapping[Row, int]
) -> Known:
    """Return what the strong attacker knows when these counts are published."""
    question, near = table.question, limits.base - 1
    asked = (table.members @ table.sizes)[:, None]
    return Known(
        members=table.members,
        sizes=table.sizes,
        alone=np.array(question.alone),
        low=np.maximum(0, counts - near - table.not_asked),
        high=np.minimum(asked, counts + near - table.not_asked),
        at_most=question.at_most,
        sums=tuple(_fact(table, row, size, limits) for row, size in own_rows.items()),
    )


def _fact(table: Table, row: Row, size: int, limits: Limits) -> Sum:
    """Return what the published size of a row says of the question that forms it."""
    answers = np.array([answer.id in row.levels for answer in table.question.columns])
    known, near = int(table.not_asked[0, answers].sum()), limits.base - 1
    return Sum(answers, max(limits.k, size - near) - known, size + near - known)
