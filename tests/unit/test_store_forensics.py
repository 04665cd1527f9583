"""Who takes the disk learns nothing of the order in which people wrote."""

from __future__ import annotations

import itertools
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from scipy.stats import spearmanr

from feedback.store.box import ROW_BYTES, Box, open_box

ROUND = "2026-Q4"
PEOPLE = 300
Rows = dict[int, bytes]  # in order of arrival

DIES_AFTER_FORTY = """
import os, random, signal, sys
from feedback.store.box import ROW_BYTES, open_box
made = random.Random(int(sys.argv[2]))
box = open_box(sys.argv[1])
for _ in range(40):
    box.put(made.getrandbits(63), "2026-Q4", made.randbytes(ROW_BYTES))
os.kill(os.getpid(), signal.SIGKILL)
"""


def some_rows(number: int, seed: int = 1) -> Rows:
    made = random.Random(seed)
    return {made.getrandbits(63): made.randbytes(ROW_BYTES) for _ in range(number)}


def put_all(box: Box, rows: Rows) -> None:
    for rid, row in rows.items():
        box.put(rid, ROUND, row)


def places(path: Path, rows: Rows) -> list[int]:
    """Return the place of each row in the raw file, as a reader of the disk finds it."""
    image = path.read_bytes()
    return [image.index(row) for row in rows.values()]


def order(places: list[int]) -> float:
    """Return how far places tell the order of arrival: 0 not at all, 1 wholly."""
    return abs(float(spearmanr(range(len(places)), places).statistic))


def in_key_order(path: Path, rows: Rows) -> bool:
    try:
        found = places(path, {rid: rows[rid] for rid in sorted(rows)})
    except ValueError:  # the file was read in the middle of a mix
        return False
    return found == sorted(found)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def unmixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every box is so large that it is mixed only when it is closed."""
    monkeypatch.setattr("feedback.store.box.SMALL_ROWS", 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    open_box(tmp_path / "box.sqlite", create=True).close()
    return tmp_path / "box.sqlite"


def test_before_mixing_places_tell_next_to_nothing(path: Path, unmixed: None) -> None:
    rows = some_rows(PEOPLE)
    with open_box(path) as box:
        put_all(box, rows)
        assert order(places(path, rows)) < 0.3


def test_after_closing_rows_lie_in_key_order(path: Path) -> None:
    rows = some_rows(PEOPLE)
    with open_box(path) as box:
        put_all(box, rows)
    assert in_key_order(path, rows)
    assert order(places(path, rows)) < 0.15
    arrival = {rid: n for n, rid in enumerate(rows)}
    neighbours = itertools.pairwise(arrival[rid] for rid in sorted(rows))
    assert sum(abs(a - b) == 1 for a, b in neighbours) < 10


def test_each_row_fills_one_page_and_none_runs_over(path: Path) -> None:
    with open_box(path) as box:
        put_all(box, some_rows(PEOPLE))
    with closing(sqlite3.connect(path)) as db:
        pages = dict(db.execute("select pagetype, count(*) from dbstat group by pagetype"))
        full = db.execute("select max(ncell) from dbstat where pagetype='leaf'").fetchone()
    assert "overflow" not in pages
    assert pages["leaf"] == PEOPLE + 1  # the last is the schema's
    assert full == (1,)


def test_no_second_place_keeps_the_keys_in_order_of_arrival(path: Path, unmixed: None) -> None:
    # An index lays its entries down as they come, and names each by its eight-byte key.
    rows = some_rows(PEOPLE)
    with open_box(path) as box:
        put_all(box, rows)
        image = path.read_bytes()
    assert not [rid for rid in rows if rid.to_bytes(8) in image]


def test_the_file_keeps_no_time_and_no_counter(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("select name, type from sqlite_master").fetchall()
        columns = [name for _, name, *_ in db.execute("pragma table_info(response)")]
    assert tables == [("response", "table")]
    assert columns == ["rid", "round", "env"]


def test_a_quiet_box_is_mixed_within_seconds(path: Path) -> None:
    rows = some_rows(40)
    with open_box(path) as box:
        put_all(box, rows)
        assert within(8, lambda: in_key_order(path, rows))


def test_a_busy_small_box_is_mixed_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.store.box.LATEST_SECONDS", 1.0)
    rows = some_rows(40)
    with open_box(path) as box:
        put_all(box, rows)

        def somebody_writes() -> bool:
            box.put(secrets.randbits(63), ROUND, secrets.token_bytes(ROW_BYTES))
            return in_key_order(path, rows)

        assert within(8, somebody_writes)


def test_a_large_box_is_mixed_rarely(path: Path, unmixed: None) -> None:
    rows = some_rows(40)
    with open_box(path) as box:
        put_all(box, rows)
        assert not within(1, lambda: in_key_order(path, rows))
    assert in_key_order(path, rows)


def test_a_box_whose_program_was_killed_is_mixed_when_opened(path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", DIES_AFTER_FORTY, str(path), "5"], check=False)
    assert run.returncode == -signal.SIGKILL
    made, rows = random.Random(5), {}
    for _ in range(40):
        rid = made.getrandbits(63)
        rows[rid] = made.randbytes(ROW_BYTES)
    with open_box(path) as box:
        assert in_key_order(path, rows)
        assert box.rids(ROUND) == set(rows)


def test_a_mix_that_failed_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.store.sqlite_shelf.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("feedback.store.box.QUIET_SECONDS", 1.0)
    rows = some_rows(40)
    with open_box(path) as box, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        put_all(box, rows)
        reader.execute("begin")
        reader.execute("select count(*) from response").fetchone()  # holds every writer off
        assert not within(1.2, lambda: in_key_order(path, rows))
        reader.execute("commit")
        assert within(8, lambda: in_key_order(path, rows))


def test_a_backup_is_mixed_although_the_box_is_not(path: Path, unmixed: None) -> None:
    rows = some_rows(40)
    with open_box(path) as box:
        put_all(box, rows)
        image = path.with_name("image")
        image.write_bytes(box.backup_bytes())
        assert in_key_order(image, rows)
        assert not in_key_order(path, rows)


def test_of_a_deleted_round_no_byte_stays(path: Path) -> None:
    gone, kept = some_rows(60, seed=2), some_rows(5, seed=3)
    with open_box(path) as box:
        put_all(box, gone)
        for rid, row in kept.items():
            box.put(rid, "2027-Q1", row)
        box.delete_round(ROUND)
        files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not [row for row in gone.values() if row[100:200] in files or row[-99:] in files]
    assert all(row in files for row in kept.values())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL, empty, for as long as the tests run."""
    patch = pytest.MonkeyPatch()  # the wheel warns when nobody says where its socket may lie
    patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pgserver

    running = pgserver.get_server(tmp_path_factory.getbasetemp() / "postgres")
    yield running.get_uri()
    running.cleanup()
    patch.undo()


@pytest.fixture
def address(server: str) -> str:
    name = f"box_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"create database {name}")
    return server.replace("/postgres?", f"/{name}?")


def postgres_places(address: str, rows: Rows) -> tuple[list[int], list[int], set[str]]:
    """Return each row's place in the table and in its side table, and all transaction numbers."""
    with psycopg.connect(address) as db:
        table = db.execute(
            "select rid, (ctid::text::point)[0] * 1000 + (ctid::text::point)[1],"
            " xmin::text from response"
        ).fetchall()
        side = db.execute(
            "select reltoastrelid::regclass::text from pg_class where relname = 'response'"
        ).fetchone()
        assert side is not None
        chunks = db.execute(
            f"select chunk_id::bigint, chunk_data from {side[0]} where chunk_seq = 0"  # noqa: S608
        ).fetchall()
    at = {rid: int(place) for rid, place, _ in table}
    number = {bytes(data[:64]): chunk for chunk, data in chunks}
    return (
        [at[rid] for rid in rows],
        [number[row[:64]] for row in rows.values()],
        {xmin for _, _, xmin in table},
    )


def test_mixing_postgresql_leaves_no_order_and_one_transaction(address: str) -> None:
    rows = some_rows(PEOPLE)
    with open_box(address, create=True) as box:
        put_all(box, rows)
        box.mix()
        table, side, transactions = postgres_places(address, rows)
        assert len(transactions) == 1
        assert order(table) < 0.3
        assert order(side) < 0.3


def test_postgresql_is_mixed_by_itself_and_when_closed(address: str) -> None:
    rows = some_rows(40)
    with open_box(address, create=True) as box:
        put_all(box, rows)
        assert within(8, lambda: len(postgres_places(address, rows)[2]) == 1)
        box.put(1, ROUND, secrets.token_bytes(ROW_BYTES))
    assert len(postgres_places(address, rows)[2]) == 1


def test_postgresql_throws_the_file_of_a_deleted_round_away(address: str) -> None:
    with open_box(address, create=True) as box, psycopg.connect(address, autocommit=True) as db:
        put_all(box, some_rows(5))
        before = db.execute("select pg_relation_filepath('response')").fetchone()
        box.delete_round(ROUND)
        assert db.execute("select pg_relation_filepath('response')").fetchone() != before
        assert box.counts() == {}


def test_postgresql_needs_four_rights_and_mixing_keeps_them(address: str) -> None:
    form = f"form_{secrets.token_hex(4)}"
    open_box(address, create=True).close()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(f"create role {form} login")
        db.execute(f"grant select, insert, delete, truncate on response to {form}")
    with open_box(address.replace("//postgres:@", f"//{form}:@")) as box:
        for round_id in ("a", "b", "a"):
            box.put(secrets.randbits(63), round_id, secrets.token_bytes(ROW_BYTES))
            box.mix()
        box.delete_round("a")
        assert box.counts() == {"b": 1}
        assert box.check() == ()
