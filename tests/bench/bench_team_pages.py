"""How long a page of the team side takes to draw again, and what one more person costs in memory.

Usage: python tests/bench/bench_team_pages.py [FOLDER [PASSWORD]]

On a machine that does nothing else. Without a folder a demonstration is made; the second part needs
the team password and a Chromium.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright
from streamlit.testing.v1 import AppTest

from feedback.demonstration.make import PASSPHRASES_FILE, make_demonstration
from feedback.folder import Folder
from feedback.passphrases import PASSWORD
from feedback.ui import navigation

AGAIN = 9
GOAL_MS = 300
PEOPLE = 5  # who look at every page at the same time
GOAL_MB = 30
SERVE = "from feedback.cli import main; main()"


def milliseconds(page):
    start = time.perf_counter()
    page.run()
    assert not page.exception, page.exception
    return (time.perf_counter() - start) * 1000


def draw_again(folder):
    os.environ |= {"THROUGHLINE_DATA": folder, "THROUGHLINE_SURFACE": "team"}
    print(f"{'page':16}{'first':>10}{'again':>10}   ms, median of {AGAIN}; goal {GOAL_MS}")
    for name in navigation.TEAM:
        path = Path(navigation.PAGES, "team", f"{name}.py")
        page = AppTest.from_file(str(path), default_timeout=120)
        page.session_state["signed_in"] = True
        first = milliseconds(page)
        again = statistics.median(milliseconds(page) for _ in range(AGAIN))
        print(f"{name:16}{first:10.0f}{again:10.0f}")


def resident_mb(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def look_at_everything(browser, url, password):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{url}/team/")
    field = page.get_by_label("Team password", exact=True)
    field.wait_for()
    page.wait_for_timeout(1000)
    field.fill(password)
    page.get_by_role("button", name="Sign in").click()
    field.wait_for(state="detached")
    for title, _ in navigation.TEAM.values():
        page.get_by_role("link", name=title, exact=True).first.click()
        page.wait_for_timeout(500)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return page


def remember(folder, password):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = (
        sys.executable,
        "-c",
        SERVE,
        "serve",
        folder,
        "--surface",
        "team",
        "--port",
        str(port),
    )
    process, url = subprocess.Popen(served), f"http://127.0.0.1:{port}"
    try:
        time.sleep(15)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            open_pages, sizes = [], []
            for _ in range(PEOPLE):
                open_pages.append(look_at_everything(browser, url, password))
                sizes.append(resident_mb(process.pid))
            print("MB with 1, 2, ... people:", *(f"{size:.0f}" for size in sizes))
            more = (sizes[-1] - sizes[0]) / (PEOPLE - 1)
            print(f"each further person: {more:.1f} MB; goal {GOAL_MB}")
    finally:
        process.terminate()
        process.wait(20)


def measure_demonstration():
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name) / "demo")
        make_demonstration(folder, responses=60, seed=1, today=date.today())  # noqa: DTZ011
        lines = (folder.path / PASSPHRASES_FILE).read_text("utf-8").splitlines()
        password = dict(line.split(": ", 1) for line in lines)[PASSWORD]
        draw_again(str(folder.path))
        remember(str(folder.path), password)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        measure_demonstration()
    else:
        draw_again(sys.argv[1])
    if len(sys.argv) > 2:
        remember(*sys.argv[1:3])
