"""Words on the team's screens: typed text stays text, every list has its words, numbers hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.decisions.log import (
    Direction,
    Kind,
    OtherKind,
    OtherStrength,
    PublicStatus,
    Result,
)
from feedback.decisions.printed import Packet, PacketPart, SmallTable
from feedback.handouts.packet_html import packet_page
from feedback.ui import navigation, texts
from feedback.ui.team_data import new_id


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (texts.KIND_WORDS, Kind), (texts.RESULT_WORDS, Result),
        (texts.DIRECTION_WORDS, Direction), (texts.OTHER_WORDS, OtherKind),
        (texts.OTHER_STRENGTH_WORDS, OtherStrength), (texts.PUBLIC_WORDS, PublicStatus),
    ],
)  # fmt: skip
def test_everything_in_a_closed_list_has_its_words(words, members):
    assert set(words) == set(members)


def test_every_page_in_the_menu_has_its_words_and_its_file():
    assert set(texts.PAGES) == set(navigation.TEAM)
    for name in navigation.TEAM:
        assert (navigation.PAGES / "team" / f"{name}.py").exists()


def test_settings_are_the_last_thing_in_the_menu_of_a_team():
    assert list(navigation.TEAM)[-2:] == ["resources", "settings"]


@given(st.text())
def test_typed_text_cannot_become_a_picture_or_a_link(typed):
    shown = texts.plain(typed)
    for place, letter in enumerate(shown):
        if letter in "[]<`*_$":
            before = shown[:place]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


def test_a_typed_list_number_stays_a_number():
    assert texts.plain("1. First") == "1\\. First"


def test_a_day_is_written_out():
    assert texts.day(date(2026, 7, 4)) == "4 July 2026"
    assert texts.day(None) == "no date yet"


def test_a_number_stays_with_its_sign():
    assert texts.unbroken("about 10 %") == "about 10\u00a0%"


def test_an_id_is_made_of_the_first_words_and_never_taken():
    assert new_id("We pay for rides, day & night!", []) == "we-pay-for-rides-day-night"
    assert new_id("Rides", ["rides", "rides-2"]) == "rides-3"
    assert new_id("¿…?", []) == "decision"


def test_the_packet_shows_typed_text_as_text():
    table = SmallTable(("Decision",), (("<img src=x>",),))
    part = PacketPart("a", "A & B", ("<script>",), ("<b>",), table, "x")
    html = packet_page(Packet("T", "S", ((part,), (part,)))).decode()
    assert "<script>" not in html
    assert "<img" not in html
    assert html.count("class='page'") == 2
    assert "A &amp; B" in html
