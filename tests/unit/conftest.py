"""A team's folder with an open round, and the form that stands on it."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
import pytest

from feedback.crypto.envelope import Part, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.questionnaire.answers import unpack_codes, unpack_words
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round
from feedback.settings import Settings
from feedback.store.box import open_box
from feedback.web.site import create_form_app

TEAM = """
name = "Cedar County team"
leave = "https://www.example.org/"

[[help]]
name = "Cedar County help line"
call = "555-0142"
text = "HOME to 741741"
note = "Day and night."
checked_on = 2026-11-02

[[rounds]]
id = "2026-Q4"
read_by = 2027-01-15
"""
TODAY = date(2026, 11, 23)


@dataclass
class FormTeam:
    """A folder, and the two keys with which a test looks into its box."""

    path: Path
    codes: Identity = field(default_factory=Identity.generate)
    words: Identity = field(default_factory=Identity.generate)

    def __post_init__(self):
        self.path.mkdir(exist_ok=True)
        self.write_team(TEAM)
        self.round = Round(
            id="2026-Q4",
            questionnaire=load_questionnaire(),
            recipients=(self.codes.recipient, self.words.recipient),
            deployment=secrets.token_bytes(16),
            team=secrets.token_bytes(16),
            plan_hash="0" * 64,
        )
        self.open_round()
        open_box(self.path / "box.sqlite", create=True).close()

    def write_team(self, text):
        (self.path / "team.toml").write_text(text, encoding="utf-8")

    def open_round(self):
        (self.path / "public.json").write_text(json.dumps(self.round.to_dict()), encoding="utf-8")

    def close_round(self):
        (self.path / "public.json").unlink()

    def settings(self):
        return Settings.from_env({"THROUGHLINE_DATA": str(self.path)})

    def rows(self):
        with open_box(self.path / "box.sqlite") as box:
            return [row for _, row in box.rows(self.round.id)]

    def responses(self):
        """Open what lies in the box: answers and words, response by response."""
        asked, bound = self.round.questionnaire, self.round.context
        opened = []
        for row in self.rows():
            codes, words = split_row(row)
            one = unpack_codes(open_part(codes, Part.CODES, self.codes, bound), asked)
            pair, texts = unpack_words(open_part(words, Part.WORDS, self.words, bound), asked)
            assert one.pair == pair
            opened.append((one.answers, texts))
        return opened


class FormSite:
    """A browser without memory: one application, asked in process."""

    def __init__(self, team, today, **settings):
        self.team = team
        self.app = create_form_app(team.settings(), today=lambda: today, **settings)
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(self.app, client=("192.0.2.7", 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    def ask(self, method, path, **more):
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path="/form", **more):
        return self.ask("POST", path, **more)

    def close_storage(self):
        """End the application as a server would, so that the box is closed."""

        async def end():
            async with self.app.router.lifespan_context(self.app):
                pass

        self._runner.run(end())

    def close(self):
        self.close_storage()
        self._runner.run(self._client.aclose())
        self._runner.close()


@pytest.fixture
def form_team(tmp_path):
    return FormTeam(tmp_path / "team")


@pytest.fixture
def open_site():
    """Return a function that starts a form on a team's folder; each is closed at the end."""
    sites = []

    def start(team, today=TODAY, **settings):
        sites.append(FormSite(team, today, **settings))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


@pytest.fixture(scope="session")
def still_site(tmp_path_factory):
    """Return a form that tests only look at."""
    site = FormSite(FormTeam(tmp_path_factory.mktemp("still") / "team"), TODAY)
    yield site
    site.close()


@pytest.fixture
def form_site(form_team, open_site):
    return open_site(form_team)
