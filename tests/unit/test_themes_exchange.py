"""A codebook goes to other programs and comes back from them."""

import csv
import io
from xml.etree import ElementTree

import pytest

from feedback.errors import InvalidSettings
from feedback.themes import codebook as books
from feedback.themes.exchange import from_csv, to_csv, to_qdc

BOOK = books.load()
QDC = "{urn:QDA-XML:codebook:1.0}"


def test_csv_has_the_two_columns_that_taguette_reads():
    rows = list(csv.reader(io.StringIO(to_csv(BOOK, "en"))))
    assert rows[0] == ["tag", "description"]
    assert len(rows) == 1 + 30 + 2
    assert rows[1][0] == "Being believed"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_csv_brings_ids_labels_and_definitions_back(lang):
    back = from_csv(to_csv(BOOK, lang), lang)
    assert [theme.id for theme in back.themes] == [theme.id for theme in BOOK.themes]
    for theme in back.themes:
        here, there = theme.words[lang], BOOK.theme(theme.id).words[lang]
        assert (here.label, here.definition) == (there.label, there.definition)
        assert (here.include, here.exclude) == (there.include, there.exclude)


def test_csv_brings_the_projects_own_flags():
    assert [flag.id for flag in from_csv(to_csv(BOOK, "en"), "en").flags] == ["other", "needs_care"]


def test_a_csv_of_another_program_becomes_a_codebook():
    back = from_csv("\ufeffid,Name,colour\n1,Rides & Distance,red\n,,\n2,2nd thought,blue\n", "en")
    assert [theme.id for theme in back.themes] == ["rides_distance", "t_2nd_thought"]
    assert back.themes[0].words["en"].definition == "Rides & Distance"
    assert books.advice(back)


def test_a_csv_without_tags_is_refused():
    with pytest.raises(InvalidSettings, match="no column is called tag"):
        from_csv("a,b\n1,2\n", "en")
    with pytest.raises(InvalidSettings, match="no column"):
        from_csv("", "en")


def codes_in(qdc):
    root = ElementTree.fromstring(qdc)  # noqa: S314 - our own output
    assert root.tag == f"{QDC}CodeBook"
    return root.findall(f"{QDC}Codes/{QDC}Code")


def test_refi_qda_holds_every_theme_with_a_lasting_guid():
    codes, english = codes_in(to_qdc(BOOK, "es")), codes_in(to_qdc(BOOK, "en"))
    assert [code.get("name") for code in codes][:2] == ["Que me crean", "Respeto y amabilidad"]
    assert [code.get("guid") for code in codes] == [code.get("guid") for code in english]
    assert all(code.find(f"{QDC}Description").text for code in codes)
