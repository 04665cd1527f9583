"""Commands for keys: look at keyrings, check passphrases, change custodians, destroy."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from feedback import custody
from feedback.backup import newest_round
from feedback.commands.asking import (
    PassphrasesFile,
    TeamFolder,
    checked_round,
    fail,
    passphrases,
    today,
)
from feedback.crypto import keyring
from feedback.crypto.passphrase import generate_passphrase
from feedback.errors import KeyringDamaged, StoreUnavailable, ThroughlineError
from feedback.folder import Folder
from feedback.keyrings import PARTS, TEAM, destroyed, read_keyring, replace_keyrings
from feedback.rounds import State, states
from feedback.store import audit
from feedback.store.files import write_file


@click.group("keys")
def keys() -> None:
    """List, check, change and destroy keys."""


@keys.command("list")
@TeamFolder
@click.option("--json", "as_json", is_flag=True, help="As data, for a program.")
def list_keys(folder: Path, as_json: bool) -> None:
    """Say which keyrings there are and who confirmed when."""
    place = Folder(folder)
    place.team()
    found = look_at_keys(place)
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(_sentences(found)))
    if any(ring["state"] == "damaged" for ring in found["keyrings"]):
        sys.exit(1)


def look_at_keys(folder: Folder) -> dict[str, Any]:
    """Return every keyring and, for each round, the day on which each custodian confirmed."""
    rounds = list(states(folder))
    names = [TEAM, *(f"{round_id}-{part}" for round_id in rounds for part in PARTS)]
    gone = destroyed(folder)
    rings = [_look_at_one(folder, name, name in gone) for name in names]
    confirmed = _confirmed(folder)
    here = {ring["name"]: ring["custodians"] for ring in rings if "custodians" in ring}
    return {
        "keyrings": rings,
        "confirmed": {
            round_id: {who: confirmed[round_id].get(who) for who in here[f"{round_id}-codes"]}
            for round_id in rounds
            if f"{round_id}-codes" in here
        },
    }


def _look_at_one(folder: Folder, name: str, gone: bool) -> dict[str, Any]:
    if gone:
        return {"name": name, "state": "destroyed"}
    try:
        terms = keyring.read_terms(read_keyring(folder, name))
    except KeyringDamaged:
        there = folder.keyring(name).exists()
        return {"name": name, "state": "damaged" if there else "not here"}
    return {
        "name": name,
        "state": "here",
        "kid": terms.kid,
        "needed": terms.needed,
        "custodians": list(terms.custodians),
    }


def _confirmed(folder: Folder) -> dict[str, dict[str, str]]:
    """Return by round who confirmed on which day; keys that are wrapped anew begin anew."""
    found: dict[str, dict[str, str]] = {}
    for event in audit.read(folder.audit):
        if event["event"] in (audit.Event.KEY_MADE, audit.Event.KEY_REWRAPPED):
            found[event["round"]] = {}
        elif event["event"] == audit.Event.KEY_CONFIRMED:
            found.setdefault(event["round"], {}).update(
                dict.fromkeys(event["custodians"], event["day"])
            )
    return found


def _sentences(found: dict[str, Any]) -> Iterator[str]:
    for ring in found["keyrings"]:
        if ring["state"] != "here":
            yield f"keyring-{ring['name']}.json: {ring['state']}."
            continue
        names, needed = ", ".join(ring["custodians"]), ring["needed"]
        yield f"keyring-{ring['name']}.json: any {needed} of {names}."
        if 1 < needed == len(ring["custodians"]):
            yield "! All of them are needed: one lost passphrase loses this key for everybody."
    for round_id, days in found["confirmed"].items():
        said = [f"{who} on {day}" if day else f"{who} not yet" for who, day in days.items()]
        yield f"Confirmed for {round_id}: {', '.join(said)}."


@keys.command()
@TeamFolder
@click.option("--round", "round_id", help="This round; else the newest.")
@PassphrasesFile
def check(folder: Path, round_id: str | None, passphrases_file: Path | None) -> None:
    """Try each custodian's passphrase alone. Exit code 1 when one does not fit."""
    place = Folder(folder)
    place.team()
    round_id = checked_round(round_id) if round_id else newest_round(place).id
    gone = destroyed(place)
    names = [f"{round_id}-{part}" for part in PARTS if f"{round_id}-{part}" not in gone]
    rings = [read_keyring(place, name) for name in (*names, TEAM)]
    people = keyring.read_terms(rings[0]).custodians
    fitting: list[str] = []
    wrong: list[str] = []
    for who, text in passphrases(place, round_id, passphrases_file).items():
        fits = who in people and all(keyring.fits(ring, who, text) for ring in rings)
        (fitting if fits else wrong).append(who)
        click.echo(f"{who}: {'the passphrase fits' if fits else 'does not fit'}.", err=not fits)
    if fitting:
        confirmed = {"round": round_id, "custodians": fitting}
        audit.append(place.audit, audit.Event.KEY_CONFIRMED, today=today(), **confirmed)
    click.echo(f"{len(fitting)} of {len(people)} custodians confirmed for {round_id}.")
    if wrong:
        fail(
            "Check each word with them. Where a paper is lost or wrong, the others can give a new "
            f"passphrase: throughline keys rewrap {folder}"
        )


@keys.command()
@TeamFolder
@click.option("--custodian", "names", multiple=True, help="A custodian from now on; repeat.")
@click.option("--new-for-all", is_flag=True, help="New passphrases also for those who came.")
@click.option("--words-need", type=click.IntRange(1, 9), help="How many open the words together.")
@PassphrasesFile
@click.option(
    "--new-passphrases-file",
    "new_file",
    type=click.Path(path_type=Path),
    help="Where to write new passphrases, for you alone; else they are shown once.",
)
def rewrap(
    folder: Path,
    names: tuple[str, ...],
    new_for_all: bool,
    words_need: int | None,
    passphrases_file: Path | None,
    new_file: Path | None,
) -> None:
    """Change custodians or passphrases.

    Whoever types their passphrase keeps it; everybody else named gets a new one.
    """
    place = Folder(folder)
    place.team()
    if new_file is not None and new_file.exists():
        raise StoreUnavailable(f"There is a file {new_file} already. Nothing was changed.")
    newest = newest_round(place).id
    present, needed = custody.custodians(place, newest)
    now = tuple(dict.fromkeys(names or present))
    before = keyring.read_terms(read_keyring(place, TEAM)).custodians
    if any(":" in name or name.startswith("#") for name in now):
        raise click.UsageError("A name has no colon and does not begin with #.")
    if words_need is not None and words_need > len(now):
        raise click.UsageError(f"The words would need {words_need} custodians, of {len(now)}.")
    typed = passphrases(place, newest, passphrases_file)
    made = {name: generate_passphrase() for name in now if new_for_all or name not in typed}
    new = {name: made.get(name) or typed[name] for name in now}
    rings = custody.rewrapped(place, typed, new, words_needed=words_need)
    _hand_out(made, new_file)
    try:
        replace_keyrings(place, rings, today=today())
    except ThroughlineError:
        if new_file is not None and made:
            new_file.unlink(missing_ok=True)  # what is in it opens nothing
        raise
    _say_what_changed(place, newest, before, needed)


def _hand_out(made: Mapping[str, str], file: Path | None) -> None:
    if file is not None and made:
        lines = "".join(f"{name}: {words}\n" for name, words in made.items())
        write_file(file, lines.encode(), mode=0o600)
        click.echo(f"The new passphrases are in {file}. Give them out, then destroy it.")
        return
    for name, words in made.items():
        click.echo(f"\n{name}:\n    {words}\n")
        click.pause("Write it on paper. Then press a key: it is shown only once. ")
        click.clear()


def _say_what_changed(
    place: Folder, newest: str, before: tuple[str, ...], needed_before: int
) -> None:
    now, needed = custody.custodians(place, newest)
    together = f"{needed} together open" if needed > 1 else "Any one of them opens"
    click.echo(f"Custodians now: {', '.join(now)}. {together} the words.")
    if needed < needed_before:
        click.echo(f"! Before, {needed_before} had to come together for the words.", err=True)
    left = [name for name in before if name not in now]
    if left:
        click.echo(
            f"What {', '.join(left)} could open before, they may have kept. New answers need new "
            "keys: close the open round and open the next one."
        )
    click.echo(
        f"Next: give every custodian the files {place.path}/keyring-*.json anew, let each type "
        f"theirs (throughline keys check {place.path}), and only then destroy the old copies: "
        "they open as before."
    )


@keys.command()
@TeamFolder
@click.argument("round_id", metavar="ROUND")
@click.option("--part", type=click.Choice(PARTS), help="Only this key; else both.")
@click.option("--yes", is_flag=True, help="Do not ask to type the round.")
def destroy(folder: Path, round_id: str, part: str | None, yes: bool) -> None:
    """Destroy the keys of a released round, for good."""
    place = Folder(folder)
    place.team()
    checked_round(round_id)
    parts = (part,) if part else ("words", "codes")
    if not yes and states(place).get(round_id) is State.RELEASED:
        click.echo("\n".join(_warnings(place, round_id, parts)))
        if click.prompt("Type the round to destroy these keys", default="") != round_id:
            fail("Nothing was destroyed.")
    done = custody.destroy_keys(place, round_id, parts, today=today())
    for each in parts:
        when = "is destroyed" if each in done else "was destroyed before"
        click.echo(f"The {each} key of {round_id} {when} in this folder.")
    click.echo("\n".join(_warnings(place, round_id, parts) if yes else _copies(place, round_id)))


def _warnings(place: Folder, round_id: str, parts: tuple[str, ...]) -> Iterator[str]:
    if "words" in parts:
        yield f"Without the words key nobody ever reads again what people wrote in {round_id}."
    if "codes" in parts:
        yield (
            f"Without the codes key nobody ever opens again what people chose in {round_id}, nor "
            "what was coded. Backups that were sealed to it open no longer: make a new one after."
        )
    yield from _copies(place, round_id)


def _copies(place: Folder, round_id: str) -> Iterator[str]:
    """Say whose copies still open: of everybody who ever was a custodian of this round."""
    names = {
        who: None
        for event in audit.read(place.audit)
        if "needed" in event and event["round"] == round_id
        for who in event["custodians"]
    }
    yield (
        f"Every copy elsewhere still opens. Delete or burn keyring-{round_id}-*.json of these "
        f"keys at {', '.join(names)}, on sticks, in the safe and in copies of whole disks."
    )
