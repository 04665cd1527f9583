"""A copied database is sound and of one moment, or there is none."""

import sqlite3
from contextlib import closing

import pytest

from feedback.errors import StoreUnavailable
from feedback.store.copying import database_bytes


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "team.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("create table note(text)")
        db.execute("insert into note values ('kept'), (null)")
    return path


def notes(image):
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(image)
        return db.execute("select text from note").fetchall()


def test_a_copy_holds_what_was_saved(database):
    assert notes(database_bytes(database)) == [("kept",), (None,)]
    assert notes(database_bytes(f"sqlite:///{database}")) == [("kept",), (None,)]


def test_a_copy_is_of_one_moment(database):
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("begin immediate")
        db.execute("delete from note")
        assert len(notes(database_bytes(database))) == 2
        db.execute("commit")
    assert notes(database_bytes(database)) == []


def test_what_is_not_sound_is_not_copied(database):
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("pragma writable_schema=on")
        db.execute("update sqlite_schema set sql = 'create table note(text not null)'")
    with pytest.raises(StoreUnavailable, match="damaged"):
        database_bytes(database)


def test_no_database_is_made_by_copying(tmp_path):
    with pytest.raises(StoreUnavailable):
        database_bytes(tmp_path / "none.sqlite")
    assert not list(tmp_path.iterdir())


def test_another_file_is_not_copied(tmp_path):
    (tmp_path / "letter").write_text("Dear all, " * 100)
    with pytest.raises(StoreUnavailable):
        database_bytes(tmp_path / "letter")
