"""What the team seed gives: a signature everybody can check, and a key for rounding."""

import pytest

from feedback.crypto.signing import public_key, rounding_key, sign, verify
from feedback.errors import SealingError

SEED = bytes(range(32))
PUBLIC = public_key(SEED)


def test_signed_release_is_recognised():
    assert verify(PUBLIC, sign(SEED, b"release 1"), b"release 1")


def test_same_release_has_the_same_signature():
    assert sign(SEED, b"release 1") == sign(SEED, b"release 1")


def test_changed_release_signature_and_key_are_noticed():
    signature = sign(SEED, b"release 1")
    assert not verify(PUBLIC, signature, b"release 2")
    assert not verify(PUBLIC, bytes([signature[0] ^ 1]) + signature[1:], b"release 1")
    assert not verify(public_key(bytes(32)), signature, b"release 1")


@pytest.mark.parametrize(("public", "signature"), [(b"", b""), (PUBLIC, b""), (b"x", bytes(64))])
def test_malformed_bytes_are_not_a_signature(public, signature):
    assert not verify(public, signature, b"release 1")


def test_keys_for_different_purposes_differ():
    assert len({SEED, PUBLIC, rounding_key(SEED), rounding_key(bytes(32))}) == 4
    assert len(rounding_key(SEED)) == 32


@pytest.mark.parametrize("use", [public_key, rounding_key])
def test_seed_of_another_size_is_refused(use):
    with pytest.raises(SealingError):
        use(b"short")
