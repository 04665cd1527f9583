"""Every version of a team's document is kept, and of two who save at once one is told."""

from __future__ import annotations

import gc
import secrets
import sqlite3
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from feedback.errors import EditConflict, StoreUnavailable
from feedback.store.box import open_box
from feedback.store.records import Document, Records, open_records

TODAY = date(2026, 11, 23)
LATER = date(2027, 1, 9)


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
    name = f"team_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"create database {name}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "team.sqlite")
    return str(request.getfixturevalue("database"))


@pytest.fixture
def records(location: str) -> Iterator[Records]:
    opened = open_records(location)
    yield opened
    opened.close()


def save(records: Records, id: str = "D-1", *, expected: int = 0, **body: object) -> int:
    return records.save("decision", id, body, expected=expected, author="Coordinator", today=TODAY)


def test_a_document_comes_back_as_it_was_saved(records: Records) -> None:
    body = {"title": "Ask where to meet", "done": False, "areas": ["médico", "拠点"], "n": None}
    version = records.save(
        "decision", "D-1", body, expected=0, author="Police liaison", today=TODAY
    )
    assert version == 1
    assert records.get("decision", "D-1") == Document(
        "decision", "D-1", 1, TODAY, "Police liaison", body
    )


def test_the_next_version_keeps_the_first(records: Records) -> None:
    save(records, state="proposed")
    records.save("decision", "D-1", {"state": "agreed"}, expected=1, author="Advocate", today=LATER)
    states = [(d.version, d.saved_on, d.author, d.body) for d in records.history("decision", "D-1")]
    assert states == [
        (1, TODAY, "Coordinator", {"state": "proposed"}),
        (2, LATER, "Advocate", {"state": "agreed"}),
    ]
    latest = records.get("decision", "D-1")
    assert latest is not None
    assert latest.version == 2


def test_the_latest_of_each_kind_are_listed_by_id(records: Records) -> None:
    for id, expected in [("D-2", 0), ("D-10", 0), ("D-2", 1), ("a", 0), ("Z", 0)]:
        save(records, id, expected=expected)
    records.save("readiness", "D-9", {}, expected=0, author="Youth shelter", today=TODAY)
    found = [(document.id, document.version) for document in records.latest("decision")]
    assert found == [("D-10", 1), ("D-2", 2), ("Z", 1), ("a", 1)]


def test_what_was_never_saved_is_not_there(records: Records) -> None:
    assert records.get("decision", "D-1") is None
    assert records.history("decision", "D-1") == []
    assert records.latest("decision") == []


@pytest.mark.parametrize("expected", [0, 2, -1])
def test_saving_over_a_newer_version_is_refused(records: Records, expected: int) -> None:
    save(records, state="proposed")
    with pytest.raises(EditConflict, match="not lost"):
        save(records, expected=expected, state="agreed")
    assert [d.body for d in records.history("decision", "D-1")] == [{"state": "proposed"}]


def test_of_many_who_save_at_once_one_wins(records: Records) -> None:
    start = threading.Barrier(8)

    def try_to_save(who: int) -> bool:
        start.wait()
        try:
            save(records, who=who)
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        won = list(people.map(try_to_save, range(8)))
    assert sum(won) == 1
    (kept,) = records.history("decision", "D-1")
    assert kept.body == {"who": won.index(True)}


def test_two_programs_share_a_database(location: str, records: Records) -> None:
    other = open_records(location)
    save(records)
    assert save(other, expected=1) == 2
    assert len(records.history("decision", "D-1")) == 2
    other.close()


def test_programs_that_start_at_once_make_one_database(location: str) -> None:
    start = threading.Barrier(6)

    def begin(number: int) -> None:
        start.wait()
        records = open_records(location)
        save(records, f"D-{number}")
        records.close()

    with ThreadPoolExecutor(6) as programs:
        list(programs.map(begin, range(6)))
    records = open_records(location)
    assert len(records.latest("decision")) == 6
    records.close()


@pytest.mark.parametrize(
    ("kind", "id", "author"),
    [
        ("", "D-1", "Advocate"),
        ("Decision", "D-1", "Advocate"),
        ("decision", "", "Advocate"),
        ("decision", "D 1", "Advocate"),
        ("decision", "D-1", ""),
        ("decision", "D-1", "Advo\x00cate"),
    ],
)
def test_names_that_cannot_be_kept_are_a_mistake(
    records: Records, kind: str, id: str, author: str
) -> None:
    with pytest.raises(ValueError, match="kind, an id and an author"):
        records.save(kind, id, {}, expected=0, author=author, today=TODAY)


def test_a_body_that_json_cannot_hold_is_a_mistake(records: Records) -> None:
    with pytest.raises(TypeError):
        save(records, day=TODAY)
    with pytest.raises(ValueError, match="Out of range"):
        save(records, share=float("inf"))
    assert records.latest("decision") == []


def test_a_document_does_not_show_its_body_by_chance(records: Records) -> None:
    save(records, paraphrase="what a reviewer reads")
    assert "reviewer reads" not in repr(records.get("decision", "D-1"))


def test_a_database_of_a_newer_program_is_refused(location: str) -> None:
    open_records(location).close()
    address = location.replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(address if "://" in address else f"sqlite:///{location}")
    with engine.begin() as db:
        db.execute(sa.text("update about set schema = 2"))
    engine.dispose()
    with pytest.raises(StoreUnavailable, match="newer Throughline") as refused:
        open_records(location)
    assert "Install the newer program" in str(refused.value)


def test_records_left_open_give_their_connections_back(location: str) -> None:
    save(open_records(location))
    gc.collect()  # a connection that is still open now would warn, and a warning is an error


def test_a_closed_database_is_opened_again_when_needed(records: Records) -> None:
    save(records)
    records.close()
    assert len(records.latest("decision")) == 1


def test_a_new_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_records(tmp_path / "team.sqlite").close()
    assert (tmp_path / "team.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "team.sqlite"
    path.write_bytes(b"minutes of the meeting\n" * 400)
    with pytest.raises(StoreUnavailable, match="not a file of Throughline's") as refused:
        open_records(path)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == b"minutes of the meeting\n" * 400


def test_the_box_is_not_taken_for_the_teams_database(tmp_path: Path) -> None:
    open_box(tmp_path / "box.sqlite", create=True).close()
    before = (tmp_path / "box.sqlite").read_bytes()
    with pytest.raises(StoreUnavailable, match="not a file of Throughline's"):
        open_records(tmp_path / "box.sqlite")
    assert (tmp_path / "box.sqlite").read_bytes() == before


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found") as refused:
        open_records(tmp_path / "nowhere" / "team.sqlite")
    assert str(tmp_path / "nowhere" / "team.sqlite") in str(refused.value)


def test_a_locked_database_refuses_and_keeps_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.store.records.BUSY_SECONDS", 0.05)
    records = open_records(tmp_path / "team.sqlite")
    save(records)
    with closing(sqlite3.connect(tmp_path / "team.sqlite", isolation_level=None)) as other:
        other.execute("begin exclusive")
        with pytest.raises(StoreUnavailable, match="held by another program"):
            save(records, expected=1)
        other.execute("rollback")
    assert save(records, expected=1) == 2


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "team.sqlite"
    records = open_records(path)
    save(records)
    path.write_bytes(path.read_bytes()[:4096] + bytes(3 * 4096))
    with pytest.raises(StoreUnavailable, match="is damaged") as refused:
        records.latest("decision")
    assert str(path) in str(refused.value)


def test_postgresql_out_of_reach_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer") as refused:
        open_records("postgresql://team:sesame@127.0.0.1:1/feedback")
    assert "postgresql://127.0.0.1/feedback" in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_postgresql_that_was_restarted_is_met_again(database: str) -> None:
    records = open_records(database)
    save(records)
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert save(records, expected=1) == 2
    records.close()


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailable, match=r"throughline\[postgres\]"):
        open_records("postgres://localhost/feedback")
