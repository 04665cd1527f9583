"""The ledger: release documents in canonical bytes, numbered, each holding the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from feedback.disclosure.audit import number_problems
from feedback.errors import LedgerBroken, ReleaseRefused

Document = Mapping[str, Any]

_SEALS = ("hash", "signature")


def canonical_bytes(document: Document) -> bytes:
    """Return the bytes that are hashed and signed: sorted ASCII JSON without hash and signature."""
    content = {name: part for name, part in document.items() if name not in _SEALS}
    text = json.dumps(
        content, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("ascii")


def release_hash(document: Document) -> str:
    """Return the sha256 of a document's canonical bytes, in hex."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def chain(
    document: Document, previous: Document | None, sign: Callable[[bytes], str]
) -> dict[str, Any]:
    """Return the document as the next one of the ledger, with its hash and signature.

    Raises:
        ReleaseRefused: when it was not built to follow ``previous`` (None: nothing published yet).
    """
    number, hash_before = (previous["number"], previous["hash"]) if previous else (0, "")
    if (document["number"], document["previous"]) != (number + 1, hash_before):
        raise ReleaseRefused(
            f"The next release is number {number + 1}. Build this one again, so that it follows."
        )
    return {
        **document,
        "hash": release_hash(document),
        "signature": sign(canonical_bytes(document)),
    }


def verify(
    documents: Sequence[Document],
    verify_signature: Callable[[bytes, str], bool],
    *,
    last_hash: str | None = None,
) -> None:
    """Check every release of a team, given in the order of the ledger.

    ``last_hash`` is the newest hash known from elsewhere, such as the audit log or a printed
    page; without it nobody can notice that the newest releases were taken away.

    Raises:
        LedgerBroken: naming each release that was changed, is missing, stands in the wrong
            place, was numbered or published twice, or holds a number against its plan's rules.
    """
    problems = _order_problems(documents)
    before = ""
    for document in documents:
        problems += _document_problems(document, before, verify_signature)
        before = document.get("hash", "")
    if last_hash is not None and last_hash != before:
        problems.append("The ledger does not end with the release that was published last.")
    if problems:
        raise LedgerBroken(*problems)


def _order_problems(documents: Sequence[Document]) -> list[str]:
    numbers = [number if type(number := d.get("number")) is int else 0 for d in documents]
    rounds = [document.get("round") for document in documents]
    problems = [
        f"Release {number} is missing."
        for number in range(1, max(numbers, default=0))
        if number not in numbers
    ]
    for place, (number, name) in enumerate(zip(numbers, rounds, strict=True)):
        if number in numbers[:place]:
            problems.append(f"The number {number} is used twice.")
        elif number < max(numbers[:place], default=1):
            problems.append(f"Release {number} stands in the wrong place.")
        if name in rounds[:place]:
            problems.append(f"Release {number} publishes the round {name} again.")
    return problems


def _document_problems(
    document: Document, before: str, verify_signature: Callable[[bytes, str], bool]
) -> list[str]:
    name = f"Release {document.get('number')}"
    problems = []
    if document.get("hash") != release_hash(document):
        problems.append(f"{name} was changed after it was published.")
    elif not verify_signature(canonical_bytes(document), document.get("signature", "")):
        problems.append(f"{name} is not signed by this team.")
    if document.get("previous") != before:
        problems.append(f"{name} does not follow the release before it.")
    return problems + [f"{name}: {problem}" for problem in number_problems(document)]
