"""A real server in a process of its own, and a real browser that is told to call nobody."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import sync_playwright

from feedback import look

ROOT = Path(__file__).parents[2]
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip


@dataclass
class Server:
    """The form of one team on a free port."""

    team: object
    process: subprocess.Popen = field(init=False, repr=False)

    def __post_init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.log = self.team.path.parent / "server.log"
        env = {
            "PATH": os.environ["PATH"],
            "THROUGHLINE_DATA": str(self.team.path),
            "THROUGHLINE_SURFACE": "form",
        }
        options = (
            "--no-access-log",
            "--no-server-header",
            "--ws",
            "none",
            "--log-level",
            "warning",
        )
        command = (sys.executable, "-m", "uvicorn", "app:app", "--port", str(self.port), *options)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()

    def _wait(self):
        for _ in range(600):
            try:
                httpx.get(f"{self.url}/help", timeout=5)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text())

    def resident_bytes(self):
        """Return how much memory the process holds now."""
        return self._memory("VmRSS")

    def most_bytes(self):
        """Return how much it held when it held most."""
        return self._memory("VmHWM")

    def _memory(self, which):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(which))
        return int(line.split()[1]) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


CLI_AS_IF_CORES_WERE_KEPT = """
import resource
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from feedback.cli import main
main()
"""


class Served:
    """A team served by the command, as a person does it: with a home and a log of its own.

    Whatever the process leaves behind on the disk lies in ``place`` or in the team's folder.
    """

    def __init__(self, folder, surface, place):
        self.folder, self.place, self.log = folder, place, place / "server.log"
        for name in ("home", "tmp"):
            (place / name).mkdir(parents=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        serve = ("serve", folder, "--surface", surface, "--port", str(self.port))
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(place / "home"),
            "TMPDIR": str(place / "tmp"),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                (sys.executable, "-c", CLI_AS_IF_CORES_WERE_KEPT, *serve),
                cwd=place, env=env, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait("/help" if surface in ("form", "all") else "/team/")

    def _wait(self, path):
        for _ in range(1200):
            try:
                httpx.get(f"{self.url}{path}", timeout=5)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text())

    resident_bytes, most_bytes, _memory = Server.resident_bytes, Server.most_bytes, Server._memory

    def send(self, fields, *, address="127.0.0.1"):
        """Post answers as one person would without a script; return the status."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, 30, (address, 0))
        try:
            link.request("POST", "/form", urlencode(fields, doseq=True), FORM)
            return link.getresponse().status
        finally:
            link.close()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def serve():
    """Return a function that serves a team's folder; every server is stopped at the end."""
    servers = []

    def start(folder, surface, place):
        servers.append(Served(folder, surface, place))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def form_server(make_form_team, tmp_path_factory):
    """Return a server whose pages are only looked at."""
    server = Server(make_form_team(tmp_path_factory.mktemp("looked-at") / "team"))
    yield server
    server.stop()


@pytest.fixture
def own_server(make_form_team, tmp_path):
    """Return a server with a box of its own."""
    server = Server(make_form_team(tmp_path / "team"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as driver:
        yield driver


def _executable():
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(scope="session")
def chromium(playwright):
    """Return a Chromium that keeps whole pages in memory, as the one on a phone does."""
    browser = playwright.chromium.launch(
        executable_path=_executable(),
        args=list(QUIET),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


# Still is a page on which for a dozen frames, so longer on a busy machine, no script ran, nothing
# was drawn, and every transition was over; where a colour is given, it lies on that ground, too.
STILL = """ground => new Promise((done, fail) => {
    const began = performance.now()
    let frames = 0
    const drawn = new MutationObserver(() => { frames = 0 })
    drawn.observe(document, {
        subtree: true, childList: true, attributes: true, characterData: true,
    })
    const moves = () => {
        const app = document.querySelector('[data-testid=stApp]')
        return (app && app.dataset.testScriptState !== 'notRunning')
            || (ground && getComputedStyle(app ?? document.body).backgroundColor !== ground)
            || document.getAnimations().some(one => one.playState === 'running'
                && one.effect.getComputedTiming().endTime < Infinity)
    }
    const look = () => {
        frames = moves() ? 0 : frames + 1
        if (frames < 12 && performance.now() - began < 60_000) return requestAnimationFrame(look)
        drawn.disconnect()
        frames < 12 ? fail(new Error('This page never stands still.')) : done()
    }
    look()
})"""


def follow(page):
    """Keep what a page asks for, what of it has not come yet, and who spoke last on its line."""
    page.asked, page.awaited, page.line = [], set(), []

    def ask(request):
        page.asked.append(request.url)
        page.awaited.add(request)

    def come(request):
        page.awaited.discard(request)

    def listen(socket):
        socket.on("framesent", lambda _: page.line.append("page"))
        socket.on("framereceived", lambda _: page.line.append("server"))

    page.on("request", ask)
    page.on("requestfinished", come)
    page.on("requestfailed", come)
    page.on("websocket", listen)


def stand_still(page, ground=None):
    """Wait until everything asked for has come, all that was told is answered, and it shows."""
    for _ in range(300):
        before = (len(page.asked), len(page.line))
        page.evaluate(STILL, ground)
        awaited = page.awaited or page.line[-1:] == ["page"]
        if (len(page.asked), len(page.line)) == before and not awaited:
            return
    raise TimeoutError("The server does not answer.")


def open_pages(chromium):
    """Return a function that opens a fresh profile. Its page keeps what it asked for in `asked`.

    Its page has a `stand_still` of its own: what is being drawn can be neither used nor judged.
    """
    contexts = []

    def open_page(width=390, height=844, *, script=True, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        follow(page)
        page.stand_still = partial(stand_still, page)
        return page

    yield open_page
    for context in contexts:
        context.close()


browse = pytest.fixture(open_pages)
browse_on = pytest.fixture(open_pages, scope="module")  # its pages last for a whole file of tests


@pytest.fixture(scope="session")
def show_by():
    """Return a function that shows a page by day or by night, and waits until it is painted so."""

    def show(page, scheme):
        ground = {"light": look.LIGHT, "dark": look.DARK}[scheme].ground
        red, green, blue = bytes.fromhex(ground.removeprefix("#"))
        page.emulate_media(color_scheme=scheme)
        page.stand_still(f"rgb({red}, {green}, {blue})")

    return show


@pytest.fixture(scope="session")
def findings():
    """Return a function that lists what axe-core finds on a page: what is wrong, and where.

    The rules are all that it runs unasked, and the size of what is touched.
    """
    axe = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def find(page):
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
        )
        return [
            f"{each['id']}: {node['html'][:160]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    return find


@pytest.fixture(scope="session")
def fits():
    """Return a function that says whether nothing of a page of the team side scrolls sideways."""

    def find(page):
        return page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stMain], body')]"
            ".every(e => e.scrollWidth <= e.clientWidth)"
        )

    return find
