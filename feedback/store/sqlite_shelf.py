"""The box in one SQLite file: one row a page, rollback journal, every commit waits for the disk."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from feedback.store.shelf import Row
from feedback.store.trouble import Trouble, refusal

PAGE_BYTES = 8192  # holds one row, so that no page tells in which order two rows came
BOX_ID = 0x54484C31  # "THL1" in the file's header: this is a box, and of the first kind
BUSY_SECONDS = 30
MEMORY_ROWS = 500  # a larger box is mixed through a temporary file (of sealed rows), not memory

_PRAGMAS = (
    "journal_mode=truncate",
    "synchronous=full",
    "secure_delete=on",
    "temp_store=memory",
    "cache_size=-256",  # KiB; the form process has to stay small
)
# No index: SQLite lays index entries down in order of arrival. No time, no counter.
_TABLE = (
    "create table if not exists response"
    "(rid integer primary key, round text not null, env blob not null) strict"
)
# Made with the first cards. In key order, as hashes are, so that a page tells nothing either.
_CARDS = (
    "create table if not exists card"
    "(mark blob primary key, round text not null) strict, without rowid",
    "create table if not exists carded(round text primary key, people integer not null) strict",
)
_NO_TABLE = "select count(*) = 0 from sqlite_master where name = 'card'"


class SqliteShelf:
    """A box file. ``user_version`` is not 0 while rows lie there that were not yet mixed."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Take a path; the file is opened when it is first needed."""
        self._path = path
        self._name = f"The box {path}"
        self._create = create
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def add(self, rows: Sequence[Row], cards: Mapping[int, bytes]) -> set[int]:
        """Store rows in one transaction; see :class:`Shelf`."""
        with self._change() as db:
            return {row[0] for row in sorted(rows) if not _add_row(db, row, cards.get(row[0]))}

    def add_cards(self, round_id: str, marks: Sequence[bytes]) -> None:
        """Store marks; the tables are made when they are missing."""
        with self._change() as db:
            add_card_tables(db, [(mark, round_id) for mark in marks])

    def cards_used(self, round_id: str) -> int:
        """Return the number beside a round."""
        with self._use() as db:
            if _truth(db, _NO_TABLE):
                return 0
            found = db.execute("select people from carded where round = ?", [round_id]).fetchone()
            return int(found[0]) if found else 0

    def fetch(self, rids: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return these rows in key order."""
        marks = ",".join("?" * len(rids))
        sql = f"select rid, env from response where rid in ({marks}) order by rid"  # noqa: S608 - question marks only
        with self._use() as db:
            return db.execute(sql, rids).fetchall()

    def rids(self, round_id: str) -> set[int]:
        """Return the keys of a round; reads the whole box, about 1 s for 100,000 rows."""
        with self._use() as db:
            found = db.execute("select rid from response where round = ?", [round_id])
            return {rid for (rid,) in found}

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each round; reads the whole box."""
        with self._use() as db:
            return dict(db.execute("select round, count(*) from response group by round"))

    def delete_round(self, round_id: str) -> None:
        """Delete the rows of a round; ``secure_delete`` writes zeros over them."""
        with self._change() as db:
            db.execute("delete from response where round = ?", [round_id])
            if not _truth(db, _NO_TABLE):
                db.execute("delete from card where round = ?", [round_id])
                db.execute("delete from carded where round = ?", [round_id])

    def holds_fewer_than(self, rows: int) -> bool:
        """Tell by the file's length, since a row is a page."""
        with self._use() as db:
            return _number(db, "page_count") < rows

    def is_mixed(self) -> bool:
        """Tell whether the mark in the file's header is away."""
        with self._use() as db:
            return _number(db, "user_version") == 0

    def mix(self) -> None:
        """Write the file anew in key order, in place: no old copy of it stays behind."""
        small = self.holds_fewer_than(MEMORY_ROWS)
        with self._use() as db:
            if not _is_sound(db):  # or the rewriting would lose what could still be saved
                raise refusal(self._name, Trouble.DAMAGED)
            mark = _number(db, "user_version")
            db.execute(f"pragma temp_store={'memory' if small else 'file'}")
            db.execute("vacuum")
        with self._change() as db:
            if mark and _number(db, "user_version") == mark:  # else rows came while it ran
                db.execute("pragma user_version=0")

    def check(self, row_bytes: int) -> tuple[str, ...]:
        """Let SQLite check its file, and look at the size of every row."""
        with self._use() as db:
            if not _is_sound(db):
                return (f"{self._name} {Trouble.DAMAGED}",)
            sizes = {size for (size,) in db.execute("select distinct length(env) from response")}
        wrong = f"{self._name} holds rows that have not the size of a sealed response."
        return (wrong,) if sizes - {row_bytes} else ()

    def image(self) -> bytes:
        """Copy the box into memory, mix the copy if need be, and return its bytes."""
        with self._use() as db, blank_box() as copy:
            db.backup(copy)
            return finished(copy)

    def close(self) -> None:
        """Let go of the file; a transaction that was under way is taken back."""
        if self._db is not None:
            self._db.close()
            self._db = None

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; after an error it is closed, and the next call opens a new one."""
        try:
            yield self._connection()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise refusal(self._name, error) from None
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, which leaves the mark when it changes rows."""
        with self._use() as db:
            db.execute("begin immediate")  # one that reads before it writes may fail at once
            before = db.total_changes
            yield db
            if db.total_changes > before:
                db.execute(f"pragma user_version={secrets.randbelow((1 << 31) - 1) + 1}")
            db.commit()

    def _connection(self) -> sqlite3.Connection:
        if self._create:
            self._make()
        found = self._path.stat()
        if self._db is not None and self._file != (found.st_dev, found.st_ino):
            self.close()  # the file was replaced, as by a restore: rows must go into the new one
        if self._db is None:
            self._db = self._connect()
            self._file = (found.st_dev, found.st_ino)
        return self._db

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode=rw"  # which never makes a file
        db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            for pragma in _PRAGMAS:
                db.execute(f"pragma {pragma}")
            if _number(db, "application_id") != BOX_ID:
                raise refusal(self._name, Trouble.FOREIGN)
        except BaseException:
            db.close()
            raise
        return db

    def _make(self) -> None:
        """Make the box in a file that is missing or empty, for its owner alone."""
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        if self._path.stat().st_size == 0:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as db:
                _make_table(db)
        self._create = False


@contextmanager
def blank_box() -> Iterator[sqlite3.Connection]:
    """Give an empty box in memory, to be filled and :func:`finished`."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _make_table(db)
        yield db


def finished(copy: sqlite3.Connection) -> bytes:
    """Return the bytes of a box in memory, mixed. One filled in key order is so already."""
    if _number(copy, "user_version"):
        copy.execute("vacuum")
        copy.execute("pragma user_version=0")
    return copy.serialize()


def add_card_tables(
    db: sqlite3.Connection,
    cards: Sequence[tuple[bytes, str]],
    used: Sequence[tuple[str, int]] = (),
) -> None:
    """Put cards, and how many were used, into a box; the tables are made when missing."""
    for table in _CARDS:
        db.execute(table)
    db.executemany("insert into card values (?, ?) on conflict do nothing", cards)
    db.executemany("insert into carded values (?, ?)", used)


def _make_table(db: sqlite3.Connection) -> None:
    for pragma in (f"page_size={PAGE_BYTES}", *_PRAGMAS):  # the size comes first or not at all
        db.execute(f"pragma {pragma}")
    db.execute("begin immediate")
    db.execute(_TABLE)
    db.execute(f"pragma application_id={BOX_ID}")
    db.commit()


def _add_row(db: sqlite3.Connection, row: Row, card: bytes | None) -> bool:
    """Insert a row unless its key is taken; tell whether it, byte by byte, lies there now."""
    done = db.execute("insert into response values (?, ?, ?) on conflict do nothing", row)
    if done.rowcount == 1:
        if card:
            _use_card(db, row[1], card)
        return True
    there = db.execute("select env from response where rid = ?", row[:1]).fetchone()
    return bool(there[0] == row[2])


def _use_card(db: sqlite3.Connection, round_id: str, mark: bytes) -> None:
    """Cross a card out and count one more; nothing when it does not lie there."""
    if _truth(db, _NO_TABLE):
        return
    found = db.execute("delete from card where mark = ? and round = ?", [mark, round_id])
    if found.rowcount == 1:
        db.execute(
            "insert into carded values (?, 1) on conflict do update set people = people + 1",
            [round_id],
        )


def _truth(db: sqlite3.Connection, sql: str) -> bool:
    return bool(db.execute(sql).fetchone()[0])


def _is_sound(db: sqlite3.Connection) -> bool:
    return bool(db.execute("pragma quick_check(1)").fetchone()[0] == "ok")


def _number(db: sqlite3.Connection, pragma: str) -> int:
    return int(db.execute(f"pragma {pragma}").fetchone()[0])
