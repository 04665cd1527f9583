"""Where the team stands on the circle of assess, change and measure, and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedback.decisions.definitions import Structures, load_structures
from feedback.decisions.log import Decision, State
from feedback.decisions.measure import NOT_YET, BeforeAfter, before_after
from feedback.decisions.papers import Papers
from feedback.decisions.published import read_releases

OPEN_WORK = (State.DECIDED, State.DOING)
ASK_FIRST = (
    "See whom to ask next on the map of who was heard, and go through what the team says of "
    "itself: both can be done before the first release."
)
WAIT_FIRST = "No release has come since: wait for the next one, then review what is due."
TO_REVIEW = (*OPEN_WORK, State.DONE, State.NOT_NOW)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the team stands: the stage, why, and what comes next."""

    stage: str
    title: str
    what: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class Review:
    """A decision to look at again: since when it is due, and what its measure says."""

    decision: Decision
    due: date
    measured: BeforeAfter | None
    text: str


def where_we_are(papers: Papers, known: Structures | None = None) -> Place:
    """Say which stage the team is in; several can run at once, the most pressing is named."""
    stages = {stage.id: stage for stage in (known or load_structures()).stages}
    stage, why = _stage(papers)
    found = stages[stage]
    return Place(stage, found.title, found.what, why, _before_that(stage, papers) or found.next)


def reviews_due(papers: Papers) -> tuple[Review, ...]:
    """Return the decisions whose review day has come, oldest first, each with its measure."""
    due = [(d.review, d) for d in papers.decisions if _review_due(d, papers.today)]
    return tuple(
        _review(decision, review, papers)
        for review, decision in sorted(due, key=lambda pair: (str(pair[0]), pair[1].id))
        if review is not None
    )


def tasks_late(decisions: Iterable[Decision], today: date) -> tuple[Decision, ...]:
    """Return what should have been done by now and is not, longest overdue first."""
    late = [d for d in decisions if d.state in OPEN_WORK and d.due is not None and d.due < today]
    return tuple(sorted(late, key=lambda decision: (str(decision.due), decision.id)))


def _stage(papers: Papers) -> tuple[str, str]:
    states = [decision.state for decision in papers.decisions]
    due = any(_review_due(d, papers.today) and d.state is State.DONE for d in papers.decisions)
    if due:
        return "measure", "A change is done, and the day to look at it has come."
    if any(state in OPEN_WORK for state in states):
        return "change", "There are decisions to carry out."
    if State.DONE in states:
        return "measure", "Changes are done; their review days are still to come."
    if not read_releases(papers.rows):
        return "assess", "There is no release yet: the team is still listening."
    if State.CHECKED in states:
        return "assess", "What was decided is checked: the circle begins again."
    return "assess", "People have been heard, and nothing is decided yet."


def _before_that(stage: str, papers: Papers) -> str:
    """Return what must come before a stage can go on; empty when nothing must."""
    if stage == "assess" and not read_releases(papers.rows):
        return ASK_FIRST
    if stage != "measure":
        return ""
    measured = [due.measured for due in reviews_due(papers) if due.decision.state is State.DONE]
    waits = bool(measured) and all(each and NOT_YET in each.notes for each in measured)
    return WAIT_FIRST if waits else ""


def _review_due(decision: Decision, today: date) -> bool:
    return decision.state in TO_REVIEW and decision.review is not None and decision.review <= today


def _review(decision: Decision, due: date, papers: Papers) -> Review:
    measured = before_after(
        decision,
        papers.rows,
        papers.wording,
        decisions=papers.decisions,
        versions=papers.versions,
    )
    says = (
        f"Seen by: {measured.change.before.topic}. {measured.text}"
        if measured
        else "It names no measure: ask what has changed since."
    )
    return Review(
        decision=decision,
        due=due,
        measured=measured,
        text=f"{decision.text} {says}",
    )
