"""How long a reader waits for the next answer, in a real Chromium: 200 answers by keyboard.

Usage: python tests/bench/bench_reading_room.py [ANSWERS]
"""

from __future__ import annotations

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

import httpx
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedback.demonstration.make import CUSTODIANS, PASSPHRASES_FILE, make_demonstration
from feedback.folder import Folder
from feedback.passphrases import PASSWORD

ROOT = Path(__file__).parents[2]
GOAL_S = 0.6
NEXT = "Show the answer"
SAVE = "Save and next"


def main(answers: int) -> None:
    """Make a team, read as many answers as asked for, print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name) / "demo")
        # Of the invented people some write twice and some nothing: together a few more answers.
        make_demonstration(folder, responses=answers, seed=1, today=date.today())  # noqa: DTZ011
        port, process = serve(folder.path)
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                    args=["--no-sandbox", "--disable-gpu"],
                )
                waits = read(browser.new_page(), f"http://127.0.0.1:{port}/team/", folder, answers)
        finally:
            process.terminate()
            process.wait(20)
    report(waits)


def serve(path: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """Serve the custodian side and wait until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (sys.executable, "-c", "from feedback.cli import main; main()")
    process = subprocess.Popen(
        [*command, "serve", str(path), "--surface", "custodian", "--port", str(port)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/team/", timeout=5)
            return port, process
        except httpx.TransportError:
            time.sleep(0.1)


def read(page: Page, url: str, folder: Folder, answers: int) -> dict[str, list[float]]:
    """Read answers by keyboard; return seconds by what was waited for."""
    lines = (folder.path / PASSPHRASES_FILE).read_text("utf-8").splitlines()
    given = dict(line.split(": ", 1) for line in lines)
    page.set_default_timeout(60_000)
    page.goto(f"{url}reading_room")
    page.get_by_label("Team password", exact=True).fill(given[PASSWORD])
    page.get_by_role("button", name="Sign in").click()
    for name in CUSTODIANS[:2]:
        page.get_by_label(name, exact=True).fill(given[name])
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name=NEXT).wait_for()
    page.get_by_text("Cover each answer first").click()
    page.get_by_role("button", name=SAVE).wait_for()
    waits: dict[str, list[float]] = {"key 1 shows": [], "Enter to the next answer": []}
    for _ in range(answers):
        settle(page)
        if page.get_by_role("button", name="Go on").count():
            page.keyboard.press("Enter")
            page.get_by_role("button", name=SAVE).wait_for()
            settle(page)
        waits["key 1 shows"].append(timed(page, "1", f"() => {CHOSEN}"))
        settle(page)
        turn = page.evaluate(TURN)
        waits["Enter to the next answer"].append(
            timed(page, "Enter", f"() => ![{turn!r}, ''].includes({TURN})")
        )
    return waits


CHOSEN = (
    """document.querySelector('[class*="-1-suggestion"] [data-testid=stBaseButton-primary]')"""
    " !== null"
)
# What says which answer is in front: the key of its note field, or the pause between two batches.
TURN = (
    "([...document.querySelectorAll('[class*=st-key-note-]')]"
    ".map(e => e.className.match(/st-key-note-[0-9]+/)[0]).join()"
    " || ([...document.querySelectorAll('button')].some(b => b.innerText.includes('Go on'))"
    " ? 'pause' : ''))"
)


def settle(page: Page) -> None:
    """Wait until the page stands still, as it does while somebody reads."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)


def timed(page: Page, key: str, until: str) -> float:
    """Press a key and return the seconds until the page shows what it asks for."""
    start = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function(until, polling="raf")
    return time.perf_counter() - start


def report(waits: dict[str, list[float]]) -> None:
    """Print medians and what nineteen of twenty stay below."""
    print(f"{'':28}{'answers':>8}{'median':>9}{'95 of 100':>11}{'longest':>9}   s; goal {GOAL_S}")
    for name, seconds in waits.items():
        high = statistics.quantiles(seconds, n=20)[-1]
        print(
            f"{name:28}{len(seconds):8}{statistics.median(seconds):9.2f}{high:11.2f}"
            f"{max(seconds):9.2f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 200)
