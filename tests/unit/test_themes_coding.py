"""Coding: what stands after people code, agree, disagree and take back."""

import numpy as np
import pytest

from feedback.errors import InvalidAnswers, InvalidSettings
from feedback.themes import coding
from feedback.themes.agreement import per_theme
from feedback.themes.coding import Box, Choice, code, current, resolve, undo
from feedback.themes.suggest import hit_rate

FIRST, SECOND = (11, Box.CHANGE), (12, Box.CHANGE)


class Desk:
    """A table of events with ids in order."""

    def __init__(self):
        self.events = []

    def code(self, key, coder, *themes, **more):
        saw = more.pop("saw", "")
        choice = Choice(themes, **more)
        return self._add(code(self.events, key, coder, choice, self._id(), saw=saw))

    def resolve(self, key, coder, *themes, **more):
        return self._add(resolve(self.events, key, coder, Choice(themes, **more), self._id()))

    def undo(self, event):
        return self._add(undo(self.events, event.id, "anyone", self._id()))

    def themes(self, *rids):
        return coding.themes_per_person(self.events, Box.CHANGE, rids)

    def _id(self):
        return f"e{len(self.events):03d}"

    def _add(self, event):
        self.events.append(event)
        return event


@pytest.fixture
def desk():
    return Desk()


def test_the_latest_choice_stands(desk):
    desk.code(FIRST, "ana", "wait")
    desk.code(FIRST, "ana", "exam", note="second thought")
    now = current(desk.events)[FIRST]
    assert (now.themes, now.note, now.resolved) == (("exam",), "second thought", False)


def test_a_resolution_stands_over_later_choices(desk):
    desk.code(FIRST, "ana", "wait")
    agreed = desk.resolve(FIRST, "ana and bo", "exam")
    desk.code(FIRST, "bo", "court")
    assert current(desk.events)[FIRST].event == agreed.id
    desk.resolve(FIRST, "ana and bo", "court")
    assert desk.themes(11) == {11: ("court",)}


def test_undo_takes_back_and_undo_of_undo_brings_back(desk):
    desk.code(FIRST, "ana", "wait")
    second = desk.code(FIRST, "ana", "exam")
    back = desk.undo(second)
    assert desk.themes(11) == {11: ("wait",)}
    desk.undo(back)
    assert desk.themes(11) == {11: ("exam",)}


def test_undoing_the_only_choice_leaves_the_answer_uncoded(desk):
    desk.undo(desk.code(FIRST, "ana", "wait"))
    assert current(desk.events) == {}


def test_an_unknown_event_cannot_be_undone(desk):
    with pytest.raises(KeyError):
        undo(desk.events, "nothing", "ana", "x")


def test_the_boxes_are_coded_apart(desk):
    desk.code((11, Box.KEEP), "ana", "advocate")
    assert desk.themes(11) == {}
    assert coding.themes_per_person(desk.events, Box.KEEP, [11]) == {11: ("advocate",)}


def test_nothing_fits_counts_as_other(desk):
    desk.code(FIRST, "ana")
    desk.code(SECOND, "ana", "wait", flags=("other",))
    assert desk.themes(11, 12) == {11: ("other",), 12: ("wait", "other")}


def test_a_person_counts_once_per_theme(desk):
    desk.code(FIRST, "ana", "wait", "wait", "exam")
    assert desk.themes(11) == {11: ("wait", "exam")}


def test_an_answer_that_needs_care_counts_like_any_other(desk):
    desk.code(FIRST, "ana", "safety", flags=("needs_care",))
    desk.code(SECOND, "ana", flags=("needs_care",))
    assert desk.themes(11, 12) == {11: ("safety",), 12: ("other",)}
    assert coding.needing_care(desk.events) == [FIRST, SECOND]


def test_one_coder_is_enough_for_care_until_people_resolve(desk):
    desk.code(FIRST, "ana", "safety", flags=("needs_care",))
    desk.code(FIRST, "bo", "safety")
    assert coding.needing_care(desk.events) == [FIRST]
    desk.resolve(FIRST, "ana and bo", "safety")
    assert coding.needing_care(desk.events) == []
    desk.code(FIRST, "cy", "court", flags=("needs_care",))
    assert coding.needing_care(desk.events) == [FIRST]
    assert desk.themes(11) == {11: ("safety",)}


def test_a_coder_may_take_care_back_alone(desk):
    desk.code(FIRST, "ana", "safety", flags=("needs_care",))
    desk.code(FIRST, "ana", "safety")
    assert desk.themes(11) == {11: ("safety",)}


def test_people_who_are_not_asked_for_are_not_given(desk):
    desk.code(FIRST, "ana", "wait")
    assert desk.themes(12) == {}


def test_what_two_read_differently_is_listed_until_it_is_settled(desk):
    desk.code(FIRST, "ana", "wait", "exam")
    desk.code(FIRST, "bo", "exam", "wait")
    desk.code(SECOND, "ana", "wait")
    desk.code(SECOND, "bo", "court")
    unlike = coding.unsettled(desk.events)
    assert {key: [one.coder for one in them] for key, them in unlike.items()} == {
        SECOND: ["ana", "bo"]
    }
    agreed = desk.resolve(SECOND, "both", "court")
    assert coding.unsettled(desk.events) == {}
    desk.undo(agreed)
    assert set(coding.unsettled(desk.events)) == {SECOND}


def test_a_choice_made_with_sight_of_another_takes_its_place(desk):
    first = desk.code(FIRST, "ana", "wait")
    desk.code(FIRST, "bo", "court", saw=first.id)
    assert coding.unsettled(desk.events) == {}
    assert desk.themes(11) == {11: ("court",)}


def test_only_readings_without_sight_are_compared(desk):
    first = desk.code(FIRST, "ana", "wait")
    second = desk.code(FIRST, "ana", "exam", saw=first.id)
    desk.code(FIRST, "bo", "court", saw=second.id)
    desk.code(FIRST, "cy", "housing")
    assert coding.marks(desk.events) == {"ana": {FIRST: ("exam",)}, "cy": {FIRST: ("housing",)}}
    assert [one.coder for one in coding.unsettled(desk.events)[FIRST]] == ["bo", "cy"]


def test_a_coding_is_amended_where_it_stands(desk):
    desk.code(FIRST, "ana", "wait")
    standing = current(desk.events)[FIRST]
    desk.events.append(coding.amend(desk.events, standing, "bo", Choice(("court",)), "x1"))
    assert desk.themes(11) == {11: ("court",)}
    desk.resolve(FIRST, "both", "wait")
    standing = current(desk.events)[FIRST]
    desk.events.append(coding.amend(desk.events, standing, "bo", Choice(("housing",)), "x2"))
    assert desk.themes(11) == {11: ("housing",)}
    assert current(desk.events)[FIRST].resolved


def test_what_somebody_did_last_is_found_again_and_again(desk):
    desk.code(FIRST, "ana", "wait")
    moved = [
        code(desk.events, key, "ana", Choice(("court",)), f"m{key[0]}") for key in (FIRST, SECOND)
    ]
    desk.events += moved
    desk.code((13, Box.KEEP), "bo", "peers")
    assert coding.latest_of(desk.events, "ana") == moved
    for event in moved:
        desk.undo(event)
    assert [event.themes for event in coding.latest_of(desk.events, "ana")] == [("wait",)]
    assert coding.latest_of(desk.events, "nobody") == []


def test_coders_are_compared_by_their_own_choices(desk):
    for rid in range(6):
        desk.code((rid, Box.CHANGE), "ana", "wait" if rid % 2 else "exam")
        desk.code((rid, Box.CHANGE), "bo", "wait" if rid % 2 else "exam")
    desk.resolve((0, Box.CHANGE), "both", "court")
    wait, court = per_theme(coding.marks(desk.events), ["wait", "court"], np.random.default_rng(1))
    assert (wait.alpha, wait.low, wait.high, wait.answers) == (1.0, 1.0, 1.0, 6)
    assert (court.alpha, court.low) == (None, None)


def test_hit_rate_comes_from_what_was_on_the_screen(desk):
    desk.code(FIRST, "ana", "wait", "court", offered=("wait", "exam", "housing", "court"))
    desk.code(SECOND, "ana", "other", "exam", offered=("exam",))
    desk.code((13, Box.KEEP), "ana", "peers")
    assert hit_rate(coding.offered_and_chosen(desk.events)) == pytest.approx(2 / 3)
    assert hit_rate([]) is None


def test_more_than_four_themes_are_refused(desk):
    with pytest.raises(InvalidAnswers) as refusal:
        desk.code(FIRST, "ana", "a1", "b1", "c1", "d1", "e1")
    assert refusal.value.problems == {"themes": "at_most_4"}


def test_work_of_two_people_merges_by_itself(desk):
    mine = [code([], FIRST, "ana", Choice(("wait",)), "a")]
    yours = [code([], SECOND, "bo", Choice(("exam",)), "b")]
    both = coding.merge(mine, yours)
    assert both == coding.merge(yours, mine) == coding.merge(both, mine)
    assert set(current(both)) == {FIRST, SECOND}


def test_json_brings_events_back_and_names_no_content_when_broken(desk):
    desk.code(FIRST, "ana", "wait", note="marker-word")
    text = coding.to_json(desk.events)
    assert coding.from_json(text) == tuple(desk.events)
    with pytest.raises(InvalidSettings) as refusal:
        coding.from_json(text.replace('"rid":11', '"rid":"marker-word"'))
    assert "0 > rid" in str(refusal.value)
    assert "marker-word" not in str(refusal.value)
    with pytest.raises(InvalidSettings, match="the whole"):
        coding.from_json("marker-word")


def test_events_do_not_show_answers_in_their_repr(desk):
    event = desk.code(FIRST, "ana", "markertheme", note="marker-word")
    shown = repr((event, current(desk.events), Choice(("markertheme",), note="marker-word")))
    assert "marker" not in repr(event)
    assert "marker" not in shown
    assert "rid" not in repr(event)
