"""Prints what an attacker wins, what the numbers are worth, and what closing a round costs.

Usage: python tests/bench/bench_attack.py [DRAWS]

Real answers of US students (CDC youth survey 2019, public domain, 2,000 people in the extract)
and the demonstration's people. A draw is a sample of people under a key of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

import pandas as pd

from tests.attack.attacker import attack, group_columns, score_of
from tests.attack.teams import Case, core, skewed, team, yrbs

SIZES = (20, 50, 200, 2000)
GOALS = {20: 7.0, 50: 2.9, 200: 0.8}  # points of mean error of the shares in totals
DEMONSTRATION = (60, 200)
CLOSING = {200: 5.0, 10_000: 15.0}  # people: seconds that are the goal
Make = Callable[[int, int], Case]


def main() -> None:
    """Print every table, or with ``--close PEOPLE`` measure one closing in this process."""
    if sys.argv[1:2] == ["--close"]:
        print(*close(int(sys.argv[2])))
        return
    draws = int(sys.argv[1]) if sys.argv[1:] else 3
    print("everybody takes part, all groups known; shares of people and questions")
    gate, naive = "gate: certain excluded", "exact, below 5 hidden: certain excluded"
    print(f"data         n draws |  {gate}  error goal  rows | {naive:>40}")
    for make, sizes in ((yrbs, SIZES), (skewed, SIZES[:3]), (core, DEMONSTRATION)):
        for people in sizes:
            compare(make, people, draws if people <= 200 else 1)
    print("\ninsiders pool what they said: chance that a release gives somebody away")
    insiders(30)
    print("\nclosing 16 questions by 3 groups, the demonstration's people")
    for people, goal in CLOSING.items():
        command = [sys.executable, __file__, "--close", str(people)]
        seconds, memory = subprocess.run(
            command, check=True, capture_output=True, text=True
        ).stdout.split()
        print(f"{people:6} people {float(seconds):6.1f} s (goal {goal:.0f})   peak {memory} MB")


@dataclass
class Sums:
    """Adds up what was won and what was shown over several draws."""

    certain: list[float] = field(default_factory=list)
    excluded: list[float] = field(default_factory=list)

    def add(self, table: pd.DataFrame, people: Case, base: int = 0) -> None:
        """Attack one table and note the shares."""
        known = people.known(base=base)
        score = score_of(attack(table, known), table, known)
        self.certain.append(score.certain)
        self.excluded.append(score.excluded)

    def __str__(self) -> str:
        return f"{mean(self.certain):13.1%}{mean(self.excluded):9.1%}"


def mean(values: Sequence[float]) -> float:
    """Return the average."""
    return sum(values) / len(values)


def compare(make: Make, count: int, draws: int) -> None:
    """Attack the gate and a plain dashboard on the same people; print one line."""
    gate, naive = Sums(), Sums()
    errors: list[float] = []
    rows: list[float] = []
    for seed in range(draws):
        people = make(count, seed)
        shown = people.publish(key=seed)
        gate.add(shown, people)
        naive.add(people.publish_naively(), people, base=1)
        errors.append(error(shown, people))
        totals = everyone(shown)
        rows.append(float((totals.groupby("question")["count"].count() > 1).mean()))
    goal = f"{GOALS[count]:.1f}" if count in GOALS else ""
    print(f"{make.__name__:8}{count:6}{draws:6} | {gate}", end="")
    print(f"{mean(errors):7.1f}{goal:>5}{mean(rows):6.0%} | {naive!s:>40}", flush=True)


def everyone(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about all people together."""
    return table[(table[group_columns(table)] == "").all(axis=1)]


def error(table: pd.DataFrame, people: Case) -> float:
    """Return the mean error of the shares of everyone, in points, over all answers."""
    off = []
    for question, cells in everyone(table).groupby("question"):
        counts = cells[cells["answer"] != ""].set_index("answer")["count"]
        given = [people.given(place, str(question)) for place in range(len(people.frame))]
        single = cells["kind"].iloc[0] in ("single", "scale")
        whole = counts.sum() if single else cells["count"].iloc[0]
        for answer, count in counts.items():
            true = sum(answer in each for each in given) / len(given)
            off.append(100 * abs(min(1.0, count / whole if whole else 0.0) - true))
    return mean(off)


def insiders(draws: int) -> None:
    """Print how often a release of 20 gives somebody away to insiders who pool their answers.

    With honest answers they are some of the people; with one story they are further people who
    all say what nobody else says.
    """
    for helpers in (1, 2, 3, 4, 5, 10):
        honest = won(lambda seed: yrbs(20, seed), helpers, draws)
        lying = won(lambda seed, t=helpers: with_a_story(20, t, seed), helpers, draws)
        print(f"{helpers:6} of 20   honest {honest:4.0%}   one story {lying:4.0%}", flush=True)


def with_a_story(count: int, liars: int, seed: int) -> Case:
    """Return people of whom the last ones say what nobody else says."""
    said = [Random(seed + place).choice("abbb") for place in range(count - liars)]
    return team({}, {"said": said + ["z"] * liars}, options={"said": "abz"})


def won(make: Callable[[int], Case], helpers: int, draws: int) -> float:
    """Return the share of releases in which the last ``helpers`` people learn of somebody."""
    hits = 0
    for seed in range(draws):
        people = make(seed)
        count = len(people.frame)
        known = people.known(range(count - helpers, count))
        hits += bool(attack(people.publish(key=seed), known))
    return hits / draws


def close(count: int) -> tuple[str, int]:
    """Return the seconds that closing takes, and the peak memory of this process in MB."""
    people = core(count, 1)
    begin = time.perf_counter()
    people.document()
    seconds = time.perf_counter() - begin
    return f"{seconds:.2f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
