"""The map shows who was heard and who was not, and what to do next."""

import json
from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.coverage import (
    Cards,
    CoverageItem,
    HowMany,
    Reach,
    Where,
    coverage_map,
    heard_in_release,
    starter_items,
)
from feedback.errors import InvalidSettings
from tests.unit.test_decisions_signals import release

TODAY = date(2026, 11, 23)


def item(name="Somali", kind=Where.LANGUAGE, **changes):
    return CoverageItem(id=name.lower(), kind=kind, name=name, **changes)


def test_a_first_map_is_offered_with_every_kind():
    items = starter_items()
    assert {found.kind for found in items} == set(Where)
    assert all(found.reach is Reach.NOT_REACHED for found in items)


def test_whoever_lives_here_and_is_not_heard_is_missing():
    found = coverage_map([item(lives_here=HowMany.MANY)], today=TODAY)
    assert [m.text for m in found.missing] == ["Somali (many live here): not reached."]


@pytest.mark.parametrize(
    "changes",
    [
        {"lives_here": HowMany.MANY, "reach": Reach.HEARD},
        {"lives_here": HowMany.MANY, "reach": Reach.SOME_HEARD},
        {"lives_here": HowMany.FEW},
        {"lives_here": HowMany.UNKNOWN},
    ],
)
def test_others_are_not_called_missing(changes):
    assert coverage_map([item(**changes)], today=TODAY).missing == ()


def test_people_who_are_served_and_not_heard_are_missing_too():
    found = coverage_map([item(served=HowMany.SOME)], today=TODAY)
    assert "Some are served." in found.missing[0].text


def test_the_next_steps_begin_where_most_people_are_not_reached():
    items = [
        item("Hmong", lives_here=HowMany.FEW),
        item("Spanish", lives_here=HowMany.MANY, reach=Reach.INVITED),
        item("Somali", lives_here=HowMany.MANY),
        item("Karen", reach=Reach.HEARD),
    ]
    steps = coverage_map(items, today=TODAY).next_steps
    assert [step.where for step in steps] == ["Somali, Hmong", "Spanish"]
    assert all(step.text for step in steps)


def test_what_is_to_be_done_at_many_points_is_said_once():
    items = [item(name, kind) for kind in Where for name in ("A", "B", "C", "D", "E")]
    steps = coverage_map(items, today=TODAY).next_steps
    assert [step.where for step in steps] == ["A, B, C and 2 more"] * len(Where)
    assert len({step.text for step in steps}) == len(Where)


@pytest.mark.parametrize("kind", list(Where))
@pytest.mark.parametrize("reach", [Reach.NOT_REACHED, Reach.INVITED, Reach.SOME_HEARD])
def test_every_point_that_is_not_heard_has_a_next_step(kind, reach):
    assert coverage_map([item(kind=kind, reach=reach)], today=TODAY).next_steps[0].text


def test_what_is_not_known_is_to_be_found_out():
    found = coverage_map([item(), item("Clinic", Where.DOOR)], today=TODAY)
    assert found.find_out == ("Find out how many people here this is about: Somali.",)


def test_marks_that_nobody_looked_at_for_half_a_year_are_old():
    items = [item("A", looked_at=date(2026, 1, 1)), item("B", looked_at=TODAY), item("C")]
    assert coverage_map(items, today=TODAY).stale == ("A", "C")


def test_an_empty_map_is_fine():
    found = coverage_map([], today=TODAY)
    assert found.next_steps == found.missing == found.with_reach(Reach.HEARD) == ()


@pytest.mark.parametrize(
    ("count", "reach"), [(0, Reach.INVITED), (5, Reach.SOME_HEARD), (10, Reach.HEARD)]
)
def test_a_release_shows_that_people_were_heard(count, reach):
    point = item("Under 18", Where.GROUP, ref="age:under_18", reach=Reach.INVITED)
    rows = release(age={"under_18": count})
    assert heard_in_release([point], rows)[0].reach is reach


def test_a_release_never_lowers_a_mark():
    point = item("Under 18", Where.GROUP, ref="age:under_18", reach=Reach.HEARD)
    assert heard_in_release([point], release(age={"under_18": 5})) == (point,)
    hidden = release(age={"under_18": 5}, status="protected")
    low = replace(point, reach=Reach.NOT_REACHED)
    assert heard_in_release([low], hidden) == (low,)
    assert heard_in_release([low], []) == (low,)


def test_a_point_comes_back_from_plain_data():
    point = item(cards=Cards.SOME, looked_at=TODAY, owner="Outreach lead")
    data = json.loads(json.dumps(point.to_dict()))
    assert CoverageItem.from_dict({**data, "weather": "fine"}) == point


def test_a_damaged_point_is_refused():
    with pytest.raises(InvalidSettings, match="kind"):
        CoverageItem.from_dict({"id": "x", "kind": "cloud", "name": "X"})
