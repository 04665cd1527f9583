"""The log of what needed care: whom it went to and when, and no word of the answer."""

from datetime import date

import pytest

from feedback.errors import InvalidSettings
from feedback.themes import outcomes
from feedback.themes.coding import Box, Choice, code
from feedback.themes.outcomes import Done, Outcome, With

ANSWER, OTHER = (11, Box.CHANGE), (12, Box.KEEP)
MONDAY = date(2026, 11, 23)


def line(id_, key=ANSWER, day=MONDAY, done=Done.REPORTED, whom=With.CHILD_PROTECTION):
    return Outcome(day, id_, *key, done, whom, "Lead advocate")


def marked(*keys):
    events = []
    for at, key in enumerate(keys):
        events.append(code(events, key, "ana", Choice(flags=("needs_care",)), f"e{at}"))
    return events


def test_an_answer_waits_until_somebody_notes_what_was_done():
    events = marked(ANSWER, OTHER)
    assert outcomes.without_outcome(events, []) == [ANSWER, OTHER]
    assert outcomes.without_outcome(events, [line("a")]) == [OTHER]
    assert outcomes.without_outcome([], [line("a")]) == []


def test_two_logs_become_one_by_day():
    one, two = line("b"), line("a", day=date(2026, 11, 20), done=Done.NOTHING, whom=None)
    assert outcomes.merge([one], [two]) == outcomes.merge([two, one], [one]) == (two, one)


def test_json_brings_the_log_back():
    log = (line("a"), line("b", OTHER, done=Done.NOTHING, whom=None))
    assert outcomes.from_json(outcomes.to_json(log)) == log


@pytest.mark.parametrize("text", ["marker-word", '[{"day":"marker-word"}]', "{}"])
def test_a_broken_log_is_refused_without_a_word_of_it(text):
    with pytest.raises(InvalidSettings) as refusal:
        outcomes.from_json(text)
    assert "marker" not in str(refusal.value)


def test_a_line_does_not_say_which_answer_it_is_about():
    assert "11" not in repr(line("a", day=date(2026, 1, 2)))
