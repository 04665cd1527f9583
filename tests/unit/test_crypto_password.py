"""The password of the dashboards is kept as a hash that only it fits."""

import pytest

from feedback.crypto.passphrase import Cost
from feedback.crypto.password import hash_password, password_fits

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
STORED = hash_password("Señal 7", cost=CHEAP)


def test_right_password_fits():
    assert password_fits("Señal 7", STORED)


def test_accent_may_be_typed_in_two_ways():
    assert password_fits("Sen\u0303al 7", STORED)


@pytest.mark.parametrize("wrong", ["", "señal 7", "Señal 7 ", "Señal", "\ud800"])
def test_wrong_password_does_not_fit(wrong):
    assert not password_fits(wrong, STORED)


def test_same_password_is_stored_differently_each_time():
    assert hash_password("Señal 7", cost=CHEAP) != STORED


def test_stored_form_is_the_usual_one_at_the_usual_cost():
    stored = hash_password("Señal 7")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_fits("Señal 7", stored)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "Señal 7",
        "$argon2id$",
        STORED[:-1],
        STORED + "A",
        STORED + "\n",
        STORED.replace("m=64", "m=9999999"),
        STORED.replace("m=64", "m=7"),
        STORED.replace("t=1", "t=99"),
        STORED.replace("p=1", "p=0"),
        STORED.replace("v=19", "v=16"),
        STORED.replace("argon2id", "argon2i"),
        STORED.rpartition("$")[0] + "$",
        STORED.rpartition("$")[0] + "$" + "é" * 43,
    ],
    ids=str.__len__,  # what is stored differs from run to run
)
def test_nothing_fits_a_malformed_stored_form(stored):
    assert not password_fits("Señal 7", stored)
