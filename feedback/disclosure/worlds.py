"""Searches worlds: whole-number tables that fit all that is known, for the check to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

# They change which world is found and how fast, never whether a world fits.
_GAP = 0.003  # share of the best possible elbow room that may be missed
_NODES = 2000  # branches before a search gives up; a limit of time would not be repeatable


@dataclass(frozen=True, slots=True)
class Sum:
    """One more known fact: of all people, who are one combination, low to high gave some answers."""

    answers: Flags
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the attacker knows about one question.

    ``members``: rows x combinations; ``sizes``: people of each combination; ``alone``: which
    answers exclude all others; ``low`` and ``high``: rows x answers, the counts that the
    published numbers allow; ``sums``: further facts about a question without ticks that is
    not broken down.
    """

    members: Flags
    sizes: Whole
    alone: Flags
    low: Whole
    high: Whole
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """In each combination, how many gave one of some answers: from low to high."""

    answers: Flags
    low: Whole | float
    high: Whole | float


class Search:
    """Finds worlds of one question.

    From here on each combination is one more row, about which nothing is published: ``rows``
    are rows x combinations, ``size`` their people, ``low`` and ``high`` the bounds per answer.
    """

    def __init__(self, known: Known, m: int) -> None:
        self._known, self._m = known, m
        self._first: Whole | None = None
        nothing = np.zeros((len(known.sizes), len(known.alone)), dtype=np.int64)
        self.rows = np.vstack([known.members, np.eye(len(known.sizes), dtype=np.bool_)])
        self.size = (self.rows @ known.sizes)[:, None]
        self.low = np.vstack([known.low, nothing])
        self.high = np.vstack([known.high, nothing + known.sizes[:, None]])

    def world(self, low: Whole, high: Whole, answer: int | None = None) -> Whole | None:
        """Return a world (combinations x answers) within bounds, or None when there is none.

        ``answer``: where the bounds were tightened; the others may stay as in the first world.
        """
        if self._known.alone.all():
            return self._solve(low, high, self._one_answer_each())
        # Much quicker, but it does not find every world.
        world = self._with_other_ticks(low, high, answer)
        if world is None:
            world = self._in_two_steps(low, high)
        if world is None:
            world = self._solve(low, high, self._one_answer_or_ticks())
        if answer is None:
            self._first = world
        return world

    def _in_two_steps(self, low: Whole, high: Whole) -> Whole | None:
        """Return a world with ticks: a main answer for each person, then further ticks.

        The main answer sees to it that nobody has ticked something without a tick.
        """
        alone, published = self._known.alone, len(self._known.members)
        main_low = np.where(alone | (low > self.low), low, 0)
        main_high = high.copy()
        main_high[:published, ~alone] -= self._m  # elbow room
        main_high = np.maximum(main_low, main_high)
        main = self._solve(main_low, main_high, self._one_answer_each())
        if main is None:
            return None
        low, high = low.copy(), high.copy()
        ticked = main[:, ~alone].sum(axis=1, keepdims=True)
        low[published:] = np.maximum(low[published:], np.where(alone, main, 0))
        high[published:] = np.minimum(high[published:], np.where(alone, main, ticked))
        return self._solve(low, high, [Rule(~alone, ticked[:, 0], np.inf)])

    def _with_other_ticks(self, low: Whole, high: Whole, answer: int | None) -> Whole | None:
        """Return the first world with other people ticking one answer."""
        alone, published = self._known.alone, len(self._known.members)
        if self._first is None or answer is None or alone[answer]:
            return None
        world = self._first.copy()
        ticked = self._known.sizes - world[:, alone].sum(axis=1)
        without = world[:, ~alone].sum(axis=1) - world[:, answer]
        low, high = low[:, [answer]].copy(), high[:, [answer]].copy()
        low[published:, 0] = np.maximum(low[published:, 0], ticked - without)
        high[published:, 0] = np.minimum(high[published:, 0], ticked)
        ticks = self._solve(low, high)
        if ticks is None:
            return None
        world[:, answer] = ticks[:, 0]
        return world

    def _one_answer_each(self) -> list[Rule]:
        known = self._known
        rules = [Rule(np.ones_like(known.alone), known.sizes, known.sizes)]
        return rules + [Rule(fact.answers, fact.low, fact.high) for fact in known.sums]

    def _one_answer_or_ticks(self) -> list[Rule]:
        """Return: who does not stand alone has a tick, and no tick exceeds those who do not."""
        known = self._known
        each = np.eye(len(known.alone), dtype=np.bool_)[~known.alone]
        return [
            Rule(np.ones_like(known.alone), known.sizes, np.inf),
            *(Rule(known.alone | tick, -np.inf, known.sizes) for tick in each),
        ]

    def _solve(self, low: Whole, high: Whole, rules: Sequence[Rule] = ()) -> Whole | None:
        """Return a world within bounds per row (combinations last) and answer, or None.

        Unknowns: people per combination and answer; then per row and answer the elbow room up
        to ``high`` and down to ``low``, at most ``m``, weighed by the combinations that share
        it. As much of it as possible lets one world speak for many.
        """
        if (low > high).any():
            return None
        members = self._known.members
        rows, shape = len(members), (members.shape[1], low.shape[1])
        room = sparse.eye_array(rows * shape[1])
        counts = sparse.kron(members.astype(float), sparse.eye_array(shape[1]))
        each = sparse.eye_array(shape[0])
        matrix = sparse.block_array(
            [
                [counts, room, None],  # count + room <= high
                [counts, None, -room],  # low <= count - room
                *(
                    [sparse.kron(each, rule.answers[None].astype(float)), None, None]
                    for rule in rules
                ),
            ],
            format="csr",
            dtype=np.float64,
        )
        none, wanted = np.zeros(rows * shape[1]), np.full(rows * shape[1], self._m)
        weights = np.repeat(members.sum(axis=1), shape[1])
        wide = np.full(shape[0], 1)
        found = milp(
            np.concatenate([np.zeros(low[rows:].size), -weights, -weights]),
            constraints=LinearConstraint(
                matrix,
                _flat(none - np.inf, low[:rows], *(rule.low * wide for rule in rules)),
                _flat(high[:rows], none + np.inf, *(rule.high * wide for rule in rules)),
            ),
            bounds=Bounds(
                _flat(low[rows:], none, none),
                _flat(high[rows:], wanted, np.where(low[:rows].ravel() > 0, wanted, 0)),
            ),
            integrality=np.repeat([1, 0], [low[rows:].size, 2 * len(none)]),
            options={"mip_rel_gap": _GAP, "node_limit": _NODES},
        )
        if found.x is None:
            return None
        return np.rint(found.x[: low[rows:].size]).astype(np.int64).reshape(shape)


def _flat(*parts: NDArray[Any]) -> NDArray[np.float64]:
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float64)
