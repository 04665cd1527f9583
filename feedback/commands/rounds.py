"""Commands for rounds: open and close them, open what has arrived, bring answers in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from feedback import codebooks, custody, importing, opening, publishing
from feedback.asking import in_words, questionnaire_for
from feedback.cards import people_counted
from feedback.commands.asking import (
    PassphrasesFile,
    TeamFolder,
    checked_round,
    passphrases,
    team_box,
    today,
)
from feedback.errors import NotEnoughCustodians, RoundRefused
from feedback.folder import Folder
from feedback.questionnaire.definition import Questionnaire
from feedback.rounds import State, load_round, open_round, states


@click.command("open")
@TeamFolder
@click.option("--round", "round_id", help="Only this round.")
@PassphrasesFile
def open_responses(folder: Path, round_id: str | None, passphrases_file: Path | None) -> None:
    """Open what is new into the sealed snapshot. Prints counts, never text."""
    place = Folder(folder)
    known = states(place)
    wanted = [round_id] if round_id else [r for r, s in known.items() if s is not State.RELEASED]
    with team_box(place) as box:
        for each in wanted:
            a_round = load_round(place, each)
            keys = custody.unlock(place, each, passphrases(place, each, passphrases_file))
            snapshot = opening.open_new(
                place,
                a_round,
                box,
                codes=keys.codes,
                words=keys.words,
                log=opening.Log(keys.custodians, today()),
            )
            click.echo(
                f"{each}: {len(snapshot.responses)} responses are open, "
                f"{len(snapshot.quarantine)} could not be opened, "
                f"{snapshot.unread} open answers are not read yet."
            )


@click.group("round")
def round_group() -> None:
    """Open and close rounds."""


@round_group.command("open")
@TeamFolder
@click.argument("round_id", metavar="ROUND")
@PassphrasesFile
def open_a_round(folder: Path, round_id: str, passphrases_file: Path | None) -> None:
    """Open a round; a new one needs all its custodians."""
    place = Folder(folder)
    place.team()
    checked_round(round_id)
    now_open = open_round(place)
    if now_open is not None and now_open.id != round_id:
        raise RoundRefused(f"The round {now_open.id} is open. Close it first.")
    known = states(place)
    if not known:
        raise RoundRefused(f"There is no round in {folder}. Make a team: throughline init {folder}")
    is_new = round_id not in known
    asked = (
        questionnaire_for(place, round_id) if is_new else load_round(place, round_id).questionnaire
    )
    for sentence in in_words(asked):
        click.echo(sentence)
    given = passphrases(place, max(known) if is_new else round_id, passphrases_file)
    if is_new:
        _make(place, round_id, asked, given, last=max(known))
    custody.confirm(place, round_id, given, today=today())
    click.echo(f"The round {round_id} is open.")


def _make(
    place: Folder, round_id: str, asked: Questionnaire, given: Mapping[str, str], *, last: str
) -> None:
    """Make a round for those who came: never fewer than open the words together."""
    names, needed = custody.custodians(place, last)
    if len(given) < needed:
        raise NotEnoughCustodians(needed, len(given))
    custody.make_round(
        place,
        round_id,
        questionnaire=asked,
        plan=publishing.make_plan(place.team(), round_id, asked, codebooks.current(place)),
        passphrases=given,
        words_needed=needed,
        today=today(),
    )
    absent = [name for name in names if name not in given]
    if absent:
        click.echo(
            f"! {', '.join(absent)} did not come and will open nothing of {round_id}. To change "
            f"that: throughline keys rewrap {place.path} with --custodian for each of you.",
            err=True,
        )


@round_group.command("close")
@TeamFolder
@click.argument("round_id", metavar="ROUND")
def close_a_round(folder: Path, round_id: str) -> None:
    """Close the open round, when enough people have answered.

    It opens again only when its answers turn out to be fewer people's than a release needs.
    """
    place = Folder(folder)
    with team_box(place) as box:
        k = publishing.frozen_plan(place, load_round(place, round_id)).limits.k
        people = people_counted(place, box, round_id, k)
    custody.close_round(place, round_id, people=people, k=k, today=today())
    click.echo(f"The round {round_id} is closed.")


@click.command("import")
@TeamFolder
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
def import_answers(folder: Path, file: Path) -> None:
    """Seal answers from paper or elsewhere into the open round."""
    place = Folder(folder)
    with team_box(place) as box:
        taken, problems = importing.import_file(place, file, box, today=today())
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"Responses sealed: {taken}. Lines left out: {len(problems)}.")
    if problems:
        click.echo(
            "Correct those lines in a file of their own, so that the others do not count twice.",
            err=True,
        )
        sys.exit(1)
