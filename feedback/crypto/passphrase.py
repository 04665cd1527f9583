"""Make passphrases and turn them into keys: seven words of the BIP-39 list, through Argon2id."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from feedback.errors import SealingError

WORDS = 7  # of 2048: 77 bits
SALT_BYTES = 16
_PURPOSE = b"feedback-vault custodian 1"
# several at once would need the memory several times and could stop a small host
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs with Argon2id (RFC 9106): memory in KiB, passes over it, lanes.

    The default, 256 MiB, takes about a second and still fits a hosting plan with 1 GB.

    Raises:
        ValueError: outside of what is ever read from a file, so that no file can eat the memory.
    """

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Refuse what no file may ask for."""
        if not all(type(value) is int for value in (self.memory_kib, self.passes, self.lanes)):
            raise ValueError("the cost of Argon2id is three whole numbers")
        if not (1 <= self.lanes <= 16 and 1 <= self.passes <= 16):
            raise ValueError("lanes and passes of Argon2id lie between 1 and 16")
        if not 8 * self.lanes <= self.memory_kib <= 1024 * 1024:
            raise ValueError("memory of Argon2id lies between 8 KiB a lane and 1 GiB")


STANDARD = Cost()


@dataclass(frozen=True, slots=True)
class Derived:
    """The key that a passphrase gives, with the salt and the cost that made it."""

    salt: bytes
    cost: Cost
    key: bytes = field(repr=False)


Passphrases = Mapping[str, str | Derived]  # custodian -> what was typed, or the key it gave before


def generate_passphrase() -> str:
    """Return seven random words. People never choose a passphrase themselves."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))


@cache
def word_list() -> tuple[str, ...]:
    """Return the 2048 English words of BIP-39; the first four letters tell each from all others."""
    return tuple(files(__package__).joinpath("words.txt").read_text("ascii").split())


def normalise(text: str) -> str:
    """Return a passphrase as it is hashed: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def derive(passphrase: str, *, salt: bytes | None = None, cost: Cost = STANDARD) -> Derived:
    """Return the key of a passphrase; without a salt, under a new random one.

    Raises:
        SealingError: the passphrase is empty, or this computer has too little memory for the cost.
    """
    if not normalise(passphrase):
        raise SealingError("A passphrase cannot be empty.")
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
        ad=_PURPOSE,
    )
    try:
        with _ONE_AT_A_TIME:
            key = kdf.derive(normalise(passphrase).encode("utf-8", "surrogatepass"))
    except MemoryError:
        raise SealingError(
            "This computer has not enough free memory to use a passphrase."
        ) from None
    return Derived(salt, cost, key)


def derive_all(passphrases: Passphrases, *, cost: Cost = STANDARD) -> dict[str, Derived]:
    """Return the keys of custodians under new salts, once for every keyring they will stand in.

    Raises:
        SealingError: a passphrase is empty or typed for two people, or as ``derive``.
    """
    typed = [normalise(given) for given in passphrases.values() if isinstance(given, str)]
    if len(set(typed)) != len(typed):
        raise SealingError("Every custodian needs a passphrase of their own.")
    return {
        name: given if isinstance(given, Derived) else derive(given, cost=cost)
        for name, given in passphrases.items()
    }
