"""Exact tables: rows that share everybody out, combinations, and who was asked at all."""

import numpy as np
import pandas as pd
import pytest

from feedback.disclosure.plan import Answer, Edition, Kind, NotFor, Plan, PlannedQuestion
from feedback.disclosure.tables import (
    EVERYONE,
    breakdowns,
    partition,
    read_picks,
    tabulate,
    who_was_asked,
)
from feedback.errors import InvalidAnswers


def answers(*ids, alone=()):
    return tuple(Answer(each, each, alone=each in alone) for each in ids)


AGE = PlannedQuestion("age", Kind.SINGLE, "Age?", answers("young", "old"))
SAFE = PlannedQuestion(
    "safe",
    Kind.SCALE,
    "Safe?",
    answers("yes", "no", "does_not_apply"),
    not_for=NotFor("age", ("old",)),
)
WHO = PlannedQuestion("who", Kind.MULTI, "Who?", answers("a", "b", "nobody", alone=("nobody",)))
KEEP = PlannedQuestion("keep", Kind.THEME, "Keep?", answers("kind"))


def make_plan(*questions, groups=()):
    edition = Edition(1, "x")
    return Plan("r", "t", edition, edition, questions, groups)


def column(*cells):
    return pd.Series(list(cells), dtype=object)


@pytest.mark.parametrize(
    ("sizes", "rows"),
    [
        ({"a": 20, "b": 15}, (("a",), ("b",))),
        ({"a": 20, "b": 15, "c": 4, "d": 7}, (("a",), ("b",), ("c", "d"))),
        ({"a": 20, "b": 15, "c": 4}, (("a",), ("b", "c"))),
        ({"a": 20, "b": 15, "c": 0}, (("a",), ("b", "c"))),
        ({"c": 4, "b": 15, "a": 15, "d": 30}, (("b",), ("d",), ("c", "a"))),
        ({"a": 20, "b": 4}, ()),
        ({"a": 20}, ()),
        ({"a": 9, "b": 9}, ()),
        ({"a": 9, "b": 9, "c": 10}, (("c",), ("a", "b"))),
        ({}, ()),
    ],
)
def test_too_small_groups_are_merged_until_they_are_k(sizes, rows):
    assert partition(sizes, 10) == rows


def test_who_gave_no_answer_stands_in_the_extra_column():
    plan = make_plan(AGE, WHO, KEEP)
    frame = pd.DataFrame(
        {
            "age": column("young", None, float("nan")),
            "who": column(("a", "b"), (), None),
            "keep": column(("kind",), (), ()),
        }
    )
    picks = read_picks(frame, plan)
    assert picks["age"].tolist() == [
        [True, False, False],
        [False, False, True],
        [False] * 2 + [True],
    ]
    assert picks["who"].sum(axis=0).tolist() == [1, 1, 0, 2]
    assert picks["keep"].sum(axis=0).tolist() == [1, 2]


def test_a_question_of_ticks_that_does_not_apply_takes_the_answer_as_it_comes():
    who = PlannedQuestion("who", Kind.MULTI, "?", answers("a", "does_not_apply"))
    frame = pd.DataFrame({"who": column("does_not_apply", ("does_not_apply",), ("a",))})
    assert read_picks(frame, make_plan(who))["who"].sum(axis=0).tolist() == [1, 2, 0]


def test_columns_that_do_not_fit_are_named_without_an_answer():
    plan = make_plan(AGE, SAFE, WHO)
    frame = pd.DataFrame({"safe": column("secret"), "who": column(("a", "nobody"))})
    with pytest.raises(InvalidAnswers) as refused:
        read_picks(frame, plan)
    assert refused.value.problems == {"age": "missing", "safe": "unknown", "who": "contradiction"}
    assert "secret" not in str(refused.value)


def test_words_that_nobody_has_read_have_no_table():
    frame = pd.DataFrame({"age": column("young")})
    assert set(read_picks(frame, make_plan(AGE, KEEP))) == {"age"}


def test_who_is_not_asked_counts_as_not_asked_whatever_they_answered():
    plan = make_plan(AGE, SAFE)
    frame = pd.DataFrame(
        {"age": column("old", "old", "young", None), "safe": column("yes", None, "no", "yes")}
    )
    picks = read_picks(frame, plan)
    assert picks["safe"].sum(axis=0).tolist() == [1, 1, 2, 0]
    asked = who_was_asked(SAFE, picks, plan)
    assert asked.tolist() == [False, False, True, True]
    table = tabulate(SAFE, picks["safe"], asked, ())
    assert table.sizes.tolist() == [2]
    assert table.row_sizes.tolist() == [4]
    assert table.not_asked.tolist() == [[0, 0, 2, 0]]
    assert table.counts.tolist() == [[1, 1, 2, 0]]


def test_rows_count_each_person_once_for_every_group():
    sex = PlannedQuestion("sex", Kind.SINGLE, "Sex?", answers("f", "m"))
    plan = make_plan(AGE, sex, WHO, groups=("age", "sex"))
    frame = pd.DataFrame(
        {
            "age": column(*["young"] * 12, *["old"] * 18),
            "sex": column(*["f", "m"] * 15),
            "who": column(*[("a",), ("a", "b"), ()] * 10),
        }
    )
    picks = read_picks(frame, plan)
    everybody = np.ones(30, dtype=bool)
    shown = breakdowns(picks, everybody, plan)
    assert [[row.levels for row in each.rows] for each in shown] == [
        [("old",), ("young", "skipped")],
        [("m",), ("f", "skipped")],
    ]
    table = tabulate(WHO, picks["who"], everybody, shown)
    assert table.rows[0] == EVERYONE
    assert table.row_sizes[0] == 30
    assert table.sizes.sum() == 30
    assert table.members.shape == (5, 4)
    assert (table.members @ table.sizes == table.row_sizes).all()
    assert (table.counts[1] + table.counts[2] == table.counts[0]).all()
    assert (table.counts[3] + table.counts[4] == table.counts[0]).all()
    assert table.counts[0].tolist() == [20, 10, 0, 10]


def test_a_row_needs_k_people_who_were_asked():
    plan = make_plan(AGE, WHO, groups=("age",))
    frame = pd.DataFrame(
        {"age": column(*["young"] * 20, *["old"] * 20, *[None] * 10), "who": column(*[()] * 50)}
    )
    picks = read_picks(frame, plan)
    asked = np.arange(50) >= 11  # nine of the young were asked
    rows = [row.levels for row in breakdowns(picks, asked, plan)[0].rows]
    assert rows == [("old",), ("young", "skipped")]
    everybody = [row.levels for row in breakdowns(picks, asked | True, plan)[0].rows]
    assert everybody == [("young",), ("old",), ("skipped",)]
