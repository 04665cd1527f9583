"""Focus modules and what was said last time: one each round, comparable, light, and sealed."""

from dataclasses import replace

import pytest

from feedback import codebooks, publishing
from feedback.asking import questionnaire_for
from feedback.errors import InvalidSettings, RoundRefused
from feedback.folder import Folder
from feedback.questionnaire.answers import Mark, pack, read_answers, unpack_codes
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.choices import check_team, module_of
from feedback.questionnaire.definition import Kind, Questionnaire, load_questionnaire
from feedback.questionnaire.modules import BANK, compose, modules
from feedback.settings import RoundDates, read_team

CORE = load_questionnaire()
HEARD = tuple({"en": f"Theme {n}", "es": f"Tema {n}"} for n in range(3))
NAMES = tuple(modules())
CODES_BYTES = 1020  # docs/reference/formats.md, 2


def everything(questionnaire):
    """Return the fields of somebody who picks every answer that there is."""
    for question in questionnaire.questions:
        if question.kind is Kind.OPEN:
            yield question.id, "x" * question.longest
        elif question.kind is Kind.MULTI:
            yield from ((question.id, option.id) for option in question.options)
        else:
            yield question.id, question.option_ids[-1]


def test_what_is_asked_keeps_its_version():
    # A change of wording, order or options raises `version` in core.toml or bank.toml; then, and
    # only then, a new line goes here. Releases compare answers by these.
    known = {("core", 1): "4a7be43f45708e6b", ("bank", 1): "ad50353eb0279714"}
    for questionnaire in (CORE, load_questionnaire(BANK)):
        assert known[questionnaire.id, questionnaire.version] == questionnaire.digest


def test_every_module_has_a_few_questions_that_the_core_has_not():
    for module in modules().values():
        assert 1 <= len(module.questions) <= 3
        assert not {q.id for q in module.questions} & set(CORE.by_id)
    assert sum(len(module.questions) for module in modules().values()) == 34


@pytest.mark.parametrize("name", NAMES)
def test_a_module_stands_before_the_words_and_changes_nothing_else(name):
    asked = compose(CORE, module=modules()[name], heard=HEARD)
    ids = [section.id for section in asked.sections]
    assert ids[ids.index(name) + 1] == "words"
    assert ids[ids.index("last_time") + 1] == "age"
    assert all(asked.by_id[question.id] == question for question in CORE.questions)


@pytest.mark.parametrize("name", NAMES)
def test_the_largest_answer_to_every_module_fits_its_part(name):
    asked = compose(CORE, module=modules()[name], heard=HEARD)
    given = read_answers(everything(asked), asked, lang="en")
    answers = replace(given, lang="x" * 12, marks=frozenset(Mark))
    codes, words = pack(answers, asked, pair="0" * 16)
    assert len(codes) <= CODES_BYTES
    assert len(words) <= 4092
    assert unpack_codes(codes, asked).answers.picked == answers.picked


@pytest.mark.parametrize("name", NAMES)
def test_every_module_can_be_planned_and_read_back(name, tmp_path):
    team = read_team('name = "A team"')
    asked = compose(CORE, module=modules()[name], heard=HEARD)
    plan = publishing.make_plan(team, "2027-Q1", asked, codebooks.current(Folder(tmp_path)))
    assert plan.question("sounds_right").text == (
        "Last time, people told us: Theme 0; Theme 1; Theme 2. Does this sound right to you?"
    )
    assert Questionnaire.from_dict(asked.to_dict()) == asked


def test_two_modules_are_told_apart():
    one, other = (compose(CORE, module=modules()[name]) for name in ("housing", "court"))
    assert len({CORE.edition, one.edition, other.edition, compose(CORE, heard=HEARD).edition}) == 4
    assert CORE.edition == "1"
    assert compose(CORE) is CORE


def test_whom_a_module_is_not_for_is_not_missing(form_team, open_site):
    form_team.ask(compose(CORE, module=modules()["interview"]))
    site = open_site(form_team)
    assert "#s-interview .body" in site.get("/form").text
    assert site.post(data={"path": "did_not_ask"}).status_code == 303


# ------------------------------------------------------------------ what the team chose

TEAM = """
name = "A team"

[[rounds]]
id = "2027-Q1"
module = "housing"

[[rounds]]
id = "2027-Q2"
module = "{module}"
"""


def check(text):
    check_team(read_team(text), text, load_catalogue())


def test_a_module_that_does_not_exist_is_named_with_its_line():
    with pytest.raises(InvalidSettings, match=r"Line 10, module: There is no module houses"):
        check(TEAM.format(module="houses"))
    check(TEAM.format(module="court"))


def test_asking_who_people_are_needs_somebody_who_agreed():
    with pytest.raises(InvalidSettings, match="survivor reviewers"):
        module_of(RoundDates(id="2027-Q1", module="equity"))
    agreed = RoundDates(id="2027-Q1", module="equity", agreed_by="Youth advisers, Tribal program")
    assert module_of(agreed) == modules()["equity"]


@pytest.fixture
def asked_for(demonstration):
    """Return a function that adds a round to the demonstration's file and says what it asks."""

    def ask(lines):
        folder = demonstration.folder
        text = folder.team_text() + f'\n[[rounds]]\nid = "2030-Q1"\n{lines}\n'
        folder.team_file.write_text(text, encoding="utf-8")
        return questionnaire_for(folder, "2030-Q1")

    return ask


def test_what_people_said_last_time_comes_from_the_newest_release(asked_for):
    asked = asked_for("sounds_right = true")
    heard = asked.by_id["sounds_right"].heard
    assert 1 <= len(heard) <= 3
    assert all(set(theme) == {"en", "es"} for theme in heard)
    assert "Other or unclear" not in [theme["en"] for theme in heard]


def test_a_round_asks_the_core_unless_the_team_says_more(asked_for):
    assert asked_for("closes = 2030-03-31") == CORE


def test_without_a_release_nothing_can_be_shown(asked_for, demonstration):
    for path in demonstration.folder.ledger.iterdir():
        path.unlink()
    with pytest.raises(RoundRefused, match="no release"):
        asked_for("sounds_right = true")


# ------------------------------------------------------------------ on the form

FIRST_ROUND_TRIP = 14 * 1024  # bytes: ten packets, before the first answer of the phone


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_form_stays_light_with_every_module(form_team, open_site, lang):
    site = open_site(form_team)
    for module in modules().values():
        form_team.ask(compose(CORE, module=module, heard=HEARD))
        answer = site.get(f"/form?lang={lang}", headers={"accept-encoding": "gzip"})
        assert module.questions[0].id in answer.text
        assert int(answer.headers["content-length"]) <= FIRST_ROUND_TRIP, module.id


def test_what_people_said_is_shown_in_the_language_of_the_page(form_team, open_site):
    form_team.ask(compose(CORE, heard=[{"en": "Rides and distance", "es": "Transporte"}]))
    site = open_site(form_team)
    assert "<li>Transporte</li>" in site.get("/form?lang=es").text
    for path in ("/form", "/paper"):
        page = site.get(path).text
        assert "Last time, people told us:" in page
        assert "<li>Rides and distance</li>" in page
    assert site.post(data={"sounds_right": "partly", "lang": "en"}).status_code == 303
    [(answers, _)] = form_team.responses()
    assert answers.picked["sounds_right"] == ("partly",)


def test_answers_to_another_module_come_back_with_the_new_questions(form_team, open_site):
    before = compose(CORE, module=modules()["housing"])
    form_team.ask(compose(CORE, module=modules()["court"]))
    sent = {"v": before.edition, "respect": "agree", "shel_safe": "agree"}
    answer = open_site(form_team).post(data=sent)
    assert answer.status_code == 422
    assert "The questions have changed" in answer.text
    assert form_team.rows() == []
