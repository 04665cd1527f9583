"""Door 3 by the command line: two people freeze a release, files hold it, every change is found."""

import csv
import io
import json
import random
import re
import shutil
import sqlite3
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest

from feedback import codebooks, custody, ledgers, opening, publishing
from feedback.errors import ReleaseRefused, ThroughlineError
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import State, load_round, states
from feedback.store import audit
from feedback.store.box import open_box

FIRST, SECOND = "Lead advocate", "Program director"
HARMS = 25  # changed bytes of each file
CONTRACT = ["count", "base", "share", "low", "high", "status", "note"]


@pytest.fixture(scope="module")
def closed_one(made_demonstration, tmp_path_factory):
    """A demonstration whose third round is closed, and whose release is drafted and checked."""
    team = made_demonstration.copy(tmp_path_factory.mktemp("closed") / "demo")
    folder, round_id = team.folder, json.loads(team.folder.public.read_text())["round"]
    keys = custody.unlock(folder, round_id, {w: team.secrets[w] for w in (FIRST, SECOND)})
    today = date.today()  # noqa: DTZ011
    a_round, log = load_round(folder, round_id), opening.Log(keys.custodians, today)
    with open_box(folder.box) as box:
        found = opening.open_new(folder, a_round, box, codes=keys.codes, words=keys.words, log=log)
    custody.close_round(folder, round_id, people=40, k=10, today=today)
    frame = opening.to_frame(found, a_round.questionnaire)
    publishing.build(folder, a_round, frame, keys.team_seed, by=FIRST, today=today)
    publishing.check(folder, a_round, today=today)
    return team


@pytest.fixture
def team(closed_one, tmp_path):
    return closed_one.copy(tmp_path / "closed")


@pytest.fixture
def given(team):
    def some(*names):
        path = team.path.parent / "some.txt"
        path.write_text("".join(f"{name}: {team.secrets[name]}\n" for name in names))
        path.chmod(0o600)
        return path

    return some


def closed_round(folder):
    return next(name for name, state in states(folder).items() if state is State.CLOSED)


def verified(folder):
    with open_box(folder.box) as box:
        return publishing.verify(folder, box)


# ------------------------------------------------------------------ two people


def test_a_release_is_built_checked_and_published_by_two(team, given, throughline):
    round_id = closed_round(team.folder)
    built = throughline("release", "build", team.path, "--passphrases-file", given(FIRST))
    assert f"Draft of release 3 for {round_id}, by {FIRST}." in built.stdout
    assert "Some open answers have not been read" in built.stderr
    unchecked = ("release", "publish", team.path, "--passphrases-file", given(SECOND))
    assert "has not been checked yet" in throughline(*unchecked, code=1).stderr
    assert (
        "what people wrote had not been read" in throughline("release", "check", team.path).stdout
    )
    published = throughline("release", "publish", team.path, "--passphrases-file", given(SECOND))
    assert f"Release 3 for {round_id} is in the ledger: " in published.stdout
    assert states(team.folder)[round_id] is State.RELEASED
    assert not team.folder.draft(round_id).exists()
    assert verified(team.folder) == []
    events = [(e["event"], e.get("by")) for e in audit.read(team.folder.audit)][-3:]
    assert events == [("checked", None), ("approved", SECOND), ("published", None)]


@pytest.mark.parametrize("named", [[], ["--custodian", FIRST]])
def test_who_built_a_draft_does_not_approve_it(team, given, throughline, named):
    command = ("release", "publish", team.path, *named, "--passphrases-file", given(FIRST))
    said = throughline(*command, code=1)
    assert said.stderr == f"{FIRST} built this draft. Another custodian must approve it.\n"
    assert len(ledgers.documents(team.folder)) == 2


def test_a_name_in_the_draft_cannot_be_exchanged(team, given, throughline):
    path = team.folder.draft(closed_round(team.folder))
    path.write_text(path.read_text().replace(f'"by": "{FIRST}"', f'"by": "{SECOND}"'))
    command = ("release", "publish", team.path, "--passphrases-file", given(FIRST))
    assert "was changed after it was built" in throughline(*command, code=1).stderr
    assert len(ledgers.documents(team.folder)) == 2


def test_the_second_person_is_one_whose_passphrase_is_there(team, given, throughline):
    command = ("release", "publish", team.path, "--custodian", "Paper in the safe")
    said = throughline(*command, "--passphrases-file", given(SECOND), code=2)
    assert "There is no passphrase of Paper in the safe." in said.stderr


def test_a_round_is_released_once(team, given, throughline):
    throughline("release", "publish", team.path, "--passphrases-file", given(SECOND))
    for command in ("build", "publish"):
        said = throughline(
            "release", command, team.path, "--passphrases-file", given(SECOND), code=1
        )
        assert "there is none yet" in said.stderr
    round_id = max(states(team.folder))
    said = throughline(
        "release", "build", team.path, round_id, "--passphrases-file", given(SECOND), code=1
    )
    assert "is not closed, or has its release already" in said.stderr


def test_building_again_gives_the_same_numbers(team, given, throughline):
    path = team.folder.draft(closed_round(team.folder))
    before = json.loads(path.read_text())["document"]["tables"]
    throughline("release", "build", team.path, "--passphrases-file", given(SECOND))
    assert json.loads(path.read_text())["document"]["tables"] == before


def test_no_draft_is_checked_or_published_before_it_is_built(team, given, throughline):
    team.folder.draft(closed_round(team.folder)).unlink()
    for command in (("check",), ("publish", "--passphrases-file", given(SECOND))):
        said = throughline("release", command[0], team.path, *command[1:], code=1)
        assert "Build one first." in said.stderr


def test_while_a_round_is_open_nothing_of_it_is_released(demonstration, throughline):
    round_id = json.loads(demonstration.folder.public.read_text())["round"]
    for words in ((), (round_id,)):
        said = throughline(
            "release", "build", demonstration.path, *words,
            "--passphrases-file", demonstration.passphrases_file, code=1,
        )  # fmt: skip
        assert "closed" in said.stderr


def test_a_plan_that_was_changed_after_freezing_makes_no_release(team, given, throughline):
    path = team.folder.plan(closed_round(team.folder))
    path.write_text(path.read_text().replace('"k": 10', '"k": 11'))
    said = throughline("release", "build", team.path, "--passphrases-file", given(FIRST), code=1)
    assert f"{path.name} was changed after the round was made." in said.stderr
    assert f"{path.name} was changed" in throughline("verify", team.path, code=1).stderr


# ------------------------------------------------------------------ a full disk


@pytest.mark.parametrize("step", ["build", "publish", "export", "close"])
def test_on_a_full_disk_nothing_is_half_done(
    team, demonstration, given, throughline, full_disk, step
):
    words = {
        "build": ("release", "build", team.path, "--passphrases-file", given(FIRST)),
        "publish": ("release", "publish", team.path, "--passphrases-file", given(SECOND)),
        "export": ("export", team.path, "1", "--out", team.path.parent / "release.csv"),
        "close": ("round", "close", demonstration.path, max(states(demonstration.folder))),
    }[step]
    draft = team.folder.draft(closed_round(team.folder)).read_bytes()
    with full_disk(20):
        said = throughline(*words, code=1)
    assert "disk is full" in said.stderr
    assert team.folder.draft(closed_round(team.folder)).read_bytes() == draft
    assert states(demonstration.folder)[max(states(demonstration.folder))] is State.OPEN
    assert not (team.path.parent / "release.csv").exists()
    assert verified(team.folder) == verified(demonstration.folder) == []
    throughline(*words)


def test_a_frozen_release_is_not_built_a_second_time(team, given, throughline):
    folder, round_id = team.folder, closed_round(team.folder)
    draft = folder.draft(round_id).read_bytes()
    log = folder.audit.read_bytes()
    throughline("release", "publish", team.path, "--passphrases-file", given(SECOND))
    folder.draft(round_id).write_bytes(draft)  # as after a power cut between the two
    folder.audit.write_bytes(log)
    assert "does not end with the release" in " ".join(verified(folder))
    said = throughline("release", "build", team.path, "--passphrases-file", given(FIRST), code=1)
    assert "Publish the draft once more." in said.stderr
    throughline("release", "publish", team.path, "--passphrases-file", given(SECOND))
    assert verified(folder) == []
    assert len(ledgers.documents(folder)) == 3


# ------------------------------------------------------------------ files


@pytest.fixture(scope="module")
def files(made_demonstration, tmp_path_factory):
    """Every format of release 1, exported twice by the command."""
    from click.testing import CliRunner

    from feedback.cli import main

    made = {}
    for turn in (1, 2):
        place = tmp_path_factory.mktemp("files")
        for kind in ("csv", "xlsx", "json"):
            words = ["export", str(made_demonstration.path), "1", "--format", kind]
            said = CliRunner().invoke(main, [*words, "--out", str(place)])
            assert said.exit_code == 0
            made[turn, kind] = place / said.stdout.strip().rpartition("/")[2]
    return made


def plain(frame):
    """Return a table with empty cells and whole numbers, whichever file it was read from."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [
        {
            k: None if v in ("", None) else int(v) if isinstance(v, float) else v
            for k, v in r.items()
        }
        for r in rows
    ]


def test_every_format_holds_the_same_rows(files, made_demonstration):
    release = ledgers.load_release(made_demonstration.folder, 1)
    read = {
        "csv": pd.read_csv(files[1, "csv"]),
        "xlsx": pd.read_excel(files[1, "xlsx"], sheet_name="Release"),
        "json": pd.DataFrame(json.loads(files[1, "json"].read_text())["rows"]),
    }
    rows = {kind: plain(frame) for kind, frame in read.items()}
    assert rows["csv"] == rows["xlsx"] == rows["json"]
    assert len(rows["csv"]) > 100
    for frame in read.values():
        assert list(frame.columns)[:5] == ["release", "round", "question", "answer", "kind"]
        assert list(frame.columns)[-7:] == CONTRACT
        assert list(frame.columns)[5:-7] == list(release.plan.groups)
    shown = {
        (row["question"], row["answer"]): row["count"]
        for row in rows["csv"]
        if not any(row[group] for group in release.plan.groups)
    }
    for table in release.tables:
        assert shown[table.question.id, None] == table.everyone.base
        for answer, count in table.everyone.counts.items():
            assert shown[table.question.id, answer] == count


def test_every_file_says_where_it_comes_from(files, made_demonstration):
    release = ledgers.load_release(made_demonstration.folder, 1)
    book = openpyxl.load_workbook(files[1, "xlsx"])
    first_note = next(csv.DictReader(io.StringIO(files[1, "csv"].read_text())))["note"]
    about = "\n".join(str(row[1].value) for row in book["Read me"].iter_rows())
    for text in (first_note, about, files[1, "json"].read_text()):
        assert release.hash in text
        assert release.day.isoformat() in text
        assert "rounded to fives" in text


def test_the_same_release_gives_the_same_bytes(files):
    for kind in ("csv", "xlsx", "json"):
        assert files[1, kind].read_bytes() == files[2, kind].read_bytes()


def test_a_workbook_hides_nothing_and_names_nobody(files):
    book = openpyxl.load_workbook(files[1, "xlsx"])
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Read me", "visible"),
        ("Release", "visible"),
    ]
    assert not book.defined_names
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.comment or cell.hyperlink for cell in cells)
    dimensions = [d for sheet in book for d in sheet.column_dimensions.values()]
    assert not any(dimension.hidden for dimension in dimensions)
    with zipfile.ZipFile(files[1, "xlsx"]) as parts:
        assert not [name for name in parts.namelist() if "pivot" in name or "external" in name]
        assert not re.search(rb"\d\d:\d\d:(?!00Z)\d\d", parts.read("docProps/core.xml"))


def test_a_file_goes_where_it_is_sent(demonstration, tmp_path, throughline, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = throughline("export", demonstration.path, "2", "--format", "json").stdout.strip()
    assert (tmp_path / here).exists()
    there = tmp_path / "other.csv"
    throughline("export", demonstration.path, "2", "--out", there)
    assert there.read_text().startswith("release,round,question")


def test_a_file_that_cannot_be_written_is_named(demonstration, tmp_path, throughline):
    absent = tmp_path / "absent" / "release.csv"
    assert (
        str(absent)
        in throughline("export", demonstration.path, "1", "--out", absent, code=1).stderr
    )
    assert "There is no release 9." in throughline("export", demonstration.path, "9", code=1).stderr
    throughline("export", demonstration.path, "none", code=2)
    throughline("export", demonstration.path, "1", "--format", "docx", code=2)


# ------------------------------------------------------------------ every changed byte


def harmed(data, seed, places=HARMS):
    """Yield a file's bytes with one of them changed, or gone, or one more."""
    dice = random.Random(seed)
    for place in sorted(dice.sample(range(len(data)), places)):
        other = dice.choice([byte for byte in b'aA0 9",{}\n\xff' if byte != data[place]])
        yield data[:place] + bytes([other]) + data[place + 1 :]
    place = dice.randrange(len(data))
    yield data[:place] + data[place + 1 :]
    yield data[:place] + b" " + data[place:]
    yield data + b"\n"
    yield b""


@pytest.mark.parametrize("name", ["ledger/0001.json", "ledger/0002.json", "plan", "draft"])
def test_a_changed_byte_is_found_and_its_file_named(team, name):
    folder, round_id = team.folder, closed_round(team.folder)
    path = {"plan": folder.plan(round_id), "draft": folder.draft(round_id)}.get(name)
    path = path or team.path / name
    told = {"plan": path.name, "draft": f"The draft for {round_id}"}.get(name)
    number = int(path.stem) if told is None else 0
    good = path.read_bytes()
    for data in harmed(good, seed=name):
        path.write_bytes(data)
        said = " ".join(verified(folder))
        names = (told,) if told else (path.name, f"Release {number}")
        assert any(each in said for each in names), (said, data == good)
    path.write_bytes(good)
    assert verified(folder) == []


def test_a_changed_byte_of_the_log_is_found_and_its_line_named(team):
    path = team.folder.audit
    good = path.read_bytes()
    for data in harmed(good, seed="audit"):
        path.write_bytes(data)
        said = " ".join(verified(team.folder))
        pairs = enumerate(zip(good, data, strict=False))
        same = next((at for at, (one, other) in pairs if one != other), min(len(good), len(data)))
        line = 1 + good[:same].count(b"\n")
        assert re.search(rf"at line {line}:", said) or "ledger does not end" in said
    path.write_bytes(good)
    assert verified(team.folder) == []


def test_a_changed_draft_is_neither_checked_nor_published(team, given):
    folder, round_id = team.folder, closed_round(team.folder)
    keys = custody.unlock(folder, round_id, {SECOND: team.secrets[SECOND]})
    a_round, path = load_round(folder, round_id), folder.draft(round_id)
    good, today = path.read_bytes(), date.today()  # noqa: DTZ011
    for data in harmed(good, seed=5):
        path.write_bytes(data)
        for act in (
            lambda: publishing.check(folder, a_round, today=today),
            lambda: publishing.publish(folder, a_round, keys.team_seed, by=SECOND, today=today),
        ):
            with pytest.raises(ReleaseRefused):
                act()
    assert len(ledgers.documents(folder)) == 2


def test_numbers_that_were_changed_and_hashed_again_are_found(team):
    from feedback.disclosure.ledger import release_hash
    from feedback.store.files import json_bytes

    path = team.folder.release(2)
    document = json.loads(path.read_text())
    document["tables"][0]["rows"][0]["base"] += 5
    path.write_bytes(json_bytes(document | {"hash": release_hash(document)}))
    said = " ".join(verified(team.folder))
    assert "Release 2 is not signed by this team." in said


def test_a_release_that_is_gone_is_missed(team):
    for number, told in ((1, "Release 1 is missing."), (2, "does not end with the release")):
        path = team.folder.release(number)
        away = path.rename(path.with_suffix(".away"))
        assert told in " ".join(verified(team.folder))
        away.rename(path)


def test_an_open_round_that_locks_for_somebody_else_is_found(demonstration):
    folder = demonstration.folder
    found = json.loads(folder.public.read_text())
    folder.public.write_text(json.dumps(found | {"codes": found["words"]}, indent=2))
    assert f"public.json is not the round {found['round']} as it was made." in verified(folder)
    shutil.copy(folder.public, folder.round(found["round"]))
    assert f"round-{found['round']}.json locks codes for another key than yours." in verified(
        folder
    )


def test_a_damaged_row_is_found(demonstration):
    with sqlite3.connect(demonstration.folder.box) as box:
        box.execute("update response set env = x'00' where rid = (select min(rid) from response)")
    box.close()
    assert "rows that have not the size of a sealed response" in " ".join(
        verified(demonstration.folder)
    )


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b"{}", b'{"round": []}', b"\xff\xfe"])
def test_no_command_breaks_on_a_damaged_ledger(demonstration, throughline, harm):
    demonstration.folder.release(1).write_bytes(harm)
    for command in ("status", "verify"):
        assert "0001.json" in throughline(command, demonstration.path, code=1).output
    throughline("export", demonstration.path, "1", code=1)


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b"{}", b'{"format": "throughline round 1"}'])
@pytest.mark.parametrize("name", ["public.json", "round"])
def test_no_command_breaks_on_a_damaged_round(demonstration, throughline, name, harm):
    folder = demonstration.folder
    round_id = json.loads(folder.public.read_text())["round"]
    path = folder.public if name == "public.json" else folder.round(round_id)
    path.write_bytes(harm)
    for command in ("status", "verify"):
        assert path.name in throughline(command, demonstration.path, code=1).output
    if name == "public.json":
        said = throughline("serve", demonstration.path, "--surface", "form", code=1)
        assert "public.json cannot be used" in said.stderr


def test_the_code_of_the_gate_is_asked_in_order(team):
    """A draft of another plan than the frozen one is refused, however well it is signed."""
    folder, round_id = team.folder, closed_round(team.folder)
    questionnaire = load_questionnaire()
    codebook = codebooks.current(folder)
    other = publishing.make_plan(folder.team(), f"{round_id}x", questionnaire, codebook)
    folder.plan(round_id).write_text(json.dumps(other.to_dict(), indent=2) + "\n")
    keys = custody.unlock(folder, round_id, {FIRST: team.secrets[FIRST]})
    with pytest.raises(ThroughlineError, match="changed after the round was made"):
        publishing.build(
            folder,
            load_round(folder, round_id),
            pd.DataFrame(),
            keys.team_seed,
            by=FIRST,
            today=date.today(),  # noqa: DTZ011
        )
