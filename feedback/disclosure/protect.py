"""Published counts: rounded at random under a key, attacked, redrawn, and in the end not shown."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from feedback.disclosure.check import is_safe
from feedback.disclosure.plan import NO_ANSWER, THEME_GROUPS_FROM, Kind, Plan, PlannedQuestion
from feedback.disclosure.tables import (
    EVERYONE,
    Breakdown,
    Flags,
    Row,
    Table,
    Whole,
    tabulate,
    who_was_asked,
)
from feedback.disclosure.worlds import Known, Sum

_ALL_THROWS = 2**64


@dataclass(frozen=True, slots=True)
class Cell:
    """One exact number before rounding; the size of a row has neither question nor answer.

    ``shared``: it is thrown for together with the same answer to other questions. Who skipped
    one question has often skipped its neighbours, and a section that is not for somebody holds
    many questions. If each threw anew, the mean of these numbers would come close to the true
    count.
    """

    row: Row
    count: int = field(repr=False)
    question: str = ""
    answer: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Dice:
    """Random rounding that gives the same cell of the same round the same number, for ever.

    Without the key nobody can repeat it; with the key, restored data give the same release.
    """

    key: bytes = field(repr=False)
    round: str
    base: int

    def draw(self, cell: Cell, attempt: int, most: int | None = None) -> int:
        """Return the multiple of the base below or above the count.

        Above with probability rest/base, so that the mean is the count itself, but never above
        ``most``. Every count less than a base away from the result stays possible.
        """
        rest = cell.count % self.base
        up = cell.count - rest + self.base
        goes_up = self._throw(cell, attempt) * self.base < rest * _ALL_THROWS
        return up if goes_up and (most is None or up <= most) else cell.count - rest

    def _throw(self, cell: Cell, attempt: int) -> int:
        """Return a number below 2**64 from key, round, question, row, answer, count and attempt."""
        question, count = ("", None) if cell.shared else (cell.question, cell.count)
        parts = [self.round, question, cell.row.group, cell.row.levels, cell.answer, count, attempt]
        message = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:8])


@dataclass(frozen=True, slots=True)
class Closing:
    """One round being closed: how many people, in which groups, by which plan and dice."""

    plan: Plan
    dice: Dice
    people: int = field(repr=False)
    breakdowns: tuple[Breakdown, ...]

    def bases(self) -> dict[Row, int]:
        """Return the published size of everyone and of each row, once for the whole release.

        A row of one level holds the people who gave one answer to the grouping question, so
        it gets the number that stands in that question's own table.
        """
        bases = {EVERYONE: self.dice.draw(Cell(EVERYONE, self.people), 0)}
        for breakdown in self.breakdowns:
            sizes = np.bincount(breakdown.place, minlength=len(breakdown.rows)).tolist()
            for row, size in zip(breakdown.rows, sizes, strict=True):
                own = Cell(EVERYONE, size, row.group, row.levels[0])
                bases[row] = self.dice.draw(Cell(row, size) if row.merged else own, 0)
        return bases

    def breakdowns_of(self, question: PlannedQuestion) -> tuple[Breakdown, ...]:
        """Return how a question may be broken down, before any drawing: only sizes decide.

        A grouping question is not broken down: its rows would cross two grouping questions.
        """
        fewest = self.plan.limits.k_groups
        if question.kind is Kind.THEME:
            fewest = max(fewest, THEME_GROUPS_FROM)
        forms_groups = question.id in self.plan.groups
        return () if forms_groups or self.people < fewest else self.breakdowns

    def rows_by(self, question: PlannedQuestion) -> tuple[Row, ...]:
        """Return the rows that a grouping question forms; none for any other question."""
        return tuple(
            row
            for breakdown in self.breakdowns
            if breakdown.group == question.id
            for row in breakdown.rows
        )


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of one question.

    ``counts``: per row, one multiple of the base per answer; no rows when nothing may be shown.
    ``withheld``: grouping questions that were left out to protect people.
    """

    question: PlannedQuestion
    rows: tuple[Row, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    withheld: tuple[str, ...] = ()


def protect(
    question: PlannedQuestion,
    picks: Mapping[str, Flags],
    closing: Closing,
    bases: Mapping[Row, int],
) -> Protected:
    """Draw the table of one question until the strong attacker learns nothing from it.

    ``picks``: of each question, who gave which answer (people x columns).

    When ``tries`` draws have failed, the last grouping question of the plan is left out and the
    drawing starts again; when the row of everyone fails too, the question is not shown.
    """
    limits = closing.plan.limits
    asked = who_was_asked(question, picks, closing.plan)
    kept = list(closing.breakdowns_of(question))
    withheld: list[str] = []
    while True:
        table = tabulate(question, picks[question.id], asked, kept)
        for attempt in range(limits.tries):
            counts = draw_table(table, closing, attempt)
            if is_safe(what_is_known(table, counts, closing, bases), limits.m):
                shown = tuple(tuple(row) for row in counts.tolist())
                return Protected(question, table.rows, shown, tuple(withheld))
        if not kept:
            return Protected(question, withheld=tuple(withheld))
        withheld.insert(0, kept.pop().group)


def draw_table(table: Table, closing: Closing, attempt: int) -> Whole:
    """Return published counts, rows x answers. What already stands as a base is not redrawn."""
    question = table.question
    forms_groups = question.id in closing.plan.groups
    held = {row.levels[0] for row in closing.rows_by(question) if not row.merged}
    counts = np.zeros_like(table.counts)
    for (row, column), count in np.ndenumerate(table.counts):
        answer = question.columns[column].id
        # Who knows the groups of everybody knows counts of a grouping question, and so its throw.
        shared = answer in NO_ANSWER and not forms_groups
        cell = Cell(table.rows[row], int(count), question.id, answer, shared)
        redraw = 0 if answer in held else attempt
        counts[row, column] = closing.dice.draw(cell, redraw, int(table.row_sizes[row]))
    return counts


def what_is_known(table: Table, counts: Whole, closing: Closing, bases: Mapping[Row, int]) -> Known:
    """Return what the strong attacker knows when these counts are published."""
    limits, question = closing.plan.limits, table.question
    near, asked = limits.base - 1, (table.members @ table.sizes)[:, None]
    return Known(
        members=table.members,
        sizes=table.sizes,
        alone=np.array(question.alone),
        low=np.maximum(0, counts - near - table.not_asked),
        high=np.minimum(asked, counts + near - table.not_asked),
        at_most=question.at_most,
        sums=tuple(
            Sum(
                answers=np.array([answer.id in row.levels for answer in question.columns]),
                low=max(limits.k, bases[row] - near),
                high=bases[row] + near,
            )
            for row in closing.rows_by(question)
        ),
    )
