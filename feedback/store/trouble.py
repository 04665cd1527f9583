"""Say in plain sentences what a disk or a database refused, never quoting what was to be stored."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from feedback.errors import StoreUnavailable

POSTGRES = ("postgresql://", "postgres://")
_KEPT = "Nothing was changed, and everything stored before is kept."


class Trouble(StrEnum):
    """What can go wrong with storage: what happened, what was kept, what to do."""

    BUSY = (
        f"is held by another program. {_KEPT} "
        "Close the other program or wait a minute, then try again."
    )
    READ_ONLY = (
        f"may only be read here. {_KEPT} "
        "Give this program permission to write there, then try again."
    )
    FULL = f"could not be written because the disk is full. {_KEPT} Make room, then try again."
    DAMAGED = (
        "is damaged. It was left exactly as it is. "
        "Put a copy of it aside, then restore the newest backup."
    )
    FOREIGN = "is not a file of Throughline's. It was left exactly as it is. Check the path."
    ABSENT = "cannot be found. Nothing was changed. Check the path and what the folder allows."
    FORBIDDEN = "may not be opened by this program. Nothing was changed. Check its permissions."
    DISK = (
        f"met an error of its disk or server. {_KEPT} "
        "Check the disk, its cable or the network, then try again."
    )
    SILENT = (
        f"does not answer. {_KEPT} "
        "Check that PostgreSQL is running and that its address is right, then try again."
    )
    NO_DRIVER = (
        "lies in PostgreSQL, for which a part is missing. Nothing was changed. "
        'Install it with: pip install "throughline[postgres]"'
    )
    NEWER = (
        "was written by a newer Throughline than this one. It was left exactly as it is. "
        "Install the newer program."
    )
    CLOSED = f"was closed. {_KEPT} Start the program again."


_BY_ERRNO = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.FORBIDDEN,
    errno.EPERM: Trouble.FORBIDDEN,
    errno.ENOENT: Trouble.ABSENT,
    errno.ENOTDIR: Trouble.ABSENT,
    errno.EISDIR: Trouble.FOREIGN,
}

_BY_SQLITE = {  # https://sqlite.org/rescode.html, primary codes
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.FORBIDDEN,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.FOREIGN,
    sqlite3.SQLITE_ERROR: Trouble.FOREIGN,  # "no such table": another program's database
    sqlite3.SQLITE_CANTOPEN: Trouble.ABSENT,
}

_BY_SQLSTATE = {  # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "42501": Trouble.READ_ONLY,
    "55P03": Trouble.BUSY,
    "57014": Trouble.BUSY,
    "40P01": Trouble.BUSY,
    "42P01": Trouble.ABSENT,
    "3D000": Trouble.ABSENT,
    "42703": Trouble.FOREIGN,
    "57P01": Trouble.SILENT,
    "57P03": Trouble.SILENT,
    "28P01": Trouble.FORBIDDEN,
    "28000": Trouble.FORBIDDEN,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
}


def cause(error: BaseException) -> Trouble:
    """Return what an error of the disk, of SQLite or of PostgreSQL means to a person."""
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, Trouble.DISK)
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, Trouble.DISK)
    if isinstance(error, ImportError):
        return Trouble.NO_DRIVER
    state = getattr(error, "sqlstate", None)
    return _BY_SQLSTATE.get(state, Trouble.DISK) if state else Trouble.SILENT


def refusal(what: str, trouble: BaseException | Trouble) -> StoreUnavailable:
    """Return the refusal to raise; ``what`` is the subject of its sentence, with the path."""
    found = trouble if isinstance(trouble, Trouble) else cause(trouble)
    return StoreUnavailable(f"{what} {found}")


def is_postgres(location: str | Path) -> bool:
    """Tell whether a location is the address of a PostgreSQL database."""
    return isinstance(location, str) and location.startswith(POSTGRES)


def file_path(location: str | Path) -> Path:
    """Return the path of a database file, given as a path or as a ``sqlite:///`` address."""
    return Path(str(location).removeprefix("sqlite:///"))


def place(location: str | Path) -> str:
    """Return a location as an error may show it: a path, or an address without its password."""
    if not is_postgres(location):
        return str(file_path(location))
    parts = urlsplit(str(location))
    return f"postgresql://{parts.hostname or 'localhost'}{parts.path}"
