"""Rows of releases are read back whole, and whatever is odd in them is left out."""

import math

import pytest

from feedback.decisions.published import latest, read_releases


def row(**changes):
    return {
        "release": 1,
        "round": "2026-Q4",
        "question": "repeat",
        "answer": "agree",
        "kind": "scale",
        "when": "",
        "count": 15,
        "base": 40,
        "share": 0.4,
        "low": 11,
        "high": 19,
        "status": "shown",
        "note": "",
    } | changes


def test_releases_come_oldest_first():
    found = read_releases([row(release=3), row(release=1), row(release=2)])
    assert [published.number for published in found] == [1, 2, 3]


def test_no_rows_are_no_release():
    assert read_releases([]) == ()
    assert latest([]) is None


def test_a_row_is_found_by_question_answer_and_group():
    found = latest([row(), row(when="last_3_months", count=10)])
    assert found.row("repeat", "agree").count == 15
    assert found.row("repeat", "agree", (("when", "last_3_months"),)).count == 10
    assert found.row("repeat", "disagree") is None


@pytest.mark.parametrize("status", ["too_few", "protected"])
def test_a_hidden_row_carries_no_number(status):
    found = latest([row(status=status)]).row("repeat", "agree")
    assert found.count is None
    assert found.share is None


@pytest.mark.parametrize("odd", [None, "", float("nan"), "many", -5, math.inf])
def test_a_count_that_is_no_number_is_unknown(odd):
    assert latest([row(count=odd)]).row("repeat", "agree").count is None


def test_rows_may_come_as_text_from_a_csv_file():
    found = latest([{name: str(value) for name, value in row().items()}])
    assert (found.number, found.row("repeat", "agree").count) == (1, 15)


def test_a_release_may_be_named_with_its_team():
    assert latest([row(release="river-county-7")]).number == 7


@pytest.mark.parametrize("changes", [{"release": None}, {"release": "draft"}, {"question": ""}])
def test_a_row_that_nobody_could_cite_is_left_out(changes):
    assert read_releases([row(**changes)]) == ()


def test_a_release_never_changes_the_first_row_stays():
    found = latest([row(count=15), row(count=20)])
    assert found.row("repeat", "agree").count == 15


def test_the_base_is_the_row_without_an_answer():
    found = latest([row(), row(answer="", count=40)])
    assert found.base("repeat") == 40
    assert latest([row(base=35)]).base("repeat") == 35
    assert latest([row(base=None)]).base("repeat") is None


def test_groups_are_named_in_the_order_of_the_release():
    rows = [row(), row(when="last_3_months"), row(when="over_a_year"), row(age="under_18")]
    found = latest(rows)
    assert found.variables() == ("when", "age")
    assert found.levels("when") == ("last_3_months", "over_a_year")
    assert found.questions("scale") == ("repeat",)
    assert found.questions("multi") == ()


def test_the_margin_follows_the_stated_bounds():
    assert latest([row(count=15, high=24)]).row("repeat", "agree").margin == 9
    assert latest([row(high=None)]).row("repeat", "agree").margin == 4
