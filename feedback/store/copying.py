"""Copy a SQLite database as it stands at one moment, also while others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from feedback.store.trouble import Trouble, file_path, refusal

BUSY_SECONDS = 30


def database_bytes(location: str | Path) -> bytes:
    """Return the whole database as the bytes of a file. It is not sealed: seal it.

    Raises:
        StoreUnavailable: it cannot be read, or is damaged.
    """
    path = file_path(location)
    name = f"The database {path}"
    uri = f"{path.absolute().as_uri()}?mode=rw"  # which never makes a file
    try:
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as db,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            db.backup(copy)
            if copy.execute("pragma quick_check(1)").fetchone()[0] != "ok":
                raise refusal(name, Trouble.DAMAGED)
            return copy.serialize()
    except sqlite3.Error as error:
        raise refusal(name, error) from None
