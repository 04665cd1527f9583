"""The words of a question where it is told, and whether two releases asked the same."""

import pytest

from feedback.decisions.wording import Wording, wording_from
from feedback.publishing import make_plan
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.definition import Kind, load_questionnaire
from feedback.settings import TeamFile
from feedback.themes import codebook, editing
from feedback.ui.shelf import in_spanish, load_bank, versions_of, wording_of


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_line_tells_a_reader_how_to_tick_a_question(lang):
    translate = load_catalogue()[lang].translate
    sheets = (load_bank(), load_questionnaire())
    asked = wording_from(sheets).questions
    words = Wording(questions={name: translate(text) for name, text in asked.items()})
    shortened = [name for name in asked if words.question(name) != words.questions[name]]
    several = [q.id for sheet in sheets for q in sheet.questions if q.kind is Kind.MULTI]
    assert sorted(shortened) == sorted(several)
    assert all(words.question(name).endswith("?") for name in several)


def asked(sheet, book):
    return versions_of(make_plan(TeamFile(name="Cedar"), "2026-Q4", sheet, book))


def test_a_question_in_other_words_is_another_question():
    sheet, book = load_questionnaire(), codebook.load()
    data = sheet.to_dict()
    data["sections"][1]["questions"][0]["text"] = "They were kind."
    first, second = asked(sheet, book), asked(type(sheet).from_dict(data), book)
    assert {name for name in first if first[name] != second[name]} == {"respect"}


def test_a_theme_more_or_less_leaves_the_open_questions_the_same():
    sheet, book = load_questionnaire(), codebook.load()
    assert asked(sheet, book) == asked(sheet, editing.retire(book, "wait"))


def test_in_spanish_an_option_is_never_called_by_a_theme_that_bears_its_id():
    book, catalogue = codebook.load(), load_catalogue()["es"]
    themes = {theme: book.label(theme, "es") for theme in book.counted}
    wording = wording_of(())
    spanish = in_spanish(wording, themes)
    both = {place for place in wording.answers if place[1] in themes}
    assert ("hard", "wait") in both
    for place in both:
        assert spanish.answers[place] == catalogue.texts[wording.answers[place]]
    assert spanish.answer("change", "wait") == themes["wait"] != spanish.answer("hard", "wait")
