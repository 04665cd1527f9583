"""Two people at one document: entries, members and days are put together; a clash is named."""

from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.coverage import CoverageItem, Where
from feedback.decisions.meeting import MeetingPlan
from feedback.decisions.merging import merge
from feedback.decisions.readiness import Rating, TeamInputs

BASE = TeamInputs(
    ratings={"hours": Rating.DONT_KNOW, "steady": Rating.VERY_TRUE},
    members=frozenset({"police", "court"}),
    notes={"hours": "Ask the county.", "steady": "Since May."},
)


def test_entries_that_only_one_changed_are_kept_from_both():
    theirs = replace(BASE, ratings={**BASE.ratings, "hours": Rating.NOT_TRUE})
    mine = replace(BASE, notes={"hours": "Ask the county.", "money": "No."})
    merged = merge(BASE, theirs, mine)
    assert merged.document.ratings == theirs.ratings
    assert merged.document.notes == mine.notes
    assert (merged.taken_over, merged.clashes) == (("ratings.hours",), ())


def test_an_entry_that_both_changed_is_a_clash_and_holds_mine():
    theirs = replace(BASE, notes={**BASE.notes, "hours": "Four."})
    mine = replace(BASE, notes={**BASE.notes, "hours": "Five."})
    merged = merge(BASE, theirs, mine)
    assert merged.clashes == ("notes.hours",)
    assert merged.document.notes["hours"] == "Five."


def test_an_entry_that_one_took_out_and_one_rewrote_is_a_clash():
    rewritten = replace(BASE, notes={**BASE.notes, "hours": "Four."})
    without = replace(BASE, notes={"steady": "Since May."})
    for theirs, mine in ((rewritten, without), (without, rewritten)):
        merged = merge(BASE, theirs, mine)
        assert merged.clashes == ("notes.hours",)
        assert merged.document.notes == mine.notes


def test_members_that_one_added_and_one_took_out_are_both_heeded():
    theirs = replace(BASE, members=BASE.members | {"school"})
    mine = replace(BASE, members=frozenset({"police", "probation"}))
    merged = merge(BASE, theirs, mine)
    assert merged.document.members == {"police", "probation", "school"}
    assert merged.clashes == ()


@pytest.mark.parametrize("same", [True, False])
def test_the_day_of_saving_never_clashes(same):
    point = CoverageItem("somali", Where.LANGUAGE, "Somali", looked_at=date(2026, 1, 1))
    theirs = replace(point, looked_at=date(2026, 3, 1), note="Theirs.")
    mine = replace(point, looked_at=date(2026, 3, 1 if same else 2), owner="Advocate")
    merged = merge(point, theirs, mine)
    assert merged.clashes == ()
    assert merged.document == replace(mine, note="Theirs.")


def test_what_nobody_changed_stays_and_is_told_to_nobody():
    merged = merge(BASE, BASE, BASE)
    assert merged.document == BASE
    assert (merged.taken_over, merged.clashes) == ((), ())


def test_lines_that_both_add_stand_one_after_the_other():
    base = MeetingPlan(leftovers=("Both.",))
    theirs = replace(base, leftovers=("Both.", "Theirs."))
    mine = replace(base, leftovers=("Mine.",), day=date(2027, 1, 14))
    merged = merge(base, theirs, mine)
    assert merged.document == MeetingPlan(date(2027, 1, 14), ("Theirs.", "Mine."))
