"""Charts as pictures: the same words as the tables, nothing from outside, nothing but a picture."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date

import pytest

from feedback.decisions.heard import what_we_heard
from feedback.decisions.published import read_releases
from feedback.ui.pictures import NOTHING, at_a_glance, of_questions, zipped
from tests.unit.test_decisions_signals import release, wording

GOOD, MIXED = (0, 0, 0, 20, 20), (10, 5, 5, 10, 10)
FULL = {
    "respect": GOOD,
    "believed": MIXED,
    "hard": {"no_ride": 20, "wait": 0},
    "change": {"housing": 20},
    "keep": {"advocate": 15},
}
ORIGIN = "Release 1 of 2026-Q1. Fingerprint (SHA-256): " + "ab" * 32


def glance(rows):
    return at_a_glance(read_releases(rows)[-1], what_we_heard(rows, wording()), origin=ORIGIN)


def questions(rows):
    return dict(of_questions(read_releases(rows)[-1], wording(), origin=ORIGIN))


@pytest.fixture(scope="module")
def drawn():
    return glance(release(**FULL)).svg()


def test_a_picture_says_what_the_release_says(drawn):
    said = " ".join(text.strip() for text in ET.fromstring(drawn).itertext())  # noqa: S314
    for words in (
        "How people were treated", "“They treated me with respect”",
        "agree: nearly all (over 90 %)",
        "What helps: keep it", "Advocate", "about half (about 40 %)",
        "What to change", "Safe place to stay", "about half (about 50 %)",
    ):  # fmt: skip
        assert words in said
    assert "ab" * 32 in said


def test_a_picture_asks_nobody_for_anything(drawn):
    assert not re.search(r"<(script|image|use|foreignObject)|url\(|@import|xlink:href=", drawn)
    assert set(re.findall(r"https?://[^\"' ]+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_no_word_of_a_picture_is_cut_off(drawn):
    assert "line: where agreeing begins" in drawn
    assert "…" not in drawn


def test_the_words_of_a_picture_tell_it_whole():
    alt = glance(release(**FULL)).alt
    assert alt.startswith("How people were treated.")
    assert "Safe place to stay: about half (about 50 %)." in alt


def test_of_too_few_people_there_is_no_picture():
    assert glance(release(people=10, respect=(0, 0, 0, 5, 5))) is None
    assert list(questions(release(people=10, respect=(0, 0, 0, 5, 5))).values()) == [None]


def test_each_question_has_its_picture_or_a_reason():
    found = questions(release(**FULL) + release(status="protected", safe=GOOD))
    names = [picture.name for picture in found.values() if picture]
    assert names == ["01-respect", "02-believed", "03-hard", "04-change", "05-keep"]
    told = wording().question("hard")
    assert found[told].alt.startswith("I had no ride")
    assert "few or none (under 10 %)." in found[told].alt
    assert found[wording().question("safe")] is None


def test_what_cannot_be_drawn_is_named_in_the_file():
    data = zipped([("Did they ask?", None)], origin=ORIGIN, day=date(2026, 5, 4))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.namelist() == ["in-words.txt"]
        assert f"Did they ask?\n{NOTHING}" in file.read("in-words.txt").decode()


def test_the_same_release_draws_the_same_picture(drawn):
    again = glance(release(**FULL))
    assert again.svg() == drawn
    assert again.png(drawn) == again.png(drawn)
