"""The commands for rounds: open what came, bring tables in, close for good; never a text shown."""

import hashlib
import json
import shutil
import socket
import sqlite3
from datetime import date

import pytest

from feedback import custody, importing, opening
from feedback.crypto.passphrase import Cost
from feedback.errors import RoundRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.keyrings import replace_keyrings
from feedback.questionnaire.answers import Mark
from feedback.rounds import State, load_round, states
from feedback.store import audit
from feedback.store.box import open_box

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
TODAY = date(2026, 11, 23)
ROUND, NEXT = "2026-Q4", "2027-Q1"
PHRASES = {"Ana": "one two three", "Ben": "four five six"}
GOOD = "path,who,believed,change,lang\n" + "\n".join(
    f"got_help,school;police,agree,heron {number},en" for number in range(12)
)


@pytest.fixture(scope="module")
def made(tmp_path_factory, make_round):
    folder = Folder(tmp_path_factory.mktemp("made") / "cedar")
    custody.make_team(folder, "Cedar", password="ten eleven", today=TODAY)  # noqa: S106
    make_round(folder, ROUND, PHRASES, today=TODAY)
    open_box(folder.box, create=True).close()
    return folder.path


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path / "cedar")
    return Folder(tmp_path / "cedar")


@pytest.fixture
def given(tmp_path):
    return passphrases(tmp_path / "given.txt", PHRASES)


def passphrases(path, phrases):
    path.write_text("".join(f"{name}: {words}\n" for name, words in phrases.items()))
    path.chmod(0o600)
    return path


@pytest.fixture
def table(tmp_path):
    def write(text, name="paper.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def bring(folder, file, box=None):
    with open_box(folder.box) as found:
        return importing.import_file(folder, file, box or found, today=TODAY, cost=CHEAP)


def people(folder):
    with open_box(folder.box) as box:
        return box.counts().get(ROUND, 0)


def opened(folder):
    keys = custody.unlock(folder, ROUND, PHRASES)
    a_round, log = load_round(folder, ROUND), opening.Log(keys.custodians, TODAY)
    with open_box(folder.box) as box:
        found = opening.open_new(folder, a_round, box, codes=keys.codes, words=keys.words, log=log)
        return found, list(opening.read_words(a_round, box, found, keys.words))


# ------------------------------------------------------------------ import


def test_paper_may_be_in_every_language_of_the_team(folder, table, throughline):
    text = folder.team_file.read_text().replace('["en", "es"]', '["es", "en", "so"]')
    reviewed = '[[reviews]]\nlanguage = "so"\nby = "a survivor"\nday = 2026-11-20\n'
    folder.team_file.write_text(text + reviewed)
    file = table("path,lang\ngot_help,SO\ntried,\ngot_help,kar\n")
    said = throughline("import", folder.path, file, code=1)
    assert said.stderr.startswith("Line 4: lang is not a language of the form.")
    found, _ = opened(folder)
    assert sorted(one.answers.lang for one in found.responses) == ["es", "so"]


def test_good_lines_are_sealed_and_wrong_ones_are_named(folder, table, throughline):
    file = table(
        "path,who,believed,change,lang\n"
        "got_help,school; police,agree,heron,en\n"
        "I got help,School,Agree,garza,es\n"
        "nonsense,school,agree,quartz,en\n"
        "got_help,school,agree;disagree,lantern,en\n"
        "got_help,school,agree,ok,fr\n"
        ",,,,en\n"
        "got_help,school\n"
        f"got_help,school,agree,{'m' * 401},en\n"
        'tried,,,"two\nlines",\n'
    )
    said = throughline("import", folder.path, file, code=1)
    assert said.stdout == "Responses sealed: 3. Lines left out: 6.\n"
    assert said.stderr.splitlines() == [
        "Line 4: path is not one of the answers to this question.",
        "Line 5: believed has more than one answer.",
        "Line 6: lang is not a language of the form.",
        "Line 7: the line has no answer.",
        "Line 8: the line has more or fewer cells than the first line.",
        "Line 9: change is too long.",
        "Correct those lines in a file of their own, so that the others do not count twice.",
    ]
    for secret in ("nonsense", "quartz", "lantern", "heron", "mmm"):
        assert secret not in said.output
    found, words = opened(folder)
    assert {one.answers.marks for one in found.responses} == {frozenset({Mark.PAPER})}
    assert sorted((one.lang, one.text) for one in words) == [
        ("en", "heron"),
        ("en", "two\nlines"),
        ("es", "garza"),
    ]
    assert sorted(one.answers.picked.get("path") for one in found.responses) == [
        ("got_help",),
        ("got_help",),
        ("tried",),
    ]


def test_the_same_table_twice_is_refused(folder, table):
    file = table(GOOD)
    assert bring(folder, file) == (12, [])
    with pytest.raises(RoundRefused, match=r"paper\.csv was imported into 2026-Q4 before"):
        bring(folder, file)
    shutil.copy(file, file.with_name("copy.csv"))
    with pytest.raises(RoundRefused, match="nobody counts twice"):
        bring(folder, file.with_name("copy.csv"))
    assert people(folder) == 12
    assert [e["responses"] for e in audit.read(folder.audit) if e["event"] == "imported"] == [12]


class TornCable:
    """The box, until its disk fails in the middle."""

    def __init__(self, box, rows):
        self._box, self._left = box, rows

    def put(self, *row, **more):
        if not self._left:
            raise StoreUnavailable("The box met an error of its disk or server.")
        self._left -= 1
        self._box.put(*row, **more)


def test_an_import_that_broke_off_goes_on_and_counts_nobody_twice(folder, table):
    file = table(GOOD)
    with open_box(folder.box) as box, pytest.raises(StoreUnavailable):
        bring(folder, file, TornCable(box, 5))
    assert people(folder) == 5
    with pytest.raises(RoundRefused, match="Another table was not imported to its end"):
        bring(folder, table("path\ntried\n", "other.csv"))
    assert bring(folder, file) == (12, [])
    assert people(folder) == 12
    assert len(opened(folder)[0].responses) == 12
    assert bring(folder, table("path\ntried\n", "other.csv")) == (1, [])
    assert not list(folder.path.glob("importing-*"))


def test_an_unfinished_import_lies_sealed(folder, table):
    with open_box(folder.box) as box, pytest.raises(StoreUnavailable):
        bring(folder, table(GOOD), TornCable(box, 0))
    (waiting,) = folder.path.glob("importing-*")
    assert b"heron" not in waiting.read_bytes()
    assert (waiting.stat().st_size - 64) % 7432 == 0


def test_on_a_full_disk_a_table_is_not_imported_at_all(folder, table, throughline, full_disk):
    file = table(GOOD)
    with full_disk(60_000):
        said = throughline("import", folder.path, file, code=1)
    assert "disk is full" in said.stderr
    assert "heron" not in said.output
    assert people(folder) == 0
    assert bring(folder, file) == (12, [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe\x00bad", "It is not a CSV file in UTF-8"),
        ("", "Its first line must name questions"),
        ("name,phone\nAna,555", "Its first line must name questions"),
        ("path,phone\ntried,555", "Its first line must name questions"),
        ('path,change\ntried,"no end', "Line 2 is broken. Nothing was stored."),
    ],
)
def test_what_is_no_table_of_this_questionnaire_is_refused(folder, table, throughline, text, why):
    said = throughline("import", folder.path, table(text), code=1)
    assert why in said.stderr
    assert "555" not in said.output
    assert people(folder) == 0


def test_a_missing_table_is_named(folder, tmp_path, throughline):
    said = throughline("import", folder.path, tmp_path / "absent.csv", code=1)
    assert "absent.csv cannot be found" in said.stderr


def test_nothing_is_imported_while_no_round_is_open(folder, table, throughline):
    folder.public.unlink()
    said = throughline("import", folder.path, table(GOOD), code=1)
    assert "No round is open." in said.stderr


def test_a_thief_cannot_try_what_stood_in_a_table(folder, table, tmp_path):
    file = table("path\ntried\n")
    bring(folder, file)
    kept = folder.imported(ROUND).read_text().strip()
    quick = {getattr(hashlib, name)(file.read_bytes()).hexdigest() for name in ("md5", "sha256")}
    assert kept not in quick
    other = tmp_path / "other"
    shutil.copytree(folder.path, other)
    a_round = json.loads(Folder(other).public.read_text()) | {"deployment": "00" * 16}
    Folder(other).public.write_text(json.dumps(a_round))
    Folder(other).imported(ROUND).unlink()
    bring(Folder(other), file)
    assert Folder(other).imported(ROUND).read_text().strip() != kept  # each team's is its own


# ------------------------------------------------------------------ open


def test_opening_prints_counts_and_never_a_text(folder, table, given, throughline):
    bring(folder, table(GOOD))
    said = throughline("open", folder.path, "--passphrases-file", given)
    assert said.output == (
        "2026-Q4: 12 responses are open, 0 could not be opened, 12 open answers are not read yet.\n"
    )


def test_passphrases_may_be_typed(folder, table, throughline):
    bring(folder, table(GOOD))
    typed = "Ana\none two three\nBen\nfour five six\n"
    said = throughline("open", folder.path, given=typed)
    assert "12 responses are open" in said.stdout
    assert "three" not in said.output


@pytest.mark.parametrize(
    ("phrases", "why"),
    [
        ({"Ana": "one two four"}, "This passphrase does not fit Ana. Nothing was opened."),
        ({"Ana": PHRASES["Ana"], "Ben": "x"}, "This passphrase does not fit Ben."),
        ({"Eve": "one two three"}, "This passphrase does not fit Eve."),
        ({}, "This needs the passphrase of one custodian, and none was typed."),
    ],
)
def test_a_wrong_passphrase_opens_nothing(folder, tmp_path, table, throughline, phrases, why):
    bring(folder, table(GOOD))
    log = folder.audit.read_bytes()
    given = passphrases(tmp_path / "wrong.txt", phrases)
    said = throughline("open", folder.path, "--passphrases-file", given, code=1)
    assert why in said.stderr
    assert not any(words in said.output for words in phrases.values())
    assert not folder.snapshot(ROUND).exists()
    assert folder.audit.read_bytes() == log


def test_a_file_of_passphrases_is_for_its_owner_only(folder, given, throughline):
    given.chmod(0o640)
    said = throughline("open", folder.path, "--passphrases-file", given, code=1)
    assert f"Other people can read it. Run: chmod 600 {given}" in said.stderr


def test_a_line_without_a_name_is_counted_not_quoted(folder, tmp_path, throughline):
    wrong = passphrases(tmp_path / "wrong.txt", PHRASES)
    wrong.write_text(wrong.read_text() + "seven words without a name\n")
    said = throughline("open", folder.path, "--passphrases-file", wrong, code=1)
    assert "Line 3 is not of the form name: words." in said.stderr
    assert "seven words" not in said.output


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b'{"format": "other"}', b"\xff"])
@pytest.mark.parametrize("name", ["2026-Q4-codes", "2026-Q4-words", "team"])
def test_a_damaged_keyring_is_named(folder, given, throughline, name, harm):
    folder.keyring(name).write_bytes(harm)
    said = throughline("open", folder.path, "--passphrases-file", given, code=1)
    assert f"keyring-{name}.json is missing or damaged. Nothing was opened" in said.stderr
    assert folder.keyring(name).read_bytes() == harm


def test_a_damaged_snapshot_is_named_and_kept(folder, table, given, throughline):
    bring(folder, table(GOOD))
    throughline("open", folder.path, "--passphrases-file", given)
    folder.snapshot(ROUND).write_bytes(b"age-encryption.org/v1\n")
    said = throughline("open", folder.path, "--passphrases-file", given, code=1)
    assert "snapshot-2026-Q4.age is damaged and was left as it is." in said.stderr
    assert folder.snapshot(ROUND).read_bytes() == b"age-encryption.org/v1\n"


def test_on_a_full_disk_the_old_snapshot_stays(folder, table, given, throughline, full_disk):
    bring(folder, table(GOOD))
    throughline("open", folder.path, "--passphrases-file", given)
    before = folder.snapshot(ROUND).read_bytes()
    bring(folder, table(GOOD.replace("heron", "crane"), "more.csv"))
    with full_disk(len(before) // 2):
        said = throughline("open", folder.path, "--passphrases-file", given, code=1)
    assert "disk is full" in said.stderr
    assert folder.snapshot(ROUND).read_bytes() == before
    assert (
        "24 responses are open"
        in throughline("open", folder.path, "--passphrases-file", given).stdout
    )
    assert not list(folder.path.glob(".*"))


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("feedback.store.sqlite_shelf.BUSY_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", ["status", "verify", "open", "import", "close"])
def test_a_box_that_is_held_missing_or_foreign_is_named(folder, table, given, throughline, command):
    words = {
        "open": ("open", folder.path, "--passphrases-file", given),
        "import": ("import", folder.path, table(GOOD)),
        "close": ("round", "close", folder.path, ROUND),
    }.get(command, (command, folder.path))
    held = sqlite3.connect(folder.box, isolation_level=None)
    held.execute("begin exclusive")
    assert "is held by another program" in throughline(*words, code=1).output
    held.close()
    away = folder.box.rename(folder.path / "away")
    assert "box.sqlite cannot be found" in throughline(*words, code=1).output
    folder.box.write_bytes(b"This is not a database, but it is as long as a header of one." * 99)
    assert "is not a file of Throughline's" in throughline(*words, code=1).output
    away.replace(folder.box)
    assert states(folder) == {ROUND: State.OPEN}
    assert people(folder) in (0, 12)


# ------------------------------------------------------------------ open and close rounds


def test_a_round_with_too_few_people_stays_open(folder, table, throughline):
    bring(folder, table("path\n" + "tried\n" * 9))
    said = throughline("round", "close", folder.path, ROUND, code=1)
    assert said.stderr == (
        "Fewer than 10 people have answered, so the round stays open. Nothing is lost: these "
        "answers will be in the next release.\n"
    )
    assert states(folder) == {ROUND: State.OPEN}
    bring(folder, table("path\ngot_help\n", "more.csv"))
    throughline("round", "close", folder.path, ROUND)
    assert states(folder) == {ROUND: State.CLOSED}


def test_nobody_opens_a_closed_round_by_hand(folder, table, given, throughline):
    bring(folder, table(GOOD))
    throughline("round", "close", folder.path, ROUND)
    said = throughline("round", "open", folder.path, ROUND, "--passphrases-file", given, code=1)
    assert "Nobody opens a closed round by hand." in said.stderr
    again = throughline("round", "close", folder.path, ROUND, code=1)
    assert "The round 2026-Q4 is not open." in again.stderr


def test_the_next_round_opens_when_the_last_one_closed(folder, table, given, throughline):
    opening_it = ("round", "open", folder.path, NEXT, "--passphrases-file", given)
    assert "The round 2026-Q4 is open. Close it first." in throughline(*opening_it, code=1).stderr
    bring(folder, table(GOOD))
    throughline("round", "close", folder.path, ROUND)
    assert throughline(*opening_it).stdout == "The round 2027-Q1 is open.\n"
    assert states(folder) == {ROUND: State.CLOSED, NEXT: State.OPEN}
    assert custody.custodians(folder, NEXT) == (("Ana", "Ben"), 2)
    assert throughline("verify", folder.path).stdout


def test_nobody_makes_a_round_that_they_could_read_alone(folder, table, tmp_path, throughline):
    bring(folder, table(GOOD))
    throughline("round", "close", folder.path, ROUND)
    alone = passphrases(tmp_path / "alone.txt", {"Ana": PHRASES["Ana"]})
    said = throughline("round", "open", folder.path, NEXT, "--passphrases-file", alone, code=1)
    assert said.stderr == "This needs 2 custodians together; 1 typed a passphrase.\n"
    assert not folder.round(NEXT).exists()
    assert not folder.keyring(f"{NEXT}-words").exists()


def test_who_did_not_come_to_make_a_round_is_named(folder, table, tmp_path, throughline):
    people = PHRASES | {"Cy": "seven eight nine"}
    replace_keyrings(folder, custody.rewrapped(folder, PHRASES, people, cost=CHEAP), today=TODAY)
    bring(folder, table(GOOD))
    throughline("round", "close", folder.path, ROUND)
    given = passphrases(tmp_path / "two.txt", PHRASES)
    said = throughline("round", "open", folder.path, NEXT, "--passphrases-file", given)
    assert said.stderr.startswith("! Cy did not come and will open nothing of 2027-Q1.")
    assert custody.custodians(folder, NEXT) == (("Ana", "Ben"), 2)


def test_a_round_is_not_opened_by_a_wrong_passphrase(folder, table, tmp_path, throughline):
    bring(folder, table(GOOD))
    throughline("round", "close", folder.path, ROUND)
    wrong = passphrases(tmp_path / "wrong.txt", PHRASES | {"Ben": "no"})
    said = throughline("round", "open", folder.path, NEXT, "--passphrases-file", wrong, code=1)
    assert "does not fit Ben" in said.stderr
    assert states(folder) == {ROUND: State.CLOSED}


@pytest.mark.parametrize("name", ["../2027", "2027 Q1", "", "-", "a" * 33])
def test_a_round_has_a_name_that_can_be_a_file(folder, given, throughline, name):
    throughline("round", "open", folder.path, "--", name, code=2)


@pytest.mark.parametrize(
    "command",
    [
        ("status",), ("verify",), ("open",), ("import", "x.csv"), ("round", "open", ROUND),
        ("round", "close", ROUND), ("release", "build"), ("release", "check"),
        ("release", "publish"), ("export", "1"), ("serve",), ("keys", "list"),
        ("keys", "rewrap"), ("drill",),
    ],
)  # fmt: skip
def test_a_folder_without_a_team_is_said_to_be_one(tmp_path, throughline, command):
    first = 2 if command[0] in ("round", "release", "keys") else 1
    words = (*command[:first], tmp_path / "nothing", *command[first:])
    said = throughline(*words, code=1)
    assert "There is no team in it" in said.stderr
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("k = 9", "k: It must be 10 or more"),
        ("leave = 'http://weather.gov'", "leave: It must be an address that begins with https://"),
        ("languages = ['xx']", "languages: There is no catalogue for xx"),
        ("idle_minutes = 'long'", "idle_minutes: It must be a whole number"),
        ("languages = ['English']", "languages: A language is a short tag"),
        ("languages = []", "languages: It must not be empty"),
        ("base = 7", "base: It cannot be 7"),
        ("sample = 255", "sample: It must be a multiple of 10"),
        ("single_person = 'no'", "single_person: It must be true or false"),
        ("colour = 'red'", "colour: There is nothing of this name"),
        ("k = = 3", "line"),
    ],
)
@pytest.mark.parametrize("command", ["status", "serve"])
def test_a_wrong_setting_is_named_with_its_line(folder, throughline, command, line, why):
    text = folder.team_file.read_text().splitlines()
    key = line.split(" = ")[0]
    text = [one for one in text if not one.startswith(f"{key} =")]
    text.insert(4, line)
    folder.team_file.write_text("\n".join(text))
    said = throughline(command, folder.path, code=1)
    assert said.stderr.startswith("team.toml cannot be used: ")
    assert "5" in said.stderr
    assert why in said.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "203.0.113.9"])
def test_an_address_that_cannot_be_had_is_said(folder, throughline, host):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        said = throughline("serve", folder.path, "--host", host, "--port", port, code=1)
    assert said.stderr.startswith(f"Nothing is served: {host}, port {port}, cannot be used here.")
    assert said.stdout == ""
