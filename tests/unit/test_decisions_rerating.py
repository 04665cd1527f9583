"""A team goes through the workbench again, and sees its first answers beside the new ones."""

from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.definitions import load_structures
from feedback.decisions.readiness import Fact, Rating, TeamInputs, Weight
from feedback.decisions.rerating import agreed_before, beside, is_a_year

KNOWN = load_structures()
THEN = TeamInputs(agreed_on=date(2026, 1, 5))
NOW = TeamInputs(agreed_on=date(2027, 1, 5))


def moved(before, now):
    return {
        line.text: line.moved for line in beside(before, now, KNOWN) if line.moved != "the same"
    }


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("not_true", "somewhat_untrue", "more true"),
        ("very_true", "somewhat_true", "less true"),
        ("dont_know", "not_true", "known now"),
        ("very_true", "dont_know", "not known any more"),
    ],
)
def test_a_statement_says_which_way_it_moved(before, now, said):
    found = moved(
        replace(THEN, ratings={"steady": Rating(before)}),
        replace(NOW, ratings={"steady": Rating(now)}, notes={"steady": "Since May."}),
    )
    assert found == {"The same people come to almost every meeting.": said}


def test_nothing_that_stayed_is_called_moved():
    assert moved(THEN, NOW) == {}
    lists = (KNOWN.statements, KNOWN.facts, KNOWN.factors)
    assert len(beside(THEN, NOW, KNOWN)) == sum(map(len, lists))


def test_facts_and_weights_stand_beside_each_other():
    now = replace(NOW, facts={"few_reports": Fact.YES}, weights={"funding": Weight.A_LOT})
    assert list(moved(THEN, now).values()) == ["changed", "changed"]


def test_the_first_answers_come_first_and_the_newest_is_not_beside_itself():
    middle = replace(THEN, agreed_on=date(2026, 6, 1))
    corrected = replace(middle, interval="Once a quarter")
    assert agreed_before([THEN, middle, corrected, NOW]) == (THEN, corrected)
    assert agreed_before([NOW]) == ()
    assert agreed_before([TeamInputs()]) == ()


def test_a_year_is_a_year():
    assert is_a_year(THEN, NOW)
    assert not is_a_year(replace(THEN, agreed_on=date(2026, 1, 6)), NOW)
    assert not is_a_year(TeamInputs(), NOW)
