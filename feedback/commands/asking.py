"""What every command asks for or says: the folder, the day, the box, passphrases, refusals."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from feedback.errors import ThroughlineError
from feedback.folder import Folder
from feedback.passphrases import PASSWORD, read_passphrases
from feedback.settings import ROUND_ID, Settings
from feedback.store.box import Box, open_box
from feedback.store.trouble import refusal

TeamFolder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
PassphrasesFile = click.option(
    "--passphrases-file",
    type=click.Path(path_type=Path),
    help="A file that only you can read, one line each: name: seven words.",
)


class Program(click.Group):
    """A group whose refusals are one calm message and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run a command."""
        try:
            return super().invoke(ctx)
        except ThroughlineError as refused:
            fail(str(refused))
        except BrokenPipeError:  # whoever read the output has gone; click ends quietly
            raise
        except OSError as error:
            fail(str(refusal(f"The file {error.filename or 'of this command'}", error)))


def fail(message: str) -> NoReturn:
    """Say why on standard error and end with exit code 1."""
    click.echo("\n".join(map(shown, message.split("\n"))), err=True)
    sys.exit(1)


def shown(text: str) -> str:
    """Return text of a file from elsewhere on one line, without signs that steer a terminal.

    With them a name could write over the key that stands below it.
    """
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def today() -> date:
    """Return the day; nothing finer is ever written down."""
    return datetime.now(UTC).astimezone().date()


@contextmanager
def team_box(folder: Folder, *, create: bool = False) -> Iterator[Box]:
    """Open the team's box, where THROUGHLINE_BOX_URL says or in the folder."""
    folder.team()
    settings = Settings.from_env({**os.environ, "THROUGHLINE_DATA": str(folder.path)})
    with open_box(settings.box, create=create) as box:
        yield box


def checked_round(round_id: str) -> str:
    """Return a round id that can be a file name, or end with a usage message."""
    if not re.fullmatch(ROUND_ID, round_id):
        raise click.UsageError("A round is named by letters, digits and hyphens, such as 2026-Q4.")
    return round_id


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return custodians' names that a passphrase file can hold, or end with a usage message."""
    if any(":" in name or name.startswith("#") or name == PASSWORD for name in names):
        raise click.UsageError("A name has no colon and does not begin with #.")
    if len(set(names)) < len(names):
        raise click.UsageError("Every custodian needs a name of their own.")
    return tuple(names)


def passphrases(place: Folder, round_id: str, file: Path | None) -> dict[str, str]:
    """Return passphrases by custodian, from a file or typed one after the other."""
    if file is not None:
        return read_passphrases(file)
    from feedback import custody  # here, because the form's process must not load it

    names, needed = custody.custodians(place, round_id)
    click.echo(f"Any one custodian opens the codes; {needed} together open the words.")
    return _typed(names)


def team_passphrases(place: Folder, file: Path | None) -> dict[str, str]:
    """Return passphrases of custodians who sign for the team, from a file or typed."""
    if file is not None:
        return read_passphrases(file)
    from feedback import custody  # here, because the form's process must not load it

    return _typed(custody.team_custodians(place))


def _typed(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    while len(found) < len(names):
        left = [name for name in names if name not in found]
        name: str = click.prompt(
            "Custodian (or Enter to go on)", default="", show_default=False,
            type=click.Choice(["", *left]), show_choices=False,
        )  # fmt: skip
        if not name:
            break
        found[name] = click.prompt(f"Passphrase of {name}", hide_input=True)
    return found
