"""Shares, words, averages and trends come from published numbers and from nothing else."""

import datetime
import itertools
from dataclasses import replace
from types import MappingProxyType

import pytest

from feedback.disclosure.derive import mean, share, trend, who_answered, year
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.disclosure.wording import Status
from feedback.errors import ReleaseRefused

SAFE = PlannedQuestion(
    "safe",
    Kind.SCALE,
    "Safe?",
    (Answer("no", "No", 1), Answer("yes", "Yes", 5), Answer("does_not_apply", "Does not apply")),
)
WHO = PlannedQuestion("who", Kind.MULTI, "Who?", (Answer("police", "Police"),))


def row(base, **counts):
    status = Status.SHOWN if counts else Status.PROTECTED
    return ReleaseRow("", (), "Everyone", base, MappingProxyType(counts), status, "", 4)


def safe(base, no, yes, skipped=0, does_not_apply=0):
    cells = row(base, no=no, yes=yes, does_not_apply=does_not_apply, skipped=skipped)
    return ReleaseTable(SAFE, (cells,))


def share_of(table, *answers, **how):
    return share(table, table.everyone, answers, **how)


def release(number, table, team="Cedar", question=SAFE):
    edition = Edition(1, "x")
    return Release(
        number=number,
        round=f"r{number}",
        day=datetime.date(2026, number, 1),
        hash=f"{team}{number}",
        plan=Plan(f"r{number}", team, edition, edition, (question,)),
        method=(),
        attack=(),
        protected=(),
        tables=(ReleaseTable(question, table.rows),),
    )


@pytest.mark.parametrize(
    ("base", "no", "yes", "text"),
    [
        (15, 0, 15, "few or none"),
        (15, 5, 10, "some"),
        (15, 5, 5, "some"),
        (10, 5, 0, "about half"),
        (10, 10, 0, "most"),
        (10, 5, 10, "some"),
        (15, 10, 5, "most"),
        (15, 15, 0, "nearly all"),
        (20, 0, 20, "under 10 %"),
        (20, 20, 0, "over 90 %"),
        (20, 5, 15, "30 %"),
        (40, 15, 25, "40 %"),
        (50, 15, 35, "30 %"),
        (50, 0, 50, "under 5 %"),
        (195, 195, 0, "over 95 %"),
        (195, 45, 150, "25 %"),
        (200, 45, 155, "23 %"),
        (200, 0, 200, "under 1 %"),
        (10, 0, 0, "few or none"),
        (20, 0, 0, "under 10 %"),
    ],
)
def test_a_share_is_as_coarse_as_its_row_is_small(base, no, yes, text):
    assert share_of(safe(base, no, yes), "no").text == text


@pytest.mark.parametrize(
    ("base", "no", "yes", "text"),
    [
        (10, 10, 0, "most"),
        (20, 20, 0, "most"),
        (30, 30, 0, "nearly all"),
        (30, 0, 30, "few or none"),
        (40, 40, 0, "over 90 %"),
        (90, 30, 60, "30 %"),
        (100, 30, 70, "30 %"),
        (390, 390, 0, "over 95 %"),
        (400, 90, 310, "23 %"),
    ],
)
def test_numbers_rounded_to_tens_reach_half_as_far(base, no, yes, text):
    tens = replace(safe(base, no, yes).everyone, step=10, near=9)
    assert share_of(ReleaseTable(SAFE, (tens,)), "no").text == text


@pytest.mark.parametrize(("step", "smallest"), [(5, 20), (10, 40)])
def test_a_word_for_few_people_is_not_far_from_the_truth(step, smallest):
    """Every true count and size that rounding allows: "nearly all" is never half or less."""
    for size, said in itertools.product(range(10, smallest + step), range(smallest + step)):
        for base, count in itertools.product(around(size, step), around(said, step)):
            if said <= size and base < smallest and count <= size:
                cells = row(base, no=count, yes=0, does_not_apply=0)
                table = ReleaseTable(SAFE, (replace(cells, step=step, near=step - 1),))
                word = share_of(table, "no").text
                assert word != "nearly all" or said > size / 2
                assert word != "few or none" or said < step


def around(count, step):
    below = count // step * step
    return {below, below + step * (count % step > 0)}


def test_a_share_of_ticks_is_of_the_people_of_the_row():
    table = ReleaseTable(WHO, (row(40, police=20, none=15),))
    assert share_of(table, "police").percent == 50
    full = ReleaseTable(WHO, (row(40, police=40, none=0),))
    assert share_of(full, "police").text == "over 90 %"


def test_a_share_can_be_taken_of_those_who_answered():
    table = safe(60, 10, 20, skipped=10, does_not_apply=20)
    assert who_answered(table) == ("no", "yes")
    assert share_of(table, "yes").percent == 35
    assert share_of(table, "yes", among=who_answered(table)).percent == 70
    few = safe(60, 5, 10, skipped=25, does_not_apply=20)
    assert share_of(few, "yes", among=who_answered(few)).percent is None


def test_a_share_tells_how_far_rounding_reaches():
    found = share_of(safe(40, 20, 20), "no")
    assert (found.fraction, found.low, found.high) == (0.5, 0.4, 0.6)
    both = share_of(safe(40, 20, 20), "no", "yes")
    assert (both.low, both.high) == (0.8, 1.0)


def test_what_is_not_shown_has_no_share():
    table = ReleaseTable(SAFE, (row(40),))
    assert share_of(table, "no") is None
    assert mean(table, table.everyone) is None


@pytest.mark.parametrize(
    ("base", "no", "yes", "average"),
    [
        (15, 5, 10, None),
        (20, 0, 5, None),
        (20, 10, 10, 3.0),
        (45, 10, 30, 4.0),
        (45, 15, 30, 3.5),
        (60, 15, 40, 3.9),
    ],
)
def test_an_average_is_coarse_and_needs_people(base, no, yes, average):
    table = safe(base, no, yes, skipped=5)
    assert mean(table, table.everyone) == average


def test_a_trend_changes_only_when_the_bands_do_not_meet():
    points = trend(
        [
            release(3, safe(200, 20, 180)),
            release(1, safe(200, 100, 100)),
            release(2, safe(200, 110, 90)),
        ],
        "safe",
        ("yes",),
    )
    assert [point.number for point in points] == [1, 2, 3]
    assert [point.verdict for point in points] == ["first", "about the same", "changed"]
    assert points[0].low == pytest.approx(0.5 - 0.02 - 1.96 * (0.25 / 200) ** 0.5)


def test_a_trend_leaves_out_what_is_hidden_or_was_asked_differently():
    other = PlannedQuestion("safe", Kind.SCALE, "Safe?", (Answer("maybe", "Maybe"),))
    releases = [
        release(1, ReleaseTable(other, (row(40, maybe=40, skipped=0),)), question=other),
        release(2, safe(40, 20, 20)),
        release(3, ReleaseTable(SAFE, (row(40),))),
        release(4, safe(40, 20, 20, does_not_apply=0)),
    ]
    among = ("no", "yes")
    assert [p.number for p in trend(releases, "safe", ("no",), among=among)] == [2, 4]
    assert trend([], "safe", ("no",)) == ()


def test_a_year_adds_up_what_was_published():
    table = year([release(1, safe(40, 20, 20)), release(2, safe(60, 10, 50))], "safe")
    assert table.everyone.base == 100
    assert table.everyone.counts["no"] == 30
    assert table.everyone.near == 8
    assert share(table, table.everyone, ("no",)).percent == 30


def test_a_year_is_of_one_team_and_counts_no_release_twice():
    one, two = release(1, safe(40, 20, 20)), release(2, safe(40, 20, 20), team="Pine")
    with pytest.raises(ReleaseRefused):
        year([one, two], "safe")
    with pytest.raises(ReleaseRefused):
        year([one, one], "safe")
    with pytest.raises(ReleaseRefused):
        year([one], "gone")
