"""Before and after are compared by bands, by the same question, and never beyond what is known."""

from datetime import date

import pytest

from feedback.decisions.log import Decision, Direction, Kind, Measure, Result, State
from feedback.decisions.measure import Trend, before_after, compare, series
from feedback.decisions.published import latest
from feedback.decisions.signals import Ref, signal
from tests.unit.test_decisions_signals import release, wording

MANY = (0, 0, 0, 50, 150)
HALF = (50, 50, 0, 50, 50)
FEW = (150, 30, 0, 20, 0)
LATELY, LONG_AGO = {"when": "last_3_months"}, {"when": "over_a_year"}


def decision(direction=Direction.DOWN, ref="repeat", **changes):
    given = {"state": State.DONE, "measure": Measure(ref, direction, 1)} | changes
    return Decision(id="d1", kind=Kind.PRACTICE, text="One interview.", **given)


def rows(*counts, people=200):
    return [r for n, c in enumerate(counts, 1) for r in release(n, people=people, repeat=c)]


def trend(before, after, people=200):
    one, other = (
        signal(latest(release(1, people=people, repeat=c)), Ref("repeat"), wording())
        for c in (before, after)
    )
    return compare(one, other).trend


def test_a_change_is_clear_when_the_bands_do_not_overlap():
    assert trend(MANY, FEW) is Trend.CLEAR


def test_a_change_points_when_each_lies_outside_the_other_s_band():
    assert trend((50, 50, 0, 50, 50), (50, 25, 0, 50, 75)) is Trend.UP
    assert trend((50, 25, 0, 50, 75), (50, 50, 0, 50, 50)) is Trend.DOWN


def test_small_moves_are_about_the_same():
    assert trend(HALF, (45, 50, 0, 55, 50)) is Trend.SAME


def test_fifteen_people_hardly_ever_show_a_clear_change():
    assert trend((5, 5, 0, 5, 0), (0, 0, 0, 10, 5)) is not Trend.CLEAR


def test_ten_people_are_too_few_to_tell():
    assert trend((5, 5, 0, 0, 0), (0, 0, 0, 5, 5)) is Trend.TOO_FEW


@pytest.mark.parametrize(
    ("direction", "after", "better", "suggested"),
    [
        (Direction.DOWN, FEW, True, Result.BETTER),
        (Direction.UP, FEW, False, Result.WORSE),
        (Direction.DOWN, MANY, None, Result.SAME),
    ],
)
def test_the_numbers_suggest_a_result_and_the_team_decides(direction, after, better, suggested):
    found = before_after(decision(direction), rows(MANY, after), wording())
    assert (found.better, found.suggested) == (better, suggested)


def test_a_change_that_only_points_suggests_nothing():
    found = before_after(decision(Direction.UP), rows(HALF, (50, 25, 0, 50, 75)), wording())
    assert (found.change.trend, found.better, found.suggested) == (Trend.UP, True, None)
    assert found.text.endswith("Points up. That is the way you hoped.")


def test_a_decision_without_a_measure_has_nothing_to_compare():
    assert before_after(decision(measure=None), rows(MANY, FEW), wording()) is None


def test_the_newest_release_is_the_after():
    found = before_after(decision(), rows(MANY, MANY, FEW), wording())
    assert (found.change.before.release, found.change.after.release) == (1, 3)
    assert [s.release for s in found.series] == [1, 2, 3]


@pytest.mark.parametrize("given", [[], rows(MANY), release(5, repeat=MANY)])
def test_without_two_releases_it_is_too_few_to_tell(given):
    found = before_after(decision(), given, wording())
    assert found.change.trend is Trend.TOO_FEW
    assert found.suggested is Result.TOO_FEW
    assert len(found.notes) == 1


def test_a_question_that_was_worded_differently_is_not_compared():
    versions = {1: {"repeat": "old"}, 2: {"repeat": "new"}}
    found = before_after(decision(), rows(MANY, FEW), wording(), versions=versions)
    assert found.change.trend is Trend.TOO_FEW
    assert "worded differently" in found.notes[0]


def test_the_baseline_s_own_wording_counts():
    measure = Measure("repeat", Direction.DOWN, 1, version="new")
    versions = {2: {"repeat": "new"}}
    found = before_after(decision(measure=measure), rows(MANY, FEW), wording(), versions=versions)
    assert found.change.trend is Trend.CLEAR
    assert not any("worded" in note for note in found.notes)


@pytest.mark.parametrize(
    ("between", "said"),
    [((FEW, FEW), ""), ((FEW, MANY), "release 3 did"), ((MANY, MANY), "releases 2 and 3 did")],
)
def test_a_change_that_went_back_and_forth_says_so(between, said):
    found = before_after(decision(), rows(MANY, *between, FEW), wording())
    notes = [note for note in found.notes if "back and forth" in note]
    assert found.change.trend is Trend.CLEAR
    assert [said in note for note in notes] == ([True] if said else [])
    assert found.suggested is (None if said else Result.BETTER)
    assert ("the way you hoped" in found.text) is not bool(said)
    assert all(note in found.text for note in notes)


def test_what_did_not_move_did_not_go_back_and_forth():
    found = before_after(decision(), rows(MANY, FEW, MANY), wording())
    assert not any("back and forth" in note for note in found.notes)


def test_an_unknown_wording_is_said():
    found = before_after(decision(), rows(MANY, FEW), wording())
    assert any("not known whether" in note for note in found.notes)


def test_people_with_recent_help_are_compared_with_each_other():
    grouped = rows(MANY, MANY)
    grouped += release(1, people=200, group=LATELY, repeat=MANY)
    grouped += release(2, people=200, group=LATELY, repeat=FEW)
    found = before_after(decision(), grouped, wording())
    assert found.change.trend is Trend.SAME
    assert found.recent.trend is Trend.CLEAR
    assert not any("before the change" in note for note in found.notes)


def test_one_release_can_set_recent_beside_older_experience():
    grouped = rows(MANY, MANY)
    grouped += release(2, people=200, group=LATELY, repeat=FEW)
    grouped += release(2, people=200, group=LONG_AGO, repeat=MANY)
    found = before_after(decision(), grouped, wording())
    assert found.recent is None
    assert found.by_experience.trend is Trend.CLEAR


def test_other_decisions_at_the_same_time_are_listed():
    others = [
        Decision("d2", Kind.TRAINING, "Training.", state=State.DOING, decided_on=date(2026, 6, 1)),
        Decision("d3", Kind.TRAINING, "Old.", state=State.DONE, decided_on=date(2024, 1, 1)),
        Decision("d4", Kind.TRAINING, "Only talked about.", state=State.DISCUSSING),
        Decision("d5", Kind.NO_CHANGE, "Nothing.", state=State.DECIDED),
        Decision("d6", Kind.POLICY, "Day not known.", state=State.DECIDED),
    ]
    mine = decision(decided_on=date(2026, 5, 1))
    found = before_after(mine, rows(MANY, FEW), wording(), decisions=[mine, *others])
    assert found.others == ("Training.", "Day not known.")


def test_a_theme_can_be_a_measure():
    before = release(1, people=200, change={"housing": 150})
    after = release(2, people=200, change={"housing": 20})
    found = before_after(decision(ref="change:housing"), before + after, wording())
    assert found.better is True


def test_a_series_keeps_releases_that_say_nothing():
    given = rows(MANY) + release(2, safe=MANY) + release(3, people=200, repeat=FEW)
    words = [found.words for found in series(given, Ref("repeat"), wording())]
    assert words == ["nearly all", "not known yet", "some"]
