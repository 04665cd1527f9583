"""Door 1, the only way in: plain answers are sealed at once, and only sealed rows are stored."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from feedback.crypto.envelope import check_row, context, seal_row
from feedback.crypto.recipient import Recipient
from feedback.errors import InvalidSettings
from feedback.questionnaire.answers import Answers, pack
from feedback.questionnaire.definition import Questionnaire
from feedback.store.box import Box

FORMAT = "throughline public 1"


@dataclass(frozen=True, slots=True)
class OpenRound:
    """The open round as the form side knows it: what is asked, and how to lock answers.

    ``recipients``: the codes key and the words key. ``deployment`` and ``team``: 16 random
    bytes each, bound into every envelope so that it opens for no other team.
    """

    round_id: str
    questionnaire: Questionnaire
    recipients: tuple[Recipient, Recipient]
    deployment: bytes
    team: bytes
    plan_hash: str

    @property
    def context(self) -> bytes:
        """Return the 32 bytes that bind an envelope to this deployment and team."""
        return context(self.deployment, self.team)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of `public.json`."""
        return {
            "format": FORMAT,
            "round": self.round_id,
            "plan": self.plan_hash,
            "deployment": self.deployment.hex(),
            "team": self.team.hex(),
            "codes": self.recipients[0].public.hex(),
            "words": self.recipients[1].public.hex(),
            "questionnaire": self.questionnaire.to_dict(),
        }


def read_open_round(data: bytes) -> OpenRound:
    """Read the content of `public.json`. Raises InvalidSettings when it is damaged."""
    try:
        fields = json.loads(data)
        if fields["format"] != FORMAT:
            raise ValueError
        return OpenRound(
            round_id=fields["round"],
            questionnaire=Questionnaire.from_dict(fields["questionnaire"]),
            recipients=(
                Recipient(bytes.fromhex(fields["codes"])),
                Recipient(bytes.fromhex(fields["words"])),
            ),
            deployment=bytes.fromhex(fields["deployment"]),
            team=bytes.fromhex(fields["team"]),
            plan_hash=fields["plan"],
        )
    except (ValueError, KeyError, TypeError):
        raise InvalidSettings(
            "public.json", ["It is damaged. Open the round again: throughline round open."]
        ) from None


def row_key(row: bytes) -> int:
    """Return the key under which a row is stored: 63 bits of its SHA-256.

    Sealed bytes are random, so keys say nothing of when a row came; and the same row sent
    twice has the same key, so a retry never counts double.
    """
    return int.from_bytes(hashlib.sha256(row).digest()[:8]) >> 1


def submit(
    answers: Answers,
    opened: OpenRound,
    box: Box,
    *,
    random_hex: Callable[[int], str] = secrets.token_hex,
) -> None:
    """Seal one person's answers and store the row. Returns when it is safely on disk.

    Raises:
        StoreUnavailable: nothing was stored; the caller still holds the answers.
    """
    codes, words = pack(answers, opened.questionnaire, pair=random_hex(8))
    submit_row(seal_row(codes, words, opened.recipients, opened.context), opened, box)


def submit_row(row: bytes, opened: OpenRound, box: Box) -> None:
    """Store a row that was sealed elsewhere, after checking its outside.

    Raises:
        EnvelopeRefused: it is not exactly one row for this round.
        StoreUnavailable: nothing was stored.
    """
    check_row(row, opened.recipients)
    box.put(row_key(row), opened.round_id, row)
