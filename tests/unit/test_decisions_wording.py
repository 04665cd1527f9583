"""The words of a question where it is told, and not asked: without how to tick its answers."""

import pytest

from feedback.decisions.wording import Wording, wording_from
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.definition import Kind, load_questionnaire
from feedback.ui.team_data import load_bank


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
