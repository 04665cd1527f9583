"""Suggestions come from the codebook at first and from people's coding later."""

import pickle  # noqa: TID251 - to see it refused

import pytest

from feedback.themes import codebook as books
from feedback.themes import learn
from feedback.themes.suggest import CodedAnswer, Suggester

BOOK = books.load()


@pytest.fixture(scope="module")
def suggester():
    return Suggester(BOOK)


@pytest.fixture(scope="module")
def by_stems():
    return Suggester(BOOK, learn=False)


def first(suggester, text, lang, most=3):
    return [one.theme for one in suggester.suggest(text, lang, most)]


@pytest.mark.parametrize(
    ("text", "lang", "theme"),
    [
        ("i waited like 4 hrs in the lobby", "en", "wait"),
        ("nobody there spoke my language", "en", "language"),
        ("They put me in handcuffs", "en", "in_trouble"),
        ("Tuve que esperar toda la noche", "es", "wait"),
        ("nadie hablaba español ahí", "es", "language"),
        ("no habia camas en el refugio", "es", "housing"),
    ],
)
def test_a_plain_answer_finds_its_theme_with_and_without_learning(
    suggester, by_stems, text, lang, theme
):
    assert theme in first(suggester, text, lang)
    assert theme in first(by_stems, text, lang)


def test_learning_is_on_where_scikit_learn_is(suggester, by_stems):
    assert suggester.learns is learn.can_learn() is True
    assert by_stems.learns is False


def test_five_themes_are_suggested_each_once_best_first(suggester):
    found = suggester.suggest("the nurse was kind and I waited", "en")
    scores = [one.score for one in found]
    assert len({one.theme for one in found}) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_stems_alone_suggest_nothing_for_words_they_do_not_know(by_stems):
    assert by_stems.suggest("zzz", "en") == []


def test_stems_match_whole_words_only(by_stems):
    assert by_stems.suggest("my career, my pride, my bride", "en") == []


def test_stems_are_of_the_answers_language(by_stems):
    assert first(by_stems, "lejos", "es") == ["transport"]
    assert first(by_stems, "lejos", "en") == []
    assert first(by_stems, "miles away", "so") == ["transport"]


def test_ties_go_to_the_theme_that_people_took_before():
    answer = "the cop made me wait"
    assert first(Suggester(BOOK, learn=False), answer, "en", 1) == ["wait"]
    coded = [CodedAnswer("x", "en", ("interview",))]
    assert first(Suggester(BOOK, coded, learn=False), answer, "en", 1) == ["interview"]


def test_coded_answers_teach_new_words():
    text = "the purple bench again"
    coded = [CodedAnswer(f"that purple bench {n}", "en", ("housing",)) for n in range(8)]
    assert first(Suggester(BOOK, coded), text, "en", 1) == ["housing"]


def test_the_same_lessons_suggest_the_same():
    coded = [CodedAnswer("the ride was long", "en", ("transport",))]
    one, other = Suggester(BOOK, coded), Suggester(BOOK, coded)
    assert one.suggest("a long way", "en") == other.suggest("a long way", "en")


def test_many_answers_get_what_each_would_get_alone(suggester):
    answers = [("too far to drive", "en"), ("me creyeron", "es")]
    together = suggester.suggest_all(answers)
    alone = [suggester.suggest(*answer) for answer in answers]
    assert [[o.theme for o in row] for row in together] == [[o.theme for o in row] for row in alone]
    assert suggester.suggest_all([]) == []


def test_a_codebook_with_one_theme_goes_by_stems():
    data = books.parse(
        {
            "name": "One",
            "version": 1,
            "languages": ["en"],
            "themes": [
                {
                    "id": "wait",
                    "words": {"en": {"label": "W", "definition": "W", "stems": ["wait"]}},
                }
            ],
            "flags": [
                {
                    "id": "other",
                    "counted": True,
                    "words": {"en": {"label": "O", "definition": "O"}},
                },
                {
                    "id": "needs_care",
                    "counted": False,
                    "words": {"en": {"label": "N", "definition": "N"}},
                },
            ],
        },
        "one",
    )
    assert not Suggester(data).learns
    assert first(Suggester(data), "wait", "en") == ["wait"]


@pytest.mark.parametrize("part", ["whole", "model"])
def test_what_was_learned_cannot_be_pickled(suggester, part):
    thing = suggester if part == "whole" else suggester._model
    with pytest.raises(TypeError, match="never stored"):
        pickle.dumps(thing)


def test_answers_do_not_show_in_reprs(suggester):
    coded = CodedAnswer("marker-word", "en", ("markertheme",))
    reading = learn.Reading("marker-word", ("markertheme",))
    assert "marker" not in repr((coded, reading, learn.Lesson(reading, ("markertheme",), 1.0)))
    assert "marker" not in repr(suggester)
