"""Every team page: guarded, useful before the first release, honest with few people, and calm."""

import json
import re

import pytest

from feedback.decisions.measure import Trend
from feedback.handouts.packet_html import packet_page
from feedback.ui import navigation, team_data, views
from feedback.ui.handing_out import Kind, handout, kinds_for

NAMES = tuple(navigation.TEAM)
TEAMS = ("no release", "few people", "two releases")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_nothing_without_the_password(team, show, words, name):
    team()
    page = show(name, signed_in=False)
    assert [field.label for field in page.text_input] == ["Team password"]
    assert not page.table
    assert "Release 2" not in words(page)


@pytest.mark.parametrize("where", TEAMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_draws_with_any_number_of_releases(team, show, name, where):
    team(where)
    page = show(name)
    assert len(page.title) == 1
    assert not page.error


@pytest.mark.parametrize("name", ["what_we_heard", "structure", "protocol", "themes", "export"])
def test_before_the_first_release_a_page_says_what_comes_and_why_it_waits(team, show, words, name):
    team("no release")
    said = words(show(name))
    assert "What will appear here." in said
    assert "When." in said
    assert "at least 10 people, so that nobody can be picked out" in said


@pytest.mark.parametrize("name", NAMES)
def test_a_demonstration_says_so_on_every_page(team, show, name):
    team("two releases")
    assert any("Demonstration" in box.value for box in show(name).info)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_team_is_not_called_a_demonstration(team, show, name):
    team("few people")
    assert not any("Demonstration" in box.value for box in show(name).info)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_prints_an_id_or_speaks_of_users(team, show, words, name):
    team()
    said = words(show(name)).lower()
    for word in ("not_trouble", "repeat_story", "afraid_moved", " users", " records"):
        assert word not in said


@pytest.mark.parametrize("name", NAMES)
def test_addresses_that_nobody_made_are_passed_over(team, show, name):
    team()
    strange = {
        "release": "99", "row": "../../etc", "decision": "'; drop", "area": "<b>", "theme": "x",
        "structure": "[1]", "new": "hard:nobody",
    }  # fmt: skip
    assert len(show(name, **strange).title) == 1


def test_words_come_before_numbers(team, show):
    team()
    tables = [table.value for table in show("what_we_heard").table]
    said = [cell for table in tables if "How many" in table for cell in table["How many"]]
    assert said
    assert all(not cell[0].isdigit() for cell in said)


def test_few_people_get_words_and_weak_signals_only(team, show, words):
    team("few people")
    said = words(show("what_we_heard"))
    assert "These are weak signals: few people answered." in said
    assert "Too few people answered to say who they are." in said


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("what_we_heard", {}), ("protocol", {}), ("protocol", {"area": "interview"}),
        ("themes", {"theme": "repeat_story"}), ("decisions", {"decision": "tell-it-once"}),
        ("meeting", {"show": "6"}),
    ],
)  # fmt: skip
def test_every_chart_tells_itself_in_words_and_has_a_table(team, show, name, query):
    team()
    page = show(name, **query)
    charts = page.get("vega_lite_chart")
    assert charts
    rows = [
        " ".join(map(str, row)).replace("\\", "").replace("\u2011", "-").lower()
        for table in page.table
        for row in table.value.to_numpy()
    ]
    for chart in charts:
        described = json.loads(chart.proto.spec)["description"]
        assert described.endswith(".")
        first = described.split(":")[0].split(";")[0].lower()
        assert any(first in row for row in rows), described


def test_people_say_whether_last_time_was_heard_right(team, show, words):
    ours = team()
    assert "Did we hear it right?" not in words(show("what_we_heard"))
    ours.release(60, chapter=2, sound=("yes", "yes", "partly"))
    page = show("what_we_heard")
    said = words(page)
    assert "Did we hear it right?" in said
    assert "Does this sound right to you?" in said
    table = next(t.value for t in page.table if "Partly" in list(t.value.iloc[:, 0]))
    assert dict(zip(table.iloc[:, 0], table["How many"], strict=True))["Yes"].startswith("Most")


def test_too_few_who_were_shown_last_time_say_nothing_yet(team, show, words):
    ours = team()
    ours.release(60, chapter=2, sound=("yes", *[None] * 9))
    said = words(show("what_we_heard"))
    assert "Did we hear it right?" in said
    assert "That is not the same as nothing to say." in said
    assert "Where people say “partly”" not in said


def test_what_is_different_is_said_with_its_bands(team, show):
    ours = team("few people")
    ours.release(200, chapter=1)
    ours.release(200, chapter=0)
    drawn = (block.value for block in show("what_we_heard").markdown)
    moved = next(block.splitlines() for block in drawn if "; this time " in block)
    ways = ("**Clear change up.**", "**Clear change down.**", "**Points up.**", "**Points down.**")
    for line in moved:
        assert line.startswith(tuple(f"- {way}" for way in ways))
        assert line.count("likely") == 2


def test_signing_out_forgets_everything(team, show):
    team()
    page = show("decisions")
    next(button for button in page.button if button.label == "Sign out").click().run()
    assert [field.label for field in page.text_input] == ["Team password"]
    assert "signed_in" not in page.session_state


def test_nothing_that_was_published_stays_in_the_session(team, show):
    team()
    page = show("what_we_heard")
    assert set(page.session_state) <= {"signed_in"}


def test_the_workbench_keeps_the_order_of_the_article_and_names_no_winner(team, show, words):
    team()
    page = show("structure")
    radios = {radio.label: radio for radio in page.radio}
    assert radios["Look at one of them"].options == [
        "A subcommittee of the SART", "Part of the regular SART", "A new team of its own",
        "A team that exists: child protection or CAC", "A team for a region",
    ]  # fmt: skip
    said = words(page).lower()
    assert "this is evidence, not a verdict" in said
    for word in ("winner", "recommend", "score", "best option", "ranking"):
        assert word not in said


def test_a_link_opens_the_structure_it_names(team, show):
    team()
    page = show("structure", structure="regional")
    assert "A team for a region" in [header.value for header in page.header]


def test_a_link_opens_the_area_it_names(team, show):
    team()
    page = show("protocol", area="housing")
    assert "Safe place to stay" in [header.value for header in page.header]


def test_a_link_opens_the_release_at_its_row(team, show):
    team()
    page = show("export", release="1", row="hard:wait")
    answers = next(t.value["Answer"] for t in page.table if "Answer" in t.value)
    marked = [answer for answer in answers if "→" in answer]
    assert marked == ["**→** I had to wait too long"]


def test_a_release_shows_its_fingerprint_and_its_rule(team, show, words):
    release = team().desk().shelf.releases[-1]
    page = show("export")
    assert page.code[0].value == release.hash
    assert "Every row holds at least 10 people" in words(page)


def test_a_changed_release_is_refused_with_a_calm_sentence(team, show):
    path = team().folder.release(1)
    path.write_text(path.read_text(encoding="utf-8").replace("2026-Q1", "2026-Q9"))
    page = show("what_we_heard")
    assert "was changed" in page.warning[0].value
    assert not page.table


def test_a_new_release_is_seen_without_a_restart(team, show, words):
    ours = team()
    assert "Release 2" in words(show("what_we_heard"))
    ours.release(40, chapter=2)
    assert "Release 3" in words(show("what_we_heard"))


def test_a_theme_says_where_it_bears(team, show):
    team()
    page = show("themes", theme="repeat_story")
    links = [link.proto.label for link in page.get("page_link")]
    assert "Protocol: Interview" in links
    assert any(label.startswith("A subcommittee of the SART, for") for label in links)


def test_the_packet_is_one_page_that_loads_nothing(team):
    ours = team()
    html = packet_page(views.meeting_packet(ours.desk()), demonstration=True).decode()
    assert "Demonstration: everything here is invented." in html
    for outside in ("http:", "https", "src=", "@import", "url(", "<script"):
        assert outside not in html


def test_posters_are_made_for_the_address_that_is_typed(team, show, words):
    ours = team("two releases")
    team_data.put_up_board(ours.desk(), ours.desk().decisions, ours.folder)
    page = show("export")
    assert "Type the address as it stands in a browser" in words(page)
    next(f for f in page.text_input if "address" in f.label).input("https://x.example.org/").run()
    assert not page.exception
    labels = [button.label for button in page.get("download_button")]
    assert {"Poster of the form (PDF)", "Poster of what changed (PDF)"} <= set(labels)
    next(box for box in page.selectbox if box.label == "Language").select("es").run()
    assert not page.exception


def test_before_the_first_release_there_is_a_packet_too(team, show):
    ours = team("no release")
    labels = [button.label for button in show("meeting").get("download_button")]
    assert "Get the packet to print" in labels
    assert handout(ours.desk(), None, Kind.PDF).startswith(b"%PDF-1.7")
    assert b"There is no release yet" in handout(ours.desk(), None, Kind.HTML)


def test_too_few_people_make_no_picture(team, show):
    ours = team("few people")
    desk = ours.desk()
    labels = [button.label for button in show("export").get("download_button")]
    drawn = any(Kind.PNG in kinds_for(desk, release) for release in desk.shelf.releases)
    assert ("Download picture" in labels) == drawn


def test_a_decision_says_by_what_it_is_seen_and_leaves_the_result_to_the_team(team, show, words):
    team()
    said = words(show("decisions", decision="tell-it-once"))
    assert "I had to tell my story too many times (agreeing is bad news)" in said
    assert "It helped when fewer people say so." in said
    assert "What was found, the team decides." in said


def test_before_and_after_go_by_when_people_got_help(team, show, words):
    ours = team("few people")
    for chapter in (0, 1):
        ours.release(200, chapter=chapter)
    said = words(show("decisions", decision="tell-it-once"))
    trends = "|".join(Trend)
    said_of_both = r"Help over a year ago: [^.]*likely\b[^.]*\. Help lately: [^.]*likely\b"
    assert re.search(rf"In the newest release: ({trends})[a-z ]*\.\*\* {said_of_both}", said)
