"""The bank of invented comments, handed out so that nobody in a small round repeats another."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from random import Random


class About(StrEnum):
    """What a comment speaks of."""

    TREATMENT = "treatment"  # how the writer was treated
    OWN = "own"  # something else that is true of the writer
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Comment:
    """One invented comment; it fits people of whom every tag in ``tags`` holds.

    ``early``: said near the beginning of a round, so that every round shows what a reader
    has to do with it.
    """

    box: str
    lang: str
    text: str
    themes: tuple[str, ...]
    flags: tuple[str, ...]
    tags: frozenset[str]
    early: bool

    @property
    def about(self) -> About:
        """Return what it speaks of: an answer to a scale, another answer, or nothing special."""
        if any(":" in tag for tag in self.tags):
            return About.TREATMENT
        return About.OWN if self.tags else About.ANYTHING


def load_comments(path: Path | None = None) -> tuple[Comment, ...]:
    """Read the bank, `words.toml` beside this module."""
    path = path or Path(__file__).with_name("words.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    return tuple(
        Comment(
            box=entry["box"],
            lang=entry["lang"],
            text=entry["text"],
            themes=tuple(entry["themes"]),
            flags=tuple(entry.get("flags", ())),
            tags=frozenset(entry["from"]),
            early=entry.get("early", False),
        )
        for entry in entries
    )


class WordBank:
    """Hands out comments for one round: the one that was said longest ago comes first.

    In a round of up to as many people as there are comments nobody repeats another: who finds
    no fitting comment left writes nothing. Larger rounds repeat. With one ``seed``, each of
    three rounds (``chapter`` 0, 1, 2) begins at another third of the bank.
    """

    def __init__(
        self, comments: Iterable[Comment], *, people: int, seed: int, chapter: int
    ) -> None:
        comments = list(comments)
        self._repeats = people > len(comments)
        Random(seed).shuffle(comments)  # noqa: S311 - the demonstration has to be repeatable
        first = len(comments) * (chapter % 3) // 3
        self._shelves: dict[tuple[str, str], list[Comment]] = {}
        for comment in comments[first:] + comments[:first]:
            self._shelves.setdefault((comment.box, comment.lang), []).append(comment)

    def take(self, box: str, lang: str, tags: Set[str], about: About) -> Comment | None:
        """Return a comment that fits, if there is one an early one or of the wished kind, or None.

        The comment goes to the end of its shelf, or out of the bank in a small round.
        """
        shelf = self._shelves.get((box, lang), [])
        fitting = [comment for comment in shelf if comment.tags <= tags]
        if not fitting:
            return None
        wished = [comment for comment in fitting if comment.about is about]
        early = [comment for comment in fitting if comment.early]
        chosen = (early or wished or fitting)[0]
        shelf.remove(chosen)
        if self._repeats:
            shelf.append(replace(chosen, early=False))
        return chosen
