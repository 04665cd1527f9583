"""Take a whole release back: its numbers, the board that shows it, the paraphrases beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feedback import paraphrases
from feedback.crypto import signing
from feedback.disclosure.withdrawal import Reason, Withdrawal, write_withdrawal
from feedback.errors import ReleaseRefused
from feedback.folder import Folder
from feedback.ledgers import documents
from feedback.store import audit
from feedback.store.files import locked, read_json, write_json


def withdraw(
    folder: Folder, number: int, team_seed: bytes, *, by: Sequence[str], reason: Reason, today: date
) -> Withdrawal:
    """Take a whole release back, for an error or fraud; two custodians do it, as they publish.

    The release stays in the ledger, so that the chain holds. Nobody's numbers are shown again:
    its round was released, and a number is used once. A board that shows it is taken down, and
    the paraphrases beside it are taken out for good.

    Raises:
        ReleaseRefused: there is none, one person alone asks, or it was withdrawn before.
        StoreUnavailable: not all of it could be done; withdraw it once more.
    """
    with locked(folder.ledger / "lock"):
        found = next((one for one in documents(folder) if one["number"] == number), None)
        if found is None:
            raise ReleaseRefused(f"There is no release {number}.")
        if len(set(by)) < (1 if found["plan"]["single_person"] else 2):
            raise ReleaseRefused("Two custodians withdraw a release together, as they publish it.")
        known = audit.read(folder.audit)
        if any(e["event"] == audit.Event.WITHDRAWN and e["number"] == number for e in known):
            raise ReleaseRefused(f"Release {number} was withdrawn before. Nothing was changed.")
        withdrawn = Withdrawal(number, found["hash"], today, reason, tuple(by))
        document = write_withdrawal(withdrawn, lambda data: signing.sign(team_seed, data).hex())
        write_json(folder.withdrawal(number), document)
        _take_down_board(folder, number)
        paraphrases.forget(folder, number, paraphrases.Hand(by[0], team_seed, today))
        told = {"number": number, "custodians": list(by)}
        audit.append(folder.audit, audit.Event.WITHDRAWN, today=today, **told)
    return withdrawn


def _take_down_board(folder: Folder, number: int) -> None:
    if folder.board.exists() and read_json(folder.board).get("release") == number:
        folder.board.unlink()
