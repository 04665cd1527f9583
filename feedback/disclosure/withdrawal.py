"""A withdrawal: the signed sentence that a release does not count any more, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from feedback.disclosure.ledger import canonical_bytes
from feedback.errors import LedgerBroken

FORMAT = "throughline withdrawal 1"
_LABEL = f"{FORMAT}\n".encode()  # its signature is never one of a release

Document = Mapping[str, Any]


class Reason(StrEnum):
    """Why a whole release is taken back. Nobody's own wish is one: releases hold no one person."""

    ERROR = "error"
    FRAUD = "fraud"


_BECAUSE = {
    Reason.ERROR: "there was an error in it",
    Reason.FRAUD: "some of its answers were not real",
}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A release that was taken back. ``release``: its hash. ``by``: who approved it."""

    number: int
    release: str
    day: date
    reason: Reason
    by: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return what everybody reads in the place of its numbers."""
        return (
            f"Release {self.number} was withdrawn on {self.day.day} {self.day:%B %Y}, because "
            f"{_BECAUSE[self.reason]}. Its numbers are not shown, its answers are not published "
            "again, and its number is not used again."
        )


def write_withdrawal(withdrawal: Withdrawal, sign: Callable[[bytes], str]) -> dict[str, Any]:
    """Return the signed document of a withdrawal."""
    document = {
        "format": FORMAT,
        "number": withdrawal.number,
        "release": withdrawal.release,
        "date": withdrawal.day.isoformat(),
        "reason": str(withdrawal.reason),
        "by": list(withdrawal.by),
    }
    return {**document, "signature": sign(_LABEL + canonical_bytes(document))}


def read_withdrawal(document: Document) -> Withdrawal:
    """Read what ``write_withdrawal`` made. Raises LedgerBroken when it is damaged."""
    try:
        if document["format"] != FORMAT or type(document["number"]) is not int:
            raise ValueError
        return Withdrawal(
            number=document["number"],
            release=str(document["release"]),
            day=date.fromisoformat(document["date"]),
            reason=Reason(document["reason"]),
            by=tuple(map(str, document["by"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise LedgerBroken("A withdrawal is damaged and cannot be read.") from None


def withdrawal_problems(
    documents: Sequence[Document],
    releases: Iterable[Document],
    verify_signature: Callable[[bytes, str], bool],
) -> list[str]:
    """Return a sentence for each withdrawal that is not the team's, or of no release here."""
    hashes = {release.get("number"): release.get("hash") for release in releases}
    problems = []
    for document in documents:
        found = read_withdrawal(document)
        if not verify_signature(_LABEL + canonical_bytes(document), document.get("signature", "")):
            problems.append(f"The withdrawal of release {found.number} is not signed by this team.")
        elif hashes.get(found.number) != found.release:
            problems.append(f"The withdrawal of release {found.number} speaks of another release.")
    return problems
