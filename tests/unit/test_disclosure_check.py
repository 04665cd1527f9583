"""The strong attacker against brute force: every world of small tables is written down."""

import itertools

import numpy as np
import pytest

from feedback.disclosure.check import fits, is_safe, reach
from feedback.disclosure.worlds import Known, Search, Sum


def ways_to_answer(alone, at_most):
    """Return every set of answers one person can give."""
    for ticks in itertools.product((0, 1), repeat=len(alone)):
        lonely = sum(t for t, a in zip(ticks, alone, strict=True) if a)
        others = sum(ticks) - lonely
        if (lonely, others) == (1, 0) or (lonely == 0 and 1 <= others <= at_most):
            yield np.array(ticks)


def worlds_of(known):
    """Return every world, combinations x answers, that fits."""
    ways = list(ways_to_answer(known.alone, known.at_most or len(known.alone)))
    groups = [
        {tuple(sum(each, np.zeros(len(known.alone), dtype=int))) for each in chosen}
        for chosen in (
            list(itertools.combinations_with_replacement(ways, int(size))) for size in known.sizes
        )
    ]
    for world in itertools.product(*groups):
        counts = known.members @ np.array(world)
        if (known.low <= counts).all() and (counts <= known.high).all():
            yield np.array(world)


def is_safe_by_brute_force(known, m):
    worlds = list(worlds_of(known))
    if not worlds:
        return False
    rows = np.vstack([known.members, np.eye(len(known.sizes), dtype=bool)])
    size = (rows @ known.sizes)[:, None]
    counts = np.array([rows @ world for world in worlds])
    need = np.minimum(m, size)
    return bool((counts.max(axis=0) >= need).all() and ((size - counts.min(axis=0)) >= need).all())


def random_known(seed):
    rand = np.random.default_rng(seed)
    combinations, answers = int(rand.integers(1, 4)), int(rand.integers(2, 4))
    alone = np.ones(answers, dtype=bool) if rand.random() < 0.5 else rand.random(answers) < 0.4
    sizes = rand.integers(1, 4, combinations)
    members = np.vstack([np.ones(combinations, dtype=bool), rand.random((2, combinations)) < 0.6])
    at_most = None if alone.all() or rand.random() < 0.5 else int(rand.integers(1, 3))
    ways = list(ways_to_answer(alone, at_most or answers))
    world = np.array([sum(ways[i] for i in rand.integers(0, len(ways), n)) for n in sizes])
    shown = members @ world + rand.integers(-2, 3, (3, answers))
    high = np.minimum(shown + 2, (members @ sizes)[:, None])
    return Known(members, sizes, alone, np.maximum(0, shown - 2), high, at_most), world


@pytest.mark.parametrize("seed", range(120))
def test_the_check_says_what_brute_force_says(seed):
    known, _ = random_known(seed)
    assert is_safe(known, 2) == is_safe_by_brute_force(known, 2)


@pytest.mark.parametrize("seed", range(60))
def test_everything_within_reach_of_a_world_is_a_world(seed):
    known, world = random_known(1000 + seed)
    assert fits(known, world)
    fewest, most = reach(known, Search(known, 2).rows, world)
    rows = np.vstack([known.members, np.eye(len(known.sizes), dtype=bool)])
    counts = np.array([rows @ each for each in worlds_of(known)])
    assert (fewest >= counts.min(axis=0)).all()
    assert (most <= counts.max(axis=0)).all()
    assert (fewest <= rows @ world).all()
    assert (most >= rows @ world).all()


def single(low, high, sizes, members=None):
    low, high = np.array(low), np.array(high)
    sizes = np.array(sizes)
    members = np.ones((1, len(sizes)), dtype=bool) if members is None else np.array(members)
    return Known(members, sizes, np.ones(low.shape[1], dtype=bool), low, high)


def test_counts_that_leave_no_room_are_not_safe():
    assert not is_safe(single([[6, 1, 1, 1, 1, 0]], [[14, 9, 9, 9, 9, 4]], [10]), 2)
    assert is_safe(single([[6, 1, 1, 0, 0, 0]], [[14, 9, 9, 4, 4, 4]], [10]), 2)


def test_two_rows_that_give_away_who_is_in_both_are_not_safe():
    members = [[True] * 3, [True, True, False], [True, False, True]]
    exact = [[10, 10], [8, 2], [8, 2]]
    assert not is_safe(single(exact, exact, [6, 4, 10], members), 2)


def test_numbers_that_fit_no_world_are_not_safe():
    assert not is_safe(single([[9, 9]], [[10, 10]], [10]), 2)


def test_a_further_fact_about_all_people_counts():
    known = single([[0, 0, 0]], [[8, 8, 8]], [12])
    assert is_safe(known, 2)
    fact = Sum(np.array([True, True, False]), 11, 12)
    narrow = Known(known.members, known.sizes, known.alone, known.low, known.high, sums=(fact,))
    assert not is_safe(narrow, 2)


def test_somebody_who_ticked_too_much_does_not_hide_the_table():
    members = np.ones((1, 1), dtype=bool)
    alone = np.array([False, False, True])
    low, high = np.array([[6, 6, 0]]), np.array([[10, 10, 4]])
    known = Known(members, np.array([10]), alone, low, high, at_most=1)
    assert next(worlds_of(known), None) is None
    assert is_safe(known, 2)
