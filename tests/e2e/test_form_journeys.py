"""Whole ways through the form in a real browser, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

WORDS = "heron lantern quartz"


def start(browse, server, **more):
    page = browse(**more)
    page.goto(f"{server.url}/")
    page.get_by_role("link", name="Start").click()
    page.wait_for_url("**/form")
    return page


def fill(page):
    page.get_by_label("I got help", exact=True).check()
    page.get_by_label("School", exact=True).check()
    page.locator("#q-believed").get_by_label("Agree", exact=True).check()
    page.get_by_label("What is one thing we should change?").fill(WORDS)


@pytest.mark.parametrize("script", [True, False])
def test_a_person_answers_and_going_back_shows_nothing(own_server, browse, script):
    page = start(browse, own_server, script=script)
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done")
    page.wait_for_load_state("networkidle")
    [(answers, words)] = own_server.team.responses()
    assert answers.picked == {"path": ("got_help",), "who": ("school",), "believed": ("agree",)}
    assert words == {"change": WORDS}
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("/$|/form$"))
    if page.url.endswith("/form"):
        expect(page.get_by_label("What is one thing we should change?")).to_have_value("")
        expect(page.get_by_label("I got help", exact=True)).not_to_be_checked()
    assert own_server.log.read_text() == ""


def test_an_answer_can_be_taken_back_without_a_script(own_server, browse):
    page = start(browse, own_server, script=False)
    group = page.locator("#q-believed")
    expect(group.get_by_label("Take my answer back")).to_be_hidden()
    group.get_by_label("Agree", exact=True).check()
    group.get_by_label("Take my answer back").check()
    page.get_by_label("I got help", exact=True).check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done")
    assert own_server.team.responses()[0][0].picked == {"path": ("got_help",)}


@pytest.mark.parametrize("script", [True, False])
def test_a_part_that_is_not_for_somebody_folds_away(form_server, browse, script):
    page = start(browse, form_server, script=script)
    part = page.locator("#s-treated")
    expect(part.get_by_text("They believed me.")).to_be_visible()
    page.get_by_label("I did not ask for help").check()
    expect(part.get_by_text("They believed me.")).to_be_hidden()
    expect(part.get_by_text("this part is not for you")).to_be_visible()
    page.get_by_label("I got help", exact=True).check()
    expect(part.get_by_text("They believed me.")).to_be_visible()


def test_a_part_can_be_skipped(form_server, browse):
    page = start(browse, form_server, script=False)
    page.get_by_role("link", name="Skip this part").first.click()
    assert page.url.endswith("#h-treated")
    expect(page.get_by_role("heading", name="How people treated you")).to_be_in_viewport()


def test_help_lines_open_from_where_they_are_named(form_server, browse):
    page = start(browse, form_server)
    expect(page.get_by_text("Cedar County help line")).to_be_hidden()
    page.get_by_role("link", name="numbers on this page").click()
    expect(page.get_by_role("link", name="Call 555-0142")).to_be_visible()


# ------------------------------------------------------------------ the look before Send


def test_without_a_script_the_server_shows_telling_words_once(own_server, browse):
    page = start(browse, own_server, script=False)
    fill(page)
    page.get_by_label("What is one thing we should change?").fill("my name is Ana Lopez")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This looks like a name.")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("I got help", exact=True)).to_be_checked()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Take it out").click()
    box = page.get_by_label("What is one thing we should change?")
    expect(box).to_have_value("my name is […]")
    box.fill("my name is Ana Lopez")
    page.get_by_role("button", name="Send").click()
    assert own_server.team.rows() == []
    page.get_by_role("button", name="Send as it is").click()
    page.wait_for_url("**/done")
    assert own_server.team.responses()[0][1] == {"change": "my name is Ana Lopez"}


def test_with_a_script_the_look_happens_on_the_phone(own_server, browse):
    page = start(browse, own_server)
    box = page.get_by_label("What is one thing we should change?")
    box.fill("call 612-555-0199 or Ana@example.org please")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#check mark")).to_have_text(["Ana@example.org", "612-555-0199"])
    page.get_by_role("button", name="Change it").click()
    expect(box).to_be_focused()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Take it out").click()
    expect(box).to_have_value("call […] or […] please")
    assert not [url for url in page.asked if url.endswith("/sealed")]
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done")
    assert own_server.team.responses()[0][1] == {"change": "call […] or […] please"}


def test_a_warning_never_blocks(own_server, browse):
    page = start(browse, own_server)
    page.get_by_label("What is one thing we should change?").fill("call 612-555-0199")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Send as it is").click()
    page.wait_for_url("**/done")
    assert own_server.team.responses()[0][1] == {"change": "call 612-555-0199"}


def test_more_picks_than_asked_for_get_a_kind_word(form_server, browse):
    page = start(browse, form_server)
    needs = page.locator("#q-need")
    for label in ("A ride", "Privacy", "A safe place to stay"):
        needs.get_by_label(label, exact=True).check()
    expect(needs.get_by_role("status")).to_have_text("")
    needs.get_by_label("Someone to talk to").check()
    expect(needs.get_by_role("status")).to_contain_text("That is fine.")
    needs.get_by_label("I would rather not say").check()
    expect(needs.get_by_label("A ride", exact=True)).not_to_be_checked()
    expect(needs.get_by_role("status")).to_have_text("")


# ------------------------------------------------------------------ when it does not work


def test_when_storage_fails_nothing_is_lost(own_server, browse):
    box = own_server.team.path / "box.sqlite"
    away = box.rename(box.with_suffix(".away"))
    page = start(browse, own_server, script=False)
    fill(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("press Send again")
    expect(page.get_by_label("What is one thing we should change?")).to_have_value(WORDS)
    away.rename(box)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done")
    assert len(own_server.team.rows()) == 1


# ------------------------------------------------------------------ Leave


def leaving(page):
    """Let the browser arrive at a plain page, which is not on this machine."""
    page.route("**/leave", lambda route: route.fulfill(body="<h1>Weather</h1>"))
    return page


@pytest.mark.parametrize("link", [".leave.low", ".leave.high", ".jump"])
def test_leave_covers_forgets_and_leaves_no_way_back(form_server, browse, link):
    page = leaving(start(browse, form_server))
    fill(page)
    page.locator(link).first.dispatch_event("click")
    page.wait_for_url("**/leave")
    page.go_back(wait_until="commit")
    expect(page).to_have_url(f"{form_server.url}/")
    page.go_forward(wait_until="commit")
    expect(page).to_have_url(re.compile("/leave$"))


def test_leave_covers_the_page_before_anything_else(form_server, browse):
    page = leaving(start(browse, form_server))
    fill(page)
    seen = page.evaluate(
        """() => {
            document.querySelector('.leave.low').click();
            return [document.elementFromPoint(100, 100).className, document.title,
                    document.getElementById('t-change').value];
        }"""
    )
    assert seen == ["cover", "", ""]


def test_shift_three_times_leaves(form_server, browse):
    page = leaving(start(browse, form_server))
    page.get_by_label("What is one thing we should change?").focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/leave")


def test_writing_capitals_does_not_leave(form_server, browse):
    page = leaving(start(browse, form_server))
    box = page.get_by_label("What is one thing we should change?")
    box.focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    expect(box).to_have_value("ABCD")
    assert page.url.endswith("/form")


def test_slow_shifts_do_not_leave(form_server, browse):
    page = browse()
    page.clock.install()
    page.goto(f"{form_server.url}/form")
    leaving(page)
    for _ in range(3):
        page.keyboard.press("Shift")
        page.clock.fast_forward(3000)
    assert page.url.endswith("/form")


@pytest.mark.parametrize("script", [True, False])
def test_nothing_of_the_form_comes_back_after_leave(form_server, browse, script):
    page = start(browse, form_server, script=script)
    page.context.route("https://www.example.org/", lambda route: route.fulfill(body="Weather"))
    fill(page)
    page.locator(".leave.low").click()
    page.wait_for_url("https://www.example.org/")
    page.go_back(wait_until="commit")
    expect(page).to_have_url(f"{form_server.url}/" if script else f"{form_server.url}/form")
    assert page.locator("input:checked").count() == 0
    assert WORDS not in [box.input_value() for box in page.locator("textarea").all()]


# ------------------------------------------------------------------ shared tablets and paper


def test_a_still_tablet_goes_back_to_the_start_empty(form_server, browse):
    page = browse()
    page.clock.install()
    page.goto(f"{form_server.url}/form?kiosk=1")
    fill(page)
    page.stand_still()  # a scroll that comes late would say that somebody is there
    page.clock.fast_forward(165_000)
    expect(page.get_by_role("alert")).to_contain_text("Are you still there?")
    page.keyboard.press("Tab")
    expect(page.locator("#still")).to_be_hidden()
    page.clock.fast_forward(165_000)
    assert "/form" in page.url
    page.clock.fast_forward(20_000)
    page.wait_for_url(f"{form_server.url}/?kiosk=1")
    page.go_back(wait_until="commit")
    assert WORDS not in [box.input_value() for box in page.locator("textarea").all()]


def test_a_tablet_returns_after_send(own_server, browse):
    page = browse(script=False)
    page.goto(f"{own_server.url}/form?kiosk=1")
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done?kiosk=1")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "60;url=/?kiosk=1"


def test_with_a_script_a_tablet_returns_forty_seconds_after_send(own_server, browse):
    page = browse()
    page.clock.install()
    page.goto(f"{own_server.url}/form?kiosk=1")
    fill(page)
    page.get_by_role("button", name="Send").click()
    page.clock.run_for(100)  # the pause before an old phone is busy
    page.wait_for_url("**/done?kiosk=1")
    page.clock.fast_forward(39_000)
    assert "/done" in page.url
    page.clock.fast_forward(2_000)
    page.wait_for_url(f"{own_server.url}/?kiosk=1")
    assert len(own_server.team.rows()) == 1


def test_staff_type_one_paper_after_the_other(own_server, browse):
    page = browse(1280, 900, script=False)
    page.goto(f"{own_server.url}/form?paper=1")
    for _ in range(2):
        page.get_by_label("I got help", exact=True).check()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/form?paper=1&saved=1")
        expect(page.get_by_text("Here is the next blank form.")).to_be_visible()
        expect(page.get_by_label("I got help", exact=True)).not_to_be_checked()
    marks = [answers.marks for answers, _ in own_server.team.responses()]
    assert marks == [{"paper"}, {"paper"}]
