"""The box keeps every row it acknowledged, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from feedback.errors import RowRefused, StoreUnavailable
from feedback.store.box import ROW_BYTES, Box, open_box
from feedback.store.files import write_file

ROUND = "2026-Q4"


def a_row() -> bytes:
    return secrets.token_bytes(ROW_BYTES)


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
def database(server: str) -> str:
    """An empty PostgreSQL database of its own."""
    name = f"box_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"create database {name}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "box.sqlite")
    return str(request.getfixturevalue("database"))


@pytest.fixture
def box(location: str) -> Iterator[Box]:
    with open_box(location, create=True) as made:
        yield made


def test_a_row_comes_out_as_it_went_in(box: Box) -> None:
    row = a_row()
    box.put(7, ROUND, row)
    assert list(box.rows(ROUND)) == [(7, row)]


def test_the_same_row_twice_counts_once(box: Box) -> None:
    row = a_row()
    box.put(7, ROUND, row)
    box.put(7, ROUND, row)
    assert box.counts() == {ROUND: 1}


def test_another_row_under_the_same_key_is_refused(box: Box) -> None:
    row = a_row()
    box.put(7, ROUND, row)
    with pytest.raises(RowRefused) as refused:
        box.put(7, ROUND, a_row())
    assert "7" not in str(refused.value)
    assert list(box.rows(ROUND)) == [(7, row)]


def test_of_many_senders_each_hears_of_their_own_row(box: Box) -> None:
    taken = a_row()
    box.put(0, ROUND, taken)

    def send(rid: int) -> bool:
        try:
            box.put(rid, ROUND, a_row())
        except RowRefused:
            return False
        return True

    with ThreadPoolExecutor(32) as senders:
        stored = list(senders.map(send, [0, 1, 2, 3, 4, 0, 5, 6, 7, 8, 9] * 8))
    assert sum(stored) == 9
    assert box.rids(ROUND) == set(range(10))


def test_rows_come_in_key_order_without_those_to_skip(box: Box) -> None:
    for rid in (2**63 - 1, 5, 0, 99):
        box.put(rid, ROUND, a_row())
    box.put(50, "2027-Q1", a_row())
    assert [rid for rid, _ in box.rows(ROUND, skip={5})] == [0, 99, 2**63 - 1]


def test_many_rows_are_read_in_pieces_while_others_arrive(box: Box) -> None:
    kept = {secrets.randbits(63): a_row() for _ in range(600)}
    with ThreadPoolExecutor(32) as senders:
        list(senders.map(lambda item: box.put(item[0], ROUND, item[1]), kept.items()))
    reading = box.rows(ROUND)
    first = next(reading)
    box.put(min(kept) // 2, ROUND, a_row())
    assert [first, *reading] == sorted(kept.items())


def test_rounds_are_counted_apart(box: Box) -> None:
    for rid, round_id in enumerate(["a", "b", "a"]):
        box.put(rid, round_id, a_row())
    assert box.counts() == {"a": 2, "b": 1}
    assert box.rids("a") == {0, 2}
    assert box.rids("c") == set()


def test_a_deleted_round_is_gone_and_the_others_stay(box: Box) -> None:
    for rid, round_id in enumerate(["a", "b", "a"]):
        box.put(rid, round_id, a_row())
    box.delete_round("a")
    assert box.counts() == {"b": 1}


def test_what_was_stored_is_there_after_opening_again(location: str) -> None:
    row = a_row()
    with open_box(location, create=True) as box:
        box.put(1, ROUND, row)
    with open_box(location) as again:
        assert list(again.rows(ROUND)) == [(1, row)]


def test_two_boxes_at_one_place_see_each_other(location: str, box: Box) -> None:
    with open_box(location) as other:
        other.put(1, ROUND, a_row())
        box.put(2, ROUND, a_row())
        assert other.rids(ROUND) == box.rids(ROUND) == {1, 2}


def test_a_backup_is_a_box_of_its_own(box: Box, tmp_path: Path) -> None:
    kept = {rid: a_row() for rid in (9, 3, 6)}
    for rid, row in kept.items():
        box.put(rid, ROUND, row)
    write_file(tmp_path / "restored.sqlite", box.backup_bytes())
    with open_box(tmp_path / "restored.sqlite") as restored:
        assert list(restored.rows(ROUND)) == sorted(kept.items())
        assert restored.check() == ()


def test_a_backup_of_an_empty_box_opens(box: Box, tmp_path: Path) -> None:
    write_file(tmp_path / "restored.sqlite", box.backup_bytes())
    with open_box(tmp_path / "restored.sqlite") as restored:
        assert restored.counts() == {}


def test_a_sound_box_passes_its_check(box: Box) -> None:
    box.put(1, ROUND, a_row())
    assert box.check() == ()


@pytest.mark.parametrize(
    ("rid", "round_id", "size"),
    [(-1, ROUND, ROW_BYTES), (2**63, ROUND, ROW_BYTES), (1, "", ROW_BYTES), (1, ROUND, 99)],
)
def test_what_could_never_be_a_row_is_a_mistake(
    box: Box, rid: int, round_id: str, size: int
) -> None:
    with pytest.raises(ValueError, match="a row has a key of 63 bits"):
        box.put(rid, round_id, bytes(size))


def test_a_closed_box_says_so(box: Box) -> None:
    box.close()
    box.close()
    with pytest.raises(StoreUnavailable, match="was closed"):
        box.put(1, ROUND, a_row())


def test_a_missing_box_is_not_made_by_chance(location: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found"):
        open_box(location)


def test_making_a_box_that_is_there_opens_it(location: str, box: Box) -> None:
    box.put(1, ROUND, a_row())
    with open_box(location, create=True) as again:
        assert again.counts() == {ROUND: 1}


def test_boxes_made_at_the_same_moment_are_one(location: str) -> None:
    start = threading.Barrier(6)

    def make(rid: int) -> None:
        start.wait()
        with open_box(location, create=True) as made:
            made.put(rid, ROUND, a_row())

    with ThreadPoolExecutor(6) as makers:
        list(makers.map(make, range(6)))
    with open_box(location) as box:
        assert box.rids(ROUND) == set(range(6))


def test_a_new_box_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_box(tmp_path / "box.sqlite", create=True).close()
    assert (tmp_path / "box.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_box_may_be_given_as_an_sqlite_address(tmp_path: Path) -> None:
    open_box(f"sqlite:///{tmp_path}/a box?.sqlite", create=True).close()
    assert (tmp_path / "a box?.sqlite").is_file()


def test_the_box_loads_nothing_heavy() -> None:
    code = "import sys, feedback.store.box; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"sqlalchemy", "pandas", "numpy", "psycopg", "pydantic", "streamlit", "cryptography"}
    assert heavy.isdisjoint(run.stdout.split())


def test_postgresql_that_was_restarted_is_met_again(database: str) -> None:
    with open_box(database, create=True) as box:
        box.put(1, ROUND, a_row())
        with psycopg.connect(database, autocommit=True) as db:
            db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'throughline' and datname = current_database()"
            )
        box.put(2, ROUND, a_row())
        assert box.rids(ROUND) == {1, 2}


def test_postgresql_out_of_reach_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer") as refused:
        open_box("postgresql://form:sesame@127.0.0.1:1/feedback")
    assert "postgresql://127.0.0.1/feedback" in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "feedback.store.postgres_shelf", raising=False)
    with pytest.raises(StoreUnavailable, match=r"throughline\[postgres\]"):
        open_box("postgresql://localhost/feedback")


def test_a_table_of_somebody_else_is_left_alone(database: str) -> None:
    with psycopg.connect(database) as db:
        db.execute("create table response (id integer)")
    with open_box(database) as box, pytest.raises(StoreUnavailable, match="Throughline"):
        box.counts()


def test_a_server_that_may_lose_rows_fails_the_check(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("alter system set fsync = off")
        db.execute("select pg_reload_conf()")
        try:
            for _ in range(600):
                with open_box(database, create=True) as box:
                    found = box.check()
                if found:
                    break
                time.sleep(0.05)
        finally:
            db.execute("alter system reset fsync")
            db.execute("select pg_reload_conf()")
    assert "fsync may lose rows" in " ".join(found)


def test_rows_of_another_size_fail_the_check(location: str, box: Box) -> None:
    put_foreign_row(location)
    assert any("size of a sealed response" in line for line in box.check())


def put_foreign_row(location: str) -> None:
    sql = "insert into response values (1, 'a', '{}')"
    if location.startswith("postgresql"):
        with psycopg.connect(location) as db:
            db.execute(sql.format("x"))
    else:
        db = sqlite3.connect(location)
        db.execute(sql.replace("'{}'", "x'00'"))
        db.commit()
        db.close()


def test_a_card_is_crossed_out_with_its_row(location: str, box: Box) -> None:
    marks = [bytes([n]) * 32 for n in range(3)]
    box.add_cards("2026-Q4", marks)
    assert box.cards_used("2026-Q4") == 0
    first, second = (secrets.token_bytes(ROW_BYTES) for _ in range(2))
    box.put(1, "2026-Q4", first, card=marks[0])
    box.put(1, "2026-Q4", first, card=marks[1])  # a retry uses no other card up
    box.put(2, "2026-Q4", second, card=marks[0])
    with pytest.raises(RowRefused):
        box.put(2, "2026-Q4", first, card=marks[1])
    assert box.cards_used("2026-Q4") == 1
    assert box.cards_used("2027-Q1") == 0
    box.mix()
    box.put(3, "2026-Q4", first, card=marks[1])
    assert (box.cards_used("2026-Q4"), len(box.rids("2026-Q4"))) == (2, 3)
    box.delete_round("2026-Q4")
    assert box.cards_used("2026-Q4") == 0


def test_a_backup_holds_the_cards(location: str, box: Box, tmp_path: Path) -> None:
    box.add_cards("2026-Q4", [b"1" * 32, b"2" * 32])
    box.put(1, "2026-Q4", secrets.token_bytes(ROW_BYTES), card=b"1" * 32)
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(box.backup_bytes())
    with open_box(copy) as restored:
        assert restored.cards_used("2026-Q4") == 1
        restored.put(2, "2026-Q4", secrets.token_bytes(ROW_BYTES), card=b"2" * 32)
        assert restored.cards_used("2026-Q4") == 2
