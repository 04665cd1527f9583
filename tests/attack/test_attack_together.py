"""Attacks that read several tables of one release together, and the rules of the questionnaire."""

from dataclasses import replace

import pytest

from feedback.disclosure.plan import Kind
from tests.attack.attacker import Asked, attack
from tests.attack.teams import core, team
from tests.attack.throws import attack_together


def treated(people, path, treatment):
    """Let people differ in their way to help and in how they were treated, and in nothing else."""
    frame = people.frame.copy()
    frame["path"] = path
    frame["when"], frame["age"] = "last_3_months", "25_or_older"
    scales = [question.id for question in people.plan.questions if question.kind is Kind.SCALE]
    for place, question in enumerate(scales):
        frame[question] = treatment(place)
    people.frame = frame
    return people


def always_right(people, found):
    """Say whether the attacker claims something and is never wrong."""
    return bool(found) and all(people.is_true(finding) for finding in found)


def test_who_was_asked_in_a_row_of_people_who_were_not():
    """Ten people stand in one row. Only the tenth was asked how people treated them."""
    people = treated(
        core(40, 1),
        ["got_help"] * 30 + ["did_not_ask"] * 9 + ["rather_not"],
        lambda place: ["agree"] * 30 + ["does_not_apply"] * 9 + ["agree"],
    )
    known = people.known()
    found = [f for key in range(3) for f in attack(people.publish(key=key), known)]
    assert all(people.is_true(finding) for finding in found)
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("seed", range(3))
def test_the_rules_of_the_questionnaire_help_nobody(seed):
    people = core(60, seed)
    found = attack(people.publish(key=seed), people.known())
    assert all(people.is_true(finding) for finding in found)
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("secret", [("path",), ("age", "when"), ("age", "when", "path")])
def test_who_knows_less_of_the_groups_does_not_learn_them(secret):
    """What was not asked of somebody tells of the answer before it."""
    people = core(60, 6)
    found = attack(people.publish(key=6), people.known().without(*secret))
    assert [str(finding) for finding in found] == []


def test_does_not_apply_is_not_told_by_the_questions_beside_it():
    """Twelve were not asked, which anybody can know; one was, and ticks it at every second one."""
    people = treated(
        core(43, 1),
        ["got_help"] * 30 + ["did_not_ask"] * 12 + ["rather_not"],
        lambda place: (
            ["agree"] * 30 + ["does_not_apply"] * 12 + [("agree", "does_not_apply")[place % 2]]
        ),
    )
    known = people.known()
    found = [f for key in range(4) for f in attack_together(people.publish(key=key), known)]
    assert not always_right(people, found)


def test_what_is_known_of_one_question_says_nothing_of_another():
    """Everybody can know who left out a grouping question; that must not tell who left out more."""
    right = []
    for skipped in (0, 1, 2):
        said = [None] * skipped + ["yes"] * 10 + ["no"] * (10 - skipped)
        people = team({"age": [None] + ["18"] * 19}, {"said": said})
        for key in range(12):
            found = attack_together(people.publish(key=key), people.known(), groups_too=True)
            right += [people.is_true(finding) for finding in found]
    assert not right or not all(right)


def test_a_limit_of_picks_helps_nobody():
    """Key 24 rounds all five up: 30 ticks at the least, and ten people have no more."""
    ticks = [tuple(f"o{(place + step) % 5}" for step in range(3)) for place in range(10)]
    people = team({}, {"hard": ticks}, options={"hard": ["o0", "o1", "o2", "o3", "o4", "o5"]})
    people.asked = {"hard": Asked(at_most=3)}
    hard = replace(people.plan.questions[0], at_most=3)
    people.plan = replace(people.plan, questions=(hard,))
    for key in range(20, 30):
        assert attack(people.publish(key=key), people.known()) == []
