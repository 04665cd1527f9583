"""Cards drawn from a bowl: each lets one person be counted, and nobody knows whose it is."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

from feedback.errors import InvalidSettings
from feedback.folder import Folder
from feedback.rounds import Round
from feedback.store.box import Box
from feedback.store.files import locked, write_json

# Thirty signs that cannot be taken for one another; twelve of them are 58.9 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
FORMAT = "throughline cards 1"
OPEN_K = 20  # people without a card who are needed in place of k people with one
MANY_TIMES = 3  # so many answers for each used card are worth a second look
_LABEL = b"throughline card 1\n"


def draw_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return what stands on one card, such as ``2ZPC-ZKVE-FWAS``."""
    signs = "".join(choose(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def card_mark(code: str, a_round: Round) -> bytes | None:
    """Return what the box keeps of a card; None when it cannot be what stands on one.

    It is a keyed hash, so that the box holds no code, and a card is good for one round only.
    Small letters, spaces and missing hyphens do not matter.
    """
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return None
    bound = _LABEL + a_round.id.encode() + b"\n" + signs.encode()
    return hmac.digest(a_round.deployment, bound, hashlib.sha256)


def make_cards(folder: Folder, a_round: Round, box: Box, count: int) -> tuple[str, ...]:
    """Make cards for a round and return their codes, which are kept nowhere.

    Raises:
        StoreUnavailable: the box or the folder cannot be written. Cards that nobody printed do
            no harm.
    """
    codes = tuple(draw_code() for _ in range(count))
    box.add_cards(a_round.id, [mark for code in codes if (mark := card_mark(code, a_round))])
    with locked(folder.cards.with_suffix(".lock")):
        made = cards_made(folder)
        made[a_round.id] = made.get(a_round.id, 0) + count
        write_json(folder.cards, {"format": FORMAT, "made": made})
    return codes


def cards_made(folder: Folder) -> dict[str, int]:
    """Return how many cards were made for each round. Raises InvalidSettings when damaged."""
    try:
        data: dict[str, Any] = json.loads(folder.cards.read_bytes())
        if data["format"] != FORMAT:
            raise ValueError
        return {str(name): int(count) for name, count in data["made"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InvalidSettings(
            folder.cards.name, ["It is damaged. Put the copy from your backup in its place."]
        ) from None


def many_without(folder: Folder, box: Box, round_id: str) -> bool:
    """Say whether far more answers came without a card than with one, as after stuffing."""
    if round_id not in cards_made(folder):
        return False
    people, used = box.counts().get(round_id, 0), box.cards_used(round_id)
    return people >= OPEN_K and people > MANY_TIMES * used


def people_counted(folder: Folder, box: Box, round_id: str, k: int) -> int:
    """Return how many people count towards k.

    Without cards, everybody who answered. With cards: those who used one, or, when at least
    ``OPEN_K`` (or k) answered in all, everybody: anybody can send many answers without a card.
    """
    people = box.counts().get(round_id, 0)
    if round_id not in cards_made(folder):
        return people
    return people if people >= max(OPEN_K, k) else min(people, box.cards_used(round_id))
