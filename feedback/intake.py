"""Door 1, the only way in: plain answers are sealed at once, and only sealed rows are stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from feedback.cards import card_mark
from feedback.crypto.envelope import check_row, seal_row
from feedback.questionnaire.answers import Answers, pack
from feedback.rounds import Round
from feedback.store.box import Box


def row_key(row: bytes) -> int:
    """Return the key under which a row is stored: 63 bits of its SHA-256.

    Sealed bytes are random, so keys say nothing of when a row came; and the same row sent
    twice has the same key, so a retry never counts double.
    """
    return int.from_bytes(hashlib.sha256(row).digest()[:8]) >> 1


def seal(
    answers: Answers, opened: Round, *, random_hex: Callable[[int], str] = secrets.token_hex
) -> bytes:
    """Return one person's answers as a sealed row, which is as long as any other."""
    codes, words = pack(answers, opened.questionnaire, pair=random_hex(8))
    return seal_row(codes, words, opened.recipients, opened.context)


def submit(answers: Answers, opened: Round, box: Box, *, card: str = "") -> None:
    """Seal one person's answers and store the row. Returns when it is safely on disk.

    ``card`` is what stands on a card, if one was drawn.

    Raises:
        StoreUnavailable: nothing was stored; the caller still holds the answers.
    """
    submit_row(seal(answers, opened), opened, box, card=card)


def submit_row(row: bytes, opened: Round, box: Box, *, card: str = "") -> None:
    """Store a row that was sealed elsewhere, after checking its outside.

    Raises:
        EnvelopeRefused: it is not exactly one row for this round.
        StoreUnavailable: nothing was stored.
    """
    check_row(row, opened.recipients)
    box.put(row_key(row), opened.id, row, card=card_mark(card, opened))
