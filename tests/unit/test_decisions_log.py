"""A decision is written down, moved on, checked, approved by a second person and read back."""

import json
from dataclasses import replace
from datetime import date

import pytest

from feedback.decisions.checks import (
    approve,
    can_approve,
    can_post,
    check_decision,
    counts_people,
    names_contact,
)
from feedback.decisions.history import describe_changes
from feedback.decisions.log import (
    STATE_WORDS,
    TRANSITIONS,
    Decision,
    Direction,
    Kind,
    Link,
    Measure,
    NotDone,
    OtherEvidence,
    OtherKind,
    PublicStatus,
    Result,
    State,
    edit,
    from_dict,
    move,
    to_dict,
)
from feedback.decisions.merging import merge
from feedback.errors import InvalidSettings, ThroughlineError

TODAY = date(2026, 11, 23)


def decision(**changes):
    whole = Decision(
        id="d1",
        kind=Kind.PROTOCOL,
        text="One first interview with everybody in the room.",
        area="interview",
        stage="change",
        evidence=(Link(1, "repeat", "most"),),
        other_evidence=(OtherEvidence(OtherKind.LAW, "The law allows it."),),
        asked_not_done=(NotDone("A bed for young people only.", "There is no money this year."),),
        options_not_taken=("A second interviewer.",),
        absent=("prosecution",),
        owner="SART coordinator",
        decided_on=date(2026, 5, 1),
        due=date(2026, 7, 1),
        review=date(2027, 1, 15),
        measure=Measure("repeat", Direction.DOWN, 1),
        public_line="People tell their story once, with an advocate beside them.",
        author="ana",
        state=State.DECIDED,
    )
    return replace(whole, **changes)


def fields(found):
    return [problem.field for problem in check_decision(found)]


def test_a_whole_decision_has_no_problem():
    assert check_decision(decision()) == ()


def test_every_state_has_a_next_step_and_words():
    assert set(TRANSITIONS) == set(STATE_WORDS) == set(State)
    assert all(TRANSITIONS.values())


def test_every_state_can_be_reached_from_heard():
    reached, left = set(), {State.HEARD}
    while left:
        reached |= left
        left = {to for state in left for to in TRANSITIONS[state]} - reached
    assert reached == set(State)


def test_a_decision_goes_the_whole_way():
    found = decision(state=State.HEARD, decided_on=None)
    for state in (State.DISCUSSING, State.DECIDED, State.DOING, State.DONE, State.CHECKED):
        found = move(found, state, today=TODAY)
    assert (found.state, found.state_since, found.decided_on) == (State.CHECKED, TODAY, TODAY)


@pytest.mark.parametrize(
    ("start", "to"), [(a, b) for a in State for b in State if b not in TRANSITIONS[a]]
)
def test_a_step_that_is_not_on_the_way_is_refused(start, to):
    with pytest.raises(ThroughlineError, match="It can become"):
        move(decision(state=start), to, today=TODAY, because="x")


def test_not_now_needs_its_reason():
    with pytest.raises(ThroughlineError, match="reason"):
        move(decision(), State.NOT_NOW, today=TODAY, because=" ")
    found = move(decision(), State.NOT_NOW, today=TODAY, because="There is no nurse at night.")
    assert found.because == "There is no nurse at night."
    assert found.is_settled


def test_no_change_is_a_decision_that_says_why():
    assert "because" in fields(decision(kind=Kind.NO_CHANGE, because=""))
    assert fields(decision(kind=Kind.NO_CHANGE, because="The law forbids it.", owner="")) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": Kind.STRUCTURE}, "structure"),
        ({"area": ""}, "area"),
        ({"owner": ""}, "owner"),
        ({"owner": "ana@example.com"}, "owner"),
        ({"owner": "Ana, 612-555-0101"}, "owner"),
        ({"review": None}, "review"),
        ({"measure": None}, "measure"),
        ({"evidence": (), "other_evidence": ()}, "evidence"),
        ({"asked_not_done": (NotDone("Beds.", " "),)}, "asked_not_done"),
        ({"review": date(2026, 6, 1)}, "review"),
        ({"due": date(2026, 4, 1)}, "due"),
        ({"state": State.CHECKED}, "result"),
        ({"state": State.NOT_NOW}, "because"),
        ({"result": Result.WORSE}, "next_step"),
        ({"state": State.HEARD, "public_status": PublicStatus.PROPOSED}, "public_line"),
        ({"public_line": "Write to ana@example.com."}, "public_line"),
        ({"public_line": "3 girls said so."}, "public_line"),
        ({"public_status": PublicStatus.APPROVED, "approved_by": "Ana "}, "approved_by"),
    ],
)
def test_what_is_missing_or_unwise_is_named(changes, field):
    assert field in fields(decision(**changes))


def test_problems_are_plain_sentences_and_some_only_advise():
    found = check_decision(decision(text="", owner="ana@example.com"))
    assert all(problem.text.endswith(".") for problem in found)
    assert [problem.blocks for problem in found] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "3 girls said so",
        "two people said that",
        "one person told us",
        "one of the survivors",
        "7 of 11 felt safe",
        "9 out of ten",
        "Two young survivors",
        "a couple of girls",
        "tres sobrevivientes lo pidieron",
        "una persona dijo que no",
        "7 de cada 10",
    ],
)
def test_counting_people_is_seen(text):
    assert counts_people(text)


@pytest.mark.parametrize(
    "text",
    [
        "One person stays with you the whole way.",
        "Two people from each agency will be trained.",
        "About half of the people asked for it.",
        "Una persona le acompaña todo el camino.",
        "Cerca de la mitad de las personas pidieron un cambio.",
        "We meet at 9 in the morning, every 2 weeks.",
    ],
)
def test_words_and_staff_are_not_counts_of_survivors(text):
    assert not counts_people(text)


def test_a_day_is_no_telephone_number():
    assert not names_contact("We look at it again on 2027-01-15, and call 988 a help line.")
    assert names_contact("612 555 0101")
    assert names_contact("@ana_b")


def test_a_second_person_approves_the_public_line():
    assert not can_approve(decision(), "Ana")
    with pytest.raises(ThroughlineError, match="second person"):
        approve(decision(), " ANA ")
    approved = approve(decision(), "ben")
    assert can_post(approved)
    assert approved.public_status is PublicStatus.APPROVED


@pytest.mark.parametrize("author", ["", "ben"])
def test_nobody_approves_what_they_may_have_written(author):
    assert not can_approve(decision(author=author), "ben")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.DISCUSSING},
        {"public_line": ""},
        {"public_line": "2 boys said so."},
        {"kind": Kind.NO_CHANGE, "because": "Only one of the girls asked."},
        {"asked_not_done": (NotDone("4 of 9 asked for beds.", "No money."),)},
    ],
)
def test_what_may_not_be_posted_cannot_be_approved(changes):
    with pytest.raises(ThroughlineError):
        approve(decision(**changes), "ben")


def test_nothing_is_posted_without_approval():
    assert not can_post(decision())
    assert not can_post(decision(public_status=PublicStatus.APPROVED))


def test_an_approved_line_that_changes_needs_approval_again():
    approved = approve(decision(), "ben")
    changed = edit(approved, public_line="People tell it once.")
    assert (changed.approved_by, changed.public_status) == ("", PublicStatus.PROPOSED)
    assert edit(approved, public_line="").public_status is PublicStatus.PRIVATE
    assert edit(approved, result=Result.BETTER).approved_by == ""
    assert edit(approved, owner="Nurse lead").approved_by == "ben"
    assert move(approved, State.DOING, today=TODAY).approved_by == "ben"
    assert not can_post(move(approved, State.NOT_NOW, today=TODAY, because="No money."))


def test_what_is_taken_up_again_is_no_longer_posted_and_keeps_its_line():
    approved = approve(decision(), "ben")
    again = move(approved, State.DISCUSSING, today=TODAY)
    assert (again.public_status, again.approved_by) == (PublicStatus.PRIVATE, "")
    assert again.public_line == approved.public_line
    assert [problem for problem in check_decision(again) if problem.blocks] == []


def test_a_forged_approval_can_be_mended_by_a_second_person():
    forged = decision(public_status=PublicStatus.APPROVED, approved_by="ana")
    assert can_post(approve(forged, "ben"))


def test_a_decision_comes_back_from_plain_data():
    data = to_dict(approve(decision(result=Result.TOO_FEW), "ben"))
    assert from_dict(json.loads(json.dumps(data))) == approve(
        decision(result=Result.TOO_FEW), "ben"
    )


def test_fields_of_a_newer_version_are_kept():
    data = {**to_dict(decision()), "weather": "fine"}
    found = from_dict(data)
    assert found.extra == {"weather": "fine"}
    assert to_dict(found)["weather"] == "fine"
    assert hash(found) == hash(decision())


def test_a_damaged_decision_is_refused_by_field():
    with pytest.raises(InvalidSettings) as refused:
        from_dict({"id": "d1", "kind": "party", "text": "x", "due": "soon"})
    assert {problem.split(":")[0] for problem in refused.value.problems} == {"kind", "due"}


def test_history_says_what_changed():
    old = decision(owner="", due=None, because="A reason.")
    new = replace(old, owner="Nurse lead", state=State.DOING, due=TODAY, because="", evidence=())
    assert describe_changes(None, old) == ("Written down as decided.",)
    assert describe_changes(old, new) == (
        "Reason: “A reason.” taken out.",
        "What people said: “release 1, “repeat”” taken out.",
        "Owner: “Nurse lead”.",
        "Due: “23 November 2026”.",
        "State: decided, now being done.",
    )
    assert describe_changes(new, replace(new, owner="Coordinator")) == (
        "Owner: was “Nurse lead”, now “Coordinator”.",
    )
    assert describe_changes(new, new) == ()
    assert describe_changes(new, replace(new, because="Another reason.")) == (
        "Reason: “Another reason.”",
    )


def test_the_history_holds_every_word_that_was_cut():
    old = decision(asked_not_done=(NotDone("Beds.", "No money."),), absent=("Schools.",))
    new = replace(old, asked_not_done=(NotDone("Beds.", "No building."),), absent=())
    said = " ".join(describe_changes(old, new))
    assert "“Beds. No building.” added; “Beds. No money.” taken out" in said
    assert "“Schools.” taken out" in said


def test_two_people_who_change_different_things_both_keep_them():
    base = decision(owner="Nurse lead", options_not_taken=("A bus.",))
    theirs = replace(base, owner="Chair", options_not_taken=("A bus.", "A van."))
    mine = replace(base, text="We pay for rides.", options_not_taken=("A taxi.",))
    merged = merge(base, theirs, mine)
    assert (merged.document.owner, merged.document.text) == ("Chair", "We pay for rides.")
    assert merged.document.options_not_taken == ("A van.", "A taxi.")
    assert merged.taken_over == ("owner",)
    assert merged.clashes == ()


def test_two_people_who_change_one_thing_are_named():
    base = decision(text="One.")
    merged = merge(base, replace(base, text="Two."), replace(base, text="Three."))
    assert merged.clashes == ("text",)
    assert merged.document.text == "Three."


def test_a_merged_public_line_needs_a_second_person_again():
    base = decision(
        public_line="We ask once.", public_status=PublicStatus.APPROVED, approved_by="R"
    )
    merged = merge(base, base, replace(base, public_line="We ask."))
    assert merged.document.public_status is PublicStatus.PROPOSED
    assert merged.document.approved_by == ""


def test_what_a_decision_answers_is_what_it_links_and_what_it_refuses():
    found = decision(asked_not_done=(NotDone("Beds.", "No money.", "change:housing"),))
    assert found.answers == {"repeat", "change:housing"}
