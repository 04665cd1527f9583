"""Which answers are certain or excluded: what holds in every world that fits the known numbers.

Shares no code with the gate. Two ways to the same result: whole-number programming for real
tables (``solve``), and writing down every possible world for small ones (``enumerate_worlds``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp


@dataclass
class Puzzle:
    """One question as the attacker sees it.

    People who look alike to the attacker stand in one *combination*: ``sizes`` says how many.
    ``rows``: rows x combinations, who stands in which published row. ``low``, ``high``: rows x
    answers, what a published number allows. ``least``, ``most``: combinations x answers, what
    the attacker knew before. ``alone``: which answers exclude all others; all of them in a
    single choice. Who gives no such answer gives at least one and ``at_most`` of the others.
    """

    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sizes: np.ndarray
    alone: np.ndarray
    least: np.ndarray
    most: np.ndarray
    at_most: int | None = None

    @property
    def open(self) -> np.ndarray:
        """Say of which combination and answer the attacker did not know everything before."""
        return self.least < self.most


@dataclass
class Verdict:
    """Per combination and answer: can somebody have given it, can somebody not have given it."""

    possible: np.ndarray
    deniable: np.ndarray
    contradiction: bool = False
    certain: np.ndarray = field(init=False)
    excluded: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.certain, self.excluded = ~self.deniable, ~self.possible

    def beyond(self, puzzle: Puzzle) -> Verdict:
        """Return only what was won by reading: nothing is said of what was known before."""
        return Verdict(self.possible | ~puzzle.open, self.deniable | ~puzzle.open)


def solve(puzzle: Puzzle) -> Verdict:
    """Find out by whole-number programming; exact, because 'no further world' is proved."""
    shape = puzzle.least.shape
    constraints, bounds, whole = _program(puzzle)
    possible, deniable = puzzle.least > 0, puzzle.most < puzzle.sizes[:, None]
    unsure = puzzle.open
    while True:
        wanted = [~possible & unsure, ~deniable & unsure]
        cost = -np.concatenate(
            [np.zeros(possible.size), *(w.ravel().astype(float) for w in wanted)]
        )
        # Half of the best is enough to go on; that nothing is left must be proved to the end.
        found = milp(
            cost,
            constraints=constraints,
            bounds=bounds,
            integrality=whole,
            options={"mip_rel_gap": 0.5},
        )
        if found.x is None:
            if found.status != 2:
                raise RuntimeError(found.message)
            nobody = np.zeros(shape, dtype=bool)
            return Verdict(nobody, nobody, contradiction=True)
        world = np.rint(found.x[: possible.size]).astype(int).reshape(shape)
        before = possible.sum() + deniable.sum()
        gains, drops = _one_person_else(puzzle, world)
        possible = possible | (world > 0) | gains
        deniable = deniable | (world < puzzle.sizes[:, None]) | drops
        if possible.sum() + deniable.sum() == before:
            return Verdict(possible, deniable)


def _one_person_else(puzzle: Puzzle, world: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where one more, and where one fewer, can have answered if one person answered else.

    Every such world is looked at by hand; it only spares the program most of its work.
    """
    counts = puzzle.rows.astype(int) @ world
    out = puzzle.rows[:, :, None]
    more = ~(out & (counts >= puzzle.high)[:, None, :]).any(axis=0) & (world < puzzle.most)
    less = ~(out & (counts <= puzzle.low)[:, None, :]).any(axis=0) & (world > puzzle.least)
    more, less = more & (world < puzzle.sizes[:, None]), less & (world > 0)
    if puzzle.alone.all():  # one changes from an answer to another
        other = np.ones((world.shape[1],) * 2, dtype=bool) ^ np.eye(world.shape[1], dtype=bool)
        return more & (less @ other), less & (more @ other)
    ticked = puzzle.sizes - world[:, puzzle.alone].sum(axis=1)
    ticks = world[:, ~puzzle.alone].sum(axis=1)
    most = ticked * (puzzle.at_most or world.shape[1])
    more &= ~puzzle.alone & (world < ticked[:, None]) & (ticks < most)[:, None]
    less &= ~puzzle.alone & (ticks > ticked)[:, None]
    return more, less


def _program(puzzle: Puzzle) -> tuple[LinearConstraint, Bounds, np.ndarray]:
    """Return the worlds as linear constraints.

    Unknowns per combination and answer: how many gave it; a mark that somebody did; a mark that
    somebody did not.
    """
    groups, answers = puzzle.least.shape
    cells = groups * answers
    eye, each = sparse.eye_array(cells), sparse.eye_array(groups)
    sizes = puzzle.sizes.astype(float)
    blocks: list[tuple[sparse.sparray, np.ndarray, np.ndarray]] = [
        (
            sparse.kron(puzzle.rows.astype(float), sparse.eye_array(answers)),
            puzzle.low.ravel(),
            puzzle.high.ravel(),
        )
    ]

    def per_group(weights: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        blocks.append((sparse.kron(each, weights[None].astype(float)), low, high))

    no_limit, ticks = np.full(groups, np.inf), ~puzzle.alone
    if puzzle.alone.all():
        per_group(np.ones(answers), sizes, sizes)
    else:
        per_group(np.ones(answers), sizes, no_limit)
        for answer in np.flatnonzero(ticks):
            per_group(puzzle.alone | (np.arange(answers) == answer), -no_limit, sizes)
        if puzzle.at_most is not None:
            weights = puzzle.at_most * puzzle.alone + ticks
            per_group(weights, -no_limit, puzzle.at_most * sizes)
    matrix = sparse.vstack([block for block, _, _ in blocks])
    nothing = sparse.csr_array((matrix.shape[0], 2 * cells))
    marks = sparse.block_array([[eye, -eye, None], [eye, None, eye]])
    matrix = sparse.vstack([sparse.hstack([matrix, nothing]), marks])
    beyond, size = np.full(cells, np.inf), np.repeat(sizes, answers)
    low = np.concatenate([*(low for _, low, _ in blocks), np.zeros(cells), -beyond])
    high = np.concatenate([*(high for _, _, high in blocks), beyond, size])
    bounds = Bounds(
        np.concatenate([puzzle.least.ravel(), np.zeros(2 * cells)]),
        np.concatenate([puzzle.most.ravel(), np.ones(2 * cells)]),
    )
    whole = np.repeat([1, 0], [cells, 2 * cells])
    return LinearConstraint(matrix.tocsr(), low, high), bounds, whole


def enumerate_worlds(puzzle: Puzzle) -> Verdict:
    """Find out by trying every answer of every single person; for a handful of people."""
    people = np.repeat(np.arange(len(puzzle.sizes)), puzzle.sizes)
    shape = puzzle.least.shape
    possible, deniable = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    contradiction = True
    for given in product(list(_ways_to_answer(puzzle)), repeat=len(people)):
        world = np.zeros(shape, dtype=int)
        np.add.at(world, people, np.array(given))
        counts = puzzle.rows.astype(int) @ world
        known = (puzzle.least <= world) & (world <= puzzle.most)
        if known.all() and (puzzle.low <= counts).all() and (counts <= puzzle.high).all():
            contradiction = False
            possible |= world > 0
            deniable |= world < puzzle.sizes[:, None]
    return Verdict(possible, deniable, contradiction)


def _ways_to_answer(puzzle: Puzzle) -> Iterator[tuple[bool, ...]]:
    """Yield every set of answers that one person can give."""
    answers = len(puzzle.alone)
    for ticks in product((False, True), repeat=answers):
        lonely = sum(a and t for a, t in zip(puzzle.alone, ticks, strict=True))
        most = puzzle.at_most if puzzle.at_most is not None else answers
        if (lonely and sum(ticks) == 1) or (not lonely and 1 <= sum(ticks) <= most):
            yield ticks
