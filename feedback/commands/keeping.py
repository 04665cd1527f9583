"""Commands that keep a team's answers safe for years: keys, backup, restore, drill."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from feedback import backup as backups
from feedback import custody, publishing
from feedback.commands.asking import PassphrasesFile, TeamFolder, fail, passphrases, team_box, today
from feedback.commands.keys import keys
from feedback.crypto import keyring
from feedback.crypto.passphrase import Derived
from feedback.crypto.recipient import Identity
from feedback.errors import KeyringDamaged, SealingError, StoreUnavailable, WrongPassphrase
from feedback.folder import Folder
from feedback.keyrings import Keyring, destroyed, read_keyring
from feedback.passphrases import read_passphrases
from feedback.rounds import states
from feedback.settings import Settings
from feedback.store import audit
from feedback.store.box import open_box
from feedback.store.files import read_file


@click.command()
@TeamFolder
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace a file that is there already.")
def backup(folder: Path, file: Path, replace: bool) -> None:
    """Put everything but the keyrings into one sealed file."""
    place = Folder(folder)
    place.team()
    there = file.exists()
    if there and not replace:
        raise StoreUnavailable(
            f"There is a file {file} already. Nothing was changed. Name another, or add --replace."
        )
    with team_box(place) as box:
        problems = publishing.verify(place, box)
        if problems:
            fail("No backup was made, because something does not hold. " + " ".join(problems))
        made = backups.make_backup(place, box, _settings(place).team, today=today())
    backups.keep_backup(place, made, file, replace=replace, today=today())
    click.echo(f"The backup is in {file}" + (", in the place of an older one." if there else "."))
    click.echo(f"SHA-256: {made.hash}")
    click.echo(
        f"It opens with keyring-{made.round}-codes.json and the passphrase of one custodian. "
        "Keyrings are not in it, so that destroying a key destroys its backups too: every "
        f"custodian keeps copies of {folder}/keyring-*.json."
    )
    if not made.whole:
        click.echo(
            "! The team's database lies in PostgreSQL and is NOT in this backup. Copy it with "
            "pg_dump, and keep that copy as safe as this one.",
            err=True,
        )


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--keyrings",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder with a custodian's copies of keyring-*.json.",
)
@PassphrasesFile
def restore(file: Path, folder: Path, keyrings: Path, passphrases_file: Path | None) -> None:
    """Make a team's folder out of a backup. It is there whole or not at all."""
    sealed, source = read_file(file), Folder(keyrings)
    rings = _codes_keyrings(source)
    typed = _one_or_more(rings[max(rings)], passphrases_file)
    found = backups.restore_backup(
        Folder(folder),
        sealed,
        _identities(rings, typed),
        keyrings=source,
        check=problems_in,
        today=today(),
    )
    click.echo(f"The team of {found.day} is restored in {folder}. It holds.")
    click.echo(
        f"Its audit log ended with {audit.head_words(found.head)}: compare that with your minutes."
    )
    for sentence in _what_is_left(folder, found):
        click.echo(f"! {sentence}", err=True)


@click.command()
@TeamFolder
@PassphrasesFile
def drill(folder: Path, passphrases_file: Path | None) -> None:
    """Rehearse a restore and say what was proven. Exit code 0 only if all held."""
    place = Folder(folder)
    place.team()
    newest = backups.newest_round(place).id
    typed = passphrases(place, newest, passphrases_file)
    unlocked, problems = _unlock_all(place, typed)
    if newest not in unlocked:
        fail("\n".join(problems))
    with team_box(place) as box:
        found = backups.drill(
            place,
            box,
            _settings(place).team,
            {each: (key.codes, key.words) for each, key in unlocked.items()},
            check=problems_in,
            today=today(),
        )
    for each, key in unlocked.items():
        confirmed = {"round": each, "custodians": list(key.custodians)}
        audit.append(place.audit, audit.Event.KEY_CONFIRMED, today=today(), **confirmed)
    for sentence in found.proven:
        click.echo(sentence)
    click.echo("Nothing of the rehearsal was kept.")
    problems += found.problems
    if problems:
        fail("\n".join(problems))
    click.echo("Everything held.")


def problems_in(folder: Folder) -> Sequence[str]:
    """Return what does not hold in a folder whose box is a file in it."""
    with open_box(folder.box) as box:
        return publishing.verify(folder, box)


def _settings(place: Folder) -> Settings:
    return Settings.from_env({**os.environ, "THROUGHLINE_DATA": str(place.path)})


def _codes_keyrings(source: Folder) -> dict[str, Keyring]:
    """Return the readable keyrings of codes by round, the newest first."""
    found: dict[str, Keyring] = {}
    for path in sorted(source.path.glob("keyring-*-codes.json"), reverse=True):
        name = path.stem.removeprefix("keyring-")
        try:
            found[name.removesuffix("-codes")] = read_keyring(source, name)
        except KeyringDamaged as damaged:
            click.echo(str(damaged), err=True)
    if not found:
        raise KeyringDamaged(
            f"There is no keyring-…-codes.json in {source.path} that can be read. Every custodian "
            "keeps copies of the keyrings; without one, nobody can open a backup."
        )
    return found


def _one_or_more(ring: Keyring, file: Path | None) -> dict[str, str]:
    if file is not None:
        return read_passphrases(file)
    people = keyring.read_terms(ring).custodians
    name: str = click.prompt("Custodian", type=click.Choice(people))
    return {name: click.prompt(f"Passphrase of {name}", hide_input=True)}


def _identities(rings: Mapping[str, Keyring], typed: Mapping[str, str]) -> Iterator[Identity]:
    """Yield the codes key of each round that one of these passphrases opens.

    Raises:
        WrongPassphrase: none of them opens anything.
    """
    known: list[tuple[str, Derived]] = []
    opened = False
    for ring in rings.values():
        people = keyring.read_terms(ring).custodians
        ways: list[tuple[str, str | Derived]] = [*known]
        ways += [(who, text) for who, text in typed.items() if who in people]
        for who, given in ways:
            try:
                derived = given if isinstance(given, Derived) else keyring.admit(ring, who, given)
                seed = keyring.unlock(ring, {who: derived})
            except SealingError:
                continue
            known.append((who, derived))
            opened = True
            yield Identity(seed)
            break
    if not opened:
        raise WrongPassphrase(" or ".join(typed) or "any custodian")


def _what_is_left(folder: Path, found: backups.Restored) -> Iterator[str]:
    if not found.whole:
        yield (
            "The team's database lay in PostgreSQL and was not in this backup. Bring it back with "
            "pg_restore before anybody works with the team side."
        )
    if found.missing:
        names = ", ".join(f"keyring-{name}.json" for name in found.missing)
        yield f"These keyrings are still missing; put a custodian's copy into {folder}: {names}."
    for name in found.refused:
        yield (
            f"The team destroyed this key, and yet there is a copy: keyring-{name}.json. It was "
            "not taken. Destroy it."
        )
    if "THROUGHLINE_BOX_URL" in os.environ:
        yield (
            f"The restored box is {folder}/box.sqlite, but THROUGHLINE_BOX_URL names another "
            "place, where programs will look."
        )


def _unlock_all(
    place: Folder, typed: Mapping[str, str]
) -> tuple[dict[str, custody.Keys], list[str]]:
    """Unlock every round that has its keys with those of its custodians who came."""
    unlocked: dict[str, custody.Keys] = {}
    problems: list[str] = []
    gone = destroyed(place)
    for each in states(place):
        if f"{each}-codes" in gone:
            click.echo(f"{each}: its codes key was destroyed; nothing of it opens any more.")
            continue
        try:
            people = keyring.read_terms(read_keyring(place, f"{each}-codes")).custodians
            mine = {who: text for who, text in typed.items() if who in people}
            unlocked[each] = custody.unlock(place, each, mine)
        except SealingError as refusal:
            problems.append(f"{each}: {refusal}")
    return unlocked, problems


COMMANDS: tuple[click.Command, ...] = (keys, backup, restore, drill)
