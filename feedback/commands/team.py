"""Commands for the whole team: make it, look at it, verify it, show a demonstration."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from feedback import codebooks, custody, publishing, status
from feedback.commands.asking import (
    TeamFolder,
    checked_names,
    checked_round,
    team_box,
    today,
)
from feedback.commands.handing import verify_ledger
from feedback.commands.serving import run_server
from feedback.crypto.passphrase import generate_passphrase
from feedback.errors import RoundRefused, WrongPassphrase
from feedback.folder import Folder
from feedback.passphrases import PASSWORD, read_passphrases, write_passphrases
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import open_round, quarter
from feedback.settings import Surface
from feedback.store.files import read_file


@click.command()
@TeamFolder
@click.option("--team", help="The name of the team.")
@click.option("--round", "round_id", help="The first round, such as 2026-Q4.")
@click.option("--custodian", "names", multiple=True, help="A custodian; repeat for each.")
@click.option("--words-need", type=click.IntRange(1, 9), help="How many open the words together.")
@click.option(
    "--passphrases-file",
    type=click.Path(path_type=Path),
    help="Write the passphrases to this new file, for you alone; else they are shown once.",
)
@click.option("--yes", is_flag=True, help="Ask nothing.")
def init(
    folder: Path,
    team: str | None,
    round_id: str | None,
    names: tuple[str, ...],
    words_need: int | None,
    passphrases_file: Path | None,
    yes: bool,
) -> None:
    """Make a team's folder, its first round and its keys."""
    place = Folder(folder)
    team = team or ("Our team" if yes else click.prompt("Name of the team"))
    round_id = checked_round(round_id or quarter(today()))
    names = checked_names(names or _ask_names(yes))
    words_need = _checked_need(words_need, names)
    secrets = {name: generate_passphrase() for name in names}
    password = generate_passphrase()
    asked = load_questionnaire()
    with _whole_or_nothing(folder):
        custody.make_team(place, team, password=password, today=today())
        with team_box(place, create=True):
            custody.make_round(
                place,
                round_id,
                questionnaire=asked,
                plan=publishing.make_plan(place.team(), round_id, asked, codebooks.current(place)),
                passphrases=secrets,
                words_needed=words_need,
                today=today(),
            )
        if passphrases_file is not None:
            write_passphrases(passphrases_file, secrets, password)
    if passphrases_file is None:
        _show_once(secrets, password, pause=not yes)
        if not yes:
            _type_back(place, round_id, names)
    else:
        click.echo(f"The passphrases are in {passphrases_file}. Give them out, then destroy it.")
        name, words = next(iter(read_passphrases(passphrases_file).items()))
        custody.confirm(place, round_id, {name: words}, today=today())
    if open_round(place):
        click.echo(f"The form of {team} is open for the round {round_id}.")
    else:
        click.echo(
            "The form is not open yet. One custodian must type a passphrase back first:\n"
            f"  throughline round open {folder} {round_id}"
        )
    click.echo(f"Every custodian keeps a copy of the files {folder}/keyring-*.json.")


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Take away what was begun in a new folder and failed, so that the command works again."""
    was_there = folder.exists() and any(folder.iterdir())
    try:
        yield
    except BaseException:
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _checked_need(wanted: int | None, names: tuple[str, ...]) -> int:
    need = wanted if wanted is not None else min(2, len(names))
    if need > len(names):
        raise click.UsageError(f"The words would need {need} custodians, of {len(names)}.")
    return need


def _ask_names(yes: bool) -> tuple[str, ...]:
    if yes:
        return ("Custodian 1", "Custodian 2", "Custodian 3")
    text: str = click.prompt("Custodians, with commas between them (two to four people)")
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _show_once(secrets: Mapping[str, str], password: str, *, pause: bool) -> None:
    for name, words in [*secrets.items(), (PASSWORD, password)]:
        click.echo(f"\n{name}:\n    {words}\n")
        if pause:
            click.pause("Write it on paper. Then press a key: it is shown only once. ")
            click.clear()


def _type_back(place: Folder, round_id: str, names: tuple[str, ...]) -> None:
    """Open the round once a passphrase was typed back; a typing error is asked for again."""
    click.echo("Now one custodian types their passphrase back, so that no answer is locked away.")
    while open_round(place) is None:
        name: str = click.prompt("Custodian", type=click.Choice(names))
        words: str = click.prompt("Passphrase", hide_input=True)
        try:
            custody.confirm(place, round_id, {name: words}, today=today())
        except WrongPassphrase as refused:
            click.echo(str(refused), err=True)


@click.command("status")
@TeamFolder
@click.option("--json", "as_json", is_flag=True, help="As data, for a program.")
def show_status(folder: Path, as_json: bool) -> None:
    """Say where the team stands. Exit code 1 when something needs a hand."""
    place = Folder(folder)
    with team_box(place) as box:
        found = status.look(place, box, today=today())
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(status.sentences(found)))
    if found["attention"]:
        sys.exit(1)


@click.command()
@TeamFolder
@click.option("--ledger-only", is_flag=True, help="Without the box: a ledger that lies here.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --ledger-only: the team's key from elsewhere; else team-key.json beside it.",
)
def verify(folder: Path, ledger_only: bool, key: Path | None) -> None:
    """Check the ledger, the audit log and the box. Exit code 0 only when all hold.

    With --ledger-only, DIR may be a folder of releases that a team handed over.
    """
    if ledger_only:
        verify_ledger(folder, key)
        return
    place = Folder(folder)
    with team_box(place) as box:
        problems = publishing.verify(place, box)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("The ledger, the audit log and the box hold.")


@click.command()
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@click.option("--responses", type=click.IntRange(10, 100_000), default=60, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Invents other people.")
@click.option("--serve/--no-serve", default=True, help="Or only make it.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(folder: Path, responses: int, seed: int, serve: bool, port: int) -> None:
    """Make a demonstration team, clearly marked, and serve it."""
    from feedback.demonstration.make import PASSPHRASES_FILE, make_demonstration

    place, given = Folder(folder), folder / PASSPHRASES_FILE
    if not place.team_file.exists():
        click.echo("Making a demonstration team. Everything in it is invented.")
        with _whole_or_nothing(folder):
            make_demonstration(place, responses=responses, seed=seed, today=today())
    elif not given.exists():
        raise RoundRefused(f"The team in {folder} is no demonstration. Nothing was changed.")
    click.echo(read_file(given).decode())
    if serve:
        click.echo("The team password opens the team side; the others, the reading room on it.")
        run_server(folder, Surface.ALL, host="127.0.0.1", port=port)
