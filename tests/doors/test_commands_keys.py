"""The commands for keys: custodians confirm, change, and destroy, and nobody is locked out."""

import json
import os
import re
import resource
import shutil
from datetime import date
from itertools import combinations

import click
import pytest
from click.testing import CliRunner

from feedback import custody
from feedback.commands.asking import Program, today
from feedback.commands.keys import keys as keys_group
from feedback.crypto.passphrase import Cost
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.errors import (
    KeyringDamaged,
    NotEnoughCustodians,
    SealingError,
    StoreUnavailable,
    WrongPassphrase,
)
from feedback.folder import Folder
from feedback.keyrings import destroyed, read_keyring, replace_keyrings
from feedback.passphrases import read_passphrases
from feedback.questionnaire.definition import load_questionnaire
from feedback.store import audit
from feedback.themes.codebook import load

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
TODAY = date(2026, 11, 23)
PHRASES = {"Ana": "one two three", "Ben": "four five six", "Paper in the safe": "seven eight nine"}
WORDS = "seven words of the team"
NEW = {"Ana": "one two three", "Cleo": "ten eleven twelve", "Dee": "thirteen fourteen"}


@click.group(cls=Program)
def main():
    pass


main.add_command(keys_group)


def run(*arguments, given=None, code=0):
    result = CliRunner().invoke(main, ["keys", *map(str, arguments)], input=given)
    assert result.exit_code == code, result.output
    assert not result.exception or isinstance(result.exception, SystemExit)
    return result


def make_round(folder, round_id, phrases=PHRASES, words_needed=2):
    question = PlannedQuestion("heard", Kind.SINGLE, "Were you heard?", (Answer("yes", "Yes"),))
    custody.make_round(
        folder,
        round_id,
        questionnaire=load_questionnaire(),
        plan=Plan(round_id, "Team", Edition(1, "a"), Edition(1, load().digest), (question,)),
        passphrases=phrases,
        words_needed=words_needed,
        today=TODAY,
        cost=CHEAP,
    )


def close_and_release(folder, round_id):
    custody.close_round(folder, round_id, people=10, k=10, today=TODAY)
    number = len(list(folder.ledger.iterdir())) + 1
    folder.release(number).write_text(json.dumps({"round": round_id}))


@pytest.fixture(scope="module")
def a_team(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("made") / "cedar")
    custody.make_team(folder, "Cedar", password=WORDS, today=TODAY)
    make_round(folder, "2026-Q4")
    custody.confirm(folder, "2026-Q4", {"Ana": PHRASES["Ana"]}, today=TODAY)
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


def keyring_files(folder):
    return {path.name: path.read_bytes() for path in folder.path.glob("keyring-*.json")}


def seeds(folder, round_id, phrases):
    keys = custody.unlock(folder, round_id, phrases)
    return keys.codes.seed, keys.words and keys.words.seed, keys.team_seed


def only(phrases, *names):
    return {name: phrases[name] for name in names}


def rewrap(folder, typed, new, **more):
    rings = custody.rewrapped(folder, typed, new, cost=CHEAP, **more)
    replace_keyrings(folder, rings, today=TODAY)


# list


def test_the_list_says_who_holds_what_and_who_confirmed(folder):
    text = run("list", folder.path).stdout
    assert "keyring-2026-Q4-words.json: any 2 of Ana, Ben, Paper in the safe." in text
    assert "keyring-2026-Q4-codes.json: any 1 of Ana, Ben, Paper in the safe." in text
    assert (
        "Confirmed for 2026-Q4: Ana on 2026-11-23, Ben not yet, Paper in the safe not yet." in text
    )


def test_the_list_is_data_too(folder):
    found = json.loads(run("list", folder.path, "--json").stdout)
    assert [ring["name"] for ring in found["keyrings"]] == [
        "team",
        "2026-Q4-codes",
        "2026-Q4-words",
    ]
    words = found["keyrings"][2]
    assert (words["state"], words["needed"], words["custodians"]) == ("here", 2, list(PHRASES))
    assert found["confirmed"]["2026-Q4"] == {
        "Ana": "2026-11-23",
        "Ben": None,
        "Paper in the safe": None,
    }


def test_a_damaged_keyring_is_found(folder):
    folder.keyring("2026-Q4-words").write_text("{}")
    assert "keyring-2026-Q4-words.json: damaged." in run("list", folder.path, code=1).stdout


def test_a_keyring_that_lies_elsewhere_is_no_alarm(folder):
    folder.keyring("2026-Q4-words").unlink()
    assert "keyring-2026-Q4-words.json: not here." in run("list", folder.path).stdout


def test_one_lost_passphrase_that_would_lose_all_is_said(folder):
    close_and_release(folder, "2026-Q4")
    make_round(folder, "2027-Q1", words_needed=3)
    assert "one lost passphrase loses this key" in run("list", folder.path).stdout


def test_where_no_team_is_nothing_is_listed(tmp_path):
    assert "There is no team" in run("list", tmp_path, code=1).stderr


# check


def test_every_custodian_confirms(folder, passphrases):
    text = run("check", folder.path, "--passphrases-file", passphrases()).stdout
    assert "3 of 3 custodians confirmed for 2026-Q4." in text
    event = audit.read(folder.audit)[-1]
    assert (event["event"], event["custodians"]) == ("key.confirmed", list(PHRASES))
    assert f"Ben on {today()}" in run("list", folder.path).stdout


def test_a_passphrase_is_tried_alone(folder, passphrases):
    given = passphrases(only(PHRASES, "Paper in the safe"))
    text = run("check", folder.path, "--passphrases-file", given).stdout
    assert "1 of 3 custodians confirmed" in text


def test_one_that_does_not_fit_is_named_and_not_confirmed(folder, passphrases):
    given = passphrases(PHRASES | {"Ben": "wrong words"})
    found = run("check", folder.path, "--passphrases-file", given, code=1)
    assert "Ben: does not fit." in found.stderr
    assert "2 of 3 custodians confirmed" in found.stdout
    assert audit.read(folder.audit)[-1]["custodians"] == ["Ana", "Paper in the safe"]
    assert "wrong words" not in found.output


def test_a_stranger_fits_nothing(folder, passphrases):
    given = passphrases({"Mallory": "one two three"})
    before = folder.audit.read_bytes()
    assert "0 of 3" in run("check", folder.path, "--passphrases-file", given, code=1).stdout
    assert folder.audit.read_bytes() == before


def test_passphrases_are_asked_for_and_not_shown(folder):
    found = run("check", folder.path, given="Ben\nfour five six\n\n")
    assert "1 of 3 custodians confirmed" in found.stdout
    assert "four five six" not in found.output


def test_a_damaged_words_keyring_is_noticed_although_codes_open(folder, passphrases):
    ring = json.loads(folder.keyring("2026-Q4-words").read_text())
    for piece in ring["pieces"]:
        if piece["who"] == "Ben":
            piece["ct"] = "00" * 48
    folder.keyring("2026-Q4-words").write_text(json.dumps(ring))
    given = passphrases(only(PHRASES, "Ana", "Ben"))
    assert (
        "Ben: does not fit" in run("check", folder.path, "--passphrases-file", given, code=1).stderr
    )


def test_an_older_round_can_be_checked(folder, passphrases):
    close_and_release(folder, "2026-Q4")
    make_round(folder, "2027-Q1", phrases=only(PHRASES, "Ana", "Ben"))
    arguments = ["--round", "2026-Q4", "--passphrases-file", passphrases()]
    assert "3 of 3 custodians confirmed for 2026-Q4" in run("check", folder.path, *arguments).stdout


def test_an_open_passphrase_file_is_refused(folder, passphrases):
    path = passphrases()
    path.chmod(0o644)
    assert "chmod" in run("check", folder.path, "--passphrases-file", path, code=1).stderr


# rewrap


@pytest.mark.parametrize("pair", list(combinations(NEW, 2)))
def test_new_custodians_open_the_same_keys(folder, pair):
    before = seeds(folder, "2026-Q4", PHRASES)
    rewrap(folder, only(PHRASES, "Ana", "Ben"), NEW)
    assert seeds(folder, "2026-Q4", only(NEW, *pair)) == before


def test_those_who_left_open_nothing_any_more(folder):
    rewrap(folder, only(PHRASES, "Ana", "Ben"), NEW)
    with pytest.raises(WrongPassphrase):
        custody.unlock(folder, "2026-Q4", only(PHRASES, "Ben"))


def test_too_few_old_custodians_change_nothing(folder):
    before = keyring_files(folder)
    with pytest.raises(NotEnoughCustodians):
        rewrap(folder, only(PHRASES, "Ana"), NEW)
    with pytest.raises(WrongPassphrase):
        rewrap(folder, PHRASES | {"Ben": "no"}, NEW)
    with pytest.raises(SealingError):
        rewrap(folder, PHRASES, {"Ana": "same", "Cleo": "same"})
    assert keyring_files(folder) == before


def test_every_round_is_wrapped_anew_together(folder):
    close_and_release(folder, "2026-Q4")
    make_round(folder, "2027-Q1")
    before = [seeds(folder, each, PHRASES) for each in ("2026-Q4", "2027-Q1")]
    rewrap(folder, only(PHRASES, "Ana", "Ben"), NEW)
    assert [seeds(folder, each, NEW) for each in ("2026-Q4", "2027-Q1")] == before
    make_round(folder, "2027-Q2", phrases=NEW)
    assert seeds(folder, "2027-Q2", NEW)[2] == before[0][2]


def test_as_many_as_before_open_the_words_while_there_are_so_many(folder):
    rewrap(folder, PHRASES, only(NEW, "Cleo"))
    assert custody.custodians(folder, "2026-Q4") == (("Cleo",), 1)
    rewrap(folder, only(NEW, "Cleo"), NEW, words_needed=3)
    assert custody.custodians(folder, "2026-Q4") == (tuple(NEW), 3)


def test_the_teams_public_key_stays(folder):
    before = read_keyring(folder, "team")["public"]
    rewrap(folder, PHRASES, NEW)
    assert read_keyring(folder, "team")["public"] == before


def test_an_older_copy_of_one_keyring_does_not_lock_anybody_out(folder):
    older = folder.keyring("2026-Q4-words").read_bytes()
    before = seeds(folder, "2026-Q4", PHRASES)
    rewrap(folder, PHRASES, PHRASES)
    folder.keyring("2026-Q4-words").write_bytes(older)
    assert seeds(folder, "2026-Q4", PHRASES) == before
    rewrap(folder, PHRASES, NEW)
    assert seeds(folder, "2026-Q4", NEW) == before


def test_a_full_disk_keeps_every_old_keyring(folder):
    before = keyring_files(folder)
    events = folder.audit.read_bytes()
    rings = custody.rewrapped(folder, PHRASES, NEW, cost=CHEAP)
    sizes = sorted(len(json.dumps(ring, indent=2)) for ring in rings.values())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[-1] - 100, hard))  # the last is too large
    try:
        with pytest.raises(StoreUnavailable, match="disk is full"):
            replace_keyrings(folder, rings, today=TODAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert keyring_files(folder) == before
    assert folder.audit.read_bytes() == events
    assert not [path for path in folder.path.iterdir() if "keyrings" in path.name]
    custody.unlock(folder, "2026-Q4", PHRASES)


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_power_cut_while_files_move_leaves_the_new_keyrings(folder, tmp_path, moved):
    before = seeds(folder, "2026-Q4", PHRASES)
    elsewhere = tmp_path / "other"
    shutil.copytree(folder.path, elsewhere)
    rewrap(Folder(elsewhere), PHRASES, NEW)
    waiting = folder.path / "keyrings-rewrapped"
    waiting.mkdir()
    for place, (name, data) in enumerate(sorted(keyring_files(Folder(elsewhere)).items())):
        (folder.path if place < moved else waiting).joinpath(name).write_bytes(data)
    assert seeds(folder, "2026-Q4", NEW) == before
    rewrap(folder, NEW, PHRASES)
    assert not waiting.exists()
    assert seeds(folder, "2026-Q4", PHRASES) == before


def test_a_missing_keyring_stops_a_change_of_custodians(folder):
    folder.keyring("2026-Q4-words").unlink()
    with pytest.raises(KeyringDamaged, match="2026-Q4-words"):
        rewrap(folder, PHRASES, NEW)


def test_the_command_gives_new_passphrases_to_those_who_are_new(folder, passphrases, tmp_path):
    before = seeds(folder, "2026-Q4", PHRASES)
    new_file = tmp_path / "new.txt"
    given = passphrases(only(PHRASES, "Ana", "Ben"))
    arguments = ["--custodian", "Ana", "--custodian", "Cleo", "--passphrases-file", given]
    found = run("rewrap", folder.path, *arguments, "--new-passphrases-file", new_file)
    made = read_passphrases(new_file)
    assert list(made) == ["Cleo"]
    assert new_file.stat().st_mode & 0o777 == 0o600
    assert made["Cleo"] not in found.output
    assert "What Ben, Paper in the safe could open before" in found.stdout
    assert seeds(folder, "2026-Q4", made) == (before[0], None, before[2])
    events = [event["event"] for event in audit.read(folder.audit)]
    assert events[-2:] == ["key.rewrapped", "key.rewrapped"]
    assert "Ana not yet, Cleo not yet" in run("list", folder.path).stdout


def test_new_passphrases_are_shown_once_when_there_is_no_file(folder, passphrases):
    before = seeds(folder, "2026-Q4", PHRASES)
    given = passphrases(only(PHRASES, "Ana", "Ben"))
    arguments = ["--custodian", "Ben", "--custodian", "Cleo", "--passphrases-file", given]
    found = run("rewrap", folder.path, *arguments)
    shown = re.search(r"Cleo:\n +((?:[a-z]+ ){6}[a-z]+)\n", found.stdout)
    assert shown
    assert found.stdout.count(shown[1]) == 1
    assert seeds(folder, "2026-Q4", {"Cleo": shown[1], "Ben": PHRASES["Ben"]}) == before
    kept = b"".join(path.read_bytes() for path in folder.path.rglob("*") if path.is_file())
    assert not [words for words in (*PHRASES.values(), shown[1]) if words.encode() in kept]


def test_everybody_can_be_given_a_new_passphrase(folder, passphrases, tmp_path):
    new_file = tmp_path / "new.txt"
    run(
        "rewrap", folder.path, "--new-for-all", "--custodian", "Ana", "--custodian", "Ben",
        "--passphrases-file", passphrases(), "--new-passphrases-file", new_file,
    )  # fmt: skip
    made = read_passphrases(new_file)
    assert list(made) == ["Ana", "Ben"]
    assert set(made.values()).isdisjoint(PHRASES.values())
    assert custody.custodians(folder, "2026-Q4") == (("Ana", "Ben"), 2)


def test_fewer_for_the_words_is_said(folder, passphrases):
    arguments = ["--custodian", "Ana", "--passphrases-file", passphrases()]
    assert "Before, 2 had to come" in run("rewrap", folder.path, *arguments).stderr


def test_more_than_there_are_cannot_be_needed(folder):
    arguments = ["--custodian", "Ana", "--words-need", "2"]
    assert (
        "The words would need 2 custodians, of 1."
        in run("rewrap", folder.path, *arguments, code=2).stderr
    )


def test_a_name_that_a_passphrases_file_cannot_hold_is_usage(folder):
    assert "no colon" in run("rewrap", folder.path, "--custodian", "Ana: 1", code=2).stderr


def test_a_change_that_fails_on_the_screen_changes_nothing(folder, passphrases):
    before = keyring_files(folder)
    (folder.path / "keyrings-rewrapped").write_text("in the way")
    arguments = ["--custodian", "Ana", "--passphrases-file", passphrases()]
    run("rewrap", folder.path, *arguments, code=1)
    assert keyring_files(folder) == before


def test_those_who_were_left_out_of_the_last_round_are_named(folder, passphrases):
    close_and_release(folder, "2026-Q4")
    make_round(folder, "2027-Q1", phrases=only(PHRASES, "Ana"), words_needed=1)
    custody.confirm(folder, "2027-Q1", only(PHRASES, "Ana"), today=TODAY)
    found = run("rewrap", folder.path, "--passphrases-file", passphrases())
    assert "Custodians now: Ana. Any one of them opens the words." in found.stdout
    assert "What Ben, Paper in the safe could open before" in found.stdout


def test_where_nobody_leaves_nobody_is_named(tmp_path, passphrases):
    folder = Folder(tmp_path / "alone")
    custody.make_team(folder, "Alone", password=WORDS, today=TODAY)
    make_round(folder, "2026-Q4", phrases=only(PHRASES, "Ana"), words_needed=1)
    given = passphrases(only(PHRASES, "Ana"))
    found = run("rewrap", folder.path, "--passphrases-file", given)
    assert "may have kept" not in found.stdout


def test_an_older_passphrases_file_is_not_written_over(folder, passphrases, tmp_path):
    (tmp_path / "new.txt").write_text("kept")
    before = keyring_files(folder)
    arguments = ["--passphrases-file", passphrases(), "--new-passphrases-file"]
    run("rewrap", folder.path, *arguments, tmp_path / "new.txt", code=1)
    assert (tmp_path / "new.txt").read_text() == "kept"
    assert keyring_files(folder) == before


def test_passphrases_that_open_nothing_are_not_left_lying(folder, passphrases, tmp_path):
    before = keyring_files(folder)
    (folder.path / "keyrings-rewrapped").write_text("in the way")
    run(
        "rewrap", folder.path, "--new-for-all", "--custodian", "Ana",
        "--passphrases-file", passphrases(), "--new-passphrases-file", tmp_path / "new.txt",
        code=1,
    )  # fmt: skip
    assert not (tmp_path / "new.txt").exists()
    assert keyring_files(folder) == before


# destroy


def test_before_a_release_nothing_is_destroyed(folder):
    before = keyring_files(folder)
    for state in ("open", "closed"):
        found = run("destroy", folder.path, "2026-Q4", "--yes", code=1)
        assert "no release yet" in found.stderr, state
        if state == "open":
            custody.close_round(folder, "2026-Q4", people=10, k=10, today=TODAY)
    assert keyring_files(folder) == before


def test_the_round_must_be_typed(folder):
    close_and_release(folder, "2026-Q4")
    before = keyring_files(folder)
    found = run("destroy", folder.path, "2026-Q4", given="2026-Q3\n", code=1)
    assert "Nothing was destroyed" in found.stderr
    assert keyring_files(folder) == before


def test_what_is_lost_with_each_key_is_said_before(folder):
    close_and_release(folder, "2026-Q4")
    words = run("destroy", folder.path, "2026-Q4", "--part", "words", given="2026-Q4\n").stdout
    assert "reads again what people wrote" in words
    assert "Backups" not in words
    codes = run("destroy", folder.path, "2026-Q4", "--part", "codes", given="2026-Q4\n").stdout
    assert "Backups" in codes
    assert "people wrote" not in codes


def test_a_key_that_cannot_be_destroyed_is_not_called_destroyed(folder):
    close_and_release(folder, "2026-Q4")
    folder.keyring("2026-Q4-words").unlink()
    folder.keyring("2026-Q4-words").mkdir()
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words", code=1)
    assert destroyed(folder) == frozenset()


def test_destroyed_keys_never_open_again(folder):
    close_and_release(folder, "2026-Q4")
    found = run("destroy", folder.path, "2026-Q4", given="2026-Q4\n")
    assert "Backups that were sealed to it open no longer" in found.stdout
    assert "at Ana, Ben, Paper in the safe, on sticks" in found.stdout
    assert sorted(keyring_files(folder)) == ["keyring-team.json"]
    with pytest.raises(KeyringDamaged, match="was destroyed"):
        custody.unlock(folder, "2026-Q4", PHRASES)
    assert "keyring-2026-Q4-codes.json: destroyed." in run("list", folder.path).stdout


def test_a_key_is_overwritten_where_it_lies(folder, tmp_path):
    close_and_release(folder, "2026-Q4")
    path = folder.keyring("2026-Q4-words")
    os.link(path, tmp_path / "same-blocks")
    before = path.read_bytes()
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    after = (tmp_path / "same-blocks").read_bytes()
    assert len(after) == len(before)
    assert b"custodians" not in after


def test_codes_stay_open_when_only_words_are_destroyed(folder, passphrases):
    before = seeds(folder, "2026-Q4", PHRASES)
    close_and_release(folder, "2026-Q4")
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    assert seeds(folder, "2026-Q4", PHRASES) == (before[0], None, before[2])
    assert custody.custodians(folder, "2026-Q4") == (tuple(PHRASES), 2)
    found = run("check", folder.path, "--passphrases-file", passphrases())
    assert "3 of 3" in found.stdout


def test_custodians_change_after_words_were_destroyed(folder):
    close_and_release(folder, "2026-Q4")
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    before = seeds(folder, "2026-Q4", PHRASES)
    rewrap(folder, only(PHRASES, "Ben"), NEW)
    assert seeds(folder, "2026-Q4", NEW) == before
    assert not folder.keyring("2026-Q4-words").exists()


def test_a_copy_that_comes_back_is_not_used(folder):
    close_and_release(folder, "2026-Q4")
    copy = folder.keyring("2026-Q4-words").read_bytes()
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    folder.keyring("2026-Q4-words").write_bytes(copy)
    assert custody.unlock(folder, "2026-Q4", PHRASES).words is None


def test_destroying_again_changes_nothing(folder):
    close_and_release(folder, "2026-Q4")
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    before = folder.audit.read_bytes()
    found = run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    assert "was destroyed before" in found.stdout
    assert folder.audit.read_bytes() == before


def test_a_key_that_lies_elsewhere_only_counts_as_destroyed(folder):
    close_and_release(folder, "2026-Q4")
    folder.keyring("2026-Q4-words").unlink()
    run("destroy", folder.path, "2026-Q4", "--yes", "--part", "words")
    assert destroyed(folder) == {"2026-Q4-words"}


def test_those_who_left_are_named_too_for_their_copies(folder):
    close_and_release(folder, "2026-Q4")
    rewrap(folder, PHRASES, NEW)
    found = run("destroy", folder.path, "2026-Q4", "--yes")
    assert "at Ana, Ben, Paper in the safe, Cleo, Dee, on sticks" in found.stdout


def test_names_that_cannot_be_a_round_are_usage(folder):
    run("destroy", folder.path, "../cedar", "--yes", code=2)
