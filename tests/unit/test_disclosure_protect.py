"""Random rounding under a key, and what happens when the attacker cannot be beaten."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

from feedback.disclosure.plan import Answer, Edition, Kind, Limits, NotFor, Plan, PlannedQuestion
from feedback.disclosure.protect import Cell, Closing, Dice, protect
from feedback.disclosure.release import build_release
from feedback.disclosure.tables import EVERYONE, Row, breakdowns, read_picks

KEY = bytes(range(32))


def dice(base=5, key=KEY, round_id="2026-Q4"):
    return Dice(key, round_id, base)


def answers(*ids):
    return tuple(Answer(each, each) for each in ids)


AGE = PlannedQuestion("age", Kind.SINGLE, "Age?", answers("young", "old"))
SEX = PlannedQuestion("sex", Kind.SINGLE, "Sex?", answers("f", "m"))
SAID = PlannedQuestion("said", Kind.SINGLE, "Said?", answers("yes", "no", "does_not_apply"))
ALSO = PlannedQuestion("also", Kind.SINGLE, "Also?", answers("yes", "no", "does_not_apply"))


def make_plan(*questions, groups=(), **limits):
    edition = Edition(1, "x")
    return Plan("2026-Q4", "Cedar", edition, edition, questions, groups, Limits(**limits))


def frame_of(**columns):
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})


def closing_of(plan, frame):
    picks = read_picks(frame, plan)
    shown = breakdowns(picks, plan) if len(frame) >= plan.limits.k_groups else ()
    return Closing(plan, dice(plan.limits.base), len(frame), shown), picks


@pytest.mark.parametrize("base", [5, 10])
def test_the_mean_of_many_keys_is_the_count(base):
    for count in range(20):
        drawn = [
            dice(base, key.to_bytes(16)).draw(Cell(EVERYONE, count, "q", "a"), 0, 100)
            for key in range(2000)
        ]
        assert {each % base for each in drawn} == {0}
        assert all(abs(each - count) < base for each in drawn)
        assert np.mean(drawn) == pytest.approx(count, abs=0.4 * base / 5)


def test_a_number_is_never_rounded_above_the_row():
    drawn = {dice(key=key.to_bytes(16)).draw(Cell(EVERYONE, 13), 0, 14) for key in range(200)}
    assert drawn == {10}


def test_the_same_cell_is_the_same_for_ever():
    assert [dice().draw(Cell(EVERYONE, n, "q", "a"), 0) for n in range(12)] == [
        0, 0, 0, 0, 0, 5, 5, 5, 10, 5, 10, 15,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        (dice(), Cell(EVERYONE, 7, "q", "b"), 0),
        (dice(), Cell(EVERYONE, 7, "p", "a"), 0),
        (dice(), Cell(Row("age", ("old",)), 7, "q", "a"), 0),
        (dice(), Cell(Row("age", ("old", "young")), 7, "q", "a"), 0),
        (dice(), Cell(EVERYONE, 12, "q", "a"), 0),
        (dice(), Cell(EVERYONE, 7, "q", "a"), 1),
        (dice(round_id="2027-Q1"), Cell(EVERYONE, 7, "q", "a"), 0),
        (dice(key=KEY[::-1]), Cell(EVERYONE, 7, "q", "a"), 0),
    ],
)
def test_everything_that_names_a_cell_changes_its_throw(other):
    throw = dice()._throw(Cell(EVERYONE, 7, "q", "a"), 0)
    roller, cell, attempt = other
    assert roller._throw(cell, attempt) != throw


def test_nobody_can_average_those_who_skipped_a_whole_section():
    frame = frame_of(said=[None] * 8 + ["yes"] * 12, also=[None] * 8 + ["no"] * 12)
    for key in range(30):
        document = build_release(
            frame,
            make_plan(SAID, ALSO),
            key=key.to_bytes(16),
            number=1,
            previous_hash="",
            day=datetime.date(2026, 1, 1),
        )
        skipped = {table["rows"][0]["answers"]["skipped"] for table in document["tables"]}
        assert len(skipped) == 1


def test_a_count_that_is_known_shares_no_throw():
    plan = make_plan(AGE, SAID, groups=("age",))
    frame = frame_of(age=[None] * 1 + ["old"] * 39, said=[None] * 1 + ["yes"] * 39)
    pairs = set()
    for key in range(60):
        closing, picks = closing_of(plan, frame)
        closing = dataclasses.replace(closing, dice=dice(key=key.to_bytes(16)))
        bases = closing.bases()
        pairs.add(tuple(protect(q, picks, closing, bases).counts[0][-1] for q in (AGE, SAID)))
    assert pairs == {(0, 0), (0, 5), (5, 0), (5, 5)}


def test_the_size_of_a_row_is_the_number_in_the_groups_own_table():
    plan = make_plan(AGE, SEX, SAID, groups=("age", "sex"))
    frame = frame_of(
        age=["young"] * 17 + ["old"] * 23 + [None] * 12,
        sex=["f", "m"] * 26,
        said=["yes", "no"] * 26,
    )
    for key in range(20):
        closing, picks = closing_of(plan, frame)
        closing = dataclasses.replace(closing, dice=dice(key=key.to_bytes(16)))
        bases = closing.bases()
        own = protect(AGE, picks, closing, bases)
        assert own.rows == (EVERYONE,)
        sizes = [bases[Row("age", (level,))] for level in ("young", "old", "skipped")]
        assert list(own.counts[0]) == sizes
        assert {base % 5 for base in bases.values()} == {0}


def test_below_thirty_people_there_are_no_groups():
    plan = make_plan(AGE, SAID, groups=("age",))
    for people, rows in ((29, 1), (30, 3)):
        frame = frame_of(age=(["young", "old"] * 15)[:people], said=(["yes", "no"] * 15)[:people])
        closing, picks = closing_of(plan, frame)
        assert len(protect(SAID, picks, closing, closing.bases()).rows) == rows


def test_themes_are_broken_down_from_fifty_people_on():
    keep = PlannedQuestion("keep", Kind.THEME, "Keep?", answers("kind"))
    plan = make_plan(AGE, keep, groups=("age",))
    for people, rows in ((49, 1), (50, 3)):
        frame = frame_of(age=(["young", "old"] * 25)[:people], keep=[("kind",), ()] * 25)
        closing, picks = closing_of(plan, frame.iloc[:people])
        assert len(protect(keep, picks, closing, closing.bases()).rows) == rows


def test_what_cannot_be_protected_is_coarser_and_in_the_end_not_shown():
    plan = make_plan(AGE, SEX, SAID, groups=("age", "sex"))
    frame = frame_of(age=["young", "old"] * 15, sex=["f"] * 15 + ["m"] * 15, said=["yes"] * 30)
    closing, picks = closing_of(plan, frame)
    # More people must stay possible than any number can stand for, so that nothing ever passes.
    object.__setattr__(plan.limits, "m", 5)
    object.__setattr__(plan.limits, "tries", 2)
    hidden = protect(SAID, picks, closing, closing.bases())
    assert (hidden.rows, hidden.counts) == ((), ())
    assert hidden.withheld == ("age", "sex")


def test_who_is_known_not_to_be_asked_protects_nobody_else():
    asked = dataclasses.replace(SAID, not_for=NotFor("age", ("old",)))
    plan = make_plan(AGE, asked, groups=("age",))
    # One of fifteen was asked and did not say "does not apply": 14 must not be rounded down.
    frame = frame_of(age=["old"] * 14 + ["young"], said=[None] * 14 + ["yes"])
    shown = set()
    for key in range(40):
        closing, picks = closing_of(plan, frame)
        closing = dataclasses.replace(closing, dice=dice(key=key.to_bytes(16)))
        shown.add(protect(asked, picks, closing, closing.bases()).counts[0][2])
    assert shown == {15}


def test_a_key_or_a_count_is_in_no_repr():
    assert "key" not in repr(dice())
    assert "count" not in repr(Cell(EVERYONE, 7))
