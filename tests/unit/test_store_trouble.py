"""When a disk is full, locked, read-only or broken, nothing is lost and a sentence says so."""

from __future__ import annotations

import os
import random
import resource
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from feedback.errors import StoreUnavailable
from feedback.store.box import ROW_BYTES, Box, open_box

ROUND = "2026-Q4"
ROW = secrets.token_bytes(ROW_BYTES)

STORM = """
import random, sys, threading
from feedback.store.box import ROW_BYTES, open_box
box = open_box(sys.argv[1])
def send(start):
    for rid in range(start, 1 << 62, 8):
        box.put(rid, "2026-Q4", random.Random(rid).randbytes(ROW_BYTES))
        sys.stdout.write(f"{rid}\\n")
        sys.stdout.flush()
first = int(sys.argv[2])
for thread in range(8):
    threading.Thread(target=send, args=[first + thread]).start()
"""

HUNDRED = """
import sys
from feedback.store.box import ROW_BYTES, open_box
with open_box(sys.argv[1]) as box:
    for rid in range(int(sys.argv[2]), int(sys.argv[2]) + 100):
        box.put(rid, "2026-Q4", bytes(ROW_BYTES))
"""


def python(code: str, *given: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, given)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    open_box(tmp_path / "box.sqlite", create=True).close()
    return tmp_path / "box.sqlite"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.store.sqlite_shelf.BUSY_SECONDS", 0.05)


@pytest.fixture
def ordinary_person() -> Iterator[Path]:
    """A folder of somebody else, seen by one who is not root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def become_ordinary() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def test_every_acknowledged_row_survives_a_kill(path: Path) -> None:
    acknowledged: set[int] = set()
    for storm in range(4):
        child = python(STORM, path, storm * 1_000_000)
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(60 + 45 * storm)]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
        child.stdout.close()
        child.wait()
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        with open_box(path) as box:
            found = dict(box.rows(ROUND))
            assert box.check() == ()
        assert acknowledged <= found.keys()
    assert all(row == random.Random(rid).randbytes(ROW_BYTES) for rid, row in found.items())


def test_programs_share_a_file(path: Path) -> None:
    children = [python(HUNDRED, path, start) for start in (0, 1000, 2000)]
    for child in children:
        assert child.stdout is not None
        child.stdout.close()
        assert child.wait() == 0
    with open_box(path) as box:
        assert box.counts() == {ROUND: 300}
        assert box.check() == ()


def test_eight_senders_store_a_hundred_rows_a_second(path: Path) -> None:
    with open_box(path) as box, ThreadPoolExecutor(8) as senders:
        began = time.monotonic()
        list(senders.map(lambda rid: box.put(rid, ROUND, ROW), range(200)))
        assert time.monotonic() - began < 2


def test_a_full_disk_refuses_and_room_mends_it(path: Path) -> None:
    with open_box(path) as box:
        box.put(1, ROUND, ROW)
        leave_no_room(box)
        with pytest.raises(StoreUnavailable, match="the disk is full") as refused:
            box.put(2, ROUND, ROW)
        says_enough(refused.value, path)
        assert box.rids(ROUND) == {1}
        box.put(2, ROUND, ROW)  # there is room again
    with open_box(path) as box:
        assert dict(box.rows(ROUND)) == {1: ROW, 2: ROW}


def test_every_waiting_sender_hears_of_the_full_disk(path: Path) -> None:
    with open_box(path) as box:
        limit_files(path.stat().st_size)
        try:
            with ThreadPoolExecutor(16) as senders:
                stored = list(senders.map(lambda rid: is_stored(box, rid), range(16)))
        finally:
            limit_files(resource.RLIM_INFINITY)
        assert not any(stored)
        assert box.counts() == {}
        assert is_stored(box, 1)
        assert box.check() == ()


def test_a_locked_box_refuses_after_a_while(path: Path, impatient: None) -> None:
    with open_box(path) as box, closing(sqlite3.connect(path, isolation_level=None)) as other:
        box.put(1, ROUND, ROW)
        other.execute("begin exclusive")
        with pytest.raises(StoreUnavailable, match="held by another program") as refused:
            box.put(2, ROUND, ROW)
        says_enough(refused.value, path)
        other.execute("rollback")
        box.put(2, ROUND, ROW)
        assert box.rids(ROUND) == {1, 2}


def test_a_box_that_is_locked_for_a_moment_is_waited_for(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with open_box(path) as box, closing(other):
        other.execute("begin exclusive")
        soon = threading.Timer(0.3, lambda: other.execute("rollback"))
        soon.start()
        box.put(1, ROUND, ROW)
        soon.join()
        assert box.rids(ROUND) == {1}


def test_a_box_that_may_only_be_read_is_read(ordinary_person: Path) -> None:
    path = ordinary_person / "box.sqlite"
    with open_box(path, create=True) as box:
        box.put(1, ROUND, ROW)
    path.chmod(0o444)
    ordinary_person.chmod(0o555)
    become_ordinary()
    with open_box(path) as box:
        assert list(box.rows(ROUND)) == [(1, ROW)]
        assert box.check() == ()
        with pytest.raises(StoreUnavailable, match="may only be read here") as refused:
            box.put(2, ROUND, ROW)
        says_enough(refused.value, path)


def test_a_box_that_may_not_be_read_is_refused(ordinary_person: Path) -> None:
    path = ordinary_person / "box.sqlite"
    open_box(path, create=True).close()
    path.chmod(0o000)
    become_ordinary()
    with pytest.raises(StoreUnavailable, match="Check the path") as refused:
        open_box(path)
    says_enough(refused.value, path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    path.write_bytes(b"minutes of the meeting\n" * 400)
    with pytest.raises(StoreUnavailable, match="not a file of Throughline's") as refused:
        open_box(path, create=True)
    says_enough(refused.value, path)
    assert path.read_bytes() == b"minutes of the meeting\n" * 400


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table response(rid integer primary key, round text, env blob)")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="not a file of Throughline's"):
        open_box(path, create=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("page", [1, 5])
def test_a_damaged_box_is_found_and_left_alone(path: Path, page: int) -> None:
    with open_box(path) as box:
        for rid in range(20):
            box.put(rid, ROUND, ROW)
    image = bytearray(path.read_bytes())
    image[page * 8192 : page * 8192 + 100] = bytes(100)
    path.write_bytes(image)
    with open_box(path) as box:
        (found,) = box.check()
        with pytest.raises(StoreUnavailable, match="is damaged") as refused:
            box.mix()
    says_enough(refused.value, path)
    assert found == str(refused.value)
    assert "restore the newest backup" in found
    assert path.read_bytes() == image


def test_a_box_cut_short_is_refused_and_left_alone(path: Path) -> None:
    with open_box(path) as box:
        for rid in range(20):
            box.put(rid, ROUND, ROW)
    os.truncate(path, 8192 * 10)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="is damaged") as refused:
        open_box(path)
    says_enough(refused.value, path)
    assert path.read_bytes() == before


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found") as refused:
        open_box(tmp_path / "nowhere" / "box.sqlite", create=True)
    says_enough(refused.value, tmp_path / "nowhere" / "box.sqlite")


def test_a_folder_in_place_of_the_box_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"Check the path"):
        open_box(tmp_path)


def test_rows_go_into_the_box_that_was_restored_meanwhile(path: Path) -> None:
    with open_box(path) as box:
        box.put(1, ROUND, ROW)
        image = box.backup_bytes()
        box.put(2, ROUND, ROW)
        path.with_name("restored").write_bytes(image)
        path.with_name("restored").replace(path)
        box.put(3, ROUND, ROW)
        assert box.rids(ROUND) == {1, 3}
    with open_box(path) as again:
        assert again.rids(ROUND) == {1, 3}


def test_a_box_that_vanished_takes_no_rows(path: Path) -> None:
    with open_box(path) as box:
        path.unlink()
        with pytest.raises(StoreUnavailable, match="cannot be found"):
            box.put(1, ROUND, ROW)
    assert not path.exists()


def is_stored(box: Box, rid: int) -> bool:
    try:
        box.put(rid, ROUND, ROW)
    except StoreUnavailable:
        return False
    return True


def leave_no_room(box: Box) -> None:
    """Let SQLite refuse further pages with the error that it gives for a full disk, once."""
    box._ask(lambda: box._shelf._connection().execute("pragma max_page_count=1"))


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def says_enough(refused: StoreUnavailable, path: Path) -> None:
    text = str(refused)
    assert str(path) in text
    assert any(kept in text for kept in ("is kept", "left exactly as it is", "Nothing was changed"))
    assert text.count(". ") >= 2
    assert "sqlite3" not in text
    assert refused.__cause__ is None
