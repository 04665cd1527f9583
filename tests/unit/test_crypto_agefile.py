"""A sealed file opens whole for each of its recipients, or not at all."""

import pytest

from feedback.crypto import agefile
from feedback.crypto.agefile import decrypt, encrypt
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused, SealingError

ANA, BEN, STRANGER = (Identity(bytes([n]) * 32) for n in (4, 5, 6))
CHUNK = 64 * 1024
FILE = encrypt(b"what was sealed", [ANA.recipient])
LONG = encrypt(b"z" * (CHUNK + 1), [ANA.recipient])


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_file_of_any_size_opens(size):
    assert decrypt(encrypt(b"x" * size, [ANA.recipient]), ANA) == b"x" * size


def test_each_recipient_opens_alone():
    sealed = encrypt(b"for both", [ANA.recipient, BEN.recipient])
    assert decrypt(sealed, ANA) == decrypt(sealed, BEN) == b"for both"


def test_same_data_gives_different_files():
    assert encrypt(b"same", [ANA.recipient]) != encrypt(b"same", [ANA.recipient])


def test_file_for_somebody_else_is_refused():
    with pytest.raises(EnvelopeRefused, match="another key"):
        decrypt(FILE, STRANGER)


def test_file_for_nobody_is_never_made():
    with pytest.raises(SealingError):
        encrypt(b"lost", [])


def test_every_changed_byte_is_noticed():
    for place in range(len(FILE)):
        changed = bytearray(FILE)
        changed[place] ^= 1
        with pytest.raises(EnvelopeRefused):
            decrypt(bytes(changed), ANA)


def test_every_cut_is_noticed():
    for size in [*range(0, len(FILE), 7), len(FILE) - 1]:
        with pytest.raises(EnvelopeRefused):
            decrypt(FILE[:size], ANA)


def test_last_chunk_cannot_be_dropped_swapped_or_added():
    start = len(LONG) - (CHUNK + 16) - 17
    first, last = LONG[start:-17], LONG[-17:]
    for chunks in ([first], [last, first], [last], [first, first, last], [first, last, b"x"]):
        with pytest.raises(EnvelopeRefused):
            decrypt(LONG[:start] + b"".join(chunks), ANA)


def test_empty_chunk_at_the_end_of_a_full_one_is_refused(monkeypatch):
    def with_an_empty_end(data, _):
        yield bytes(12), data
        yield bytes(10) + b"\1\1", b""

    with monkeypatch.context() as patch:
        patch.setattr(agefile, "_chunks", with_an_empty_end)
        sealed = encrypt(b"x" * CHUNK, [ANA.recipient])
    with pytest.raises(EnvelopeRefused, match="changed"):
        decrypt(sealed, ANA)


def test_stanzas_of_other_kinds_are_passed_over_but_signed():
    start = len(b"age-encryption.org/v1\n")
    added = FILE[:start] + b"-> other stanza\nAAAA\n" + FILE[start:]
    with pytest.raises(EnvelopeRefused, match="changed"):
        decrypt(added, ANA)


@pytest.mark.parametrize(
    "stanza",
    [
        b"-> mlkem768x25519\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 AAAA\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 " + b"A" * 1494 + b" more\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 " + b"A" * 1493 + b"B\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 " + b"A" * 1494 + b"=\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 A!\n" + b"A" * 43 + b"\n",
        b"-> mlkem768x25519 A\n\n",
    ],
)
def test_malformed_stanza_is_refused(stanza):
    sealed = b"age-encryption.org/v1\n" + stanza + b"--- " + b"A" * 43 + b"\n" + bytes(64)
    with pytest.raises(EnvelopeRefused, match="changed"):
        decrypt(sealed, ANA)


@pytest.mark.parametrize("data", [b"", b"age-encryption.org/v2\n", b"-----BEGIN AGE", bytes(5000)])
def test_what_is_no_age_file_is_refused(data):
    with pytest.raises(EnvelopeRefused, match="not an age file"):
        decrypt(data, ANA)
