"""Passphrases are made of seven words, and are the same however they are typed."""

import hashlib

import pytest

from feedback.crypto import passphrase
from feedback.crypto.passphrase import (
    STANDARD,
    Cost,
    derive,
    derive_all,
    generate_passphrase,
    normalise,
    word_list,
)
from feedback.errors import SealingError

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


def test_word_list_is_the_english_one_of_bip_39():
    text = "\n".join(word_list()) + "\n"
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    )


def test_first_four_letters_tell_every_word_apart():
    assert len({word[:4] for word in word_list()}) == len(word_list()) == 2048


def test_passphrase_is_seven_words_of_the_list():
    words = generate_passphrase().split(" ")
    assert len(words) == 7
    assert set(words) <= set(word_list())


def test_no_passphrase_is_made_twice():
    assert len({generate_passphrase() for _ in range(200)}) == 200


@pytest.mark.parametrize("typed", ["one two", " One  TWO ", "one\n\ttwo", "ｏｎｅ　ｔｗｏ"])
def test_case_width_and_spacing_do_not_matter(typed):
    assert normalise(typed) == "one two"


def test_same_passphrase_and_salt_give_the_same_key():
    first = derive("one two", cost=CHEAP)
    assert derive("ONE two", salt=first.salt, cost=CHEAP) == first


def test_salt_is_new_every_time_unless_given():
    assert derive("one two", cost=CHEAP).key != derive("one two", cost=CHEAP).key


def test_standard_cost_is_the_written_one():
    assert (STANDARD.memory_kib, STANDARD.passes, STANDARD.lanes) == (262144, 3, 4)


def test_two_people_with_one_passphrase_are_refused():
    with pytest.raises(SealingError, match="of their own"):
        derive_all({"Ana": "one two", "Ben": "ONE  two"}, cost=CHEAP)


@pytest.mark.parametrize("empty", ["", " \t"])
def test_empty_passphrase_is_refused(empty):
    with pytest.raises(SealingError, match="empty"):
        derive_all({"Ana": empty}, cost=CHEAP)


def test_keys_derived_before_are_taken_as_they_are():
    ana = derive("one two", cost=CHEAP)
    keys = derive_all({"Ana": ana, "Ben": "three four"}, cost=CHEAP)
    assert keys["Ana"] is ana
    assert keys["Ben"].salt != ana.salt


@pytest.mark.parametrize(
    "cost", [(7, 1, 1), (31, 1, 4), (2**20 + 1, 1, 1), (64, 0, 1), (64, 17, 1), (64, 1, 0)]
)
def test_cost_outside_of_the_limits_is_refused(cost):
    with pytest.raises(ValueError, match="Argon2id"):
        Cost(*cost)


def test_computer_without_memory_says_so_calmly(monkeypatch):
    class Starved:
        def __init__(self, **_):
            pass

        def derive(self, _):
            raise MemoryError

    monkeypatch.setattr(passphrase, "Argon2id", Starved)
    with pytest.raises(SealingError, match="memory"):
        derive("one two", cost=CHEAP)
