"""Print how fast parts are sealed and opened beside bare HPKE, in one run on one core."""

import secrets
import sys
from collections.abc import Callable
from time import perf_counter

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from feedback.crypto import agefile
from feedback.crypto.envelope import BLOCK_BITS, Part, context, open_part, seal_part
from feedback.crypto.passphrase import STANDARD, derive
from feedback.crypto.recipient import Identity

BARE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
ROUNDS = 9


def rates(count: int, *actions: Callable[[], object]) -> list[float]:
    """Return calls a second of each action: the best of several rounds, taken in turns."""
    best = [0.0] * len(actions)
    for _ in range(ROUNDS):
        for number, action in enumerate(actions):
            start = perf_counter()
            for _ in range(count):
                action()
            best[number] = max(best[number], count / (perf_counter() - start))
    return best


def compare(what: str, count: int, bare: Callable[[], object], ours: Callable[[], object]) -> None:
    """Print one line: the bare rate, ours, and the share of it that is left."""
    first, second = rates(count, bare, ours)
    print(
        f"{what:12} bare HPKE {first:8,.0f}/s   with FVE1 {second:8,.0f}/s   {second / first:.0%}"
    )


def main(count: int = 500) -> None:
    """Print every figure."""
    identity, here, info = Identity.generate(), context(bytes(16), bytes(16)), bytes(68)
    key = identity.recipient.hpke
    for part in Part:
        data = secrets.token_bytes(2 ** BLOCK_BITS[part] - 100)
        block = secrets.token_bytes(2 ** BLOCK_BITS[part])
        bare = BARE.encrypt(block, key, info=info)
        sealed = seal_part(data, part, identity.recipient, here)
        compare(
            f"seal {part.name.lower()}",
            count,
            lambda block=block: BARE.encrypt(block, key, info=info),
            lambda data=data, part=part: seal_part(data, part, identity.recipient, here),
        )
        compare(
            f"open {part.name.lower()}",
            count,
            lambda bare=bare: BARE.decrypt(bare, identity.hpke, info=info),
            lambda sealed=sealed, part=part: open_part(sealed, part, identity, here),
        )
    print_slow_ones(identity)


def print_slow_ones(identity: Identity) -> None:
    """Print what is done once: a file of 16 MiB and one passphrase."""
    data = bytes(16 * 2**20)
    start = perf_counter()
    sealed = agefile.encrypt(data, [identity.recipient])
    middle = perf_counter()
    agefile.decrypt(sealed, identity)
    end = perf_counter()
    sealing, opening = 16 / (middle - start), 16 / (end - middle)
    print(f"age file     seal {sealing:,.0f} MiB/s   open {opening:,.0f} MiB/s")
    start = perf_counter()
    derive("a passphrase", cost=STANDARD)
    print(f"passphrase   {perf_counter() - start:.2f} s at {STANDARD.memory_kib // 1024} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
