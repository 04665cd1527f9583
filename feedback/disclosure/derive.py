"""What may be said about published numbers: shares, words, averages, trends and pools."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from feedback.disclosure.plan import NO_ANSWER
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.disclosure.sampling import interval
from feedback.errors import ReleaseRefused

# How far a number reaches, in steps of rounding: the people of a row that was rounded to fives
# get words below 20, tens of percent below 50 and fives below 200; rounded to tens, twice as many.
WORDS_BELOW, TENS_BELOW, FIVES_BELOW = 4, 10, 40
FEWEST_SCORED = 2  # steps of people who gave a score, before an average is shown


@dataclass(frozen=True, slots=True)
class Share:
    """A share that may be shown.

    ``percent`` is rounded coarsely, and None where only the ``word`` may be used; ``text`` is
    what to print. ``fraction``, and what rounding allows, ``low`` to ``high``, are from 0 to 1:
    for drawing, not for printing. Of a random sample they also allow for chance.
    """

    percent: int | None
    text: str
    word: str
    fraction: float
    low: float
    high: float
    people: int


def share(
    table: ReleaseTable,
    row: ReleaseRow,
    answers: Collection[str],
    *,
    among: Collection[str] | None = None,
) -> Share | None:
    """Return the share of a row's people who gave one of the answers; None where nothing is shown.

    Of all shown answers of the row (single, scale), of its people (multi, theme), or of those
    who gave one of ``among``, such as ``who_answered(table)``.
    """
    if row.base is None or not row.counts:
        return None
    people, whole = _of_whom(table, row, among)
    given = min(whole, sum(row.counts[answer] for answer in answers))
    fraction = given / whole if whole else 0.0
    off = row.near * len(answers) / max(people, 1)
    low, high = max(0.0, fraction - off), min(1.0, fraction + off)
    if table.sample and people:
        low, high = interval(given, people, row.near * len(answers))
    percent, text = _percent(given, whole, people // row.step)
    word = _word(fraction) if percent is not None else _few_word(given, max(whole, people), row)
    return Share(
        percent=percent,
        text=text or word,
        word=word,
        fraction=fraction,
        low=low,
        high=high,
        people=people,
    )


def _of_whom(
    table: ReleaseTable, row: ReleaseRow, among: Collection[str] | None
) -> tuple[int, int]:
    """Return the people that a share speaks of, and the number it divides by."""
    if among is not None:
        whole = sum(row.counts[answer] for answer in among)
        return whole, whole
    people = row.base or 0
    return people, people if table.question.kind.several else sum(row.counts.values())


def _percent(given: int, whole: int, steps: int) -> tuple[int | None, str]:
    """Return a coarse percentage and its text; neither 0 nor 100 is ever said.

    ``steps``: how many steps of rounding the people are.
    """
    if steps < WORDS_BELOW:
        return None, ""
    step = 10 if steps < TENS_BELOW else 5 if steps < FIVES_BELOW else 1
    percent = (200 * given + step * whole) // (2 * step * whole) * step if whole else 0
    if percent == 0:
        return percent, f"under {step} %"
    return percent, f"over {100 - step} %" if percent == 100 else f"{percent} %"


def _few_word(given: int, people: int, row: ReleaseRow) -> str:
    """Return the word for a row of few people, where rounding can move it far.

    The answers may add up to less than the people, because each was rounded down: then a share
    of them would say "nearly all" of a number that is less than half. And "nearly all" is said
    only of what is more than half even where rounding is at its worst.
    """
    word = _word(given / people if people else 0.0)
    at_worst = (given - row.near) / (people + row.near)
    return "most" if word == "nearly all" and at_worst <= 0.5 else word


def _word(fraction: float) -> str:
    if fraction == 0:
        return "few or none"
    if fraction < 0.4:
        return "some"
    if fraction <= 0.6:
        return "about half"
    return "most" if fraction < 0.9 else "nearly all"


def who_answered(table: ReleaseTable) -> tuple[str, ...]:
    """Return the answers of people who were asked and did answer."""
    return tuple(a.id for a in table.question.columns if a.id not in NO_ANSWER)


def mean(table: ReleaseTable, row: ReleaseRow) -> float | None:
    """Return the average score, to 0.5 below 50 people in the row, else to 0.1.

    None below 20 people in the row, or when fewer than 10 gave a score; rounded to tens, twice
    as many are needed.
    """
    scores = {a.id: a.score for a in table.question.answers if a.score is not None}
    people = sum(row.counts.get(answer, 0) for answer in scores)
    steps = (row.base or 0) // row.step
    if steps < WORDS_BELOW or people < FEWEST_SCORED * row.step:
        return None
    average = sum(row.counts[answer] * score for answer, score in scores.items()) / people
    parts = 2 if steps < TENS_BELOW else 10
    return math.floor(average * parts + 0.5) / parts


@dataclass(frozen=True, slots=True)
class Point:
    """One release in a trend; from ``low`` to ``high`` by rounding and by chance (95 %)."""

    number: int
    round: str
    day: date
    fraction: float
    low: float
    high: float
    verdict: str


def trend(
    releases: Sequence[Release],
    question_id: str,
    answers: Collection[str],
    *,
    among: Collection[str] | None = None,
) -> tuple[Point, ...]:
    """Return a team's share over time, one point per release that shows the same question.

    The verdict compares with the point before: "changed" only when the bands do not overlap.
    A release where the question has other answers than in the newest one has no point.
    """
    points: list[Point] = []
    for release in sorted(_asking(releases, question_id), key=lambda each: each.number):
        table = release.table(question_id)
        found = share(table, table.everyone, answers, among=among)
        if found:
            before = points[-1] if points else None
            points.append(_point(release, found, before, sampled=bool(table.sample)))
    return tuple(points)


def _point(release: Release, found: Share, before: Point | None, *, sampled: bool) -> Point:
    chance = 1.96 * math.sqrt(found.fraction * (1 - found.fraction) / max(found.people, 1))
    chance = 0.0 if sampled else chance  # a sample's share allows for it already
    low, high = max(0.0, found.low - chance), min(1.0, found.high + chance)
    verdict = "about the same" if before else "first"
    if before and (low > before.high or high < before.low):
        verdict = "changed"
    return Point(release.number, release.round, release.day, found.fraction, low, high, verdict)


def year(releases: Sequence[Release], question_id: str) -> ReleaseTable:
    """Return one team's releases added up, as a table with the row of everyone.

    Raises:
        ReleaseRefused: when they are not different releases of one team.
    """
    if len({release.plan.team for release in releases}) != 1:
        raise ReleaseRefused("A year adds up the releases of one team.")
    found = _showing(releases, question_id)
    if any(release.table(question_id).sample for release in found):
        raise ReleaseRefused("A random sample cannot be added to the numbers of other releases.")
    rows = [release.table(question_id).everyone for release in found]
    if not rows or len({release.hash for release in found}) != len(found):
        raise ReleaseRefused("Only different releases that show this question can be added up.")
    question = found[0].table(question_id).question
    counts = {a.id: sum(row.counts[a.id] for row in rows) for a in question.columns}
    everyone = replace(
        rows[0],
        label="Everyone in these releases",
        base=sum(row.base or 0 for row in rows),
        counts=MappingProxyType(counts),
        near=sum(row.near for row in rows),
    )
    return ReleaseTable(question=question, rows=(everyone,))


def _showing(releases: Sequence[Release], question_id: str) -> list[Release]:
    asking = _asking(releases, question_id)
    return [release for release in asking if release.table(question_id).everyone.counts]


def _asking(releases: Sequence[Release], question_id: str) -> list[Release]:
    """Return the releases that ask a question with the answers that the newest one has."""
    asking = [r for r in releases if question_id in [table.question.id for table in r.tables]]
    newest = max(asking, key=lambda release: (release.day, release.number), default=None)
    return [
        r for r in asking if newest and _answers(r, question_id) == _answers(newest, question_id)
    ]


def _answers(release: Release, question_id: str) -> tuple[object, ...]:
    question = release.table(question_id).question
    return (question.kind, tuple((answer.id, answer.score) for answer in question.columns))
