"""How long each file takes that a release is handed out as, how large it is, and what it costs."""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from feedback.demonstration.make import make_demonstration
from feedback.folder import Folder
from feedback.handouts.posters import form_poster, poster_pdf
from feedback.questionnaire.catalogue import load_catalogue
from feedback.settings import Settings
from feedback.ui.handing_out import ON_PAPER, Kind, Whom, handout
from feedback.ui.team_data import read_desk


def resident():
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(name, make):
    """Make a file twice: the first time loads the program that makes it."""
    before = resident()
    times = []
    for _ in range(2):
        start = time.perf_counter()
        data = make()
        times.append(time.perf_counter() - start)
    more = resident() - before
    print(f"{name:16} {times[0]:6.2f} s {times[1]:6.2f} s {len(data):9,} bytes {more:+6.0f} MB")


def main(place):
    folder = Folder(Path(place) / "demo")
    today = date(2026, 11, 23)
    make_demonstration(folder, responses=60, seed=1, today=today)
    desk = read_desk(folder, Settings.from_env({"THROUGHLINE_DATA": str(folder.path)}), today)
    release = desk.shelf.releases[-1]
    print(f"{'file':16}    first    again", f"{resident():.0f} MB before")
    for kind in Kind:
        for whom in Whom if kind in ON_PAPER else (Whom.MEETING,):
            name = f"{kind} {whom}" if kind in ON_PAPER else kind
            measured(name, lambda kind=kind, whom=whom: handout(desk, release, kind, whom))
    poster = form_poster("https://ideas.example.org", load_catalogue()["en"])
    measured("poster", lambda: poster_pdf(poster, today))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as found:
        sys.exit(main(found))
