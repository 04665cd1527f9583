"""Whom to ask and what to begin with: true to its sources, and each team's own to change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedback.decisions.resources import (
    OLD_AFTER_DAYS,
    Contact,
    Nearness,
    Tick,
    contact_from,
    contacts_of,
    load_starter,
    tick_from,
    to_dict,
)
from feedback.errors import InvalidSettings

TODAY = date(2026, 11, 23)


def test_nothing_in_the_starter_claims_that_somebody_checked_it():
    for contact in load_starter().contacts:
        assert contact.found_on
        assert contact.checked_on is None
        assert contact.is_old(TODAY)
        assert contact.is_link or contact.call


def test_every_question_has_its_own_id_and_ends_as_one():
    questions = [each for part in load_starter().parts for each in part.questions]
    assert len(load_starter().parts) == 3
    assert len({each.id for each in questions}) == len(questions)
    assert all(each.text.endswith("?") and each.hint for each in questions)


def test_a_team_changes_adds_and_takes_out():
    starter = load_starter().contacts
    changed = replace(starter[0], call="555", checked_on=TODAY)
    own = Contact("ours", "Cedar advocacy program")
    shown = contacts_of([changed, own, replace(starter[1], taken_out=True)])
    assert shown[0] == own
    assert changed in shown
    assert starter[1].id not in {contact.id for contact in shown}


@pytest.mark.parametrize(
    "thing", [Contact("a", "A", Nearness.STATE, checked_on=TODAY), Tick("b", True, "x")]
)
def test_what_is_saved_comes_back(thing):
    read = contact_from if isinstance(thing, Contact) else tick_from
    assert read(to_dict(thing) | {"from": "a newer version"}) == thing


def test_a_damaged_entry_is_refused_by_field():
    with pytest.raises(InvalidSettings, match="reach is wrong"):
        contact_from({"id": "a", "name": "A", "reach": "moon"})


def test_a_number_that_was_checked_gets_old():
    checked = Contact("a", "A", checked_on=TODAY)
    assert not checked.is_old(TODAY + timedelta(days=OLD_AFTER_DAYS))
    assert checked.is_old(TODAY + timedelta(days=OLD_AFTER_DAYS + 1))


@pytest.mark.parametrize(
    "web", ["http://a.org", "javascript:alert(1)", "https://a.org/> [x](y)", "https://a b", ""]
)
def test_only_a_locked_address_can_be_opened(web):
    assert not Contact("a", "A", web=web).is_link
    assert Contact("a", "A", web="https://a.org/x").is_link
