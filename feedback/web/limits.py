"""How much may come from one address in an hour, without remembering who sent anything."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

PER_ADDRESS = 40  # responses an hour: a school or a shelter is one address
OVERALL = 2000  # responses an hour for the whole form
HOUR = 3600.0  # seconds; after it the key goes, and with it every bucket
MOST_BUCKETS = 10_000  # about 3 MB; past it only the overall bucket holds


@dataclass(slots=True)
class _Bucket:
    """Tokens of one sender, refilled evenly over an hour."""

    size: float
    tokens: float
    since: float

    def take(self, now: float) -> bool:
        self.tokens = min(self.size, self.tokens + (now - self.since) * self.size / HOUR)
        self.since = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Limits:
    """Token buckets in memory, under an HMAC whose key nobody knows and which lasts an hour."""

    def __init__(
        self,
        *,
        per_address: int = PER_ADDRESS,
        overall: int = OVERALL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_address = per_address
        self._overall = _Bucket(overall, overall, clock())
        self._clock = clock
        self._forget(clock())

    def take(self, address: str) -> bool:
        """Take one token for an address; say whether there was one."""
        now = self._clock()
        if now - self._born >= HOUR:
            self._forget(now)
        bucket = self._bucket(address, now)
        if bucket is not None and not bucket.take(now):
            return False
        return self._overall.take(now)

    def give_back(self, address: str) -> None:
        """Put a token back: what was sent could not be stored."""
        bucket = self._bucket(address, self._clock())
        for held in (bucket, self._overall):
            if held is not None:
                held.tokens = min(held.size, held.tokens + 1)

    def _forget(self, now: float) -> None:
        self._key = secrets.token_bytes(32)
        self._born = now
        self._buckets: dict[bytes, _Bucket] = {}

    def _bucket(self, address: str, now: float) -> _Bucket | None:
        name = hashlib.blake2b(_network(address), key=self._key, digest_size=16).digest()
        found = self._buckets.get(name)
        if found is None and len(self._buckets) < MOST_BUCKETS:
            found = self._buckets[name] = _Bucket(self._per_address, self._per_address, now)
        return found


def _network(address: str) -> bytes:
    """Return what counts as one sender: an IPv4 address, or the /64 that IPv6 gives a household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address.encode("utf-8", "replace")
    return parsed.packed if parsed.version == 4 else parsed.packed[:8]
