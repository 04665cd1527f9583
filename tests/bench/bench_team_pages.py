"""How long a page of the team side takes to draw again; run with a team's folder as argument."""

import os
import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from feedback.ui import navigation

AGAIN = 9
GOAL_MS = 300


def milliseconds(page):
    start = time.perf_counter()
    page.run()
    assert not page.exception, page.exception
    return (time.perf_counter() - start) * 1000


def main(folder):
    os.environ |= {"THROUGHLINE_DATA": folder, "THROUGHLINE_SURFACE": "team"}
    print(f"{'page':16}{'first':>10}{'again':>10}   ms, median of {AGAIN}; goal {GOAL_MS}")
    for name in navigation.TEAM:
        path = Path(navigation.PAGES, "team", f"{name}.py")
        page = AppTest.from_file(str(path), default_timeout=120)
        page.session_state["signed_in"] = True
        first = milliseconds(page)
        again = statistics.median(milliseconds(page) for _ in range(AGAIN))
        print(f"{name:16}{first:10.0f}{again:10.0f}")


if __name__ == "__main__":
    main(sys.argv[1])
