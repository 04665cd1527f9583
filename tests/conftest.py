"""A team's folder with an open round, for every test that needs a form to stand on."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from feedback.crypto.envelope import Part, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.questionnaire.answers import unpack_codes, unpack_words
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round
from feedback.settings import Settings
from feedback.store.box import open_box

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


@pytest.fixture(scope="session")
def make_form_team():
    """Return a function that makes such a folder at a path."""
    return FormTeam
