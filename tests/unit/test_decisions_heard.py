"""What we heard: strengths first, in words, area by area, and honest about what is not known."""

import pytest

from feedback.decisions.definitions import load_areas
from feedback.decisions.heard import NO_RELEASE, changes, three_things, what_we_heard
from feedback.decisions.log import Decision, Kind, Link, State
from feedback.decisions.measure import in_words
from feedback.decisions.protocol import area_views, areas_of
from feedback.decisions.published import read_releases
from tests.unit.test_decisions_signals import release, wording

BAD, GOOD = (20, 10, 0, 5, 5), (0, 0, 0, 20, 20)
FULL = {
    "respect": GOOD,
    "believed": BAD,
    "repeat": GOOD,
    "safe": (0, 0, 5, 20, 15),
    "hard": {"wait": 10, "no_ride": 20, "nothing": 30, "none": 5},
    "need": {"ride": 15},
    "change": {"housing": 10, "wait": 20, "other": 25, "none": 5},
    "keep": {"advocate": 15},
}


def heard(rows):
    return what_we_heard(rows, wording())


def refs(signals):
    return [str(found.ref) for found in signals]


def test_a_release_is_read_strengths_first():
    found = heard(release(**FULL))
    assert refs(found.strengths) == ["respect", "safe"]
    assert refs(found.kept) == ["keep:advocate"]
    assert refs(found.wishes) == ["change:wait", "change:housing"]
    assert refs(found.barriers) == ["hard:no_ride", "hard:wait"]
    assert refs(found.needs) == ["need:ride"]


def test_what_goes_badly_comes_worst_first_and_reversed_items_count_the_other_way():
    found = heard(release(**{**FULL, "explained": (10, 10, 0, 10, 10)}))
    assert refs(found.concerns) == ["repeat", "believed", "explained"]


def test_a_meeting_begins_with_three_things_and_a_strength():
    things = three_things(heard(release(**FULL)))
    assert things == (
        "About half of the people named this as a strength: Advocate.",
        "About half of the people asked for change here: Waiting and hours.",
        "Nearly all people agree: “I had to tell my story too many times”. "
        "Agreeing is bad news here.",
    )


def test_before_the_first_release_there_are_calm_words():
    found = heard([])
    assert found.intro == NO_RELEASE
    assert three_things(found) == ()
    assert found.release is None


def test_too_few_answers_are_not_nothing_to_say():
    found = heard(release(people=10, respect=(0, 0, 0, 5, 5)))
    assert "not the same as nothing to say" in found.intro
    assert refs(found.unknown) == ["respect"]


def test_a_release_of_few_people_says_that_its_signals_are_weak():
    found = heard(release(people=20, respect=(0, 0, 0, 10, 10)))
    assert "weak signals" in found.intro
    assert three_things(found)[0].endswith("Weak signal.")


def test_a_release_without_themes_still_speaks():
    found = heard(release(respect=GOOD, hard={"wait": 10}))
    assert found.wishes == found.kept == ()
    assert len(three_things(found)) == 2


def moved(rows, versions=None):
    """Return each trend between the last two releases, by what it is about."""
    found = changes(read_releases(rows), wording(), versions or {})
    return {str(ref): in_words(change) for ref, change in found.items()}


def test_what_is_different_since_the_last_release_is_told_where_the_question_was_the_same():
    rows = release(1, people=200, respect=(100, 60, 0, 20, 20))
    rows += release(2, people=200, respect=(0, 0, 0, 100, 100))
    assert moved(rows)["respect"] == "clear change up"
    assert "respect" not in moved(rows, {1: {"respect": "old"}, 2: {"respect": "new"}})


def test_what_only_points_is_said_with_care():
    rows = release(1, people=200, respect=(50, 25, 0, 50, 75))
    rows += release(2, people=200, respect=(50, 50, 0, 50, 50))
    assert moved(rows)["respect"] == "points down"


def test_the_first_release_has_nothing_before_it():
    assert moved(release(**FULL)) == {}
    assert moved(release(1, **FULL) + release(2, **FULL))["respect"] == "about the same"


def test_the_twelve_areas_show_what_is_known_and_what_is_not():
    views = {view.area: view for view in area_views(release(**FULL), wording())}
    assert len(views) == 12
    assert "repeat" in refs(views["interview"].signals)
    assert "int_pace" in refs(views["interview"].unknown)
    assert "respect" in refs(views["court"].signals)
    assert {silent.ref for silent in views["interview"].silent} == {"repeat", "believed"}


@pytest.mark.parametrize(
    ("exam", "said"),
    [
        ({}, "What people say to this is not known yet."),
        ({"change": {"exam": 0, "none": 10}}, "Few people or none spoke to this."),
        ({"change": {"exam": 10, "none": 10}}, "People spoke to this."),
    ],
)
def test_people_spoke_to_an_area_only_when_somebody_did(exam, said):
    views = {view.area: view for view in area_views(release(respect=GOOD, **exam), wording())}
    assert "respect" in refs(views["exam"].signals)
    assert views["exam"].text.startswith(said)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State.DISCUSSING, "The team is discussing it."),
        (State.DECIDED, "Something is decided."),
    ],
)
def test_an_area_shows_its_decisions(state, text):
    made = Decision("d1", Kind.PROTOCOL, "One interview.", area="interview", state=state)
    views = {view.area: view for view in area_views([], wording(), [made])}
    assert views["interview"].decisions == (made,)
    assert views["interview"].text == f"What people say to this is not known yet. {text}"
    assert views["exam"].text.endswith("Nothing is decided yet.")


def test_an_area_says_when_only_some_of_it_is_answered():
    made = Decision(
        "d1", Kind.PROTOCOL, "Once.", area="interview", evidence=(Link(1, "repeat"),),
        state=State.DECIDED,
    )  # fmt: skip
    views = {view.area: view for view in area_views(release(**FULL), wording(), [made])}
    assert [silent.ref for silent in views["interview"].silent] == ["believed"]
    assert views["interview"].text == "People spoke to this. The team has answered some of it."


def test_a_decision_belongs_to_the_areas_of_its_evidence():
    areas = load_areas()
    links = (Link(1, "hard:no_ride"), Link(1, "change:housing"), Link(1, "keep:teamwork"))
    made = Decision("d1", Kind.PRACTICE, "Rides.", evidence=links)
    assert areas_of(made, areas) == ("housing", "transport")
    assert areas_of(Decision("d2", Kind.STRUCTURE, "A subcommittee."), areas) == ()
