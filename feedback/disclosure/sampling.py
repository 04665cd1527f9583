"""A random sample of a large round: who is drawn, and how far a share of everyone may lie off."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable

CERTAINTY = 1.959963984540054  # standard errors: 95 in 100 intervals hold the true share
FEWEST, MOST, STEP = 200, 400, 10  # people; 200 give 7 points either way at the widest, 400 five
_LABEL = b"throughline sample 1\n"


def draw(people: Iterable[int], size: int, key: bytes, round_id: str) -> frozenset[int]:
    """Return ``size`` of the people, each as likely as any other, the same at every draw.

    Looks at nothing but row keys, which say nothing about the answers or when they came. Nobody
    without the key can tell beforehand who is drawn, and nobody with it can choose: a person's
    lot depends on no other person, so one who comes later takes at most one place.
    """

    def lot(rid: int) -> bytes:
        message = _LABEL + f"{round_id}\n{rid:016x}".encode()
        return hmac.digest(key, message, hashlib.sha256)

    return frozenset(sorted(people, key=lot)[:size])


def interval(count: int, base: int, near: int) -> tuple[float, float]:
    """Return between what the share of everyone lies, by chance (95 %) and by rounding.

    ``count`` and ``base`` are published numbers, ``near`` is how far a count may be off, in
    people. Wilson's score interval, at both ends of what rounding allows.
    """
    low, _ = _wilson(max(0, count - near), base)
    _, high = _wilson(min(base, count + near), base)
    return low, high


def _wilson(count: int, base: int) -> tuple[float, float]:
    """Return the score interval of a share (Wilson, JASA 22 (1927) 209)."""
    share, z = count / base, CERTAINTY
    middle = share + z * z / (2 * base)
    half = z * math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    whole = 1 + z * z / base
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
