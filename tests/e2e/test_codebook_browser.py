"""The codebook in a real browser: for everybody, by keyboard alone, on a phone, at night."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from feedback import codebooks, custody
from feedback.folder import Folder

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "one two three four five six"  # noqa: S105
WIDE, PHONE = (1280, 900), (390, 844)


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
    stand_still(page)
    return page


def stand_still(page):
    """Wait until nothing moves: a page that is being drawn cannot be judged."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(400)


def check(page, where, *sizes):
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        stand_still(page)
        page.evaluate(AXE)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == [], where
        assert page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stMain], body')]"
            ".every(e => e.scrollWidth <= e.clientWidth)"
        ), (where, width)


@pytest.mark.parametrize(("scheme", "sizes"), [("light", (WIDE, PHONE)), ("dark", (PHONE,))])
def test_axe_finds_nothing_on_the_codebook(side, browse, scheme, sizes):
    page = sign_in(browse(1280, 900, bypass_csp=True, color_scheme=scheme), side)
    page.get_by_text("What holds for every change").click()
    check(page, "the list", *sizes)
    page.locator("summary", has_text="Waiting and hours").click()
    check(page, "one theme", *sizes)
    page.get_by_role("button", name="Change or retire").first.click()
    page.get_by_label("Name", exact=True).first.wait_for()
    check(page, "the form", *sizes)
    page.get_by_role("button", name="Close without saving").click()
    page.get_by_role("button", name="Merge themes").click()
    page.get_by_text("Choose two or more.").wait_for()
    check(page, "merging", *sizes)


def test_a_theme_is_added_by_keyboard_alone(side, browse):
    page = sign_in(browse(1280, 900), side)
    page.get_by_role("button", name="Add a theme").focus()
    page.keyboard.press("Enter")
    name = page.get_by_label("Name", exact=True).first
    name.wait_for()
    stand_still(page)
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
    page = sign_in(browse(1280, 900), side)
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
