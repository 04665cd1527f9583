"""The meeting packet as content: one or two pages of headings, sentences and small tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from feedback.decisions.agenda import minutes_of, next_agenda
from feedback.decisions.coverage import Reach, coverage_map, heard_in_release
from feedback.decisions.cycle import reviews_due, where_we_are
from feedback.decisions.heard import Heard, three_things, what_we_heard
from feedback.decisions.log import STATE_WORDS, Decision, Kind, State
from feedback.decisions.measure import Change
from feedback.decisions.papers import Papers
from feedback.decisions.published import read_releases
from feedback.decisions.signals import Signal
from feedback.decisions.silence import silence

MOST_LINES = 5  # in a table or list: two pages in large type
OPEN_STATES = (State.HEARD, State.DISCUSSING, State.DECIDED, State.DOING)


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table of words; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PacketPart:
    """One part: a heading, sentences, points, a table, and a note under it."""

    id: str
    heading: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: SmallTable | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """The packet of one meeting; ``pages`` holds the parts of each page."""

    title: str
    subtitle: str
    pages: tuple[tuple[PacketPart, ...], ...]

    @property
    def parts(self) -> tuple[PacketPart, ...]:
        """Return every part in the order of reading."""
        return tuple(part for page in self.pages for part in page)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return asdict(self)


def build_packet(papers: Papers) -> Packet:
    """Return the packet: the first page stands alone, the second is for the work of the meeting."""
    papers = replace(papers, rows=read_releases(papers.rows))
    heard = what_we_heard(papers.rows, papers.wording, papers.versions)
    title = f"{papers.team}: meeting packet" if papers.team else "Meeting packet"
    release = f"Release {heard.release}, {heard.round}" if heard.release else "No release yet"
    first = (
        _glance(heard),
        _strengths(heard),
        _wishes(heard),
        _coverage(papers),
        _stage(papers),
    )
    second = (
        _reviews(papers),
        _waiting(papers),
        _open(papers),
        _agenda(papers),
    )
    return Packet(title, f"{release}. {papers.today.isoformat()}.", (first, second))


def _glance(heard: Heard) -> PacketPart:
    sentences = (heard.intro,) if heard.release is None else (heard.intro, heard.core.text)
    return PacketPart(
        "glance", "What we heard", sentences, points=three_things(heard), note=heard.rule
    )


def _strengths(heard: Heard) -> PacketPart:
    signals = (*heard.strengths, *heard.kept)[:MOST_LINES]
    quiet = "What helps is not known yet. That is not the same as nothing."
    return PacketPart(
        "strengths",
        "What helps: keep it",
        () if signals else (quiet,),
        table=_signal_table(signals),
    )


def _wishes(heard: Heard) -> PacketPart:
    asked = (*heard.wishes[:3], *heard.concerns[:3], *heard.barriers[:3])[: MOST_LINES + 1]
    moved = heard.since_last[:MOST_LINES]
    quiet = "What people want changed is not known yet."
    return PacketPart(
        "wishes",
        "What to change",
        () if asked else (quiet,),
        points=tuple(moved),
        table=_signal_table(asked),
    )


def _signal_table(signals: Iterable[Signal]) -> SmallTable | None:
    rows = tuple((found.topic, _how_many(found), str(found.strength)) for found in signals)
    return SmallTable(("What people said", "How many", "How sure"), rows) if rows else None


def _how_many(found: Signal) -> str:
    """Say it in words first, the number second, and that agreeing is bad news where it is."""
    words = f"{found.words} ({found.number})" if found.number else found.words
    return f"{words}; agreeing is bad news" if found.reversed else words


def _coverage(papers: Papers) -> PacketPart:
    points = heard_in_release(papers.coverage, papers.rows)
    laid = coverage_map(points, today=papers.today)
    counted = tuple(
        (
            reach.words.capitalize(),
            ", ".join(item.name for item in laid.with_reach(reach)) or "none",
        )
        for reach in Reach
    )
    quiet = "There is no coverage map yet: list the doors, places, languages and groups."
    return PacketPart(
        "coverage",
        "Who we heard, and whom we have not",
        () if points else (quiet,),
        points=tuple(f"{step.item.name}: {step.text}" for step in laid.next_steps[:2]),
        table=SmallTable(("How far", "Where"), counted) if points else None,
        note="No answer from a place is no proof that nothing happens there.",
    )


def _stage(papers: Papers) -> PacketPart:
    place = where_we_are(papers)
    return PacketPart("stage", f"Where we are: {place.title.lower()}", (place.why, place.next))


def _reviews(papers: Papers) -> PacketPart:
    due = reviews_due(papers)[:MOST_LINES]
    rows = tuple(
        (
            review.decision.text,
            _before_after(review.measured.change) if review.measured else "no measure",
            " ".join(review.measured.notes) if review.measured else "",
        )
        for review in due
    )
    return PacketPart(
        "reviews",
        "Did it help? Decisions to look at again",
        () if rows else ("Nothing is due for review.",),
        table=SmallTable(("Decision", "Before and after", "Bear in mind"), rows) if rows else None,
    )


def _before_after(change: Change) -> str:
    return f"{change.before.words}, then {change.after.words}: {change.trend}"


def _waiting(papers: Papers) -> PacketPart:
    waiting = silence(papers.rows, papers.decisions, papers.wording)[:MOST_LINES]
    return PacketPart(
        "waiting",
        "Waiting for an answer",
        () if waiting else ("Nothing that we know of waits for an answer.",),
        points=tuple(silent.text for silent in waiting),
        note="“We do not do this, because …” is an answer too." if waiting else "",
    )


def _open(papers: Papers) -> PacketPart:
    going = [d for d in papers.decisions if d.state in OPEN_STATES and not _is_no(d)]
    rows = tuple(
        (
            decision.text,
            decision.owner or "no owner yet",
            decision.due.isoformat() if decision.due else "no date yet",
            STATE_WORDS[decision.state],
        )
        for decision in going[: MOST_LINES + 1]
    )
    return PacketPart(
        "decisions",
        "Open decisions",
        () if rows else ("There are no open decisions.",),
        table=SmallTable(("Decision", "Role", "Due", "State"), rows) if rows else None,
    )


def _is_no(decision: Decision) -> bool:
    """Say whether it is settled that nothing is to be carried out."""
    return decision.kind is Kind.NO_CHANGE and decision.is_settled


def _agenda(papers: Papers) -> PacketPart:
    agenda = next_agenda(papers)
    rows = tuple(
        (f"{number}. {item.title}", f"{item.minutes} min", item.points[0] if item.points else "")
        for number, item in enumerate(agenda, start=1)
    )
    return PacketPart(
        "agenda",
        f"Agenda ({minutes_of(agenda)} minutes)",
        table=SmallTable(("Item", "Time", "Begin with"), rows),
    )
