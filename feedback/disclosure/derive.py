"""What may be said about published numbers: shares, words, averages and years."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

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


def share(table: ReleaseTable, row: ReleaseRow, answers: Collection[str]) -> Share | None:
    """Return the share of a row's people who gave one of the answers; None where nothing is shown.

    Of all shown answers of the row (single, scale), or of its people (multi, theme).
    """
    if row.base is None or not row.counts:
        return None
    people = row.base
    whole = people if table.question.kind.several else sum(row.counts.values())
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


def year_of(release: Release, releases: Iterable[Release], question_id: str) -> tuple[Release, ...]:
    """Return the releases of one calendar year that can be added up for a question, this included.

    None when there are not two: each shows the question, worded and counted as this one does.
    """
    found = tuple(
        each
        for each in sorted(releases, key=lambda one: one.number)
        if each.day.year == release.day.year and _shows_alike(each, release, question_id)
    )
    return found if release in found and len(found) > 1 else ()


def year(releases: Sequence[Release], question_id: str) -> ReleaseTable:
    """Return one team's releases added up, as a table with the row of everyone.

    Raises:
        ReleaseRefused: when they are not different releases of one team that show this question,
            worded and counted alike.
    """
    if len({release.plan.team for release in releases}) != 1:
        raise ReleaseRefused("A year adds up the releases of one team.")
    if len({release.hash for release in releases}) != len(releases):
        raise ReleaseRefused("A release counts once.")
    first = releases[0]
    if not all(_shows_alike(release, first, question_id) for release in releases):
        raise ReleaseRefused(
            "Only releases that show this question in the same words can be added up, and no "
            "random sample."
        )
    question = first.table(question_id).question
    rows = [release.table(question_id).everyone for release in releases]
    counts = {a.id: sum(row.counts[a.id] for row in rows) for a in question.columns}
    everyone = replace(
        rows[0],
        label="Everyone in these releases",
        base=sum(row.base or 0 for row in rows),
        counts=MappingProxyType(counts),
        near=sum(row.near for row in rows),
        note="",
    )
    return ReleaseTable(question=question, rows=(everyone,))


def _shows_alike(release: Release, other: Release, question_id: str) -> bool:
    """Say whether both releases show a question, worded and counted alike, and of everybody."""
    here, there = (
        [table for table in each.tables if table.question.id == question_id]
        for each in (release, other)
    )
    return (
        [table.question for table in here] == [table.question for table in there] != []
        and all(table.everyone.counts and not table.sample for table in (*here, *there))
        and here[0].everyone.step == there[0].everyone.step
    )
