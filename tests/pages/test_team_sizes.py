"""Useful, honest and safe with 0, 4, 9, 14, 30 and 1,000 responses, and 0, 1 and 8 releases."""

import json
import math
import re
import shutil
from datetime import date

import pytest

from feedback import intake
from feedback.decisions.evidence import Origin
from feedback.decisions.log import Decision, Kind
from feedback.decisions.shares import Strength
from feedback.decisions.signals import Ref, refs_of, signal
from feedback.questionnaire.answers import Answers
from feedback.store.box import open_box
from feedback.ui import navigation, team_data, views
from feedback.ui.signal_parts import has_course, topic_in_full
from feedback.ui.texts import one_line, plain
from feedback.ui.wall import SHOW

NAMES = tuple(navigation.TEAM)
VIEWS = (*((name, {}) for name in NAMES), *(("meeting", {SHOW: str(n)}) for n in range(1, 10)))
SIZES = {
    "14, eight times": (14,) * 8,
    "30": (30,),
    "30, then 10": (30, 10),
    "1,000": (1000,),
}
MANY = 200  # people from whom shares and bands are told to one percent
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
    for found in said:
        if found.reach >= MANY:
            ends = found.share - found.band, found.share + found.band
            numbers |= {math.floor(100 * ends[0]), math.ceil(100 * ends[1])}
    return numbers | set(range(0, 101, 5))  # other bands and the tables of a release lie at fives


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


def test_what_points_to_neither_side_says_when_few_people_stand_behind_it(sized, show):
    desk = sized("30").desk()
    lines = {
        picture.structure: [
            line.strength for line in picture.neither if line.origin is Origin.SURVIVORS
        ]
        for picture in views.workbench(desk).pictures
    }
    chosen = max(lines, key=lambda name: lines[name].count(Strength.WEAK))
    page = show("structure", structure=chosen)
    said = [text for box in page.markdown for text in box.value.splitlines()]
    heard = [text for text in said if text.startswith("- **People said.**")]
    weak = [text for text in heard if text.endswith("(weak signal)")]
    assert weak
    assert len(weak) == lines[chosen].count(Strength.WEAK)
    assert len(heard) == len(lines[chosen])


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


def test_a_release_that_says_nothing_leads_to_one_that_does(sized, show, words):
    desk = sized("30, then 10").desk()
    before, newest = desk.shelf.published
    assert not any(signal(newest, ref, desk.wording).known for ref in refs_of(newest))
    page = show("what_we_heard")
    links = [link.proto.label for link in page.get("page_link")]
    assert plain(f"What release {before.number} said, {before.round}") in links
    assert "What waits for us" in words(page)
    assert "What people ask us to change" not in words(page)


def test_every_theme_that_was_named_stands_on_its_page_with_its_number(sized, show):
    desk = sized("1,000").desk()
    tables = [table.value for table in show("themes").table]
    told = {(row["What people said"], row["How many"]) for t in tables if "How many" in t
            for _, row in t.iterrows() if "What people said" in t}  # fmt: skip
    newest = desk.shelf.latest
    named = [found for ref in refs_of(newest) if ref.question in ("change", "keep")
             if (found := signal(newest, ref, desk.wording)).share]  # fmt: skip
    assert len(named) > 20
    for found in named:
        theme = desk.wording.theme(found.ref.answer)
        assert any(plain(theme) == topic and one_line(found.number) in many for topic, many in told)


@pytest.mark.parametrize("area", ["first_response", "exam", "transport"])
def test_whatever_was_said_of_an_area_is_shown_or_folded(sized, show, words, area):
    desk = sized("1,000").desk()
    said = words(show("protocol", area=area))
    (view,) = [each for each in views.area_views(desk) if each.area == area]
    for found in view.signals:
        assert plain(topic_in_full(found, desk.wording)).replace("\\", "") in said


def test_what_is_not_known_of_a_structure_is_folded_and_what_is_known_is_not(
    make_page_team, tmp_path, monkeypatch, show
):
    ours = make_page_team(tmp_path / "team")
    monkeypatch.setenv("THROUGHLINE_DATA", str(ours.folder.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    said = [box.value for box in show("structure").markdown]
    assert sum(text.startswith("**People.** Not known yet") for text in said) == 4
    assert any(text.count("Not known yet") > 2 for text in said if text.startswith("- "))


def test_nobody_is_said_to_be_heard_before_the_team_marked_who_lives_here(
    make_page_team, tmp_path, monkeypatch, show, words
):
    ours = make_page_team(tmp_path / "team")
    monkeypatch.setenv("THROUGHLINE_DATA", str(ours.folder.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    said = words(show("coverage"))
    assert "Nobody that the team knows of" not in said
    assert "Anybody who was not reached may be missing" in said


def test_a_long_log_shows_the_newest_steps_and_folds_the_others(
    make_page_team, tmp_path, monkeypatch, show
):
    ours = make_page_team(tmp_path / "team")
    monkeypatch.setenv("THROUGHLINE_DATA", str(ours.folder.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    ours.save(*(
        Decision(f"d{n}", Kind.PRACTICE, f"Step {n}.", state_since=date(2026, 1, n))
        for n in range(1, 16)
    ))  # fmt: skip
    page = show("decisions")
    folds = {fold.label: fold for fold in page.expander}
    folded = [button.key for button in folds["Earlier: 3"].button]
    assert folded == ["open-d3", "open-d2", "open-d1"]
    assert page.button(key="open-d15").label.startswith("Open")


def test_one_release_alone_has_no_course_to_draw(sized, show):
    desk = sized("30").desk()
    found = views.series(desk, Ref("repeat"))
    assert len(found) == 1
    assert found[0].known
    assert not has_course(found)
    assert has_course((*found, *found))
    drawn = json.dumps([chart.proto.spec for chart in show("themes").get("vega_lite_chart")])
    assert desk.shelf.latest.round not in drawn
