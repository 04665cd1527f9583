"""Keys and rounds: a team is made, keys are handed out, rounds open and close; blind to answers."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from string import Template

from feedback import codebooks
from feedback.crypto import keyring, signing
from feedback.crypto.passphrase import STANDARD, Cost, Derived, derive_all
from feedback.crypto.password import hash_password, password_fits
from feedback.crypto.recipient import Identity
from feedback.disclosure.plan import Plan
from feedback.errors import NotEnoughCustodians, RoundRefused, StoreUnavailable, WrongPassphrase
from feedback.folder import Folder
from feedback.keyrings import (
    PARTS,
    TEAM,
    Keyring,
    destroy_keyring,
    destroyed,
    log_key,
    name_in,
    read_keyring,
)
from feedback.questionnaire.definition import Questionnaire
from feedback.rounds import Round, State, load_round, open_round, states
from feedback.store import audit
from feedback.store.files import read_json, write_file, write_json

ACCESS_FORMAT = "throughline access 1"
_TEAM_ID = b"throughline team id 1"


@dataclass(frozen=True, slots=True)
class Keys:
    """What custodians unlocked together; it lives in memory only.

    ``codes`` opens closed answers, ``words`` open ones (None when too few custodians came),
    ``team_seed`` signs releases. ``custodians`` are those whose passphrases fitted.
    """

    custodians: tuple[str, ...]
    codes: Identity = field(repr=False)
    words: Identity | None = field(repr=False)
    team_seed: bytes = field(repr=False)


def make_team(
    folder: Folder, name: str, *, password: str, today: date, demonstration: bool = False
) -> None:
    """Make a team's folder with its settings and the team password.

    Raises:
        RoundRefused: there is a team in this folder already; nothing was changed.
        StoreUnavailable: the folder cannot be written.
    """
    if folder.team_file.exists():
        raise RoundRefused(f"There is a team in {folder.path} already. Nothing was changed.")
    try:
        folder.ledger.mkdir(parents=True, exist_ok=True)
        folder.path.chmod(0o700)
    except OSError:
        raise StoreUnavailable(f"The folder {folder.path} cannot be made here.") from None
    template = Template(files(__package__).joinpath("new_team.toml").read_text(encoding="utf-8"))
    text = template.substitute(
        name=json.dumps(name, ensure_ascii=False),
        demonstration="\ndemonstration = true\n" if demonstration else "",
    )
    access = {"format": ACCESS_FORMAT, "team": hash_password(password)}
    write_json(folder.access, access, mode=0o600)
    write_file(folder.team_file, text.encode())
    audit.append(folder.audit, audit.Event.TEAM_MADE, today=today)


def team_password_fits(folder: Folder, password: str) -> bool:
    """Say whether this is the team password. Raises StoreUnavailable without an access file."""
    return password_fits(password, read_json(folder.access)["team"])


def make_round(
    folder: Folder,
    round_id: str,
    *,
    questionnaire: Questionnaire,
    plan: Plan,
    passphrases: Mapping[str, str],
    words_needed: int,
    today: date,
    cost: Cost = STANDARD,
) -> Round:
    """Make the two key pairs of a round, wrap them for the custodians and freeze the plan.

    The codebook is frozen too, and the first round also makes the team's signing key. The round is
    *prepared*: it opens when a custodian has shown that a passphrase works (``confirm``).

    Raises:
        RoundRefused: this round exists already, or the plan is of another codebook.
        WrongPassphrase, NotEnoughCustodians: the team key of earlier rounds stays closed.
    """
    if folder.round(round_id).exists():
        raise RoundRefused(f"The round {round_id} exists already. Nothing was changed.")
    codebooks.freeze(folder, plan)
    derived, team_seed = _team_keys(folder, passphrases, cost)
    codes, words = Identity.generate(), Identity.generate()
    made = Round(
        id=round_id,
        questionnaire=questionnaire,
        recipients=(codes.recipient, words.recipient),
        deployment=secrets.token_bytes(16),
        team=hashlib.sha256(_TEAM_ID + signing.public_key(team_seed)).digest()[:16],
        plan_hash=plan.plan_hash(),
    )
    for part, identity, needed in (("codes", codes, 1), ("words", words, words_needed)):
        ring = keyring.lock(
            identity.seed,
            label=f"{round_id} {part}",
            kid=identity.recipient.kid.hex(),
            passphrases=derived,
            needed=needed,
        )
        name = f"{round_id}-{part}"
        write_json(folder.keyring(name), ring, mode=0o600)
        log_key(folder, name, ring, audit.Event.KEY_MADE, today=today)
    write_json(folder.plan(round_id), plan.to_dict())
    write_json(folder.round(round_id), made.to_dict())
    return made


def confirm(folder: Folder, round_id: str, passphrases: Mapping[str, str], *, today: date) -> Round:
    """Open a prepared round, once at least one custodian has typed a passphrase that works.

    Raises:
        WrongPassphrase: the round stays closed.
        RoundRefused: it was closed before, or another round is open.
    """
    a_round = load_round(folder, round_id)
    state = states(folder)[round_id]
    now_open = open_round(folder)
    if state in (State.CLOSED, State.RELEASED):
        raise RoundRefused(f"The round {round_id} was closed. Nobody opens a closed round by hand.")
    if now_open is not None and now_open.id != round_id:
        raise RoundRefused(f"The round {now_open.id} is open. Close it first.")
    keys = unlock(folder, round_id, passphrases)
    confirmed = {"round": round_id, "custodians": list(keys.custodians)}
    audit.append(folder.audit, audit.Event.KEY_CONFIRMED, today=today, **confirmed)
    if state is State.PREPARED:
        write_json(folder.public, a_round.to_dict())
        audit.append(folder.audit, audit.Event.ROUND_OPENED, today=today, round=round_id)
    return a_round


def close_round(folder: Folder, round_id: str, *, people: int, k: int, today: date) -> None:
    """Close the open round. ``people``: sealed rows, of which some may be no answers.

    Raises:
        RoundRefused: it is not open, or fewer than k people answered: then it stays open.
    """
    now_open = open_round(folder)
    if now_open is None or now_open.id != round_id:
        raise RoundRefused(f"The round {round_id} is not open.")
    if people < k:
        raise RoundRefused(
            f"Fewer than {k} people have answered, so the round stays open. Nothing is lost: "
            "these answers will be in the next release."
        )
    write_json(folder.closed(round_id), {"round": round_id, "day": today.isoformat()})
    folder.public.unlink()
    audit.append(folder.audit, audit.Event.ROUND_CLOSED, today=today, round=round_id)


def unlock(folder: Folder, round_id: str, passphrases: Mapping[str, str]) -> Keys:
    """Unlock a round: any one custodian opens the codes, as many as agreed open the words.

    Each passphrase is tried once. Raises WrongPassphrase, NotEnoughCustodians, KeyringDamaged.
    """
    codes_ring = read_keyring(folder, f"{round_id}-codes")
    if not passphrases:
        raise NotEnoughCustodians(1, 0)
    derived = {who: keyring.admit(codes_ring, who, text) for who, text in passphrases.items()}
    team_seed = _open(read_keyring(folder, TEAM), derived, passphrases)
    words = None
    if f"{round_id}-words" not in destroyed(folder):
        words_ring = read_keyring(folder, f"{round_id}-words")
        if len(derived) >= keyring.read_terms(words_ring).needed:
            words = Identity(_open(words_ring, derived, passphrases))
    codes = Identity(_open(codes_ring, derived, passphrases))
    return Keys(custodians=tuple(derived), codes=codes, words=words, team_seed=team_seed)


def unlock_team(folder: Folder, passphrases: Mapping[str, str]) -> bytes:
    """Return the team seed, once every passphrase has been shown to fit its custodian.

    Raises WrongPassphrase, NotEnoughCustodians, KeyringDamaged.
    """
    if not passphrases:
        raise NotEnoughCustodians(1, 0)
    ring = read_keyring(folder, TEAM)
    derived = {who: keyring.admit(ring, who, text) for who, text in passphrases.items()}
    return keyring.unlock(ring, derived)


def team_custodians(folder: Folder) -> tuple[str, ...]:
    """Return who signs for the team now. Raises KeyringDamaged."""
    return keyring.read_terms(read_keyring(folder, TEAM)).custodians


def custodians(folder: Folder, round_id: str) -> tuple[tuple[str, ...], int]:
    """Return the custodians of a round and how many of them open its words together.

    When the words key was destroyed, these are the team's custodians now and the number then.
    """
    name = f"{round_id}-words"
    if name not in destroyed(folder):
        terms = keyring.read_terms(read_keyring(folder, name))
        return terms.custodians, terms.needed
    names = team_custodians(folder)
    made = {name_in(e): e["needed"] for e in audit.read(folder.audit) if "needed" in e}
    return names, min(made[name], len(names))


def rewrapped(
    folder: Folder,
    passphrases: Mapping[str, str],
    new: Mapping[str, str],
    *,
    words_needed: int | None = None,
    cost: Cost = STANDARD,
) -> dict[str, Keyring]:
    """Return the team's and every round's keyrings, wrapped for ``new``; nothing is written yet.

    ``keyrings.replace_keyrings`` writes them. It is all of them at once, because one passphrase
    must open a round and the team key together. As many as before open the words, or
    ``words_needed``, and never more than there are.

    Raises:
        WrongPassphrase, NotEnoughCustodians: those who came cannot open every one of them.
        KeyringDamaged: one is missing here; without it, a round would stay with those before.
    """
    gone = destroyed(folder)
    names = [TEAM, *(f"{r}-{part}" for r in states(folder) for part in PARTS)]
    old = {name: read_keyring(folder, name) for name in names if name not in gone}
    admitted = {who: keyring.admit(old[TEAM], who, text) for who, text in passphrases.items()}
    opened = {name: _open(ring, admitted, passphrases) for name, ring in old.items()}
    fresh = derive_all(new, cost=cost)
    rings: dict[str, Keyring] = {}
    for name, ring in old.items():
        terms = keyring.read_terms(ring)
        needed = words_needed if words_needed and name.endswith("-words") else terms.needed
        rings[name] = {**ring} | keyring.lock(
            opened[name],
            label=terms.label,
            kid=terms.kid,
            passphrases=fresh,
            needed=min(needed, len(fresh)),
        )
    return rings


def destroy_keys(
    folder: Folder, round_id: str, parts: Iterable[str], *, today: date
) -> tuple[str, ...]:
    """Destroy keyrings of a released round in this folder: what they sealed never opens again.

    Returns the parts that were not destroyed before.

    Raises:
        RoundRefused: the round has not been released; its answers would be lost unheard.
        StoreUnavailable: a file could not be destroyed; those before it were, and are logged.
    """
    if states(folder).get(round_id) is not State.RELEASED:
        raise RoundRefused(
            f"The round {round_id} has no release yet. Its keys were kept, so that nobody's "
            "answers are lost unheard."
        )
    gone = destroyed(folder)
    wanted = tuple(part for part in parts if f"{round_id}-{part}" not in gone)
    for part in wanted:
        destroy_keyring(folder, f"{round_id}-{part}", today=today)
    return wanted


def _team_keys(
    folder: Folder, passphrases: Mapping[str, str], cost: Cost
) -> tuple[dict[str, Derived], bytes]:
    """Return the derived keys of all custodians and the team seed, made at the first round."""
    if folder.keyring(TEAM).exists():
        ring = read_keyring(folder, TEAM)
        derived = {who: keyring.admit(ring, who, text) for who, text in passphrases.items()}
        return derived, keyring.unlock(ring, derived)
    derived = derive_all(passphrases, cost=cost)
    seed = secrets.token_bytes(32)
    kid = signing.public_key(seed)
    ring = keyring.lock(seed, label=TEAM, kid=kid[:8].hex(), passphrases=derived, needed=1) | {
        "public": kid.hex()
    }
    write_json(folder.keyring(TEAM), ring, mode=0o600)
    return derived, seed


def _open(ring: Keyring, derived: Mapping[str, Derived], typed: Mapping[str, str]) -> bytes:
    """Return the secret; also of an older copy of a keyring, whose salts are its own."""
    try:
        return keyring.unlock(ring, derived)
    except WrongPassphrase:
        return keyring.unlock(ring, typed)
