"""Words of danger decide the reading order and nothing else."""

import pytest

from feedback.themes.care import Turn, reading_order, turn
from feedback.themes.language import guess


@pytest.mark.parametrize(
    "text",
    [
        "I'm writing this from his house and he will be back at nine.",
        "It is still happening. I can't say more because he checks my phone.",
        "He said he will kill me if I go",
        "they wont let me leave",
        "I don't want to live anymore",
        "i want to kill myself",
        "They moved two new girls in last week, they are like 14",
        "my little sister is still there with him",
        "i am 15 and he makes me do it",
        "Mi patrón todavía tiene mi pasaporte y no me deja salir.",
        "Ya no quiero vivir",
        "Él va a regresar esta noche y tengo miedo de que me mate.",
        "A mi hermanita le está pasando lo mismo ahora",
        "estoy encerrada y no puedo salir",
        "Someone I know is not safe right now and I don't know who to tell.",
        "Una conocida no está segura ahora mismo y no sé a quién avisar.",
    ],
)
def test_danger_in_the_present_is_read_first(text):
    assert turn(text) is Turn.FIRST


@pytest.mark.parametrize(
    "text",
    [
        "I used to want to die but the group got me through it, I am ok now.",
        "When I was a kid he would not let me leave, they said he has a gun.",
        "Hace dos años ya no quería vivir, estoy encerrada decía",
    ],
)
def test_danger_of_the_past_is_lowered_and_not_hidden(text):
    assert turn(text) is Turn.LOWERED


@pytest.mark.parametrize(
    "text",
    [
        "The wait is killing me. Six months and no trial date.",
        "I was 15 and they talked over my head",
        "Hace tres años él me amenazó de muerte y la policía sí me ayudó.",
        "Make the office open on weekends",
        "I was not safe at home and the shelter took me in",
        "No estoy segura de qué pasó después",
        "",
    ],
)
def test_ordinary_answers_keep_their_place(text):
    assert turn(text) is Turn.CALM


def test_a_pressing_sentence_outweighs_a_past_one():
    assert turn("Years ago I wanted to die. Now he will not let me leave.") is Turn.FIRST


def test_everything_is_read_pressing_first_otherwise_as_given():
    answers = [
        (1, "more beds"),
        (2, "I used to want to die"),
        (3, "he has a gun"),
        (4, "thank you"),
        (5, "ya no quiero vivir"),
    ]
    assert reading_order(answers) == [3, 5, 2, 1, 4]


@pytest.mark.parametrize(
    ("text", "given", "lang"),
    [
        ("They did not listen to me", "es", "en"),
        ("No me escucharon cuando llegué", "en", "es"),
        ("help", "en", "en"),
        ("ayuda", "es", "es"),
        ("", "es", "es"),
        ("xidid iyo cunto", "so", "so"),
        ("In ay si naxariis leh ula hadlaan dadka waa muhiim", "so", "so"),
        ("lawv tsis ntseeg kuv los yog lawv tsis mloog kuv no", "hmn", "hmn"),
        ("They did not listen to me", "so", "en"),
        ("No me escucharon cuando me fui", "hmn", "es"),
    ],
)
def test_language_is_guessed_by_small_words(text, given, lang):
    assert guess(text, given) == lang
