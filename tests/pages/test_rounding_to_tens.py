"""A team whose form is open to everybody rounds to tens, and every page says so."""

import re

import pytest

from feedback import ledgers, publishing
from feedback.errors import InvalidSettings
from feedback.questionnaire.definition import load_questionnaire
from feedback.settings import read_team
from feedback.themes.codebook import load


@pytest.fixture
def tens(team):
    """Return a team with one release of 60 people, rounded to tens."""
    made = team("no release")
    path = made.folder.team_file
    path.write_text(path.read_text().replace("base = 5", "base = 10").replace("k = 10", "k = 20"))
    made.release(60, chapter=0)
    return made


def test_the_plan_takes_the_step_from_the_team_file(tens):
    limits = ledgers.releases(tens.folder)[0].plan.limits
    assert (limits.k, limits.k_groups, limits.base) == (20, 30, 10)


def test_a_step_that_is_none_is_named_with_its_line(team):
    path = team("no release").folder.team_file
    path.write_text(path.read_text().replace("base = 5", "base = 3"))
    line = path.read_text().splitlines().index("base = 3") + 1
    with pytest.raises(InvalidSettings, match=f"Line {line}, base: "):
        read_team(path.read_text())


def test_a_team_that_raises_k_above_its_groups_gets_a_plan(team):
    made = team("no release")
    path = made.folder.team_file
    path.write_text(path.read_text().replace("k = 10", "k = 40"))
    plan = publishing.make_plan(made.folder.team(), "2027-Q1", load_questionnaire(), load())
    assert (plan.limits.k, plan.limits.k_groups) == (40, 40)


@pytest.mark.parametrize("name", ["what_we_heard", "themes", "protocol", "structure", "meeting"])
def test_a_page_says_that_numbers_are_rounded_to_tens(tens, show, words, name):
    said = words(show(name))
    assert "Numbers are rounded to tens at random" in said
    assert "rounded to fives" not in said


def test_sixty_people_rounded_to_tens_are_said_as_coarsely_as_thirty(tens, show, words):
    percents = {int(found) for found in re.findall(r"about (\d+)\W%", words(show("what_we_heard")))}
    assert percents
    assert all(percent % 10 == 0 for percent in percents)
