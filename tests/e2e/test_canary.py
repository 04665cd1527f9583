"""A marker sentence goes the whole way, and is looked for everywhere but in the reading room."""

import io
import os
import secrets
import socket
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import httpx
import pytest

from feedback import custody, opening, publishing
from feedback.demonstration.make import PASSPHRASES_FILE
from feedback.folder import Folder
from feedback.passphrases import PASSWORD, read_passphrases
from feedback.rounds import open_round
from feedback.store.box import open_box
from feedback.themes.coding import Box, Choice, code

ROOT = Path(__file__).parents[2]
THROUGHLINE = (sys.executable, "-c", "from feedback.cli import main; main()")
MARKER = "canary-9f3e heliotrope marmalade"
WORDS = f"Please fix the {MARKER} before winter."
TODAY = date(2026, 11, 23)
PAGES = ("", "structure", "protocol", "themes", "decisions", "coverage", "meeting", "export")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder for everything that the processes of this test write."""
    found = tmp_path_factory.mktemp("canary")
    (found / "temporary").mkdir()
    return found


@pytest.fixture(scope="module")
def environment(place):
    """Return an environment whose temporary folder we can look into."""
    return {**os.environ, "TMPDIR": str(place / "temporary"), "HOME": str(place)}


@pytest.fixture(scope="module")
def walked(place, environment):
    """Send the marker, open it, code it, release it, export it; return the team's folder."""
    folder = Folder(place / "team")
    run(environment, "demo", folder.path, "--no-serve", "--responses", "20")
    with served(folder, environment) as url:
        sent = httpx.post(
            f"{url}/form",
            data={"path": "got_help", "change": WORDS, "keep": WORDS, "lang": "en", "_sure": "1"},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert sent.status_code == 303
    a_round = open_round(folder)
    passphrases = read_passphrases(folder.path / PASSPHRASES_FILE)
    keys = custody.unlock(folder, a_round.id, passphrases)
    log = opening.Log(keys.custodians, TODAY)
    with open_box(folder.box) as box:
        snapshot = opening.open_new(
            folder, a_round, box, codes=keys.codes, words=keys.words, log=log
        )
        answers = list(opening.read_words(a_round, box, snapshot, keys.words))
        people = len(box.rids(a_round.id))
    assert any(answer.text == WORDS for answer in answers)
    events = [
        code((), (a.rid, Box(a.box)), "Lead", Choice(themes=("wait",)), secrets.token_hex(8))
        for a in answers
    ]
    snapshot = opening.add_events(folder, a_round, keys.codes, events)
    custody.close_round(folder, a_round.id, people=people, k=10, today=TODAY)
    frame = opening.to_frame(snapshot, a_round.questionnaire)
    first, second, *_ = keys.custodians
    publishing.build(folder, a_round, frame, keys.team_seed, by=first, today=TODAY)
    publishing.check(folder, a_round, today=TODAY)
    publishing.publish(folder, a_round, keys.team_seed, by=second, today=TODAY)
    for kind in ("csv", "xlsx", "json"):
        run(
            environment,
            "export",
            folder.path,
            "3",
            "--format",
            kind,
            "--out",
            place / f"out.{kind}",
        )
    run(environment, "verify", folder.path)
    return folder


def run(environment, *arguments):
    with Path(environment["TMPDIR"], "commands.log").open("ab") as log:
        command = [*THROUGHLINE, *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=log, stderr=log)


class served:  # noqa: N801 - used like a function
    """Serve both sides while inside; what the process says goes into the looked-at folder."""

    def __init__(self, folder, environment):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        command = [*THROUGHLINE, "serve", str(folder.path), "--port", str(self.port)]
        self.log = Path(environment["TMPDIR"], "server.log").open("ab")  # noqa: SIM115
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log
        )

    def __enter__(self):
        url = f"http://127.0.0.1:{self.port}"
        for _ in range(600):
            try:
                httpx.get(f"{url}/help", timeout=5)
                return url
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(url)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def everything_in(data):
    """Return the bytes, and what is packed in them."""
    found = [data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found += [packed.read(name) for name in packed.namelist()]
    return b"\n".join(found)


def test_the_marker_is_in_no_file(walked, place):
    files = [path for path in place.rglob("*") if path.is_file()]
    assert walked.release(3) in files
    assert walked.snapshot(publishing.load_release(walked, 3).round) in files
    for path in files:
        data = everything_in(path.read_bytes())
        for encoding in ("utf-8", "utf-16-le"):
            assert MARKER.encode(encoding) not in data, path
            assert "heliotrope".encode(encoding) not in data, path


def test_the_marker_is_on_no_page_outside_the_reading_room(walked, environment, browse):
    lines = (walked.path / PASSPHRASES_FILE).read_text("utf-8").splitlines()
    password = dict(line.split(": ", 1) for line in lines)[PASSWORD]
    heard = []
    with served(walked, environment) as url:
        for public in ("/", "/board", "/done", "/help", "/form"):
            heard.append(httpx.get(url + public).content)
        for name in PAGES:
            page = browse(1280, 900)
            page.on("websocket", lambda ws: ws.on("framereceived", lambda got: heard.append(got)))
            page.goto(f"{url}/team/{name}")
            page.get_by_label("Team password").fill(password, timeout=60_000)
            page.keyboard.press("Enter")
            page.locator("h1").first.wait_for(timeout=60_000)
            page.get_by_text("Every answer, number and decision").wait_for(timeout=60_000)
            heard.append(page.content())
            page.close()
    said = [each if isinstance(each, bytes) else each.encode() for each in heard]
    assert any(b"Waiting and hours" in each for each in said)
    assert not any(b"heliotrope" in each for each in said)
