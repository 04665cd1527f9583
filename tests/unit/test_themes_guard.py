"""What the guard says of a paraphrase: why it cannot stand, or nothing."""

import copy

import pytest

from feedback.themes.guard import LENGTH, NEAR, NUMBER, QUOTED, SPELLED, Guard, drifts, tells

ANSWER = "they made me tell it to 5 people at the hospital and nobody wrote anything down"
GOOD = "Having to begin from the start with each new face was exhausting."


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (ANSWER, GOOD),
        ("rides", "Somebody to drive there and back would make it possible to come."),
        ("Me trataron como una mentirosa.", "Being doubted hurt as much as what came before it."),
        ("que alguien me acompañe", "No tener que pasar por eso a solas lo cambia todo."),
    ],
)
def test_own_words_pass(answer, text):
    assert Guard([answer, "something else"]).problems(text, answer) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Sarah should have been told what comes next.", "a name"),
        ("It was hard to get to Duluth for every visit.", "a place"),
        ("Being sixteen meant that nobody asked what was wanted.", "an age"),
        ("Teens are not heard when they say what they need.", "an age"),
        ("A menores nadie les pregunta lo que quieren.", "an age"),
        ("Nobody called back until December, which was too long.", "a day"),
        ("It took until last week to hear anything at all.", "a day"),
        ("Her boyfriend was in the room the whole time.", "one person"),
        ("Su padrastro estaba presente todo el tiempo.", "one person"),
        ("The deputy should have explained what happens next.", "an agency"),
        ("En el refugio se sintió por fin en calma.", "an agency"),
        ("Native families want somebody who knows their ways.", "a group"),
        ("Being there without papers meant that nobody could be asked.", "a group"),
        ("Living with HIV was held against whoever asked for something.", "a group"),
        ("A person with a badge laughed when asked for it again.", "an agency"),
        ("Those in the E.R. left whoever waited without a word.", "an agency"),
        ("Que no venga la migra cuando alguien necesita apoyo.", "an agency"),
        ("A stepsister told others what had been said in private.", "one person"),
        ("Whoever was in tenth then was never asked what they wanted.", "an age"),
        ("It took until Ramadan was over to hear anything at all.", "a day"),
    ],
)
def test_what_tells_who_somebody_is_is_refused(text, why):
    words = {
        "a name": "could be a name",
        "a place": "could be a place",
        "an age": "tells an age",
        "a day": "tells a day",
        "one person": "speaks of one person",
        "an agency": "speaks of an agency",
        "a group": "names a group",
    }
    assert any(words[why] in said for said in tells(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It was told 4 times before anybody listened.", NUMBER),
        ("Somebody called K a r e n told others what had been said.", SPELLED),
        ("Somebody called K.a.r.e.n told others what had been said.", SPELLED),
        ("It was told ４ times before anybody listened.", NUMBER),
        ("Somebody said “you can go now” and that was all.", QUOTED),
        ("Too short.", LENGTH),
        ("One line\nand another line of the same sentence.", LENGTH),
        ("word " * 60, LENGTH),
    ],
)
def test_shape_is_looked_at_too(text, why):
    assert why in Guard([]).problems(text, "unlike")


def test_a_copy_with_slips_of_the_pen_is_found():
    text = "they maed me tell it to 5 peple at the hospitals and nobody wrote anythng down"
    assert NEAR in Guard([ANSWER]).problems(text, ANSWER)


def test_words_of_somebody_else_are_refused_as_well():
    other = "waiting alone in the cold corridor broke my trust"
    text = "Being left waiting alone in a cold corridor makes it hard to come back."
    assert Guard([ANSWER]).problems(text, ANSWER) == []
    assert Guard([ANSWER, other]).problems(text, ANSWER)


def test_a_guard_is_never_stored():
    with pytest.raises(TypeError, match="never stored"):
        copy.deepcopy(Guard([ANSWER]))
    assert "hospital" not in repr(Guard([ANSWER]))


def test_drift_is_a_theme_that_it_does_not_sound_like():
    assert drifts("wait", ("exam", "court"))
    assert not drifts("wait", ("exam", "wait"))
    assert not drifts("wait", ())
