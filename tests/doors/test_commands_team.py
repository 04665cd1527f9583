"""The commands that make a team and look at it: whole or not at all, in plain words."""

import json
import re
import resource
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from feedback.folder import Folder
from feedback.passphrases import PASSWORD, read_passphrases
from feedback.rounds import State, states
from feedback.store import audit

ROOT = Path(__file__).parents[2]
THROUGHLINE = (sys.executable, "-c", "from feedback.cli import main; main()")
SEVEN_WORDS = re.compile(r"([a-z]+ ){6}[a-z]+")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A team that was made by a person at a keyboard who asked for nothing special."""
    place = tmp_path_factory.mktemp("made")
    run = subprocess.run(
        [*THROUGHLINE, "init", "cedar", "--yes", "--team", "Cedar", "--round", "2026-Q4",
         "--custodian", "Ana", "--custodian", "Ben", "--passphrases-file", "given.txt"],
        cwd=place, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return place, run.stdout


def test_init_makes_a_team_whose_form_is_open(made):
    place, said = made
    folder = Folder(place / "cedar")
    assert "The form of Cedar is open for the round 2026-Q4." in said
    assert states(folder) == {"2026-Q4": State.OPEN}
    assert folder.team().name == "Cedar"
    assert [event["event"] for event in audit.read(folder.audit)] == [
        "team.made", "key.made", "key.made", "key.confirmed", "round.opened",
    ]  # fmt: skip


def test_init_gives_each_custodian_seven_words_in_a_file_of_their_own(made):
    place, said = made
    given = place / "given.txt"
    found = read_passphrases(given)
    assert list(found) == ["Ana", "Ben"]
    assert all(SEVEN_WORDS.fullmatch(words) for words in found.values())
    assert PASSWORD in given.read_text()
    assert stat.S_IMODE(given.stat().st_mode) == 0o600
    assert not any(words in said for words in found.values())


def test_only_the_owner_may_look_into_a_team(made):
    place, _ = made
    assert stat.S_IMODE((place / "cedar").stat().st_mode) == 0o700
    secret = ("keyring-*.json", "access.json", "box.sqlite", "audit.log")
    for path in (found for pattern in secret for found in (place / "cedar").glob(pattern)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_second_init_changes_nothing(made, throughline):
    place, _ = made
    before = {path: path.read_bytes() for path in (place / "cedar").glob("*.*")}
    refused = throughline("init", place / "cedar", "--yes", code=1)
    assert "There is a team in" in refused.stderr
    assert {path: path.read_bytes() for path in (place / "cedar").glob("*.*")} == before


def test_passphrases_are_never_written_over_another_file(tmp_path, throughline):
    taken = tmp_path / "taken.txt"
    taken.write_text("something else")
    refused = throughline("init", tmp_path / "cedar", "--yes", "--passphrases-file", taken, code=1)
    assert "Name a file that is not there yet." in refused.stderr
    assert taken.read_text() == "something else"
    assert not (tmp_path / "cedar").exists()  # whose passphrases nobody would know


def test_init_on_a_full_disk_leaves_nothing_behind(tmp_path):
    started = subprocess.run(
        [*THROUGHLINE, "init", tmp_path / "cedar", "--yes"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert started.returncode == 1
    assert "disk is full" in started.stderr or "error of its disk" in started.stderr
    assert "Traceback" not in started.stderr
    assert not (tmp_path / "cedar").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--custodian", "Ana", "--words-need", "2"],
        ["--custodian", "Ana", "--custodian", "Ana"],
        ["--custodian", "Ana: lead"],
        ["--custodian", PASSWORD],
        ["--round", "2026/Q4"],
        ["--words-need", "0"],
        ["--nonsense"],
    ],
)
def test_init_says_how_it_is_used(tmp_path, throughline, wrong):
    refused = throughline("init", tmp_path / "cedar", "--yes", *wrong, code=2)
    assert "Error: " in refused.stderr
    assert not (tmp_path / "cedar").exists()


# ------------------------------------------------------------------ status and verify


def test_status_says_where_a_team_stands_without_counting_anybody(demonstration, throughline):
    said = throughline("status", demonstration.path).stdout
    assert "This is a demonstration: everything in it is invented." in said
    assert "open, 10 or more people" in said
    assert "Releases: 1, 2." in said
    assert re.search(r"audit log ([0-9a-f]{5} ){2}[0-9a-f]{5}\.", said)
    assert not re.search(r"\b40\b", said)


def test_status_is_data_too(demonstration, throughline):
    found = json.loads(throughline("status", demonstration.path, "--json").stdout)
    assert [each["state"] for each in found["rounds"]] == ["released", "released", "open"]
    assert found["rounds"][2]["people"] == "10 or more"
    assert found["rounds"][2]["custodians"]["needed_for_words"] == 2
    assert (found["releases"], found["attention"]) == ([1, 2], [])


def test_status_looks_at_the_number_of_people_once_a_week(demonstration, throughline):
    throughline("status", demonstration.path)
    (reached,) = demonstration.path.glob("reached-*.json")
    seen = json.loads(reached.read_text())
    yesterday = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011
    reached.write_text(json.dumps(seen | {"enough": False, "day": yesterday}))
    assert "fewer than 10 people" in throughline("status", demonstration.path).stdout
    a_week_ago = (date.today() - timedelta(days=7)).isoformat()  # noqa: DTZ011
    reached.write_text(json.dumps(seen | {"enough": False, "day": a_week_ago}))
    assert "10 or more people" in throughline("status", demonstration.path).stdout


@pytest.mark.parametrize("harm", ["{}", "[1]", "no json", '{"enough": true, "day": "soon"}'])
def test_a_damaged_mark_of_the_last_look_is_looked_up_anew(demonstration, throughline, harm):
    throughline("status", demonstration.path)
    (reached,) = demonstration.path.glob("reached-*.json")
    reached.write_text(harm)
    assert "10 or more people" in throughline("status", demonstration.path).stdout
    assert json.loads(reached.read_text())["enough"]


def test_status_names_help_lines_that_nobody_checked(demonstration, throughline):
    settings = demonstration.folder.team_file
    text = re.sub(r"checked_on = \S+", "checked_on = 2020-01-01", settings.read_text(), count=1)
    settings.write_text(text)
    name = re.search(r'\[\[help\]\]\nname = "(.*)"', text)[1]
    said = throughline("status", demonstration.path, code=1).stdout
    assert f"! Nobody has checked these help lines for 90 days: {name}." in said


def test_verify_says_that_all_holds(demonstration, throughline):
    assert throughline("verify", demonstration.path).stdout == (
        "The ledger, the audit log and the box hold.\n"
    )
