"""The command that prints cards: codes are drawn, printed once, and kept nowhere."""

from __future__ import annotations

from pathlib import Path

import click

from feedback.cards import make_cards
from feedback.commands.asking import TeamFolder, checked_round, team_box, today
from feedback.errors import RoundRefused
from feedback.folder import Folder
from feedback.handouts.press import press
from feedback.questionnaire.catalogue import load_catalogue
from feedback.rounds import State, load_round, states
from feedback.store.files import write_file
from feedback.web.card_sheet import card_facts, card_page


@click.command("cards")
@TeamFolder
@click.argument("round_id", metavar="ROUND")
@click.option("--count", type=click.IntRange(1, 2000), default=100, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="FILE.html or .pdf",
)
@click.option("--address", default="", help="The address of the form, to stand on each card.")
def make_them(folder: Path, round_id: str, count: int, out: Path, address: str) -> None:
    """Make cards for a bowl: each counts one person.

    Nobody knows who drew which card.
    """
    place = Folder(folder)
    checked_round(round_id)
    if out.suffix not in (".html", ".pdf"):
        raise click.UsageError("The cards are written to a file that ends in .html or .pdf.")
    if out.exists() or not out.parent.is_dir():
        there = f"is a file {out} already" if out.exists() else f"is no folder {out.parent}"
        raise click.UsageError(f"There {there}. Nothing was changed.")
    a_round = load_round(place, round_id)
    if states(place)[round_id] not in (State.PREPARED, State.OPEN):
        raise RoundRefused(f"The round {round_id} takes no answers any more.")
    languages = load_catalogue().offered(place.team().languages)
    if out.suffix == ".pdf" and any(language.direction == "rtl" for language in languages):
        raise click.UsageError(
            "Your languages need a file that ends in .html. Print it from there."
        )
    with team_box(place) as box:
        codes = make_cards(place, a_round, box, count)
    facts = card_facts(codes, languages, address)
    pdf = out.suffix == ".pdf"
    sheet = press("cards.typ", facts, day=today()).pdf if pdf else card_page(facts)
    write_file(out, sheet, mode=0o600)
    click.echo(
        f"{count} cards are in {out}. Print them, cut and fold them, and put them into a bowl. "
        "Then destroy the file: it is the only place where the codes stand."
    )
