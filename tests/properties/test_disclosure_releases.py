"""What every release must keep, whatever people answered; P1 to P12 of the release rules.

The attacker here is written for this file: it knows who took part with all their groups, reads
the published document only, and asks a linear program how few and how many people of each
combination can have given each answer. A linear program can only find more worlds than whole
people have, so it is helped by brute force on small tables in the unit tests.
"""

import collections
import datetime
import io
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from feedback.disclosure.audit import number_problems
from feedback.disclosure.export import csv_text
from feedback.disclosure.ledger import canonical_bytes
from feedback.disclosure.plan import Answer, Edition, Kind, Limits, NotFor, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
LEVELS = ("a", "b", "c")
SIZES = st.sampled_from([10, 11, 14, 29, 30, 36, 50])


def answers(ids, alone=()):
    return tuple(Answer(each, each.upper(), alone=each in alone) for each in ids)


QUESTIONS = (
    PlannedQuestion("age", Kind.SINGLE, "Age?", answers(LEVELS)),
    PlannedQuestion("sex", Kind.SINGLE, "Sex?", answers(LEVELS[:2])),
    PlannedQuestion("said", Kind.SINGLE, "Said?", answers(LEVELS)),
    PlannedQuestion(
        "who", Kind.MULTI, "Who?", answers([*LEVELS, "nobody"], alone=["nobody"]), at_most=2
    ),
    PlannedQuestion(
        "help",
        Kind.SINGLE,
        "Help?",
        answers(["a", "b", "does_not_apply"]),
        not_for=NotFor("age", ("c",)),
    ),
)
EDITION = Edition(1, "x")
PLAN = Plan("2026-Q4", "Cedar", EDITION, EDITION, QUESTIONS, ("age", "sex"))
STRICT = replace(PLAN, limits=Limits(k=20, k_groups=40, base=10, m=3))


def build(frame, key=0, plan=PLAN):
    return build_release(
        frame,
        plan,
        key=key.to_bytes(32),
        number=1,
        previous_hash="",
        day=datetime.date(2027, 1, 15),
    )


TICKS = [(), ("a",), ("b",), ("a", "b"), ("b", "c"), ("nobody",)]


@st.composite
def columns(draw, people):
    """Return what people said: everybody the same, all but one, nobody anything, or anything."""
    shape = draw(st.sampled_from(["unanimous", "one deviates", "skipped", "mixed"]))
    if shape == "skipped":
        return [None] * people, [()] * people
    said, ticks = draw(st.sampled_from(LEVELS)), draw(st.sampled_from(TICKS))
    if shape == "unanimous":
        return [said] * people, [ticks] * people
    if shape == "one deviates":
        other = draw(st.sampled_from([*LEVELS, None])), draw(st.sampled_from(TICKS))
        return [said] * (people - 1) + [other[0]], [ticks] * (people - 1) + [other[1]]
    rand = draw(st.randoms(use_true_random=False))
    likely = rand.choice(LEVELS)
    return (
        [rand.choice([likely] * rand.randint(1, 9) + [*LEVELS, None]) for _ in range(people)],
        [rand.choice(TICKS) for _ in range(people)],
    )


@st.composite
def groups(draw, people):
    """Return ages and sexes: nested, one person alone in a combination, or anything."""
    shape = draw(st.sampled_from(["nested", "one alone", "mixed"]))
    if shape == "nested":
        cut = people // 2
        return ["a"] * cut + ["b"] * (people - cut), ["a"] * (cut + 2) + ["b"] * (people - cut - 2)
    if shape == "one alone":
        half = people // 2
        return ["a"] * half + ["b"] * (people - half), ["a"] + ["b"] * half + ["a"] * (
            people - half - 1
        )
    rand = draw(st.randoms(use_true_random=False))
    ages = [rand.choice(["a", "a", "a", "b", "b", "c", None]) for _ in range(people)]
    return ages, [rand.choice(["a", "b"]) for _ in range(people)]


@st.composite
def teams(draw, sizes=SIZES):
    people = draw(sizes)
    ages, sexes = draw(groups(people))
    said, who = draw(columns(people))
    helped = [None if cell == "c" else cell for cell in draw(columns(people))[0]]
    cells = {"age": ages, "sex": sexes, "said": said, "who": who, "help": helped}
    return pd.DataFrame({name: pd.Series(each, dtype=object) for name, each in cells.items()})


KEYS = st.integers(0, 10**6)


def given_by(frame, question, place):
    if question == "help" and frame["age"].iloc[place] == "c":
        return ("does_not_apply",)
    cell = frame[question].iloc[place]
    if isinstance(cell, tuple):
        return cell or ("none",)
    return ("skipped",) if cell is None else (cell,)


def people_of(frame, row):
    return [
        place
        for place in range(len(frame))
        if not row["group"] or given_by(frame, row["group"], place)[0] in row["levels"]
    ]


def shown_rows(document):
    for table in document["tables"]:
        for row in table["rows"]:
            if row["answers"]:
                yield table, row


@SLOW
@given(teams(), KEYS)
def test_rows_share_everybody_out_and_hold_k_people(frame, key):
    document = build(frame, key)
    for table in document["tables"]:
        for group in PLAN.groups:
            rows = [row for row in table["rows"] if row["group"] == group and row["answers"]]
            members = [people_of(frame, row) for row in rows]
            assert all(len(each) >= 10 for each in members)
            if rows:
                assert sorted(itertools.chain(*members)) == list(range(len(frame)))
    assert number_problems(document) == []


@SLOW
@given(teams(), KEYS, st.sampled_from([PLAN, STRICT]))
def test_every_number_is_a_multiple_close_to_the_truth(frame, key, plan):
    base = plan.limits.base
    assume(len(frame) >= plan.limits.k)
    for table, row in shown_rows(build(frame, key, plan)):
        members = people_of(frame, row)
        counted = collections.Counter(
            itertools.chain(*(given_by(frame, table["question"], place) for place in members))
        )
        assert row["base"] % base == 0
        assert abs(row["base"] - len(members)) < base
        for answer, shown in row["answers"].items():
            assert shown % base == 0
            assert abs(shown - counted[answer]) < base
            assert shown <= len(members)


class Attacker:
    """Knows who took part with all their groups, and one published table."""

    def __init__(self, table, frame, base):
        self.near = base - 1
        kinds = [tuple(given_by(frame, g, p)[0] for g in PLAN.groups) for p in range(len(frame))]
        self.not_asked = "c" if table["question"] == "help" else None
        self.alike = sorted(set(kinds))
        self.sizes = np.array([kinds.count(kind) for kind in self.alike])
        self.rows = [row for row in table["rows"] if row["answers"]]
        self.inside = np.array(
            [[self.stands_in(kind, row) for kind in self.alike] for row in self.rows]
        )
        self.names = list(self.rows[0]["answers"])
        self.at_most, self.exactly = [], []
        self.read_numbers()
        self.know_how_people_answer(table["kind"] == "multi")

    def stands_in(self, kind, row):
        return not row["group"] or kind[PLAN.groups.index(row["group"])] in row["levels"]

    def line(self, combinations, answers):
        return np.outer(combinations, answers).ravel().astype(float)

    def one(self, place):
        return np.arange(len(self.names)) == place

    def read_numbers(self):
        for row, members in zip(self.rows, self.inside, strict=True):
            for place, shown in enumerate(row["answers"].values()):
                cells = self.line(members, self.one(place))
                self.at_most += [(cells, shown + self.near), (-cells, self.near - shown)]

    def know_how_people_answer(self, ticks):
        lonely = np.array([name in ("none", "nobody") for name in self.names])
        everything = np.ones(len(self.names))
        for here, size in zip(np.eye(len(self.alike)), self.sizes, strict=True):
            if not ticks:
                self.exactly.append((self.line(here, everything), size))
                continue
            self.at_most.append((-self.line(here, everything), -size))
            self.at_most.append((self.line(here, 2 * lonely + ~lonely), 2 * size))
            for answer in np.flatnonzero(~lonely):
                self.at_most.append((self.line(here, lonely | self.one(answer)), size))

    def extremes(self):
        """Yield size, fewest and most people of each combination and row who gave each answer."""
        upper, limits = (np.array(part) for part in zip(*self.at_most, strict=True))
        equal = [np.array(part) for part in zip(*self.exactly, strict=True)] or [None, None]
        bounds = [
            (size * (kind[0] == self.not_asked and name == "does_not_apply"), size)
            for kind, size in zip(self.alike, self.sizes, strict=True)
            for name in self.names
        ]
        asked = np.array([kind[0] != self.not_asked for kind in self.alike])
        for members in [*np.eye(len(self.alike)), *self.inside] * asked:
            for place in range(len(self.names)):
                cells = self.line(members, self.one(place))
                ends = [
                    linprog(sign * cells, upper, limits, *equal, bounds=bounds) for sign in (1, -1)
                ]
                assert [each.status for each in ends] == [0, 0]
                yield int(members @ self.sizes), ends[0].fun, -ends[1].fun


@settings(SLOW, max_examples=16)
@given(teams(), KEYS, st.sampled_from([PLAN, STRICT]))
def test_an_independent_attacker_finds_nothing(frame, key, plan):
    assume(len(frame) >= plan.limits.k)
    m = plan.limits.m
    for table in build(frame, key, plan)["tables"][2:]:
        if not table["rows"][0]["answers"]:
            continue
        for size, fewest, most in Attacker(table, frame, plan.limits.base).extremes():
            assert most >= min(m, size) - 1e-6
            assert size - fewest >= min(m, size) - 1e-6


@SLOW
@given(teams(), KEYS, st.randoms(use_true_random=False))
def test_the_same_people_give_the_same_bytes(frame, key, rand):
    order = list(range(len(frame)))
    rand.shuffle(order)
    first = canonical_bytes(build(frame, key))
    assert canonical_bytes(build(frame.iloc[order], key)) == first


def said_of(count, whole, size):
    """Return a share by the words of the release rules, for numbers rounded to fives."""
    if size < 20:
        part = min(count, whole) / max(whole, size)
        if part >= 0.9:
            return "nearly all" if count - 4 > (max(whole, size) + 4) / 2 else "most"
        words = {0: "few or none", 1: "some", 2: "about half", 3: "most"}
        return words[(part > 0) + (part >= 0.4) + (part > 0.6)]
    step = 10 if size < 50 else 5 if size < 200 else 1
    percent = int(min(count, whole) / whole * 100 / step + 0.5) * step if whole else 0
    return {0: f"under {step} %", 100: f"over {100 - step} %"}.get(percent, f"{percent} %")


@SLOW
@given(teams(), KEYS)
def test_shares_can_be_worked_out_from_the_file_alone(frame, key):
    release = Release.preview(build(frame, key))
    file = pd.read_csv(io.StringIO(csv_text(release)), keep_default_na=False, dtype=str)
    for table in release.tables:
        for row in table.rows:
            for answer in row.counts:
                where = (file["question"] == table.question.id) & (file["answer"] == answer)
                for group in PLAN.groups:
                    where &= file[group] == (row.label if group == row.group else "")
                counted = file[where].iloc[0]
                assert len(file[where]) == 1
                whole = int(counted["base"])
                if table.question.kind is Kind.SINGLE:
                    whole = sum(row.counts.values())
                said = said_of(int(counted["count"]), whole, int(counted["base"]))
                assert counted["share"] == said


@SLOW
@given(teams(), KEYS, st.randoms(use_true_random=False))
def test_what_people_say_does_not_decide_what_is_shown(frame, key, rand):
    other = frame.copy()
    for name in ("said", "who", "help"):
        cells = [rand.choice(list(frame[name])) for _ in range(len(frame))]
        other[name] = pd.Series(cells, dtype=object)

    def what_is_shown(people):
        return [
            (t["question"], r["group"], r["levels"], r["status"], list(r["answers"]))
            for t in build(people, key)["tables"]
            for r in t["rows"]
        ]

    assert what_is_shown(frame) == what_is_shown(other)


@settings(SLOW, max_examples=4)
@given(teams(st.just(29)))
def test_the_mean_over_many_keys_is_the_truth(frame):
    plan = Plan("2026-Q4", "Cedar", EDITION, EDITION, QUESTIONS[2:3])
    true = collections.Counter(given_by(frame, "said", place)[0] for place in range(29))
    shown = collections.defaultdict(list)
    for key in range(100):
        for answer, count in build(frame, key, plan)["tables"][0]["rows"][0]["answers"].items():
            shown[answer].append(count)
    for answer, counts in shown.items():
        if true[answer] <= 29 - 5:
            assert abs(np.mean(counts) - true[answer]) < 1
