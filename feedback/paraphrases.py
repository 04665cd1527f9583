"""The paraphrases that the team sees beside its releases: one signed file, each time written anew.

It tells neither whose words a sentence stands for, nor what stood there before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from feedback import ledgers
from feedback.crypto import signing
from feedback.disclosure import quotes
from feedback.disclosure.ledger import canonical_bytes
from feedback.disclosure.release import Release
from feedback.errors import ReleaseRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.store import audit
from feedback.store.files import locked, read_json, write_json
from feedback.themes.paraphrase import Paraphrase

FORMAT = "throughline paraphrases 1"
SIGNED = b"throughline paraphrases 1\n"

Shuffle = Callable[[list["Sentence"]], None]
_MIX: Shuffle = secrets.SystemRandom().shuffle


@dataclass(frozen=True, slots=True)
class Sentence:
    """One paraphrase as the team sees it: an open question, one theme, and an advocate's words."""

    box: str
    theme: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """How many answered a round, and how many of them wrote and let their words be shared."""

    all: int = field(repr=False)
    consenting: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changes what is shown, on which day, and the team's seed that signs it."""

    by: str
    team_seed: bytes = field(repr=False)
    today: date


Standing = dict[int, tuple[Sentence, ...]]  # by the number of the release


def standing(folder: Folder) -> Standing:
    """Return what stands in the file, by release.

    Raises:
        StoreUnavailable: the file is damaged, or not as a custodian left it.
    """
    if not folder.paraphrases.exists():
        return {}
    document = read_json(folder.paraphrases)
    try:
        key = ledgers.team_key(folder)
        if document["format"] != FORMAT or not key.signed(_bytes(document), document["signature"]):
            raise ValueError
        return {
            int(number): tuple(Sentence(**one) for one in sentences)
            for number, sentences in document["releases"].items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StoreUnavailable(
            f"{folder.paraphrases.name} is not as a custodian left it. No release is affected. "
            "Move the file away; custodians can show their paraphrases again."
        ) from None


def shown(folder: Folder) -> Standing:
    """Return what the team sees: of each release that stands at least three sentences, or none."""
    gone = {withdrawn.number for withdrawn in ledgers.withdrawals(folder)}
    return {
        number: some
        for number, some in standing(folder).items()
        if number not in gone and len(some) >= quotes.LEAST_SHOWN
    }


def post(
    folder: Folder,
    release: Release,
    chosen: Sequence[Paraphrase],
    people: People,
    hand: Hand,
    *,
    shuffle: Shuffle = _MIX,
) -> None:
    """Show these paraphrases, and no others, beside a release, in a random order.

    Raises:
        ReleaseRefused: with every rule that does not hold, or the release was withdrawn; what
            was shown before stays.
        StoreUnavailable: nothing was written.
    """
    problems = quotes.too_small(release.plan, people=people.all, consenting=people.consenting)
    problems += quotes.set_problems(release, [(one.box, one.theme) for one in chosen])
    if not all(one.is_approved for one in chosen):
        problems.append("A second person has not approved all of them.")
    if problems:
        raise ReleaseRefused(*problems)
    sentences = [Sentence(one.box, one.theme, one.text) for one in chosen]
    with locked(folder.ledger / "lock"):
        ledgers.load_release(folder, release.number)  # refuses one that was withdrawn meanwhile
        _write(folder, standing(folder) | {release.number: tuple(sentences)}, hand, shuffle)


def take_out(
    folder: Folder,
    number: int,
    text: str,
    hand: Hand,
    *,
    shuffle: Shuffle = _MIX,
) -> None:
    """Take one sentence away for good, without a mark. Raises StoreUnavailable."""
    with locked(folder.ledger / "lock"):
        before = standing(folder)
        left = tuple(one for one in before.get(number, ()) if one.text != text)
        if left != before.get(number, ()):
            _write(folder, before | {number: left}, hand, shuffle)


def forget(folder: Folder, number: int, hand: Hand, *, shuffle: Shuffle = _MIX) -> None:
    """Take every sentence of one release away for good, while the caller holds the ledger's lock.

    Raises:
        StoreUnavailable: nothing was written.
    """
    before = standing(folder)
    if before.pop(number, None) is not None:
        _write(folder, before, hand, shuffle)


def _write(folder: Folder, releases: Standing, hand: Hand, shuffle: Shuffle) -> None:
    """Write the file. The log tells the same whether sentences came or went."""
    document: dict[str, Any] = {"format": FORMAT, "releases": {}}
    for number, sentences in sorted(releases.items()):
        mixed = list(sentences)
        shuffle(mixed)
        document["releases"][str(number)] = [asdict(one) for one in mixed]
    signature = signing.sign(hand.team_seed, _bytes(document)).hex()
    audit.append(folder.audit, audit.Event.PARAPHRASES, today=hand.today, by=hand.by)
    write_json(folder.paraphrases, {**document, "signature": signature}, mode=0o600)


def _bytes(document: Mapping[str, Any]) -> bytes:
    return SIGNED + canonical_bytes(document)
