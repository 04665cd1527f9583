"""Random rounding under a key, and what happens when the attacker cannot be beaten."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from feedback.disclosure.plan import Answer, Edition, Kind, Limits, NotFor, Plan, PlannedQuestion
from feedback.disclosure.protect import Cell, Closing, Dice, protect
from feedback.disclosure.tables import EVERYONE, Row, read_picks

KEY = bytes(range(32))


def dice(base=5, key=KEY, round_id="2026-Q4"):
    return Dice(key, round_id, base)


def answers(*ids):
    return tuple(Answer(each, each) for each in ids)


AGE = PlannedQuestion("age", Kind.SINGLE, "Age?", answers("young", "old"))
SEX = PlannedQuestion("sex", Kind.SINGLE, "Sex?", answers("f", "m"))
SAID = PlannedQuestion("said", Kind.SINGLE, "Said?", answers("yes", "no", "does_not_apply"))


def make_plan(*questions, groups=(), **limits):
    edition = Edition(1, "x")
    return Plan("2026-Q4", "Cedar", edition, edition, questions, groups, Limits(**limits))


def frame_of(**columns):
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})


def closing_of(plan, frame, key=KEY):
    return Closing(plan, dice(plan.limits.base, key), read_picks(frame, plan))


def keys(count):
    return [number.to_bytes(16) for number in range(count)]


@pytest.mark.parametrize("base", [5, 10])
def test_the_mean_of_many_keys_is_the_count(base):
    for count in range(20):
        drawn = [
            dice(base, key.to_bytes(16)).draw(Cell(EVERYONE, count, "q", "a"), 0, most=100)
            for key in range(2000)
        ]
        assert {each % base for each in drawn} == {0}
        assert all(abs(each - count) < base for each in drawn)
        assert np.mean(drawn) == pytest.approx(count, abs=0.4 * base / 5)


def test_a_number_is_never_rounded_above_the_row():
    drawn = {dice(key=key.to_bytes(16)).draw(Cell(EVERYONE, 13), 0, most=14) for key in range(200)}
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


def test_the_size_of_a_row_is_the_number_in_the_groups_own_table():
    plan = make_plan(AGE, SEX, SAID, groups=("age", "sex"))
    frame = frame_of(
        age=["young"] * 17 + ["old"] * 23 + [None] * 12,
        sex=["f", "m"] * 26,
        said=["yes", "no"] * 26,
    )
    for key in keys(20):
        closing = closing_of(plan, frame, key)
        own = protect(AGE, closing)
        assert own.rows == (EVERYONE,)
        sizes = [closing.size(Row("age", (level,))) for level in ("young", "old", "skipped")]
        assert list(own.counts[0]) == sizes
        assert closing.size(Row("sex", ("f", "skipped"))) in (25, 30)


def test_below_thirty_people_there_are_no_groups():
    plan = make_plan(AGE, SAID, groups=("age",))
    for people, rows in ((29, 1), (30, 3)):
        frame = frame_of(age=(["young", "old"] * 15)[:people], said=(["yes", "no"] * 15)[:people])
        assert len(protect(SAID, closing_of(plan, frame)).rows) == rows


def test_themes_are_broken_down_from_fifty_people_on():
    keep = PlannedQuestion("keep", Kind.THEME, "Keep?", answers("kind"))
    plan = make_plan(AGE, keep, groups=("age",))
    for people, rows in ((49, 1), (50, 3)):
        frame = frame_of(age=["young", "old"] * 25, keep=[("kind",), ()] * 25).iloc[:people]
        assert len(protect(keep, closing_of(plan, frame)).rows) == rows


def test_what_cannot_be_protected_is_coarser_and_in_the_end_not_shown():
    plan = make_plan(AGE, SEX, SAID, groups=("age", "sex"))
    frame = frame_of(age=["young", "old"] * 15, sex=["f"] * 15 + ["m"] * 15, said=["yes"] * 30)
    closing = closing_of(plan, frame)
    # More people must stay possible than any number can stand for, so that nothing ever passes.
    object.__setattr__(plan.limits, "m", 5)
    object.__setattr__(plan.limits, "tries", 2)
    hidden = protect(SAID, closing)
    assert (hidden.rows, hidden.counts) == ((), ())
    assert hidden.withheld == ("age", "sex")
    assert not hidden.too_few


ASKED = dataclasses.replace(SAID, not_for=NotFor("age", ("old",)))


def test_a_question_that_was_not_for_most_people_waits_for_k_of_them():
    plan = make_plan(AGE, ASKED, groups=("age",))
    for young, too_few in ((9, True), (10, False)):
        frame = frame_of(age=["old"] * 20 + ["young"] * young, said=["yes"] * (20 + young))
        assert protect(ASKED, closing_of(plan, frame)).too_few == too_few


def test_a_breakdown_counts_those_who_were_asked():
    plan = make_plan(AGE, SEX, ASKED, groups=("sex",))
    for young, rows in ((29, 1), (30, 3)):
        frame = frame_of(
            age=["old"] * 20 + ["young"] * young,
            sex=(["f", "m"] * 40)[: 20 + young],
            said=["yes"] * (20 + young),
        )
        assert len(protect(ASKED, closing_of(plan, frame)).rows) == rows


def test_it_stays_possible_that_few_of_those_asked_said_it_does_not_apply():
    plan = make_plan(AGE, ASKED, groups=("age",))
    for old in range(10, 25):
        frame = frame_of(age=["old"] * old + ["young"] * 12, said=["yes"] * (old + 12))
        for key in keys(8):
            shown = protect(ASKED, closing_of(plan, frame, key)).counts[0][2]
            assert shown % 5 == 0
            assert abs(shown - old) < 5
            assert shown + 4 >= old + 2


def test_a_key_or_a_count_is_in_no_repr():
    assert "key" not in repr(dice())
    assert "count" not in repr(Cell(EVERYONE, 7))
