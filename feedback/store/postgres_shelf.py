"""The box in PostgreSQL, for a large host; see docs/reference/storage.md for what it owes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg

from feedback.store.shelf import Row
from feedback.store.sqlite_shelf import add_card_tables, blank_box, finished
from feedback.store.trouble import refusal

CONNECT_SECONDS = 10
LOCK_NUMBER = 0x54484C31  # held while the table is made
T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

_SESSION = "set synchronous_commit = on; set lock_timeout = '30s'; set client_min_messages = error"
_TABLE = """
create table if not exists response
    (rid bigint primary key, round text not null, env bytea not null);
alter table response alter column env set storage external
"""  # external: sealed bytes do not get shorter, so nobody need try
_ADD = """
insert into response
select * from unnest(%s::bigint[], %s::text[], %s::bytea[])
on conflict (rid) do nothing returning rid
"""
# Every row remembers the transaction that stored it, through VACUUM FULL and CLUSTER. Only rows
# inserted anew forget it; ``truncate`` throws the old files away when the transaction ends.
_LOCK = "lock table response in access exclusive mode"
_MIX = """
create temporary table mixing on commit drop as select * from response order by random();
truncate response;
insert into response select * from mixing order by random()
"""
# Made with the first cards. A card that was crossed out remembers the transaction in which it was,
# which is that of its row: mixing throws its file away too.
_CARDS = """
create table if not exists card (mark bytea primary key, round text not null);
create table if not exists carded (round text primary key, people integer not null)
"""
_HAS_CARDS = "select to_regclass('card') is not null"
_USE_CARD = """
with used as (delete from card where mark = %s and round = %s returning round)
insert into carded select round, 1 from used
on conflict (round) do update set people = carded.people + 1
"""
_MIX_CARDS = """
create temporary table mixing_cards on commit drop as select * from card;
create temporary table mixing_carded on commit drop as select * from carded;
truncate card, carded;
insert into card select * from mixing_cards order by mark;
insert into carded select * from mixing_carded order by round
"""
_DUTIES = (
    ("track_commit_timestamp", "on", "keeps the time of every row; switch it off"),
    ("fsync", "off", "may lose rows when the power fails; switch it on"),
)


class PostgresShelf:
    """A box in the table ``response``, through one connection."""

    def __init__(self, url: str, place: str, *, create: bool) -> None:
        """Take an address, and the same without its password for errors."""
        self._url = url
        self._name = f"The box {place}"
        self._create = create
        self._db: Connection | None = None

    def add(self, rows: Sequence[Row], cards: Mapping[int, bytes]) -> set[int]:
        """Store rows in one transaction; see :class:`Shelf`."""

        def run(db: Connection) -> set[int]:
            with db.transaction():
                columns = [list(column) for column in zip(*sorted(rows), strict=True)]
                stored = {rid for (rid,) in db.execute(_ADD, columns)}
                used = [
                    (cards[rid], name) for rid, name, _ in rows if rid in stored and rid in cards
                ]
                if used and _truth(db, _HAS_CARDS):
                    for mark, name in sorted(used):
                        db.execute(_USE_CARD, [mark, name])
                doubtful = {rid: row for rid, _, row in rows if rid not in stored}
                there = self._read(db, list(doubtful))
                return {rid for rid, row in there if row != doubtful[rid]}

        return self._run(run)

    def add_cards(self, round_id: str, marks: Sequence[bytes]) -> None:
        """Store marks; the tables are made when they are missing."""

        def run(db: Connection) -> None:
            with db.transaction():
                db.execute("select pg_advisory_xact_lock(%s)", [LOCK_NUMBER])
                db.execute(_CARDS)
                sql = "insert into card select unnest(%s::bytea[]), %s on conflict do nothing"
                db.execute(sql, [list(marks), round_id])

        self._run(run)

    def cards_used(self, round_id: str) -> int:
        """Return the number beside a round."""

        def run(db: Connection) -> int:
            if not _truth(db, _HAS_CARDS):
                return 0
            found = db.execute("select people from carded where round = %s", [round_id]).fetchone()
            return int(found[0]) if found else 0

        return self._run(run)

    def fetch(self, rids: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return these rows in key order."""
        return self._run(lambda db: self._read(db, rids))

    def rids(self, round_id: str) -> set[int]:
        """Return the keys of a round."""
        sql = "select rid from response where round = %s"
        return self._run(lambda db: {rid for (rid,) in db.execute(sql, [round_id])})

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each round."""
        sql = "select round, count(*) from response group by round"
        return self._run(lambda db: dict(db.execute(sql).fetchall()))

    def delete_round(self, round_id: str) -> None:
        """Delete the rows of a round, and mix: their file is thrown away in the same moment."""

        def run(db: Connection) -> None:
            with db.transaction():
                db.execute(_LOCK)
                db.execute("delete from response where round = %s", [round_id])
                if _truth(db, _HAS_CARDS):
                    db.execute("delete from card where round = %s", [round_id])
                    db.execute("delete from carded where round = %s", [round_id])
                _mix(db)

        self._run(run)

    def holds_fewer_than(self, rows: int) -> bool:
        """Tell whether there are fewer rows, counting no further."""
        sql = "select count(*) < %s from (select from response limit %s) as first_ones"
        return self._run(lambda db: _truth(db, sql, rows, rows))

    def is_mixed(self) -> bool:
        """Tell whether one transaction stored all rows, as only a mix or the first batch does."""
        sql = "select count(distinct xmin::text) < 2 from response"
        return self._run(lambda db: _truth(db, sql))

    def mix(self) -> None:
        """Insert all rows anew in random order, in one transaction; others wait for its end."""

        def run(db: Connection) -> None:
            with db.transaction():
                db.execute(_LOCK)
                _mix(db)

        self._run(run)

    def check(self, row_bytes: int) -> tuple[str, ...]:
        """Look at the size of every row, and at settings of the server that would harm."""
        sizes = "select bool_and(octet_length(env) = %s) is not false from response"

        def run(db: Connection) -> tuple[str, ...]:
            wrong = " holds rows that have not the size of a sealed response."
            found = [] if _truth(db, sizes, row_bytes) else [f"{self._name}{wrong}"]
            for setting, bad, why in _DUTIES:
                if _truth(db, "select current_setting(%s) = %s", setting, bad):
                    found.append(f"{self._name}: the server's setting {setting} {why}.")
            return tuple(found)

        return self._run(run)

    def image(self) -> bytes:
        """Copy all rows, as they are at one moment, into an SQLite box in memory."""

        def run(db: Connection) -> bytes:
            with (
                db.transaction(),
                db.cursor("all_rows", binary=True) as cursor,
                blank_box() as copy,
            ):
                cursor.execute("select rid, round, env from response order by rid")
                copy.executemany("insert into response values (?, ?, ?)", cursor)
                if _truth(db, _HAS_CARDS):
                    cards = db.execute("select mark, round from card order by mark").fetchall()
                    used = db.execute("select round, people from carded").fetchall()
                    add_card_tables(copy, cards, used)
                return finished(copy)

        return self._run(run)

    def close(self) -> None:
        """Let go of the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _read(self, db: Connection, rids: Sequence[int]) -> list[tuple[int, bytes]]:
        sql = "select rid, env from response where rid = any(%s) order by rid"
        return [(rid, row) for rid, row in db.execute(sql, [rids], binary=True)] if rids else []

    def _run(self, job: Callable[[Connection], T]) -> T:
        """Do a job; once more when the server had gone away, since every job may be done twice."""
        fresh = self._db is None
        try:
            return job(self._connection())
        except psycopg.Error as error:
            lost = self._db is not None and self._db.broken
            self.close()
            if lost and not fresh:
                return self._run(job)
            raise refusal(self._name, error) from None

    def _connection(self) -> Connection:
        if self._db is None:
            self._db = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                prepare_threshold=None,  # so that a pooler may stand between
                application_name="throughline",
            )
            self._db.execute(_SESSION)
            if self._create:
                self._make(self._db)
        return self._db

    def _make(self, db: Connection) -> None:
        with db.transaction():
            db.execute("select pg_advisory_xact_lock(%s)", [LOCK_NUMBER])
            db.execute(_TABLE)
        self._create = False


def _mix(db: Connection) -> None:
    """Lay everything down anew, within a transaction that holds the lock."""
    db.execute(_MIX)
    if _truth(db, _HAS_CARDS):
        db.execute(_MIX_CARDS)


def _truth(db: Connection, sql: str, *given: object) -> bool:
    row = db.execute(sql, given).fetchone()
    return bool(row and row[0])
