"""Posters: one sheet each, an address for phones, and no word of the topic at the door."""

import io
import re
from dataclasses import replace
from datetime import date

import page
import pypdf
import pytest

from feedback.handouts.posters import (
    Told,
    board_poster,
    can_print,
    clean_address,
    form_poster,
    poster_pdf,
)
from feedback.questionnaire.catalogue import Language, load_catalogue

DAY = date(2026, 11, 23)
HERE = "https://ideas.example.org"
TOPIC = re.compile(
    r"abuse|assault|rape|sex|traffick|violen|victim|survivor|police|court|shelter|trata|abuso|"
    r"v[ií]ctima|polic[ií]a",
    re.IGNORECASE,
)
LANGUAGES = load_catalogue()
TOLD = tuple(
    Told(f"Area {number}", (("What we heard", "Some people waited too long. " * 6),))
    for number in range(12)
)


def read(poster):
    reader = pypdf.PdfReader(io.BytesIO(poster_pdf(poster, DAY)))
    return reader, " ".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("tag", ["en", "es"])
def test_the_poster_of_the_form_says_nothing_of_its_topic(tag):
    reader, text = read(form_poster(HERE, LANGUAGES[tag]))
    assert len(reader.pages) == 1
    assert f"{HERE}/" in text
    assert not TOPIC.search(text)
    assert not TOPIC.search(reader.metadata["/Title"])
    assert reader.trailer["/Root"]["/Lang"] == tag


def test_a_poster_of_a_demonstration_says_so():
    poster = board_poster(HERE, LANGUAGES["en"], TOLD)
    assert "Demonstration" not in read(poster)[1]
    assert "Demonstration" in read(replace(poster, banner="Demonstration"))[1]


@pytest.mark.parametrize("tag", ["en", "es"])
def test_the_poster_of_the_board_holds_as_much_as_fits_one_sheet(tag):
    reader, text = read(board_poster(HERE, LANGUAGES[tag], TOLD))
    assert len(reader.pages) == 1
    assert f"{HERE}/board" in text
    assert "Area 0" in text
    assert "Area 11" not in text
    assert LANGUAGES[tag].translate("What we heard and what changed") in text


def test_the_address_is_told_to_people_who_do_not_see_it():
    pdf = poster_pdf(form_poster(HERE, LANGUAGES["en"]), DAY)
    assert pdf == poster_pdf(form_poster(HERE, LANGUAGES["en"]), DAY)
    assert (
        b"<pdfuaid:part>1"
        in pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_object().get_data()
    )


@pytest.mark.parametrize("tag", ["en", "es"])
def test_an_independent_checker_finds_nothing_against_a_poster(tag):
    for poster in (form_poster(HERE, LANGUAGES[tag]), board_poster(HERE, LANGUAGES[tag], TOLD)):
        report = page.validate_pdf_bytes(poster_pdf(poster, DAY), profile="ua1")
        assert [failure.message for failure in report.failures] == []


def test_a_language_whose_letters_are_not_here_is_not_printed():
    arabic = Language("ar", "العربية", "rtl", texts={"What we heard and what changed": "ما سمعنا"})
    assert not can_print(board_poster(HERE, arabic, ()))
    assert can_print(board_poster(HERE, LANGUAGES["es"], TOLD))


@pytest.mark.parametrize("typed", [f"{HERE}/", f" {HERE} ", "http://127.0.0.1:8000"])
def test_an_address_is_taken_as_people_type_it(typed):
    assert clean_address(typed) == typed.strip().rstrip("/")


@pytest.mark.parametrize(
    "typed", ["", "ideas", "javascript:alert(1)", f"{HERE}/form?x=1", "ftp://x.org", "https://a b"]
)
def test_what_is_no_address_makes_no_poster(typed):
    assert clean_address(typed) == ""
