"""When paraphrases may stand beside a release: never so that they tell a number."""

import datetime
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.disclosure import quotes
from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import Answer, Edition, Kind, Limits, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release

THEMES = ("wait", "exam", "court", "rides")
BOXES = tuple(
    PlannedQuestion(box, Kind.THEME, f"{box}?", tuple(Answer(t, t) for t in THEMES))
    for box in ("change", "keep")
)
EDITION = Edition(1, "x")


def release_of(people, *, read=True, key=b"k" * 32, **limits):
    """Freeze a release of people who each named some themes in both boxes."""
    plan = Plan("2026-Q4", "Cedar", EDITION, EDITION, BOXES, (), Limits(**limits))
    columns = [box.id for box in BOXES] if read else [BOXES[0].id]
    frame = pd.DataFrame(
        {name: pd.Series(people, dtype=object) for name in columns}, index=range(len(people))
    )
    document = build_release(
        frame, plan, key=key, number=1, previous_hash="", day=datetime.date(2027, 1, 15)
    )
    return Release.from_document(chain(document, None, lambda _: "00"))


@pytest.mark.parametrize(("people", "allowed"), [(19, False), (20, True), (200, True)])
def test_twenty_people_make_paraphrases_possible(people, allowed):
    plan = release_of([("wait",)] * 20).plan
    assert (not quotes.too_small(plan, people=people, consenting=5)) is allowed


@pytest.mark.parametrize(("consenting", "allowed"), [(0, False), (4, False), (5, True)])
def test_five_people_must_have_shared_their_words(consenting, allowed):
    plan = release_of([("wait",)] * 20).plan
    problems = quotes.too_small(plan, people=20, consenting=consenting)
    assert (not problems) is allowed
    assert not any(str(consenting) in said for said in problems) or consenting == 5


def test_a_team_may_ask_for_more_people():
    plan = release_of([("wait",)] * 50, k_quotes=50).plan
    assert quotes.too_small(plan, people=49, consenting=9)
    assert not quotes.too_small(plan, people=50, consenting=9)


def test_nothing_stands_where_words_were_not_read():
    free = quotes.places(release_of([("wait",)] * 40, read=False))
    assert {box for box, _ in free} == {"change"}


def test_three_are_shown_or_none_and_never_many():
    release = release_of([THEMES] * 60)
    place = ("change", "wait")
    assert quotes.set_problems(release, [place] * 2)
    for number in (3, 8):
        assert not quotes.set_problems(release, [place] * number)
    assert quotes.set_problems(release, [place] * 9)


PEOPLE = st.lists(
    st.lists(st.sampled_from(THEMES), max_size=3, unique=True).map(tuple), min_size=20, max_size=45
)


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.binary(min_size=32, max_size=32), st.sampled_from((5, 10)))
def test_as_many_sentences_as_the_release_already_says(people, key, base):
    """Whoever subtracts the rule from the published number finds at least that many people."""
    release = release_of(people, key=key, base=base)
    free = quotes.places(release)
    for table in release.tables:
        counts = Counter(theme for named in people for theme in named)
        for theme in THEMES:
            place = (table.question.id, theme)
            published = table.everyone.counts.get(theme, 0)
            allowed = free.get(place, 0)
            assert allowed <= counts[theme]
            assert allowed == max(0, published - (base - 1))
            assert quotes.has_room(release, place, [place] * (allowed - 1)) is (allowed > 0)
            assert not quotes.has_room(release, place, [place] * allowed)
