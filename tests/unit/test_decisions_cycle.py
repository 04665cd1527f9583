"""The circle, the clock of silence, differences between groups and the agenda."""

from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.agenda import minutes_of, next_agenda
from feedback.decisions.coverage import HowMany, starter_items
from feedback.decisions.cycle import reviews_due, tasks_late, where_we_are
from feedback.decisions.gaps import Difference, group_gaps
from feedback.decisions.log import (
    Decision,
    Direction,
    Kind,
    Link,
    Measure,
    NotDone,
    PublicStatus,
    State,
)
from feedback.decisions.meeting import MeetingPlan, days_met
from feedback.decisions.papers import Papers
from feedback.decisions.silence import silence
from tests.unit.test_decisions_signals import release, wording

TODAY = date(2026, 11, 23)
BAD, GOOD = (20, 10, 0, 5, 5), (0, 0, 0, 20, 20)
AGENDA = "ground_rules where_we_are who_we_heard three_things gaps reviews new_decision posting"


def decision(name="d1", **changes):
    return replace(Decision(name, Kind.PRACTICE, f"Decision {name}."), **changes)


def papers(rows=(), decisions=(), **changes):
    return Papers(TODAY, wording(), rows=tuple(rows), decisions=tuple(decisions), **changes)


@pytest.mark.parametrize(
    ("rows", "decisions", "stage"),
    [
        ([], [], "assess"),
        (release(respect=BAD), [], "assess"),
        (release(respect=BAD), [decision(state=State.DISCUSSING)], "assess"),
        (release(respect=BAD), [decision(state=State.DECIDED)], "change"),
        (release(respect=BAD), [decision(state=State.DOING)], "change"),
        (release(respect=BAD), [decision(state=State.DONE)], "measure"),
        ([], [decision(state=State.DONE, review=TODAY), decision(state=State.DOING)], "measure"),
        (release(respect=BAD), [decision(state=State.CHECKED)], "assess"),
    ],
)
def test_the_team_knows_where_it_stands(rows, decisions, stage):
    place = where_we_are(papers(rows, decisions))
    assert place.stage == stage
    assert place.why.endswith(".")
    assert place.next.endswith(".")


def test_a_review_waits_for_a_release_after_the_change():
    measured = Measure("respect", Direction.UP, 1)
    due = [decision(state=State.DONE, review=TODAY, measure=measured)]
    one, two = release(1, respect=BAD), release(2, respect=GOOD)
    assert "wait for the next one" in where_we_are(papers(one, due)).next
    assert "write down the result" in where_we_are(papers(one + two, due)).next


def test_reviews_that_are_due_come_oldest_first_with_their_measure():
    measured = Measure("respect", Direction.UP, 1)
    rows = release(1, respect=BAD) + release(2, respect=GOOD)
    due = reviews_due(
        papers(
            rows,
            [
                decision("late", state=State.DONE, review=date(2026, 11, 1)),
                decision("later", state=State.DONE, review=date(2027, 1, 1)),
                decision("old", state=State.DOING, review=date(2026, 5, 1), measure=measured),
                decision("open", state=State.DISCUSSING, review=date(2026, 5, 1)),
            ],
        )
    )
    assert [review.decision.id for review in due] == ["old", "late"]
    assert due[0].measured.better is True
    assert "no measure" in due[1].text


def test_what_should_be_done_by_now_is_late():
    late = tasks_late(
        [
            decision("a", state=State.DOING, due=date(2026, 11, 1)),
            decision("b", state=State.DONE, due=date(2026, 1, 1)),
            decision("c", state=State.DECIDED, due=date(2026, 6, 1)),
            decision("d", state=State.DECIDED, due=TODAY),
        ],
        TODAY,
    )
    assert [found.id for found in late] == ["c", "a"]


def test_what_few_people_said_waits_as_a_weak_signal():
    (weak,) = silence(release(people=15, respect=(5, 5, 0, 5, 0)), [], wording())
    (strong,) = silence(release(respect=BAD), [], wording())
    assert "Weak signal." in weak.text
    assert "Weak signal." not in strong.text


def test_before_the_first_release_nobody_is_sent_to_bring_it():
    place = where_we_are(papers(rows=()))
    assert place.stage == "assess"
    assert "newest release" not in place.next
    assert "ask next" in place.next


def test_what_nobody_answered_waits_longer_with_each_release():
    rows = [row for n in (1, 2, 3) for row in release(n, respect=BAD)]
    (silent,) = silence(rows, [], wording())
    assert (silent.ref, silent.since, silent.waiting, silent.in_talk) == ("respect", 1, 3, False)
    assert "it has waited for 3 releases, since release 1" in silent.text


@pytest.mark.parametrize(
    ("settled", "met"),
    [
        ([], []),
        ([("2026-09-01", "2026-10-01"), ("2026-10-02", "2026-12-01")], ["2026-10-01"]),
        ([("2026-09-01", "2026-10-01"), ("2026-09-20", "2026-10-08")], ["2026-10-08"]),
        ([("2026-09-01", "2026-10-01"), ("2026-09-20", "2026-10-01")], ["2026-10-01"]),
        ([("2026-09-01", "2026-10-01"), ("2026-10-01", None)], ["2026-10-01"]),
        ([("2026-09-01", "2026-11-23")], []),
        ([("2026-11-20", "2026-11-22")], ["2026-11-22"]),
    ],
    ids=["none", "one came", "moved before", "written again", "on its day", "today", "yesterday"],
)
def test_a_day_that_came_was_a_meeting(settled, met):
    plans = [
        (date.fromisoformat(saved), MeetingPlan(day and date.fromisoformat(day)))
        for saved, day in settled
    ]
    assert days_met(plans, TODAY) == tuple(map(date.fromisoformat, met))


@pytest.mark.parametrize(
    ("numbers", "met", "words"),
    [
        ((1, 2), {1: 3, 2: 1}, "has waited for 2 releases and 3 meetings, since release 1."),
        ((1,), {1: 1}, "has waited for 1 meeting, since release 1."),
        ((1,), {}, "is new in this release."),
        ((1, 2), {2: 1}, "has waited for 2 releases, since release 1."),
    ],
)
def test_the_clock_says_for_how_many_meetings(numbers, met, words):
    rows = [row for number in numbers for row in release(number, respect=BAD)]
    (silent,) = silence(rows, [], wording(), met)
    assert silent.text.endswith(words)
    assert silent.met == met.get(1, 0)
    said = next_agenda(papers(rows, met_since=met))
    assert any(words in point for item in said for point in item.points)


@pytest.mark.parametrize(
    "table",
    [
        {"respect": GOOD},
        {"repeat": BAD},
        {"hard": {"nothing": 40}},
        {"change": {"other": 40}},
        {"need": {"ride": 40}},
        {"keep": {"advocate": 40}},
        {"hard": {"wait": 5}},
    ],
)
def test_what_goes_well_or_asks_for_nothing_is_no_silence(table):
    assert silence(release(**table), [], wording()) == ()


@pytest.mark.parametrize(
    "table",
    [{"repeat": GOOD}, {"hard": {"wait": 10}}, {"change": {"wait": 10}}, {"missing": {"x": 10}}],
)
def test_what_asks_for_an_answer_waits(table):
    assert len(silence(release(**table), [], wording())) == 1


@pytest.mark.parametrize("state", [State.DECIDED, State.DOING, State.CHECKED, State.NOT_NOW])
def test_a_settled_decision_stops_the_clock(state):
    answer = decision(state=state, evidence=(Link(1, "respect"),))
    assert silence(release(respect=BAD), [answer], wording()) == ()


def test_saying_why_it_is_not_done_stops_the_clock():
    answer = decision(
        state=State.DECIDED, asked_not_done=(NotDone("Shorter waits.", "No staff.", "change:wait"),)
    )
    assert silence(release(change={"wait": 20}), [answer], wording()) == ()


def test_talking_about_it_does_not_stop_the_clock():
    talk = decision(state=State.DISCUSSING, evidence=(Link(1, "respect"),))
    (silent,) = silence(release(respect=BAD), [talk], wording())
    assert silent.in_talk
    assert "being discussed" in silent.text


def test_a_release_that_says_nothing_stops_no_clock():
    rows = release(1, respect=BAD) + release(2, safe=GOOD) + release(3, respect=BAD)
    (silent,) = silence(rows, [], wording())
    assert (silent.since, silent.waiting) == (1, 3)


def test_a_time_that_went_well_starts_the_clock_again():
    rows = release(1, respect=BAD) + release(2, respect=GOOD) + release(3, respect=BAD)
    assert silence(rows, [], wording())[0].since == 3


def test_too_few_answers_start_no_clock():
    assert silence(release(people=10, respect=(5, 5, 0, 0, 0)), [], wording()) == ()


def grouped(here, there, people=100):
    rows = release(people=people)
    for level, counts in (("under_18", here), ("25_or_older", there)):
        core = dict.fromkeys(("respect", "believed", "explained", "identity"), counts)
        rows += release(people=people, group={"age": level}, **core)
    return rows


@pytest.mark.parametrize(
    ("here", "there", "difference"),
    [
        ((80, 20, 0, 0, 0), (0, 0, 0, 50, 50), Difference.LOWER),
        ((0, 0, 0, 50, 50), (80, 20, 0, 0, 0), Difference.HIGHER),
        ((30, 20, 0, 25, 25), (30, 15, 0, 25, 30), Difference.SAME),
        ((40, 20, 0, 20, 20), (40, 0, 0, 30, 30), Difference.POINTS_LOWER),
        ((5, 0, 0, 0, 5), (0, 0, 0, 50, 50), Difference.TOO_FEW),
    ],
)
def test_a_group_is_set_beside_everyone_else_in_words(here, there, difference):
    gap = next(g for g in group_gaps(grouped(here, there), wording()) if g.level == "under_18")
    assert gap.difference is difference
    assert gap.text.startswith("Under 18:")
    assert not any(character.isdigit() for character in gap.text.removeprefix("Under 18"))


def test_a_group_in_the_same_words_as_the_others_does_not_sound_the_same():
    gaps = group_gaps(grouped((40, 20, 0, 20, 20), (40, 0, 0, 30, 30)), wording())
    gap = next(g for g in gaps if g.level == "under_18")
    assert gap.text.endswith(
        "and so do about half of everyone else; still, the share here is perhaps lower."
    )


def test_groups_that_are_no_groups_and_releases_without_groups_have_no_gap():
    assert group_gaps([], wording()) == ()
    assert group_gaps(release(respect=GOOD), wording()) == ()
    assert group_gaps(release(group={"age": "skipped"}, respect=GOOD), wording()) == ()


def test_a_group_with_a_hidden_cell_is_too_few_to_tell():
    rows = grouped(GOOD, GOOD)
    rows[2] |= {"count": None, "status": "protected"}
    assert {g.difference for g in group_gaps(rows, wording())} == {Difference.TOO_FEW}


def test_the_agenda_has_nine_items_in_a_fixed_order():
    agenda = next_agenda(papers())
    assert [item.id for item in agenda] == [*AGENDA.split(), "next"]
    assert minutes_of(agenda) == 75


@pytest.mark.parametrize("rows", [[], release(people=10, respect=(0, 0, 0, 5, 5))])
def test_every_item_has_something_to_say_before_anything_is_known(rows):
    for item in next_agenda(papers(rows)):
        assert item.points
        assert all(point.strip() for point in item.points)


def test_the_agenda_brings_what_is_due_waiting_and_missing():
    somali = replace(starter_items()[10], lives_here=HowMany.MANY)
    door = replace(starter_items()[0], served=HowMany.MANY)
    agenda = next_agenda(
        papers(
            release(respect=BAD, keep={"advocate": 20}, change={"wait": 15}),
            [
                decision("r", state=State.DONE, review=TODAY, public_line="Done."),
                decision("o", state=State.DOING, due=date(2026, 1, 1)),
                decision("t", state=State.DISCUSSING),
                decision(
                    "p",
                    state=State.DECIDED,
                    public_line="We do this.",
                    public_status=PublicStatus.PROPOSED,
                ),
            ],
            coverage=(somali, door),
            leftovers=("The phone list.",),
            next_meeting=date(2027, 1, 14),
            next_focus="Housing",
        )
    )
    points = {item.id: " ".join(item.points) for item in agenda}
    assert points["where_we_are"].startswith("Left from last time: The phone list.")
    assert points["who_we_heard"].count("Somali") == points["who_we_heard"].count(door.name) == 1
    assert "Somali (many live here): not reached." in points["who_we_heard"]
    assert points["three_things"].startswith("About half of the people named this as a strength")
    assert "Decision r." in points["reviews"]
    assert "Overdue: Decision o." in points["reviews"]
    assert "Being discussed: Decision t." in points["new_decision"]
    assert "with respect" in points["new_decision"]
    assert "Needs a second person's approval: We do this." in points["posting"]
    assert "Housing" in points["next"]


def test_differences_between_groups_come_to_the_meeting():
    rows = grouped((80, 20, 0, 0, 0), (0, 0, 0, 50, 50))
    gaps = next(item for item in next_agenda(papers(rows)) if item.id == "gaps")
    assert any("lower" in point for point in gaps.points)
    alike = grouped((30, 20, 0, 25, 25), (30, 20, 0, 25, 25))
    gaps = next(item for item in next_agenda(papers(alike)) if item.id == "gaps")
    assert gaps.points == ("No group that can be shown stands out from the others.",)


def test_a_board_that_is_up_to_date_needs_nothing():
    posted = decision(
        state=State.DECIDED,
        public_line="We do this.",
        public_status=PublicStatus.APPROVED,
        author="ana",
        approved_by="ben",
    )
    posting = next_agenda(papers(decisions=[posted]))[7]
    assert posting.points == ("The board is up to date.",)


def test_before_a_release_nothing_says_that_somebody_answered_or_did_not():
    agenda = {item.id: " ".join(item.points) for item in next_agenda(papers())}
    assert "Nothing is released yet" in agenda["gaps"]
    assert "too small" not in agenda["gaps"]
    assert "people told us" not in agenda["posting"]
    assert "before the first release" in agenda["where_we_are"]
    assert "newest release" not in agenda["where_we_are"]
    after = {item.id: " ".join(item.points) for item in next_agenda(papers(release(respect=BAD)))}
    assert "too small" in after["gaps"]
    assert "people told us" in after["posting"]
    assert "newest release" in after["where_we_are"]
