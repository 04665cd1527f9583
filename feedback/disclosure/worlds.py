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
_GAP = 0.1  # share of the best possible elbow room that may be missed
_TICKS_GAP = 0.01  # the same where answers do not hinder each other
_NODES = 2000  # branches before a search gives up; a limit of time would not be repeatable


@dataclass(frozen=True, slots=True)
class Sum:
    """One more known fact: of all people, low to high gave one of some answers."""

    answers: Flags
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the attacker knows about one question.

    ``members``: rows x combinations; ``sizes``: people of each combination; ``alone``: which
    answers exclude all others; ``low`` and ``high``: rows x answers, the counts that the
    published numbers allow; ``at_most``: how many ticks one person may give, if that is known;
    ``sums``: further facts about a question without ticks that is not broken down.
    """

    members: Flags
    sizes: Whole
    alone: Flags
    low: Whole
    high: Whole
    at_most: int | None = None
    sums: tuple[Sum, ...] = ()

    @property
    def ticks(self) -> int:
        """Return how many ticks one person can give."""
        options = int((~self.alone).sum())
        return options if self.at_most is None else min(options, self.at_most)


@dataclass(frozen=True, slots=True)
class Rule:
    """In each combination, people per answer times weights: from low to high."""

    weights: Flags | Whole
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

        ``answer``: where the bounds were tightened since the first world was found.
        """
        # Two ways are much quicker than looking at everything at once, but may find nothing.
        world = None
        if answer is not None and self._first is not None and not self._known.sums:
            world = self._near(self._first, low, high, answer)
        elif not self._known.alone.all():
            world = self._in_two_steps(low, high)
        if world is None:
            world = self._solve(low, high, self._rules())
        if self._first is None:
            self._first = world
        return world

    def _in_two_steps(self, low: Whole, high: Whole) -> Whole | None:
        """Return a world with ticks: first who ticks at all, then what.

        The first step gives everybody one answer, so that there are enough ticks for all.
        """
        alone, published = self._known.alone, len(self._known.members)
        main_low, main_high = np.where(alone, low, 0), high.copy()
        main_high[:published, ~alone] -= self._m  # elbow room
        needed = low[:, ~alone].max(axis=1, keepdims=True)  # who ticked the most ticked one
        main_high = np.where(alone, np.minimum(main_high, self.size - needed), main_high)
        one_each = Rule(np.ones_like(alone), self._known.sizes, self._known.sizes)
        main = self._solve(main_low, np.maximum(0, main_high), [one_each])
        if main is None:
            return None
        ticked = main[:, ~alone].sum(axis=1)
        low, high = low.copy(), high.copy()
        low[published:] = np.where(alone, main, low[published:])
        high[published:] = np.where(alone, main, np.minimum(high[published:], ticked[:, None]))
        enough = Rule(~alone, ticked, self._known.ticks * ticked)
        return self._solve(low, high, [enough], gap=_TICKS_GAP)

    def _near(self, world: Whole, low: Whole, high: Whole, answer: int) -> Whole | None:
        """Return a world where few answers differ: this, the most given, and all between ticks."""
        alone = self._known.alone
        free = np.zeros_like(alone) if alone.all() else alone.copy()
        free[answer] = True
        free[np.where(free, -1, world.sum(axis=0)).argmax()] = True
        found = self._solve(low[:, free], high[:, free], self._rules(free, world[:, ~free]))
        if found is None:
            return None
        world = world.copy()
        world[:, free] = found
        return world

    def _rules(self, free: Flags | None = None, fixed: Whole | None = None) -> list[Rule]:
        """Return what holds in each combination, when some answers are free and others fixed."""
        known, sizes = self._known, self._known.sizes
        if free is None or fixed is None:
            free, fixed = np.ones_like(known.alone), np.zeros((len(sizes), 0), dtype=np.int64)
        alone, rest = known.alone[free], sizes - fixed.sum(axis=1)
        if known.alone.all():  # everybody gives one answer
            facts = [Rule(fact.answers, fact.low, fact.high) for fact in known.sums]
            return [Rule(alone, rest, rest), *facts]
        return [
            Rule(np.ones_like(alone), rest, np.inf),  # who does not stand alone has a tick
            Rule(  # nobody has more ticks than one may give
                np.where(alone, known.ticks, 1), -np.inf, known.ticks * sizes - fixed.sum(axis=1)
            ),
            Rule(alone, -np.inf, sizes - fixed.max(axis=1, initial=0)),  # no tick exceeds those
            *(
                Rule(alone | tick, -np.inf, sizes)
                for tick in np.eye(len(alone), dtype=bool)[~alone]
            ),
        ]

    def _solve(
        self, low: Whole, high: Whole, rules: Sequence[Rule], gap: float = _GAP
    ) -> Whole | None:
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
                    [sparse.kron(each, rule.weights[None].astype(float)), None, None]
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
            integrality=np.ones(low[rows:].size + 2 * len(none), dtype=np.int64),
            options={"mip_rel_gap": gap, "node_limit": _NODES},
        )
        if found.x is None:
            return None
        return np.rint(found.x[: low[rows:].size]).astype(np.int64).reshape(shape)


def _flat(*parts: NDArray[Any]) -> NDArray[np.float64]:
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float64)
