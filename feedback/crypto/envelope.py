"""Seal one response into a row of fixed size and open it again: the only reader of format FVE1."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum, StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from feedback.crypto.recipient import Identity, Recipient
from feedback.errors import EnvelopeRefused, SealingError


class Part(IntEnum):
    """The two parts of a row, each under a key of its own."""

    CODES = 1
    WORDS = 2


class Refusal(StrEnum):
    """Why an envelope is refused: the whole list, so that reasons can be counted."""

    SIZE = "it has the wrong size"
    FORMAT = "it is not in a format known here"
    KEY = "it is sealed for another key"
    CHANGED = "it was changed, or it belongs to another team"
    LAYOUT = "its contents are not laid out as they should be"


# docs/reference/formats.md, 2: every part is as long as every other of its kind
BLOCK_BITS: Mapping[Part, int] = {Part.CODES: 10, Part.WORDS: 12}
MAX_BYTES: Mapping[Part, int] = {part: 2**bits - 4 for part, bits in BLOCK_BITS.items()}
PART_BYTES: Mapping[Part, int] = {part: 1156 + 2**bits for part, bits in BLOCK_BITS.items()}
ROW_BYTES = sum(PART_BYTES.values())
ID_BYTES = 16

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_START = {
    part: struct.pack(">4sHHHBB", b"FVE1", 0x647A, 0x0001, 0x0002, part, bits)
    for part, bits in BLOCK_BITS.items()
}
_START_BYTES = 12
_HEADER_BYTES = 20
_PURPOSE = b"feedback-vault/1"


def context(deployment: bytes, team: bytes) -> bytes:
    """Return what binds an envelope to its place without being written in it: two 16-byte ids.

    Raises:
        SealingError: an id is not 16 bytes.
    """
    if len(deployment) != ID_BYTES or len(team) != ID_BYTES:
        raise SealingError("The ids of deployment and team are 16 bytes each.")
    return deployment + team


def seal_part(data: bytes, part: Part, recipient: Recipient, context: bytes) -> bytes:
    """Return ``data`` sealed for ``recipient``: always ``PART_BYTES[part]`` bytes.

    Raises:
        SealingError: ``data`` is longer than ``MAX_BYTES[part]``; nothing is ever cut off.
    """
    if len(data) > MAX_BYTES[part]:
        raise SealingError("This response is longer than its envelope.")
    block = (struct.pack(">I", len(data)) + data).ljust(2 ** BLOCK_BITS[part], b"\0")
    header = _START[part] + recipient.kid
    return header + _SUITE.encrypt(block, recipient.hpke, info=_info(header, context))


def open_part(envelope: bytes, part: Part, identity: Identity, context: bytes) -> bytes:
    """Return what was sealed.

    That it opens says nothing about who sealed it: everybody may hold the public key.

    Raises:
        EnvelopeRefused: with one of ``Refusal`` as its reason.
    """
    _check_part(envelope, part, identity.recipient)
    info = _info(envelope[:_HEADER_BYTES], context)
    try:
        block = _SUITE.decrypt(memoryview(envelope)[_HEADER_BYTES:], identity.hpke, info=info)
    except (InvalidTag, ValueError):
        raise EnvelopeRefused(Refusal.CHANGED) from None
    end = 4 + int.from_bytes(block[:4], "big")
    if end > len(block) or block.count(0, end) != len(block) - end:
        raise EnvelopeRefused(Refusal.LAYOUT)
    return block[4:end]


def seal_row(
    codes: bytes, words: bytes, recipients: tuple[Recipient, Recipient], context: bytes
) -> bytes:
    """Return one row of ``ROW_BYTES``: codes for the first recipient, words for the second.

    Raises:
        SealingError: a part is longer than its envelope.
    """
    for_codes, for_words = recipients
    return seal_part(codes, Part.CODES, for_codes, context) + seal_part(
        words, Part.WORDS, for_words, context
    )


def split_row(row: bytes) -> tuple[bytes, bytes]:
    """Return the codes part and the words part of a row.

    Raises:
        EnvelopeRefused: the row does not have ``ROW_BYTES``.
    """
    if len(row) != ROW_BYTES:
        raise EnvelopeRefused(Refusal.SIZE)
    return row[: PART_BYTES[Part.CODES]], row[PART_BYTES[Part.CODES] :]


def check_row(row: bytes, recipients: tuple[Recipient, Recipient]) -> None:
    """Refuse what cannot be a row for these two keys, as far as one can tell without opening it.

    Raises:
        EnvelopeRefused: with one of ``Refusal`` as its reason.
    """
    for envelope, part, recipient in zip(split_row(row), Part, recipients, strict=True):
        _check_part(envelope, part, recipient)


def _check_part(envelope: bytes, part: Part, recipient: Recipient) -> None:
    if len(envelope) != PART_BYTES[part]:
        raise EnvelopeRefused(Refusal.SIZE)
    if envelope[:_START_BYTES] != _START[part]:
        raise EnvelopeRefused(Refusal.FORMAT)
    if envelope[_START_BYTES:_HEADER_BYTES] != recipient.kid:
        raise EnvelopeRefused(Refusal.KEY)


def _info(header: bytes, context: bytes) -> bytes:
    # HPKE of cryptography has no associated data: what is not in info is not bound
    if len(context) != 2 * ID_BYTES:
        raise SealingError("A context is what context() returns.")
    return _PURPOSE + header + context
