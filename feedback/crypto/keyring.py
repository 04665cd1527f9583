"""Wrap a 32-byte secret so that any k of n custodians open it together, and no fewer."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from feedback.crypto.passphrase import (
    SALT_BYTES,
    STANDARD,
    Cost,
    Derived,
    Passphrases,
    derive,
    derive_all,
    normalise,
)
from feedback.errors import KeyringDamaged, NotEnoughCustodians, SealingError, WrongPassphrase

FORMAT = "feedback-vault keyring 1"
MAX_CUSTODIANS = 9
MAX_NAME = 40  # characters
SECRET_BYTES = 32
NONCE_BYTES = 12
PIECE_BYTES = SECRET_BYTES + 16
_DAMAGED = "This keyring file cannot be read. Another copy of it may still be good."

Place = tuple[tuple[str, ...], str]  # those who come together, and the one whose piece this is


@dataclass(frozen=True, slots=True)
class Terms:
    """What a keyring says openly: which key it wraps, for whom, and how many must come together.

    Raises:
        SealingError: the terms cannot be met.
    """

    label: str
    kid: str
    needed: int
    custodians: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse terms that cannot be met."""
        if not 1 <= len(self.custodians) <= MAX_CUSTODIANS:
            raise SealingError("A keyring has one to nine custodians.")
        if not all(_is_name(name) for name in (self.label, *self.custodians)):
            raise SealingError("Labels and names of custodians are 1 to 40 printable characters.")
        if len(set(self.custodians)) != len(self.custodians):
            raise SealingError("Every custodian of a keyring needs a name of their own.")
        if type(self.needed) is not int or not 1 <= self.needed <= len(self.custodians):
            raise SealingError("A keyring cannot need fewer than one or more than all custodians.")
        if not re.fullmatch("[0-9a-f]{16}", self.kid):
            raise SealingError("A key is named by 16 hexadecimal digits.")

    def places(self) -> list[Place]:
        """Return the place of every piece: each group of ``needed``, each member of it."""
        groups = combinations(self.custodians, self.needed)
        return [(group, who) for group in groups for who in group]

    def binding(self, place: Place) -> bytes:
        """Return what a piece is bound to, so that it opens in its own place only."""
        bound = [FORMAT, self.label, self.kid, self.needed, *place]
        return json.dumps(bound, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Keyring:
    """A keyring that was read: salt and cost by custodian, nonce and ciphertext by place."""

    terms: Terms
    seats: dict[str, tuple[bytes, Cost]]
    pieces: dict[Place, tuple[bytes, bytes]] = field(repr=False)


def lock(
    secret: bytes,
    *,
    label: str,
    kid: str,
    passphrases: Passphrases,
    needed: int,
    cost: Cost = STANDARD,
) -> dict[str, Any]:
    """Return the keyring (ready for JSON) that opens when ``needed`` of the custodians agree.

    For every group of ``needed`` custodians the secret is split by XOR, and each piece is sealed
    under the key of its custodian: fewer than ``needed`` hold nothing but random bytes.

    Custodians who stand in several keyrings bring their ``Derived`` (from ``derive_all``, or from
    ``admit`` to an older keyring), so that one run of Argon2id opens them all. Sharing the salt is
    safe: a salt keeps one guess from being tried on several people at once, and here it is one
    person with one passphrase, which whoever guesses would try on a single keyring anyway. Every
    piece has a random nonce of its own and is bound to label, key, number needed, group and
    custodian, so none opens elsewhere.

    Raises:
        SealingError: the secret is not 32 bytes, a passphrase is empty or used twice, or the terms
            cannot be met.
    """
    if len(secret) != SECRET_BYTES:
        raise SealingError("A keyring wraps exactly 32 bytes.")
    terms = Terms(label, kid, needed, tuple(_composed(name) for name in passphrases))
    derived = derive_all(passphrases, cost=cost).values()
    keys = dict(zip(terms.custodians, derived, strict=True))
    return {
        "format": FORMAT,
        "label": label,
        "kid": kid,
        "kdf": "argon2id",
        "needed": needed,
        "custodians": [_seat(name, key) for name, key in keys.items()],
        "pieces": [
            _piece(terms, (group, who), share, keys[who])
            for group in combinations(terms.custodians, needed)
            for who, share in zip(group, _split(secret, needed), strict=True)
        ],
    }


def unlock(keyring: Mapping[str, Any], passphrases: Passphrases) -> bytes:
    """Return the secret. Custodians whom this keyring does not know are passed over.

    Raises:
        KeyringDamaged: the file is not a keyring, or too much of it was changed.
        NotEnoughCustodians: before anything is tried.
        WrongPassphrase: names the first custodian whose passphrase opens nothing.
    """
    ring = _read(keyring)
    by_name = {_composed(name): given for name, given in passphrases.items()}
    present = {name: given for name, given in by_name.items() if name in ring.seats}
    if len(present) < ring.terms.needed:
        raise NotEnoughCustodians(ring.terms.needed, len(present))
    opened: dict[Place, bytes] = {}
    for name, given in present.items():
        opened |= _open_pieces(ring, name, _derive(ring, name, given))
    for group, _ in ring.pieces:
        shares = [opened[group, who] for who in group if (group, who) in opened]
        if len(shares) == ring.terms.needed:
            return reduce(_xor, shares)
    raise KeyringDamaged(_DAMAGED)


def admit(keyring: Mapping[str, Any], custodian: str, passphrase: str) -> Derived:
    """Return the key of one custodian alone, checked, to be used wherever passphrases are taken.

    Raises:
        KeyringDamaged: the file is not a keyring.
        WrongPassphrase: it opens none of this custodian's pieces, or there is no such custodian.
    """
    ring = _read(keyring)
    derived = _derive(ring, _composed(custodian), passphrase)
    _open_pieces(ring, _composed(custodian), derived)
    return derived


def fits(keyring: Mapping[str, Any], custodian: str, passphrase: str) -> bool:
    """Return whether one custodian's passphrase is right, also where others are needed to open.

    Raises:
        KeyringDamaged: the file is not a keyring.
    """
    try:
        admit(keyring, custodian, passphrase)
    except WrongPassphrase:
        return False
    return True


def rewrap(
    keyring: Mapping[str, Any],
    passphrases: Passphrases,
    *,
    new: Passphrases,
    needed: int | None = None,
    cost: Cost = STANDARD,
) -> dict[str, Any]:
    """Return the same secret wrapped for ``new`` custodians, under new salts for typed passphrases.

    The old file still opens as before: custodians destroy their copies of it.

    Raises:
        KeyringDamaged, NotEnoughCustodians, WrongPassphrase: as ``unlock``.
        SealingError: as ``lock``.
    """
    terms = read_terms(keyring)
    return lock(
        unlock(keyring, passphrases),
        label=terms.label,
        kid=terms.kid,
        passphrases=new,
        needed=terms.needed if needed is None else needed,
        cost=cost,
    )


def read_terms(keyring: Mapping[str, Any]) -> Terms:
    """Return what a keyring says openly.

    Raises:
        KeyringDamaged: the file is not a keyring.
    """
    return _read(keyring).terms


def _derive(ring: _Keyring, name: str, given: str | Derived) -> Derived:
    if isinstance(given, Derived):
        return given
    if name not in ring.seats or not normalise(given):
        raise WrongPassphrase(name)
    salt, cost = ring.seats[name]
    return derive(given, salt=salt, cost=cost)


def _open_pieces(ring: _Keyring, name: str, derived: Derived) -> dict[Place, bytes]:
    """Return every piece of one custodian that opens; a changed one is left out, others may do."""
    cipher = AESGCM(derived.key)
    opened: dict[Place, bytes] = {}
    for place, (nonce, sealed) in ring.pieces.items():
        if place[1] == name:
            with suppress(InvalidTag):
                opened[place] = cipher.decrypt(nonce, sealed, ring.terms.binding(place))
    if not opened:
        raise WrongPassphrase(name)
    return opened


def _split(secret: bytes, count: int) -> list[bytes]:
    """Return ``count`` shares: all but the last are random, and XOR of them all is the secret."""
    random = [secrets.token_bytes(SECRET_BYTES) for _ in range(count - 1)]
    return [*random, reduce(_xor, random, secret)]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _seat(name: str, key: Derived) -> dict[str, Any]:
    return {
        "name": name,
        "salt": key.salt.hex(),
        "iterations": key.cost.passes,
        "lanes": key.cost.lanes,
        "memory_cost": key.cost.memory_kib,
    }


def _piece(terms: Terms, place: Place, share: bytes, key: Derived) -> dict[str, Any]:
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key.key).encrypt(nonce, share, terms.binding(place))
    return {"group": list(place[0]), "who": place[1], "nonce": nonce.hex(), "ct": sealed.hex()}


def _read(keyring: Mapping[str, Any]) -> _Keyring:
    try:
        if keyring["format"] != FORMAT or keyring["kdf"] != "argon2id":
            raise ValueError("another format")
        names = tuple(seat["name"] for seat in keyring["custodians"])
        terms = Terms(keyring["label"], keyring["kid"], keyring["needed"], names)
        seats = {seat["name"]: _read_seat(seat) for seat in keyring["custodians"]}
        pieces = {
            (tuple(piece["group"]), piece["who"]): (
                _read_hex(piece["nonce"], NONCE_BYTES),
                _read_hex(piece["ct"], PIECE_BYTES),
            )
            for piece in keyring["pieces"]
        }
        if pieces.keys() != set(terms.places()) or len(pieces) != len(keyring["pieces"]):
            raise ValueError("too many or too few pieces")
    except (SealingError, LookupError, TypeError, ValueError, AttributeError):
        raise KeyringDamaged(_DAMAGED) from None
    return _Keyring(terms, seats, pieces)


def _read_seat(seat: Mapping[str, Any]) -> tuple[bytes, Cost]:
    cost = Cost(seat["memory_cost"], seat["iterations"], seat["lanes"])
    return _read_hex(seat["salt"], SALT_BYTES), cost


def _read_hex(text: str, size: int) -> bytes:
    data = bytes.fromhex(text)
    if len(data) != size:
        raise ValueError("another size")
    return data


def _is_name(name: str) -> bool:
    return 1 <= len(name) <= MAX_NAME and name.isprintable() and _composed(name.strip()) == name


def _composed(name: str) -> str:
    """Return a name in NFC, so that an accent typed on another system is the same accent."""
    return unicodedata.normalize("NFC", name)
