"""Teams for tests to stand on: a form with an open round, and a whole demonstration."""

import json
import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from feedback.crypto.envelope import Part, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.folder import Folder
from feedback.passphrases import PASSWORD, read_passphrases
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

    def ask(self, questionnaire):
        """Open the round with other questions."""
        self.round = replace(self.round, questionnaire=questionnaire)
        self.open_round()

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


@pytest.fixture(scope="session")
def make_round():
    """Return a function that makes a round whose passphrases are quick to try, and opens it."""
    # Here, because most tests need not wait for what a round needs.
    from feedback import codebooks, custody, publishing
    from feedback.crypto.passphrase import Cost

    def make(folder, round_id, passphrases, *, today, words_needed=2):
        asked = load_questionnaire()
        custody.make_round(
            folder,
            round_id,
            questionnaire=asked,
            plan=publishing.make_plan(folder.team(), round_id, asked, codebooks.current(folder)),
            passphrases=passphrases,
            words_needed=words_needed,
            today=today,
            cost=Cost(memory_kib=64, passes=1, lanes=1),
        )
        custody.confirm(folder, round_id, passphrases, today=today)

    return make


@dataclass(frozen=True)
class Demonstration:
    """A folder with two released rounds and an open one, and what opens it."""

    path: Path
    secrets: dict[str, str]
    password: str

    def copy(self, path):
        """Return the same team at another path, to be changed."""
        shutil.copytree(self.path, path)
        return Demonstration(path, self.secrets, self.password)

    @property
    def folder(self):
        return Folder(self.path)

    @property
    def passphrases_file(self):
        return self.path / "demonstration-passphrases.txt"


@pytest.fixture(scope="session")
def made_demonstration(tmp_path_factory):
    """Return a demonstration whose passphrases are quick to try. Copy it before changing it."""
    # Here, because tests that need no demonstration need not wait for what makes one.
    from feedback import custody
    from feedback.crypto.passphrase import Cost
    from feedback.demonstration.make import PASSPHRASES_FILE, make_demonstration
    from feedback.keyrings import replace_keyrings

    today = date.today()  # noqa: DTZ011 - the day where the tests run, as for commands
    folder = Folder(tmp_path_factory.mktemp("demonstration") / "demo")
    # In a thread of its own, because a browser may already keep an event loop in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(make_demonstration, folder, responses=60, seed=1, today=today).result()
    given = folder.path / PASSPHRASES_FILE
    lines = dict(line.split(": ", 1) for line in given.read_text("utf-8").splitlines())
    found = Demonstration(folder.path, read_passphrases(given), lines[PASSWORD])
    cheap = Cost(memory_kib=64, passes=1, lanes=1)
    rings = custody.rewrapped(folder, found.secrets, found.secrets, cost=cheap)
    replace_keyrings(folder, rings, today=today)
    return found


@pytest.fixture
def demonstration(made_demonstration, tmp_path):
    """Return a demonstration that a test may change."""
    return made_demonstration.copy(tmp_path / "demo")
