"""What lies on the team's desk: published rows, and the documents that the team writes itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from feedback import codebooks, ledgers, paraphrases, publishing, questionnaire
from feedback.decisions import resources
from feedback.decisions.coverage import CoverageItem, heard_in_release, starter_items
from feedback.decisions.heard import rule_of
from feedback.decisions.log import Decision, from_dict, to_dict
from feedback.decisions.measure import LONG_AGO, RECENT, Versions
from feedback.decisions.meeting import MeetingPlan, days_met
from feedback.decisions.papers import Papers, in_words
from feedback.decisions.published import Published, read_releases
from feedback.decisions.readiness import TeamInputs
from feedback.decisions.resources import Contact, Tick
from feedback.decisions.signals import CORE
from feedback.decisions.wording import Wording, wording_from
from feedback.disclosure.plan import Kind, Plan, PlannedQuestion
from feedback.disclosure.release import Release
from feedback.disclosure.withdrawal import Withdrawal
from feedback.folder import Folder
from feedback.paraphrases import Sentence
from feedback.posting import board_of, post_board
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.rounds import open_round
from feedback.settings import Settings, TeamFile
from feedback.store.records import Document, Records, open_records
from feedback.themes.codebook import load as load_codebook

DECISION, COVERAGE, READINESS = "decision", "coverage", "readiness"  # kinds of documents
CONTACT, TICK, MEETING = "contact", "tick", "meeting"
NEXT = "next"  # the id of the one meeting that is planned
THE_TEAM = "readiness"  # the id of the one document of its kind

GROUPS = frozenset(publishing.GROUPS)

Rows = tuple[Mapping[str, object], ...]
Written = (
    Decision | CoverageItem | TeamInputs | MeetingPlan | Contact | Tick
)  # what a team writes itself


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Everything published.

    ``key``: the files it was read from. ``rows``: everyone, and those whose help was recent or
    long ago, in every release; ``published``: the same rows, read. ``newest``: all rows of the
    newest release, broken down by group where it is. Groups of earlier releases are left out: no
    page asks.
    """

    key: tuple[object, ...]
    releases: tuple[Release, ...]
    rows: Rows
    newest: Rows
    published: tuple[Published, ...]
    wording: Wording
    versions: Versions
    withdrawn: tuple[Withdrawal, ...] = ()

    @property
    def latest(self) -> Published | None:
        """Return the newest release that was not withdrawn."""
        return self.published[-1] if self.published else None


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


def published(folder: Folder) -> Shelf:
    """Return everything published; read again only when a file of the ledger has changed."""
    files = sorted(folder.ledger.glob("*.json"))
    return _shelf(folder, tuple((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)  # published numbers only: whoever may see a page may see them all
def _shelf(folder: Folder, stamp: tuple[tuple[str, int], ...]) -> Shelf:
    releases = ledgers.releases(folder)
    rows = ledgers.published_rows(releases)
    newest = releases[-1].number if releases else 0
    every = tuple(row for row in rows if _is_wanted(row))
    return Shelf(
        key=(folder.path, stamp),
        releases=releases,
        rows=every,
        newest=tuple(row for row in rows if row["release"] == newest),
        published=read_releases(every),
        wording=wording_of(release.plan for release in releases),
        versions={release.number: versions_of(release.plan) for release in releases},
        withdrawn=ledgers.withdrawals(folder),
    )


def wording_of(plans: Iterable[Plan]) -> Wording:
    """Return the words of what was released; those of the starter form where nothing was yet.

    ``plans`` are oldest first: the newest says what a theme is called, and one that was retired
    keeps the name of the last plan that had it.
    """
    codebook = load_codebook()
    starter = wording_from(
        [load_bank(), load_questionnaire()],
        {entry: codebook.label(entry, "en") for entry in codebook.counted},
    )
    every = [question for plan in plans for question in plan.questions]
    asked = {question.id: question for question in every}
    themes = {
        a.id: a.text for question in every if question.kind is Kind.THEME for a in question.answers
    }
    scales = {question.id for question in asked.values() if question.kind is Kind.SCALE}
    answers = {(q.id, a.id): a.text for q in every for a in q.columns}
    return replace(
        starter,
        questions={**starter.questions, **{q.id: q.text for q in asked.values()}},
        answers={**starter.answers, **answers},
        themes={**starter.themes, **themes},
        reversed=starter.reversed | {q.id for q in asked.values() if q.reversed},
        scales=starter.scales | scales,
    )


def in_spanish(wording: Wording, themes: Mapping[str, str]) -> Wording:
    """Return the same words in Spanish, where there are some; ``themes``: the Spanish labels."""
    spanish = load_catalogue()["es"]
    answers = {
        place: themes.get(place[1]) or spanish.translate(text)
        for place, text in wording.answers.items()
    }
    return replace(
        wording,
        questions={name: spanish.translate(text) for name, text in wording.questions.items()},
        answers=answers,
        themes={**wording.themes, **themes},
    )


def put_up_board(desk: Desk, decisions: Iterable[Decision], folder: Folder) -> None:
    """Write what a second person approved for the public to read. Raises StoreUnavailable."""
    themes = codebooks.labels(folder, "es")
    words = {"en": desk.wording, "es": in_spanish(desk.wording, themes)}
    post_board(folder, board_of(folder, decisions, words), today=desk.today)


def load_bank() -> Questionnaire:
    """Return the optional questions, so that what was not asked this time has its words too."""
    return load_questionnaire(Path(str(questionnaire.__file__)).with_name("bank.toml"))


def source_of(release: Release) -> str:
    """Say where a release comes from, so that a page on paper can be compared with the ledger."""
    return (
        f"Release {release.number} of {release.round}, published on {in_words(release.day)}. "
        f"Fingerprint (SHA-256): {release.hash}"
    )


def versions_of(plan: Plan) -> dict[str, str]:
    """Return a fingerprint of each question's words: only equal ones may be compared."""
    return {question.id: _fingerprint(question) for question in plan.questions}


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


def _is_wanted(row: Mapping[str, object]) -> bool:
    """Say whether a row is about everyone, or about those whose help was recent or long ago."""
    groups = tuple((name, str(value)) for name, value in row.items() if name in GROUPS and value)
    return groups in ((), RECENT, LONG_AGO)


def _fingerprint(question: PlannedQuestion) -> str:
    # A theme keeps its meaning under its id, whatever it is called and whichever others there are.
    answers = () if question.kind is Kind.THEME else question.answers
    words = [question.text, [[answer.id, answer.text] for answer in answers]]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:12]
