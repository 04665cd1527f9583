"""The whole way in a real browser and by the command: sent, locked, read, released, decided on."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from feedback import custody, ledgers, opening
from feedback.rounds import load_round
from feedback.store.box import open_box
from feedback.themes.coding import Box as TextBox
from feedback.themes.coding import Choice, code, current

ROOT = Path(__file__).parents[2]
WIDE, PHONE = (1600, 900), (390, 844)
FIRST, SECOND = "Lead advocate", "Program director"
WORDS = "Please let us wait in a warmer room"
TEAM_PAGES = (
    "", "what_we_heard", "structure", "protocol", "themes", "decisions", "coverage", "meeting",
    "export",
)  # fmt: skip
CUSTODIAN_PAGES = ("reading_room", "release")


def throughline(*arguments, code=0, env=None):
    """Run the command as a person at a terminal does."""
    run = subprocess.run(
        [sys.executable, "-c", "from feedback.cli import main; main()", *map(str, arguments)],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    return run


# ------------------------------------------------------------------ by the command line


@pytest.fixture(scope="module")
def by_command(serve, tmp_path_factory):
    """A team of one's own, from nothing to a release, with commands and the form alone."""
    place = tmp_path_factory.mktemp("by-command")
    team, given = place / "cedar", place / "given.txt"
    names = [word for name in ("Ana", "Ben", "Paper") for word in ("--custodian", name)]
    throughline(
        "init", team, "--team", "Cedar", "--round", "2026-Q4", *names, "--yes",
        "--passphrases-file", given,
    )  # fmt: skip
    server = serve(team, "form", place / "server")
    for number in range(12):
        path = "got_help" if number < 7 else "tried"
        assert server.send({"path": path, "lang": "en", "age": "18_to_24"}) == 303
    server.stop()
    return place, team, given


def test_from_nothing_to_a_release_by_the_command_line(by_command):
    place, team, given = by_command
    with_keys = ("--passphrases-file", given)
    status = json.loads(throughline("status", team, "--json").stdout)
    assert status["rounds"][0]["people"] == "10 or more"
    throughline("round", "close", team, "2026-Q4")
    assert "12 responses are open" in throughline("open", team, *with_keys).stdout
    throughline("release", "build", team, *with_keys)
    throughline("release", "check", team)
    refused = throughline("release", "publish", team, *with_keys, "--custodian", "Ana", code=1)
    assert refused.stderr == "Ana built this draft. Another custodian must approve it.\n"
    said = throughline("release", "publish", team, *with_keys).stdout
    assert said.startswith("Release 1 for 2026-Q4 is in the ledger: ")
    throughline("verify", team)
    rows = {}
    for kind in ("csv", "xlsx", "json"):
        path = place / f"release.{kind}"
        throughline("export", team, "1", "--format", kind, "--out", path)
        rows[kind] = read_back(path)
    assert rows["csv"] == rows["xlsx"] == rows["json"]
    path = [row for row in rows["csv"] if row["question"] == "path"]
    assert {row["answer"] for row in path} >= {None, "got_help", "tried"}
    assert all(row["count"] % 5 == 0 for row in path if row["count"] is not None)
    base = next(row for row in path if row["answer"] is None)
    assert base["low"] <= 12 <= base["high"]
    assert openpyxl.load_workbook(place / "release.xlsx").sheetnames == ["Read me", "Release"]


def read_back(path):
    if path.suffix == ".csv":
        frame = pd.read_csv(path)
    elif path.suffix == ".xlsx":
        frame = pd.read_excel(path, sheet_name="Release")
    else:
        frame = pd.DataFrame(json.loads(path.read_text())["rows"])
    frame = frame.astype(object).where(frame.notna(), None)
    return [
        {name: None if cell == "" else cell for name, cell in row.items()}
        for row in frame.to_dict("records")
    ]


# ------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def side(made_demonstration, serve, tmp_path_factory):
    """A demonstration, served with everything on one address."""
    place = tmp_path_factory.mktemp("side")
    team = made_demonstration.copy(place / "demo")
    server = serve(team.path, "all", place / "server")
    server.team = team
    return server


def send_words(page, server, words):
    page.goto(f"{server.url}/")
    page.get_by_role("link", name="Start").click()
    page.wait_for_url("**/form")
    page.get_by_label("I got help", exact=True).check()
    page.get_by_label("What is one thing we should change?").fill(words)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done")


def sign_in(page, server, address=""):
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/{address}")
    field = page.get_by_label("Team password", exact=True)
    field.wait_for()
    page.get_by_role("button", name="Sign in").wait_for()
    page.stand_still()
    page.keyboard.press("Escape")  # says that there is no such page, where there is none
    field.fill(server.team.password)
    page.get_by_role("button", name="Sign in").click()
    field.wait_for(state="detached")
    page.stand_still()
    return page


def unlock(page, server, *names):
    for name in names:
        page.get_by_label(name, exact=True).fill(server.team.secrets[name])
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("button", name="Unlock")).to_have_count(0, timeout=30_000)
    page.stand_still()


def round_of(team):
    return load_round(team.folder, max(p.stem[6:] for p in team.path.glob("round-*.json")))


def opened(team):
    a_round = round_of(team)
    keys = custody.unlock(team.folder, a_round.id, team.secrets)
    return opening.read_snapshot(team.folder, a_round, keys.codes)


def words_in(team):
    a_round = round_of(team)
    keys = custody.unlock(team.folder, a_round.id, team.secrets)
    log = opening.Log(keys.custodians, date.today())  # noqa: DTZ011
    with open_box(team.folder.box) as box:
        found = opening.open_new(
            team.folder, a_round, box, codes=keys.codes, words=keys.words, log=log
        )
        return Counter(one.text for one in opening.read_words(a_round, box, found, keys.words))


def test_a_response_from_a_phone_is_read_coded_released_and_seen(side, browse, tmp_path):
    """The one journey that all the others are parts of."""
    for script in (True, False):
        phone = browse(*PHONE, script=script)
        send_words(phone, side, f"{WORDS} {'with' if script else 'without'} a script")
        sealed_here = [url for url in phone.asked if url.endswith("/sealed")]
        assert bool(sealed_here) is script
    page = sign_in(browse(*WIDE), side, "reading_room")
    page.get_by_role("heading", name="Reading room", level=1).wait_for()
    unlock(page, side, FIRST, SECOND)
    before = left(page)
    code_by_keyboard(page, 3)
    coded = current(opened(side.team).events).values()
    assert {coding.coder for coding in coded} == {FIRST}
    assert len(coded) == 3
    assert left(page) == before - 3
    code_the_rest(side.team)
    page.get_by_role("button", name="Lock now").click()
    page.get_by_role("button", name="Unlock").wait_for()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    publish(page, side)
    see_and_take(page, side, tmp_path)
    for words in (f"{WORDS} with a script", f"{WORDS} without a script"):
        assert words_in(side.team)[words] == 1
    assert WORDS not in side.log.read_text()


def left(page):
    return int(re.search(r"(\d+) not read yet", page.inner_text("body"))[1])


def code_by_keyboard(page, answers):
    """Read and code some answers without touching a mouse."""
    for _ in range(answers):
        now = left(page)
        page.get_by_role("button", name="Show the answer").wait_for()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save and next").wait_for()
        page.stand_still()
        if page.locator('[class*="-1-suggestion"]').count():
            page.keyboard.press("1")
            expect(page.get_by_role("button", name="Save and next")).to_be_enabled()
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("0")
        page.get_by_text(f"{now - 1} not read yet").wait_for()
        page.stand_still()


def code_the_rest(team):
    """Code every other answer, as a second custodian does at another time."""
    a_round, keys = round_of(team), custody.unlock(team.folder, round_of(team).id, team.secrets)
    found = opening.read_snapshot(team.folder, a_round, keys.codes)
    wrote = [(one.rid, TextBox(box)) for one in found.responses for box in one.wrote]
    waiting = [key for key in wrote if key not in current(found.events)]
    events = [
        code(found.events, key, SECOND, Choice(themes=("wait",)), f"later-{number}")
        for number, key in enumerate(waiting)
    ]
    assert opening.add_events(team.folder, a_round, keys.codes, events).is_read()


def go_to_release(page):
    page.get_by_role("link", name="Release", exact=True).click()
    page.get_by_role("heading", name="Release", level=1, exact=True).wait_for()
    page.stand_still()


def publish(page, side):
    """Close the round, build the draft as one custodian and approve it as another."""
    go_to_release(page)
    page.get_by_text("Close this round").click()
    page.get_by_text("Yes, close the round").click()
    page.get_by_role("button", name="Close the round").click()
    page.get_by_text("is closed and waits for its release").wait_for()
    unlock(page, side, FIRST, SECOND)
    page.get_by_role("button", name="Build the draft").click()
    page.get_by_text("The draft is built and checked.").wait_for()
    assert FIRST not in page.get_by_label("Custodian who approves").input_value()
    page.get_by_text("I looked at the tables").click()
    page.get_by_label("Their passphrase").fill(side.team.secrets[SECOND])
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Release 3 is published. It will never change.").wait_for()


def see_and_take(page, side, tmp_path):
    """See the release on the team's first page, and download it."""
    page.get_by_role("link", name="What we heard", exact=True).first.click()
    page.get_by_role("heading", name="What we heard", level=1).wait_for()
    page.stand_still()
    assert re.search(r"[Rr]elease 3|" + round_of(side.team).id, page.inner_text("body"))
    expect(page.get_by_text(WORDS)).to_have_count(0)
    page.get_by_role("link", name="Files and posters", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    waiting.value.save_as(tmp_path / "release.csv")
    rows = read_back(tmp_path / "release.csv")
    assert {row["release"] for row in rows} == {3}
    assert ledgers.load_release(side.team.folder, 3).round == rows[0]["round"]


# ------------------------------------------------------------------ who may see what


@pytest.mark.parametrize("surface", ["team", "all"])
def test_every_address_shows_the_sign_in_and_nothing_else(
    made_demonstration, serve, browse, tmp_path, surface
):
    server = serve(made_demonstration.path, surface, tmp_path / "server")
    page = browse(*WIDE)
    page.set_default_timeout(60_000)
    for address in (*TEAM_PAGES, *CUSTODIAN_PAGES, "nothing"):
        page.goto(f"{server.url}/team/{address}")
        page.get_by_label("Team password", exact=True).wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        titles = set(page.locator("h1, h2, h3").all_inner_texts())
        assert titles - {"Page not found"} == {"Cedar County SART (demonstration)"}
        page.keyboard.press("Escape")
        ways = [link.get_attribute("href") for link in page.get_by_role("link").all()]
        assert all(way.startswith("#") for way in ways)
        names = set(page.locator("[data-testid=stMain] button").all_inner_texts())
        assert names - {"", "visibility", "close"} == {"Sign in"}
    server.stop()


def test_the_team_side_never_opens_responses(made_demonstration, serve, browse, tmp_path):
    server = serve(made_demonstration.path, "team", tmp_path / "server")
    server.team = made_demonstration
    for address in CUSTODIAN_PAGES:
        page = sign_in(browse(*WIDE), server, address)
        assert "Unlock" not in page.inner_text("body")
        assert page.get_by_role("link", name="Reading room").count() == 0
        for name in made_demonstration.secrets:
            assert page.get_by_label(name, exact=True).count() == 0
    server.stop()


def test_a_wrong_password_or_passphrase_opens_nothing(made_demonstration, serve, browse, tmp_path):
    team = made_demonstration.copy(tmp_path / "demo")
    server = serve(team.path, "custodian", tmp_path / "server")
    server.team = team
    page = browse(*WIDE)
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/")
    page.get_by_label("Team password", exact=True).fill("wrong words")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("That is not the team password.").wait_for()
    sign_in(page, server, "reading_room")
    page.get_by_label(FIRST, exact=True).fill("seven wrong words")
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text(f"This passphrase does not fit {FIRST}.").wait_for()
    expect(page.get_by_role("button", name="Show the answer")).to_have_count(0)
    assert "wrong words" not in server.log.read_text()
    server.stop()


# ------------------------------------------------------------------ for everybody


@pytest.fixture
def both_widths(findings, fits):
    """Return a function that sees that a page suits everybody, wide or on a phone."""

    def see(page, where):
        for width, height in (PHONE, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            page.stand_still()
            assert findings(page) == [], (where, width)
            assert fits(page), (where, width)

    return see


def test_axe_finds_nothing_where_custodians_work(
    made_demonstration, serve, browse, both_widths, tmp_path
):
    team = made_demonstration.copy(tmp_path / "demo")
    server = serve(team.path, "custodian", tmp_path / "server")
    server.team = team
    page = browse(*WIDE, bypass_csp=True)
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/")
    page.get_by_role("button", name="Sign in").wait_for()
    both_widths(page, "sign in")
    sign_in(page, server, "reading_room")
    both_widths(page, "locked")
    unlock(page, server, FIRST, SECOND)
    page.get_by_role("button", name="Show the answer").wait_for()
    both_widths(page, "covered")
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Save and next").wait_for()
    both_widths(page, "an answer")
    go_to_release(page)
    page.get_by_text("Close this round").click()
    both_widths(page, "release, open round")
    page.get_by_text("Yes, close the round").click()
    page.get_by_role("button", name="Close the round").click()
    page.get_by_text("is closed and waits for its release").wait_for()
    page.get_by_role("button", name="Build the draft").click()
    page.get_by_text("The draft is built and checked.").wait_for()
    both_widths(page, "release, draft")
    server.stop()
