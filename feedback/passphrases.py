"""The file in which passphrases may be handed to a command: one line each, for its owner only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from feedback.errors import InvalidSettings, StoreUnavailable
from feedback.store.files import is_private, read_file

PASSWORD = "team password"  # noqa: S105 - the name of its line, not the password itself


def write_passphrases(path: Path, passphrases: Mapping[str, str], password: str) -> None:
    """Write passphrases to a new file that only its owner can read.

    Raises:
        StoreUnavailable: there is such a file already, or it cannot be written.
    """
    lines = [f"{name}: {words}\n" for name, words in passphrases.items()]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines([*lines, f"{PASSWORD}: {password}\n"])
    except OSError:
        raise StoreUnavailable(
            f"The passphrases cannot be written to {path}. Name a file that is not there yet."
        ) from None


def read_passphrases(path: Path) -> dict[str, str]:
    """Return passphrases by custodian; the team password's line is left out.

    Raises:
        StoreUnavailable: the file cannot be read.
        InvalidSettings: others can read it too, or a line is not ``name: words``.
    """
    if not is_private(path):
        problem = f"Other people can read it. Run: chmod 600 {path}"
        raise InvalidSettings(path.name, [problem])
    found: dict[str, str] = {}
    for number, line in enumerate(read_file(path).decode("utf-8", "replace").splitlines(), 1):
        name, colon, words = line.partition(":")
        if not line.strip() or line.startswith("#") or name.strip() == PASSWORD:
            continue
        if not colon or not words.strip():
            raise InvalidSettings(path.name, [f"Line {number} is not of the form name: words."])
        found[name.strip()] = words.strip()
    return found
