"""The meeting packet as content: one or two pages of headings, sentences and small tables."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feedback.decisions.agenda import AgendaItem, minutes_of, next_agenda
from feedback.decisions.coverage import CoverageMap, Reach, coverage_map, heard_in_release
from feedback.decisions.cycle import Review, reviews_due, where_we_are
from feedback.decisions.heard import Heard, changes, three_things, what_we_heard
from feedback.decisions.log import STATE_WORDS, Decision, Kind, State
from feedback.decisions.measure import BeforeAfter, Change
from feedback.decisions.papers import Papers, in_words
from feedback.decisions.printed import Packet, PacketPart, SmallTable, signal_table
from feedback.decisions.published import people_in, read_releases
from feedback.decisions.signals import CORE, Ref, Signal
from feedback.decisions.silence import Silent, silence

MOST_LINES = 5  # in a table or list: two pages in large type
LONGEST = 120  # letters of what somebody typed; the log holds the whole text
REWORDED = 3  # sentences; where they do not fit beside two lines of each list there are none
FEWEST_LINES = 2
NOBODYS_OWN = (
    "Written by an advocate from what people agreed to share: nobody's own words. "
    "These sentences can change."
)
NO_WISHES = "What people want changed is not known yet."
BAND = "The line under a bar says where the true share likely lies."
HOW_FAR = {
    "Heard": (Reach.HEARD,),
    "Some heard": (Reach.SOME_HEARD,),
    "Not heard yet": (Reach.INVITED, Reach.NOT_REACHED),
}
OPEN_STATES = (State.HEARD, State.DISCUSSING, State.DECIDED, State.DOING)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that a packet can tell, worked out once; laying it out again is quick."""

    papers: Papers
    heard: Heard
    moved: Mapping[Ref, Change]
    laid: CoverageMap
    due: tuple[Review, ...]
    waiting: tuple[Silent, ...]
    agenda: tuple[AgendaItem, ...]


def gather(papers: Papers) -> Gathered:
    """Work out what a packet can tell."""
    papers = replace(papers, rows=read_releases(papers.rows))
    points = heard_in_release(papers.coverage, papers.rows)
    return Gathered(
        papers=papers,
        heard=what_we_heard(papers.rows, papers.wording),
        moved=changes(read_releases(papers.rows), papers.wording, papers.versions),
        laid=coverage_map(points, today=papers.today),
        due=reviews_due(papers),
        waiting=silence(papers.rows, papers.decisions, papers.wording, papers.met_since),
        agenda=next_agenda(papers),
    )


def lay_out(found: Gathered, most: tuple[int, int]) -> Packet:
    """Return the packet: the first page stands alone, the second is for the work of the meeting.

    ``most``: how many lines the lists of each page may have, so that it fits its paper.
    """
    papers, heard = found.papers, found.heard
    title = f"{papers.team}: meeting packet" if papers.team else "Meeting packet"
    release = f"Release {heard.release}, {heard.round}" if heard.release else "No release yet"
    first, second = most
    pages = (
        (
            _glance(papers, heard),
            _strengths(heard, found.moved, first),
            _treated(heard, found.moved),
            _wishes(heard, found.moved, first),
            _coverage(found, first),
        ),
        (
            _stage(papers),
            *_reworded(papers.reworded.get(heard.release or 0, ()), second),
            _reviews(found.due, second),
            _waiting(found.waiting, second),
            _open(papers, second),
            _agenda(found.agenda),
        ),
    )
    meeting = f"For {papers.meets_on}. " if papers.meets_on else ""
    subtitle = f"{meeting}{release}. Made on {in_words(papers.today)}."
    return Packet(title, subtitle, pages, papers.sources.get(heard.release or 0, ""))


def _glance(papers: Papers, heard: Heard) -> PacketPart:
    things = three_things(heard)
    people = people_in(read_releases(papers.rows)[-1:])
    said = f"About {people} people answered, rounded like every number here."
    return PacketPart(
        "glance",
        "What we heard",
        (said,) if things else (heard.intro,),
        points=things,
        note=f"{heard.rule} {BAND}" if things else "",
    )


def _treated(heard: Heard, moved: Mapping[Ref, Change]) -> PacketPart:
    known = tuple(item for item in heard.core.items if item.known)
    return PacketPart(
        "treated",
        "How people were treated",
        (heard.core.text,),
        table=signal_table(known, moved, "People who agree"),
    )


def _strengths(heard: Heard, moved: Mapping[Ref, Change], most: int) -> PacketPart:
    well = tuple(found for found in heard.strengths if not _is_core(found))
    signals = (*heard.kept[: max(most - 2, 1)], *well)[:most]
    quiet = "What helps is not known yet. That is not the same as nothing."
    return PacketPart(
        "strengths",
        "What helps: keep it",
        () if signals else (quiet,),
        table=signal_table(signals, moved),
    )


def _wishes(heard: Heard, moved: Mapping[Ref, Change], most: int) -> PacketPart:
    badly = tuple(found for found in heard.concerns if not _is_core(found))
    rest = (most - 1) // 2
    asked = (*heard.wishes[: max(most - rest, 2)], *badly[:rest], *heard.barriers[:rest])
    return PacketPart(
        "wishes",
        "What to change",
        () if asked else (NO_WISHES,),
        table=signal_table(asked, moved),
    )


def _reworded(sentences: Sequence[str], most: int) -> tuple[PacketPart, ...]:
    if most < FEWEST_LINES or len(sentences) < REWORDED:
        return ()
    return (
        PacketPart(
            "reworded", "In other words", points=tuple(sentences[:REWORDED]), note=NOBODYS_OWN
        ),
    )


def _is_core(found: Signal) -> bool:
    return found.ref.question in CORE


def _coverage(found: Gathered, most: int) -> PacketPart:
    laid, points = found.laid, found.papers.coverage
    counted = tuple(
        (words, ", ".join(item.name for reach in far for item in laid.with_reach(reach)) or "none")
        for words, far in HOW_FAR.items()
    )
    quiet = "There is no coverage map yet: list the doors, places, languages and groups."
    return PacketPart(
        "coverage",
        "Who we heard, and whom we have not",
        () if points else (quiet,),
        points=tuple(
            f"Next: {step.where}. {step.text}" for step in laid.next_steps[: min(most - 1, 2)]
        ),
        table=SmallTable(("How far", "Where"), counted) if points else None,
        note="No answer from a place is no proof that nothing happens there.",
    )


def _stage(papers: Papers) -> PacketPart:
    place = where_we_are(papers)
    return PacketPart(
        "stage", f"Where we are: {place.title.lower()}", (f"{place.why} {place.next}",)
    )


def _reviews(due: Sequence[Review], most: int) -> PacketPart:
    rows = tuple(
        (
            in_short(review.decision.text),
            _before_after(review.measured) if review.measured else "no measure",
            _bear_in_mind(review),
        )
        for review in due[:most]
    )
    return PacketPart(
        "reviews",
        "Did it help? Decisions to look at again",
        () if rows else ("Nothing is due for review.",),
        table=SmallTable(("Decision", "Before and after", "Bear in mind"), rows) if rows else None,
        note=_more(due, most),
    )


def _bear_in_mind(review: Review) -> str:
    found = review.measured
    notes = (note for note in found.notes if note not in found.text) if found else ()
    return next(iter(notes), "nothing that we know of")


def _before_after(found: BeforeAfter) -> str:
    return f"{found.change.before.topic}. {found.text}"


def _waiting(waiting: Sequence[Silent], most: int) -> PacketPart:
    no = "“We do not do this, because …” is an answer too."
    return PacketPart(
        "waiting",
        "Waiting for an answer",
        () if waiting else ("Nothing that we know of waits for an answer.",),
        points=tuple(silent.text for silent in waiting[:most]),
        note=f"{_more(waiting, most, 'What we heard')} {no}".strip() if waiting else "",
    )


def _open(papers: Papers, most: int) -> PacketPart:
    going = [d for d in papers.decisions if d.state in OPEN_STATES and not _is_no(d)]
    rows = tuple(
        (
            in_short(decision.text),
            decision.owner or "no owner yet",
            f"{decision.due.day} {decision.due:%b %Y}" if decision.due else "no date yet",
            STATE_WORDS[decision.state],
        )
        for decision in going[:most]
    )
    return PacketPart(
        "decisions",
        "Open decisions",
        () if rows else ("There are no open decisions.",),
        table=SmallTable(("Decision", "Role", "Due", "State"), rows) if rows else None,
        note=_more(going, most),
    )


def _more(listed: Sequence[object], most: int, page: str = "Decisions") -> str:
    """Say how many more there are than could be printed, and where."""
    more = len(listed) - most
    return f"And {more} more, on the page “{page}”." if more > 0 else ""


def in_short(text: str, longest: int = LONGEST) -> str:
    """Return what somebody typed, at most as long as there is room for on paper."""
    return textwrap.shorten(text, longest, placeholder=" …")


def _is_no(decision: Decision) -> bool:
    """Say whether it is settled that nothing is to be carried out."""
    return decision.kind is Kind.NO_CHANGE and decision.is_settled


def _agenda(agenda: tuple[AgendaItem, ...]) -> PacketPart:
    return PacketPart(
        "agenda",
        f"Agenda ({minutes_of(agenda)} minutes)",
        points=tuple(f"{item.title} ({item.minutes} min)" for item in agenda),
    )
