"""The team's ledger as its files tell it: releases, withdrawals, the key that proves them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback.crypto import signing
from feedback.disclosure import ledger
from feedback.disclosure.export import level_rows
from feedback.disclosure.release import Release
from feedback.disclosure.withdrawal import Withdrawal, read_withdrawal, withdrawal_problems
from feedback.errors import LedgerBroken, ReleaseRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.keyrings import TEAM, read_keyring
from feedback.store import audit
from feedback.store.files import json_bytes, read_file, read_json, write_json

KEY_FORMAT = "throughline team key 1"
RELEASES, WITHDRAWALS = "[0-9]*.json", "withdrawn-[0-9]*.json"


@dataclass(frozen=True, slots=True)
class TeamKey:
    """The public key of a team, with which everybody can check what it published."""

    team: str
    public: bytes

    @property
    def fingerprint(self) -> str:
        """Return 25 letters and digits (100 bits) to compare over the telephone or on paper."""
        digits = hashlib.sha256(self.public).hexdigest()
        return " ".join(digits[place : place + 5] for place in range(0, 25, 5))

    def signed(self, data: bytes, signature: str) -> bool:
        """Return whether the team signed this."""
        return signing.verify(self.public, key_bytes(signature), data)


# ------------------------------------------------------------------ reading


def documents(folder: Folder) -> list[dict[str, Any]]:
    """Return every document of the ledger, in order. Raises LedgerBroken when one is damaged."""
    return _read_all(folder.ledger, RELEASES)


def withdrawals(folder: Folder) -> tuple[Withdrawal, ...]:
    """Return every withdrawal, by number. Raises LedgerBroken when one is damaged."""
    return _withdrawals(folder.ledger)


def releases(folder: Folder) -> tuple[Release, ...]:
    """Return every release that stands, oldest first; withdrawn ones have no numbers any more.

    Raises:
        LedgerBroken: a release was changed, or a file is damaged.
    """
    gone = {each.number for each in withdrawals(folder)}
    return tuple(
        Release.from_document(document)
        for document in documents(folder)
        if document["number"] not in gone
    )


def load_release(folder: Folder, number: int) -> Release:
    """Return one release. Raises ReleaseRefused when there is none, or it was withdrawn."""
    for withdrawn in withdrawals(folder):
        if withdrawn.number == number:
            raise ReleaseRefused(withdrawn.sentence)
    for document in documents(folder):
        if document["number"] == number:
            return Release.from_document(document)
    raise ReleaseRefused(f"There is no release {number}.")


def published_rows(found: Iterable[Release]) -> tuple[Mapping[str, object], ...]:
    """Return the rows of releases in the columns of the long export, groups by the ids of levels.

    The room of decisions compares ids; files that people read hold labels (``exports``).
    """
    return tuple(row for release in found for row in level_rows(release))


def summary(place: Path) -> tuple[list[dict[str, Any]], tuple[Withdrawal, ...]]:
    """Return the documents and withdrawals in a folder of releases. Raises LedgerBroken."""
    return _read_all(place, RELEASES), _withdrawals(place)


def _withdrawals(place: Path) -> tuple[Withdrawal, ...]:
    return tuple(map(read_withdrawal, _read_all(place, WITHDRAWALS)))


def _read_all(place: Path, pattern: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted(place.glob(pattern)):
        try:
            found.append(dict(read_json(path)))
            if type(found[-1].get("number")) is not int:
                raise ValueError
        except (StoreUnavailable, TypeError, ValueError):
            raise LedgerBroken(
                f"The release file {path.name} is damaged. Put the copy from your backup in its "
                "place."
            ) from None
    return found


# ------------------------------------------------------------------ the key that travels


def team_key(folder: Folder) -> TeamKey:
    """Return the team's public key. Raises KeyringDamaged without the team's keyring."""
    return TeamKey(folder.team().name, key_bytes(read_keyring(folder, TEAM).get("public")))


def write_team_key(folder: Folder) -> None:
    """Lay the public key beside the releases, to be handed over with them."""
    key = team_key(folder)
    public = {"format": KEY_FORMAT, "team": key.team, "public": key.public.hex()}
    write_json(folder.team_key, {**public, "fingerprint": key.fingerprint})


def read_team_key(path: Path) -> TeamKey:
    """Read what ``write_team_key`` wrote. Raises LedgerBroken when it is damaged."""
    try:
        data = read_json(path)
        key = TeamKey(str(data["team"]), key_bytes(data["public"]))
        if data["format"] != KEY_FORMAT or len(key.public) != signing.PUBLIC_BYTES:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise LedgerBroken(f"{path.name} is not the public key of a team.") from None
    return key


# ------------------------------------------------------------------ verifying


def ledger_problems(place: Path, key: TeamKey, *, last_hash: str | None = None) -> list[str]:
    """Return what does not hold in a folder of releases, in sentences; it needs no other file.

    ``last_hash``: of the newest release, as it is known from elsewhere.
    """
    try:
        found, taken_back = _read_all(place, RELEASES), _read_all(place, WITHDRAWALS)
        problems = withdrawal_problems(taken_back, found, key.signed)
        ledger.verify(found, key.signed, last_hash=last_hash)
    except LedgerBroken as broken:
        return [*broken.problems]
    return problems + [
        f"The release file {path.name} was changed after it was published."
        for pattern in (RELEASES, WITHDRAWALS)
        for path in sorted(place.glob(pattern))
        if not is_as_written(path)
    ]


def problems_by_the_log(folder: Folder, key: TeamKey | None = None) -> Iterator[str]:
    """Yield what does not hold in the team's own ledger, beside what its audit log tells.

    ``key``: with which to check; else the one that the team's keyring names.
    """
    events = audit.read(folder.audit)
    named = [event["hash"] for event in events if event["event"] == audit.Event.PUBLISHED]
    told = {event["number"] for event in events if event["event"] == audit.Event.WITHDRAWN}
    there = {withdrawn.number for withdrawn in withdrawals(folder)}
    if named or documents(folder):
        last = named[-1] if named else ""
        key = key or team_key(folder)
        yield from ledger_problems(folder.ledger, key, last_hash=last)
        if folder.team_key.exists() and read_team_key(folder.team_key).public != key.public:
            yield f"{folder.team_key.name} is not the key that this team signs with."
    for number in sorted(told - there):
        yield f"The withdrawal of release {number} is missing: put the copy from your backup back."
    for number in sorted(there - told):
        yield f"The log does not tell of the withdrawal of release {number}. Withdraw it once more."


def as_written(path: Path) -> Any:  # noqa: ANN401
    """Return what a JSON file holds. Raises ValueError when a byte of it is not as written."""
    data = read_file(path)
    value = json.loads(data)
    if json_bytes(value) != data:
        raise ValueError
    return value


def is_as_written(path: Path) -> bool:
    """Say whether every byte of a JSON file is as this program writes it."""
    try:
        as_written(path)
    except ValueError:
        return False
    return True


def key_bytes(text: object) -> bytes:
    """Return the bytes that lower-case hex digits stand for; none for anything else."""
    try:
        data = bytes.fromhex(str(text))
    except ValueError:
        return b""
    return data if data.hex() == text else b""
