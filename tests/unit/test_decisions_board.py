"""The public board and the packet say what was heard, decided, changed and refused."""

import json
from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.board import build_board
from feedback.decisions.checks import approve
from feedback.decisions.coverage import starter_items
from feedback.decisions.log import (
    Decision,
    Direction,
    Kind,
    Link,
    Measure,
    NotDone,
    Result,
    State,
)
from feedback.decisions.packet import FEWEST_LINES, MOST_LINES, gather, lay_out
from feedback.decisions.papers import Papers
from feedback.decisions.wording import Wording
from tests.unit.test_decisions_signals import release, wording

BAD, GOOD = (20, 10, 0, 5, 5), (0, 0, 0, 20, 20)
TODAY = date(2026, 11, 23)
FULL = {
    "respect": GOOD,
    "believed": BAD,
    "explained": BAD,
    "identity": GOOD,
    "repeat": GOOD,
    "hard": {"no_ride": 20, "wait": 10},
    "change": {"housing": 20},
    "keep": {"advocate": 15},
}


def decision(**changes):
    made = Decision(
        id="d1",
        kind=Kind.PROTOCOL,
        text="PRIVATE TEXT",
        because="PRIVATE REASON",
        area="interview",
        evidence=(Link(1, "repeat", "nearly all"),),
        owner="PRIVATE OWNER",
        public_line="People tell their story once.",
        public_line_es="Cuentan su historia una vez.",
        author="ana",
        state=State.DECIDED,
    )
    return replace(made, **changes)


def posted(**changes):
    return approve(decision(**changes), "ben")


def board(rows=(), decisions=(), spanish=None):
    return build_board(rows, decisions, wording(), spanish)


def entry(found, area):
    return next(entry for entry in found.entries if entry.area == area)


def texts(lines):
    return [line.text for line in lines]


def test_the_board_sets_what_was_heard_beside_what_was_decided():
    found = entry(board(release(**FULL), [posted()]), "interview")
    assert texts(found.heard)[0].startswith("Nearly all people agree: “I had to tell my story")
    assert texts(found.decided) == ["People tell their story once."]
    assert found.decided[0].text_es == "Cuentan su historia una vez."
    assert found.waiting is None


def test_only_what_a_second_person_approved_is_posted():
    unapproved = [decision(), posted(state=State.DECIDED)]
    forged = replace(unapproved[1], approved_by="Ana")
    assert board(decisions=[unapproved[0], forged]).entries == ()


def test_nothing_private_reaches_the_board():
    text = json.dumps(board(release(**FULL), [posted()]).to_dict())
    assert "PRIVATE" not in text
    assert "ana" not in text.split('"')
    assert "ben" not in text.split('"')


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"state": State.DECIDED}, "decided"),
        ({"state": State.DOING}, "decided"),
        ({"state": State.DONE}, "changed"),
        ({"state": State.CHECKED, "result": Result.BETTER}, "changed"),
    ],
)
def test_a_decision_stands_where_its_state_says(changes, place):
    found = entry(board(decisions=[posted(**changes)]), "interview")
    assert len(getattr(found, place)) == 1
    assert len(found.decided) + len(found.changed) + len(found.not_done) == 1


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result.BETTER, "better now"),
        (Result.SAME, "about the same"),
        (Result.WORSE, "worse now"),
        (Result.TOO_FEW, "Too few people"),
    ],
)
def test_what_was_found_is_told_whatever_it_is(result, words):
    found = entry(board(decisions=[posted(state=State.CHECKED, result=result)]), "interview")
    assert words in found.changed[0].text
    assert len(found.changed[0].text_es) > len("Cuentan su historia una vez.")


@pytest.mark.parametrize("changes", [{"state": State.NOT_NOW}, {"kind": Kind.NO_CHANGE}])
def test_a_no_is_posted_with_its_reason(changes):
    made = posted(**changes, because="There is no nurse at night.")
    found = entry(board(decisions=[made]), "interview")
    assert texts(found.not_done) == ["People tell their story once. There is no nurse at night."]


def test_what_is_not_done_stands_where_people_asked_for_it():
    asked = NotDone("A bed for young people only.", "There is no money.", "change:housing")
    found = board(release(**FULL), [posted(asked_not_done=(asked,))])
    assert texts(entry(found, "housing").not_done) == [
        "A bed for young people only. There is no money."
    ]
    assert entry(found, "housing").waiting is None


def test_what_waits_for_an_answer_is_said_by_name():
    found = board(release(**FULL))
    assert entry(found, "housing").waiting.text.startswith("We have heard this.")
    assert entry(found, "advocacy").waiting is None


def test_a_decision_about_the_team_has_a_place_too():
    made = posted(kind=Kind.STRUCTURE, area="", structure="subcommittee", evidence=())
    assert board(decisions=[made]).entries[0].area == "everywhere"
    unknown = posted(area="no_such_area")
    assert board(decisions=[unknown]).entries[0].area == "everywhere"


def test_each_thing_heard_is_said_once():
    heard = [line for e in board(release(**FULL)).entries for line in texts(e.heard)]
    assert len(heard) == len(set(heard))


def test_the_board_speaks_in_words_only():
    for found in board(release(**FULL), [posted()]).entries:
        for line in found.heard:
            assert not any(character.isdigit() for character in line.text)


def test_what_few_people_said_is_said_with_that_mark():
    spanish = Wording(questions={"repeat": "Tuve que contar mi historia demasiadas veces."})
    few = [
        line
        for e in board(release(people=15, repeat=(0, 0, 0, 5, 10)), [], spanish).entries
        for line in e.heard
    ]
    assert few
    assert all(line.text.endswith(". Few people answered this.") for line in few)
    assert all(line.text_es.endswith(". Pocas personas respondieron esto.") for line in few)
    many = [line for e in board(release(**FULL), [], spanish).entries for line in e.heard]
    assert many
    assert not any("Few people answered" in line.text for line in many)


def test_what_was_heard_can_be_said_in_spanish():
    spanish = Wording(
        questions={"repeat": "Tuve que contar mi historia demasiadas veces."},
        answers={("hard", "no_ride"): "No tenía transporte"},
        themes={"housing": "Un lugar seguro", "advocate": "Acompañante"},
    )
    found = board(release(**FULL), [], spanish)
    lines = {line.text_es for e in found.entries for line in e.heard}
    story = "«Tuve que contar mi historia demasiadas veces»."
    assert f"Casi todas las personas están de acuerdo: {story}" in lines
    assert "Cerca de la mitad de las personas pidieron un cambio aquí: Un lugar seguro." in lines
    assert any(line.endswith("algo que ayuda: Acompañante.") for line in lines)
    assert any("eligieron «No tenía transporte»" in line for line in lines)


@pytest.mark.parametrize("rows", [[], release(people=10, respect=(0, 0, 0, 5, 5))])
def test_a_board_with_nothing_to_say_has_no_entry(rows):
    assert board(rows).entries == ()


def papers(rows=(), decisions=(), **changes):
    return Papers(TODAY, wording(), rows=tuple(rows), decisions=tuple(decisions), **changes)


def longest(found):
    """Return the packet with the longest lists."""
    return lay_out(gather(found), (MOST_LINES, MOST_LINES))


def part(packet, name):
    return next(part for part in packet.parts if part.id == name)


def test_the_packet_holds_three_paraphrases_or_none():
    some = tuple(f"Theme: sentence {number}." for number in range(4))
    packet = longest(papers(release(**FULL), reworded={1: some}))
    assert part(packet, "reworded").points == some[:3]
    assert "These sentences can change." in part(packet, "reworded").note
    for beside in ({1: some[:2]}, {2: some}, {}):
        packet = longest(papers(release(**FULL), reworded=beside))
        assert "reworded" not in [each.id for each in packet.parts]
    packed = lay_out(gather(papers(release(**FULL), reworded={1: some})), (5, FEWEST_LINES - 1))
    assert "reworded" not in [each.id for each in packed.parts]


def test_the_packet_has_two_pages_and_the_first_stands_alone():
    packet = longest(papers(release(**FULL), team="River County"))
    assert packet.title == "River County: meeting packet"
    assert packet.subtitle == "Release 1, 2026-Q1. Made on 23 November 2026."
    assert [[p.id for p in page] for page in packet.pages] == [
        ["glance", "strengths", "treated", "wishes", "coverage"],
        ["stage", "reviews", "waiting", "decisions", "agenda"],
    ]


def test_the_packet_says_for_which_day_it_is_while_that_day_is_to_come():
    for_whom = {
        longest(papers(next_meeting=day)).subtitle.split(".")[0]
        for day in (date(2026, 11, 26), date(2026, 11, 22), None)
    }
    assert for_whom == {"For Thursday, 26 November 2026", "No release yet"}


def test_the_packet_says_words_first_and_marks_what_is_bad_news():
    table = part(longest(papers(release(**FULL))), "wishes").table
    assert (
        "“I had to tell my story too many times”",
        "nearly all (over 90 %); agreeing is bad news",
    ) in table.rows


def test_the_packet_draws_each_share_with_its_band_and_says_it_in_words():
    found = part(longest(papers(release(**FULL))), "treated").table
    assert len(found.bars) == len(found.rows) == 4
    for bar in found.bars:
        assert 0 <= bar.low <= bar.share <= bar.high <= 1
        assert "likely between" in bar.text


def test_from_the_second_release_on_the_packet_says_which_way_things_moved():
    rows = release(1, **FULL) + release(2, **{**FULL, "respect": BAD})
    table = part(longest(papers(rows)), "treated").table
    assert table.columns[-1] == "Since last"
    assert table.rows[0][-1] == "clear change down"
    assert table.rows[1][-1] == "about the same"


def test_the_packet_of_an_earlier_release_knows_nothing_of_a_later_one():
    rows = release(1, **FULL) + release(2, **{**FULL, "respect": BAD})
    earlier = papers(rows, sources={1: "First.", 2: "Second."}).as_of(1)
    packet = longest(earlier)
    assert packet.subtitle.startswith("Release 1,")
    assert packet.source == "First."
    assert packet.pages == longest(papers(release(1, **FULL))).pages


def test_shorter_lists_say_how_much_is_left_out():
    rows = release(**FULL)
    many = [decision(id=f"d{n}", state=State.DOING, text="word " * 60) for n in range(4)]
    found = part(lay_out(gather(papers(rows, many)), (5, 2)), "decisions")
    assert len(found.table.rows) == 2
    assert found.note == "And 2 more, on the page “Decisions”."
    assert max(len(row[0]) for row in found.table.rows) <= 120


def test_the_packet_brings_reviews_waiting_and_open_decisions():
    rows = release(1, **FULL) + release(2, **{**FULL, "repeat": BAD})
    done = decision(
        id="d2",
        text="One interview.",
        state=State.DONE,
        review=TODAY,
        measure=Measure("repeat", Direction.DOWN, 1),
    )
    open_one = decision(id="d3", text="Rides.", state=State.DOING, owner="", due=TODAY)
    no = decision(id="d4", text="No night shift.", kind=Kind.NO_CHANGE)
    packet = longest(papers(rows, [done, open_one, no], coverage=starter_items()))
    assert part(packet, "reviews").table.rows[0][:2] == (
        "One interview.",
        "“I had to tell my story too many times”. Before: nearly all. After: some. "
        "Clear change down. That is the way you hoped.",
    )
    assert part(packet, "decisions").table.rows == (
        ("Rides.", "no owner yet", "23 Nov 2026", "being done"),
    )
    assert any("believed me" in point for point in part(packet, "waiting").points)
    assert len(part(packet, "coverage").points) == 2


def test_a_review_before_the_next_release_says_once_that_there_is_none():
    due = decision(state=State.DONE, review=TODAY, measure=Measure("repeat", Direction.DOWN, 1))
    (row,) = part(longest(papers(release(1, **FULL), [due])), "reviews").table.rows
    assert row[1].endswith("There is no release after the change yet. Wait, then look again.")
    assert row[2] == "nothing that we know of"


def test_a_review_without_a_measure_says_so():
    due = decision(state=State.DONE, review=TODAY)
    packet = longest(papers(decisions=[due]))
    assert part(packet, "reviews").table.rows[0][1] == "no measure"


@pytest.mark.parametrize("rows", [[], release(people=10, respect=(0, 0, 0, 5, 5))])
def test_a_packet_is_never_blank(rows):
    packet = longest(papers(rows))
    for found in packet.parts:
        assert found.sentences or found.points or found.table


def test_tables_are_square_and_the_packet_is_plain_data():
    packet = longest(papers(release(**FULL), [decision()], coverage=starter_items()))
    for found in packet.parts:
        if found.table:
            assert {len(row) for row in found.table.rows} == {len(found.table.columns)}
    assert json.loads(json.dumps(packet.to_dict()))["title"] == "Meeting packet"
