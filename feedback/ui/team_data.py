"""What lies on the team's desk: published rows, and the documents that the team writes itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache

from feedback import codebooks, paraphrases
from feedback.decisions import resources
from feedback.decisions.coverage import CoverageItem, heard_in_release, starter_items
from feedback.decisions.heard import rule_of
from feedback.decisions.log import Decision, from_dict, to_dict
from feedback.decisions.meeting import MeetingPlan, days_met
from feedback.decisions.papers import Papers, in_words
from feedback.decisions.readiness import TeamInputs
from feedback.decisions.resources import Contact, Tick
from feedback.decisions.signals import CORE
from feedback.decisions.wording import Wording
from feedback.disclosure.withdrawal import Withdrawal
from feedback.folder import Folder
from feedback.paraphrases import Sentence
from feedback.posting import board_of, post_board
from feedback.rounds import open_round
from feedback.settings import Settings, TeamFile
from feedback.store.records import Document, Records, open_records
from feedback.ui.shelf import Shelf, in_spanish, published, source_of

DECISION, COVERAGE, READINESS = "decision", "coverage", "readiness"  # kinds of documents
CONTACT, TICK, MEETING = "contact", "tick", "meeting"
NEXT = "next"  # the id of the one meeting that is planned
THE_TEAM = "readiness"  # the id of the one document of its kind

Written = (
    Decision | CoverageItem | TeamInputs | MeetingPlan | Contact | Tick
)  # what a team writes itself


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What one page draws from; read anew for every page, and never changed.

    Two desks are equal when the same files and versions of documents lie on them.
    """

    team: TeamFile
    today: date
    shelf: Shelf
    decisions: tuple[Decision, ...]
    points: tuple[CoverageItem, ...]
    inputs: TeamInputs
    meeting: MeetingPlan = field(default_factory=MeetingPlan)
    met: tuple[date, ...] = ()  # days on which the team met
    versions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    open_round: str = ""
    sentences: Mapping[int, tuple[Sentence, ...]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Say whether the same things lie on both desks."""
        return isinstance(other, Desk) and self._key == other._key

    def __hash__(self) -> int:
        """Return the same number for desks on which the same things lie."""
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        documents = tuple(sorted(self.versions.items()))
        sentences = tuple(sorted(self.sentences.items()))
        written = (documents, repr(self.team), sentences)
        return (self.shelf.key, self.today, self.open_round, *written)

    @property
    def wording(self) -> Wording:
        """Return the words for ids."""
        return self.shelf.wording

    @property
    def rule(self) -> str:
        """Return the sentence that stands under numbers."""
        return rule_of(self.shelf.latest)

    @property
    def papers(self) -> Papers:
        """Return what cycle, agenda and packet are made from."""
        return Papers(
            today=self.today,
            wording=self.wording,
            rows=self.shelf.rows,
            decisions=self.decisions,
            coverage=self.points,
            versions=self.shelf.versions,
            team=self.team.name,
            next_release=self.next_release(),
            next_focus=self.meeting.focus,
            next_meeting=self.meeting.day,
            leftovers=self.meeting.leftovers,
            met_since={
                release.number: sum(day > release.day for day in self.met)
                for release in self.shelf.releases
            },
            sources={release.number: source_of(release) for release in self.shelf.releases},
            reworded={
                number: tuple(f"{self.wording.theme(one.theme)}: {one.text}" for one in some)
                for number, some in self.sentences.items()
            },
        )

    @property
    def meeting_papers(self) -> Papers:
        """Return the papers with the groups of the newest release, for the gaps between them."""
        core = tuple(row for row in self.shelf.newest if row["question"] in CORE)
        return replace(self.papers, rows=(*self.shelf.rows, *core))

    def in_other_words(self, box: str, theme: str = "") -> tuple[Sentence, ...]:
        """Return what stands beside the newest release about a box, or one theme of it."""
        newest = self.shelf.latest.number if self.shelf.latest else 0
        return tuple(
            sentence
            for sentence in self.sentences.get(newest, ())
            if sentence.box == box and theme in ("", sentence.theme)
        )

    def version(self, kind: str, id_: str) -> int:
        """Return the version of a document that this page saw."""
        return self.versions.get((kind, id_), 0)

    def decision(self, id_: str) -> Decision | None:
        """Return one decision."""
        return next((d for d in self.decisions if d.id == id_), None)

    def next_release(self) -> str:
        """Say when the next release comes, as far as that is settled."""
        if not self.open_round:
            return "when a round has been opened and closed again"
        closes = self.team.round_dates(self.open_round).closes
        when = f"after {in_words(closes)}" if closes else "when the round closes"
        return f"{when}, if at least {self.team.k} people have answered"


def today() -> date:
    """Return the day; nothing finer is ever written down."""
    return datetime.now(UTC).astimezone().date()


def read_desk(folder: Folder, settings: Settings, day: date) -> Desk:
    """Read what a page needs. Raises ThroughlineError when something cannot be read."""
    now_open = open_round(folder)
    with _records(settings) as records:
        decisions = records.latest(DECISION)
        marks = records.latest(COVERAGE)
        said = records.get(READINESS, THE_TEAM)
        plans = records.history(MEETING, NEXT)
    shelf = published(folder)
    found = [*decisions, *marks, *filter(None, (said,)), *plans]
    planned = [(each.saved_on, MeetingPlan.from_dict(each.body)) for each in plans]
    return Desk(
        team=folder.team(),
        today=day,
        shelf=shelf,
        decisions=tuple(_standing(from_dict(each.body), shelf.withdrawn) for each in decisions),
        points=_points(tuple(CoverageItem.from_dict(mark.body) for mark in marks), shelf),
        inputs=TeamInputs.from_dict(said.body) if said else TeamInputs(),
        meeting=planned[-1][1] if planned else MeetingPlan(),
        met=days_met(planned, day),
        versions={(document.kind, document.id): document.version for document in found},
        open_round=now_open.id if now_open else "",
        sentences=paraphrases.shown(folder),
    )


def put_up_board(desk: Desk, decisions: Iterable[Decision], folder: Folder) -> None:
    """Write what a second person approved for the public to read. Raises StoreUnavailable."""
    themes = codebooks.labels(folder, "es")
    words = {"en": desk.wording, "es": in_spanish(desk.wording, themes)}
    post_board(folder, board_of(folder, decisions, words), today=desk.today)


def save(settings: Settings, thing: Written, *, seen: int, author: str) -> int:
    """Save what the team wrote, after the version that the page saw. Raises EditConflict."""
    kind, id_, body = _document(thing)
    with _records(settings) as records:
        return records.save(kind, id_, body, expected=seen, author=author, today=today())


def history(settings: Settings, kind: str, id_: str) -> list[Document]:
    """Return every version of a document, oldest first."""
    with _records(settings) as records:
        return records.history(kind, id_)


def latest(settings: Settings, kind: str) -> list[Document]:
    """Return the newest version of every document of a kind that no desk holds."""
    with _records(settings) as records:
        return records.latest(kind)


def new_id(text: str, taken: Iterable[str]) -> str:
    """Return an id made of the first words of a text, not taken yet."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "decision"
    used = set(taken)
    number = next(n for n in range(1, len(used) + 2) if _numbered(words, n) not in used)
    return _numbered(words, number)


def _numbered(words: str, number: int) -> str:
    return words if number == 1 else f"{words}-{number}"


def _document(thing: Written) -> tuple[str, str, dict[str, object]]:
    if isinstance(thing, Decision):
        return DECISION, thing.id, to_dict(thing)
    if isinstance(thing, CoverageItem):
        return COVERAGE, thing.id, thing.to_dict()
    if isinstance(thing, TeamInputs):
        return READINESS, THE_TEAM, thing.to_dict()
    if isinstance(thing, MeetingPlan):
        return MEETING, NEXT, thing.to_dict()
    return CONTACT if isinstance(thing, Contact) else TICK, thing.id, resources.to_dict(thing)


@contextmanager
def _records(settings: Settings) -> Iterator[Records]:
    records = open_records(settings.team)
    try:
        yield records
    finally:
        records.close()


@lru_cache(maxsize=4)
def _points(marks: tuple[CoverageItem, ...], shelf: Shelf) -> tuple[CoverageItem, ...]:
    """Return the coverage map: the starter points, as far as the team has not marked its own."""
    points = {item.id: item for item in (*starter_items(), *marks)}
    return heard_in_release(points.values(), shelf.rows)


def _standing(decision: Decision, withdrawn: tuple[Withdrawal, ...]) -> Decision:
    """Return a decision without what it copied from a release that was withdrawn since."""
    gone = {each.number for each in withdrawn}
    kept = (replace(each, words="") if each.release in gone else each for each in decision.evidence)
    return replace(decision, evidence=tuple(kept))
