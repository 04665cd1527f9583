"""The reading room lays out the sample, what is pressing anywhere, and the rest at the end."""

import pytest

from feedback.opening import OpenAnswer, Snapshot
from feedback.themes.coding import Box, Choice, code
from feedback.ui.reading import Desk, Pile

DRAWN, PRESSING, OTHER = (1, Box.CHANGE), (2, Box.CHANGE), (3, Box.KEEP)


@pytest.fixture
def desk():
    answers = {key: OpenAnswer(key[0], key[1], "en", "words") for key in (PRESSING, DRAWN, OTHER)}
    found = Desk(
        round=None,
        codebook=None,
        snapshot=Snapshot(),
        answers=answers,
        suggester=None,
        copies={},
        drawn=frozenset(),
        sample=frozenset({1}),
        beside=frozenset({OTHER}),
    )
    found.put(Snapshot())
    found.sit("Ana", Pile.UNREAD)
    return found


def read(desk, *keys):
    events = [code((), key, "Ana", Choice(themes=("wait",)), str(key)) for key in keys]
    desk.put(Snapshot(events=tuple(events)))


def test_what_is_pressing_comes_before_the_sample_and_the_rest_is_not_in_the_pile(desk):
    assert desk.queue == [PRESSING, DRAWN]
    assert desk.left == 2
    assert desk.left_beside == 1


def test_the_one_who_was_not_drawn_is_marked(desk):
    assert desk.is_outside
    desk.go(1)
    assert not desk.is_outside


def test_when_the_sample_is_read_the_others_can_be(desk):
    read(desk, DRAWN, PRESSING)
    assert (desk.left, desk.left_beside) == (0, 1)
    desk.sit("Ana", Pile.REST)
    assert desk.queue == [OTHER]


def test_without_a_sample_everything_is_one_pile(desk):
    desk.sample, desk.beside = None, frozenset()
    desk.sit("Ana", Pile.UNREAD)
    assert desk.queue == [PRESSING, DRAWN, OTHER]
    assert not desk.is_outside
