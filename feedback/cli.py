"""The command `throughline`: what a team does without a browser."""

from __future__ import annotations

import click

from feedback.commands import keeping, releases, rounds, team
from feedback.commands.asking import Program


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="throughline")
def main() -> None:
    """Carry what survivors and young people say to the team's decisions, and back what changed."""


for command in (
    team.init,
    team.serve,
    team.demo,
    team.show_status,
    team.verify,
    rounds.open_responses,
    rounds.round_group,
    rounds.import_answers,
    releases.release,
    releases.export,
    *keeping.COMMANDS,
):
    main.add_command(command)
