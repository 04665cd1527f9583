"""A coalition adds up what teams hand over: signed files and public keys, and never a secret."""

import csv
import json
import random
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from feedback.crypto import signing
from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.release import build_release
from feedback.disclosure.withdrawal import Reason, Withdrawal, write_withdrawal
from feedback.ledgers import KEY_FORMAT

DAY = date(2027, 1, 15)
ANSWERS = tuple(Answer(each, each.upper()) for each in "abc")
SAID = PlannedQuestion("said", Kind.SINGLE, "Said?", ANSWERS)
COLUMNS = [
    "release", "round", "question", "answer", "kind",
    "count", "base", "share", "low", "high", "status", "note",
]  # fmt: skip


class Handover:
    """What one team hands over: its releases and its key, as files in a folder of their own."""

    def __init__(self, place: Path, team: str, *, people: int = 20, key: str = ""):
        self.place, self.team, self.people = place / team, team, people
        self.seed = (key or team).encode().ljust(32, b".")
        self.place.mkdir()
        self.documents: list[dict] = []
        public = signing.public_key(self.seed)
        key_file = {"format": KEY_FORMAT, "team": team, "public": public.hex()}
        self.key = self.write("team-key.json", key_file)

    def write(self, name, document):
        path = self.place / name
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return path

    def sign(self, data):
        return signing.sign(self.seed, data).hex()

    def release(self, round_id="2026-Q4"):
        edition = Edition(1, "x", "core")
        plan = Plan(round_id, self.team, edition, edition, (SAID,))
        rand = random.Random(f"{self.team} {round_id}")
        before = self.documents[-1] if self.documents else None
        unsigned = build_release(
            pd.DataFrame({"said": rand.choices("ab", k=self.people)}, dtype=object),
            plan,
            key=rand.randbytes(32),
            number=len(self.documents) + 1,
            previous_hash=before["hash"] if before else "",
            day=DAY,
        )
        self.documents.append(chain(unsigned, before, self.sign))
        return self.write(f"{len(self.documents):04}.json", self.documents[-1])

    def withdraw(self, number):
        found = self.documents[number - 1]
        taken_back = Withdrawal(number, found["hash"], DAY, Reason.ERROR, ("Ana", "Ben"))
        document = write_withdrawal(taken_back, self.sign)
        return self.write(f"withdrawn-{number:04}.json", document)


@pytest.fixture
def teams(tmp_path):
    """Return six teams, each with a release of the same round."""
    found = [Handover(tmp_path, f"Team {letter}") for letter in "ABCDEF"]
    for team in found:
        team.release()
    return found


@pytest.fixture
def pool(throughline, tmp_path):
    def run(files, teams, *more, code=0, out="pool.csv"):
        keys = [word for team in teams for word in ("--key", team.key)]
        return throughline("pool", *files, *keys, *more, "--out", tmp_path / out, code=code)

    return run


def first_files(teams):
    return [team.place / "0001.json" for team in teams]


def read(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_six_teams_are_added_up_in_the_columns_of_the_export(teams, pool, tmp_path):
    said = pool(first_files(teams), teams)
    rows = read(tmp_path / "pool.csv")
    assert list(rows[0]) == COLUMNS
    whole = {row["answer"]: int(row["count"]) for row in rows if row["count"]}
    published = [team.documents[0]["tables"][0]["rows"][0] for team in teams]
    assert whole[""] == sum(row["base"] for row in published) == 120
    assert whole["a"] == sum(row["answers"]["a"] for row in published)
    assert "Team A: release 1, 2026-Q4. Key: " in said.stdout
    assert "Compare each key with its team by another way" in said.stdout


def test_json_says_where_each_number_comes_from(teams, pool, tmp_path):
    pool(first_files(teams), teams, out="pool.json")
    found = json.loads((tmp_path / "pool.json").read_text())
    assert [each["hash"] for each in found["releases"]] == [t.documents[0]["hash"] for t in teams]
    assert found["columns"] == COLUMNS
    assert found["rows"][0]["base"] == 120
    assert "rounded its own to fives at random" in found["rule"]


def test_the_same_files_give_the_same_bytes(teams, pool, tmp_path):
    for out, files in (("one.csv", first_files(teams)), ("two.csv", first_files(teams)[::-1])):
        pool(files, teams, out=out)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def harm(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, indent=2) + "\n")


def one_more(document):
    document["tables"][0]["rows"][0]["answers"]["a"] += 5


@pytest.mark.parametrize(
    "change",
    [
        one_more,
        lambda document: document.update(round="2027-Q1"),
        lambda document: document.pop("signature"),
        lambda document: document.pop("tables"),
        lambda document: document.update(plan=[]),
        lambda document: document.update(number=float("nan")),
        lambda document: document.clear(),
    ],
)
def test_a_file_that_was_changed_is_refused_and_nothing_is_written(teams, pool, tmp_path, change):
    harm(teams[0].place / "0001.json", change)
    said = pool(first_files(teams), teams, code=1)
    assert "0001.json is not a release, or was changed" in said.stderr
    assert not (tmp_path / "pool.csv").exists()


@pytest.mark.parametrize("text", ["[1]", "7", "null", '"x"', "{", ""])
def test_a_file_that_is_no_release_is_refused(teams, pool, tmp_path, text):
    (tmp_path / "strange.json").write_text(text)
    pool([*first_files(teams), tmp_path / "strange.json"], teams, code=1)


def signed(team, change):
    """Change a team's release as somebody can who holds its key, and sign it again."""
    document = json.loads((team.place / "0001.json").read_text())
    change(document)
    del document["hash"], document["signature"]
    team.write("0001.json", chain(document, None, team.sign))


def first_row(document):
    return document["tables"][0]["rows"][0]


def question(document):
    return document["plan"]["questions"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: question(found).update(text=["a"]),
        lambda found: question(found)["answers"][0].update(text={"a": 1}),
        lambda found: question(found)["answers"][0].update(score="9"),
        lambda found: found["plan"]["codebook"].update(digest=[1]),
        lambda found: first_row(found).update(
            base=10**400, answers=dict.fromkeys(first_row(found)["answers"], 0) | {"a": 10**400}
        ),
    ],
)
def test_a_signed_file_of_strange_values_is_one_calm_sentence(teams, pool, tmp_path, change):
    for team in teams:
        signed(team, change)
    said = pool(first_files(teams), teams, code=1)
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "pool.csv").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(people=[{"said": "a"}]),
        lambda found: found["plan"].update(people=[{"said": "a"}]),
        lambda found: found["tables"][0].update(true={"a": 3}),
        lambda found: first_row(found).update(true={"a": 3}),
    ],
)
def test_a_release_that_carries_more_than_a_release_holds_is_refused(teams, pool, change):
    signed(teams[0], change)
    said = pool(first_files(teams), teams, code=1)
    assert "0001.json: it holds more than a release does." in said.stderr


def test_a_name_cannot_write_over_the_key_below_it(tmp_path, pool):
    steers = "Team A\x1b[2K\nTeam B: release 1, 2026-Q4. Key: forged"
    teams = [Handover(tmp_path, f"Team {letter}") for letter in "ABCDE"]
    teams[0].team = steers
    for team in teams:
        team.release()
    said = pool(first_files(teams), teams)
    assert "\x1b" not in said.stdout
    assert "Team A\ufffd[2K\ufffdTeam B: release 1" in said.stdout
    assert not [line for line in said.stdout.splitlines() if line.endswith("Key: forged")]


def test_brackets_without_end_are_one_calm_sentence(teams, pool):
    (teams[0].place / "0001.json").write_text("[" * 200_000)
    assert "0001.json is damaged" in pool(first_files(teams), teams, code=1).stderr


def test_numbers_against_the_rules_are_refused_even_when_signed(teams, pool):
    first = teams[0]
    document = json.loads((first.place / "0001.json").read_text())
    document["tables"][0]["rows"][0]["answers"]["a"] += 1
    first.write("0001.json", chain(document, None, first.sign))
    said = pool(first_files(teams), teams, code=1)
    assert "holds a number that is not a multiple of 5" in said.stderr


def test_a_release_of_somebody_whose_key_is_not_there_is_refused(teams, pool):
    said = pool(first_files(teams), teams[1:], code=1)
    assert "is signed by none of these keys" in said.stderr


def test_a_key_file_that_is_none_is_refused(teams, pool):
    teams[0].key.write_text('{"format": "throughline team key 1", "team": "X", "public": "00"}')
    said = pool(first_files(teams), teams, code=1)
    assert "team-key.json is not the public key of a team" in said.stderr


def test_four_teams_are_too_few(teams, pool, tmp_path):
    said = pool(first_files(teams[:4]), teams[:4], code=1)
    assert "A pool needs at least 5 teams." in said.stderr
    assert not (tmp_path / "pool.csv").exists()


def test_five_teams_are_enough_and_a_question_of_few_people_is_not(tmp_path, pool):
    few = [Handover(tmp_path, f"Small {letter}", people=10) for letter in "ABCDE"]
    files = [team.release() for team in few]
    pool(files, few)
    assert read(tmp_path / "pool.csv")[0]["count"] == "50"


def test_one_team_is_not_counted_as_two(teams, pool, tmp_path):
    again = Handover(tmp_path, "again", key="Team A")
    again.team = "Team A"
    copy = again.release()
    said = pool([*first_files(teams), copy], [*teams, again], code=1)
    assert "the round 2026-Q4 of this team was handed over twice" in said.stderr
    other = Handover(tmp_path, "other")
    other.team = "Team A"
    said = pool([*first_files(teams), other.release()], [*teams, other], code=1)
    assert "Two keys sign as Team A. Ask whether it is one team" in said.stderr


def test_a_pool_is_not_one_team_under_another_name(teams, pool, tmp_path):
    large = Handover(tmp_path, "Large", people=200)
    said = pool([*first_files(teams), large.release()], [*teams, large], code=1)
    assert "more than half of them are of one team" in said.stderr
    assert not (tmp_path / "pool.csv").exists()


def test_rounds_are_chosen_by_who_adds_up(teams, pool, tmp_path):
    files = first_files(teams) + [team.release("2027-Q1") for team in teams]
    said = pool(files, teams, code=1)
    assert "Name the rounds to add up, such as --round 2026-Q4 --round 2027-Q1" in said.stderr
    pool(files, teams, "--round", "2027-Q1")
    assert {row["round"] for row in read(tmp_path / "pool.csv")} == {"2027-Q1"}
    pool(files, teams, "--round", "2026-Q4", "--round", "2027-Q1")
    rows = read(tmp_path / "pool.csv")
    assert (rows[0]["round"], rows[0]["count"]) == ("2026-Q4 + 2027-Q1", "240")
    said = pool(files, teams, "--round", "2030-Q1", code=1)
    assert "No release of the round 2030-Q1 was handed over." in said.stderr


def test_a_withdrawn_release_is_left_out_and_named(teams, pool, tmp_path):
    teams[0].withdraw(1)  # it lies beside the release, and is found there
    said = pool(first_files(teams), teams)
    assert "Team A: Release 1 was withdrawn on 15 January 2027" in said.stdout
    assert read(tmp_path / "pool.csv")[0]["count"] == "100"
    teams[1].withdraw(1)
    said = pool(first_files(teams), teams, code=1)
    assert "A pool needs at least 5 teams." in said.stderr


def test_only_a_team_withdraws_its_own_release(teams, pool):
    first, second = teams[:2]
    taken_back = Withdrawal(1, first.documents[0]["hash"], DAY, Reason.ERROR, ("Ana",))
    second.write("withdrawn-0001.json", write_withdrawal(taken_back, second.sign))
    said = pool(first_files(teams), teams, code=1)
    assert "The withdrawal of release 1 is not signed by this team." in said.stderr


def test_a_pool_is_csv_or_json(teams, pool):
    assert (
        "must end in .csv or .json" in pool(first_files(teams), teams, code=2, out="p.txt").stderr
    )


# ------------------------------------------------------------------ a ledger without its box


def test_a_ledger_that_was_handed_over_is_checked_without_any_secret(teams, throughline):
    first = teams[0]
    first.release("2027-Q1")
    first.withdraw(1)
    said = throughline("verify", first.place, "--ledger-only").stdout
    assert said.startswith("The ledger of Team A holds: releases 1 to 2.\n")
    assert "Release 1 was withdrawn on 15 January 2027" in said
    assert f"It ends with {first.documents[-1]['hash']}.\n" in said
    throughline("verify", first.place, "--ledger-only", "--key", first.key)


def test_a_ledger_is_not_that_of_another_key(teams, throughline):
    command = ("verify", teams[0].place, "--ledger-only", "--key", teams[1].key)
    assert "Release 1 is not signed by this team." in throughline(*command, code=1).stderr


@pytest.mark.parametrize("harmed", ["0001.json", "0002.json"])
def test_a_ledger_that_was_changed_or_lacks_a_release_does_not_hold(teams, throughline, harmed):
    first = teams[0]
    first.release("2027-Q1")
    first.release("2027-Q2")
    harm(first.place / harmed, one_more)
    said = throughline("verify", first.place, "--ledger-only", code=1).stderr
    assert "was changed after it was published" in said
    (first.place / harmed).unlink()
    said = throughline("verify", first.place, "--ledger-only", code=1).stderr
    assert "is missing" in said


def test_a_folder_without_releases_proves_nothing(tmp_path, throughline):
    empty = Handover(tmp_path, "Empty")
    said = throughline("verify", empty.place, "--ledger-only", code=1)
    assert "There is no release in " in said.stderr


def test_a_team_machine_checks_its_ledger_by_its_log(demonstration, throughline):
    for path in demonstration.path.glob("keyring-*.json"):
        path.unlink()
    demonstration.folder.box.unlink()
    said = throughline("verify", demonstration.path, "--ledger-only").stdout
    assert "holds: releases 1 to 2." in said
    demonstration.folder.release(2).unlink()
    said = throughline("verify", demonstration.path, "--ledger-only", code=1)
    assert "does not end with the release that was published last" in said.stderr
