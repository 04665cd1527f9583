"""Write whole files or nothing, and read them; what the disk refuses becomes a plain sentence."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feedback.store.trouble import Trouble, refusal

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl


def write_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replace a file at once: after a crash there is the old file or the new one, never half.

    Raises:
        StoreUnavailable: the disk is full, may not be written or failed; the old file is kept.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise refusal(f"The file {path}", error) from None


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises StoreUnavailable when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise refusal(f"The file {path}", error) from None


def write_json(path: Path, value: object, *, mode: int = 0o644) -> None:
    """Write a JSON document, or nothing. Raises StoreUnavailable."""
    write_file(path, json_bytes(value), mode=mode)


def json_bytes(value: object) -> bytes:
    """Return a JSON document for people too: indented, its keys in the order they were given."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds; the caller parses it
    """Return what a JSON document holds. Raises StoreUnavailable when it cannot be read."""
    try:
        return json.loads(read_file(path))
    except (ValueError, RecursionError):  # also text that is not UTF-8, and brackets without end
        raise refusal(f"The file {path}", Trouble.DAMAGED) from None


def is_private(path: Path) -> bool:
    """Tell whether nobody but its owner may read or change a file, as a passphrase file must be.

    Windows keeps permissions elsewhere, and a person's own folders are private there: True.

    Raises:
        StoreUnavailable: there is no such file.
    """
    try:
        return sys.platform == "win32" or path.stat().st_mode & 0o077 == 0
    except OSError as error:
        raise refusal(f"The file {path}", error) from None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int]:
    """Open a file for adding to it, made when absent, while no other process does.

    Yields its descriptor. Raises StoreUnavailable for whatever the disk refuses meanwhile.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _lock(handle)
            yield handle
        finally:
            os.close(handle)  # closing gives the lock back
    except OSError as error:
        raise refusal(f"The file {path}", error) from None


def _lock(handle: int) -> None:
    if sys.platform == "win32":  # pragma: no cover
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)
