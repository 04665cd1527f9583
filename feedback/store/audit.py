"""The audit log: who opened, published or destroyed what on which day, in one hash chain."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from feedback.errors import AuditBroken
from feedback.settings import ROUND_ID
from feedback.store.files import locked, read_file
from feedback.store.trouble import Trouble, refusal

LABEL = b"throughline audit 1\n"
NO_HEAD = "0" * 64  # what the first line follows
_TAIL_BYTES = 1 << 16  # far more than the longest line


class Event(StrEnum):
    """Everything that may ever be written down. What is not here is not logged."""

    TEAM_MADE = "team.made"
    KEY_MADE = "key.made"
    KEY_CONFIRMED = "key.confirmed"
    KEY_REWRAPPED = "key.rewrapped"
    KEY_DESTROYED = "key.destroyed"
    ROUND_OPENED = "round.opened"
    ROUND_CLOSED = "round.closed"
    OPENED = "opened"
    DRAFTED = "drafted"
    CHECKED = "checked"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    PARAPHRASES = "paraphrases.changed"
    BOARD_PUBLISHED = "board.published"
    BACKUP_MADE = "backup.made"
    RESTORED = "restored"
    IMPORTED = "imported"
    SETTINGS = "settings"


Check = Callable[[object], bool]


def _text(pattern: str) -> Check:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given) is not None


def _number(least: int) -> Check:
    return lambda given: type(given) is int and least <= given < 1 << 53


def _label(given: object) -> bool:
    return isinstance(given, str) and 0 < len(given) <= 64 and given.isprintable()


def _labels(given: object) -> bool:
    return isinstance(given, list | tuple) and 0 < len(given) <= 64 and all(map(_label, given))


_ROUND, _PART, _HASH = _text(ROUND_ID), _text("codes|words"), _text("[0-9a-f]{64}")
_KEY: dict[str, Check] = {"round": _ROUND, "part": _PART}

FIELDS: dict[Event, dict[str, Check]] = {  # every one must be given, no other may
    Event.TEAM_MADE: {},
    Event.KEY_MADE: _KEY | {"needed": _number(1), "custodians": _labels},
    Event.KEY_CONFIRMED: {"round": _ROUND, "custodians": _labels},
    Event.KEY_REWRAPPED: _KEY | {"needed": _number(1), "custodians": _labels},
    Event.KEY_DESTROYED: _KEY,
    Event.ROUND_OPENED: {"round": _ROUND},
    Event.ROUND_CLOSED: {"round": _ROUND},
    Event.OPENED: _KEY | {"responses": _number(0), "custodians": _labels},
    Event.DRAFTED: {"round": _ROUND},
    Event.CHECKED: {"round": _ROUND},
    Event.APPROVED: {"round": _ROUND, "by": _label},
    Event.PUBLISHED: {"round": _ROUND, "number": _number(1), "hash": _HASH},
    Event.WITHDRAWN: {"number": _number(1), "custodians": _labels},
    Event.PARAPHRASES: {"by": _label},
    Event.BOARD_PUBLISHED: {"hash": _HASH},
    Event.BACKUP_MADE: {"hash": _HASH},
    Event.RESTORED: {"hash": _HASH},
    Event.IMPORTED: {"round": _ROUND, "responses": _number(0)},
    Event.SETTINGS: {"changed": _labels},
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A log that holds. ``head``: 64 hex digits that stand for every line up to the last."""

    head: str
    events: int


def append(path: Path, event: Event, *, today: date, **fields: object) -> str:
    """Write one event down for good and return the new head.

    Raises:
        ValueError: a field is missing, is not on the list of this event, or has a wrong value.
        StoreUnavailable: the log could not be written; it is as it was.
    """
    body = _body(event, today, fields)
    with locked(path) as log:
        end, previous = _end(log, path)
        head = _link(previous, body)
        try:
            os.ftruncate(log, end)
            _write_all(log, f"{head} ".encode() + body + b"\n", end)
            os.fsync(log)
        except OSError:
            os.ftruncate(log, end)
            raise
    return head


def verify(path: Path, *, known: Iterable[str] = ()) -> Chain:
    """Follow the whole chain; every head written down elsewhere (``known``) must be in it.

    A known head may be all 64 digits or the words of :func:`head_words`. Without one, nobody
    can tell that lines were cut from the end.

    Raises:
        AuditBroken: a line was changed, removed or put elsewhere; it says which is the first.
    """
    heads = [NO_HEAD, *(head for head, _ in _walk(path))]
    for given in known:
        digits = given.replace(" ", "")
        if len(digits) < 15 or not any(head.startswith(digits) for head in heads):
            raise AuditBroken(len(heads), "a head that was written down is missing before it")
    return Chain(heads[-1], len(heads) - 1)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the events, oldest first, each with ``event``, ``day`` and its fields.

    Raises:
        AuditBroken: the chain does not hold.
    """
    return [json.loads(body) for _, body in _walk(path)]


def head_words(head: str) -> str:
    """Return a head as people write it into their minutes: ``f45c6 dc7eb 85ff9``."""
    return f"{head[:5]} {head[5:10]} {head[10:15]}"


def _body(event: Event, today: date, fields: dict[str, object]) -> bytes:
    checks = FIELDS[event]
    if fields.keys() != checks.keys():
        raise ValueError(f"{event} is written with {sorted(checks)}, not {sorted(fields)}")
    wrong = sorted(name for name, holds in checks.items() if not holds(fields[name]))
    if wrong:
        raise ValueError(f"{event} cannot be written down with this value of {wrong}")
    entry = {"event": event, "day": today.isoformat()} | fields
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")


def _link(previous: str, body: bytes) -> str:
    return hashlib.sha256(LABEL + previous.encode() + b"\n" + body).hexdigest()


def _end(log: int, path: Path) -> tuple[int, str]:
    """Return where the next line goes and the head there.

    A last line without its end was cut short by a crash before anybody was told that it was
    written, so the next line takes its place.
    """
    size = os.fstat(log).st_size
    start = max(0, size - _TAIL_BYTES)
    os.lseek(log, start, os.SEEK_SET)
    tail = os.read(log, _TAIL_BYTES)
    end = tail.rfind(b"\n") + 1
    if start and not end:
        raise refusal(f"The audit log {path}", Trouble.DAMAGED)
    line = tail[:end].splitlines()[-1] if end else b""
    return start + end, line[:64].decode("ascii", "replace") or NO_HEAD


def _write_all(log: int, line: bytes, at: int) -> None:
    os.lseek(log, at, os.SEEK_SET)
    while line:
        line = line[os.write(log, line) :]


def _walk(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each line's head and body while the chain holds."""
    previous = NO_HEAD
    *lines, rest = read_file(path).split(b"\n")
    for number, line in enumerate(lines, start=1):
        head, _, body = line.partition(b" ")
        if head != _link(previous, body).encode():
            raise AuditBroken(number, "it does not follow from the line before it")
        previous = head.decode()
        yield previous, body
    if rest:
        raise AuditBroken(len(lines) + 1, "it was not written to its end")
