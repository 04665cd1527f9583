"""Words hidden by hand are events: they merge, they are taken back, and they are no coding."""

import pytest

from feedback.themes.coding import Box, Choice, code, current, from_json, latest_of, merge, to_json
from feedback.themes.coding import undo as take_back
from feedback.themes.guard import repeats_hidden
from feedback.themes.hiding import hidden, hide, words
from feedback.themes.masking import mask

KEY = (7, Box.CHANGE)
TEXT = "ask for the bald one at the desk"
BALD, DESK = (12, 16), (28, 32)


def places(events):
    return {(event.start, event.end) for event in hidden(events).get(KEY, ())}


@pytest.fixture
def both():
    first = hide((), KEY, "Ana", BALD, "a")
    return (first, hide((first,), KEY, "Bo", DESK, "b"))


def test_every_word_has_its_place():
    assert [TEXT[slice(*place)] for place in words(TEXT)] == TEXT.split()
    assert [
        text[slice(*place)] for text in ("¿él? don't; follow-up.",) for place in words(text)
    ] == ["él", "don't", "follow-up"]


def test_what_was_hidden_is_a_chip_and_the_text_stays_whole(both):
    segments = mask(TEXT, places(both))
    assert "".join(one.chip for one in segments) == "ask for the [hidden] one at the [hidden]"
    assert "".join(one.text for one in segments) == TEXT


def test_what_rules_hide_keeps_its_name():
    text = "call 612-555-0148 now"
    assert "".join(one.chip for one in mask(text, [(5, 8)])) == "call [phone] now"


@pytest.mark.parametrize("place", [(0, 0), (5, 2), (30, 900)])
def test_a_place_that_is_none_hides_nothing(place):
    assert mask(TEXT, [place]) == mask(TEXT)


def test_what_two_hide_on_two_computers_stays_hidden(both):
    one, other = both
    assert places(merge([one], [other])) == {BALD, DESK}


def test_somebody_else_may_show_it_again(both):
    shown = take_back(both, "a", "Bo", "c")
    assert places((*both, shown)) == {DESK}
    assert places((*both, shown, take_back((*both, shown), "c", "Ana", "d"))) == {BALD, DESK}


def test_hiding_is_no_coding(both):
    assert current(both) == {}
    coded = code(both, KEY, "Ana", Choice(("wait",)), "c")
    later = hide((*both, coded), KEY, "Ana", DESK, "d")
    assert current((*both, coded, later))[KEY].themes == ("wait",)
    assert latest_of((*both, coded, later), "Ana") == [coded]


def test_only_where_it_lies_is_kept(both):
    assert from_json(to_json(both)) == both
    assert "bald" not in to_json(both)


def test_a_paraphrase_repeats_no_word_that_was_hidden():
    assert repeats_hidden("Somebody Bald stood there", ["bald", "at"]) == [
        "“bald” was hidden by a reader of the answer."
    ]
    assert repeats_hidden("One person at the front", ["bald", "at"]) == []
