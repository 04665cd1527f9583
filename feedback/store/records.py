"""The team's documents, every version kept; the only module that speaks SQLAlchemy."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from feedback.errors import EditConflict
from feedback.store.trouble import Trouble, file_path, is_postgres, place, refusal

SCHEMA = 1
BUSY_SECONDS = 30
LOCK_NUMBER = 0x54484C32  # held in PostgreSQL while the tables are made

_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:/-]{0,127}")

_METADATA = sa.MetaData()
_DOCUMENT = sa.Table(
    "document",
    _METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("saved_on", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
_ABOUT = sa.Table("about", _METADATA, sa.Column("schema", sa.Integer, nullable=False))
_SCHEMA_FOUND = sa.select(sa.func.max(_ABOUT.c.schema))


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document. ``author`` is the name of a role; ``body`` is what JSON holds."""

    kind: str
    id: str
    version: int
    saved_on: date
    author: str
    body: dict[str, Any] = field(repr=False)


class Records:
    """The team's database: one table to which versions of documents are only ever added."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        """Use :func:`open_records`."""
        self._engine = engine
        self._name = f"The team's database {name}"
        weakref.finalize(self, engine.dispose)  # so that no connection is left open

    def save(
        self,
        kind: str,
        id: str,
        body: Mapping[str, Any],
        *,
        expected: int,
        author: str,
        today: date,
    ) -> int:
        """Add a version after ``expected``, the one the author saw (0: none). Return its number.

        Raises:
            EditConflict: somebody else saved first; nothing was written, theirs is the latest.
            ValueError: a name, or what the body holds, cannot be kept.
            StoreUnavailable: nothing was written.
        """
        if not (_KIND.fullmatch(kind) and _ID.fullmatch(id) and author and author.isprintable()):
            raise ValueError("a document has a kind, an id and an author, in plain letters")
        new = Document(kind, id, expected + 1, today, author, dict(body))
        statement = _add_after_latest(new)
        saved = None
        with suppress(IntegrityError), self._connected() as db:  # refused: at the same moment
            saved = db.execute(statement).scalar()
        if saved is None:
            raise EditConflict(
                "Somebody else saved this first. Your text is not lost: "
                "compare it with the newer one, and save again."
            )
        return new.version

    def get(self, kind: str, id: str) -> Document | None:
        """Return the latest version of a document."""
        return next(iter(self._find(_of(kind, id), _DOCUMENT.c.version.desc(), limit=1)), None)

    def history(self, kind: str, id: str) -> list[Document]:
        """Return every version of a document, oldest first."""
        return self._find(_of(kind, id), _DOCUMENT.c.version)

    def latest(self, kind: str) -> list[Document]:
        """Return the latest version of each document of a kind, in the order of their ids."""
        other = _DOCUMENT.alias()
        newest = sa.select(sa.func.max(other.c.version)).where(
            other.c.kind == kind, other.c.id == _DOCUMENT.c.id
        )
        where = sa.and_(_DOCUMENT.c.kind == kind, _DOCUMENT.c.version == newest.scalar_subquery())
        return sorted(self._find(where, _DOCUMENT.c.id), key=lambda document: document.id)

    def close(self) -> None:
        """Let go of the database; what is asked later connects again."""
        self._engine.dispose()

    def _find(
        self,
        where: sa.ColumnElement[bool],
        order: sa.ColumnElement[Any],
        limit: int | None = None,
    ) -> list[Document]:
        with self._connected() as db:
            rows = db.execute(sa.select(_DOCUMENT).where(where).order_by(order).limit(limit)).all()
        return [
            Document(kind, id, version, date.fromisoformat(day), author, json.loads(body))
            for kind, id, version, day, author, body in rows
        ]

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise refusal(self._name, error.orig or error) from None

    def _prepare(self) -> None:
        """Make the tables in an empty database; refuse one of a newer or of another program."""
        with self._connected() as db:
            names = sa.inspect(db).get_table_names()
            if _ABOUT.name not in names:
                if names and db.dialect.name == "sqlite":
                    raise refusal(self._name, Trouble.FOREIGN)
                _make_tables(db)
            if (db.execute(_SCHEMA_FOUND).scalar() or 0) > SCHEMA:
                raise refusal(self._name, Trouble.NEWER)


def open_records(location: str | Path) -> Records:
    """Open the team's database at a path or a ``postgresql://`` address; make it when absent.

    Raises:
        StoreUnavailable: it cannot be reached, is damaged, or was made by a newer program.
    """
    name = place(location)
    try:
        engine = _postgres(str(location)) if is_postgres(location) else _sqlite(location)
    except (ImportError, OSError) as error:
        raise refusal(f"The team's database {name}", error) from None
    records = Records(engine, name)
    try:
        records._prepare()
    except BaseException:
        records.close()
        raise
    return records


def _postgres(url: str) -> sa.Engine:
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    return sa.create_engine(
        address, pool_pre_ping=True, connect_args={"connect_timeout": 10, "prepare_threshold": None}
    )


def _sqlite(location: str | Path) -> sa.Engine:
    path = file_path(location)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))  # a new one is its owner's alone
    url = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _set_up)
    return engine


def _set_up(db: sqlite3.Connection, _: object) -> None:
    for pragma in ("journal_mode=truncate", "synchronous=full", "secure_delete=on"):
        db.execute(f"pragma {pragma}")


def _make_tables(db: sa.Connection) -> None:
    """Make the tables, once, however many programs start at the same moment."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("begin immediate")
    else:
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER)))
    _METADATA.create_all(db)
    if db.execute(_SCHEMA_FOUND).scalar() is None:
        db.execute(_ABOUT.insert().values(schema=SCHEMA))


def _of(kind: str, id: str) -> sa.ColumnElement[bool]:
    return sa.and_(_DOCUMENT.c.kind == kind, _DOCUMENT.c.id == id)


def _add_after_latest(new: Document) -> sa.Insert:
    """Return the statement that adds a version if it comes right after the latest, and gives it."""
    latest = sa.select(sa.func.coalesce(sa.func.max(_DOCUMENT.c.version), 0))
    is_next = latest.where(_of(new.kind, new.id)).scalar_subquery() == new.version - 1
    body = json.dumps(new.body, allow_nan=False)
    values = (new.kind, new.id, new.version, new.saved_on.isoformat(), new.author, body)
    row = sa.select(*map(sa.literal, values)).where(is_next)
    return _DOCUMENT.insert().from_select(list(_DOCUMENT.c), row).returning(_DOCUMENT.c.version)
