"""Print what the store costs here: ``python tests/bench/bench_store.py [FOLDER]``."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from feedback.store.box import ROW_BYTES, Box, open_box

SECONDS = 3.0
MIXED = (100, 500, 2_000, 10_000)
RESIDENT = """
import sys
if len(sys.argv) > 1: __import__(sys.argv[1])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def main() -> None:
    """Measure in a folder of the disk that is meant; by default the temporary one."""
    with tempfile.TemporaryDirectory(dir=next(iter(sys.argv[1:]), None)) as name:
        folder = Path(name)
        print(f"fsyncs the disk gives          {fsyncs(folder / 'probe'):8.0f} /s")
        for threads in (1, 8, 32):
            rate, slow = durable_puts(folder / f"{threads}.sqlite", threads)
            print(f"durable puts, {threads:2} senders      {rate:8.0f} /s   p99 {slow:6.1f} ms")
        for rows in MIXED:
            mixing, backup, reading = costs(folder / f"mix{rows}.sqlite", rows)
            print(
                f"{rows:6} rows: mix {mixing * 1000:7.1f} ms, "
                f"backup {backup * 1000:7.1f} ms, read all {reading * 1000:7.1f} ms"
            )
    bare, box = resident(), resident("feedback.store.box")
    print(f"resident: bare Python {bare:.1f} MB, with the box {box:.1f} MB")


def fsyncs(path: Path) -> float:
    with path.open("wb", buffering=0) as file:
        begin = time.perf_counter()
        count = 0
        while time.perf_counter() - begin < SECONDS / 2:
            file.write(bytes(4096))
            os.fsync(file.fileno())
            count += 1
    return count / (time.perf_counter() - begin)


def durable_puts(path: Path, threads: int) -> tuple[float, float]:
    """Return puts a second and the 99th percentile of one put, in milliseconds."""
    took: list[float] = []
    with open_box(path, create=True) as box:
        begin = time.perf_counter()

        def send() -> None:
            while time.perf_counter() - begin < SECONDS:
                took.append(seconds(lambda: put(box)))

        senders = [threading.Thread(target=send) for _ in range(threads)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        whole = time.perf_counter() - begin
    return len(took) / whole, sorted(took)[int(len(took) * 0.99)] * 1000


def costs(path: Path, rows: int) -> tuple[float, float, float]:
    """Return the seconds of a mix, of a backup and of reading every row."""
    with open_box(path, create=True) as box:
        senders = [threading.Thread(target=fill, args=(box, rows // 10)) for _ in range(10)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        return (
            seconds(box.mix),
            seconds(box.backup_bytes),
            seconds(lambda: sum(1 for _ in box.rows("2026-Q4"))),
        )


def fill(box: Box, rows: int) -> None:
    for _ in range(rows):
        put(box)


def put(box: Box) -> None:
    box.put(secrets.randbits(63), "2026-Q4", secrets.token_bytes(ROW_BYTES))


def seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def resident(*module: str) -> float:
    run = [sys.executable, "-c", RESIDENT, *module]
    return int(subprocess.run(run, capture_output=True, text=True, check=True).stdout) / 1000


if __name__ == "__main__":
    main()
