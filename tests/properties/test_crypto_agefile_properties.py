"""Any data comes back whole from a sealed file, for each of any number of recipients."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.crypto.agefile import decrypt, encrypt
from feedback.crypto.bech32 import decode, encode
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused

READERS = [Identity(bytes([n]) * 32) for n in range(4)]
STRANGER = Identity(b"s" * 32)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=500), st.integers(0, 400), st.integers(1, 4))
def test_any_data_opens_for_each_recipient_and_nobody_else(piece, times, count):
    data = piece * times
    sealed = encrypt(data, [reader.recipient for reader in READERS[:count]])
    assert all(decrypt(sealed, reader) == data for reader in READERS[:count])
    with pytest.raises(EnvelopeRefused):
        decrypt(sealed, STRANGER)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_are_not_a_file(data):
    with pytest.raises(EnvelopeRefused):
        decrypt(data, STRANGER)
    with pytest.raises(EnvelopeRefused):
        decrypt(b"age-encryption.org/v1\n-> " + data, STRANGER)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=80), st.integers(0, 200), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l")
)
def test_bech32_comes_back_and_notices_one_wrong_letter(data, place, letter):
    text = encode("word", data)
    assert decode("word", text) == decode("word", text.upper()) == data
    place %= len(text)
    if text[place] != letter:
        with pytest.raises(ValueError, match=r"prefix|letters|substring"):
            decode("word", text[:place] + letter + text[place + 1 :])
