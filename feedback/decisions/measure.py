"""Did it help? Before and after a decision, by the same question, from published numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from feedback.decisions.log import Decision, Direction, Kind, Result, State
from feedback.decisions.published import (
    EVERYONE,
    Group,
    Published,
    Rows,
    read_releases,
    releases_named,
)
from feedback.decisions.shares import FEWEST_FOR_NUMBERS, Strength, printed
from feedback.decisions.signals import Ref, Signal, signal
from feedback.decisions.wording import Wording

Versions = Mapping[int, Mapping[str, str]]  # release -> question -> fingerprint of its wording

# Whose last help was recent: an answer sent in May may be about last year (docs/explanation).
RECENT: Group = (("when", "last_3_months"),)
LONG_AGO: Group = (("when", "over_a_year"),)
SAME_TIME = timedelta(days=183)  # decisions this close to each other may move the same answers
IN_FORCE = (State.DECIDED, State.DOING, State.DONE, State.CHECKED)
NO_BASELINE = "The release to compare with is not here, so nothing can be compared."
NOT_YET = "There is no release after the change yet. Wait, then look again."


class Trend(StrEnum):
    """What two releases say about a change, in the words that are printed."""

    CLEAR = "clear change"
    UP = "points up"
    DOWN = "points down"
    SAME = "about the same"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Change:
    """Two signals of one thing and what lies between them. ``up`` is None when nothing moved."""

    before: Signal
    after: Signal
    trend: Trend
    up: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One decision's measure: everyone, those with recent help, and what else to bear in mind.

    ``better`` says whether it moved as hoped (None: it did not move, or too few to tell);
    ``by_experience`` compares, within the newest release, people whose last help is over a year
    ago with people who got help lately. ``suggested`` is what the numbers alone would say; the
    team decides. ``series`` holds the measure in every release, for a chart.
    """

    decision: str
    ref: str
    change: Change
    recent: Change | None
    by_experience: Change | None
    better: bool | None
    suggested: Result | None
    text: str
    notes: tuple[str, ...]
    others: tuple[str, ...]
    series: tuple[Signal, ...] = field(default=())


def compare(before: Signal, after: Signal) -> Change:
    """Compare two signals by their bands (docs/explanation/decisions.md).

    A change is clear when the bands do not meet. It points up or down when each share lies
    outside the other's band. All else is about the same. Shares and bands are taken as they are
    printed, so that whoever reads them finds the same.
    """
    if before.share is None or after.share is None:
        return _change(before, after, Trend.TOO_FEW, None)
    in_words = min(before.reach, after.reach) < FEWEST_FOR_NUMBERS
    was_low, was, was_high = printed(
        before.share, before.band or 0.0, before.reach, in_words=in_words
    )
    low, now, high = printed(after.share, after.band or 0.0, after.reach, in_words=in_words)
    if was_high < low or high < was_low:
        return _change(before, after, Trend.CLEAR, now > was)
    if not was_low <= now <= was_high and not low <= was <= high:
        return _change(before, after, Trend.UP if now > was else Trend.DOWN, now > was)
    return _change(before, after, Trend.SAME, None)


def series(rows: Rows, ref: Ref, wording: Wording, group: Group = EVERYONE) -> tuple[Signal, ...]:
    """Return one signal for each release, oldest first; unknown ones stay in as unknown."""
    return tuple(signal(published, ref, wording, group) for published in read_releases(rows))


def before_after(
    decision: Decision,
    rows: Rows,
    wording: Wording,
    *,
    decisions: Iterable[Decision] = (),
    versions: Versions | None = None,
) -> BeforeAfter | None:
    """Return what the newest release after the baseline says about a decision's measure.

    None when the decision names no measure. When the question was worded differently, nothing
    is compared: the two answers are to two questions.
    """
    measure = decision.measure
    if measure is None:
        return None
    ref = Ref.parse(measure.ref)
    releases = read_releases(rows)
    first = next((r for r in releases if r.number == measure.baseline), None)
    last = next((r for r in reversed(releases) if r.number > measure.baseline), None)
    same = _same_wording(decision, ref, last, versions or {})
    change = compare(signal(first, ref, wording), signal(last, ref, wording))
    recent = compare(signal(first, ref, wording, RECENT), signal(last, ref, wording, RECENT))
    if same is False:
        change = _change(change.before, change.after, Trend.TOO_FEW, None)
    within = compare(signal(last, ref, wording, LONG_AGO), signal(last, ref, wording, RECENT))
    told = same is not False and recent.trend is not Trend.TOO_FEW
    every = tuple(signal(published, ref, wording) for published in releases)
    astray = _back_and_forth(change, every)
    better = None if change.up is None else change.up is (measure.direction is Direction.UP)
    return BeforeAfter(
        decision=decision.id,
        ref=measure.ref,
        change=change,
        recent=recent if told else None,
        by_experience=within if within.trend is not Trend.TOO_FEW else None,
        better=better,
        suggested=None if astray else _suggested(change.trend, better),
        text=_text(change, better, astray, first, last),
        notes=(*_notes(first, last, same, told), *astray),
        others=_others(decision, decisions),
        series=every,
    )


def in_words(change: Change) -> str:
    """Return the trend in words, with the way that a clear change went."""
    if change.trend is not Trend.CLEAR:
        return str(change.trend)
    return f"{change.trend} {'up' if change.up else 'down'}"


def _change(before: Signal, after: Signal, trend: Trend, up: bool | None) -> Change:
    was, now = before.words, after.words
    text = f"Before: {was}{_only(before)}. After: {now}{_only(after)}. "
    said = in_words(Change(before, after, trend, up, ""))
    return Change(before, after, trend, up, f"{text}{said.capitalize()}.")


def _only(found: Signal) -> str:
    """Say so where few people stand behind a signal."""
    return f" ({found.strength})" if found.strength is Strength.WEAK else ""


def _suggested(trend: Trend, better: bool | None) -> Result | None:
    if trend is Trend.CLEAR:
        return Result.BETTER if better else Result.WORSE
    return {Trend.SAME: Result.SAME, Trend.TOO_FEW: Result.TOO_FEW}.get(trend)


def _text(
    change: Change,
    better: bool | None,
    astray: tuple[str, ...],
    first: Published | None,
    last: Published | None,
) -> str:
    if first is None:
        return NO_BASELINE
    if last is None:
        return f"Before: {change.before.words}{_only(change.before)}. {NOT_YET}"
    if better is None:
        return change.text
    hoped = ("That is the way you hoped." if better else "Not as you hoped.",)
    return " ".join((change.text, *(astray or hoped)))


def _same_wording(
    decision: Decision, ref: Ref, last: Published | None, versions: Versions
) -> bool | None:
    """Say whether both releases asked the same; None when that is not known."""
    measure = decision.measure
    if measure is None or last is None:
        return None
    then = measure.version or versions.get(measure.baseline, {}).get(ref.question, "")
    now = versions.get(last.number, {}).get(ref.question, "")
    return None if not then or not now else then == now


def _notes(
    first: Published | None, last: Published | None, same: bool | None, told: bool
) -> tuple[str, ...]:
    if first is None:
        return (NO_BASELINE,)
    if last is None:
        return (NOT_YET,)
    if same is False:
        return ("The question was worded differently then, so the two are not compared.",)
    notes = [] if same else ["It is not known whether the question was worded the same."]
    if not told:
        notes.append(
            "Some answers may be about help from before the change: the releases do not say "
            "enough about when people got help."
        )
    return tuple(notes)


def _back_and_forth(change: Change, every: Iterable[Signal]) -> tuple[str, ...]:
    """Say when a release in between did not move the same way: two ends alone look like a line."""
    if change.up is None:
        return ()
    then, now = change.before.release or 0, change.after.release or 0
    astray = [
        found.release
        for found in every
        if found.known
        and found.release is not None
        and then < found.release < now
        and compare(change.before, found).up is not change.up
    ]
    if not astray:
        return ()
    return (f"It went back and forth: {releases_named(astray)} did not show this change.",)


def _others(decision: Decision, decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Return other decisions in force at about the same time: they may have moved it too."""
    return tuple(
        other.text
        for other in decisions
        if other.id != decision.id
        and other.state in IN_FORCE
        and other.kind is not Kind.NO_CHANGE
        and _close(decision.decided_on, other.decided_on)
    )


def _close(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs(one - other) <= SAME_TIME
