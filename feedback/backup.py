"""Backups: a team's folder in one sealed file, without its keyrings, and a folder out of it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedback.crypto import agefile
from feedback.crypto.envelope import Part, Refusal, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.errors import (
    EnvelopeRefused,
    KeyringDamaged,
    RoundRefused,
    SealingError,
    StoreUnavailable,
)
from feedback.folder import Folder
from feedback.keyrings import PARTS, destroyed, read_keyring
from feedback.keyrings import TEAM as TEAM_KEYRING
from feedback.rounds import Round, load_round
from feedback.settings import ROUND_ID
from feedback.store import audit
from feedback.store.box import Box, open_box
from feedback.store.copying import database_bytes
from feedback.store.files import read_file, write_file, write_json
from feedback.store.trouble import file_path, is_postgres, refusal

FORMAT = "throughline backup 1"
ABOUT, BOX, TEAM = "backup.json", "box.sqlite", "team.sqlite"
PRIVATE, COMMON = 0o600, 0o644
_READINGS = 20  # how often the files are read again because somebody published meanwhile
_PAUSE = 0.05  # seconds between two readings

_ID = ROUND_ID.strip("^$")
_KEPT = re.compile(
    r"team\.toml|(public|access|board|cards|codebook)\.json|audit\.log"
    r"|ledger/((withdrawn-)?[0-9]{4,}|team-key)\.json"
    rf"|(round|plan|codebook|closed|draft|reached)-{_ID}\.json|imported-{_ID}\.txt|importing-{_ID}\.rows|snapshot-{_ID}\.age"
)
_IN_LEDGER = {  # what the log tells of, and how the names of those files begin
    audit.Event.PUBLISHED: "ledger/0",
    audit.Event.WITHDRAWN: "ledger/withdrawn-",
}
_SAME = "the copy holds every sealed response."
_OTHERS = "the copy does not hold the same sealed responses."
_FOR_ALL = re.compile(
    r"team\.toml|(public|board|codebook)\.json|ledger/.*|(round|plan|codebook|closed)-.*"
)

Check = Callable[[Folder], Sequence[str]]  # what is wrong with a folder, in plain sentences
Files = Mapping[str, bytes]  # by path in the folder
Finding = tuple[bool, str]  # whether it holds, and the sentence that says so
RoundKeys = Mapping[str, tuple[Identity, Identity | None]]  # codes, and words if enough came


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup before it is written. ``hash``: SHA-256 of the file, as the audit log has it.

    ``round``: the codes key of this round opens it. ``whole``: False when the team's database
    lies in PostgreSQL and is not in it.
    """

    sealed: bytes = field(repr=False)
    round: str
    hash: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the day of the backup, and the head at which its audit log ended.

    ``whole``: as in ``Backup``. ``missing`` names keyrings of which a custodian's copy must be
    put there. ``refused`` names those that the team destroyed; a copy was there and not taken.
    """

    day: str
    head: str
    whole: bool
    missing: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill has proven and what did not hold, in plain sentences."""

    proven: tuple[str, ...]
    problems: tuple[str, ...]


def newest_round(folder: Folder) -> Round:
    """Return the round whose codes key seals a backup: the last that opened and can be opened.

    Raises:
        RoundRefused: there is none, so a backup could never be opened.
    """
    gone = destroyed(folder)
    found: dict[str, list[str]] = {audit.Event.KEY_MADE: [], audit.Event.ROUND_OPENED: []}
    for event in audit.read(folder.audit):
        if event["event"] in found and f"{event['round']}-codes" not in gone:
            found[event["event"]].append(event["round"])
    for rounds in (found[audit.Event.ROUND_OPENED], found[audit.Event.KEY_MADE]):
        if rounds:
            return load_round(folder, rounds[-1])
    raise RoundRefused(
        "No round has a codes key any more, so that a backup could never be opened. Make the "
        "next round first: throughline round open."
    )


def make_backup(folder: Folder, box: Box, team: str | Path, *, today: date) -> Backup:
    """Return everything but the keyrings, sealed to the codes key of the newest round.

    ``team`` is where the team's database lies. The copy is consistent although others go on
    writing; it takes about four times the memory of the box.

    Raises:
        StoreUnavailable: something is damaged or cannot be read, or people publish all the time.
        RoundRefused: no key is left that could open it.
        AuditBroken: the audit log does not hold.
    """
    a_round = newest_round(folder)
    files = _read_files(folder)
    whole = not is_postgres(team)
    if whole and file_path(team).exists():
        files[TEAM] = database_bytes(team)
    files[BOX] = box.backup_bytes()
    about = {
        "format": FORMAT,
        "round": a_round.id,
        "day": today.isoformat(),
        "whole": whole,
    }
    packed = _pack({ABOUT: json.dumps(about, indent=2).encode(), **files})
    sealed = agefile.encrypt(packed, a_round.recipients[:1])
    return Backup(sealed, a_round.id, hashlib.sha256(sealed).hexdigest(), whole)


def keep_backup(
    folder: Folder, made: Backup, path: Path, *, replace: bool = False, today: date
) -> None:
    """Write a backup to a file, whole or not at all, and write down that it was made.

    Raises:
        StoreUnavailable: there is such a file and it is not to be replaced, or the disk refuses.
    """
    if path.exists() and not replace:
        raise StoreUnavailable(f"There is a file {path} already. Nothing was changed.")
    write_file(path, made.sealed, mode=PRIVATE)
    audit.append(folder.audit, audit.Event.BACKUP_MADE, today=today, hash=made.hash)


def open_backup(sealed: bytes, identities: Iterable[Identity]) -> dict[str, bytes]:
    """Return the files of a backup by the first key that opens it; every byte was checked.

    Raises:
        SealingError: none of the keys opens it.
        StoreUnavailable: it is no backup, or was changed or cut off.
    """
    for identity in identities:
        try:
            return _unpack(agefile.decrypt(sealed, identity))
        except EnvelopeRefused as refused:
            if refused.reason != Refusal.KEY:
                raise StoreUnavailable(
                    f"This backup cannot be opened: {refused.reason}. Nothing was changed. "
                    "Take another copy of it, or an older backup."
                ) from None
    raise SealingError(
        "No key that was given opens this backup. It needs the keyring of the codes of the round "
        "in which it was made; where that was destroyed, its backups are gone with it."
    )


def restore_backup(
    target: Folder,
    sealed: bytes,
    identities: Iterable[Identity],
    *,
    keyrings: Folder,
    check: Check,
    today: date,
) -> Restored:
    """Make a folder out of a backup and the keyring files. It is there whole or not at all.

    ``keyrings`` is any folder with a custodian's copies of them.

    Raises:
        StoreUnavailable: there is something in the folder already, the backup is damaged, what
            it holds does not hold, or the disk refuses.
        SealingError: no key opens it, or the team's own keyring is not among the keyrings.
    """
    path = target.path.resolve()
    _check_free(path)
    files = open_backup(sealed, identities)
    try:
        made = Folder(Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.")))
    except OSError as error:
        raise refusal(f"The folder {path.parent}", error) from None
    try:
        about = json.loads(files.pop(ABOUT))
        _write_files(made, files)
        missing, refused = _bring_keyrings(made, keyrings)
        problems = check(made)
        if problems:
            raise StoreUnavailable(
                "This backup was not restored, because what is in it does not hold. "
                + " ".join(problems)
            )
        head = audit.verify(made.audit).head
        digest = hashlib.sha256(sealed).hexdigest()
        audit.append(made.audit, audit.Event.RESTORED, today=today, hash=digest)
        if path.exists():
            path.rmdir()
        made.path.rename(path)
        return Restored(str(about["day"]), head, bool(about["whole"]), missing, refused)
    except OSError as error:
        raise refusal(f"The folder {path}", error) from None
    finally:
        shutil.rmtree(made.path, ignore_errors=True)


def drill(
    folder: Folder, box: Box, team: str | Path, keys: RoundKeys, *, check: Check, today: date
) -> Drill:
    """Make a backup in memory, restore it to a folder that is removed again, and look inside.

    Raises whatever ``make_backup`` and ``restore_backup`` raise.
    """
    before = {round_id: box.rids(round_id) for round_id in keys}
    made = make_backup(folder, box, team, today=today)
    codes = [pair[0] for pair in keys.values()]
    found = [(True, f"A backup was made, sealed to the codes key of {made.round}, and restored.")]
    with _scratch_folder() as scratch:
        copy = Folder(scratch / "team")
        restore_backup(copy, made.sealed, codes, keyrings=folder, check=check, today=today)
        found += _compare_folders(copy, folder, made)
        with open_box(copy.box) as restored:
            for round_id, (codes_key, words_key) in keys.items():
                same = before[round_id] <= restored.rids(round_id) <= box.rids(round_id)
                found.append((same, f"{round_id}: {_SAME if same else _OTHERS}"))
                a_round = load_round(copy, round_id)
                found.append(_open_one(restored, a_round, codes_key, words_key))
                found += _open_snapshot(copy, round_id, codes_key)
    return Drill(
        proven=tuple(sentence for holds, sentence in found if holds),
        problems=tuple(sentence for holds, sentence in found if not holds),
    )


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    try:
        scratch = tempfile.TemporaryDirectory()
    except OSError as error:
        raise refusal("The folder for temporary files", error) from None
    with scratch as path:
        yield Path(path)


def _compare_folders(copy: Folder, folder: Folder, made: Backup) -> Iterator[Finding]:
    yield True, "The ledger, the audit log and the box of the restored copy hold."
    if _ledger(copy) != _ledger(folder):
        yield False, "The restored ledger is not the ledger of this folder."
    if (copy.path / TEAM).exists():
        database_bytes(copy.path / TEAM)
        yield True, "The team's database is in the copy and sound."
    if not made.whole:
        yield True, "The team's database lies in PostgreSQL: rehearse pg_dump and pg_restore too."


def _open_one(box: Box, a_round: Round, codes: Identity, words: Identity | None) -> Finding:
    """Open one response with the keys, and forget it."""
    tried = False
    for _, row in box.rows(a_round.id):
        tried = True
        with suppress(EnvelopeRefused):  # anybody can seal what does not open: try the next
            for_codes, for_words = split_row(row)
            open_part(for_codes, Part.CODES, codes, a_round.context)
            if words is None:
                return True, f"{a_round.id}: a response was opened, its codes but not its words."
            open_part(for_words, Part.WORDS, words, a_round.context)
            return True, f"{a_round.id}: a response was opened, its codes and its words."
    if tried:
        return False, f"{a_round.id}: no response in the copy opens with these keys."
    return True, f"{a_round.id}: no response has come yet; the passphrases open its keys."


def _open_snapshot(folder: Folder, round_id: str, codes: Identity) -> Iterator[Finding]:
    if folder.snapshot(round_id).exists():
        try:
            agefile.decrypt(read_file(folder.snapshot(round_id)), codes)
            yield True, f"{round_id}: what was opened and coded before can be read."
        except EnvelopeRefused:
            yield False, f"{round_id}: what was opened and coded before cannot be read."


def _ledger(folder: Folder) -> Files:
    return {path.name: read_file(path) for path in folder.ledger.glob("*.json")}


def _check_free(path: Path) -> None:
    try:
        taken = path.is_mount() or (path.exists() and any(path.iterdir()))
    except OSError as error:
        raise refusal(f"The folder {path}", error) from None
    if taken:
        raise StoreUnavailable(
            f"There is something in {path} already. Nothing was changed. Name a folder that is "
            "not there yet."
        )


def _read_files(folder: Folder) -> dict[str, bytes]:
    """Read the files of a folder as they stood together, though somebody may be publishing."""
    for _ in range(_READINGS):
        log = read_file(folder.audit)
        paths = sorted([*folder.path.iterdir(), *folder.ledger.glob("*")])
        names = {path.relative_to(folder.path).as_posix(): path for path in paths}
        files = {name: read_file(path) for name, path in names.items() if _KEPT.fullmatch(name)}
        # a release lies in the ledger a moment before the log tells of it
        told = [log.count(f'"event":"{event}"'.encode()) for event in _IN_LEDGER]
        there = [sum(name.startswith(start) for name in files) for start in _IN_LEDGER.values()]
        if files.get(folder.audit.name) == log and told == there:
            return files
        time.sleep(_PAUSE)
    raise StoreUnavailable(
        "Somebody else is working in this team all the time. No backup was made. Try again."
    )


def _write_files(folder: Folder, files: Files) -> None:
    folder.ledger.mkdir()
    for name, data in files.items():
        mode = COMMON if _FOR_ALL.fullmatch(name) else PRIVATE
        write_file(folder.path / name, data, mode=mode)


def _bring_keyrings(made: Folder, source: Folder) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Copy the keyrings that a restored folder needs, none that the team destroyed.

    Returns the names of those that are missing, and of destroyed ones that lie there. Without
    the team's own keyring nobody can tell whose releases these are: KeyringDamaged.
    """
    gone = destroyed(made)
    rounds = [path.stem.removeprefix("round-") for path in sorted(made.path.glob("round-*.json"))]
    write_json(made.keyring(TEAM_KEYRING), read_keyring(source, TEAM_KEYRING), mode=PRIVATE)
    missing = []
    for name in (f"{each}-{part}" for each in rounds for part in PARTS):
        if name not in gone:
            try:
                write_json(made.keyring(name), read_keyring(source, name), mode=PRIVATE)
            except KeyringDamaged:
                missing.append(name)
    refused = [name for name in sorted(gone) if source.keyring(name).exists()]
    return tuple(missing), tuple(refused)


def _pack(files: Files) -> bytes:
    """Return a tar file of these files, which says nothing of this computer and of the hour."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), PRIVATE
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def _unpack(packed: bytes) -> dict[str, bytes]:
    """Return the files of a backup. Whoever has the public key can make one: trust no name."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                known = entry.name in (ABOUT, BOX, TEAM) or _KEPT.fullmatch(entry.name)
                if content is None or not entry.isreg() or not known or entry.name in files:
                    raise ValueError(entry.name)
                files[entry.name] = content.read()
        about = json.loads(files[ABOUT])
        if about["format"] != FORMAT or not {"day", "whole"} <= about.keys() or BOX not in files:
            raise ValueError(FORMAT)
    except (tarfile.TarError, LookupError, TypeError, ValueError, AttributeError):
        raise StoreUnavailable(
            "This file opens, but it is not a backup that this program can read."
        ) from None
    return files
