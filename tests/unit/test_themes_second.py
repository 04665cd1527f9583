"""A second person reads what is drawn, blind, and never what they have read themselves."""

from feedback.themes.coding import Box, Choice, code, resolve
from feedback.themes.second import read_twice, sample, waiting_for

KEYS = [(rid, box) for rid in range(200) for box in Box]
ONE, OTHER = KEYS[0], KEYS[1]


def read(events, key, coder, *themes, saw=""):
    event = code(events, key, coder, Choice(themes), f"e{len(events)}", saw=saw)
    events.append(event)
    return event


def test_everybody_draws_the_same_answers_in_whatever_order_they_lie():
    assert sample(KEYS, b"round") == sample(reversed(KEYS), b"round")
    assert sample(KEYS, b"round") != sample(KEYS, b"other round")


def test_few_answers_are_all_read_twice_and_of_many_a_fifth():
    assert sample(KEYS[:50], b"round") == set(KEYS[:50])
    assert len(sample(KEYS[:200], b"round")) == 50
    assert len(sample(KEYS, b"round")) == 80


def test_both_boxes_and_early_and_late_answers_are_drawn_alike():
    drawn = sample(KEYS, b"round")
    assert 25 < sum(box is Box.KEEP for _, box in drawn) < 55
    assert 25 < sum(rid < 100 for rid, _ in drawn) < 55


def test_what_one_has_read_waits_for_the_other_only():
    events = []
    assert waiting_for(events, KEYS, "bo") == set()
    read(events, ONE, "ana", "wait")
    assert waiting_for(events, KEYS, "bo") == {ONE}
    assert waiting_for(events, KEYS, "ana") == set()
    read(events, ONE, "bo", "court")
    for coder in ("ana", "bo", "cy"):
        assert waiting_for(events, KEYS, coder) == set()
    assert read_twice(events) == {ONE}


def test_who_changed_a_coding_has_seen_it_and_does_not_read_it_blind():
    events = []
    first = read(events, ONE, "ana", "wait")
    read(events, ONE, "bo", "court", saw=first.id)
    assert waiting_for(events, KEYS, "bo") == set()
    assert waiting_for(events, KEYS, "cy") == {ONE}
    assert read_twice(events) == set()


def test_what_is_settled_or_not_drawn_waits_for_nobody():
    events = []
    read(events, ONE, "ana", "wait")
    read(events, OTHER, "ana", "wait")
    events.append(resolve(events, ONE, "both", Choice(("wait",)), "r"))
    assert waiting_for(events, KEYS, "bo") == {OTHER}
    assert waiting_for(events, [ONE], "bo") == set()
