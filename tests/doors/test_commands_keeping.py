"""The commands that keep answers safe: back up, restore, rehearse, as a person types them."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from feedback import custody, ledgers, opening, publishing
from feedback.commands.asking import Program, today
from feedback.commands.keeping import COMMANDS
from feedback.crypto.passphrase import Cost
from feedback.folder import Folder
from feedback.intake import submit
from feedback.keyrings import destroyed, replace_keyrings
from feedback.questionnaire.answers import Answers
from feedback.questionnaire.definition import Kind
from feedback.rounds import load_round, open_round
from feedback.store import audit
from feedback.store.box import open_box
from feedback.store.records import open_records

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PHRASES = {"Ana": "one two three", "Ben": "four five six", "Paper": "seven eight nine"}
WORDS = "seven words of the team"
MARKER = "a sentence that only Throughline was told"
CHANCE = random.Random(7)


@click.group(cls=Program)
def main():
    pass


for command in COMMANDS:
    main.add_command(command)


def run(*arguments, given=None, code=0):
    result = CliRunner().invoke(main, [*map(str, arguments)], input=given)
    assert result.exit_code == code, result.output
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(folder, people):
    a_round = open_round(folder)
    questions = a_round.questionnaire.questions
    singles = [question for question in questions if question.kind is Kind.SINGLE]
    words = next(question.id for question in questions if question.kind is Kind.OPEN)
    with open_box(folder.box, create=True) as box:
        for _ in range(people):
            picked = {q.id: (CHANCE.choice(q.options).id,) for q in singles}
            submit(Answers(lang="en", picked=picked, words={words: MARKER}), a_round, box)


def release(folder, round_id):
    """Close, open, draft and publish a round, as two custodians do."""
    with open_box(folder.box) as box:
        people = box.counts()[round_id]
        custody.close_round(folder, round_id, people=people, k=10, today=today())
        a_round = load_round(folder, round_id)
        keys = custody.unlock(folder, round_id, PHRASES)
        snapshot = opening.open_new(
            folder,
            a_round,
            box,
            codes=keys.codes,
            words=keys.words,
            log=opening.Log(keys.custodians, today()),
        )
    frame = opening.to_frame(snapshot, a_round.questionnaire)
    publishing.build(folder, a_round, frame, team_seed=keys.team_seed, by="Ana", today=today())
    publishing.check(folder, a_round, today=today())
    publishing.publish(folder, a_round, keys.team_seed, by="Ben", today=today())


@pytest.fixture(scope="module")
def a_team(tmp_path_factory, make_round):
    folder = Folder(tmp_path_factory.mktemp("made") / "cedar")
    custody.make_team(folder, "Cedar", password=WORDS, today=today())
    make_round(folder, "2026-Q4", PHRASES, today=today())
    answer(folder, 12)
    release(folder, "2026-Q4")
    make_round(folder, "2027-Q1", PHRASES, today=today())
    answer(folder, 3)
    with_decision = open_records(folder.path / "team.sqlite")
    with_decision.save("decision", "d1", {"t": 1}, expected=0, author="team", today=today())
    return folder.path


@pytest.fixture
def folder(a_team, tmp_path):
    shutil.copytree(a_team, tmp_path / "cedar")
    return Folder(tmp_path / "cedar")


@pytest.fixture
def passphrases(tmp_path):
    def write(phrases=PHRASES):
        path = tmp_path / "passphrases.txt"
        path.write_text("".join(f"{name}: {words}\n" for name, words in phrases.items()))
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
def stick(folder, tmp_path):
    """A custodian's copies of the keyrings, and nothing else."""
    place = tmp_path / "stick"
    place.mkdir()
    for path in folder.path.glob("keyring-*.json"):
        shutil.copy(path, place)
    return place


# backup


def test_a_backup_says_what_opens_it_and_what_is_not_in_it(folder, tmp_path):
    found = run("backup", folder.path, tmp_path / "b.age")
    assert "It opens with keyring-2027-Q1-codes.json" in found.stdout
    assert "Keyrings are not in it" in found.stdout
    made = audit.read(folder.audit)[-1]
    assert made["event"] == "backup.made"
    assert f"SHA-256: {made['hash']}" in found.stdout
    assert MARKER.encode() not in (tmp_path / "b.age").read_bytes()


def test_an_older_backup_is_replaced_only_when_told(folder, tmp_path):
    file = tmp_path / "b.age"
    file.write_bytes(b"older")
    assert "--replace" in run("backup", folder.path, file, code=1).stderr
    assert file.read_bytes() == b"older"
    assert "in the place of an older one" in run("backup", folder.path, file, "--replace").stdout
    assert file.read_bytes().startswith(b"age-encryption.org/v1")


def test_a_folder_that_does_not_hold_is_not_backed_up(folder, tmp_path):
    path = folder.release(1)
    path.write_text(path.read_text().replace('"count": 5', '"count": 6').replace("Cedar", "Cedre"))
    found = run("backup", folder.path, tmp_path / "b.age", code=1)
    assert "No backup was made" in found.stderr
    assert not (tmp_path / "b.age").exists()


def test_a_folder_without_a_team_has_no_backup(tmp_path):
    assert "no team" in run("backup", tmp_path, tmp_path / "b.age", code=1).stderr


def test_a_team_database_in_postgresql_is_said_to_be_missing(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_TEAM_URL", "postgresql://localhost/team")
    assert "pg_dump" in run("backup", folder.path, tmp_path / "b.age").stderr


# restore


def test_a_team_comes_back_with_one_passphrase(folder, stick, passphrases, tmp_path):
    run("backup", folder.path, tmp_path / "b.age")
    head = audit.head_words(audit.verify(stick.parent / "cedar" / "audit.log").head)
    words = audit.read(folder.audit)
    shutil.rmtree(folder.path)
    given = passphrases({"Ben": PHRASES["Ben"]})
    arguments = ["--keyrings", stick, "--passphrases-file", given]
    found = run("restore", tmp_path / "b.age", tmp_path / "again", *arguments)
    assert "It holds." in found.stdout
    assert head not in found.stdout  # the backup could not know of itself yet
    again = Folder(tmp_path / "again")
    assert audit.read(again.audit)[:-1] == words[:-1]
    assert audit.read(again.audit)[-1]["hash"] == words[-1]["hash"]
    assert custody.unlock(again, "2026-Q4", PHRASES).words is not None
    assert [each.number for each in ledgers.releases(again)] == [1]
    assert open_records(again.path / "team.sqlite").get("decision", "d1") is not None
    run("drill", again.path, "--passphrases-file", passphrases())


def test_a_passphrase_is_asked_for_and_not_shown(folder, stick, tmp_path):
    run("backup", folder.path, tmp_path / "b.age")
    arguments = [tmp_path / "b.age", tmp_path / "again", "--keyrings", stick]
    found = run("restore", *arguments, given="Paper\nseven eight nine\n")
    assert "seven eight nine" not in found.output


def test_the_head_of_the_log_is_shown_for_the_minutes(folder, stick, passphrases, tmp_path):
    head = audit.head_words(audit.verify(folder.audit).head)
    run("backup", folder.path, tmp_path / "b.age")
    arguments = ["--keyrings", stick, "--passphrases-file", passphrases()]
    assert head in run("restore", tmp_path / "b.age", tmp_path / "again", *arguments).stdout


def refused(tmp_path, *arguments, sentence):
    before = sorted(tmp_path.iterdir())
    found = run("restore", *arguments, code=1)
    assert sentence in found.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_wrong_damaged_and_missing_things_restore_nothing(folder, stick, passphrases, tmp_path):
    file, again = tmp_path / "b.age", tmp_path / "again"
    run("backup", folder.path, file)
    good = ["--keyrings", stick, "--passphrases-file", passphrases()]
    sealed = file.read_bytes()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("Ben: not these words\n")
    wrong.chmod(0o600)
    bad = ["--keyrings", stick, "--passphrases-file", wrong]
    empty = tmp_path / "empty"
    empty.mkdir()
    none = ["--keyrings", empty, "--passphrases-file", passphrases()]
    refused(tmp_path, file, again, *bad, sentence="does not fit Ben")
    refused(tmp_path, file, again, *none, sentence="There is no keyring-")
    refused(tmp_path, file, folder.path, *good, sentence="already")
    refused(tmp_path, tmp_path / "nothing.age", again, *good, sentence="cannot be found")
    file.write_bytes(sealed[:-1])
    refused(tmp_path, file, again, *good, sentence="changed or cut off")
    file.write_bytes(b"not a backup")
    refused(tmp_path, file, again, *good, sentence="not an age file")
    (stick / "keyring-2027-Q1-codes.json").unlink()
    file.write_bytes(sealed)
    refused(tmp_path, file, again, *good, sentence="No key that was given opens this backup")


def test_after_the_codes_key_is_destroyed_its_backups_open_nothing(
    folder, stick, passphrases, tmp_path
):
    answer(folder, 9)
    run("backup", folder.path, tmp_path / "b.age")
    release(folder, "2027-Q1")
    run("keys", "destroy", folder.path, "2027-Q1", "--yes")
    for part in ("codes", "words"):
        (stick / f"keyring-2027-Q1-{part}.json").unlink()  # as every custodian must
    arguments = ["--keyrings", stick, "--passphrases-file", passphrases()]
    found = run("restore", tmp_path / "b.age", tmp_path / "again", *arguments, code=1)
    assert "gone with it" in found.stderr
    run("backup", folder.path, tmp_path / "next.age")
    found = run("restore", tmp_path / "next.age", tmp_path / "again", *arguments)
    assert destroyed(Folder(tmp_path / "again")) == {"2027-Q1-codes", "2027-Q1-words"}


def test_missing_and_destroyed_keyrings_are_named(
    folder, stick, passphrases, tmp_path, monkeypatch
):
    run("keys", "destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    run("backup", folder.path, tmp_path / "b.age")
    (stick / "keyring-2026-Q4-codes.json").write_text("{}")
    monkeypatch.setenv("THROUGHLINE_BOX_URL", "postgresql://localhost/box")
    arguments = ["--keyrings", stick, "--passphrases-file", passphrases()]
    found = run("restore", tmp_path / "b.age", tmp_path / "again", *arguments)
    assert "still missing" in found.stderr
    assert "keyring-2026-Q4-codes.json" in found.stderr
    assert "yet there is a copy: keyring-2026-Q4-words.json" in found.stderr
    assert "THROUGHLINE_BOX_URL names another" in found.stderr


def test_a_backup_without_the_team_database_says_so_when_restored(
    folder, stick, passphrases, tmp_path, monkeypatch
):
    monkeypatch.setenv("THROUGHLINE_TEAM_URL", "postgresql://localhost/team")
    run("backup", folder.path, tmp_path / "b.age")
    arguments = ["--keyrings", stick, "--passphrases-file", passphrases()]
    found = run("restore", tmp_path / "b.age", tmp_path / "again", *arguments)
    assert "pg_restore" in found.stderr


def test_a_round_can_be_opened_by_whoever_has_an_older_keyring(
    folder, stick, passphrases, tmp_path
):
    """The key is the same after custodians changed; only who may use it is not."""
    run("backup", folder.path, tmp_path / "b.age")
    rings = custody.rewrapped(folder, PHRASES, {"Cleo": "ten eleven"}, cost=CHEAP)
    replace_keyrings(folder, rings, today=today())
    newer = ["--keyrings", folder.path, "--passphrases-file", passphrases({"Cleo": "ten eleven"})]
    run("restore", tmp_path / "b.age", tmp_path / "with-new", *newer)
    older = ["--keyrings", stick, "--passphrases-file", passphrases()]
    run("restore", tmp_path / "b.age", tmp_path / "with-old", *older)


# drill


def test_a_drill_proves_in_sentences(folder, passphrases):
    found = run("drill", folder.path, "--passphrases-file", passphrases())
    assert found.stdout.splitlines() == [
        "A backup was made, sealed to the codes key of 2027-Q1, and restored.",
        "The ledger, the audit log and the box of the restored copy hold.",
        "The team's database is in the copy and sound.",
        "2026-Q4: the copy holds every sealed response.",
        "2026-Q4: a response was opened, its codes and its words.",
        "2026-Q4: what was opened and coded before can be read.",
        "2027-Q1: the copy holds every sealed response.",
        "2027-Q1: a response was opened, its codes and its words.",
        "Nothing of the rehearsal was kept.",
        "Everything held.",
    ]
    assert MARKER not in found.output
    events = audit.read(folder.audit)[-2:]
    assert [(e["event"], e["round"]) for e in events] == [
        ("key.confirmed", "2026-Q4"),
        ("key.confirmed", "2027-Q1"),
    ]


def test_a_drill_keeps_nothing(folder, passphrases, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = {path.name for path in folder.path.iterdir()}
    run("drill", folder.path, "--passphrases-file", passphrases())
    assert not list(scratch.iterdir())
    assert {path.name for path in folder.path.iterdir()} == before


def test_a_drill_with_a_wrong_passphrase_fails(folder, passphrases):
    given = passphrases(PHRASES | {"Ben": "wrong words"})
    found = run("drill", folder.path, "--passphrases-file", given, code=1)
    assert "does not fit Ben" in found.stderr
    assert "Everything held" not in found.output


def test_a_drill_names_the_round_that_nobody_opens(folder, passphrases):
    folder.keyring("2026-Q4-codes").write_text("{}")
    found = run("drill", folder.path, "--passphrases-file", passphrases(), code=1)
    assert "2026-Q4: keyring-2026-Q4-codes.json is missing or damaged" in found.stderr
    assert "2027-Q1: a response was opened" in found.stdout
    assert "Everything held" not in found.output


def test_a_drill_passes_over_destroyed_rounds(folder, passphrases):
    run("keys", "destroy", folder.path, "2026-Q4", "--yes")
    found = run("drill", folder.path, "--passphrases-file", passphrases())
    assert "2026-Q4: its codes key was destroyed" in found.stdout


def test_a_drill_of_a_changed_ledger_fails(folder, passphrases):
    path = folder.release(1)
    path.write_text(path.read_text().replace("Cedar", "Cedre"))
    found = run("drill", folder.path, "--passphrases-file", passphrases(), code=1)
    assert "does not hold" in found.stderr


def test_a_full_disk_during_the_real_command_leaves_nothing(folder, tmp_path):
    limit = folder.box.stat().st_size + 8192
    code = (
        "import resource, sys; from feedback.cli import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); main(sys.argv[1:])"
    )
    run_it = subprocess.run(
        [sys.executable, "-c", code, "backup", str(folder.path), str(tmp_path / "b.age")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(custody.__file__).parents[1])},
    )
    assert run_it.returncode == 1
    assert "b.age could not be written because the disk is full" in run_it.stderr
    assert "Traceback" not in run_it.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]
    assert audit.read(folder.audit)[-1]["event"] != "backup.made"
