"""A backup holds the whole team but its keys, opens with a round's codes key, or not at all."""

import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from feedback import backup, custody, opening
from feedback.crypto import agefile
from feedback.crypto.passphrase import Cost
from feedback.crypto.recipient import Identity
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.errors import (
    AuditBroken,
    KeyringDamaged,
    RoundRefused,
    SealingError,
    StoreUnavailable,
)
from feedback.folder import Folder
from feedback.intake import submit
from feedback.keyrings import destroy_keyring
from feedback.questionnaire.answers import Answers
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import load_round
from feedback.store import audit
from feedback.store.box import open_box
from feedback.store.records import open_records
from feedback.themes.codebook import load

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
TODAY = date(2026, 11, 23)
PHRASES = {"Ana": "one two three", "Ben": "four five six"}
WORDS = "seven words of the team"
MARKER = "a sentence that only Throughline was told"
CODE = PlannedQuestion("heard", Kind.SINGLE, "Were you heard?", (Answer("yes", "Yes"),))


def holds(folder):
    """Return what is wrong with the box and the audit log of a folder."""
    audit.verify(folder.audit)
    with open_box(folder.box) as box:
        return box.check()


@dataclass
class Team:
    """A real folder, and what a test does in it."""

    folder: Folder

    @property
    def database(self):
        return self.folder.path / "team.sqlite"

    def make_round(self, round_id, today=TODAY):
        custody.make_round(
            self.folder,
            round_id,
            questionnaire=load_questionnaire(),
            plan=Plan(round_id, "Team", Edition(1, "a"), Edition(1, load().digest), (CODE,)),
            passphrases=PHRASES,
            words_needed=2,
            today=today,
            cost=CHEAP,
        )
        custody.confirm(self.folder, round_id, {"Ana": PHRASES["Ana"]}, today=today)

    def answer(self, times=3):
        a_round = custody.open_round(self.folder)
        question = next(q for q in a_round.questionnaire.questions if q.kind.value == "open")
        sheet = Answers(lang="en", picked={}, words={question.id: MARKER})
        with open_box(self.folder.box, create=True) as box:
            for _ in range(times):
                submit(sheet, a_round, box)

    def release(self, round_id):
        """Put something into the ledger, as far as a backup looks at it."""
        custody.close_round(self.folder, round_id, people=10, k=10, today=TODAY)
        number = len(list(self.folder.ledger.iterdir())) + 1
        self.folder.release(number).write_text(json.dumps({"round": round_id}))
        released = {"round": round_id, "number": number, "hash": "0" * 64}
        audit.append(self.folder.audit, audit.Event.PUBLISHED, today=TODAY, **released)

    def keys(self, round_id, *names):
        given = {name: PHRASES[name] for name in names or PHRASES}
        return custody.unlock(self.folder, round_id, given)

    def open_all(self, round_id):
        keys = self.keys(round_id)
        with open_box(self.folder.box) as box:
            log = opening.Log(keys.custodians, TODAY)
            a_round = load_round(self.folder, round_id)
            opening.open_new(self.folder, a_round, box, codes=keys.codes, words=keys.words, log=log)

    def backup(self):
        with open_box(self.folder.box) as box:
            return backup.make_backup(self.folder, box, self.database, today=TODAY)

    def drill(self, *rounds, check=holds):
        keys = {each: (k.codes, k.words) for each in rounds for k in [self.keys(each)]}
        with open_box(self.folder.box) as box:
            return backup.drill(self.folder, box, self.database, keys, check=check, today=TODAY)


@pytest.fixture(scope="module")
def a_team(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("made") / "cedar")
    custody.make_team(folder, "Cedar", password=WORDS, today=TODAY)
    made = Team(folder)
    made.make_round("2026-Q4")
    made.answer()
    records = open_records(made.database)
    records.save("decision", "d1", {"title": "Ask first"}, expected=0, author="team", today=TODAY)
    return folder.path


@pytest.fixture
def team(a_team, tmp_path):
    shutil.copytree(a_team, tmp_path / "cedar")
    return Team(Folder(tmp_path / "cedar"))


def restore(team, sealed, target, *, round_id="2026-Q4", identities=None, check=holds):
    codes = [team.keys(round_id, "Ben").codes] if identities is None else identities
    return backup.restore_backup(
        Folder(target), sealed, codes, keyrings=team.folder, check=check, today=TODAY
    )


def files_of(path):
    return {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in path.rglob("*")
        if each.is_file() and each.stat().st_size
    }


def test_a_restored_folder_is_the_folder_that_was(team, tmp_path):
    team.open_all("2026-Q4")
    before = files_of(team.folder.path)
    found = restore(team, team.backup().sealed, tmp_path / "again")
    after = files_of(tmp_path / "again")
    assert before.keys() == after.keys()
    differ = {name for name in before if before[name] != after[name] and "keyring" not in name}
    assert differ <= {"audit.log", "box.sqlite", "team.sqlite"}
    assert after["audit.log"].startswith(before["audit.log"])
    assert found == backup.Restored(
        day="2026-11-23",
        head=audit.verify(team.folder.audit).head,
        whole=True,
        missing=(),
        refused=(),
    )


def test_every_sealed_response_and_decision_comes_back(team, tmp_path):
    restore(team, team.backup().sealed, tmp_path / "again")
    again = Folder(tmp_path / "again")
    with open_box(team.folder.box) as old, open_box(again.box) as new:
        assert list(new.rows("2026-Q4")) == list(old.rows("2026-Q4"))
    decision = open_records(again.path / "team.sqlite").get("decision", "d1")
    assert decision.body == {"title": "Ask first"}


def test_a_restored_team_opens_its_answers(team, tmp_path):
    restore(team, team.backup().sealed, tmp_path / "again")
    again = Team(Folder(tmp_path / "again"))
    again.open_all("2026-Q4")
    keys = again.keys("2026-Q4")
    with open_box(again.folder.box) as box:
        a_round = load_round(again.folder, "2026-Q4")
        snapshot = opening.read_snapshot(again.folder, a_round, keys.codes)
        texts = {each.text for each in opening.read_words(a_round, box, snapshot, keys.words)}
    assert texts == {MARKER}


def test_nothing_that_was_written_is_readable_in_a_backup(team):
    team.open_all("2026-Q4")
    made = team.backup()
    for word in (MARKER, "2026-Q4", "Cedar", "Ask first", "SQLite format", "argon2"):
        assert word.encode() not in made.sealed
        assert word not in repr(made).replace("round='2026-Q4'", "")


def test_the_codes_key_alone_opens_no_words_and_no_keyring(team):
    files = backup.open_backup(team.backup().sealed, [team.keys("2026-Q4", "Ben").codes])
    assert not [name for name in files if "keyring" in name or "passphrase" in name]
    assert not [name for name, data in files.items() if MARKER.encode() in data]


def test_what_is_not_the_teams_is_left_out(team):
    (team.folder.path / "passphrases.txt").write_text("Ana: one two three")
    (team.folder.path / "team.toml.bak").write_text("old")
    files = backup.open_backup(team.backup().sealed, [team.keys("2026-Q4", "Ben").codes])
    assert {"passphrases.txt", "team.toml.bak"}.isdisjoint(files)


def test_age_and_tar_alone_read_a_backup(team):
    plain = agefile.decrypt(team.backup().sealed, team.keys("2026-Q4", "Ben").codes)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert {"backup.json", "box.sqlite", "team.toml", "audit.log"} <= set(tar.getnames())
        entries = tar.getmembers()
    assert {(e.uid, e.gid, e.uname, e.gname, e.mtime) for e in entries} == {(0, 0, "", "", 0)}


def test_a_backup_is_written_down_with_its_hash(team, tmp_path):
    made = team.backup()
    backup.keep_backup(team.folder, made, tmp_path / "b.age", today=TODAY)
    assert audit.read(team.folder.audit)[-1]["hash"] == made.hash
    assert (tmp_path / "b.age").stat().st_mode & 0o777 == 0o600


def test_a_file_is_replaced_only_when_told(team, tmp_path):
    (tmp_path / "b.age").write_bytes(b"kept")
    with pytest.raises(StoreUnavailable, match="already"):
        backup.keep_backup(team.folder, team.backup(), tmp_path / "b.age", today=TODAY)
    assert (tmp_path / "b.age").read_bytes() == b"kept"
    made = team.backup()
    backup.keep_backup(team.folder, made, tmp_path / "b.age", replace=True, today=TODAY)
    assert (tmp_path / "b.age").read_bytes() == made.sealed


def test_any_changed_byte_is_refused(team, tmp_path):
    sealed = team.backup().sealed
    codes = [team.keys("2026-Q4", "Ben").codes]
    places = {*range(0, 2000, 37), *range(0, len(sealed), 1999), len(sealed) - 1}
    for place in sorted(places):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((SealingError, StoreUnavailable)):
            restore(team, bytes(changed), tmp_path / "again", identities=codes)
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]


@pytest.mark.parametrize("keep", [0, 1, 21, 1000, 3000, 70_000, -70_000, -16, -1])
def test_a_cut_backup_is_refused(team, tmp_path, keep):
    sealed = team.backup().sealed[:keep]
    with pytest.raises((SealingError, StoreUnavailable)):
        restore(team, sealed, tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]


def test_another_key_opens_nothing(team, tmp_path):
    with pytest.raises(SealingError, match="No key that was given"):
        restore(team, team.backup().sealed, tmp_path / "again", identities=[Identity.generate()])


def test_a_destroyed_key_destroys_its_backups(team, tmp_path):
    made = team.backup()
    team.release("2026-Q4")
    team.make_round("2027-Q1")
    custody.destroy_keys(team.folder, "2026-Q4", ["words", "codes"], today=TODAY)
    with pytest.raises(SealingError, match="gone with it"):
        restore(team, made.sealed, tmp_path / "again", round_id="2027-Q1")


def test_after_a_key_is_destroyed_backups_go_to_the_next(team, tmp_path):
    team.release("2026-Q4")
    team.make_round("2027-Q1")
    custody.destroy_keys(team.folder, "2026-Q4", ["words", "codes"], today=TODAY)
    made = team.backup()
    assert made.round == "2027-Q1"
    assert restore(team, made.sealed, tmp_path / "again", round_id="2027-Q1").missing == ()


def test_the_newest_round_that_opened_seals_a_backup(team):
    team.release("2026-Q4")
    team.make_round("2026-Q3b")
    assert team.backup().round == "2026-Q3b"


def test_without_any_key_no_backup_is_made(team):
    team.release("2026-Q4")
    custody.destroy_keys(team.folder, "2026-Q4", ["codes"], today=TODAY)
    with pytest.raises(RoundRefused, match="never be opened"):
        team.backup()


def test_a_broken_audit_log_stops_a_backup(team):
    lines = team.folder.audit.read_bytes().replace(b"2026-11-23", b"2026-11-24", 1)
    team.folder.audit.write_bytes(lines)
    with pytest.raises(AuditBroken):
        team.backup()


def test_files_are_read_again_when_somebody_publishes_meanwhile(team, monkeypatch):
    real, done = backup.read_file, []

    def read_and_publish(path):
        data = real(path)
        if path.name == "access.json" and not done:
            done.append(audit.append(team.folder.audit, audit.Event.TEAM_MADE, today=TODAY))
        return data

    monkeypatch.setattr(backup, "read_file", read_and_publish)
    files = backup.open_backup(team.backup().sealed, [team.keys("2026-Q4", "Ben").codes])
    assert files["audit.log"] == team.folder.audit.read_bytes()


def test_a_folder_with_anything_in_it_is_never_restored_over(team, tmp_path):
    target = tmp_path / "again"
    target.mkdir()
    (target / "note").write_text("mine")
    with pytest.raises(StoreUnavailable, match="already"):
        restore(team, team.backup().sealed, target)
    assert files_of(target) == {"note": b"mine"}


def test_an_empty_folder_may_be_restored_into(team, tmp_path):
    (tmp_path / "again").mkdir()
    restore(team, team.backup().sealed, tmp_path / "again")
    assert Folder(tmp_path / "again").team().name == "Cedar"


def test_what_does_not_hold_is_not_restored(team, tmp_path):
    with pytest.raises(StoreUnavailable, match="The ledger is cut"):
        restore(
            team, team.backup().sealed, tmp_path / "again", check=lambda _: ["The ledger is cut."]
        )
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]


def test_a_folder_that_fills_up_meanwhile_is_left_alone(team, tmp_path):
    def somebody_else(copy):
        (tmp_path / "again").mkdir()
        (tmp_path / "again" / "note").write_text("mine")
        return holds(copy)

    with pytest.raises(StoreUnavailable, match="again"):
        restore(team, team.backup().sealed, tmp_path / "again", check=somebody_else)
    assert files_of(tmp_path / "again") == {"note": b"mine"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "cedar"]


def test_a_place_that_is_not_there_is_named(team, tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot be found"):
        restore(team, team.backup().sealed, tmp_path / "no" / "such")


def test_missing_keyrings_are_named(team, tmp_path):
    made = team.backup()
    codes = [team.keys("2026-Q4", "Ben").codes]
    team.folder.keyring("2026-Q4-words").write_bytes(b"{}")
    found = restore(team, made.sealed, tmp_path / "again", identities=codes)
    assert found.missing == ("2026-Q4-words",)


def test_without_the_teams_own_keyring_nothing_is_restored(team, tmp_path):
    made = team.backup()
    codes = [team.keys("2026-Q4", "Ben").codes]
    team.folder.keyring("team").unlink()
    with pytest.raises(KeyringDamaged, match="keyring-team"):
        restore(team, made.sealed, tmp_path / "again", identities=codes)
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]


def test_a_release_that_the_log_does_not_tell_of_yet_is_waited_for(team, monkeypatch):
    team.folder.release(1).write_text('{"round": "2026-Q4"}')
    told = {"round": "2026-Q4", "number": 1, "hash": "0" * 64}
    waits = []

    def pass_time(seconds):
        waits.append(seconds)
        audit.append(team.folder.audit, audit.Event.PUBLISHED, today=TODAY, **told)

    monkeypatch.setattr("time.sleep", pass_time)
    files = backup.open_backup(team.backup().sealed, [team.keys("2026-Q4", "Ben").codes])
    assert len(waits) == 1
    assert b'"published"' in files["audit.log"]


def test_a_copy_of_a_destroyed_keyring_is_not_brought_back(team, tmp_path):
    copies = tmp_path / "stick"
    shutil.copytree(team.folder.path, copies)
    team.release("2026-Q4")
    destroy_keyring(team.folder, "2026-Q4-words", today=TODAY)
    found = backup.restore_backup(
        Folder(tmp_path / "again"),
        team.backup().sealed,
        [team.keys("2026-Q4").codes],
        keyrings=Folder(copies),
        check=holds,
        today=TODAY,
    )
    assert found.refused == ("2026-Q4-words",)
    assert not Folder(tmp_path / "again").keyring("2026-Q4-words").exists()


def forged(team, files, links=()):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        for name, there in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, there
            tar.addfile(entry)
    recipient = load_round(team.folder, "2026-Q4").recipients[0]
    return agefile.encrypt(packed.getvalue(), [recipient])


ABOUT = json.dumps({"format": backup.FORMAT, "day": "2026-11-23", "whole": True}).encode()
GOOD = [("backup.json", ABOUT), ("box.sqlite", b"")]


@pytest.mark.parametrize(
    ("files", "links"),
    [
        ([*GOOD, ("../evil", b"")], ()),
        ([*GOOD, ("/etc/evil", b"")], ()),
        ([*GOOD, ("ledger/../../evil.json", b"")], ()),
        ([*GOOD, ("keyring-team.json", b"{}")], ()),
        ([*GOOD, ("team.toml", b""), ("team.toml", b"")], ()),
        (GOOD, [("team.toml", "box.sqlite")]),
        (GOOD, [("team.toml", "/etc/passwd")]),
        (GOOD[:1], ()),
        (GOOD[1:], ()),
        ([("backup.json", b"[]"), GOOD[1]], ()),
        ([("backup.json", ABOUT.replace(b"1", b"9")), GOOD[1]], ()),
        ([], ()),
    ],
)
def test_what_strangers_seal_writes_nowhere(team, tmp_path, files, links):
    with pytest.raises(StoreUnavailable, match="not a backup"):
        restore(team, forged(team, files, links), tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["cedar"]


RESTORE_ON_A_FULL_DISK = """
import resource, sys
from datetime import date
from pathlib import Path
from feedback import backup, custody
from feedback.errors import StoreUnavailable
from feedback.folder import Folder
source, sealed, target, limit = Folder(Path(sys.argv[1])), Path(sys.argv[2]), *sys.argv[3:]
keys = custody.unlock(source, "2026-Q4", {"Ben": "four five six"})
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    backup.restore_backup(Folder(Path(target)), sealed.read_bytes(), [keys.codes],
        keyrings=source, check=lambda _: [], today=date(2026, 11, 23))
except StoreUnavailable as refusal:
    print(refusal)
"""


@pytest.mark.parametrize("limit", [0, 100, 5000, 20_000])
def test_a_full_disk_leaves_no_half_restored_folder(team, tmp_path, limit):
    sealed = tmp_path / "b.age"
    sealed.write_bytes(team.backup().sealed)
    arguments = [str(team.folder.path), str(sealed), str(tmp_path / "again"), str(limit)]
    run = subprocess.run(
        [sys.executable, "-c", RESTORE_ON_A_FULL_DISK, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(backup.__file__).parents[1])},
    )
    assert "the disk is full" in run.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "cedar"]


def test_a_full_disk_leaves_the_older_backup(team, tmp_path):
    (tmp_path / "b.age").write_bytes(b"older")
    before = team.folder.audit.read_bytes()
    made = team.backup()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        with pytest.raises(StoreUnavailable, match="the disk is full"):
            backup.keep_backup(team.folder, made, tmp_path / "b.age", replace=True, today=TODAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "b.age").read_bytes() == b"older"
    assert team.folder.audit.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "cedar"]


def test_a_damaged_team_database_is_not_taken(team):
    size = team.database.stat().st_size
    with team.database.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    with pytest.raises(StoreUnavailable, match="damaged"):
        team.backup()


def test_a_team_database_that_only_seems_whole_is_not_taken(team):
    with team.database.open("r+b") as file:
        file.seek(36)  # the number of free pages in SQLite's header
        file.write((7).to_bytes(4, "big"))
    with pytest.raises(StoreUnavailable, match="damaged"):
        team.backup()


def test_the_team_database_is_copied_while_somebody_writes(team, tmp_path):
    with closing(sqlite3.connect(team.database, isolation_level=None)) as db:
        db.execute("begin immediate")
        db.execute("delete from document")
        sealed = team.backup().sealed
        db.execute("rollback")
    restore(team, sealed, tmp_path / "again")
    assert open_records(tmp_path / "again" / "team.sqlite").get("decision", "d1") is not None


def test_a_team_database_in_postgresql_is_left_out_and_said_so(team, tmp_path):
    with open_box(team.folder.box) as box:
        made = backup.make_backup(team.folder, box, "postgresql://host/team", today=TODAY)
    assert not made.whole
    assert not restore(team, made.sealed, tmp_path / "again").whole
    assert not (tmp_path / "again" / "team.sqlite").exists()


def test_a_team_without_a_database_yet_is_backed_up(team, tmp_path):
    team.database.unlink()
    assert restore(team, team.backup().sealed, tmp_path / "again").whole


def test_a_drill_says_what_was_proven_and_leaves_nothing(team, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    team.open_all("2026-Q4")
    before = files_of(team.folder.path)
    found = team.drill("2026-Q4")
    assert found.problems == ()
    assert "2026-Q4: a response was opened, its codes and its words." in found.proven
    assert "2026-Q4: what was opened and coded before can be read." in found.proven
    assert "The team's database is in the copy and sound." in found.proven
    assert MARKER not in repr(found)
    assert not list((tmp_path / "scratch").iterdir())
    assert files_of(team.folder.path) == before


def test_a_drill_covers_every_round(team):
    team.release("2026-Q4")
    team.make_round("2027-Q1")
    found = team.drill("2026-Q4", "2027-Q1")
    assert found.problems == ()
    assert "2027-Q1: no response has come yet; the passphrases open its keys." in found.proven


def test_a_drill_with_one_custodian_does_not_claim_the_words(team):
    keys = team.keys("2026-Q4", "Ana")
    with open_box(team.folder.box) as box:
        found = backup.drill(
            team.folder,
            box,
            team.database,
            {"2026-Q4": (keys.codes, keys.words)},
            check=holds,
            today=TODAY,
        )
    assert "2026-Q4: a response was opened, its codes but not its words." in found.proven


def test_a_drill_says_when_nothing_opens(team):
    with open_box(team.folder.box) as box:
        for rid in box.rids("2026-Q4"):
            box.delete_round("2026-Q4")
            box.put(rid, "2026-Q4", bytes(7432))
    team.folder.snapshot("2026-Q4").write_bytes(b"age?")
    assert team.drill("2026-Q4").problems == (
        "2026-Q4: no response in the copy opens with these keys.",
        "2026-Q4: what was opened and coded before cannot be read.",
    )


def test_a_forged_row_does_not_fail_a_drill(team):
    with open_box(team.folder.box) as box:
        box.put(0, "2026-Q4", bytes(7432))
    assert team.drill("2026-Q4").problems == ()


def test_a_drill_without_room_for_it_is_refused(team, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    with pytest.raises(StoreUnavailable, match="temporary files"):
        team.drill("2026-Q4")


def test_a_drill_notices_another_ledger(team):
    def publish(copy):
        team.folder.release(1).write_text('{"round": "2026-Q4"}')
        return holds(copy)

    found = team.drill("2026-Q4", check=publish)
    assert found.problems == ("The restored ledger is not the ledger of this folder.",)


def test_a_drill_says_that_postgresql_needs_its_own(team):
    keys = team.keys("2026-Q4")
    with open_box(team.folder.box) as box:
        found = backup.drill(
            team.folder,
            box,
            "postgresql://host/team",
            {"2026-Q4": (keys.codes, keys.words)},
            check=holds,
            today=TODAY,
        )
    assert found.problems == ()
    assert any("pg_dump" in sentence for sentence in found.proven)


def test_a_file_in_the_way_of_a_folder_is_named(team, tmp_path):
    (tmp_path / "again").write_text("mine")
    with pytest.raises(StoreUnavailable, match="again"):
        restore(team, team.backup().sealed, tmp_path / "again")
    assert (tmp_path / "again").read_text() == "mine"


def test_a_backup_gives_up_when_the_log_never_rests(team, monkeypatch):
    real = backup.read_file

    def read_and_publish(path):
        audit.append(team.folder.audit, audit.Event.TEAM_MADE, today=TODAY)
        return real(path)

    monkeypatch.setattr(backup, "read_file", read_and_publish)
    monkeypatch.setattr(backup, "_PAUSE", 0)
    with pytest.raises(StoreUnavailable, match="No backup was made"):
        team.backup()


def test_every_file_of_a_folder_is_kept_or_left_out_on_purpose():
    folder = Folder(Path("cedar"))
    # Team and ledger are no single files; a paraphrase that was taken off must not come back.
    known = {"lock", "keyring", "path", "team", "team_text", "ledger", "paraphrases"}
    for name, member in vars(Folder).items():
        if name.startswith("_") or name in known:
            continue
        made = getattr(folder, name)
        by = 1 if name in ("release", "withdrawal") else "R-1"
        path = made if isinstance(member, property) else made(by)
        place = path.relative_to(folder.path).as_posix()
        assert place in (backup.BOX, backup.TEAM) or backup._KEPT.fullmatch(place), name
