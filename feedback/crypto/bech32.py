"""Write keys as text the way age does: Bech32 (BIP 173) without its limit of ninety characters."""

from __future__ import annotations

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_LETTERS = 6


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` as lower-case text that begins with ``prefix`` and ends in a checksum."""
    spare = -len(data) * 8 % 5
    values = _split(int.from_bytes(data, "big") << spare, (len(data) * 8 + spare) // 5)
    check = _polymod(prefix, [*values, *[0] * _CHECK_LETTERS]) ^ 1
    return prefix + "1" + "".join(_LETTERS[v] for v in values + _split(check, _CHECK_LETTERS))


def decode(prefix: str, text: str) -> bytes:
    """Return the bytes that ``encode`` wrote, from upper or lower case.

    Raises:
        ValueError: another prefix, mixed case, a foreign letter or a wrong checksum.
    """
    if not text.isascii() or text not in (text.lower(), text.upper()):
        raise ValueError("mixed case or foreign letters")
    found, _, letters = text.lower().rpartition("1")
    values = [_LETTERS.index(letter) for letter in letters]
    if found != prefix or len(values) < _CHECK_LETTERS or _polymod(prefix, values) != 1:
        raise ValueError("another prefix or a wrong checksum")
    number = 0
    for value in values[:-_CHECK_LETTERS]:
        number = number << 5 | value
    size, spare = divmod((len(values) - _CHECK_LETTERS) * 5, 8)
    if spare > 4 or number & ((1 << spare) - 1):
        raise ValueError("not the only way to write these bytes")
    return (number >> spare).to_bytes(size, "big")


def _split(number: int, count: int) -> list[int]:
    """Return ``number`` as ``count`` groups of five bits, highest first."""
    return [number >> 5 * place & 31 for place in reversed(range(count))]


def _polymod(prefix: str, values: list[int]) -> int:
    """Return the checksum of BIP 173 over the spread-out prefix and the values."""
    check = 1
    for value in (*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix), *values):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            check ^= factor if top >> place & 1 else 0
    return check
