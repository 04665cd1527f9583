"""Coding merges the same in any order, any number of times."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.themes import coding
from feedback.themes.coding import Box, Event, Kind
from feedback.themes.second import sample, waiting_for

IDS = [f"id{n}" for n in range(12)]
THEMES = st.lists(st.sampled_from(["wait", "exam", "court"]), max_size=3, unique=True).map(tuple)
EVENTS = st.lists(
    st.builds(
        Event,
        turn=st.integers(1, 6),
        id=st.sampled_from(IDS),
        kind=st.sampled_from(Kind),
        coder=st.sampled_from(["ana", "bo"]),
        rid=st.integers(0, 3),
        box=st.sampled_from(Box),
        themes=THEMES,
        flags=st.sampled_from([(), ("other",), ("needs_care",)]),
        note=st.text(max_size=5),
        offered=THEMES,
        undoes=st.sampled_from(["", *IDS]),
        saw=st.sampled_from(["", *IDS]),
    ),
    max_size=12,
)
FEW = settings(max_examples=60, deadline=None)


@FEW
@given(EVENTS, EVENTS)
def test_merging_does_not_depend_on_who_merges(one, other):
    assert coding.merge(one, other) == coding.merge(other, one)


@FEW
@given(EVENTS, EVENTS, EVENTS)
def test_merging_in_any_grouping_gives_the_same(one, other, third):
    left = coding.merge(coding.merge(one, other), third)
    assert left == coding.merge(one, coding.merge(other, third))


@FEW
@given(EVENTS, EVENTS)
def test_merging_again_changes_nothing(one, other):
    both = coding.merge(one, other)
    assert coding.merge(both, one) == both == coding.merge(both, both)


@FEW
@given(EVENTS)
def test_every_id_stays_once(events):
    assert {e.id for e in coding.merge(events, [])} == {e.id for e in events}
    assert len(coding.merge(events, events)) == len({e.id for e in events})


@FEW
@given(EVENTS)
def test_json_brings_the_events_back(events):
    assert coding.from_json(coding.to_json(events)) == tuple(events)


@FEW
@given(EVENTS, st.randoms())
def test_what_stands_does_not_depend_on_the_order_of_the_file(events, rng):
    shuffled = list(coding.merge(events, []))
    rng.shuffle(shuffled)
    assert coding.current(shuffled) == coding.current(coding.merge(events, []))
    assert coding.readings(shuffled) == coding.readings(events)
    assert coding.unsettled(shuffled) == coding.unsettled(events)


@FEW
@given(EVENTS)
def test_nobody_reads_a_second_time_what_they_have_read(events):
    drawn = sample(((rid, box) for rid in range(4) for box in Box), b"salt")
    for coder in ("ana", "bo", "cy"):
        for key in waiting_for(events, drawn, coder):
            assert not coding.current(events)[key].resolved
            assert key not in coding.readings(events).get(coder, {})


@FEW
@given(EVENTS)
def test_care_never_changes_a_count(events):
    events = coding.merge(events, ())
    calm = [replace(one, flags=tuple({*one.flags} - {"needs_care"})) for one in events]
    for box in Box:
        counted = coding.themes_per_person(events, box, range(4))
        assert counted == coding.themes_per_person(calm, box, range(4))
        assert all(counted.values())
        assert "needs_care" not in {theme for themes in counted.values() for theme in themes}
        assert set(counted) == {rid for rid, coded in coding.current(events) if coded == box}


@FEW
@given(EVENTS)
def test_adding_and_undoing_changes_nothing(events):
    events = list(coding.merge(events, []))
    before = coding.current(events)
    added = coding.code(events, (1, Box.KEEP), "cy", coding.Choice(("court",)), "new")
    taken = coding.undo([*events, added], "new", "cy", "newer")
    assert coding.current([*events, added, taken]) == before
