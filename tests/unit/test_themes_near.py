"""Hints: answers in almost the same words, and words that are new."""

from feedback.themes import codebook as books
from feedback.themes.near import Pair, near_copies, new_words

ANSWER = "They kept my phone for months and I had no way to call anyone"


def test_an_edited_copy_is_found():
    texts = [
        ANSWER,
        "The bus does not run out here on the weekend",
        ANSWER.upper() + "!!",
        ANSWER.replace("months", "moths"),
    ]
    assert [(pair.one, pair.other) for pair in near_copies(texts)] == [(0, 2), (0, 3)]


def test_the_same_words_are_wholly_alike():
    (pair,) = near_copies([ANSWER, ANSWER])
    assert pair == Pair(0, 1, pair.likeness)
    assert 0.999 < pair.likeness <= 1


def test_short_answers_are_not_compared():
    assert near_copies(["more beds please", "more beds please"]) == []


def test_different_answers_are_no_pair():
    other = "Somebody should explain each step of the exam in Somali"
    assert near_copies([ANSWER, other]) == []
    assert near_copies([]) == []


def test_a_word_that_is_frequent_here_and_new_is_shown_with_its_answers():
    book = books.load()
    before = [phrase for theme in book.themes for phrase in theme.words["en"].examples]
    texts = ["the new app broke", "that app again", "an app for rides", "I waited", "more beds"]
    first = new_words(texts, before)[0]
    assert (first.word, first.answers) == ("app", (0, 1, 2))
    assert "app" not in repr(first)


def test_a_word_of_two_answers_is_not_shown():
    assert new_words(["the app", "the app"], ["a b c"] * 20) == []


def test_a_word_that_the_codebook_has_is_never_new_however_many_use_it():
    texts = ["we waited"] * 500
    assert new_words(texts, ["we waited", *["a ride"] * 400]) == []


def test_a_word_with_an_apostrophe_stays_one_word():
    assert [one.word for one in new_words(["she didn't"] * 9, ["bed"] * 20)] == ["didn't"]


def test_small_words_tell_nothing():
    assert new_words(["the they and"] * 9, ["bed", "ride", "exam"] * 9) == []


def test_no_answers_have_no_new_words():
    assert new_words([], []) == []
