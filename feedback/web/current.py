"""What the form knows now: the team's file, the open round and the board, read when they change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedback.cards import cards_made
from feedback.errors import ThroughlineError
from feedback.folder import Folder
from feedback.questionnaire.catalogue import Catalogue
from feedback.questionnaire.choices import check_languages
from feedback.rounds import Round, open_round
from feedback.settings import RoundDates, TeamFile, read_team
from feedback.web.board import Board, read_board

log = logging.getLogger("throughline.form")

Stamp = tuple[date, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds at one moment. ``round`` is None while no answers are taken.

    ``cards``: cards were made for the round, so the form asks for what stands on them.
    """

    today: date
    team: TeamFile
    round: Round | None
    board: Board
    cards: bool = False

    @property
    def dates(self) -> RoundDates | None:
        """Return the dates of the open round."""
        return self.team.round_dates(self.round.id) if self.round else None


class Current:
    """The moment, read again when the day or a file's time and size change."""

    def __init__(
        self, folder: Folder, catalogue: Catalogue, today: Callable[[], date] = date.today
    ) -> None:
        """Read everything once. Raises InvalidSettings when a file is missing or wrong."""
        self._folder = folder
        self._catalogue = catalogue
        self._today = today
        self._stamp = self._look()
        self._moment = read_moment(folder, self._catalogue, self._stamp[0])

    def now(self) -> Moment:
        """Return what holds now; what held before, while a changed file cannot be read."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._moment = read_moment(self._folder, self._catalogue, stamp[0])
            except ThroughlineError as error:
                log.error("The folder changed and cannot be read: %s", type(error).__name__)
        return self._moment

    def _look(self) -> Stamp:
        folder = self._folder
        files = (folder.team_file, folder.public, folder.board, folder.cards)
        return self._today(), tuple(map(_changed, files))


def read_moment(folder: Folder, catalogue: Catalogue, today: date) -> Moment:
    """Read the folder. A round past its closing day takes no answers.

    Raises:
        InvalidSettings: the team's file or the round cannot be used.
    """
    text = folder.team_text()
    team = read_team(text)
    check_languages(team, text, catalogue)
    round_ = open_round(folder)
    closes = team.round_dates(round_.id).closes if round_ else None
    if closes and today > closes:
        round_ = None
    cards = round_ is not None and round_.id in cards_made(folder)
    return Moment(today, team, round_, read_board(folder.board), cards)


def _changed(path: Path) -> tuple[int, ...]:
    """Return what changes with a file: its time, size and place; nothing while it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
