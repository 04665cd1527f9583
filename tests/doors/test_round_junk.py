"""A round padded with rows that nobody can open: it closes on rows, and opens again on people."""

import secrets
from datetime import date

import pytest

from feedback import custody, publishing
from feedback.folder import Folder
from feedback.intake import submit
from feedback.questionnaire.answers import Answers
from feedback.rounds import State, open_round, states
from feedback.store import audit
from feedback.store.box import open_box

TODAY = date(2026, 12, 1)
ROUND, NEXT = "2026-Q4", "2027-Q1"
PHRASES = {"Ana": "vessel typical sock", "Ben": "exhibit drama circle"}
ROW_BYTES = 7432


@pytest.fixture
def folder(tmp_path, make_round):
    place = Folder(tmp_path / "cedar")
    custody.make_team(place, "Cedar", password="one two three", today=TODAY)  # noqa: S106
    make_round(place, ROUND, PHRASES, today=TODAY)
    return place


@pytest.fixture
def given(tmp_path):
    path = tmp_path / "passphrases.txt"
    path.write_text("".join(f"{name}: {words}\n" for name, words in PHRASES.items()))
    path.chmod(0o600)
    return ("--passphrases-file", path)


def answer(folder, people, junk=0):
    a_round = open_round(folder)
    with open_box(folder.box, create=True) as box:
        for _ in range(people):
            submit(Answers("en", {"path": ("got_help",)}, {}, frozenset()), a_round, box)
        for _ in range(junk):
            box.put(secrets.randbits(62), a_round.id, secrets.token_bytes(ROW_BYTES))


def sealed(folder):
    with open_box(folder.box) as box:
        return box.counts().get(ROUND, 0)


def problems(folder):
    with open_box(folder.box) as box:
        return publishing.verify(folder, box)


@pytest.mark.parametrize("people", [0, 1, 9])
def test_too_few_people_among_junk_open_the_round_again(folder, given, throughline, people):
    answer(folder, people, junk=12)
    public = folder.public.read_bytes()
    throughline("round", "close", folder.path, ROUND)
    said = throughline("release", "build", folder.path, *given, code=1)
    assert said.stderr == (
        "Fewer than 10 people have answered: not everything that lies in the box is an answer. So "
        f"there is no draft, and the round {ROUND} is open again. Nothing is lost: these answers "
        "will be in its release when enough people have answered.\n"
    )
    assert states(folder) == {ROUND: State.OPEN}
    assert folder.public.read_bytes() == public
    assert sealed(folder) == people + 12
    assert problems(folder) == []
    assert not folder.draft(ROUND).exists()


def test_the_round_is_released_with_everybody_who_answers_later(folder, given, throughline):
    answer(folder, 9, junk=12)
    throughline("round", "close", folder.path, ROUND)
    throughline("release", "build", folder.path, *given, code=1)
    answer(folder, 1)
    throughline("round", "close", folder.path, ROUND)
    throughline("release", "build", folder.path, *given)
    throughline("release", "check", folder.path)
    throughline("release", "publish", folder.path, *given)
    assert states(folder) == {ROUND: State.RELEASED}
    assert problems(folder) == []


def test_while_another_round_is_open_it_waits(folder, given, throughline, make_round):
    answer(folder, 3, junk=12)
    throughline("round", "close", folder.path, ROUND)
    make_round(folder, NEXT, PHRASES, today=TODAY)
    said = throughline("release", "build", folder.path, ROUND, *given, code=1)
    assert f"the round {ROUND} can be opened again when {NEXT} is closed" in said.stderr
    assert open_round(folder).id == NEXT
    answer(folder, 10)
    throughline("round", "close", folder.path, NEXT)
    throughline("round", "open", folder.path, ROUND, *given)
    assert open_round(folder).id == ROUND
    assert sealed(folder) == 15
    assert problems(folder) == []


def test_a_round_that_lacks_rows_was_never_closed(folder, throughline):
    answer(folder, 9)
    said = throughline("round", "close", folder.path, ROUND, code=1)
    assert "the round stays open" in said.stderr
    assert not folder.closed(ROUND).exists()
    assert audit.Event.ROUND_CLOSED not in [e["event"] for e in audit.read(folder.audit)]
