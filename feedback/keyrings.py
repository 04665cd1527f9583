"""The keyring files of a team: read, replaced all at once, destroyed; blind to what they wrap."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from feedback.crypto import keyring
from feedback.errors import KeyringDamaged, StoreError
from feedback.folder import Folder
from feedback.store import audit
from feedback.store.files import write_json
from feedback.store.trouble import refusal

TEAM = "team"  # the name of the keyring that signs releases and draws their rounding
PARTS = ("codes", "words")
_STAGED, _READY = ".keyrings-staged", "keyrings-rewrapped"  # see ``replace_keyrings``

Keyring = Mapping[str, Any]


def read_keyring(folder: Folder, name: str) -> Keyring:
    """Return a keyring file. Raises KeyringDamaged when it is missing, unreadable or destroyed."""
    path = folder.keyring(name)
    for each in (folder.path / _READY / path.name, path):
        with suppress(FileNotFoundError, NotADirectoryError):
            return _parse(each)
    if name in destroyed(folder):
        raise KeyringDamaged(f"{path.name} was destroyed. What it sealed never opens again.")
    raise _unreadable(path)


def destroyed(folder: Folder) -> frozenset[str]:
    """Return the names of the keyrings that the team destroyed, as its audit log tells.

    A log that cannot be read names none: then every key is kept and asked for.
    """
    try:
        events = audit.read(folder.audit)
    except StoreError:
        return frozenset()
    return frozenset(name_in(e) for e in events if e["event"] == audit.Event.KEY_DESTROYED)


def name_in(event: Mapping[str, Any]) -> str:
    """Return the name of the keyring that an event about a key speaks of."""
    return f"{event['round']}-{event['part']}"


def log_key(folder: Folder, name: str, ring: Keyring, event: audit.Event, *, today: date) -> None:
    """Write down that a round's keyring was made or wrapped anew: for whom, how many open it."""
    terms = keyring.read_terms(ring)
    round_id, part = name.rsplit("-", 1)
    audit.append(
        folder.audit,
        event,
        today=today,
        round=round_id,
        part=part,
        needed=terms.needed,
        custodians=list(terms.custodians),
    )


def replace_keyrings(folder: Folder, rings: Mapping[str, Keyring], *, today: date) -> None:
    """Put keyrings in the place of the old ones: all of them or, when it raises, none.

    They are written to a folder apart, which counts from the moment it is renamed; then each
    file moves to its place. Copies of the old files open as before: custodians destroy them.

    Raises:
        StoreUnavailable: the disk is full or may not be written; the old ones stay in use.
    """
    staged, ready = folder.path / _STAGED, folder.path / _READY
    try:
        _settle(folder)
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(mode=0o700)
        for name, ring in rings.items():
            write_json(staged / folder.keyring(name).name, ring, mode=0o600)
        for name, ring in rings.items():
            if name != TEAM:
                log_key(folder, name, ring, audit.Event.KEY_REWRAPPED, today=today)
        staged.rename(ready)
    except OSError as error:
        raise refusal(f"The folder {folder.path}", error) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    with suppress(OSError):  # what stays there is read first, and moves the next time
        _settle(folder)


def destroy_keyring(folder: Folder, name: str, *, today: date) -> None:
    """Overwrite a keyring where it lies, remove it and write that down.

    One that lies elsewhere only is written down as destroyed too, so that it is neither asked
    for nor brought back. Raises StoreUnavailable when the file cannot be destroyed.
    """
    path = folder.keyring(name)
    round_id, part = name.rsplit("-", 1)
    try:
        _settle(folder)
        with suppress(FileNotFoundError):
            _overwrite(path)
            path.unlink()
    except OSError as error:
        raise refusal(f"The file {path}", error) from None
    gone = {"round": round_id, "part": part}
    audit.append(folder.audit, audit.Event.KEY_DESTROYED, today=today, **gone)


def _parse(path: Path) -> Keyring:
    try:
        ring: Keyring = json.loads(path.read_bytes())
        keyring.read_terms(ring)
    except (FileNotFoundError, NotADirectoryError):
        raise
    except (OSError, ValueError, KeyringDamaged):
        raise _unreadable(path) from None
    return ring


def _unreadable(path: Path) -> KeyringDamaged:
    return KeyringDamaged(
        f"{path.name} is missing or damaged. Nothing was opened and nothing is lost: every "
        "custodian holds a copy of this file. Put one in its place and try again."
    )


def _settle(folder: Folder) -> None:
    """Move rewrapped keyrings to their places, also those that a crash left waiting."""
    ready = folder.path / _READY
    if ready.exists():
        for path in ready.iterdir():
            path.replace(folder.path / path.name)
        ready.rmdir()


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
