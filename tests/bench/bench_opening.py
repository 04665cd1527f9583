"""Print how fast a round is opened beside bare HPKE: ``python tests/bench/bench_opening.py``."""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from feedback import intake, opening
from feedback.crypto.envelope import PART_BYTES, Part
from feedback.crypto.recipient import Identity
from feedback.demonstration.people import invent
from feedback.folder import Folder
from feedback.questionnaire.answers import read_answers
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round
from feedback.store.box import Box, open_box

BARE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
HEADER_BYTES = 20
TURNS = 9
LOG = opening.Log(("Bench",), date(2026, 11, 23))


def main(people: int = 2_000) -> None:
    """Fill a round and open it again and again, in turns with bare HPKE on the same bytes."""
    codes, words = Identity.generate(), Identity.generate()
    ids = secrets.token_bytes(16), secrets.token_bytes(16)
    keys = codes.recipient, words.recipient
    a_round = Round("2026-Q4", load_questionnaire(), keys, *ids, plan_hash="")
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        with open_box(folder.box, create=True) as box:
            fill(box, a_round, people)
            rows = [row for _, row in box.rows(a_round.id)]
            compare(rows, a_round, codes, lambda: open_all(folder, a_round, box, codes, people))
            print_second_time(folder, a_round, box, codes)


def fill(box: Box, a_round: Round, people: int) -> None:
    def send(fields: tuple[tuple[str, str], ...]) -> None:
        answers = read_answers(fields, a_round.questionnaire, lang="en")
        intake.submit(answers, a_round, box)

    with ThreadPoolExecutor(32) as senders:
        list(senders.map(send, (person.fields for person in invent(people, seed=1, chapter=0))))


def compare(rows: list[bytes], a_round: Round, codes: Identity, ours: Callable[[], None]) -> None:
    """Print both rates by the clock and by processor time, each the best of several turns."""
    parts = [row[: PART_BYTES[Part.CODES]] for row in rows]
    sealed = [(part[HEADER_BYTES:], info(part, a_round)) for part in parts]

    def bare() -> None:
        for body, bound in sealed:
            BARE.decrypt(body, codes.hpke, info=bound)

    best = {
        (name, clock): 0.0 for name in ("bare", "ours") for clock in (perf_counter, process_time)
    }
    for _ in range(TURNS):
        for name, call in (("bare", bare), ("ours", ours)):
            begin = perf_counter(), process_time()
            call()
            for clock, start in zip((perf_counter, process_time), begin, strict=True):
                best[name, clock] = max(best[name, clock], len(rows) / (clock() - start))
    for clock, what in ((perf_counter, "by the clock"), (process_time, "by processor")):
        one, other = best["bare", clock], best["ours", clock]
        print(
            f"open codes {what:12}   bare HPKE {one:8,.0f} /s   whole opening {other:8,.0f} /s   "
            f"{other / one:.0%} (70 % at least)"
        )


def info(part: bytes, a_round: Round) -> bytes:
    return b"feedback-vault/1" + part[:HEADER_BYTES] + a_round.context


def open_all(folder: Folder, a_round: Round, box: Box, codes: Identity, people: int) -> None:
    """Read, open, check and seal everything as if for the first time."""
    folder.snapshot(a_round.id).unlink(missing_ok=True)
    found = opening.open_new(folder, a_round, box, codes=codes, words=None, log=LOG)
    if len(found.responses) != people:
        raise ValueError


def print_second_time(folder: Folder, a_round: Round, box: Box, codes: Identity) -> None:
    begin = perf_counter()
    opening.open_new(folder, a_round, box, codes=codes, words=None, log=LOG)
    print(f"a second time, nothing new: {(perf_counter() - begin) * 1000:.0f} ms, no row is opened")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
