"""Attacks on a living team: files, successive releases, and what moves when one person answers.

The team is the demonstration, made by the command line the way a real team is made.
"""

import json
import re
import shutil
import sqlite3
import zipfile
from datetime import date, datetime
from itertools import combinations
from xml.etree import ElementTree

import pandas as pd
import pytest
from click.testing import CliRunner

from feedback import ledgers
from feedback.cli import main
from feedback.demonstration.people import invent
from feedback.disclosure import derive
from feedback.disclosure.export import csv_text
from feedback.disclosure.pool import Handed, pool_rows
from feedback.disclosure.release import Release
from feedback.errors import ReleaseRefused
from feedback.folder import Folder
from feedback.intake import submit
from feedback.questionnaire.answers import Answers
from feedback.rounds import open_round
from feedback.store.box import open_box
from tests.attack.attacker import attack, read
from tests.attack.teams import core, skewed

PEOPLE, SEED = 45, 3
FORMATS = ("csv", "json", "xlsx")
CLOCK = re.compile(r"\d{1,2}:\d{2}|\d{2}T\d{2}|\b1[67]\d{8}\b")


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Return the folder of a team with two releases and an open round."""
    folder = tmp_path_factory.mktemp("attack") / "team"
    run("demo", folder, "--no-serve", "--responses", PEOPLE, "--seed", SEED)
    return folder


@pytest.fixture
def copy(team, tmp_path):
    """Return a copy of the team that a test may change."""
    return shutil.copytree(team, tmp_path / "copy")


def export(folder, number, kind, out):
    path = out / f"{number}.{kind}"
    run("export", folder, number, "--format", kind, "--out", path)
    return path


def files(folder, *without):
    """Return the bytes of everything in a folder that moved with an answer."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


def published(folder):
    return ledgers.releases(Folder(folder))


def unlocked(folder):
    return ("--passphrases-file", folder / "demonstration-passphrases.txt")


@pytest.mark.parametrize("number", [1, 2])
def test_the_strong_attacker_finds_nothing_in_the_exported_files(team, tmp_path, number):
    tables = [read(export(team, number, kind, tmp_path)) for kind in FORMATS]
    assert tables[0].equals(tables[1])
    numbers = ["question", "answer", "count", "base", "low", "high", "status", "age", "path"]
    assert tables[0][numbers].equals(tables[2][numbers])
    people = core(PEOPLE, SEED, chapter=number - 1)
    found = attack(tables[0], people.known())
    assert all(people.is_true(finding) for finding in found)
    assert [str(finding) for finding in found] == []


def test_3_nothing_moves_when_one_more_person_answers(copy, tmp_path):
    before = files(copy, "box.sqlite", "box.sqlite-journal")
    status, exported = run("status", copy, "--json").output, export(copy, 2, "csv", tmp_path)
    was = exported.read_bytes()
    with open_box(copy / "box.sqlite") as box:
        submit(
            Answers("en", {"path": ("got_help",), "safe": ("disagree",)}, {}, frozenset()),
            open_round(Folder(copy)),
            box,
        )
    assert run("status", copy, "--json").output == status
    assert export(copy, 2, "csv", tmp_path).read_bytes() == was
    run("export", copy, 3, code=1)
    run("release", "build", copy, *unlocked(copy), code=1)
    after = files(copy, "box.sqlite", "box.sqlite-journal")
    assert {n for n in after if after[n] != before.get(n)} <= {"reached-" + name(copy)}


def name(folder):
    return f"{open_round(Folder(folder)).id}.json"


def test_3_exact_numbers_before_and_after_tell_what_the_newcomer_said():
    people = core(40, 5)
    newcomer = {q.id: people.given(39, q.id) for q in people.plan.questions}
    after = totals(people.publish_naively())
    people.frame = people.frame[:39]
    moved = after - totals(people.publish_naively())
    told = [cell for cell in moved[moved == 1].index if cell[1]]
    assert len(told) >= 10
    assert all(answer in newcomer[question] for question, answer in told)


def totals(table, groups=("age", "when", "path")):
    everyone = table[(table[list(groups)] == "").all(axis=1)]
    return everyone.set_index(["question", "answer"])["count"]


def test_4_a_year_is_the_sum_of_what_was_published(team, tmp_path):
    first, second = published(team)
    tables = [read(export(team, number, "csv", tmp_path)) for number in (1, 2)]
    sums = totals(tables[0]) + totals(tables[1])
    for question in first.plan.questions:
        year = derive.year([first, second], question.id).everyone
        assert year.base == sums[question.id, ""]
        assert all(count == sums[question.id, answer] for answer, count in year.counts.items())
    with pytest.raises(ReleaseRefused):
        derive.year([first, first], "safe")


def test_4_no_round_is_published_twice_or_in_part(team):
    rounds = [release.round for release in published(team)]
    assert len(set(rounds)) == len(rounds) == 2
    for round_id in rounds:
        run("release", "build", team, round_id, *unlocked(team), code=1)
        run("round", "open", team, round_id, *unlocked(team), code=1)


def pooled(releases):
    """Return what a coalition makes of several teams' releases, by question and answer."""
    rows = pool_rows([Handed(release.plan.team, release) for release in releases])
    return {(row["question"], row["answer"]): row for row in rows}


def test_5_the_host_minus_all_teams_but_one_is_what_that_team_published():
    releases = []
    for seed in range(6):
        document = skewed(20, seed).document(key=seed + 1)
        document["plan"]["team"] = f"Team {seed}"
        releases.append(Release.preview(document))
    published_by_one = totals(read(csv_text(releases[0])), groups=["age", "sex"])
    asked = ("said", "safe", "helped")  # the questions that all of them asked with the same answers
    shown = {k: r for k, r in pooled(releases).items() if k[0] in asked and r["status"] == "shown"}
    assert len(shown) >= 8
    for (question, answer), row in shown.items():
        rest = sum(
            release.table(question).everyone.counts[answer]
            if answer
            else release.table(question).everyone.base
            for release in releases[1:]
        )
        assert row["count"] - rest == published_by_one[question, answer]
    for few in combinations(releases, 4):
        assert {row["status"] for row in pooled(few).values()} == {"too_few"}
        assert {row["count"] for row in pooled(few).values()} == {None}


def test_14_the_same_round_never_gets_a_second_rounding(team, tmp_path):
    people = skewed(60, 7)
    shown = people.document(key=9)["tables"]
    for number in range(2, 8):
        again = people.document(key=9, number=number, day=date(2027, 1, number))
        assert again["tables"] == shown
    people.frame = people.frame.sample(frac=1, random_state=1, ignore_index=True)
    assert people.document(key=9)["tables"] == shown
    views = {export(team, 1, kind, tmp_path).read_bytes() for kind in FORMATS for _ in range(3)}
    assert len(views) == len(FORMATS)


def test_15_a_withdrawal_after_the_release_changes_no_published_byte(copy, tmp_path):
    before = {kind: export(copy, 1, kind, tmp_path).read_bytes() for kind in FORMATS}
    ledger = files(copy / "ledger")
    with sqlite3.connect(copy / "box.sqlite") as box:
        box.execute("DELETE FROM response WHERE rid IN (SELECT rid FROM response LIMIT 5)")
    box.close()
    run("verify", copy)
    run("release", "build", copy, published(copy)[0].round, *unlocked(copy), code=1)
    assert {kind: export(copy, 1, kind, tmp_path).read_bytes() for kind in FORMATS} == before
    assert files(copy / "ledger") == ledger


def test_18_nobodys_words_are_in_any_file_that_leaves_the_room(team, tmp_path):
    left = b"".join(files(team / "ledger").values()) + (team / "board.json").read_bytes()
    for number in (1, 2):
        left += b"".join(export(team, number, kind, tmp_path).read_bytes() for kind in FORMATS)
        with zipfile.ZipFile(tmp_path / f"{number}.xlsx") as book:
            left += b"".join(book.read(part) for part in book.namelist())
    text = left.decode("utf-8", errors="ignore")
    for chapter in range(3):
        for person in invent(PEOPLE, seed=SEED, chapter=chapter):
            wrote = [value for box, value in person.fields if box in ("change", "keep")]
            assert not [words for words in wrote if len(words) > 20 and words[:40] in text]


def test_21_a_spreadsheet_has_no_author_no_hour_and_nothing_hidden(team, tmp_path):
    path = export(team, 1, "xlsx", tmp_path)
    day = datetime.combine(published(team)[0].day, datetime.min.time())
    with zipfile.ZipFile(path) as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = set(book.namelist())
        core_properties = ElementTree.fromstring(book.read("docProps/core.xml"))  # noqa: S314
        workbook = book.read("xl/workbook.xml").decode()
        app = book.read("docProps/app.xml").decode()
    said = {each.tag.split("}")[1]: each.text for each in core_properties}
    assert not said.get("creator")
    assert not said.get("lastModifiedBy")
    assert {said["created"], said["modified"]} == {f"{day:%Y-%m-%dT00:00:00Z}"}
    assert "Manager" not in app or "<Manager></Manager>" in app
    assert "hidden" not in workbook.lower()
    assert "definedName" not in workbook
    extras = ("comment", "pivot", "external", "custom", "media", "drawing", "connections")
    assert not [part for part in names for extra in extras if extra in part.lower()]
    sheets = pd.read_excel(path, sheet_name=None, dtype=str)
    assert list(sheets) == ["Read me", "Release"]


def test_21_the_order_of_rows_is_that_of_the_plan(team, tmp_path):
    planned = [question.id for question in published(team)[0].plan.questions]
    for number in (1, 2):
        shown = read(export(team, number, "csv", tmp_path))
        assert list(dict.fromkeys(shown["question"])) == planned
    people = skewed(60, 8)
    one = csv_text(Release.preview(people.document()))
    people.frame = people.frame[::-1].reset_index(drop=True)
    assert csv_text(Release.preview(people.document())) == one


def test_22_no_published_file_tells_an_hour(team, tmp_path):
    texts = [path.read_text("utf-8") for path in sorted((team / "ledger").glob("*.json"))]
    exports = [export(team, number, kind, tmp_path) for number in (1, 2) for kind in FORMATS[:2]]
    texts += [path.read_text("utf-8") for path in exports]
    texts += [(team / "board.json").read_text("utf-8")]
    for text in texts:
        without_digests = re.sub(r"\b[0-9a-f]{32,}\b", "", text)
        assert not CLOCK.findall(without_digests)
    days = {json.loads(text)["date"] for text in texts[:2]}
    assert len(days) == 1


def test_two_releases_of_the_same_team_give_away_no_more_than_one(team, tmp_path):
    """Nobody stands in both, so what one allows for its people the other cannot narrow."""
    keys = []
    for number, chapter in ((1, 0), (2, 1)):
        people = core(PEOPLE, SEED, chapter=chapter)
        shown = read(export(team, number, "csv", tmp_path))
        keys.append(set(shown["round"]))
        assert attack(shown, people.known(), only=["who", "hard", "need", "place"]) == []
    assert keys[0].isdisjoint(keys[1])
