"""Every refusal of Throughline, in one tree.

::

    ThroughlineError
    ├── InvalidSettings      a file that a person may edit holds a wrong value
    ├── InvalidAnswers       an answer sheet that cannot be taken as it is
    ├── SealingError
    │   ├── EnvelopeRefused  bytes that are not an envelope for this round and team
    │   ├── KeyringDamaged   a keyring file that cannot be read
    │   ├── WrongPassphrase  a passphrase that does not fit its custodian
    │   └── NotEnoughCustodians
    ├── StoreError
    │   ├── StoreUnavailable locked, read-only, full or damaged storage
    │   ├── RowRefused       a different row is already stored under this key
    │   ├── EditConflict     somebody else saved first
    │   └── AuditBroken      the audit log is changed, cut or out of order
    ├── RoundRefused         a round that is not in the state that was asked for
    ├── ReleaseRefused       a release that the rules do not allow
    └── LedgerBroken         a release that is changed, missing or out of order

Each carries facts as attributes. None ever carries an answer, a key, a passphrase,
a row key or a small count: messages may be shown and written down.
"""

from __future__ import annotations

from collections.abc import Sequence


class ThroughlineError(Exception):
    """Base of every refusal; its text is plain sentences for the person at the screen."""


class InvalidSettings(ThroughlineError):
    """A settings or definition file cannot be used. ``problems`` name the place and the mend."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.where = where
        self.problems = tuple(problems)
        super().__init__(f"{where} cannot be used: " + " ".join(self.problems))


class InvalidAnswers(ThroughlineError):
    """Answers cannot be taken. ``problems`` maps a question id to a reason, never to a value."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("Some answers could not be taken: " + ", ".join(sorted(problems)))


class SealingError(ThroughlineError):
    """Base of refusals by sealed data and keys."""


class EnvelopeRefused(SealingError):
    """Bytes are not an envelope that this identity may open; ``reason`` is a fixed short phrase."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"These sealed bytes cannot be opened: {reason}.")


class KeyringDamaged(SealingError):
    """A keyring file is unreadable; another custodian's copy of it still works."""


class WrongPassphrase(SealingError):
    """A passphrase does not fit. ``custodian`` is whose."""

    def __init__(self, custodian: str) -> None:
        self.custodian = custodian
        super().__init__(
            f"This passphrase does not fit {custodian}. Nothing was opened."
            " Check each word and try again."
        )


class NotEnoughCustodians(SealingError):
    """Fewer custodians came together than the keyring needs."""

    def __init__(self, needed: int, given: int) -> None:
        self.needed = needed
        self.given = given
        super().__init__(
            f"This needs {needed} custodians together; {given} typed a passphrase."
            if needed > 1
            else "This needs the passphrase of one custodian, and none was typed."
        )


class StoreError(ThroughlineError):
    """Base of refusals by the box, the team database and files."""


class StoreUnavailable(StoreError):
    """Storage is locked, read-only, full or damaged. What was stored before is untouched."""


class RowRefused(StoreError):
    """Another row already lies under this row key; the new one was not stored."""


class EditConflict(StoreError):
    """Somebody else saved a newer version first; both texts are kept by the caller."""


class AuditBroken(StoreError):
    """The audit log does not hold. ``line`` is the first bad one, counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(
            f"The audit log does not hold at line {line}: {reason}. "
            "Compare it with a custodian's copy and with the heads in your minutes."
        )


class RoundRefused(ThroughlineError):
    """A round is not in the state that was asked for."""


class ReleaseRefused(ThroughlineError):
    """The rules do not allow this release. ``problems`` are plain sentences."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class LedgerBroken(ThroughlineError):
    """The ledger does not hold. ``problems`` name each release and what is wrong with it."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))
