"""The next meeting's agenda: nine items in a fixed order, filled from releases and decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedback.decisions.checks import can_post
from feedback.decisions.coverage import Reach, coverage_map, heard_in_release
from feedback.decisions.cycle import reviews_due, tasks_late, where_we_are
from feedback.decisions.gaps import Difference, group_gaps
from feedback.decisions.heard import three_things, what_we_heard
from feedback.decisions.log import STATE_WORDS, PublicStatus, State
from feedback.decisions.papers import Papers
from feedback.decisions.published import people_in, read_releases
from feedback.decisions.silence import silence

MOST_POINTS = 4  # under one item: a meeting is short


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item: how many minutes, and its points in plain sentences."""

    id: str
    title: str
    minutes: int
    points: tuple[str, ...]


# The order and the ground rules follow NSVRC's SART Toolkit 4.2: clear goals, a time for each
# item, leftovers first, where we are in the process, next steps last.
_ITEMS = (
    ("ground_rules", "Ground rules", 2),
    ("where_we_are", "Where we are", 5),
    ("who_we_heard", "Who we heard, and whom we have not", 5),
    ("three_things", "What people said", 10),
    ("gaps", "Differences between groups", 5),
    ("reviews", "Did it help? Decisions to look at again", 15),
    ("new_decision", "A new decision", 20),
    ("posting", "What we post", 8),
    ("next", "Next steps", 5),
)
GROUND_RULES = (
    "We talk about systems, not about people.",
    "Nobody guesses who wrote something.",
    "Some of us are survivors too. Anyone may step out at any time.",
)


def next_agenda(papers: Papers) -> tuple[AgendaItem, ...]:
    """Return the agenda. Send it at least a week before, together with the packet.

    Every item has something to say, also before the first release.
    """
    papers = replace(papers, rows=read_releases(papers.rows))
    points = {
        "ground_rules": GROUND_RULES,
        "where_we_are": _where(papers),
        "who_we_heard": _who(papers),
        "three_things": _things(papers),
        "gaps": _gaps(papers),
        "reviews": _reviews(papers),
        "new_decision": _new(papers),
        "posting": _posting(papers),
        "next": _next(papers),
    }
    return tuple(
        AgendaItem(name, title, minutes, points[name][:MOST_POINTS])
        for name, title, minutes in _ITEMS
    )


def minutes_of(agenda: tuple[AgendaItem, ...]) -> int:
    """Return how long the meeting takes, in minutes."""
    return sum(item.minutes for item in agenda)


def _where(papers: Papers) -> tuple[str, ...]:
    place = where_we_are(papers)
    left = tuple(f"Left from last time: {text}" for text in papers.leftovers[: MOST_POINTS - 1])
    return (*left, f"{place.title}. {place.why} {place.next}")


def _who(papers: Papers) -> tuple[str, ...]:
    heard = what_we_heard(papers.rows, papers.wording)
    points = heard_in_release(papers.coverage, papers.rows)
    people = people_in(read_releases(papers.rows)[-1:])
    intro = heard.intro
    if three_things(heard):
        intro = f"Release {heard.release}: about {people} people answered. Numbers are rounded."
    if not points:
        text = "There is no coverage map yet: list the doors, places, languages and groups."
        return (intro, text)
    laid = coverage_map(points, today=papers.today)
    told = laid.missing[: MOST_POINTS - 2]
    named = {each.id for each in told}
    names = [item.name for item in laid.with_reach(Reach.NOT_REACHED) if item.id not in named]
    rest = (f"{'Also not' if told else 'Not'} reached yet: {', '.join(names)}.",) if names else ()
    return (intro, *(each.text for each in told), *rest)


def _things(papers: Papers) -> tuple[str, ...]:
    things = three_things(what_we_heard(papers.rows, papers.wording))
    return things or ("Nothing can be said yet. Use the time to plan where to bring the form.",)


def _gaps(papers: Papers) -> tuple[str, ...]:
    if not papers.rows:
        return ("Nothing is released yet, so we do not know of any gap. It is no proof of none.",)
    gaps = group_gaps(papers.rows, papers.wording)
    telling = [g.text for g in gaps if g.difference not in (Difference.SAME, Difference.TOO_FEW)]
    if telling:
        return tuple(telling)
    if any(gap.difference is Difference.SAME for gap in gaps):
        return ("No group that can be shown stands out from the others.",)
    return ("No groups can be shown this time: they are too small. We do not know of any gap.",)


def _reviews(papers: Papers) -> tuple[str, ...]:
    due = [review.text for review in reviews_due(papers)]
    late = [
        f"Overdue: {decision.text} ({decision.owner or 'no owner yet'})"
        for decision in tasks_late(papers.decisions, papers.today)
    ]
    return (*due, *late) or ("Nothing is due for review.",)


def _new(papers: Papers) -> tuple[str, ...]:
    waiting = [
        s.text for s in silence(papers.rows, papers.decisions, papers.wording, papers.met_since)
    ]
    talked = [
        f"{STATE_WORDS[decision.state].capitalize()}: {decision.text}"
        for decision in papers.decisions
        if decision.state is State.DISCUSSING
    ]
    quiet = "Nothing that we know of waits for an answer."
    if not papers.rows:
        quiet += " Use the time to go through what the team says of itself."
    return (*talked, *waiting) or (quiet,)


def _posting(papers: Papers) -> tuple[str, ...]:
    proposed = [
        f"Needs a second person's approval: {decision.public_line}"
        for decision in papers.decisions
        if decision.public_status is PublicStatus.PROPOSED and decision.is_settled
    ]
    silent = [
        f"Has no public line yet: {decision.text}"
        for decision in papers.decisions
        if decision.is_settled and not decision.public_line.strip()
    ]
    return (*proposed, *silent) or (_board(papers),)


def _board(papers: Papers) -> str:
    if any(can_post(decision) for decision in papers.decisions):
        return "The board is up to date."
    if not papers.rows:
        return "Nothing is posted yet. The board says that we wait for enough people, and why."
    return "Nothing is posted yet: people told us, and wait for an answer."


def _next(papers: Papers) -> tuple[str, ...]:
    points = heard_in_release(papers.coverage, papers.rows)
    steps = coverage_map(points, today=papers.today).next_steps
    return (
        f"Next focus questions: {papers.next_focus or 'choose two to four, or none'}.",
        f"Next release: {papers.next_release or 'when the round closes with enough answers'}.",
        f"Outreach: {steps[0].where}. {steps[0].text}" if steps else "Outreach: choose a door.",
        "The meeting after this one: set a day.",
    )
