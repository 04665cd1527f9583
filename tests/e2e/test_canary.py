"""One marked response goes the whole way, and its words and choices are found nowhere on it."""

import base64
import io
import json
import re
import signal
import sqlite3
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import pypdf
import pytest

from feedback import custody, opening, publishing
from feedback.questionnaire.answers import Answers, pack
from feedback.rounds import load_round
from feedback.settings import Settings
from feedback.store.box import open_box
from feedback.themes.coding import Box as TextBox
from feedback.themes.coding import Choice, code
from feedback.ui.handing_out import ON_PAPER, Kind, Whom, handout, handout_name
from feedback.ui.team_data import read_desk

WORDS = "vermilion quillwort under the ninth lantern, ñandú"
SAME_WORDS = "teal quillwort above the tenth lantern, ñandú"
NOTE = "obsidian marginalia"
CHOICES = {
    "path": "tried",
    "who": ("school", "hospital"),
    "believed": "disagree",
    "place": "own_town",
    "age": "18_to_24",
}
PAGES = {
    "Structure": "How to build the team",
    "Protocol": "The protocol, area by area",
    "Themes": "Themes of what people wrote",
    "Decisions": "Decisions",
    "Who we heard": "Who we heard, and whom we have not",
    "Meeting": "The next meeting",
    "Files and posters": "Files and posters",
    "What we heard": "What we heard",
}
TODAY = date.today()  # noqa: DTZ011 - the day on which the commands run too


def shapes_of(text):
    """Yield the bytes in which a text could lie somewhere."""
    plain = text.encode()
    yield from (plain, text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("latin-1"))
    yield from (quote(text).encode(), quote_plus(text).encode(), plain.hex().encode())
    yield json.dumps(text)[1:-1].encode()
    for start in range(3):  # base64 of it, wherever it begins
        yield base64.b64encode(plain[start:])[4:-6]


def shapes_of_choices(questionnaire):
    """Yield what the choices look like in a form, in an opened part, in a table, in a trace."""
    yield urlencode(CHOICES, doseq=True).encode()
    picked = {name: one if isinstance(one, tuple) else (one,) for name, one in CHOICES.items()}
    codes, _ = pack(Answers("en", picked, {}), questionnaire, pair="0" * 16)
    parts = json.dumps(json.loads(codes)["a"], separators=(",", ":"))[1:-1]
    yield parts.encode()
    yield json.dumps(json.loads(codes)["a"])[1:-1].encode()
    for written in (picked, {name: list(one) for name, one in picked.items()}, CHOICES):
        yield json.dumps(written)[1:-1].encode()
        yield repr(written)[1:-1].encode()


def every_byte(*places):
    """Yield every file below these places: its bytes, and what its packing hides."""
    for path in (found for place in places for found in place.rglob("*") if found.is_file()):
        data = path.read_bytes()
        yield path, data
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                yield from ((path / name, parts.read(name)) for name in parts.namelist())
        if data[:4] == b"%PDF":
            pages = pypdf.PdfReader(io.BytesIO(data)).pages
            yield path, "".join(page.extract_text() for page in pages).encode()
        if data[:15] == b"SQLite format 3":
            with sqlite3.connect(path) as db:
                tables = [
                    name
                    for (name,) in db.execute("select name from sqlite_schema where type = 'table'")
                ]
                for table in tables:
                    rows = db.execute(f'select * from "{table}"').fetchall()  # noqa: S608
                    yield path, repr(rows).encode("utf-8", "surrogateescape")
            db.close()


@pytest.fixture(scope="module")
def journey(made_demonstration, serve, tmp_path_factory, chromium):
    """Send the marked response, and go with it from the form to the files of its release."""
    place = tmp_path_factory.mktemp("canary")
    team = made_demonstration.copy(place / "demo")
    server = serve(team.path, "all", place / "server")
    sent = {**CHOICES, "change": WORDS, "keep": SAME_WORDS, "lang": "en", "_sure": "1"}
    assert server.send(sent) == 303
    assert server.send({**sent, "path": "no such answer"}) == 422  # shown back to the sender alone
    frames = watch_pages(chromium, server, team.password, {})
    read_in_the_room(chromium, server, team)
    release = release_with(team, place)
    frames += watch_pages(chromium, server, team.password, PAGES)
    page = open_room(chromium, server, team)
    page.get_by_role("button", name="Look at them again").click()
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Save and next").wait_for()
    limit = core_limit(server.process)
    server.process.send_signal(signal.SIGABRT)  # a crash while open, which could write a core file
    assert server.process.wait(20) == -signal.SIGABRT
    page.context.close()
    assert limit == ["0", "0"]
    return team, place, frames, release


def watch_pages(chromium, server, password, pages):
    """Return everything that the team side sends to a browser, page by page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page, frames, replies = context.new_page(), [], []
    page.set_default_timeout(60_000)
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)),
    )
    page.on("response", lambda reply: replies.append(reply))
    page.goto(f"{server.url}/team/")
    field = page.get_by_label("Team password", exact=True)
    field.fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What we heard", exact=True, level=1).wait_for()
    for name, title in pages.items():
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    bodies = [reply.body() for reply in replies if reply.status == 200]
    context.close()
    return bodies + [one if isinstance(one, bytes) else str(one).encode() for one in frames]


def core_limit(process):
    """Return how large a core file the process may write now, and at most."""
    limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
    return next(line.split()[4:6] for line in limits if line.startswith("Max core file size"))


def open_room(chromium, server, team):
    """Return a page on which two custodians opened the words on the server."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/reading_room")
    page.get_by_label("Team password", exact=True).fill(team.password)
    page.get_by_role("button", name="Sign in").click()
    for name in list(team.secrets)[:2]:
        page.get_by_label(name, exact=True).fill(team.secrets[name])
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text("Something new", exact=True).wait_for()
    return page


def read_in_the_room(chromium, server, team):
    """Read answers there and code one, then lock."""
    page = open_room(chromium, server, team)
    page.get_by_text("Something new", exact=True).click()
    page.get_by_text("Words that are new here").wait_for()
    page.get_by_text("Read", exact=True).click()
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_label("Note (do not copy the person's words)").fill(NOTE)
    page.get_by_role("button", name="No theme fits").click()
    page.get_by_role("button", name="Show the answer").wait_for()
    page.get_by_role("button", name="Lock now").click()
    page.get_by_role("button", name="Unlock").wait_for()
    page.context.close()


def release_with(team, place):
    """Open, read, code, close, release and export as two custodians do; return the files."""
    first, second = list(team.secrets)[:2]
    folder = team.folder
    round_id = json.loads(folder.public.read_text())["round"]
    a_round = load_round(folder, round_id)
    keys = custody.unlock(folder, round_id, {who: team.secrets[who] for who in (first, second)})
    log = opening.Log(keys.custodians, TODAY)
    with open_box(folder.box) as box:
        found = opening.open_new(folder, a_round, box, codes=keys.codes, words=keys.words, log=log)
        answers = list(opening.read_words(a_round, box, found, keys.words))
        people = len(box.rids(round_id))
    assert {WORDS, SAME_WORDS} <= {answer.text for answer in answers}
    events = []
    for number, answer in enumerate(answers):
        choice = Choice(themes=("wait",), note=NOTE)
        key = (answer.rid, TextBox(answer.box))
        events.append(code(events, key, first, choice, f"canary-{number}"))
    found = opening.add_events(folder, a_round, keys.codes, events)
    assert found.is_read()
    custody.close_round(folder, round_id, people=people, k=10, today=TODAY)
    frame = opening.to_frame(found, a_round.questionnaire)
    publishing.build(folder, a_round, frame, keys.team_seed, by=first, today=TODAY)
    publishing.check(folder, a_round, today=TODAY)
    release = publishing.publish(folder, a_round, keys.team_seed, by=second, today=TODAY)
    (place / "exports").mkdir()
    settings = Settings.from_env({"THROUGHLINE_DATA": str(folder.path)})
    desk = read_desk(folder, settings, TODAY)
    for whom in Whom:
        for kind in Kind if whom is Whom.MEETING else ON_PAPER:
            name = handout_name(release, kind, whom)
            (place / "exports" / name).write_bytes(handout(desk, release, kind, whom))
    return release


def shapes(team):
    a_round = load_round(team.folder, max(p.stem[6:] for p in team.path.glob("round-*.json")))
    words = [shape for text in (WORDS, SAME_WORDS, NOTE) for shape in shapes_of(text)]
    return [*words, *shapes_of_choices(a_round.questionnaire), b"quillwort", b"marginalia"]


def test_the_search_finds_what_lies_open(journey, tmp_path):
    """The same search finds the mark in a log, a database and a workbook, if it were there."""
    team, _, _, _ = journey
    (tmp_path / "server.log").write_text(f"POST {WORDS}")
    with sqlite3.connect(tmp_path / "cache.sqlite") as db:
        db.execute("create table t (a)")
        db.execute("insert into t values (?)", [SAME_WORDS])
    db.close()
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("sheet.xml", f"<c>{NOTE}</c>")
    (tmp_path / "body").write_bytes(urlencode(CHOICES, doseq=True).encode())
    found = {
        path.relative_to(tmp_path).parts[0]
        for path, data in every_byte(tmp_path)
        if any(shape in data for shape in shapes(team))
    }
    assert found == {"server.log", "cache.sqlite", "book.xlsx", "body"}


def test_the_mark_is_in_no_file(journey):
    team, place, _, _ = journey
    looked_at = list(every_byte(place))
    names = {path.name for path, _ in looked_at}
    assert {"box.sqlite", "team.sqlite", "audit.log", "server.log", "0003.json"} <= names
    assert {".csv", ".xlsx", ".json"} <= {path.suffix for path, _ in looked_at}
    for path, data in looked_at:
        for shape in shapes(team):
            assert shape not in data, (path, shape)


def test_the_mark_is_in_nothing_that_the_team_side_sends(journey):
    team, _, frames, _ = journey
    assert sum(map(len, frames)) > 1_000_000
    assert any(b"To change" in frame or b"What we heard" in frame for frame in frames)
    for frame in frames:
        for shape in shapes(team):
            assert shape not in frame


def test_the_server_wrote_nothing_about_anybody(journey):
    _, place, _, _ = journey
    log = (place / "server" / "server.log").read_text()
    assert re.fullmatch(
        r"The form: http://127\.0\.0\.1:\d+/\n"
        r"The team side: http://127\.0\.0\.1:\d+/team/\nStop with Ctrl\+C\.\n",
        log,
    )
    assert not [path for path in (place / "server" / "tmp").rglob("*") if path.is_file()]


def test_the_marked_response_counts_in_the_release(journey):
    _, _, _, release = journey
    assert release.number == 3
    assert release.table("change").everyone.counts["wait"] > 0
