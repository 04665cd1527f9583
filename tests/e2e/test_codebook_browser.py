"""The codebook in a real browser: for everybody, by keyboard alone, on a phone, at night."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from feedback import codebooks, custody
from feedback.folder import Folder

PASSWORD = "one two three four five six"  # noqa: S105
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def side(serve, tmp_path):
    folder = Folder(tmp_path / "team")
    custody.make_team(folder, "Cedar County", password=PASSWORD, today=date(2026, 11, 23))
    server = serve(folder.path, "custodian", tmp_path / "server")
    server.team = folder
    return server


def sign_in(page, server):
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/codebook")
    page.get_by_label("Team password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Codebook", level=1).wait_for()
    page.stand_still()
    return page


@pytest.fixture
def judge(show_by, findings, fits):
    """Return a function that sees that a page suits everybody: wide or on a phone, day or night."""

    def see(page, where):
        for size, scheme in ((WIDE, "light"), (PHONE, "light"), (PHONE, "dark")):
            page.set_viewport_size(size)
            show_by(page, scheme)
            assert findings(page) == [], (where, size, scheme)
            assert fits(page), (where, size, scheme)
        page.set_viewport_size(WIDE)
        page.stand_still()

    return see


def test_axe_finds_nothing_on_the_codebook(side, browse, judge):
    page = sign_in(browse(**WIDE, bypass_csp=True), side)
    page.get_by_text("What holds for every change").click()
    judge(page, "the list")
    page.locator("summary", has_text="Waiting and hours").click()
    judge(page, "one theme")
    page.get_by_role("button", name="Change or retire").first.click()
    page.get_by_label("Name", exact=True).first.wait_for()
    judge(page, "the form")
    page.get_by_role("button", name="Close without saving").click()
    page.get_by_role("button", name="Merge themes").click()
    page.get_by_text("Choose two or more.").wait_for()
    judge(page, "merging")


def test_a_theme_is_added_by_keyboard_alone(side, browse):
    page = sign_in(browse(**WIDE), side)
    page.get_by_role("button", name="Add a theme").focus()
    page.keyboard.press("Enter")
    name = page.get_by_label("Name", exact=True).first
    name.wait_for()
    page.stand_still()
    name.focus()
    page.keyboard.type("Rides at night")
    page.keyboard.press("Tab")
    page.keyboard.type("Ways home after dark.")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("The codebook is now version 3, for the next round.").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert codebooks.current(side.team).label("rides_at_night", "es") == "Rides at night"


def test_a_file_that_was_handed_out_comes_back_changed(side, browse, tmp_path):
    page = sign_in(browse(**WIDE), side)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV in English").click()
    path = tmp_path / "codebook.csv"
    text = Path(download.value.path()).read_text("utf-8")
    path.write_text(text.replace("Waiting and hours,", "Waiting and days,", 1), "utf-8")
    page.get_by_text("Bring a codebook in").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_text("Changed: Waiting and hours.").wait_for()
    page.get_by_role("button", name="Take these changes").click()
    page.get_by_text("The codebook is now version 3, for the next round.").wait_for()
    assert codebooks.current(side.team).label("wait", "en") == "Waiting and days"
