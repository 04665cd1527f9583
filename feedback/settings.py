"""What can be set: the environment once, and the team's own file `team.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from feedback.errors import InvalidSettings
from feedback.shapes import PATTERN, Place, Shape, WrongShape, read_shape

ROUND_ID = r"^[0-9A-Za-z][0-9A-Za-z-]{0,31}$"
WRITTEN = {
    "leave": "It must be an address that begins with https://",
    "languages": "A language is a short tag, such as en or kar",
    "id": "A round is named by letters, digits and hyphens, such as 2027-Q1",
}
STALE_DAYS = 90  # a help line's number that nobody checked for longer is called old


Tag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]  # of a language


class Surface(StrEnum):
    """Which side of the house a process serves."""

    FORM = "form"
    TEAM = "team"
    CUSTODIAN = "custodian"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment, read once.

    ``data``: the team's folder (THROUGHLINE_DATA). ``surface``: THROUGHLINE_SURFACE.
    ``box`` and ``team``: where sealed rows and the team's records lie; a path in the folder,
    or a ``postgresql://`` address (THROUGHLINE_BOX_URL, THROUGHLINE_TEAM_URL).
    """

    data: Path
    surface: Surface
    box: str
    team: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the environment. Raises InvalidSettings for an unknown surface."""
        data = Path(env.get("THROUGHLINE_DATA", "data"))
        surface = env.get("THROUGHLINE_SURFACE", Surface.ALL)
        if surface not in list(Surface):
            choices = ", ".join(Surface)
            raise InvalidSettings("THROUGHLINE_SURFACE", [f"Use one of {choices}."])
        return cls(
            data=data,
            surface=Surface(surface),
            box=env.get("THROUGHLINE_BOX_URL", str(data / "box.sqlite")),
            team=env.get("THROUGHLINE_TEAM_URL", str(data / "team.sqlite")),
        )


class HelpLine(Shape, frozen=True):
    """Somewhere to call or write. ``checked_on``: the day when a person last made sure of it."""

    name: str
    call: str | None = None
    text: str | None = None
    note: str = ""
    checked_on: date | None = None

    def is_stale(self, today: date) -> bool:
        """Say whether nobody has checked this line for more than STALE_DAYS days."""
        return self.checked_on is None or (today - self.checked_on).days > STALE_DAYS


class RoundDates(Shape, frozen=True):
    """A collection period: when it closes, by when answers will have been read, what more it asks.

    ``module``: the focus module, if any; ``agreed_by``: who agreed to the one that asks who people
    are. ``sounds_right``: show what people said last time and ask whether it sounds right.
    """

    id: Annotated[str, Meta(pattern=ROUND_ID)]
    closes: date | None = None
    read_by: date | None = None
    module: Annotated[str, Meta(pattern=r"^[a-z_]{1,24}$")] | None = None
    agreed_by: Annotated[str, Meta(max_length=120)] = ""
    sounds_right: bool = False


class Review(Shape, frozen=True):
    """Somebody of the community that speaks a language read its texts: in which role, and when."""

    language: Tag
    by: Annotated[str, Meta(min_length=1, max_length=80)]
    day: date


class TeamFile(Shape, frozen=True):
    """`team.toml`, which a person may edit. Safety limits can only be made stricter."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    languages: Annotated[tuple[Tag, ...], Meta(min_length=1)] = ("en", "es")
    leave: Annotated[str, Meta(pattern=r"^https://[^\s]+$")] = "https://www.weather.gov/"
    welcome: str = ""
    welcome_in: dict[Tag, str] = field(default_factory=dict)
    k: Annotated[int, Meta(ge=10, le=50)] = 10
    k_groups: Annotated[int, Meta(ge=30, le=200)] = 30
    base: Literal[5, 10] = 5
    sample: Annotated[int, Meta(ge=200, le=400, multiple_of=10)] | None = None
    single_person: bool = False
    idle_minutes: Annotated[int, Meta(ge=1, le=60)] = 15
    demonstration: bool = False
    behind_tls: bool = False
    help: tuple[HelpLine, ...] = ()
    rounds: tuple[RoundDates, ...] = ()
    reviews: tuple[Review, ...] = ()

    def greeting(self, tag: str) -> str:
        """Return the team's own words on the entry page in a language; else in English."""
        return self.welcome_in.get(tag, self.welcome)

    def reviewed(self, tag: str) -> Review | None:
        """Return the newest review of a language, if there is one."""
        found = [review for review in self.reviews if review.language == tag]
        return max(found, key=lambda review: review.day, default=None)

    def round_dates(self, round_id: str) -> RoundDates:
        """Return the dates of a round; a round without dates when the file names none."""
        return next((r for r in self.rounds if r.id == round_id), RoundDates(id=round_id))


def read_team(text: str) -> TeamFile:
    """Read the text of a `team.toml`.

    Raises:
        InvalidSettings: naming the first wrong value with its line.
    """
    try:
        return read_shape(tomllib.loads(text), TeamFile)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings("team.toml", [f"{error}."]) from None
    except WrongShape as wrong:
        named = [step for step in wrong.place if isinstance(step, str)]
        where = f"Line {line_of(text, wrong.place)}, {named[-1]}"
        said = WRITTEN.get(named[-1], PATTERN) if wrong.said == PATTERN else wrong.said
        raise InvalidSettings("team.toml", [f"{where}: {said}."]) from None


def line_of(text: str, place: Place) -> int:
    """Return the line of a value: its key, counted inside the table that ``place`` names."""
    lines = text.splitlines()
    start = 0
    if len(place) > 2 and isinstance(place[1], int):
        heads = [n for n, line in enumerate(lines) if line.strip() == f"[[{place[0]}]]"]
        start = heads[place[1]] if place[1] < len(heads) else 0
    keys = [str(step) for step in place if isinstance(step, str)]
    for number, line in enumerate(lines[start:], start + 1):
        if re.match(rf"\s*{re.escape(keys[-1])}\s*=", line):
            return number
    return start + 1
