"""What the team writes: decisions, approvals, ratings, marks; two at once lose nothing."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedback.decisions.log import Kind, Link, PublicStatus, State, edit
from feedback.decisions.meeting import MeetingPlan
from feedback.decisions.readiness import Fact, Rating, Weight
from feedback.ui import team_data

ONCE = "tell-it-once"
WAITS = "nights-and-weekends"  # its public line is proposed by the coordinator


def press(page, label):
    """Press the button with this label, and run the page."""
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception, page.exception
    return page


def said_back(page):
    return page.success[0].value.replace("\\", "")


def warned(page):
    return " ".join(box.value for box in page.warning).replace("\\", "")


def write_new(page, **fields):
    for name, value in fields.items():
        page.text_area(key=f"decision-new-{name}").input(value)
    page.text_input(key="decision-new-role").input("Coordinator")
    return press(page, "Save")


def test_a_decision_is_written_down_with_its_evidence(team, show):
    ours = team()
    page = show("decisions")
    page.multiselect(key="decision-new-evidence").select("2|hard:no_ride")
    page.text_input(key="decision-new-asked-0").input("A bus at night.")
    page.text_input(key="decision-new-why-0").input("There is no driver.")
    write_new(page, text="We pay for rides.", because="Help is far away.")
    [written] = [d for d in ours.desk().decisions if d.text == "We pay for rides."]
    assert written.id == "we-pay-for-rides"
    assert written.evidence == (Link(2, "hard:no_ride", "some"),)
    assert [(item.asked, item.because) for item in written.asked_not_done] == [
        ("A bus at night.", "There is no driver.")
    ]
    assert written.state is State.DISCUSSING


def test_what_is_decided_is_written_and_proposed_in_one_go(team, show):
    ours = team()
    page = show("decisions")
    page.selectbox(key="decision-new-kind").set_value(Kind.NO_CHANGE)
    page.radio(key="decision-new-state").set_value(State.NOT_NOW)
    page.checkbox(key="decision-new-propose").check()
    write_new(
        page, text="No new shelter.", because="No money.", **{"public-en": "No shelter: no money."}
    )
    [written] = [d for d in ours.desk().decisions if d.text == "No new shelter."]
    assert (written.state, written.public_status) == (State.NOT_NOW, PublicStatus.PROPOSED)
    assert written.author == "Coordinator"


def test_a_line_is_proposed_where_it_is_read(team, show):
    ours = team()
    private = replace(ours.decision(WAITS), public_status=PublicStatus.PRIVATE)
    team_data.save(ours.settings, private, seen=1, author="Coordinator")
    page = show("decisions", decision=WAITS)
    press(page, "Propose it for the public board")
    assert "Say in which role" in warned(page)
    page.text_input(key=f"propose-{WAITS}-role").input("Coordinator")
    press(page, "Propose it for the public board")
    assert ours.decision(WAITS).public_status is PublicStatus.PROPOSED


def test_no_change_needs_its_reason_and_loses_nothing(team, show):
    ours = team()
    page = show("decisions")
    page.selectbox(key="decision-new-kind").set_value(Kind.NO_CHANGE)
    write_new(page, text="No new shelter.")
    assert "No change is a decision too: say why." in warned(page)
    assert page.text_area(key="decision-new-text").value == "No new shelter."
    write_new(page, because="The money may not pay for a building.")
    assert any(
        d.kind is Kind.NO_CHANGE and d.text == "No new shelter." for d in ours.desk().decisions
    )


def test_nobody_writes_without_a_role(team, show):
    ours = team()
    page = show("decisions")
    page.text_area(key="decision-new-text").input("Something.")
    press(page, "Save")
    assert "Say in which role you write." in warned(page)
    assert len(ours.desk().decisions) == 5


def test_a_role_is_typed_once(team, show):
    team()
    page = write_new(show("decisions"), text="First.")
    assert page.text_input(key="move-first-role").value == "Coordinator"


def test_an_answer_can_begin_with_what_was_heard(team, show):
    team()
    page = show("decisions", new="hard:no_ride")
    assert page.multiselect(key="decision-new-evidence").value == ["2|hard:no_ride"]


def test_two_people_who_change_one_sentence_see_both_before_anything_is_saved(team, show):
    ours = team()
    page = show("decisions", decision=ONCE)
    theirs = edit(ours.decision(ONCE), text="Theirs: one shared interview room.")
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    page.text_area(key=f"decision-{ONCE}-text").input("Mine: one shared note.")
    page.text_input(key=f"decision-{ONCE}-role").input("Coordinator")
    press(page, "Save")
    assert "somebody else changed the same thing first" in warned(page)
    both = next(table.value for table in page.table if "They wrote" in table.value)
    assert "one shared interview room" in both["They wrote"].iloc[0]
    assert "one shared note" in both["You wrote"].iloc[0]
    assert page.text_area(key=f"decision-{ONCE}-text").value == "Mine: one shared note."
    assert ours.decision(ONCE).text.startswith("Theirs")
    press(page, "Save")
    assert ours.decision(ONCE).text == "Mine: one shared note."
    history = team_data.history(ours.settings, team_data.DECISION, ONCE)
    assert [document.author for document in history] == ["Coordinator", "Nurse", "Coordinator"]


def test_two_people_who_change_different_things_are_both_kept(team, show):
    ours = team()
    page = show("decisions", decision=ONCE)
    theirs = edit(ours.decision(ONCE), owner="Child protection, supervisor")
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    page.text_area(key=f"decision-{ONCE}-because").input("Mine: people asked for it.")
    page.text_input(key=f"decision-{ONCE}-role").input("Coordinator")
    press(page, "Save")
    saved = ours.decision(ONCE)
    assert saved.owner == "Child protection, supervisor"
    assert saved.because == "Mine: people asked for it."
    assert "is kept too\\: owner" in page.success[0].value


def test_a_decision_moves_on_only_as_it_may(team, show):
    ours = team()
    page = show("decisions", decision=WAITS)
    steps = page.selectbox(key=f"move-{WAITS}-to").options
    assert steps == ["being done", "done", "not now", "being discussed"]
    page.selectbox(key=f"move-{WAITS}-to").set_value(State.NOT_NOW)
    page.text_input(key=f"move-{WAITS}-role").input("Coordinator")
    press(page, "Move it on")
    assert "needs its reason" in warned(page)
    assert ours.decision(WAITS).state is State.DECIDED
    page.text_input(key=f"move-{WAITS}-because").input("No advocate could be hired.")
    press(page, "Move it on")
    assert ours.decision(WAITS).state is State.NOT_NOW
    assert ours.decision(WAITS).because == "No advocate could be hired."


def test_what_is_taken_up_again_leaves_the_board(team, show):
    ours = team()
    team_data.put_up_board(ours.desk(), ours.desk().decisions, ours.folder)
    page = show("decisions", decision="no-youth-shelter-yet")
    page.text_input(key="move-no-youth-shelter-yet-role").input("Coordinator")
    press(page, "Move it on")
    assert "Its public line is kept" in said_back(page)
    assert ours.decision("no-youth-shelter-yet").state is State.DISCUSSING
    assert "shelter only for young people" not in ours.folder.board.read_text(encoding="utf-8")


def test_only_what_a_step_needs_is_asked(team, show):
    team()
    asked = {field.key for field in show("decisions", decision=WAITS).text_input}
    assert f"move-{WAITS}-because" in asked
    page = show("decisions", decision=ONCE)
    assert f"move-{ONCE}-because" not in {field.key for field in page.text_input}
    assert f"move-{ONCE}-result" in {box.key for box in page.selectbox}


def test_a_fold_says_that_something_is_in_it(team, show):
    team()
    labels = [fold.label for fold in show("decisions", decision=ONCE).expander]
    assert "What we say in public · filled in" in labels
    assert "What we say in public" in [fold.label for fold in show("decisions").expander]


def test_a_checked_decision_says_what_was_found(team, show):
    ours = team()
    page = show("decisions", decision=ONCE)
    page.text_input(key=f"move-{ONCE}-role").input("Coordinator")
    press(page, "Move it on")
    assert "Say what was found" in warned(page)
    page.selectbox(key=f"move-{ONCE}-result").set_value("better")
    press(page, "Move it on")
    assert ours.decision(ONCE).state is State.CHECKED


def test_nobody_approves_their_own_public_line(team, show):
    ours = team()
    page = show("decisions", decision=WAITS)
    page.text_input(key=f"approve-{WAITS}-by").input(" Coordinator ")
    press(page, "Approve for the public board")
    assert "A second person has to approve" in warned(page)
    assert ours.decision(WAITS).public_status is PublicStatus.PROPOSED
    assert not ours.folder.board.exists()


def test_a_second_person_puts_a_line_on_the_board(team, show):
    ours = team()
    page = show("decisions", decision=WAITS)
    page.text_input(key=f"approve-{WAITS}-by").input("Reviewer")
    press(page, "Approve for the public board")
    assert ours.decision(WAITS).public_status is PublicStatus.APPROVED
    board = json.loads(ours.folder.board.read_text(encoding="utf-8"))
    assert "on call every night" in json.dumps(board)


def test_a_changed_public_line_leaves_the_board_until_it_is_approved(team, show):
    ours = team()
    page = show("decisions", decision=ONCE)
    page.text_area(key=f"decision-{ONCE}-public-en").input("We ask once.")
    page.text_input(key=f"decision-{ONCE}-role").input("Nurse")
    press(page, "Save")
    changed = ours.decision(ONCE)
    assert (changed.public_status, changed.author) == (PublicStatus.PROPOSED, "Nurse")
    assert "ask together, once" not in ours.folder.board.read_text(encoding="utf-8")


def test_a_typed_picture_is_shown_letter_by_letter(team, show):
    ours = team()
    trap = "![x](https://example.org/seen.png) [link](javascript:1) $a$ :red[b]"
    theirs = replace(ours.decision(ONCE), text=trap, because=trap)
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    for page in (show("decisions"), show("decisions", decision=ONCE), show("what_we_heard")):
        for drawn in (*page.markdown, *page.header, *page.subheader, *page.caption):
            assert "![" not in drawn.value
            assert "](" not in drawn.value


def test_the_history_says_what_changed(team, show, words):
    ours = team()
    theirs = edit(ours.decision(ONCE), owner="Child protection, supervisor")
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    said = words(show("decisions", decision=ONCE))
    assert "now “Child protection, supervisor”" in said


def test_a_reason_becomes_a_structure_decision(team, show):
    ours = team()
    page = show("structure")
    page.radio(key="structure-view").set_value("Write our reason").run()
    page.selectbox(key="reason-structure").set_value("regional")
    page.text_area(key="reason-text").input("Three counties share one team.")
    page.text_area(key="reason-because").input("None has every discipline alone.")
    page.text_input(key="reason-role").input("Chair")
    press(page, "Save as a decision")
    [written] = [d for d in ours.desk().decisions if d.text.startswith("Three counties")]
    assert (written.kind, written.structure) == (Kind.STRUCTURE, "regional")
    assert written.state is State.DISCUSSING


def ourselves(show):
    page = show("structure")
    return page.radio(key="structure-view").set_value("What we say of ourselves").run()


def test_the_team_says_of_itself_before_any_release(team, show):
    ours = team("no release")
    page = ourselves(show)
    page.selectbox(key="inputs-rating-hours").set_value(Rating.NOT_TRUE)
    page.selectbox(key="inputs-fact-few_reports").set_value(Fact.YES)
    page.selectbox(key="inputs-weight-funding").set_value(Weight.A_LOT)
    page.multiselect(key="inputs-members").select("police")
    page.text_input(key="inputs-role").input("Coordinator")
    press(page, "Save what we agreed")
    inputs = ours.desk().inputs
    assert inputs.ratings["hours"] is Rating.NOT_TRUE
    assert inputs.facts["few_reports"] is Fact.YES
    assert inputs.weight("funding") is Weight.A_LOT
    assert inputs.members == frozenset({"police"})
    assert inputs.agreed_on == team_data.today()


def test_the_first_rating_stands_beside_the_newest_after_a_year(team, show, words):
    ours = team()
    year_ago = team_data.today() - timedelta(days=400)
    first = replace(ours.desk().inputs, ratings={"hours": Rating.VERY_TRUE}, agreed_on=year_ago)
    team_data.save(ours.settings, first, seen=1, author="Coordinator")
    again = replace(first, ratings={"hours": Rating.NOT_TRUE}, agreed_on=team_data.today())
    team_data.save(ours.settings, again, seen=2, author="Chair")
    page = show("structure")
    page.radio(key="structure-view").set_value("Then and now").run()
    said = words(page)
    assert "A year and more lies between them" in said
    assert "Less true" in said
    assert "was evidence for it, and is now evidence against it" in said


def test_two_who_rate_at_once_see_where_they_differ(team, show):
    ours = team()
    page = ourselves(show)
    before = ours.desk().inputs
    hours = before.ratings["hours"]
    theirs = replace(before, ratings={**before.ratings, "hours": Rating.VERY_TRUE})
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    page.selectbox(key="inputs-rating-hours").set_value(Rating.SOMEWHAT_UNTRUE)
    page.text_input(key="inputs-role").input("Coordinator")
    press(page, "Save what we agreed")
    assert hours not in (Rating.VERY_TRUE, Rating.SOMEWHAT_UNTRUE)
    assert "somebody else changed the same thing first" in warned(page)
    [both] = [table.value for table in page.table if "They wrote" in table.value]
    assert (list(both["They wrote"]), list(both["You wrote"])) == (
        ["Very true"],
        ["Somewhat untrue"],
    )
    assert ours.desk().inputs.ratings["hours"] is Rating.VERY_TRUE
    press(page, "Save what we agreed")
    assert ours.desk().inputs.ratings["hours"] is Rating.SOMEWHAT_UNTRUE


def test_what_two_say_of_the_team_at_once_is_put_together(team, show):
    ours = team()
    page = ourselves(show)
    before = ours.desk().inputs
    theirs = replace(
        before,
        facts={**before.facts, "few_reports": Fact.YES},
        weights={**before.weights, "funding": Weight.A_LOT},
        notes={**before.notes, "hours": "Theirs: four hours a week."},
        members=before.members | {"probation"},
        interval="Quarterly",
    )
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    page.selectbox(key="inputs-rating-hours").set_value(Rating.SOMEWHAT_UNTRUE)
    page.text_input(key="inputs-note-confidentiality").input("Mine: signed in May.")
    page.multiselect(key="inputs-members").select("school")
    page.text_input(key="inputs-role").input("Coordinator")
    press(page, "Save what we agreed")
    saved = ours.desk().inputs
    assert saved.ratings["hours"] is Rating.SOMEWHAT_UNTRUE
    assert saved.facts["few_reports"] is Fact.YES
    assert saved.weight("funding") is Weight.A_LOT
    assert saved.notes["hours"] == "Theirs: four hours a week."
    assert saved.notes["confidentiality"] == "Mine: signed in May."
    assert saved.members == before.members | {"probation", "school"}
    assert saved.interval == "Quarterly"
    assert "What was changed meanwhile is kept too" in said_back(page)


def test_a_point_of_the_map_is_marked_and_added(team, show):
    ours = team()
    page = show("coverage")
    page.selectbox(key="coverage-point").set_value("somali").run()
    page.selectbox(key="coverage-somali-reach").set_value("invited")
    page.text_input(key="coverage-somali-role").input("Coordinator")
    press(page, "Save")
    points = {point.id: point for point in ours.desk().points}
    assert str(points["somali"].reach) == "invited"
    assert points["somali"].looked_at == team_data.today()
    page.selectbox(key="coverage-point").set_value("").run()
    page.text_input(key="coverage-new-name").input("Laundry on Main Street")
    page.text_input(key="coverage-new-role").input("Coordinator")
    press(page, "Save")
    assert "laundry-on-main-street" in {point.id for point in ours.desk().points}


def test_two_who_mark_a_point_at_once_lose_nothing(team, show):
    ours = team()
    page = show("coverage")
    page.selectbox(key="coverage-point").set_value("somali").run()
    point = next(point for point in ours.desk().points if point.id == "somali")
    team_data.save(ours.settings, replace(point, note="Theirs."), seen=1, author="Nurse")
    page.text_input(key="coverage-somali-note").input("Mine.")
    page.text_input(key="coverage-somali-role").input("Coordinator")
    press(page, "Save")
    assert "somebody else changed the same thing first" in warned(page)
    assert any("Theirs" in str(table.value.to_dict()) for table in page.table)
    assert page.text_input(key="coverage-somali-note").value == "Mine."


def test_two_who_mark_different_things_of_a_point_are_both_kept(team, show):
    ours = team()
    page = show("coverage")
    page.selectbox(key="coverage-point").set_value("somali").run()
    point = next(point for point in ours.desk().points if point.id == "somali")
    team_data.save(ours.settings, replace(point, note="Theirs."), seen=1, author="Nurse")
    page.text_input(key="coverage-somali-owner").input("Bilingual advocate")
    page.text_input(key="coverage-somali-role").input("Coordinator")
    press(page, "Save")
    saved = next(point for point in ours.desk().points if point.id == "somali")
    assert (saved.note, saved.owner) == ("Theirs.", "Bilingual advocate")
    assert "is kept too: note" in said_back(page)


@pytest.mark.parametrize("which", ["Open", "To look at again", "Decided and done"])
def test_the_log_is_filtered(team, show, which):
    team()
    page = show("decisions")
    everything = [button.label for button in page.button if button.label.startswith("Open “")]
    page.radio(key="decision-filter").set_value(which).run()
    some = [button.label for button in page.button if button.label.startswith("Open “")]
    assert 0 < len(some) < len(everything) == 5


def test_what_was_left_over_comes_first_on_the_next_agenda(team, show, words):
    ours = team("no release")
    page = show("meeting")
    page.text_area(key="meeting-left").input("The card for the clinic.\n\nThe school's question.")
    page.date_input(key="meeting-day").set_value(date(2027, 1, 14))
    page.text_input(key="meeting-role").input("Coordinator")
    press(page, "Save")
    assert ours.desk().meeting.leftovers == ("The card for the clinic.", "The school's question.")
    said = words(page)
    assert "Left from last time: The card for the clinic." in said
    assert "Agenda for Thursday, 14 January 2027" in said


def test_two_who_plan_a_meeting_at_once_lose_nothing(team, show):
    ours = team("no release")
    page = show("meeting")
    ours.save(MeetingPlan(date(2027, 1, 14), ("Theirs.",), "Privacy, theirs"))
    page.text_area(key="meeting-left").input("Mine.")
    page.text_input(key="meeting-focus").input("Rides, mine")
    page.text_input(key="meeting-role").input("Coordinator")
    press(page, "Save")
    [both] = [table.value for table in page.table if "They wrote" in table.value]
    assert list(both["They wrote"]) == ["Privacy, theirs"]
    assert page.text_area(key="meeting-left").value == "Mine."
    assert ours.desk().meeting.leftovers == ("Theirs.",)
    press(page, "Save")
    assert ours.desk().meeting == MeetingPlan(
        date(2027, 1, 14), ("Theirs.", "Mine."), "Rides, mine"
    )


def test_what_waits_says_for_how_many_meetings(team, show, words):
    ours = team()
    before = ours.desk().shelf.releases[-1].day
    ours.save(MeetingPlan(before + timedelta(days=7)))
    page = show("what_we_heard")
    assert ours.desk().met == (before + timedelta(days=7),)
    assert "and 1 meeting, since release 1." in words(page)
