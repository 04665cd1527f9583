"""Whatever the rows hold: nothing raises, words follow numbers, and no structure is ranked."""

import dataclasses
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.decisions.agenda import next_agenda
from feedback.decisions.board import build_board
from feedback.decisions.checks import can_post, check_decision
from feedback.decisions.coverage import coverage_map, heard_in_release, starter_items
from feedback.decisions.cycle import reviews_due, where_we_are
from feedback.decisions.definitions import load_areas, load_structures
from feedback.decisions.evidence import Evidence
from feedback.decisions.gaps import group_gaps
from feedback.decisions.heard import three_things, what_we_heard
from feedback.decisions.history import describe_changes
from feedback.decisions.log import (
    Decision,
    Direction,
    Kind,
    Link,
    Measure,
    NotDone,
    PublicStatus,
    Result,
    State,
    from_dict,
    to_dict,
)
from feedback.decisions.measure import Trend, before_after, compare
from feedback.decisions.members import MemberGap
from feedback.decisions.packet import MOST_LINES, gather, lay_out
from feedback.decisions.papers import Papers
from feedback.decisions.protocol import area_views
from feedback.decisions.published import latest
from feedback.decisions.readiness import Fact, Rating, TeamInputs, Weight
from feedback.decisions.shares import (
    FEW,
    HALF,
    MOST,
    NEARLY_ALL,
    SOME,
    WORDS,
    Strength,
    band_of,
    band_words,
    share_number,
    share_words,
    shown_share,
)
from feedback.decisions.signals import Ref, core_index, refs_of, signal
from feedback.decisions.silence import silence
from feedback.decisions.structures import Picture, Workbench, build_workbench
from feedback.decisions.wording import wording_from
from feedback.questionnaire.definition import load_questionnaire
from tests.unit.test_decisions_signals import release

SHEET = load_questionnaire()
WORDING = wording_from([SHEET], {"housing": "Safe place to stay", "wait": "Waiting"})
AREAS, STRUCTURES, COVERAGE = load_areas(), load_structures(), starter_items()
TODAY = date(2026, 11, 23)
IN_WORDS = [FEW, SOME, HALF, MOST, NEARLY_ALL]
ORDER = [structure.id for structure in STRUCTURES.structures]

counts = st.integers(0, 60).map(lambda n: 5 * n)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 99), st.floats(), st.text(max_size=6), st.just("5")
)


@st.composite
def tables(draw):
    """Draw rows as the gate writes them: every question, a group or none, hidden ones too."""
    rows = []
    for number in draw(st.lists(st.integers(1, 8), unique=True, max_size=4)):
        for group in draw(st.sampled_from([[{}], [{}, {"when": "last_3_months"}, {"when": "x"}]])):
            for question in draw(st.lists(st.sampled_from(SHEET.questions), unique=True)):
                answers = ["", "skipped", "housing", "wait", *question.option_ids]
                status = draw(st.sampled_from(["shown", "shown", "merged", "protected", "too_few"]))
                kind = "theme" if question.kind == "open" else str(question.kind)
                for answer in answers:
                    count = draw(counts) if status in ("shown", "merged") else None
                    rows.append(
                        {
                            "release": number,
                            "round": f"round-{number}",
                            "question": question.id,
                            "answer": answer,
                            "kind": kind,
                            **group,
                            "count": count,
                            "base": draw(counts),
                            "share": None,
                            "low": None,
                            "high": None if count is None else count + 4,
                            "status": status,
                            "note": "",
                        }
                    )
    return rows


@st.composite
def odd_rows(draw):
    """Draw rows of which nothing is certain but the names of the columns."""
    columns = ["release", "round", "question", "answer", "kind", "when", "count", "base"]
    columns += ["share", "low", "high", "status", "note"]
    values = {
        "question": st.one_of(anything, st.sampled_from(["repeat", "hard", "change"])),
        "answer": st.one_of(anything, st.sampled_from(["agree", "no_ride", "housing", ""])),
        "release": st.one_of(anything, st.integers(1, 3)),
    }
    shape = st.fixed_dictionaries({}, optional={c: values.get(c, anything) for c in columns})
    return draw(st.lists(shape, max_size=30))


texts = st.sampled_from(["", "Rides.", "3 girls said so.", "a@example.com", "Todo bien."])
days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
refs = st.sampled_from(["repeat", "hard:no_ride", "change:housing", "keep:x", "", "no_such"])
decisions = st.builds(
    Decision,
    id=st.text("abc", min_size=1, max_size=3),
    kind=st.sampled_from(Kind),
    text=texts,
    because=texts,
    area=st.sampled_from(["", "interview", "no_such"]),
    evidence=st.lists(st.builds(Link, st.integers(1, 8), refs), max_size=2).map(tuple),
    asked_not_done=st.lists(st.builds(NotDone, texts, texts, refs), max_size=2).map(tuple),
    owner=texts,
    decided_on=days,
    due=days,
    review=days,
    measure=st.one_of(
        st.none(), st.builds(Measure, refs, st.sampled_from(Direction), st.integers(1, 8))
    ),
    result=st.one_of(st.none(), st.sampled_from(Result)),
    public_line=texts,
    public_status=st.sampled_from(PublicStatus),
    author=st.sampled_from(["", "ana", "Ana", "ben"]),
    approved_by=st.sampled_from(["", "ana", "ben"]),
    state=st.sampled_from(State),
)
inputs = st.builds(
    TeamInputs,
    ratings=st.dictionaries(
        st.sampled_from([s.id for s in STRUCTURES.statements]), st.sampled_from(Rating)
    ),
    facts=st.dictionaries(st.sampled_from([f.id for f in STRUCTURES.facts]), st.sampled_from(Fact)),
    members=st.frozensets(st.sampled_from(["police", "school", "court"])),
    weights=st.dictionaries(
        st.sampled_from([f.id for f in STRUCTURES.factors]), st.sampled_from(Weight)
    ),
)


def everything(rows, made=()):
    papers = Papers(TODAY, WORDING, rows=tuple(rows), decisions=tuple(made), coverage=COVERAGE)
    heard = what_we_heard(rows, WORDING)
    return (
        heard,
        three_things(heard),
        core_index(latest(rows), WORDING),
        group_gaps(rows, WORDING),
        silence(rows, made, WORDING),
        area_views(rows, WORDING, made, AREAS),
        coverage_map(heard_in_release(COVERAGE, rows), today=TODAY),
        where_we_are(papers, STRUCTURES),
        reviews_due(papers),
        next_agenda(papers),
        lay_out(gather(papers), (MOST_LINES, MOST_LINES)).to_dict(),
        build_board(rows, made, WORDING, WORDING, AREAS).to_dict(),
        build_workbench(rows, TeamInputs(), WORDING, STRUCTURES),
        [before_after(one, rows, WORDING, decisions=made) for one in made],
    )


@settings(max_examples=25, deadline=None)
@given(odd_rows(), st.lists(decisions, max_size=2))
def test_odd_rows_never_raise(rows, made):
    assert everything(rows, made)


@settings(max_examples=25, deadline=None)
@given(tables(), st.lists(decisions, max_size=3))
def test_any_release_and_any_decisions_never_raise(rows, made):
    assert everything(rows, made)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_signal_is_known_exactly_when_enough_people_answered(rows):
    newest = latest(rows)
    for ref in refs_of(newest) if newest else ():
        found = signal(newest, ref, WORDING)
        assert found.known == (found.strength is not Strength.NOT_YET)
        assert found.known == (found.words in IN_WORDS)
        assert found.known != bool(found.why)
        if found.known:
            assert 0 <= found.share <= 1
            assert 0 < found.band <= 1
            assert found.people >= 11


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.integers(1, 900))
def test_words_never_go_down_when_the_share_goes_up(shares, base):
    low, high = (share_words(shown_share(share, base)) for share in sorted(shares))
    assert IN_WORDS.index(low) <= IN_WORDS.index(high)


@given(st.floats(0, 1), st.integers(1, 900))
def test_no_number_says_nobody_or_everybody(share, base):
    printed = share_number(share, base)
    assert printed == "" or printed.startswith(("about", "under", "over"))
    assert printed not in ("about 0 %", "about 100 %")


@given(st.floats(0, 1), st.integers(1, 900), st.integers(4, 9))
def test_more_people_never_make_a_band_wider(share, people, margin):
    assert band_of(share, people + 5, margin) <= band_of(share, people, margin) + 1e-9


@settings(max_examples=40, deadline=None)
@given(tables(), inputs)
def test_every_line_of_evidence_is_kept_on_one_side(rows, team):
    bench = build_workbench(rows, team, WORDING, STRUCTURES)
    assert [picture.structure for picture in bench.pictures] == ORDER
    for picture, structure in zip(bench.pictures, STRUCTURES.structures, strict=True):
        asked = {b.ref for b in (*structure.signals, *structure.team, *structure.facts)}
        shown = {line.ref for line in (*picture.lines, *picture.set_aside)}
        assert shown == asked
        assert all(line.side == "for" for line in picture.evidence_for)
        assert all(line.side == "against" for line in picture.evidence_against)
        assert not {"neither", "unknown"} & {
            line.side for line in picture.evidence_for + picture.evidence_against
        }


@settings(max_examples=25, deadline=None)
@given(inputs)
def test_without_a_release_survivors_speak_for_nothing_and_against_nothing(team):
    for picture in build_workbench([], team, WORDING, STRUCTURES).pictures:
        for line in picture.evidence_for + picture.evidence_against + picture.neither:
            assert line.origin != "survivors"


@pytest.mark.parametrize("shape", [Picture, Workbench, Evidence, MemberGap])
def test_no_output_of_the_workbench_can_be_ranked(shape):
    ordering = {"__lt__", "__le__", "__gt__", "__ge__", "__int__", "__float__", "__len__"}
    assert not ordering & set(vars(shape))
    numbers = [
        place.name
        for place in dataclasses.fields(shape)
        if str(place.type).split(" ")[0] in ("int", "float")
    ]
    assert numbers in ([], ["release"])


@settings(max_examples=40, deadline=None)
@given(decisions, decisions)
def test_decisions_come_back_and_changes_are_told(one, other):
    assert from_dict(json.loads(json.dumps(to_dict(one)))) == one
    assert describe_changes(one, one) == ()
    assert bool(describe_changes(one, other)) == (one != other)
    assert all(
        problem.text.endswith((".", "?")) or "”" in problem.text for problem in check_decision(one)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(decisions, max_size=4))
def test_the_board_shows_only_what_two_people_stand_for(made):
    board = json.dumps(build_board([], made, WORDING, None, AREAS).to_dict())
    assert "3 girls" not in board
    assert "example.com" not in board
    if not any(can_post(one) for one in made):
        assert '"entries": []' in board
    for one in made:
        if can_post(one):
            assert one.author.casefold() != one.approved_by.casefold()


def said_by(given):
    """Return what a release says whose answers to one question are these."""
    return signal(latest(release(1, people=sum(given), repeat=given)), Ref("repeat"), WORDING)


said = st.tuples(*[counts] * 5).filter(any).map(said_by)


@settings(max_examples=50, deadline=None)
@given(said, said)
def test_no_change_is_claimed_where_the_bands_of_two_releases_meet(one, other):
    """P8: what is said of two releases follows from their published numbers alone."""
    found = compare(one, other)
    assert (found.trend is Trend.TOO_FEW) == (one.share is None or other.share is None)
    if found.trend is Trend.TOO_FEW:
        assert found.up is None
        return
    lower, upper = sorted((one, other), key=lambda each: each.share)
    between = (upper.share - upper.band) - (lower.share + lower.band)
    assert found.trend is not Trend.CLEAR or between > -1e-9
    assert found.up in (None, other.share > one.share)
    if bool(one.number) == bool(other.number):  # else one is printed in words alone
        (_, _, most), (fewest, _, _) = read(lower), read(upper)
        assert (found.trend is Trend.CLEAR) == (most < fewest)


def read(found):
    """Return a share between both ends of its band, as a reader of the page finds them."""
    low, high = band_words(found.share, found.band, found.reach)
    if found.number:
        return int(low), round(found.shown * 100), int(high.removesuffix(" %"))
    return tuple(map(WORDS.index, (low, found.words, high)))


@settings(max_examples=50, deadline=None)
@given(said, said)
def test_a_change_that_points_somewhere_can_be_seen_in_what_is_printed(one, other):
    if compare(one, other).trend not in (Trend.UP, Trend.DOWN):
        return
    if bool(one.number) != bool(other.number):
        return  # one is printed in words alone, and words are compared
    for each, beside in ((one, other), (other, one)):
        (_, share, _), (low, _, high) = read(each), read(beside)
        assert not low <= share <= high


@settings(max_examples=40, deadline=None)
@given(tables(), decisions)
def test_a_result_is_suggested_only_when_the_numbers_are_clear(rows, made):
    found = before_after(made, rows, WORDING)
    if found is None:
        assert made.measure is None
    elif found.suggested in (Result.BETTER, Result.WORSE):
        assert found.change.trend is Trend.CLEAR
    elif found.change.trend is Trend.TOO_FEW:
        assert found.suggested is Result.TOO_FEW
