"""The command `throughline`: what a team does without a browser."""

from __future__ import annotations

from importlib import import_module

import click

from feedback.commands.asking import Program
from feedback.memory import forbid_core_files

# Each command and the module it lies in, which is loaded when the command is asked for: a
# process that serves the form must not load what opens answers.
PLACES = {
    "init": "team",
    "serve": "serving",
    "demo": "team",
    "status": "team",
    "verify": "team",
    "round": "rounds",
    "open": "rounds",
    "import": "rounds",
    "cards": "cards",
    "release": "releases",
    "export": "releases",
    "pool": "handing",
    "keys": "keeping",
    "backup": "keeping",
    "restore": "keeping",
    "drill": "keeping",
}


class Throughline(Program):
    """The commands in the order in which a team meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None when there is none of this name."""
        if cmd_name not in PLACES:
            return None
        module = import_module(f"feedback.commands.{PLACES[cmd_name]}")
        commands = (each for each in vars(module).values() if isinstance(each, click.Command))
        return next(command for command in commands if command.name == cmd_name)


@click.group(cls=Throughline, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="throughline")
def main() -> None:
    """Carry what survivors and young people say to the team's decisions, and back what changed."""
    forbid_core_files()
