"""The team side in a real browser: wide and narrow, light and dark, with nobody else asked."""

import re
import socket
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pypdf
import pytest
from playwright.sync_api import expect

from feedback import ledgers
from feedback.demonstration.make import PASSPHRASES_FILE
from feedback.exports import Format, release_file
from feedback.folder import Folder
from feedback.passphrases import PASSWORD
from feedback.ui import navigation

ROOT = Path(__file__).parents[2]
THROUGHLINE = (sys.executable, "-c", "from feedback.cli import main; main()")
MENU = {
    "What we heard": "What we heard",
    "Structure": "How to build the team",
    "Protocol": "The protocol, area by area",
    "Themes": "Themes of what people wrote",
    "Decisions": "Decisions",
    "Who we heard": "Who we heard, and whom we have not",
    "Meeting": "The next meeting",
    "Files and posters": "Files and posters",
    "Resources": "Where to begin, and whom to ask",
    "Settings": "Settings",
}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class TeamSide:
    """The team side of a demonstration, served by a process of its own."""

    def __init__(self, path):
        self.folder = Folder(path)
        made = (*THROUGHLINE, "demo", path, "--responses", "40", "--no-serve")
        subprocess.run(made, cwd=ROOT, check=True)
        lines = (path / PASSPHRASES_FILE).read_text(encoding="utf-8").splitlines()
        self.password = dict(line.split(": ", 1) for line in lines)[PASSWORD]
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        served = (*THROUGHLINE, "serve", path, "--surface", "team", "--port", str(port))
        self.process = subprocess.Popen(served, cwd=ROOT)

    def wait(self):
        for _ in range(600):
            try:
                httpx.get(f"{self.url}/team/", timeout=5)
                return
            except httpx.TransportError:
                assert self.process.poll() is None
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def sign_in(self, page, address=""):
        """Open an address and type the password there, once the page listens."""
        page.set_default_timeout(60_000)
        page.goto(f"{self.url}/team/{address}")
        field = page.get_by_label("Team password", exact=True)
        field.wait_for()
        page.get_by_role("button", name="Sign in").wait_for()
        page.stand_still()
        field.fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        field.wait_for(state="detached")
        return page


@pytest.fixture(scope="module")
def team_side(tmp_path_factory):
    """Return a served demonstration with two releases."""
    side = TeamSide(tmp_path_factory.mktemp("team-side") / "demo")
    side.wait()
    yield side
    side.stop()


@pytest.fixture(scope="module")
def member(team_side, browse_on):
    """Return the page of somebody who signed in once, and only looks at what there is."""
    return team_side.sign_in(browse_on(**WIDE))


def go(page, name):
    """Go to a page by the menu, and wait until it stands still."""
    page.set_viewport_size(WIDE)
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", name=MENU[name], exact=True, level=1).wait_for()
    page.stand_still()


def test_every_page_suits_everybody_fits_a_phone_and_asks_nobody_else_for_anything(
    team_side, browse, show_by, findings, fits
):
    page = team_side.sign_in(browse(1280, 900, bypass_csp=True))
    for name in MENU:
        go(page, name)
        for scheme in ("light", "dark"):
            show_by(page, scheme)
            assert findings(page) == [], (name, scheme)
        page.set_viewport_size(NARROW)
        for scheme in ("dark", "light"):
            show_by(page, scheme)
            assert fits(page), (name, scheme)
        assert findings(page) == [], (name, "narrow")
    hosts = {urlsplit(asked).hostname for asked in page.asked if asked.startswith("http")}
    assert hosts == {"127.0.0.1"}


def test_what_we_heard_is_printed_in_one_column_and_no_part_over_another(team_side, browse):
    page = team_side.sign_in(browse(816, 1056))
    page.emulate_media(media="print")
    page.stand_still()
    measured = page.evaluate(
        """() => {
            const all = (name) => [...document.querySelectorAll(`[data-testid=stMain] ${name}`)];
            const shown = all("[data-testid=stElementContainer]")
                .map(e => e.getBoundingClientRect()).filter(r => r.height > 1)
                .sort((one, other) => one.top - other.top);
            return {
                boxes: all("[data-testid$=Block]").map(e => getComputedStyle(e).display),
                over: shown.slice(1).filter((r, n) => r.top < shown[n].bottom - 12).length,
            };
        }"""
    )
    assert set(measured["boxes"]) == {"block"}
    assert measured["over"] == 0


def test_an_address_is_kept_while_somebody_signs_in(team_side, browse):
    page = team_side.sign_in(browse(1280, 900), "export?release=1&row=hard:wait")
    page.get_by_text("The row that was cited is marked with an arrow.").wait_for()
    page.get_by_role("cell", name="→ I had to wait too long").wait_for()


def test_a_decision_leads_to_the_row_it_leans_on(member):
    go(member, "Decisions")
    member.get_by_role("button", name="Open “An advocate is on call").click()
    member.get_by_role("heading", name="What it rests on", exact=True).wait_for()
    member.get_by_role("link", name=re.compile("Release 2: .*To change: Waiting")).click()
    member.get_by_role("cell", name="→ Waiting and hours").wait_for()
    assert "row=change%3Await" in member.url


def test_a_file_holds_what_the_release_holds(team_side, member):
    go(member, "Files and posters")
    release = ledgers.releases(team_side.folder)[-1]
    for kind in Format:
        with member.expect_download() as waiting:
            member.get_by_role("button", name=f"Download {kind.upper()}").click()
        name = f"release-{release.number:04d}-{release.round}.{kind}"
        assert waiting.value.suggested_filename == name
        assert Path(waiting.value.path()).read_bytes() == release_file(release, kind)


@pytest.mark.parametrize("name", ["What we heard", "Decisions", "Meeting"])
def test_the_packet_is_one_click_away(member, name):
    go(member, name)
    with member.expect_download() as waiting:
        member.get_by_role("button", name="Meeting packet", exact=True).click()
    assert waiting.value.suggested_filename.startswith("packet-0002-")
    assert len(pypdf.PdfReader(waiting.value.path()).pages) == 2


def count_what_is_pressed(page):
    """Count clicks and keys as the browser sees them; a password counts as nothing but itself."""
    page.pressed = {"click": 0, "Tab": 0, "Enter": 0}

    def seen(what):
        page.pressed[what] += 1

    page.expose_function("pressed", seen)
    page.add_init_script(
        "addEventListener('click', e => e.detail && pressed('click'), true);"
        "addEventListener('keydown', e => ['Tab', 'Enter'].includes(e.key) && pressed(e.key), true)"
    )


def tab_to(page, wanted):
    """Press Tab until what is wanted has the focus."""
    while not page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
        page.keyboard.press("Tab")


def sheets_of(waiting):
    return pypdf.PdfReader(waiting.value.path()).pages


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_from_the_password_to_the_packet_it_takes_three_clicks(team_side, browse, size):
    page = browse(**size)
    count_what_is_pressed(page)
    page.goto(f"{team_side.url}/team/")
    field = page.get_by_label("Team password", exact=True)
    field.wait_for()
    page.stand_still()
    field.click()
    page.keyboard.type(team_side.password)
    page.get_by_role("button", name="Sign in").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Meeting packet", exact=True).click()
    assert len(sheets_of(waiting)) == 2
    assert page.pressed["click"] == 3


def test_from_the_password_to_the_packet_it_takes_seven_keys(team_side, browse):
    page = browse(**WIDE)
    count_what_is_pressed(page)
    page.goto(f"{team_side.url}/team/")
    page.get_by_label("Team password", exact=True).wait_for()
    page.stand_still()
    tab_to(page, "[aria-label='Team password']")
    page.keyboard.type(team_side.password)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Meeting packet", exact=True).wait_for()
    page.stand_still()
    tab_to(page, "[data-testid=stDownloadButton] button")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert len(sheets_of(waiting)) == 2
    assert page.pressed["click"] == 0
    assert page.pressed["Tab"] + page.pressed["Enter"] <= 7


def test_the_day_of_the_meeting_stands_on_the_packet(team_side, browse):
    page = team_side.sign_in(browse(**WIDE), "meeting")
    page.get_by_text("The day of the next meeting, and what was left over").click()
    page.get_by_role("spinbutton", name="month").click()
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 - the day of the machine
    page.keyboard.type(f"{day:%m%d%Y}")
    fill_in(page, "What the last meeting did not get to", "A poster.", "Coordinator")
    save(page)
    page.get_by_text("Saved. It stands on the agenda and on the packet.").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Get the packet to print").click()
    assert f"For {day:%A}, {day.day} {day:%B %Y}." in sheets_of(waiting)[0].extract_text()


def test_a_poster_leads_to_the_address_that_was_typed(member):
    go(member, "Files and posters")
    field = member.get_by_label("Web address of the form")
    field.fill("https://ideas.example.org/")
    field.press("Enter")
    member.stand_still()
    with member.expect_download() as waiting:
        member.get_by_role("button", name="Poster of what changed").click()
    text = pypdf.PdfReader(waiting.value.path()).pages[0].extract_text()
    assert "What we heard and what changed" in text
    assert "https://ideas.example.org/board" in text


def test_the_ledger_is_checked_on_the_page(member):
    go(member, "Files and posters")
    member.get_by_role("button", name="Check that nothing was changed").click()
    member.get_by_text("Every release, the log and the box hold.").wait_for()


def test_a_telephone_finds_the_menu(team_side, browse):
    page = team_side.sign_in(browse(390, 844))
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Decisions", exact=True).click()
    page.get_by_role("heading", name="Decisions", exact=True, level=1).wait_for()


def test_a_link_in_the_menu_of_a_phone_leads_to_its_page_and_closes_the_menu(team_side, browse):
    page = team_side.sign_in(browse(390, 844, is_mobile=True, has_touch=True, user_agent=ANDROID))
    page.get_by_test_id("stExpandSidebarButton").tap()
    link = page.get_by_role("link", name="Decisions", exact=True)
    expect(link).to_be_in_viewport()
    link.tap()
    page.get_by_role("heading", name="Decisions", exact=True, level=1).wait_for()
    expect(link).not_to_be_in_viewport()


def test_every_page_is_found_by_its_typed_name(team_side, browse):
    page = browse(1280, 900)
    for name in (*navigation.TEAM, *navigation.CUSTODIAN):
        page.goto(f"{team_side.url}/team/{name}")
        page.get_by_label("Team password", exact=True).wait_for()
        assert page.get_by_text("Page not found").count() == 0, name


def test_a_custodian_s_page_says_where_it_is(team_side, browse):
    page = team_side.sign_in(browse(1280, 900), "reading_room")
    page.get_by_text("Responses are opened on a custodian's own computer, not here.").wait_for()


def test_the_wall_is_moved_by_the_keyboard_and_fits(team_side, browse, findings):
    page = team_side.sign_in(browse(1920, 1080, bypass_csp=True), "meeting")
    page.get_by_role("button", name="Show it on the wall").click()
    page.get_by_role("heading", name="1. Ground rules", exact=True).wait_for()
    for number in range(1, 10):
        page.get_by_role("heading", name=re.compile(rf"^{number}\. "), level=1).wait_for()
        page.stand_still()
        assert page.get_by_role("link", name="Decisions", exact=True).count() == 0
        smallest = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('[data-testid=stMain] li')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= 36, "a thirtieth of the wall"
        beside = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('[data-testid=stMain] :is(td, th,"
            " svg text, [data-testid=stCaptionContainer] p)')]"
            ".filter(e => e.textContent).map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert beside >= 20, "tables, charts and small print"
        fits = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollHeight <= m.clientHeight }"
        )
        assert fits, number
        page.keyboard.press("ArrowRight")
    assert findings(page) == []
    page.keyboard.press("ArrowLeft")
    page.get_by_role("heading", name=re.compile(r"^8\. "), level=1).wait_for()
    page.stand_still()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="The next meeting", level=1).wait_for()


def test_a_keyboard_reaches_everything_and_is_never_caught(member):
    for name in ("What we heard", "Structure", "Meeting", "Resources"):
        go(member, name)
        member.evaluate("() => document.activeElement.blur()")
        wanted = member.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stMain] :is(a, button, input,"
            " textarea, summary)')].filter(e => e.checkVisibility() && !e.disabled &&"
            " e.tabIndex >= 0 && e.type !== 'radio').length"
        )
        reached, steps = set(), 0
        while steps < wanted + 60:
            member.keyboard.press("Tab")
            steps += 1
            place = member.evaluate(
                "() => { const e = document.activeElement; if (e === document.body) return '';"
                " e.dataset.step ??= String(Math.random());"
                " return (e.closest('[data-testid=stMain]') ? 'main ' : 'menu ') + e.dataset.step }"
            )
            if not place or place in reached:
                break  # once around: not caught anywhere
            reached.add(place)
        assert len([place for place in reached if place.startswith("main")]) >= wanted, name


def open_for_change(team_side, browse, decision):
    page = team_side.sign_in(browse(1280, 900), f"decisions?decision={decision}")
    page.get_by_text("Change this decision", exact=True).click()
    page.get_by_label("Why? (needed for “no change” and “not now”)").wait_for()
    return page


def fill_in(page, label, text, role):
    """Type into a form the way Streamlit hears it: text, then out of the field."""
    for name, words in ((label, text), ("Your role", role)):
        field = page.get_by_role("textbox", name=name).last
        field.fill(words)
        field.press("Tab")
    page.stand_still()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    page.stand_still()


def test_two_people_in_two_browsers_lose_no_word(team_side, browse):
    nurse = open_for_change(team_side, browse, "tell-it-once")
    chair = open_for_change(team_side, browse, "tell-it-once")
    sentence, why = (
        "What is decided, in one sentence? (needed)",
        "Why? (needed for “no change” and “not now”)",
    )
    fill_in(nurse, why, "The nurse's reason.", "Nurse")
    save(nurse)
    nurse.get_by_text("Saved.", exact=True).wait_for()
    fill_in(chair, sentence, "The chair's sentence.", "Chair")
    save(chair)
    chair.get_by_text("What was changed meanwhile is kept too: reason.").wait_for()
    chair.get_by_role("heading", name="The chair's sentence.").wait_for()
    chair.get_by_text("The nurse's reason.").first.wait_for()
    chair.get_by_text("Change this decision", exact=True).click()
    assert chair.get_by_role("textbox", name=why).input_value() == "The nurse's reason."
    fill_in(
        chair,
        "Which role sees to it? (needed once it is decided)",
        "Hospital, night nurse",
        "Chair",
    )
    save(chair)
    chair.get_by_text("Hospital, night nurse").first.wait_for()
    assert chair.get_by_text("The nurse's reason.").first.is_visible()
    nurse.get_by_text("Change this decision", exact=True).click()
    fill_in(nurse, sentence, "The nurse's sentence.", "Nurse")
    save(nurse)
    nurse.get_by_role("cell", name="The chair's sentence.").wait_for()
    assert nurse.get_by_role("textbox", name=sentence).input_value() == "The nurse's sentence."
    save(nurse)
    nurse.get_by_role("heading", name="The nurse's sentence.").wait_for()
    nurse.get_by_text("History of this decision", exact=True).click()
    nurse.get_by_text("“The chair's sentence.”").first.wait_for()


def say_of_ourselves(team_side, browse):
    page = team_side.sign_in(browse(1280, 900), "structure")
    page.get_by_text("What we say of ourselves", exact=True).click()
    page.get_by_role("button", name="Save what we agreed").wait_for()
    return page


def test_two_people_in_two_browsers_say_of_the_team_what_both_typed(team_side, browse):
    nurse, chair = (say_of_ourselves(team_side, browse) for _ in range(2))
    hours = re.compile(r"^Note to: .*hours", re.IGNORECASE)
    for page, note, words in (
        (nurse, re.compile("^Note to: The same people come"), "The nurse's note."),
        (chair, re.compile("^Note to: Members can decide"), "The chair's note."),
    ):
        page.get_by_role("textbox", name=note).fill(words)
        fill_in(page, hours, words, "Member")
        page.get_by_role("button", name="Save what we agreed").click()
        page.stand_still()
    chair.get_by_role("cell", name="The nurse's note.").wait_for()
    chair.get_by_role("cell", name="The chair's note.").wait_for()
    chair.get_by_role("button", name="Save what we agreed").click()
    chair.get_by_text("What was changed meanwhile is kept too").wait_for()
    for note, words in (("The same people come", "nurse"), ("Members can decide", "chair")):
        field = chair.get_by_role("textbox", name=re.compile(f"^Note to: {note}"))
        expect(field).to_have_value(f"The {words}'s note.", timeout=60_000)
