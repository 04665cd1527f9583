"""The workbench lays out evidence for, against and unknown, and ranks nothing."""

import dataclasses

import pytest

from feedback.decisions.members import FOR_YOUNG_PEOPLE
from feedback.decisions.readiness import Fact, Rating, TeamInputs, Weight
from feedback.decisions.structures import Picture, Workbench, build_workbench, what_moved
from tests.unit.test_decisions_signals import release, wording

ORDER = ["subcommittee", "integrated", "standalone", "existing_mdt", "regional"]
OFTEN = (0, 0, 5, 15, 20)  # most had to tell it too many times
RARELY = (20, 15, 5, 0, 0)


def bench(rows=(), **inputs):
    return build_workbench(rows, TeamInputs(**inputs), wording())


def picture(found, structure):
    return next(p for p in found.pictures if p.structure == structure)


def refs(lines):
    return {line.ref for line in lines}


def test_telling_it_too_often_speaks_for_shared_teams_and_against_a_new_one():
    found = bench(release(repeat=OFTEN))
    for structure in ("subcommittee", "integrated", "existing_mdt"):
        assert "repeat" in refs(picture(found, structure).evidence_for)
    assert "repeat" in refs(picture(found, "standalone").evidence_against)


def test_what_does_not_hold_points_to_neither_side():
    found = picture(bench(release(repeat=RARELY)), "subcommittee")
    assert "repeat" in refs(found.neither)
    assert not refs(found.evidence_for) | refs(found.evidence_against)


@pytest.mark.parametrize("rows", [[], release(repeat=OFTEN, status="too_few")])
def test_silence_is_unknown_for_every_structure(rows):
    for found in bench(rows).pictures:
        assert found.evidence_for == found.evidence_against == found.neither == ()
        assert found.unknown
        assert all(line.why for line in found.unknown)


def test_no_survivor_line_is_lost():
    found = bench(release(repeat=OFTEN, hard={"no_ride": 20}))
    for one in found.pictures:
        assert {line.ref for line in one.lines if line.origin == "survivors"}
    regional = picture(found, "regional")
    assert "hard:no_ride" in refs(regional.evidence_against)


def test_each_line_says_how_far_it_reaches_and_where_to_look():
    rows = release(4, people=20, repeat=(0, 0, 0, 5, 15))
    line = picture(bench(rows), "integrated").evidence_for[0]
    assert (line.strength, line.source) == ("weak signal", "release 4, repeat")
    assert "weak signal" in " ".join(picture(bench(rows), "integrated").would_change)


def test_the_team_s_rating_stands_beside_what_people_said():
    found = bench(ratings={"hours": Rating.NOT_TRUE, "coordinator": Rating.VERY_TRUE})
    side = picture(found, "subcommittee")
    assert "coordinator" in refs(side.evidence_for)
    assert "hours" in refs(side.evidence_against)
    assert side.evidence_for[0].text.startswith("The team says: very true.")


@pytest.mark.parametrize("rating", [Rating.DONT_KNOW, None])
def test_what_the_team_does_not_know_is_unknown(rating):
    ratings = {"hours": rating} if rating else {}
    assert "hours" in refs(picture(bench(ratings=ratings), "standalone").unknown)


def test_facts_speak_when_somebody_looked_them_up():
    found = bench(facts={"mdt_exists": Fact.NO, "neighbours": Fact.DONT_KNOW})
    assert "mdt_exists" in refs(picture(found, "existing_mdt").evidence_against)
    assert "neighbours" in refs(picture(found, "regional").unknown)


def test_a_factor_that_is_not_weighed_is_set_aside_and_still_shown():
    found = bench(release(repeat=OFTEN), weights={"capacity": Weight.NOT_NOW})
    side = picture(found, "subcommittee")
    assert "repeat" in refs(side.set_aside)
    assert "repeat" not in refs(side.evidence_for)
    assert any("bring back what is set aside" in text for text in side.would_change)


def test_what_weighs_most_is_read_first():
    ratings = {"money_allowed": Rating.VERY_TRUE, "steady": Rating.VERY_TRUE}
    weights = {"funding": Weight.A_LOT, "capacity": Weight.A_LITTLE}
    side = picture(bench(ratings=ratings, weights=weights), "integrated")
    assert [line.ref for line in side.evidence_for] == ["money_allowed", "steady"]


def test_a_line_close_to_turning_is_named():
    side = picture(bench(release(hard={"no_ride": 10})), "regional")
    assert any(text.startswith("Close to the line") for text in side.would_change)


def test_leaning_on_one_factor_is_said():
    side = picture(bench(release(repeat=OFTEN)), "subcommittee")
    assert any("hangs on one factor" in text for text in side.would_change)


def test_the_order_is_the_same_whatever_is_known():
    for rows in ([], release(repeat=OFTEN), release(repeat=RARELY, believed=RARELY)):
        assert [p.structure for p in bench(rows).pictures] == ORDER


def test_nothing_in_a_picture_counts_or_ranks():
    for shape in (Picture, Workbench):
        for place in dataclasses.fields(shape):
            numbers = "int" in str(place.type) or "float" in str(place.type)
            assert not numbers or place.name == "release"
    one, other = bench().pictures[:2]
    with pytest.raises(TypeError):
        assert one < other


def test_missing_disciplines_are_named_with_what_people_said():
    rows = release(who={"school": 15, "police": 20, "probation": 0, "friend_family": 20})
    gaps = {g.discipline: g for g in bench(rows, members=frozenset({"police"})).gaps}
    assert "police" not in gaps
    assert "friend_family" not in gaps
    assert gaps["school"].text.startswith("School: not on the team. About half")
    assert "The field asks for it" in gaps["probation"].text
    assert "hospital" not in gaps


def test_what_few_people_say_of_a_missing_discipline_is_a_weak_signal():
    few = bench(release(people=15, who={"school": 5, "probation": 0})).gaps
    texts = {gap.discipline: gap.text for gap in few}
    assert "went there for help (weak signal)." in texts["school"]
    assert "went there (weak signal)." in texts["probation"]
    many = bench(release(people=40, who={"school": 15})).gaps
    assert not any("weak" in gap.text for gap in many)


def test_disciplines_for_young_people_are_named_before_the_first_release():
    gaps = bench().gaps
    assert {gap.discipline for gap in gaps} == {
        "child_protection",
        "school",
        "shelter",
        "probation",
    }
    assert all("not known yet" in gap.text for gap in gaps)


def test_a_full_table_has_no_gap():
    everyone = [*FOR_YOUNG_PEOPLE, "police", "hospital", "advocate", "court", "culture_group"]
    rows = release(who={"school": 15})
    assert bench(rows, members=frozenset(everyone)).gaps == ()


def test_each_factor_shows_its_weight_and_signals():
    found = bench(release(need={"ride": 10}, repeat=OFTEN), weights={"funding": Weight.A_LOT})
    factors = {view.factor: view for view in found.factors}
    assert factors["funding"].weight is Weight.A_LOT
    assert factors["capacity"].weight is Weight.SOME
    assert "need:ride" in {str(s.ref) for s in factors["funding"].signals}


def test_readiness_lists_every_statement_and_knows_no_grade():
    lines = bench(ratings={"steady": Rating.VERY_TRUE}, notes={"steady": "Since May."}).readiness
    by_id = {line.statement: line for line in lines}
    assert by_id["steady"].rating.label == "Very true"
    assert by_id["steady"].note == "Since May."
    assert by_id["hours"].rating.label == "Don't know"


def test_what_moved_since_last_year_is_said():
    before = bench(release(1, repeat=RARELY))
    now = bench(release(1, repeat=RARELY) + release(2, repeat=OFTEN))
    moved = what_moved(before, now)
    assert any("A subcommittee" in text and "now evidence for it" in text for text in moved)
    assert what_moved(now, now) == ()
    assert not any("““" in text for text in moved)


def test_what_lies_close_to_the_line_may_have_moved_by_chance():
    few = {"shelter": 5, "police": 15}, {"shelter": 0, "police": 15}
    releases = [release(n, people=15, who=counts) for n, counts in enumerate(few, 1)]
    moved = what_moved(bench(releases[0]), bench(releases[0] + releases[1]))
    assert moved
    assert all(text.endswith("so it could be chance.") for text in moved)
    sure = what_moved(bench(release(1, repeat=RARELY)),
                      bench(release(1, repeat=RARELY) + release(2, repeat=OFTEN)))  # fmt: skip
    assert not any("chance" in text for text in sure)


def test_inputs_come_back_from_plain_data():
    from datetime import date

    inputs = TeamInputs(
        ratings={"hours": Rating.NOT_TRUE},
        facts={"mdt_exists": Fact.YES},
        members=frozenset({"police"}),
        weights={"funding": Weight.A_LOT},
        interval="Once a quarter",
        agreed_on=date(2026, 1, 1),
    )
    assert TeamInputs.from_dict(inputs.to_dict()) == inputs
    assert not inputs.is_due(date(2026, 12, 31))
    assert inputs.is_due(date(2027, 1, 1))
    assert TeamInputs().is_due(date(2026, 1, 1))


@pytest.mark.parametrize(
    "data", [{}, {"ratings": {"hours": "maybe"}}, {"members": 3, "weather": "fine"}]
)
def test_inputs_that_are_not_understood_are_unknown(data):
    assert TeamInputs.from_dict(data) == TeamInputs()


@pytest.mark.parametrize(
    ("counts", "side"),
    [((0, 0, 10, 15, 15), "for"), ((10, 10, 0, 10, 10), "against"), ((0, 0, 0, 20, 20), "for")],
)
def test_a_line_can_be_drawn_for_one_bearing(counts, side):
    found = picture(bench(release(cps_listen=counts)), "existing_mdt")
    sides = {
        "for": "cps_listen" in refs(found.evidence_for),
        "against": "cps_listen" in refs(found.evidence_against),
    }
    assert [name for name, there in sides.items() if there] == [side]
    assert "cps_listen" not in refs(found.neither)
