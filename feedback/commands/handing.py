"""Commands for those who hold no key: releases that teams handed over are checked and added up."""

from __future__ import annotations

from pathlib import Path

import click

from feedback import ledgers, pooling
from feedback.commands.asking import fail, shown
from feedback.folder import Folder

ENDINGS = (".csv", ".json")
A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("files", metavar="RELEASE.json…", nargs=-1, required=True, type=A_FILE)
@click.option("--key", "keys", multiple=True, required=True, type=A_FILE, help="team-key.json.")
@click.option("--round", "rounds", multiple=True, help="Add up this round; repeat for more.")
@click.option("--out", required=True, type=A_FILE, help="A .csv or .json file.")
def pool(
    files: tuple[Path, ...], keys: tuple[Path, ...], rounds: tuple[str, ...], out: Path
) -> None:
    """Add up the published releases of at least five teams.

    Each file is checked against the teams' public keys first. Whose key is whose, only another
    way can tell: compare the printed fingerprints with each team.
    """
    if out.suffix not in ENDINGS:
        raise click.UsageError(f"The name of {out} must end in .csv or .json.")
    found = pooling.pool(files, [ledgers.read_team_key(key) for key in keys], rounds)
    pooling.write_pool(found, out)
    for team, withdrawn in found.withdrawn:
        click.echo(shown(f"{team}: {withdrawn.sentence}"))
    for each in found.handed:
        release, key = each.release, found.keys[each.team]
        click.echo(
            f"{shown(release.plan.team)}: release {release.number}, {release.round}. "
            f"Key: {key.fingerprint}"
        )
    click.echo("Compare each key with its team by another way: the telephone, paper, a meeting.")
    click.echo(f"{len(found.handed)} releases are added up in {out}.")


def verify_ledger(folder: Path, key_file: Path | None) -> None:
    """Check a ledger alone, in a team's folder or handed over, and say what was checked."""
    team = Folder(folder)
    place = team.ledger if team.ledger.is_dir() else folder
    key = ledgers.read_team_key(key_file or place / team.team_key.name)
    if team.audit.exists():
        problems = list(ledgers.problems_by_the_log(team, key))
    else:
        problems = ledgers.ledger_problems(place, key)
    if problems:
        fail("\n".join(problems))
    released, withdrawn = ledgers.summary(place)
    if not released:
        fail(f"There is no release in {place}.")
    click.echo(f"The ledger of {shown(key.team)} holds: releases 1 to {len(released)}.")
    for each in withdrawn:
        click.echo(shown(each.sentence))
    click.echo(f"It ends with {released[-1]['hash']}.")
    click.echo(f"Key: {key.fingerprint}")
    click.echo(
        "Compare the key with the team by another way. Whether newer releases were left out, only "
        "the last hash can tell: compare it too."
    )
