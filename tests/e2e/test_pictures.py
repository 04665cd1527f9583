"""The pictures of the README, taken from a demonstration; `make docs` keeps them in docs."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from feedback.demonstration.make import PASSPHRASES_FILE
from feedback.passphrases import PASSWORD

ROOT = Path(__file__).parents[2]
PORT = 8765
THROUGHLINE = (sys.executable, "-c", "from feedback.cli import main; main()")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """Serve a demonstration team, both sides, and return its address and team password."""
    folder = tmp_path_factory.mktemp("pictures") / "demo"
    subprocess.run([*THROUGHLINE, "demo", folder, "--no-serve"], cwd=ROOT, check=True)
    lines = (folder / PASSPHRASES_FILE).read_text(encoding="utf-8").splitlines()
    password = dict(line.split(": ", 1) for line in lines)[PASSWORD]
    with subprocess.Popen(
        [*THROUGHLINE, "serve", folder, "--port", str(PORT)], cwd=ROOT
    ) as process:
        url = f"http://127.0.0.1:{PORT}"
        for _ in range(300):
            try:
                httpx.get(f"{url}/help", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, password
        process.terminate()


@pytest.fixture
def pictures(tmp_path):
    """Return where pictures go: THROUGHLINE_PICTURES, or a place that is thrown away."""
    place = Path(os.environ.get("THROUGHLINE_PICTURES", tmp_path))
    place.mkdir(parents=True, exist_ok=True)
    return place


def test_the_form_has_its_picture(demonstration, browse, pictures):
    page = browse(390, 760)
    page.goto(f"{demonstration[0]}/")
    page.screenshot(path=pictures / "form.png")
    assert page.get_by_role("link", name="Start").is_visible()


def test_what_we_heard_has_its_picture(demonstration, browse, pictures):
    url, password = demonstration
    page = browse(1280, 900)
    page.goto(f"{url}/team/")
    page.get_by_label("Team password").fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What we heard").first.wait_for(timeout=60_000)
    page.locator("canvas, svg.marks").first.wait_for(timeout=60_000)
    page.stand_still()
    page.screenshot(path=pictures / "what-we-heard.png")
    assert page.get_by_text("Every answer, number and decision here is invented").is_visible()
