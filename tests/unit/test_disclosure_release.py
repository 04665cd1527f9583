"""Closing a round: what the document holds, what it refuses, what it never says."""

import datetime
import json

import pandas as pd
import pytest

from feedback.disclosure.audit import number_problems
from feedback.disclosure.ledger import canonical_bytes, chain, release_hash
from feedback.disclosure.plan import (
    Answer,
    Edition,
    Kind,
    Limits,
    NotFor,
    Plan,
    PlannedQuestion,
)
from feedback.disclosure.release import Release, build_release
from feedback.disclosure.wording import Status
from feedback.errors import InvalidAnswers, LedgerBroken, ReleaseRefused

DAY = datetime.date(2027, 1, 15)


def answers(*ids, scored=False):
    return tuple(
        Answer(each, each.title(), i + 1 if scored else None) for i, each in enumerate(ids)
    )


AGE = PlannedQuestion("age", Kind.SINGLE, "How old are you?", answers("young", "old", "older"))
SAFE = PlannedQuestion("safe", Kind.SCALE, "Safe?", answers("no", "half", "yes", scored=True))
WHO = PlannedQuestion("who", Kind.MULTI, "Who?", answers("police", "nurse"))
KEEP = PlannedQuestion("keep", Kind.THEME, "Keep?", answers("kind", "quick"))


def make_plan(groups=("age",), **parts):
    edition = Edition(1, "x")
    return Plan("2026-Q4", "Cedar", edition, edition, (AGE, SAFE, WHO, KEEP), groups, **parts)


def frame_of(people):
    cells = {
        "age": ["young", "old", "old", None],
        "safe": ["yes", "yes", "no", "half", None],
        "who": [("police",), (), ("police", "nurse")],
        "keep": [("kind",), ()],
    }
    return pd.DataFrame(
        {
            name: pd.Series([some[i % len(some)] for i in range(people)], dtype=object)
            for name, some in cells.items()
        }
    )


def close(people=60, plan=None, **parts):
    given = {"key": b"k" * 32, "number": 1, "previous_hash": "", "day": DAY}
    return build_release(frame_of(people), plan or make_plan(), **{**given, **parts})


def published(document):
    return chain(document, None, lambda data: "signed")


@pytest.mark.parametrize("people", [0, 1, 9])
def test_fewer_than_k_people_leave_the_round_open(people):
    with pytest.raises(ReleaseRefused) as refused:
        close(people)
    text = str(refused.value)
    assert "fewer than 10 people have answered, so the round stays open" in text
    assert str(people) not in text.replace("10", "")


def test_a_stricter_k_is_kept():
    with pytest.raises(ReleaseRefused, match="fewer than 20 people"):
        close(19, make_plan(limits=Limits(k=20)))
    assert close(20, make_plan(limits=Limits(k=20)))


def test_k_people_get_totals_without_groups():
    document = close(10)
    for table in document["tables"]:
        assert table["rows"][0]["status"] == "shown"
        assert all(row["answers"] == {} for row in table["rows"][1:])
    assert "Not broken down" in " ".join(document["protected"])


@pytest.mark.parametrize(
    "parts",
    [{"number": 0}, {"number": 2}, {"previous_hash": "ab"}, {"key": b"short"}],
)
def test_a_release_needs_key_number_and_the_one_before(parts):
    with pytest.raises(ReleaseRefused):
        close(20, **parts)


def test_answers_that_do_not_fit_are_refused():
    with pytest.raises(InvalidAnswers):
        build_release(
            frame_of(20).drop(columns="safe"),
            make_plan(),
            key=b"k" * 32,
            number=1,
            previous_hash="",
            day=DAY,
        )


def test_the_same_people_in_any_order_give_the_same_bytes():
    first = canonical_bytes(close(60))
    mixed = frame_of(60).sample(frac=1, random_state=3)
    again = build_release(mixed, make_plan(), key=b"k" * 32, number=1, previous_hash="", day=DAY)
    assert canonical_bytes(again) == first
    assert canonical_bytes(close(60, key=b"x" * 32)) != first


def test_the_document_holds_what_contract_and_rules_name_and_nothing_else():
    document = published(close(60))
    assert set(document) == {
        *("format", "number", "round", "date", "previous", "hash", "signature"),
        *("plan", "plan_hash", "method", "attack", "protected", "tables"),
    }
    for table in document["tables"]:
        assert set(table) == {"question", "kind", "note", "rows"}
        for row in table["rows"]:
            assert set(row) == {
                *("group", "levels", "label", "base", "answers", "status", "note"),
            }
    assert json.loads(json.dumps(document)) == document


def test_small_groups_are_shown_together_under_a_name_that_says_so():
    rows = close(60)["tables"][1]["rows"]
    assert [row["label"] for row in rows] == [
        "Everyone",
        "Young",
        "Old",
        "Other groups together (Older, No answer)",
    ]
    assert rows[3]["status"] == "merged"
    assert rows[3]["levels"] == ["older", "skipped"]


def test_a_question_that_forms_groups_is_shown_for_everyone_only():
    table = close(60)["tables"][0]
    assert len(table["rows"]) == 1
    assert "forms the groups" in table["note"]


def test_a_question_that_was_asked_of_few_says_so():
    rule = NotFor("age", ("old", "young"))
    safe = PlannedQuestion(
        "safe", Kind.SINGLE, "Safe?", answers("yes", "no", "half", "does_not_apply"), not_for=rule
    )
    edition = Edition(1, "x")
    plan = Plan("2026-Q4", "Cedar", edition, edition, (AGE, safe), ("age",))
    document = build_release(frame_of(32), plan, key=b"k" * 32, number=1, previous_hash="", day=DAY)
    row = document["tables"][1]["rows"][0]
    assert (row["answers"], row["status"]) == ({}, "too_few")
    assert row["note"] == "Not enough answers yet: this was asked of fewer than 10 people."
    assert f"“Safe?” {row['note']}" in document["protected"]
    assert number_problems(document) == []


def test_words_that_were_not_read_are_not_shown():
    document = build_release(
        frame_of(60).drop(columns="keep"),
        make_plan(),
        key=b"k" * 32,
        number=1,
        previous_hash="",
        day=DAY,
    )
    rows = document["tables"][3]["rows"]
    assert all(row["answers"] == {} and row["status"] == "protected" for row in rows)
    assert "had not been read" in rows[0]["note"]


def test_one_approver_is_told_to_every_reader():
    assert "One person alone approved this release." not in close(20)["method"]
    alone = close(20, make_plan(single_person=True))
    assert "One person alone approved this release." in alone["method"]


def test_neither_people_nor_tries_nor_combinations_are_counted_out():
    texts = {json.dumps(close(n)["attack"]) for n in (60, 61, 80)}
    assert len(texts) == 1
    assert "attempt" not in json.dumps(close(61))


def test_a_view_is_read_from_a_published_document_only():
    document = published(close(60))
    release = Release.from_document(json.loads(json.dumps(document)))
    assert release.hash == document["hash"] == release_hash(document)
    assert (release.number, release.round, release.day) == (1, "2026-Q4", DAY)
    table = release.table("safe")
    assert list(table.everyone.counts) == ["no", "half", "yes", "skipped"]
    assert table.rows[3].status is Status.MERGED
    assert table.everyone.near == 4
    with pytest.raises(TypeError):
        table.everyone.counts["no"] = 0
    with pytest.raises(KeyError):
        release.table("gone")


def test_a_changed_or_unsigned_document_is_no_release():
    document = published(close(60))
    with pytest.raises(LedgerBroken):
        Release.from_document({**document, "round": "2027-Q1"})
    with pytest.raises(LedgerBroken):
        Release.from_document({**document, "signature": ""})
    with pytest.raises(LedgerBroken):
        Release.from_document(close(60))


def test_a_draft_can_be_looked_at_and_says_so():
    assert Release.preview(close(60)).draft
