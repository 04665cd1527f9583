"""Door 1, and what a stranger with the whole disk learns: how many rows a round has, no more."""

import json
import re
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from scipy.stats import spearmanr

from feedback import intake
from feedback.crypto.envelope import ROW_BYTES
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused, StoreUnavailable
from feedback.questionnaire.answers import Answers
from feedback.store.box import open_box

PEOPLE = 300
LOOSE = 0.25  # a rank correlation by chance is larger once in 70,000 times
FINE_TIMES = (
    rb"\d{4}-\d\d-\d\d[T ]\d\d",  # 2026-11-23T08
    rb"(?<!\d)\d\d:\d\d:\d\d(?!\d)",
    rb"(?<![\w.-])1[6-9]\d{8}(\d{3}|\d{6}|\d{9})?(?![\w.-])",  # seconds since 1970 and finer
    rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4}",
)


def nothing():
    return Answers("en", {}, {})


def everything(questionnaire):
    """Return the longest answers that there can be."""
    picked = {
        q.id: tuple(o.id for o in q.options if not o.alone) if q.several else q.option_ids[-1:]
        for q in questionnaire.questions
        if q.options
    }
    words = {q.id: "\u1000" * q.longest for q in questionnaire.questions if not q.options}
    return Answers("es", picked, words)


@pytest.fixture
def team(make_form_team, tmp_path):
    return make_form_team(tmp_path / "team")


@pytest.fixture
def box(team):
    with open_box(team.path / "box.sqlite") as found:
        yield found


def test_every_row_is_as_long_as_any_other(team, box):
    intake.submit(nothing(), team.round, box)
    intake.submit(everything(team.round.questionnaire), team.round, box)
    assert [len(row) for row in team.rows()] == [ROW_BYTES, ROW_BYTES]


def test_the_same_row_twice_is_one_response(team, box):
    row = intake.seal(nothing(), team.round)
    for _ in range(3):
        intake.submit_row(row, team.round, box)
    assert box.rids(team.round.id) == {intake.row_key(row)}


def test_the_same_answers_twice_are_two_responses(team, box):
    for _ in range(2):
        intake.submit(nothing(), team.round, box)
    first, second = team.rows()
    assert first != second


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda row: row[:-1], "wrong size"),
        (lambda row: row + b"\0", "wrong size"),
        (lambda _: b"", "wrong size"),
        (lambda row: b"\0" + row[1:], "not in a format"),
        (lambda row: secrets.token_bytes(len(row)), "not in a format"),
        (lambda row: row[:12] + bytes(8) + row[20:], "another key"),
    ],
)
def test_what_cannot_be_a_row_is_not_stored(team, box, harm, why):
    row = harm(intake.seal(nothing(), team.round))
    with pytest.raises(EnvelopeRefused, match=why):
        intake.submit_row(row, team.round, box)
    assert box.counts() == {}


def test_when_storage_fails_the_sender_still_has_the_row(team, box):
    away = (team.path / "box.sqlite").rename(team.path / "away")
    row = intake.seal(nothing(), team.round)
    with pytest.raises(StoreUnavailable, match="cannot be found"):
        intake.submit_row(row, team.round, box)
    away.rename(team.path / "box.sqlite")
    intake.submit_row(row, team.round, box)
    assert len(box.rids(team.round.id)) == 1


def test_who_may_seal_can_open_nothing(team):
    """What the form holds is public: the round's file has no secret that could open a row."""
    held = json.loads((team.path / "public.json").read_text())
    for identity in (team.codes, team.words):
        assert identity.seed.hex() not in json.dumps(held)
    assert set(held) == {
        "format", "round", "plan_hash", "deployment", "team", "codes", "words", "questionnaire",
    }  # fmt: skip


# ------------------------------------------------------------------ the stranger with the disk


@pytest.fixture(scope="module")
def taken(make_form_team, tmp_path_factory):
    """Return a team's folder, and the rows in the order in which they were sent."""
    team = make_form_team(tmp_path_factory.mktemp("taken") / "team")
    asked = team.round.questionnaire
    sent = [
        intake.seal(everything(asked) if number % 3 else nothing(), team.round)
        for number in range(PEOPLE)
    ]
    with open_box(team.path / "box.sqlite") as box:
        for row in sent:
            intake.submit_row(row, team.round, box)
    return team, sent


def test_a_stranger_counts_rows_of_equal_size_and_no_more(taken):
    team, _ = taken
    with sqlite3.connect(team.path / "box.sqlite") as box:
        tables = box.execute("select name, sql from sqlite_master").fetchall()
        rows = box.execute("select rid, round, env from response").fetchall()
    box.close()
    assert [name for name, _ in tables] == ["response"]
    assert re.search(r"\(rid .*, round .*, env .*\)", tables[0][1])
    assert {(round_id, len(env)) for _, round_id, env in rows} == {(team.round.id, ROW_BYTES)}
    assert len(rows) == PEOPLE
    heads = {(env[:20], env[2180:2200]) for _, _, env in rows}
    assert len(heads) == 1  # what can be read of a row is the same for everybody


def test_the_order_in_which_people_sent_is_gone(taken):
    team, sent = taken
    data = (team.path / "box.sqlite").read_bytes()
    arrival = range(PEOPLE)
    keys = [intake.row_key(row) for row in sent]
    places = [data.index(row[20:84]) for row in sent]
    for order in (keys, places):
        assert abs(spearmanr(arrival, order).statistic) < LOOSE
    neighbours = [abs(places[n] - places[n + 1]) // 8192 for n in range(PEOPLE - 1)]
    assert sum(step <= 1 for step in neighbours) < PEOPLE * 0.03


def test_the_order_is_gone_also_before_rows_are_mixed(make_form_team, tmp_path):
    team = make_form_team(tmp_path / "team")
    with open_box(team.path / "box.sqlite") as box:
        rows = [intake.seal(nothing(), team.round) for _ in range(PEOPLE)]
        with ThreadPoolExecutor(1) as sender:
            list(sender.map(lambda row: intake.submit_row(row, team.round, box), rows))
        data = (team.path / "box.sqlite").read_bytes()  # as it lies while the form runs
    found = [(data.find(row[20:84]), number) for number, row in enumerate(rows)]
    places, arrival = zip(*((place, n) for place, n in found if place >= 0), strict=True)
    assert len(places) > PEOPLE * 0.9
    assert abs(spearmanr(arrival, places).statistic) < LOOSE


def every_file(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_of_a_team_holds_a_time_finer_than_a_day(demonstration, taken, throughline):
    given = demonstration.passphrases_file
    throughline("open", demonstration.path, "--passphrases-file", given)
    throughline("round", "close", demonstration.path, open_round_of(demonstration))
    throughline("release", "build", demonstration.path, "--passphrases-file", given)
    given.unlink()
    files = [*every_file(demonstration.path), *every_file(taken[0].path)]
    assert len(files) > 25
    for path in files:
        data = path.read_bytes()
        for pattern in FINE_TIMES:
            assert not re.search(pattern, data), (path.name, pattern)


def open_round_of(demonstration):
    return json.loads((demonstration.path / "public.json").read_text())["round"]


def test_nothing_that_a_team_keeps_opens_a_row_without_a_passphrase(demonstration):
    """Try every 32 bytes that lie in any file, as bytes or as hex, as a key of the open round."""
    kids = {
        json.loads(path.read_text())["kid"]
        for path in demonstration.path.glob(f"keyring-{open_round_of(demonstration)}-*.json")
    }
    assert len(kids) == 2
    tried = set()
    for path in every_file(demonstration.path):
        if path.suffix in {".json", ".log", ".toml", ".txt"}:
            text = path.read_text("utf-8")
            tried |= {bytes.fromhex(word) for word in re.findall(r"\b[0-9a-f]{64}\b", text)}
    assert len(tried) > 10
    for seed in tried:
        assert Identity(seed).recipient.kid.hex() not in kids


def test_no_passphrase_lies_beside_the_team(demonstration):
    demonstration.passphrases_file.unlink()
    for path in every_file(demonstration.path):
        data = path.read_bytes().lower()
        for words in (*demonstration.secrets.values(), demonstration.password):
            assert words.encode() not in data, path.name
