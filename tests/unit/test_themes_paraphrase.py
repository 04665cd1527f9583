"""A paraphrase needs two people, and goes when it was taken off the team's pages."""

from dataclasses import replace

import pytest

from feedback.errors import InvalidSettings, ReleaseRefused
from feedback.themes import paraphrase
from feedback.themes.coding import Box
from feedback.themes.paraphrase import Paraphrase, State

ONE = Paraphrase(Box.CHANGE, "wait", "Waiting without a word is hard.", "Ana")
APPROVED = replace(ONE, state=State.APPROVED)
SHOWN = replace(ONE, state=State.SHOWN)


def test_a_second_person_approves():
    assert ONE.approve("Ben", single_person=False) == APPROVED
    assert APPROVED.is_approved
    assert not ONE.is_approved


@pytest.mark.parametrize("act", ["approve", "send_back"])
def test_nobody_decides_about_their_own(act):
    more = ("Too close.",) if act == "send_back" else ()
    with pytest.raises(ReleaseRefused, match="Ana wrote this one"):
        getattr(ONE, act)("Ana", *more, single_person=False)
    getattr(ONE, act)("Ana", *more, single_person=True)


@pytest.mark.parametrize("state", [s for s in State if s is not State.WRITTEN])
def test_what_was_decided_is_not_decided_again(state):
    with pytest.raises(ReleaseRefused, match="already"):
        replace(ONE, state=state).approve("Ben", single_person=False)


def test_sending_back_needs_a_reason():
    with pytest.raises(ReleaseRefused, match="why"):
        ONE.send_back("Ben", "  ", single_person=False)
    sent = ONE.send_back("Ben", " It says more than they did. ", single_person=False)
    assert (sent.state, sent.reason) == (State.SENT_BACK, "It says more than they did.")


def test_json_brings_them_back():
    kept = {7: ONE, 2**63 - 1: SHOWN}
    assert paraphrase.from_json(paraphrase.to_json(kept)) == kept
    with pytest.raises(InvalidSettings) as refused:
        paraphrase.from_json('{"7": {"text": "heron lantern"}}')
    assert "heron" not in str(refused.value)


def test_showing_marks_what_was_approved():
    assert paraphrase.shown({1: ONE, 2: APPROVED, 3: SHOWN}) == {2: SHOWN}


def test_what_left_the_pages_leaves_the_desk():
    kept = {1: ONE, 2: APPROVED, 3: SHOWN}
    assert paraphrase.settled(kept, [SHOWN.text]) == {}
    assert paraphrase.settled(kept, []) == {3: None}


def test_after_a_restore_people_look_again():
    assert paraphrase.settled({1: ONE, 3: SHOWN}, None) == {3: APPROVED}


def test_its_words_are_in_no_trace():
    assert "Waiting without" not in repr(ONE)
