"""The attacker is able: right against brute force, and winning against a plain dashboard."""

import random
from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.attack.attacker import attack, score_of
from tests.attack.levels import merged_as_published, possible_sizes
from tests.attack.teams import skewed, team, yrbs
from tests.attack.worlds_of import Puzzle, enumerate_worlds, solve

NEAR = 2  # small numbers, so that every world can be written down


def small_puzzle(rand):
    """Return a table of a few people as the attacker sees it; it fits at least one world."""
    sizes = np.array([rand.randint(1, 2) for _ in range(rand.randint(1, 4))])
    several, at_most = rand.random() < 0.5, rand.choice((None, 1))
    ways = [[0], [1], [2], *([[0, 1]] if several and not at_most else [])]
    world = np.zeros((len(sizes), 3), dtype=int)
    for place in np.repeat(np.arange(len(sizes)), sizes):
        world[place, rand.choice(ways)] += 1
    rows = np.array([[place == 0 or rand.random() < 0.5 for _ in sizes] for place in range(3)])
    near = rand.choice((0, 1, NEAR))
    shown = rows.astype(int) @ world + np.array(
        [[rand.randint(-near, near) for _ in range(3)] for _ in rows]
    )
    least, most = np.zeros_like(world), np.repeat(sizes[:, None], 3, axis=1)
    if rand.random() < 0.3:  # the first combination are accomplices
        least[0] = most[0] = world[0]
    return Puzzle(
        rows=rows,
        low=np.maximum(0, shown - near),
        high=shown + near,
        sizes=sizes,
        alone=np.array([not several, not several, True]),
        least=least,
        most=most,
        at_most=at_most if several else None,
    )


@pytest.mark.parametrize("seed", range(80))
def test_the_attacker_finds_exactly_what_brute_force_finds(seed):
    puzzle = small_puzzle(random.Random(seed))
    quick, slow = solve(puzzle), enumerate_worlds(puzzle)
    assert not slow.contradiction
    assert (quick.certain == slow.certain).all()
    assert (quick.excluded == slow.excluded).all()


def test_numbers_that_fit_no_world_are_noticed():
    puzzle = small_puzzle(random.Random(1))
    puzzle.low = puzzle.high + 1
    assert solve(puzzle).contradiction
    assert enumerate_worlds(puzzle).contradiction


@pytest.mark.parametrize("count", [20, 50, 200])
def test_a_plain_dashboard_gives_people_away_and_the_gate_does_not(count):
    scores = []
    for make, seed in product((skewed, yrbs), range(3 if count < 200 else 2)):
        people = make(count, seed)
        naive, exact = people.publish_naively(), people.known(base=1)
        found = attack(naive, exact)
        assert all(people.is_true(finding) for finding in found)
        scores.append(score_of(found, naive, exact))
        assert attack(people.publish(key=seed), people.known()) == []
    assert np.mean([score.certain for score in scores]) > 0.05
    assert np.mean([score.excluded for score in scores]) > 0.30


@pytest.mark.parametrize("seed", range(6))
def test_who_knows_only_who_took_part_cannot_rule_out_a_level_of_a_group(seed):
    people = skewed(36, seed)
    shown = people.publish(key=seed)
    for group in people.plan.groups:
        texts = {answer.id: answer.text for answer in people.plan.question(group).columns}
        worlds = possible_sizes(shown, group, texts, 36)
        true = people.frame[group].fillna("skipped").value_counts()
        assert (worlds == true.reindex(worlds.columns, fill_value=0)).all(axis=1).any()
        assert worlds.max().ge(2).all()
        assert worlds.max().max() < 36


def test_sizes_are_pinned_where_rows_leave_no_room():
    people = team({"age": ["a"] * 10 + ["b"] * 10 + ["c"] * 10}, {"said": ["yes"] * 30})
    texts = {"a": "age a", "b": "age b", "c": "age c", "skipped": "No answer"}
    worlds = possible_sizes(people.publish(), "age", texts, 30)
    assert set(worlds["b"]) == set(worlds["c"]) == {10}
    assert set(worlds["a"] + worlds["skipped"]) == {10}
    assert worlds["a"].min() < 10 < worlds["a"].max() + 1


def merge(sizes, k):
    """Merge levels as the method text says; return those that stand alone."""
    alone = {level for level, size in sizes.items() if size >= k}
    while alone < set(sizes) and alone and sum(sizes[x] for x in set(sizes) - alone) < k:
        alone.remove(min(alone, key=lambda level: (sizes[level], level)))
    return alone


@pytest.mark.parametrize("alone", [("a", "b"), ("b",), ("a", "b", "c")])
def test_sizes_that_merge_as_published_are_told_from_others(alone):
    every = pd.DataFrame(list(product(range(13), repeat=3)), columns=["a", "b", "c"])
    together = [level for level in every if level not in alone]
    fits = merged_as_published(every, list(alone), together, 6)
    for place, sizes in enumerate(every.to_dict("records")):
        assert fits[place] == (merge(sizes, 6) == set(alone))
