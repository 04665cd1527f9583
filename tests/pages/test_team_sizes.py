"""Useful, honest and safe with 0, 4, 9, 14, 30 and 1,000 responses, and 0, 1 and 8 releases."""

import re
import shutil

import pytest

from feedback import intake
from feedback.decisions.shares import Strength
from feedback.decisions.signals import Ref, refs_of, signal
from feedback.questionnaire.answers import Answers
from feedback.store.box import open_box
from feedback.ui import navigation, team_data
from feedback.ui.wall import SHOW

NAMES = tuple(navigation.TEAM)
VIEWS = (*((name, {}) for name in NAMES), *(("meeting", {SHOW: str(n)}) for n in range(1, 10)))
SIZES = {"14, eight times": (14,) * 8, "30": (30,), "1,000": (1000,)}
LEAST = 120  # letters under which a page would be called empty
PERCENT = re.compile(r"(\d+)[\s\u00a0]%")
PEOPLE = re.compile(r"about (\d+) people|about (\d+)(?![\s\u00a0\d]*%)")


@pytest.fixture(scope="module")
def _sizes(tmp_path_factory, make_page_team):
    """Make each team once, with decisions and marks of its own."""
    place = tmp_path_factory.mktemp("sizes")
    for name, sizes in SIZES.items():
        ours = make_page_team(place / name)
        for chapter, people in enumerate(sizes):
            ours.release(people, chapter=chapter)
        ours.write()
    return place


@pytest.fixture
def sized(_sizes, tmp_path, monkeypatch, make_page_team):
    def copy(name):
        path = tmp_path / "team"
        shutil.copytree(_sizes / name, path)
        monkeypatch.setenv("THROUGHLINE_DATA", str(path))
        monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
        return make_page_team(path, made=True)

    return copy


def published_percents(desk):
    """Return every percentage that the releases on the desk allow, and the ends of its bands."""
    said = [
        signal(published, ref, desk.wording)
        for published in desk.shelf.published
        for ref in {*refs_of(published), *(Ref(r.question, r.answer) for r in published.rows)}
    ]
    numbers = {int(n) for found in said for n in PERCENT.findall(found.number)}
    return numbers | set(range(0, 101, 5))  # bands and the tables of a release lie at fives


@pytest.mark.parametrize("size", SIZES)
def test_every_page_says_something_and_no_number_that_was_not_released(sized, show, words, size):
    desk = sized(size).desk()
    percents = published_percents(desk)
    bases = {row["base"] for row in desk.shelf.rows} | {row["count"] for row in desk.shelf.rows}
    for name, query in VIEWS:
        page = show(name, **query)
        said = words(page)
        assert not page.error, (name, query)
        assert len(page.title) == 1, (name, query)
        assert len(said) > LEAST, (name, query)
        assert {int(n) for n in PERCENT.findall(said)} <= percents, (name, query)
        counted = {int(one or other) for one, other in PEOPLE.findall(said)}
        assert counted <= bases, (name, query)


def test_a_small_team_reads_words_and_no_percentages(sized, show, words):
    sized("14, eight times")
    for name in ("what_we_heard", "structure", "protocol", "themes", "decisions", "meeting"):
        assert not PERCENT.findall(words(show(name))), name


def test_however_the_numbers_fall_fourteen_people_are_no_strong_signal(sized, show, words):
    ours = sized("14, eight times")
    for published in ours.desk().shelf.published:
        said = [signal(published, ref, ours.desk().wording) for ref in refs_of(published)]
        assert {found.strength for found in said} <= {Strength.WEAK, Strength.NOT_YET}
    assert "(signal)" not in words(show("structure"))


def test_nobody_sees_whether_four_or_nine_or_nobody_answered(
    make_form_team, tmp_path, show, words, monkeypatch
):
    ours = make_form_team(tmp_path / "team")
    monkeypatch.setenv("THROUGHLINE_DATA", str(ours.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    heard = []
    for more in (0, 4, 5):
        with open_box(ours.path / "box.sqlite") as box:
            for _ in range(more):
                intake.submit(Answers("en", {}, {}), ours.round, box)
        heard.append({(name, *query): words(show(name, **query)) for name, query in VIEWS})
    assert len(ours.rows()) == 9
    assert heard[0] == heard[1] == heard[2]
    assert all(len(said) > LEAST for said in heard[0].values())
    assert team_data.today().isoformat() not in heard[0]["what_we_heard",]
