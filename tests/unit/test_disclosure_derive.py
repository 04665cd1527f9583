"""Shares, words, averages and years come from published numbers and from nothing else."""

import datetime
import itertools
from dataclasses import replace
from types import MappingProxyType

import pytest

from feedback.disclosure.derive import mean, share, year, year_of
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


def test_a_year_adds_up_what_was_published():
    table = year([release(1, safe(40, 20, 20)), release(2, safe(60, 10, 50))], "safe")
    assert table.everyone.base == 100
    assert table.everyone.counts["no"] == 30
    assert table.everyone.near == 8
    assert share(table, table.everyone, ("no",)).percent == 30


def test_releases_of_one_year_are_found_by_what_they_ask_and_show():
    other = replace(SAFE, text="Did you feel safe?")
    tens = safe(40, 20, 20)
    last_year = replace(release(9, safe(40, 20, 20)), day=datetime.date(2025, 12, 31))
    releases = [
        release(4, safe(40, 30, 10)),
        release(1, safe(40, 20, 20)),
        release(2, safe(40, 20, 20), question=other),
        release(3, ReleaseTable(SAFE, (row(40),))),
        release(5, replace(tens, rows=(replace(tens.everyone, step=10, near=9),))),
        last_year,
    ]
    for one in (releases[0], releases[1]):
        assert [each.number for each in year_of(one, releases, "safe")] == [1, 4]
    for alone in (*releases[2:], releases[0]):
        assert year_of(alone, releases, "safe" if alone in releases[2:] else "gone") == ()
    for alone in releases[2:5]:
        with pytest.raises(ReleaseRefused, match="in the same words"):
            year([releases[0], alone], "safe")


def test_an_average_of_a_year_is_made_from_its_sums():
    table = year([release(1, safe(40, 20, 20)), release(2, safe(60, 10, 50))], "safe")
    assert mean(table, table.everyone) == 3.8  # (30 · 1 + 70 · 5) / 100


def test_a_year_is_of_one_team_and_counts_no_release_twice():
    one, two = release(1, safe(40, 20, 20)), release(2, safe(40, 20, 20), team="Pine")
    with pytest.raises(ReleaseRefused):
        year([one, two], "safe")
    with pytest.raises(ReleaseRefused):
        year([one, one], "safe")
    with pytest.raises(ReleaseRefused):
        year([one], "gone")
