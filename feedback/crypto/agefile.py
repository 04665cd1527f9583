"""Seal whole files as age does (age-encryption.org/v1), for one or more post-quantum recipients."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from feedback.crypto.recipient import Identity, Recipient
from feedback.errors import EnvelopeRefused, SealingError

_VERSION = b"age-encryption.org/v1\n"
_KIND = b"mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_ENC_BYTES = 1120
_FILE_KEY_BYTES = 16
_NONCE_BYTES = 16
_CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16

# c2sp.org/age, "ABNF definition of file header"
_STANZA = rb"-> ([!-~]+(?: [!-~]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63})\n"
_HEADER = re.compile(
    rb"(?P<signed>" + _VERSION + rb"(?:" + _STANZA + rb")+---) (?P<mac>[A-Za-z0-9+/]{43})\n"
)


def encrypt(data: bytes, recipients: Sequence[Recipient]) -> bytes:
    """Return an age file that each of the recipients can open alone, also with age 1.3 itself.

    Raises:
        SealingError: there is no recipient.
    """
    if not recipients:
        raise SealingError("A sealed file needs at least one recipient.")
    file_key = secrets.token_bytes(_FILE_KEY_BYTES)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    signed = _VERSION + b"".join(_wrap(file_key, recipient) for recipient in recipients) + b"---"
    cipher = ChaCha20Poly1305(_derive(file_key, b"payload", nonce))
    sealed = (cipher.encrypt(number, chunk, None) for number, chunk in _chunks(data, _CHUNK_BYTES))
    return b"".join([signed, b" ", _base64(_mac(file_key, signed)), b"\n", nonce, *sealed])


def decrypt(data: bytes, identity: Identity) -> bytes:
    """Return what an age file holds; nothing is returned before its last byte was checked.

    Raises:
        EnvelopeRefused: not an age file, not for this identity, or changed or cut off anywhere.
    """
    header = _HEADER.match(data)
    if not header:
        raise EnvelopeRefused("it is not an age file")
    file_key = _unwrap(header["signed"], identity)
    if not hmac.compare_digest(_base64(_mac(file_key, header["signed"])), header["mac"]):
        raise _changed()
    payload = memoryview(data)[header.end() :]
    cipher = ChaCha20Poly1305(_derive(file_key, b"payload", bytes(payload[:_NONCE_BYTES])))
    sealed = _chunks(payload[_NONCE_BYTES:], _CHUNK_BYTES + _TAG_BYTES)
    try:
        plain = [cipher.decrypt(number, chunk, None) for number, chunk in sealed]
    except InvalidTag:
        raise _changed() from None
    if len(plain) > 1 and not plain[-1]:
        raise _changed()
    return b"".join(plain)


def _wrap(file_key: bytes, recipient: Recipient) -> bytes:
    """Return the stanza that hands the file key to one recipient."""
    sealed = _SUITE.encrypt(file_key, recipient.hpke, info=b"age-encryption.org/" + _KIND)
    enc, body = sealed[:_ENC_BYTES], sealed[_ENC_BYTES:]
    return b"-> " + _KIND + b" " + _base64(enc) + b"\n" + _base64(body) + b"\n"


def _unwrap(signed: bytes, identity: Identity) -> bytes:
    """Return the file key from the first stanza that opens; other kinds are passed over."""
    for arguments, body in re.findall(_STANZA, signed):
        kind, *rest = arguments.split(b" ")
        if kind == _KIND:
            sealed = _unbase64(b"".join(rest[:1])) + _unbase64(body)
            if len(rest) != 1 or len(sealed) != _ENC_BYTES + _FILE_KEY_BYTES + _TAG_BYTES:
                raise _changed()
            with suppress(InvalidTag, ValueError):
                return _SUITE.decrypt(sealed, identity.hpke, info=b"age-encryption.org/" + _KIND)
    raise EnvelopeRefused("it is sealed for another key")


def _chunks(data: bytes | memoryview, size: int) -> Iterator[tuple[bytes, memoryview]]:
    """Yield each chunk after its nonce: an 11-byte counter and whether it is the last one."""
    view = memoryview(data)
    starts = range(0, max(len(view), 1), size)
    for count, start in enumerate(starts):
        last = b"\1" if count == len(starts) - 1 else b"\0"
        yield count.to_bytes(11, "big") + last, view[start : start + size]


def _derive(file_key: bytes, info: bytes, salt: bytes = b"") -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(_derive(file_key, b"header"), signed, "sha256")


def _base64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _unbase64(text: bytes) -> bytes:
    """Return the bytes of unpadded base64; only the one canonical way to write them is read."""
    plain = text.replace(b"\n", b"")
    try:
        data = b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except ValueError:
        raise _changed() from None
    if _base64(data) != plain:
        raise _changed()
    return data


def _changed() -> EnvelopeRefused:
    return EnvelopeRefused("it was changed or cut off")
