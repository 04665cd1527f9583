"""A round as its files tell it: what it asks, the keys it locks with, and whether it is open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from feedback.crypto.envelope import context
from feedback.crypto.recipient import Recipient
from feedback.errors import InvalidSettings, LedgerBroken, RoundRefused, SealingError
from feedback.folder import Folder
from feedback.questionnaire.definition import Questionnaire

FORMAT = "throughline round 1"


def quarter(day: date, *, later: int = 0) -> str:
    """Return the id of the round that a team would open on a day, or so many quarters later."""
    index = day.year * 4 + (day.month - 1) // 3 + later
    return f"{index // 4}-Q{index % 4 + 1}"


class State(StrEnum):
    """Where a round stands. Each state follows the one before it, and none comes back.

    But for one thing: a round that was closed on fewer than k people opens again.
    """

    PREPARED = "prepared"  # keys are made; nobody has shown yet that a passphrase works
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Round:
    """The public half of a round: what is asked, and how to lock answers.

    ``recipients``: the codes key and the words key. ``deployment`` and ``team``: 16 bytes
    each, bound into every envelope so that it opens for no other round and team.
    ``plan_hash``: SHA-256 of the release plan, frozen before the round opens.
    """

    id: str
    questionnaire: Questionnaire
    recipients: tuple[Recipient, Recipient]
    deployment: bytes
    team: bytes
    plan_hash: str

    @property
    def context(self) -> bytes:
        """Return the 32 bytes that bind an envelope to this round and team."""
        return context(self.deployment, self.team)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of `public.json`; ``read_round`` reads it back."""
        return {
            "format": FORMAT,
            "round": self.id,
            "plan_hash": self.plan_hash,
            "deployment": self.deployment.hex(),
            "team": self.team.hex(),
            "codes": self.recipients[0].public.hex(),
            "words": self.recipients[1].public.hex(),
            "questionnaire": self.questionnaire.to_dict(),
        }


def read_round(data: bytes, name: str = "The file of the round") -> Round:
    """Read what ``Round.to_dict`` made. Raises InvalidSettings when it is damaged."""
    try:
        fields = json.loads(data)
        if fields["format"] != FORMAT:
            raise ValueError
        return Round(
            id=fields["round"],
            questionnaire=Questionnaire.from_dict(fields["questionnaire"]),
            recipients=(
                Recipient(bytes.fromhex(fields["codes"])),
                Recipient(bytes.fromhex(fields["words"])),
            ),
            deployment=bytes.fromhex(fields["deployment"]),
            team=bytes.fromhex(fields["team"]),
            plan_hash=fields["plan_hash"],
        )
    except (ValueError, KeyError, TypeError, SealingError):
        raise InvalidSettings(
            name,
            ["It is damaged. Put the copy from your backup in its place; no answer is lost."],
        ) from None


def open_round(folder: Folder) -> Round | None:
    """Return the round that takes answers now, or None."""
    try:
        return read_round(folder.public.read_bytes(), folder.public.name)
    except FileNotFoundError:
        return None
    except OSError:
        raise InvalidSettings(folder.public.name, ["It cannot be read."]) from None


def load_round(folder: Folder, round_id: str) -> Round:
    """Return a round that was made, open or not. Raises RoundRefused when there is none."""
    path = folder.round(round_id)
    try:
        return read_round(path.read_bytes(), path.name)
    except FileNotFoundError:
        raise RoundRefused(f"There is no round {round_id} in this team.") from None
    except OSError:
        raise InvalidSettings(path.name, ["It cannot be read."]) from None


def states(folder: Folder) -> dict[str, State]:
    """Return every round that was made, in the order of their ids, and where it stands."""
    now_open = open_round(folder)
    released = released_rounds(folder)
    found: dict[str, State] = {}
    for path in sorted(folder.path.glob("round-*.json")):
        round_id = path.stem.removeprefix("round-")
        if now_open is not None and now_open.id == round_id:
            found[round_id] = State.OPEN
        elif round_id in released and not folder.draft(round_id).exists():
            found[round_id] = State.RELEASED  # with a draft, publishing it was not finished
        else:
            closed = folder.closed(round_id).exists()
            found[round_id] = State.CLOSED if closed else State.PREPARED
    return found


def released_rounds(folder: Folder) -> set[str]:
    """Return the rounds that stand in the ledger, also when the release was withdrawn later.

    Raises:
        LedgerBroken: a release file is damaged.
    """
    return {_round_in(path) for path in folder.ledger.glob("[0-9]*.json")}


def _round_in(path: Path) -> str:
    try:
        return str(json.loads(path.read_bytes())["round"])
    except (OSError, ValueError, KeyError, TypeError):
        raise LedgerBroken(
            f"The release file {path.name} is damaged. Put the copy from your backup in its place."
        ) from None
