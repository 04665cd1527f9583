"""The settings page: everybody reads, a custodian changes, and nothing of anybody is lost."""

import time

import pytest

from feedback.settings import Surface
from feedback.team_file import Edit, change_team
from feedback.ui import gate, settings_saving, team_data

FORM = "settings-form"


def press(page, label):
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception, page.exception
    return page


def save(page, form):
    """Press the button of one form, and run the page."""
    next(button for button in page.button if button.form_id == form).click().run()
    assert not page.exception, page.exception
    return page


def said(page):
    boxes = (*page.warning, *page.error, *page.info, *page.success, *page.caption, *page.markdown)
    return " ".join(box.value for box in boxes).replace("\\", "")


def type_into(page, key, text):
    fields = [*page.text_input, *page.text_area]
    next(field for field in fields if field.key == settings_saving.field(key)).input(text)


@pytest.fixture
def ours(team, monkeypatch):
    found = team("few people")
    monkeypatch.setenv("THROUGHLINE_SURFACE", Surface.ALL)
    return found


@pytest.fixture
def open_page(show, monkeypatch):
    """Return a function that opens the page, for a custodian or for anybody on the team."""

    def run(*, custodian=True):
        page = show("settings")
        if custodian:
            page.session_state[settings_saving.EDITOR] = ("Lead advocate", gate.clocks())
            page.run()
            assert not page.exception, page.exception
        return page

    return run


def change(ours, *edits):
    change_team(ours.folder, edits, today=team_data.today())


def test_everybody_reads_and_nobody_changes_without_a_passphrase(ours, open_page):
    page = open_page(custodian=False)
    assert "Only a custodian changes what people meet" in said(page)
    assert "Not yet checked by a survivor reviewer" in said(page)
    assert "Soomaali has no translation for" in said(page)
    assert not [button for button in page.button if button.label in ("Save", "Add")]


def test_on_the_team_side_alone_nobody_changes_anything(ours, open_page, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_SURFACE", Surface.TEAM)
    page = open_page(custodian=False)
    assert "on their own computer" in said(page)
    assert not page.expander


def test_a_custodian_shows_who_they_are_and_no_key_is_kept(demonstration, show, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", Surface.ALL)
    page = show("settings")
    who, words = next(iter(demonstration.secrets.items()))
    page.text_input(key="settings-key").input("not the passphrase")
    assert "does not fit" in said(press(page, "Let me change settings"))
    page.text_input(key="settings-key").input(words)
    press(page, "Let me change settings")
    assert f"{who} can change settings now." in said(page)
    assert "settings-key" not in page.session_state
    assert gate.KEYS not in page.session_state


def test_nobody_may_change_for_ever(ours, open_page, monkeypatch):
    page = open_page()
    page.session_state[settings_saving.EDITOR] = (
        "Lead advocate",
        (time.monotonic() - 3600, time.time()),
    )
    page.run()
    assert "can change settings now" not in said(page)


def test_a_change_is_seen_by_the_next_visitor(ours, open_page):
    page = open_page()
    type_into(page, "leave", "https://www.usa.gov/")
    save(page, FORM)
    assert ours.folder.team().leave == "https://www.usa.gov/"


def test_a_wrong_value_is_named_and_what_was_typed_stays(ours, open_page):
    page = open_page()
    type_into(page, "leave", "weather")
    save(page, FORM)
    assert "Line 6, leave" in said(page)
    assert ours.folder.team().leave == "https://www.weather.gov/"
    assert page.text_input(key=settings_saving.field("leave")).value == "weather"


def test_words_that_tell_the_topic_are_not_put_on_the_entry_page(ours, open_page):
    page = open_page()
    type_into(page, "welcome", "For survivors in our county.")
    save(page, FORM)
    assert "must not tell what the form is about" in said(page)
    assert ours.folder.team().welcome == ""


def test_a_hard_sentence_gets_a_gentle_word_and_is_saved(ours, open_page):
    page = open_page()
    hard = "Our participation necessitates comprehensive institutional work between all agencies."
    type_into(page, "welcome", hard)
    save(page, FORM)
    assert "This may be hard to read" in said(page)
    assert ours.folder.team().welcome == hard


def test_what_another_person_saved_meanwhile_stays(ours, open_page):
    page = open_page()
    change(ours, Edit("welcome", "", "Theirs."))
    type_into(page, "leave", "https://www.usa.gov/")
    save(page, FORM)
    assert ours.folder.team().welcome == "Theirs."
    assert ours.folder.team().leave == "https://www.usa.gov/"


def test_two_who_change_the_same_words_hear_of_each_other(ours, open_page):
    page = open_page()
    change(ours, Edit("welcome", "", "Theirs."), Edit("k", 10, 12))
    type_into(page, "welcome", "Ours.")
    save(page, FORM)
    assert "welcome is now “Theirs.”" in said(page)
    assert ours.folder.team().welcome == "Theirs."
    assert page.text_area(key=settings_saving.field("welcome")).value == "Ours."
    save(page, FORM)
    assert (ours.folder.team().welcome, ours.folder.team().k) == ("Ours.", 12)


def test_a_number_is_called_and_the_day_written_down(ours, open_page):
    line = ours.folder.team().help[0]
    change(ours, Edit("checked_on", line.checked_on, None, "help", line.name))
    page = open_page()
    assert "Nobody has checked it yet" in said(page)
    press(page, "I called it today")
    assert ours.folder.team().help[0].checked_on == team_data.today()


def test_a_number_that_was_changed_is_not_checked_any_more(ours, open_page):
    line = ours.folder.team().help[0]
    change(ours, Edit("checked_on", line.checked_on, team_data.today(), "help", line.name))
    page = open_page()
    form = settings_saving.field(f"help-{line.name}-form")
    type_into(page, f"help-{line.name}-note", "Day and night.")
    save(page, form)
    assert ours.folder.team().help[0].checked_on == team_data.today()
    page = open_page()
    type_into(page, f"help-{line.name}-call", "555-0199")
    save(page, form)
    assert ours.folder.team().help[0].call == "555-0199"
    assert ours.folder.team().help[0].checked_on is None


def test_help_lines_are_added_and_put_first(ours, open_page):
    page = open_page()
    for key, text in (("name", "Our program"), ("call", "555-0142")):
        type_into(page, f"help-new-{key}", text)
    press(page, "Add")
    assert ours.folder.team().help[-1].name == "Our program"
    assert ours.folder.team().help[-1].checked_on is None
    second = ours.folder.team().help[1].name
    press(page, "Show it earlier")
    assert ours.folder.team().help[0].name == second


def test_somebody_of_the_community_checked_a_language(ours, open_page):
    page = open_page()
    type_into(page, "review-by", "Survivor reviewer, English")
    press(page, "They read every text")
    assert "Checked by Survivor reviewer, English on" in said(page)


def test_who_checked_a_language_is_said(ours, open_page):
    page = open_page()
    press(page, "They read every text")
    assert "Say in which role somebody read it." in said(page)
    assert not ours.folder.team().reviews


def test_a_language_that_is_not_ready_cannot_be_chosen_and_the_page_says_why(ours, open_page):
    page = open_page()
    (offered,) = page.multiselect
    (checked,) = (box for box in page.selectbox if box.label == "Language")
    assert offered.options == checked.options == ["English", "Español"]
    assert "Soomaali has no translation for" in said(page)


def test_what_cannot_be_saved_is_refused_in_words_and_the_file_stays(ours, open_page):
    page = open_page()
    page.multiselect(key=settings_saving.field("languages")).set_value([])
    save(page, "settings-languages")
    assert " ".join(box.value for box in page.error).startswith("Not saved. ")
    assert ours.folder.team().languages == ("en", "es")


def test_the_next_round_gets_a_module_and_the_open_one_does_not(demonstration, show, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))
    page = show("settings")
    page.session_state[settings_saving.EDITOR] = ("Lead advocate", gate.clocks())
    monkeypatch.setenv("THROUGHLINE_SURFACE", Surface.ALL)
    page.run()
    assert "Also asks: Who was there, and how fast." in said(page)
    [module] = [box for box in page.selectbox if box.label == "Focus module"]
    module.set_value("housing")
    round_id = module.key.removeprefix(settings_saving.field("round-")).removesuffix("-asks-module")
    save(page, settings_saving.field(f"round-{round_id}-form"))
    assert demonstration.folder.team().round_dates(round_id).module == "housing"
    assert "Also asks: A place to stay." in said(page)


def test_limits_begin_where_they_are(ours, open_page):
    page = open_page()
    field = page.number_input(key=settings_saving.field("k"))
    assert (field.min, field.value) == (10, 10)


def test_a_custodian_chooses_how_many_are_read_and_goes_back_to_everybody(ours, open_page):
    page = open_page()

    def drawn():
        return next(box for box in page.selectbox if "drawn by lot" in str(box.options))

    sample = drawn()
    assert sample.value == 0
    assert (sample.options[0], sample.options[1]) == ("Everybody's", "200 people, drawn by lot")
    assert (len(sample.options), sample.options[-1]) == (22, "400 people, drawn by lot")
    for wanted in (300, 200, 0):
        drawn().set_value(wanted)
        save(page, "settings-careful")
        assert ours.folder.team().sample == (wanted or None)
        assert drawn().value == wanted
    assert "\nsample =" not in ours.folder.team_text()


def test_everybody_reads_whether_a_sample_is_drawn(ours, open_page):
    change(ours, Edit("sample", None, 300))
    assert "Whose words are read: 300 people, drawn by lot" in said(
        open_page(custodian=False)
    ).replace("*", "")
