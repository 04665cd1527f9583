"""Derive from the team seed what signs releases, and the keys of rounding and of samples."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from feedback.errors import SealingError

SEED_BYTES = 32
PUBLIC_BYTES = 32
_SIGNING = b"feedback-vault signing 1"
_ROUNDING = b"feedback-vault rounding 1"
_SAMPLE = b"feedback-vault sample 1"


def sign(team_seed: bytes, data: bytes) -> bytes:
    """Return the 64-byte Ed25519 signature (RFC 8032); the same data always gives the same one."""
    return _signing_key(team_seed).sign(data)


def public_key(team_seed: bytes) -> bytes:
    """Return the 32 bytes with which everybody can check what the team signed."""
    return _signing_key(team_seed).public_key().public_bytes_raw()


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether ``data`` was signed by the holder of this key; malformed bytes were not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def rounding_key(team_seed: bytes) -> bytes:
    """Return the 32-byte key that makes random rounding the same at every look at one cell."""
    return _derive(team_seed, _ROUNDING)


def sample_key(team_seed: bytes) -> bytes:
    """Return the 32-byte key by which it is drawn whose words are read in a large round."""
    return _derive(team_seed, _SAMPLE)


def _signing_key(team_seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derive(team_seed, _SIGNING))


def _derive(team_seed: bytes, purpose: bytes) -> bytes:
    if len(team_seed) != SEED_BYTES:
        raise SealingError("A team seed is exactly 32 bytes.")
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(team_seed)
