"""The page of resources: a team ticks, notes, adds and checks, and two at once lose nothing."""

from feedback.decisions.resources import Contact, Tick, contact_from, tick_from
from feedback.ui import team_data


def press(page, label, nth=0):
    [button for button in page.button if button.label == label][nth].click().run()
    assert not page.exception, page.exception
    return page


def ticks(team):
    found = team_data.latest(team.settings, team_data.TICK)
    return {document.id: tick_from(document.body) for document in found}


def note(page, text, name="same_meaning", role="Coordinator"):
    page.text_input(key=f"part-0-{name}-note").input(text)
    page.text_input(key="part-0-role").input(role)
    return page


def test_a_tick_and_its_note_are_kept_for_the_team(team, show):
    ours = team("no release")
    page = note(show("resources"), "We wrote one sentence.")
    page.checkbox(key="part-0-same_meaning").check()
    press(page, "Save this part")
    assert ticks(ours) == {"same_meaning": Tick("same_meaning", True, "We wrote one sentence.")}
    assert page.checkbox[0].value
    assert any("(1 of 5 talked through)" in box.label for box in page.expander)


def test_nothing_is_saved_without_a_role(team, show):
    ours = team("no release")
    page = press(note(show("resources"), "Mine.", role=""), "Save this part")
    assert "Say in which role you write" in page.warning[0].value
    assert ticks(ours) == {}
    assert page.text_input(key="part-0-same_meaning-note").value == "Mine."


def test_two_who_note_different_lines_are_both_kept(team, show):
    ours = team("no release")
    page = show("resources")
    ours.save(Tick("myths", note="Theirs."))
    press(note(page, "Mine."), "Save this part")
    assert {tick.note for tick in ticks(ours).values()} == {"Theirs.", "Mine."}


def test_two_who_note_one_line_see_both_and_lose_nothing(team, show):
    ours = team("no release")
    page = show("resources")
    ours.save(Tick("same_meaning", note="Theirs."))
    press(note(page, "Mine."), "Save this part")
    [both] = [table.value for table in page.table if "They wrote" in table.value]
    assert [text.replace("\\", "") for text in both["They wrote"]] == ["Theirs."]
    assert page.text_input(key="part-0-same_meaning-note").value == "Mine."
    press(note(page, "Both."), "Save this part")
    assert ticks(ours)["same_meaning"].note == "Both."
    assert len(team_data.history(ours.settings, team_data.TICK, "same_meaning")) == 2


def test_a_contact_is_added_checked_and_taken_out(team, show, words):
    ours = team("no release")
    page = show("resources")
    page.text_input(key="contact-new-name").input("Cedar advocacy program")
    page.checkbox(key="contact-new-checked").check()
    page.text_input(key="contact-new-role").input("Coordinator")
    press(page, "Save")
    [saved] = team_data.latest(ours.settings, team_data.CONTACT)
    assert contact_from(saved.body).checked_on == team_data.today()
    assert "Cedar advocacy program" in words(page)
    page.selectbox(key="contact-whom").set_value(saved.id).run()
    page.checkbox(key=f"contact-{saved.id}-out").check()
    page.text_input(key=f"contact-{saved.id}-role").input("Coordinator")
    press(page, "Save")
    assert "**Cedar advocacy program**" not in words(page)


def test_a_number_that_was_changed_counts_as_one_that_nobody_checked(team, show, words):
    ours = team("no release")
    ours.save(Contact("office", "The office", call="555-0100", checked_on=team_data.today()))
    page = show("resources")
    page.selectbox(key="contact-whom").set_value("office").run()
    page.text_input(key="contact-office-call").input("555-0199")
    page.text_input(key="contact-office-role").input("Coordinator")
    press(page, "Save")
    [saved] = team_data.latest(ours.settings, team_data.CONTACT)
    assert contact_from(saved.body).checked_on is None
    assert "Nobody here has checked it yet." in words(page)


def test_two_who_change_one_contact_are_both_kept(team, show):
    ours = team("no release")
    ours.save(Contact("office", "The office", call="555-0100"))
    page = show("resources")
    page.selectbox(key="contact-whom").set_value("office").run()
    theirs = Contact("office", "The office", call="555-0199")
    team_data.save(ours.settings, theirs, seen=1, author="Nurse")
    page.text_area(key="contact-office-what").input("Mine: night visits.")
    page.text_input(key="contact-office-role").input("Coordinator")
    press(page, "Save")
    [saved] = team_data.latest(ours.settings, team_data.CONTACT)
    kept = contact_from(saved.body)
    assert (kept.call, kept.what_for) == ("555-0199", "Mine: night visits.")


def test_a_number_that_nobody_here_tried_says_so(team, show, words):
    team("no release")
    said = words(show("resources"))
    assert "Found on its page on 23 November 2026. Nobody here has checked it yet." in said


def test_a_typed_address_is_a_link_only_when_it_is_locked(team, show):
    ours = team("no release")
    trap = contact_from(
        {"id": "trap", "name": "![x](https://example.org/y.png)", "web": "http://a"}
    )
    ours.save(trap)
    for drawn in show("resources").markdown:
        assert "![" not in drawn.value
        assert "<http://" not in drawn.value
