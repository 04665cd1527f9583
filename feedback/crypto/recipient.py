"""Name the two halves of a key: a recipient can only lock, an identity can open."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from feedback.crypto import bech32
from feedback.errors import SealingError

PUBLIC_BYTES = 1216  # ML-KEM-768 encapsulation key 1184 || X25519 32; docs/reference/formats.md, 1
SEED_BYTES = 32
_MLKEM_BYTES = 1184
_KID_PREFIX = b"fvault kid 1"
_PUBLIC_TEXT = "age1pq"
_SEED_TEXT = "age-secret-key-pq-"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key: whoever holds it can lock, and nothing else.

    ``kid`` is the 8-byte name of the key that stands in every envelope.
    ``hpke`` is the same key as ``cryptography`` wants it, built and checked once.

    Raises:
        SealingError: ``public`` is not the 1216 bytes of a MLKEM768-X25519 public key.
    """

    public: bytes = field(repr=False)
    kid: bytes = field(init=False)
    hpke: MLKEM768X25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the bytes and build the key."""
        kid = hashlib.sha256(_KID_PREFIX + self.public).digest()[:8]
        object.__setattr__(self, "kid", kid)
        object.__setattr__(self, "hpke", _public_key(self.public))

    @classmethod
    def from_text(cls, text: str) -> Recipient:
        """Read the form ``age1pq1…``.

        Raises:
            SealingError: the text is not such a key; one wrong letter is always noticed.
        """
        try:
            return cls(bech32.decode(_PUBLIC_TEXT, text.strip()))
        except ValueError:
            raise SealingError("This text is not a public key (age1pq1…).") from None

    def to_text(self) -> str:
        """Return the form ``age1pq1…`` (1,959 letters) that age 1.3 takes as a recipient."""
        return bech32.encode(_PUBLIC_TEXT, self.public)


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key: 32 secret bytes from which everything else is derived.

    HPKE keys cannot be copied to another process; hand over ``seed`` and build it there again.

    Raises:
        SealingError: ``seed`` is not 32 bytes.
    """

    seed: bytes = field(repr=False)
    recipient: Recipient = field(init=False)
    hpke: MLKEM768X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build both halves of the key from the seed."""
        if len(self.seed) != SEED_BYTES:
            raise SealingError("A private key is made from exactly 32 bytes.")
        full = hashlib.shake_256(self.seed).digest(96)  # X-Wing, expandDecapsulationKey
        mlkem = MLKEM768PrivateKey.from_seed_bytes(full[:64])
        x25519 = X25519PrivateKey.from_private_bytes(full[64:])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        object.__setattr__(self, "recipient", Recipient(public))
        object.__setattr__(self, "hpke", MLKEM768X25519PrivateKey(mlkem, x25519))

    @classmethod
    def generate(cls) -> Identity:
        """Return a new identity."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_text(cls, text: str) -> Identity:
        """Read the form ``AGE-SECRET-KEY-PQ-1…``.

        Raises:
            SealingError: the text is not such a key; one wrong letter is always noticed.
        """
        try:
            return cls(bech32.decode(_SEED_TEXT, text.strip()))
        except ValueError:
            raise SealingError("This text is not a private key (AGE-SECRET-KEY-PQ-1…).") from None

    def to_text(self) -> str:
        """Return the form ``AGE-SECRET-KEY-PQ-1…`` (77 letters) that age 1.3 takes as identity."""
        return bech32.encode(_SEED_TEXT, self.seed).upper()


def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC_BYTES:
        raise SealingError("A public key has exactly 1216 bytes.")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_BYTES])
        x25519 = X25519PublicKey.from_public_bytes(public[_MLKEM_BYTES:])
    except ValueError:
        raise SealingError("These bytes are not a public key.") from None
    return MLKEM768X25519PublicKey(mlkem, x25519)
