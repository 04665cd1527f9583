"""A team's folder with real releases in its ledger, and pages run the way Streamlit runs them."""

import json
import shutil
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from feedback import custody, ledgers, publishing
from feedback.demonstration.people import invent
from feedback.demonstration.team import team_coverage, team_decisions, team_inputs
from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import Answer, Kind, PlannedQuestion
from feedback.disclosure.release import build_release
from feedback.folder import Folder
from feedback.questionnaire.definition import load_questionnaire
from feedback.settings import Settings
from feedback.themes.codebook import load
from feedback.ui import team_data

SOUNDS_RIGHT = PlannedQuestion(
    "sounds_right",
    Kind.SINGLE,
    "Does this sound right to you?",
    tuple(
        Answer(name, text)
        for name, text in (
            ("yes", "Yes"), ("partly", "Partly"), ("no", "No"), ("not_sure", "I am not sure"),
        )
    ),
)  # fmt: skip
PAGES = Path(__file__).parents[2] / "pages" / "team"


def answers_of(person, plan):
    """Return one person's answers as a row of the frame that a release is built from."""
    given = {}
    for name, value in person.fields:
        given.setdefault(name, []).append(value)
    row = {}
    for question in plan.questions:
        ids = {answer.id for answer in question.columns}
        several = person.themes if question.kind is Kind.THEME else given
        picked = tuple(answer for answer in several.get(question.id, ()) if answer in ids)
        row[question.id] = picked if question.kind.several else next(iter(picked), None)
    return row


class Team:
    """A team's folder; what its members write goes through the same doors as on the pages."""

    def __init__(self, path):
        self.folder = Folder(path)
        self.settings = Settings.from_env({"THROUGHLINE_DATA": str(path)})

    def make(self, *, demonstration=False):
        custody.make_team(
            self.folder,
            "Cedar County SART",
            password="one two three",  # noqa: S106
            today=date(2026, 1, 5),
            demonstration=demonstration,
        )

    def release(self, people, *, chapter, sound=()):
        """Freeze a release of invented people; its signature is not what these tests are about.

        ``sound``: what they say, by turns, when the form asks whether last time sounds right.
        """
        before = ledgers.documents(self.folder)
        number = len(before) + 1
        quarter = f"{2026 + (number - 1) // 4}-Q{(number - 1) % 4 + 1}"
        plan = publishing.make_plan(self.folder.team(), quarter, load_questionnaire(), load())
        rows = [answers_of(person, plan) for person in invent(people, seed=1, chapter=chapter)]
        if sound:
            plan = replace(plan, questions=(*plan.questions, SOUNDS_RIGHT))
            rows = [
                row | {"sounds_right": said} for row, said in zip(rows, cycle(sound), strict=False)
            ]
        unsigned = build_release(
            pd.DataFrame(rows),
            plan,
            key=b"k" * 32,
            number=number,
            previous_hash=before[-1]["hash"] if before else "",
            day=date(2026 + (number - 1) // 4, 3 * ((number - 1) % 4 + 1), 28),
        )
        document = chain(unsigned, before[-1] if before else None, lambda _: "00")
        self.folder.release(number).write_text(json.dumps(document), encoding="utf-8")

    def write(self):
        """Save what the demonstration team decided, marked and said of itself."""
        day = team_data.today()
        self.save(*team_decisions(day), *team_coverage(day), team_inputs(day))

    def save(self, *things):
        for thing in things:
            team_data.save(self.settings, thing, seen=0, author="Coordinator")

    def desk(self):
        return team_data.read_desk(self.folder, self.settings, team_data.today())

    def decision(self, id_):
        return self.desk().decision(id_)


@pytest.fixture(scope="session")
def _teams(tmp_path_factory):
    """Make each team once: without a release, with one of few people, and with two."""
    place = tmp_path_factory.mktemp("teams")
    for name, sizes in (("no release", ()), ("few people", (13,)), ("two releases", (60, 60))):
        team = Team(place / name)
        team.make(demonstration=name == "two releases")
        for chapter, people in enumerate(sizes):
            team.release(people, chapter=chapter)
        if sizes:
            team.write()
    return place


@pytest.fixture(scope="session")
def make_page_team():
    """Return a function that makes a team without a release in a folder, or finds one there."""

    def make(path, *, made=False):
        team = Team(path)
        if not made:
            team.make()
        return team

    return make


@pytest.fixture
def team(_teams, tmp_path, monkeypatch):
    """Return a function that gives a copy of one of the teams, and lets the pages stand on it."""

    def copy(name="two releases"):
        path = tmp_path / "team"
        shutil.copytree(_teams / name, path)
        monkeypatch.setenv("THROUGHLINE_DATA", str(path))
        monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
        return Team(path)

    return copy


@pytest.fixture
def show():
    """Return a function that runs a page of the team side for somebody who signed in."""

    def run(name, *, signed_in=True, **query):
        page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
        if signed_in:
            page.session_state["signed_in"] = True
        for word, value in query.items():
            page.query_params[word] = value
        page.run()
        assert not page.exception, page.exception
        return page

    return run


@pytest.fixture
def words():
    """Return a function that gives everything a page says, as one text."""

    def read(page):
        kinds = (
            "title",
            "header",
            "subheader",
            "markdown",
            "caption",
            "info",
            "warning",
            "success",
        )
        said = [element.value for kind in kinds for element in getattr(page, kind)]
        tables = [
            " | ".join(map(str, (*table.value.columns, *table.value.to_numpy().ravel())))
            for table in page.table
        ]
        return "\n".join([*said, *tables]).replace("\\", "")

    return read
