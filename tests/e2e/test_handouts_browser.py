"""Packet and summary as web pages in a real browser: offline, readable, and few sheets of paper."""

import io
from datetime import date

import pypdf
import pytest

from feedback.settings import Settings
from feedback.ui.handing_out import Kind, Whom, handout
from feedback.ui.team_data import read_desk

SHEETS = {Whom.MEETING: 2, Whom.FUNDER: 1}


@pytest.fixture(scope="module")
def pages(made_demonstration, tmp_path_factory):
    """Return where the two web pages of the newest release lie."""
    place = tmp_path_factory.mktemp("pages")
    settings = Settings.from_env({"THROUGHLINE_DATA": str(made_demonstration.path)})
    today = date.today()  # noqa: DTZ011 - the day on which the demonstration was made
    desk = read_desk(made_demonstration.folder, settings, today)
    for whom in Whom:
        data = handout(desk, desk.shelf.releases[-1], Kind.HTML, whom)
        (place / f"{whom}.html").write_bytes(data)
    return place


@pytest.fixture
def open_file(pages, browse):
    """Return a function that opens one of them; whatever the browser complains of is kept."""

    def show(whom, **more):
        page = browse(**more)
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.goto((pages / f"{whom}.html").as_uri())
        return page

    return show


@pytest.mark.parametrize("whom", list(Whom))
def test_a_page_asks_for_nothing_but_itself(open_file, whom):
    page = open_file(whom, width=1280, height=900)
    page.wait_for_load_state("networkidle")
    assert page.asked == [page.url]
    assert page.said == []
    assert page.evaluate("document.fonts.size") == 0


@pytest.mark.parametrize("whom", list(Whom))
def test_a_page_prints_on_one_sheet_of_paper(open_file, whom):
    page = open_file(whom, width=1280, height=900)
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == SHEETS[whom]
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [612, 792]


@pytest.mark.parametrize("whom", list(Whom))
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_file, findings, whom, width):
    page = open_file(whom, width=width, height=900, bypass_csp=True)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_bar_is_drawn_as_long_as_it_says(open_file):
    page = open_file(Whom.MEETING, width=1280, height=900)
    bars = page.evaluate(
        "() => [...document.querySelectorAll('svg')].map(svg => ["
        " svg.querySelector('.share').getBoundingClientRect().width /"
        " svg.querySelector('.shell').getBoundingClientRect().width,"
        " svg.closest('tr').cells[2].innerText])"
    )
    assert len(bars) > 4
    for drawn, said in bars:
        percent = int("".join(filter(str.isdigit, said.split("(")[1])))
        assert abs(drawn * 100 - percent) <= 6, said
