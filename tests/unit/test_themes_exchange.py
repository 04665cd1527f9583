"""A codebook goes to other programs and comes back from them."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from feedback.errors import InvalidSettings
from feedback.themes import codebook as books
from feedback.themes import editing, foreign
from feedback.themes.exchange import to_csv, to_qdc

BOOK = books.load()
QDC = "{urn:QDA-XML:codebook:1.0}"


def back(text, lang="en", book=BOOK):
    return foreign.add(book, foreign.read(text.encode()), lang)


def test_csv_begins_with_the_two_columns_that_taguette_reads():
    rows = list(csv.reader(io.StringIO(to_csv(BOOK, "en"))))
    assert rows[0] == ["tag", "description", "id", "key words", "examples"]
    assert len(rows) == 1 + 30 + 2
    assert rows[1][0] == "Being believed"
    assert not {"name", "path"} & set(rows[0])  # Taguette refuses two columns for one thing


@pytest.mark.parametrize("lang", ["en", "es"])
def test_our_own_csv_changes_nothing(lang):
    assert back(to_csv(BOOK, lang), lang) == BOOK


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_taguette_keeps_of_our_csv_changes_nothing(lang):
    rows = csv.reader(io.StringIO(to_csv(BOOK, lang)))
    out = io.StringIO()
    csv.writer(out).writerows([row[0], row[1], "3", "2"] for row in rows)
    text = out.getvalue().replace("tag,description,3,2", "tag,description,number of highlights,n")
    assert back(text, lang) == BOOK


@pytest.mark.parametrize("lang", ["en", "es"])
def test_our_own_qdc_changes_nothing(lang):
    assert back(to_qdc(BOOK, lang), lang) == BOOK


def test_a_cell_that_a_spreadsheet_would_run_is_harmless_and_comes_back():
    words = replace(BOOK.theme("wait").words["en"], label="=1+1", examples=("-2 hours", "b"))
    theme = replace(BOOK.theme("wait"), words={**BOOK.theme("wait").words, "en": words})
    book = editing.put(BOOK, theme)
    text = to_csv(book, "en")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert back(text, book=BOOK) == book


def test_codes_of_another_program_become_themes_that_ask_for_words():
    found = back("\ufeffid,Name,colour\n1,Rides & Buses,red\n,,\n2,2nd thought,blue\n")
    new = found.themes[30:]
    assert [theme.words["es"].label for theme in new] == ["Rides & Buses", "2nd thought"]
    assert [theme.id for theme in new] == ["rides_buses", "t_2nd_thought"]
    assert len(books.advice(found)) == 8


def test_a_label_alone_finds_its_theme_and_keeps_what_is_not_said():
    found = back("tag,description\nwaiting and hours,How long it took.\n")
    words = found.theme("wait").words["en"]
    assert words.definition == "How long it took."
    assert words.stems == BOOK.theme("wait").words["en"].stems
    assert found.theme("wait").words["es"] == BOOK.theme("wait").words["es"]


def test_a_retired_theme_does_not_come_back_by_a_file():
    text = to_csv(BOOK, "en")
    with pytest.raises(InvalidSettings, match="Waiting and hours was retired"):
        back(text, book=editing.retire(BOOK, "wait"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "no column is called tag, name or path"),
        ("", "no column"),
        ("tag\n\n", "There is no code in it"),
        ("tag,key words\nNew,(x)\n", "Line 2 cannot be used.*a key word is no word"),
        (f"tag\n{'x' * 700}\n", "longer than 600 letters"),
        (f"tag\n{'x' * 200_000}\n", "It is not a table in CSV"),
        ("<CodeBook", "It is not a REFI-QDA codebook"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><CodeBook/>', "It is not a REFI-QDA codebook"),
        ("<CodeBook/>", "There is no code in it"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_place(text, reason):
    with pytest.raises(InvalidSettings, match=reason):
        back(text)


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(InvalidSettings, match="not text in UTF-8"):
        foreign.read(b"\xff\xfe\x00t")


def test_categories_of_a_qdc_are_no_themes_but_what_is_in_them_is():
    text = (
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code name="Group" isCodable="false">'
        '<Code name="Night bus" isCodable="true"/></Code></Codes></CodeBook>'
    )
    assert [entry.label for entry in foreign.read(text.encode())] == ["Night bus"]


def codes_in(qdc):
    root = ElementTree.fromstring(qdc)  # noqa: S314 - our own output
    assert root.tag == f"{QDC}CodeBook"
    assert [child.tag for child in root] == [f"{QDC}Codes"]  # the schema allows no empty Sets
    return root.findall(f"{QDC}Codes/{QDC}Code")


def test_refi_qda_holds_every_theme_with_a_lasting_guid():
    codes, english = codes_in(to_qdc(BOOK, "es")), codes_in(to_qdc(BOOK, "en"))
    assert [code.get("name") for code in codes][:2] == ["Que me crean", "Respeto y amabilidad"]
    assert [code.get("guid") for code in codes] == [code.get("guid") for code in english]
    assert all(code.find(f"{QDC}Description").text for code in codes)
