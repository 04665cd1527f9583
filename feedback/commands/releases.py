"""Commands for releases: draft, check, publish, write as a file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from feedback import custody, ledgers, publishing, withdrawing
from feedback.commands.asking import (
    PassphrasesFile,
    TeamFolder,
    passphrases,
    team_box,
    team_passphrases,
    today,
)
from feedback.disclosure.withdrawal import Reason
from feedback.drafting import build_draft
from feedback.errors import RoundRefused
from feedback.exports import Format, release_file, write_out
from feedback.folder import Folder
from feedback.rounds import Round, State, load_round, states
from feedback.settings import Settings
from feedback.ui.handing_out import ON_PAPER, Kind, Whom, handout, handout_name
from feedback.ui.team_data import read_desk


@click.group()
def release() -> None:
    """Draft a release, check it, publish it."""


@release.command()
@TeamFolder
@click.argument("round_id", metavar="[ROUND]", required=False)
@PassphrasesFile
def build(folder: Path, round_id: str | None, passphrases_file: Path | None) -> None:
    """Open what is new in a closed round and draft its release."""
    place = Folder(folder)
    a_round = _closed_round(place, round_id)
    keys = custody.unlock(place, a_round.id, passphrases(place, a_round.id, passphrases_file))
    with team_box(place) as box:
        document, is_read = build_draft(place, a_round, box, keys, today=today())
    if not is_read:
        click.echo(
            "Some open answers have not been read, so no themes are in this draft. Read them in "
            "the reading room first, and build again; after publishing it is too late.",
            err=True,
        )
    click.echo(f"Draft of release {document['number']} for {a_round.id}, by {keys.custodians[0]}.")


def _closed_round(place: Folder, round_id: str | None) -> Round:
    place.team()
    closed = [r for r, state in states(place).items() if state is State.CLOSED]
    if round_id is None and len(closed) == 1:
        round_id = closed[0]
    if round_id is None:
        raise RoundRefused("Name a closed round: " + (", ".join(closed) or "there is none yet."))
    if round_id not in closed:
        raise RoundRefused(f"The round {round_id} is not closed, or has its release already.")
    return load_round(place, round_id)


@release.command()
@TeamFolder
@click.argument("round_id", metavar="[ROUND]", required=False)
def check(folder: Path, round_id: str | None) -> None:
    """Say what an attacker would learn from a draft."""
    place = Folder(folder)
    a_round = _closed_round(place, round_id)
    checked = publishing.check(place, a_round, today=today())
    click.echo("\n".join(publishing.review(checked)))


@release.command()
@TeamFolder
@click.argument("round_id", metavar="[ROUND]", required=False)
@click.option("--custodian", "approver", help="Who approves; not who built the draft.")
@PassphrasesFile
def publish(
    folder: Path, round_id: str | None, approver: str | None, passphrases_file: Path | None
) -> None:
    """Approve a draft as a second person and freeze it in the ledger."""
    place = Folder(folder)
    a_round = _closed_round(place, round_id)
    given = passphrases(place, a_round.id, passphrases_file)
    approver = approver or publishing.second_person(place, a_round.id, list(given))
    if approver not in given:
        raise click.UsageError(f"There is no passphrase of {approver}.")
    keys = custody.unlock(place, a_round.id, {approver: given[approver]})
    published = publishing.publish(place, a_round, keys.team_seed, by=approver, today=today())
    click.echo(f"Release {published.number} for {a_round.id} is in the ledger: {published.hash}")


@release.command()
@TeamFolder
@click.argument("number", metavar="NUMBER", type=click.IntRange(1))
@click.option(
    "--reason",
    required=True,
    type=click.Choice([reason.value for reason in Reason]),
    help="error: a number in it is wrong; fraud: some of its answers are not real.",
)
@PassphrasesFile
def withdraw(folder: Path, number: int, reason: str, passphrases_file: Path | None) -> None:
    """Take a release back for good, two custodians together.

    Nobody sees its numbers again, and its answers are never published again. Not for a person
    who changed their mind: a release holds nothing that is about one person, so it stays.
    """
    place = Folder(folder)
    place.team()
    given = team_passphrases(place, passphrases_file)
    seed = custody.unlock_team(place, given)
    withdrawn = withdrawing.withdraw(
        place, number, seed, by=tuple(given), reason=Reason(reason), today=today()
    )
    click.echo(withdrawn.sentence)
    if not place.board.exists():
        click.echo("The public board is empty now. Put it up again on the page of decisions.")


@click.command()
@TeamFolder
@click.argument("number", metavar="RELEASE", type=click.IntRange(1))
@click.option(
    "--format",
    "kind",
    type=click.Choice([kind.value for kind in Kind]),
    default="csv",
    show_default=True,
)
@click.option(
    "--for",
    "whom",
    type=click.Choice([whom.value for whom in Whom]),
    default="meeting",
    show_default=True,
    help="For whom a pdf or html is: the packet of a meeting, or a summary for funders.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Where to; else the file's own name.")
def export(folder: Path, number: int, kind: str, whom: str, out: Path | None) -> None:
    """Write a release as a file.

    csv, xlsx and json hold its numbers; pdf and html are the meeting packet, with the decisions
    of today; png is one picture of it, zip a chart of every question with words for each.
    """
    place = Folder(folder)
    place.team()
    if whom != Whom.MEETING and Kind(kind) not in ON_PAPER:
        raise click.UsageError("--for goes with --format pdf or html.")
    chosen = ledgers.load_release(place, number)
    if kind in list(Format):  # numbers alone: nothing of the team's own is read for them
        data = release_file(chosen, Format(kind))
    else:
        settings = Settings.from_env({**os.environ, "THROUGHLINE_DATA": str(folder)})
        data = handout(read_desk(place, settings, today()), chosen, Kind(kind), Whom(whom))
    click.echo(str(write_out(handout_name(chosen, Kind(kind), Whom(whom)), data, out)))
