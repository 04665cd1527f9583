"""Door 2: each row is opened once, in memory; what does not fit waits apart and stops nobody."""

import json
import secrets
import shutil
import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from feedback import intake, opening
from feedback.crypto import agefile
from feedback.crypto.envelope import PART_BYTES, ROW_BYTES, Part, seal_row, split_row
from feedback.crypto.recipient import Identity
from feedback.disclosure.plan import IN_SAMPLE
from feedback.errors import StoreUnavailable
from feedback.folder import Folder
from feedback.publishing import make_plan
from feedback.questionnaire.answers import Answers, Mark, pack
from feedback.settings import TeamFile
from feedback.store import audit
from feedback.store.box import open_box
from feedback.themes.codebook import load
from feedback.themes.coding import Box as TextBox
from feedback.themes.coding import Choice, code
from feedback.themes.outcomes import Done, Outcome, With

LOG = opening.Log(("Ana", "Ben"), date(2026, 11, 23))
WORDS = "heron lantern quartz"


def person(words="", lang="en", **picked):
    chosen = {name: (one,) if isinstance(one, str) else one for name, one in picked.items()}
    return Answers(lang, chosen, {"change": words} if words else {})


class Desk:
    """One team with an open box, its keys, and what custodians do there."""

    def __init__(self, team, box):
        self.team, self.box = team, box
        self.folder, self.round = Folder(team.path), team.round

    def send(self, *people):
        for one in people:
            intake.submit(one, self.round, self.box)

    def put(self, row):
        self.box.put(intake.row_key(row), self.round.id, row)

    def sealed(self, codes, words, recipients=None, context=None):
        row = seal_row(
            json.dumps(codes).encode() if isinstance(codes, dict) else codes,
            json.dumps(words).encode() if isinstance(words, dict) else words,
            recipients or self.round.recipients,
            context or self.round.context,
        )
        self.put(row)
        return intake.row_key(row)

    def parts(self, one=None, pair=None):
        pair = pair or secrets.token_hex(8)
        return tuple(map(json.loads, pack(one or person(), self.round.questionnaire, pair=pair)))

    def open(self, *, words=True, box=None):
        return opening.open_new(
            self.folder,
            self.round,
            box or self.box,
            codes=self.team.codes,
            words=self.team.words if words else None,
            log=LOG,
        )

    def words(self, snapshot):
        return list(opening.read_words(self.round, self.box, snapshot, self.team.words))


@pytest.fixture
def desk(make_form_team, tmp_path):
    team = make_form_team(tmp_path / "team")
    with open_box(team.path / "box.sqlite") as box:
        yield Desk(team, box)


def test_what_people_sent_is_what_is_opened(desk):
    desk.send(
        person(path="got_help", who=("school", "police"), believed="agree"),
        person(lang="es", path="tried"),
        person(),
    )
    found = desk.open().responses
    opened = {one.answers.picked.get("path"): one.answers for one in found}
    assert opened[None] == person()
    assert opened["tried",] == person(lang="es", path="tried")
    assert opened["got_help",].picked["believed"] == ("agree",)
    assert set(opened["got_help",].picked["who"]) == {"school", "police"}


def test_a_response_is_opened_once(desk, tmp_path):
    desk.send(*(person(path="tried") for _ in range(5)))
    first = desk.open()
    desk.box.close()
    with sqlite3.connect(desk.team.path / "box.sqlite") as box:  # nobody could open these again
        box.execute("update response set env = ?", [bytes(ROW_BYTES)])
    box.close()
    with open_box(desk.team.path / "box.sqlite") as again:
        assert desk.open(box=again) == first


def test_the_order_of_people_is_not_the_order_of_rows(desk):
    desk.send(*(person() for _ in range(60)))
    found = [one.rid for one in desk.open().responses]
    assert found != sorted(found)
    desk.send(*(person() for _ in range(60)))
    later = [one.rid for one in desk.open().responses]
    assert set(later[-60:]) != set(later) - set(found)


def test_what_is_new_comes_to_what_was_opened_before(desk):
    desk.send(person(path="tried"))
    before = desk.open()
    desk.send(person(path="got_help"))
    after = desk.open()
    assert len(after.responses) == 2
    assert before.responses[0] in after.responses


def test_the_log_tells_who_opened_and_how_many(desk):
    desk.send(person(), person())
    desk.open(words=False)
    desk.open()
    events = [(e["part"], e["responses"], e["custodians"]) for e in audit.read(desk.folder.audit)]
    assert events == [("codes", 2, ["Ana", "Ben"]), ("words", 0, ["Ana", "Ben"])]


# ------------------------------------------------------------------ what does not fit


def codes_with(desk, **answers):
    codes, words = desk.parts()
    return codes | {"a": answers}, words


@pytest.mark.parametrize(
    "answers",
    [
        {"path": 99},
        {"path": -1},
        {"path": True},
        {"path": 1.0},
        {"path": [1]},
        {"path": None},
        {"who": 1},
        {"who": [2, 1]},
        {"who": [1, 1]},
        {"who": [0, "school"]},
        {"nobody_asked": 1},
        {"change": 0},
    ],
)
def test_answers_that_no_form_sends_wait_apart(desk, answers):
    desk.send(person(path="tried"))
    rid = desk.sealed(*codes_with(desk, **answers))
    found = desk.open()
    assert found.quarantine == {rid: "it does not fit the questionnaire"}
    assert [one.answers.picked for one in found.responses] == [{"path": ("tried",)}]


def test_an_answer_that_excludes_the_others_stands_alone_or_not_at_all(desk):
    asked = desk.round.questionnaire
    question = next(q for q in asked.questions if q.several and q.alone)
    place = min(question.alone)
    desk.sealed(*codes_with(desk, **{question.id: [place]}))
    rid = desk.sealed(*codes_with(desk, **{question.id: sorted({place, (place + 1) % 3})}))
    assert set(desk.open().quarantine) == {rid}


@pytest.mark.parametrize(
    "codes",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 1000, b'{"a":' * 150, b"1" * 1000, b"{'a':1}"],
    ids=["nothing", "empty", "list", "null", "letters", "deep", "deeper", "number", "quotes"],
)
def test_bytes_that_are_no_answers_wait_apart(desk, codes):
    desk.send(person(path="tried"))
    rid = desk.sealed(codes, b"{}")
    found = desk.open()
    assert found.quarantine == {rid: "it does not fit the questionnaire"}
    assert len(found.responses) == 1


@pytest.mark.parametrize("words", [b"", b"[" * 4000, b'{"t":{"change":5}}'])
def test_words_that_are_none_wait_apart(desk, words):
    codes, _ = desk.parts()
    rid = desk.sealed(codes, words)
    found = desk.open()
    assert (found.responses, found.quarantine) == ((), {rid: "its words cannot be opened"})


def test_a_row_for_another_key_or_team_waits_apart(desk):
    stranger = Identity.generate().recipient, Identity.generate().recipient
    for_others = desk.sealed(*desk.parts(), recipients=stranger)
    elsewhere = desk.sealed(*desk.parts(), context=secrets.token_bytes(32))
    assert desk.open().quarantine == {
        for_others: "it is sealed for another key",
        elsewhere: "it was changed, or it belongs to another team",
    }


def test_a_changed_row_waits_apart_and_everybody_else_is_opened(desk):
    row = bytearray(seal_row(b"{}", b"{}", desk.round.recipients, desk.round.context))
    row[PART_BYTES[Part.CODES] // 2] ^= 1
    desk.put(bytes(row))
    desk.send(person(), person())
    found = desk.open()
    assert list(found.quarantine.values()) == ["it was changed, or it belongs to another team"]
    assert len(found.responses) == 2


def test_a_person_who_sends_twice_counts_once(desk):
    parts = desk.parts(person(path="tried"))
    desk.sealed(*parts)
    desk.sealed(*parts)
    found = desk.open()
    assert len(found.responses) == 1
    assert list(found.quarantine.values()) == ["it repeats another response"]


def test_words_of_one_person_are_not_put_beside_codes_of_another(desk):
    one, other = (seal_row(*map(dumped, desk.parts()), *keys(desk)) for _ in range(2))
    desk.put(split_row(one)[0] + split_row(other)[1])
    found = desk.open()
    assert (found.responses, list(found.quarantine.values())) == (
        (),
        ["its words cannot be opened"],
    )


def dumped(part):
    return json.dumps(part).encode()


def keys(desk):
    return desk.round.recipients, desk.round.context


def test_what_waits_apart_stays_in_the_box_and_is_not_tried_again(desk):
    desk.sealed(b"{}", b"{}")
    before = desk.open()
    assert desk.open() == before
    assert len(desk.box.rids(desk.round.id)) == 1


class Busy:
    """The box on a busy evening: somebody sends between the codes and the words."""

    def __init__(self, desk):
        self._desk = desk

    def rows(self, round_id, skip=()):
        yield from self._desk.box.rows(round_id, skip)
        self._desk.send(person(WORDS))


def test_a_row_that_comes_meanwhile_waits_for_the_next_time(desk):
    desk.send(person(WORDS))
    found = desk.open(box=Busy(desk))
    assert [one.wrote for one in found.responses] == [("change",)]
    assert found.quarantine == {}
    assert len(desk.open().responses) == 3


# ------------------------------------------------------------------ words


def test_without_the_words_key_nobody_knows_who_wrote(desk):
    desk.send(person(WORDS), person())
    found = desk.open(words=False)
    assert {one.wrote for one in found.responses} == {None}
    assert not found.is_read()
    assert sorted(one.wrote for one in desk.open().responses) == [(), ("change",)]


def test_words_are_read_from_the_box_and_never_kept(desk):
    desk.send(person(WORDS, lang="es"), person())
    found = desk.open()
    [answer] = desk.words(found)
    assert (answer.text, answer.box, answer.lang) == (WORDS, "change", "es")
    kept = agefile.decrypt(desk.folder.snapshot(desk.round.id).read_bytes(), desk.team.codes)
    assert b"heron" not in kept
    assert WORDS not in repr((found, answer))


def test_all_is_read_when_every_answer_is_coded(desk):
    desk.send(person(WORDS), person())
    found = desk.open()
    assert (found.unread, found.is_read()) == (1, False)
    [answer] = desk.words(found)
    event = code((), (answer.rid, TextBox.CHANGE), "Ana", Choice(themes=("wait",)), "1")
    found = opening.add_events(desk.folder, desk.round, desk.team.codes, [event])
    assert (found.unread, found.is_read()) == (0, True)
    assert desk.open() == found


def test_two_readers_keep_each_others_codings(desk):
    desk.send(person(WORDS), person(WORDS))
    one, other = desk.words(desk.open())
    for who, answer in (("Ana", one), ("Ben", other)):
        event = code((), (answer.rid, TextBox.CHANGE), who, Choice(themes=("wait",)), who)
        found = opening.add_events(desk.folder, desk.round, desk.team.codes, [event])
    assert {event.coder for event in found.events} == {"Ana", "Ben"}


# ------------------------------------------------------------------ the sealed snapshot


def test_the_snapshot_is_sealed(desk):
    desk.send(*(person(WORDS, path="got_help", who=("school",)) for _ in range(12)))
    desk.open()
    data = desk.folder.snapshot(desk.round.id).read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    for clear in (b"got_help", b"school", b"responses", desk.round.id.encode()):
        assert clear not in data


@pytest.mark.parametrize("harm", [lambda data: data[:-1], lambda data: data + b"x", lambda _: b""])
def test_a_damaged_snapshot_is_left_as_it_is(desk, harm):
    desk.send(person())
    desk.open()
    path = desk.folder.snapshot(desk.round.id)
    harmed = harm(path.read_bytes())
    path.write_bytes(harmed)
    with pytest.raises(StoreUnavailable, match="damaged and was left as it is"):
        desk.open()
    assert path.read_bytes() == harmed


def test_a_snapshot_of_another_round_is_not_taken(desk):
    text = json.dumps({"format": opening.FORMAT, "round": "2026-Q3", "responses": []}).encode()
    path = desk.folder.snapshot(desk.round.id)
    path.write_bytes(agefile.encrypt(text, [desk.round.recipients[0]]))
    with pytest.raises(StoreUnavailable, match="damaged"):
        desk.open()


def test_without_a_snapshot_every_response_is_opened_again(desk):
    desk.send(person(path="tried"), person(WORDS))
    before = desk.open()
    desk.folder.snapshot(desk.round.id).unlink()
    assert desk.open() == before


# ------------------------------------------------------------------ the frame for a release


def test_the_frame_has_a_row_for_each_person_and_a_column_for_each_question(desk):
    desk.send(person(path="got_help", who=("school", "police")), person(path="did_not_ask"))
    frame = opening.to_frame(desk.open(), desk.round.questionnaire)
    assert list(frame.columns) == [q.id for q in desk.round.questionnaire.questions]
    rows = {row["path"]: row for row in frame.to_dict("records")}
    assert set(rows["got_help"]["who"]) == {"school", "police"}
    assert rows["got_help"]["believed"] is None
    assert rows["did_not_ask"]["believed"] == "does_not_apply"
    assert rows["got_help"]["change"] == ()


def test_words_that_nobody_read_are_no_column(desk):
    desk.send(person(WORDS), person())
    frame = opening.to_frame(desk.open(), desk.round.questionnaire)
    assert "change" not in frame.columns
    assert "path" in frame.columns


def test_of_a_large_round_only_the_drawn_are_read_and_counted(desk):
    asked, seed = desk.round.questionnaire, b"s" * 32
    rids = [secrets.randbits(63) for _ in range(260)]
    everybody = tuple(
        opening.Response(rid, f"{rid:016x}", person(), ("change",) if rid % 2 else ())
        for rid in rids
    )
    plan = make_plan(TeamFile(name="Cedar", sample=200), desk.round.id, asked, load())
    found = opening.Snapshot(responses=everybody)
    sample = opening.draw_sample(found, plan, seed)
    assert len(sample) == 200
    assert sample == opening.draw_sample(replace(found, responses=everybody[::-1]), plan, seed)
    events = [
        code((), (rid, TextBox.CHANGE), "Ana", Choice(themes=("wait",)), f"{rid:x}")
        for rid in rids
        if rid % 2 and rid in sample
    ]
    read = replace(found, events=tuple(events))
    assert not read.is_read()
    assert read.is_read(sample)
    assert "change" not in opening.to_frame(read, asked).columns
    frame = opening.to_frame(read, asked, sample)
    assert frame[IN_SAMPLE].sum() == 200
    assert frame["change"].map(bool).sum() == len(events)
    assert not frame.loc[~frame[IN_SAMPLE], "change"].map(bool).any()


def test_who_is_drawn_has_nothing_to_do_with_who_wrote(desk):
    rids = [secrets.randbits(63) for _ in range(240)]
    plan = make_plan(
        TeamFile(name="Cedar", sample=200), desk.round.id, desk.round.questionnaire, load()
    )
    draws = {
        opening.draw_sample(
            opening.Snapshot(tuple(opening.Response(rid, "a", person(), wrote) for rid in rids)),
            plan,
            b"s" * 32,
        )
        for wrote in (None, (), ("change",), ("change", "keep"))
    }
    assert len(draws) == 1


def test_up_to_the_size_of_the_sample_nobody_is_left_out(desk):
    asked = desk.round.questionnaire
    plan = make_plan(TeamFile(name="Cedar", sample=200), desk.round.id, asked, load())
    few = tuple(opening.Response(rid, "a", person()) for rid in range(200))
    assert opening.draw_sample(opening.Snapshot(few), plan, b"s" * 32) is None
    usual = make_plan(TeamFile(name="Cedar"), desk.round.id, asked, load())
    assert opening.draw_sample(opening.Snapshot(few * 9), usual, b"s" * 32) is None


def test_an_answer_that_needs_care_is_no_empty_box(desk):
    desk.send(person(WORDS), person())
    (answer,) = desk.words(desk.open())
    key, care = (answer.rid, TextBox.CHANGE), Choice(flags=("needs_care",))
    found = opening.add_events(
        desk.folder, desk.round, desk.team.codes, [code((), key, "Ana", care, "1")]
    )
    frame = opening.to_frame(found, desk.round.questionnaire)
    assert sorted(frame["change"]) == [(), ("other",)]


# ------------------------------------------------------------------ two copies of a folder


def coded(desk, rid, coder, theme):
    return code([], (rid, TextBox.CHANGE), coder, Choice((theme,)), f"{coder}-{theme}")


def test_the_work_of_two_copies_comes_together_and_nothing_is_lost(desk, tmp_path):
    desk.send(*(person("one thing") for _ in range(4)))
    rids = [one.rid for one in desk.open().responses]
    copy = Folder(tmp_path / "copy")
    shutil.copytree(desk.folder.path, copy.path)
    opening.add_events(
        desk.folder, desk.round, desk.team.codes, [coded(desk, rids[0], "Ana", "wait")]
    )
    done = Outcome(
        date(2026, 11, 23), "o1", rids[1], TextBox.CHANGE, Done.DISCUSSED, With.PLAN, "Ben"
    )
    opening.add_events(copy, desk.round, desk.team.codes, [coded(desk, rids[0], "Ben", "court")])
    opening.add_outcome(copy, desk.round, desk.team.codes, done)
    theirs = copy.snapshot(desk.round.id).read_bytes()
    mine = desk.folder.snapshot(desk.round.id).read_bytes()
    here = opening.bring_in(desk.folder, desk.round, desk.team.codes, theirs)
    there = opening.bring_in(copy, desk.round, desk.team.codes, mine)
    assert here == there == opening.read_snapshot(desk.folder, desk.round, desk.team.codes)
    assert {event.coder for event in here.events} == {"Ana", "Ben"}
    assert here.outcomes == (done,)
    assert opening.bring_in(desk.folder, desk.round, desk.team.codes, theirs) == here


def test_a_file_from_elsewhere_brings_no_people_in(desk, tmp_path):
    """Whoever has the public key can seal a file; people come from the box alone."""
    desk.send(person(path="tried"))
    before = desk.open()
    stranger = opening.Response(1, "0" * 16, person(path="got_help"), ("change",))
    sealed = forged(desk, [stranger])
    assert opening.bring_in(desk.folder, desk.round, desk.team.codes, sealed) == before


def forged(desk, responses):
    data = {
        "format": opening.FORMAT,
        "round": desk.round.id,
        "responses": [[f"{r.rid:016x}", r.pair, "en", {}, [], r.wrote] for r in responses],
        "quarantine": {},
        "events": [],
    }
    return agefile.encrypt(json.dumps(data).encode(), [desk.round.recipients[0]])


@pytest.mark.parametrize("harm", ["nothing", "other key", "other round", "no snapshot"])
def test_a_file_that_is_no_snapshot_of_this_round_changes_nothing(desk, harm):
    desk.send(person("one thing"))
    before = desk.open()
    key = desk.round.recipients[0]
    sealed = {
        "nothing": b"",
        "other key": agefile.encrypt(b"{}", [Identity.generate().recipient]),
        "other round": agefile.encrypt(
            json.dumps({"format": opening.FORMAT, "round": "2020-Q1"}).encode(), [key]
        ),
        "no snapshot": agefile.encrypt(b"[]", [key]),
    }[harm]
    with pytest.raises(StoreUnavailable, match="Nothing was changed"):
        opening.bring_in(desk.folder, desk.round, desk.team.codes, sealed)
    assert opening.read_snapshot(desk.folder, desk.round, desk.team.codes) == before


def test_only_who_wrote_shared_and_needs_no_care_may_be_reworded(desk):
    shared = frozenset({Mark.SHARE})
    desk.send(
        replace(person(WORDS), marks=shared),
        replace(person("another heron"), marks=shared),
        replace(person(), marks=shared),
        person("not shared"),
    )
    found = desk.open()
    answers = {answer.text: answer for answer in desk.words(found)}
    key, care = (answers["another heron"].rid, TextBox.CHANGE), Choice(flags=("needs_care",))
    found = opening.add_events(
        desk.folder, desk.round, desk.team.codes, [code((), key, "Ana", care, "1")]
    )
    assert found.may_be_reworded == {answers[WORDS].rid}
