"""A real server in a process of its own, and a real browser that is told to call nobody."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import sync_playwright

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


@pytest.fixture
def browse(chromium):
    """Return a function that opens a fresh profile; what its pages ask for is kept in `asked`."""
    contexts = []

    def open_page(width=390, height=844, *, script=True, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def findings():
    """Return a function that lists what axe-core finds on a page that was opened past its CSP."""
    axe = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def find(page):
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
