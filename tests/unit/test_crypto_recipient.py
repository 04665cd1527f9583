"""A recipient can only lock and an identity can open; both are read and written as age does."""

import pytest

from feedback.crypto import bech32
from feedback.crypto.recipient import Identity, Recipient
from feedback.errors import SealingError

IDENTITY = Identity(bytes(range(32)))
PUBLIC = IDENTITY.recipient.public


def test_same_seed_is_the_same_key():
    assert Identity(bytes(range(32))) == IDENTITY
    assert Identity(bytes(range(32))).recipient.kid == IDENTITY.recipient.kid


def test_every_generated_identity_is_another():
    assert len({Identity.generate().recipient.kid for _ in range(20)}) == 20


def test_sizes_are_those_of_the_format():
    assert (len(PUBLIC), len(IDENTITY.recipient.kid)) == (1216, 8)


def test_recipient_survives_its_text():
    text = IDENTITY.recipient.to_text()
    assert text.startswith("age1pq1")
    assert len(text) == 1959
    assert Recipient.from_text(f"  {text}\n") == IDENTITY.recipient


def test_identity_survives_its_text_in_both_cases():
    text = IDENTITY.to_text()
    assert text.startswith("AGE-SECRET-KEY-PQ-1")
    assert len(text) == 77
    assert Identity.from_text(text) == Identity.from_text(text.lower()) == IDENTITY


@pytest.mark.parametrize("place", [0, 7, 18, 19, 40, 70, 76])
def test_one_wrong_letter_in_an_identity_is_noticed(place):
    text = IDENTITY.to_text()
    wrong = text[:place] + ("Q" if text[place] != "Q" else "P") + text[place + 1 :]
    with pytest.raises(SealingError):
        Identity.from_text(wrong)


@pytest.mark.parametrize(
    "text",
    ["", "1", "age1pq1", "age1pq1qqqqqq", "age1pq1\u212a", "Age1pq1qqqqqq", IDENTITY.to_text()],
)
def test_what_is_no_public_key_is_refused_as_text(text):
    with pytest.raises(SealingError):
        Recipient.from_text(text)


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-PQ-1", IDENTITY.recipient.to_text()])
def test_what_is_no_private_key_is_refused_as_text(text):
    with pytest.raises(SealingError):
        Identity.from_text(text)


def test_second_way_to_write_the_same_bytes_is_refused():
    values = [31] * 52  # 260 bits: the last four belong to no byte and must be zero
    check = bech32._split(bech32._polymod("age-secret-key-pq-", [*values, *[0] * 6]) ^ 1, 6)
    letters = "".join(bech32._LETTERS[value] for value in values + check)
    with pytest.raises(SealingError):
        Identity.from_text("age-secret-key-pq-1" + letters)


def test_identity_in_mixed_case_is_refused():
    with pytest.raises(SealingError):
        Identity.from_text(IDENTITY.to_text()[:-1] + IDENTITY.to_text()[-1].lower())


@pytest.mark.parametrize("public", [b"", PUBLIC[:-1], PUBLIC + b"\0", b"\xff" * 1216])
def test_what_is_no_public_key_is_refused_as_bytes(public):
    with pytest.raises(SealingError):
        Recipient(public)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_seed_of_another_size_is_refused(size):
    with pytest.raises(SealingError):
        Identity(bytes(size))


def test_seed_is_not_in_the_repr():
    assert repr(IDENTITY) == f"Identity(recipient=Recipient(kid={IDENTITY.recipient.kid!r}))"
