"""A pool follows from the files that teams published, and from nothing else.

Every number is worked out again from the CSV files alone, by the words of the release rules.
"""

import datetime
import io
import json
import random
from dataclasses import replace

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.disclosure.export import csv_text, rows_text
from feedback.disclosure.plan import Answer, Edition, Kind, Limits, Plan, PlannedQuestion
from feedback.disclosure.pool import COLUMNS, Handed, pool_rows
from feedback.disclosure.release import Release, build_release

SLOW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
EDITION = Edition(1, "x", "core")
ANSWERS = tuple(Answer(each, each.upper()) for each in "abc")
QUESTIONS = (
    PlannedQuestion("said", Kind.SINGLE, "Said?", ANSWERS),
    PlannedQuestion("who", Kind.MULTI, "Who?", ANSWERS),
)
OTHER = PlannedQuestion("said", Kind.SINGLE, "Said, in other words?", ANSWERS)
NUMBERS = ["count", "base", "low", "high"]


def plan(team, base, reworded):
    questions = (OTHER, QUESTIONS[1]) if reworded else QUESTIONS
    limits = Limits(base=base)
    return Plan("2026-Q4", f"Team {team}", EDITION, EDITION, questions, (), limits)


@st.composite
def teams(draw):
    """Return releases of several teams: small, large, rare answers, another wording, base 10."""
    found = []
    for team in range(draw(st.integers(4, 8))):
        people = draw(st.sampled_from([10, 11, 14, 30, 100]))
        rand = random.Random(draw(st.integers(0, 10**6)))
        frame = pd.DataFrame(
            {
                "said": pd.Series(
                    rand.choices(["a", "b", None], (8, 1, 1), k=people), dtype=object
                ),
                "who": pd.Series(
                    [rand.choice([(), ("a",), ("a", "b")]) for _ in range(people)], dtype=object
                ),
            }
        )
        made = plan(team, draw(st.sampled_from([5, 5, 10])), draw(st.sampled_from([0, 0, 0, 1])))
        document = build_release(
            frame,
            made,
            key=rand.randbytes(32),
            number=1,
            previous_hash="",
            day=datetime.date(2027, 1, 15),
        )
        found.append(Release.preview(document))
    return found


def read(text):
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    for name in NUMBERS:
        table[name] = pd.to_numeric(table[name])
    return table


def pooled(releases):
    handed = [Handed(release.plan.team, release) for release in releases]
    return read(rows_text(COLUMNS, pool_rows(handed)))


def expected(releases):
    """Return what the rules allow to be said of each cell, from the published files alone."""
    for question in ("said", "who"):
        asked = {r.plan.team: r.plan.question(question).text for r in releases}
        texts = list(asked.values())
        by_size = {
            text: sum(
                read(csv_text(r)).query(f"question == '{question}' and answer == ''")["base"].sum()
                for r in releases
                if asked[r.plan.team] == text
            )
            for text in texts
        }
        most = max(by_size, key=lambda text: (texts.count(text), by_size[text], text))
        files = [read(csv_text(r)) for r in releases if asked[r.plan.team] == most]
        cells = pd.concat([file[file["question"] == question] for file in files])
        people = cells[cells["answer"] == ""]["count"]
        if len(files) < 5 or people.sum() < 50:
            yield question, "", ("too_few", None)
        elif people.max() * 2 > people.sum():
            yield question, "", ("protected", None)
        else:
            for answer, part in cells.groupby("answer", sort=False):
                if part["count"].max() * 2 > part["count"].sum():
                    yield question, answer, ("protected", None)
                else:
                    sums = tuple(int(part[name].sum()) for name in NUMBERS)
                    yield question, answer, ("shown", sums)


@SLOW
@given(teams())
def test_every_number_is_a_sum_of_published_numbers(releases):
    wanted = {(question, answer): said for question, answer, said in expected(releases)}
    found = {
        (row.question, row.answer): (
            row.status,
            None
            if pd.isna(row.count_)
            else tuple(map(int, (row.count_, row.base, row.low, row.high))),
        )
        for row in pooled(releases).rename(columns={"count": "count_"}).itertuples()
    }
    assert found == wanted


@SLOW
@given(teams())
def test_what_is_not_shown_holds_no_number_and_says_why(releases):
    table = pooled(releases)
    shown = table[table["count"].notna()]
    assert (shown["low"] <= shown["count"]).all()
    assert (shown["count"] <= shown["high"]).all()
    hidden = table[table["count"].isna()]
    assert hidden[["low", "high"]].isna().all().all()
    assert (hidden["share"] == "").all()
    assert set(hidden["status"]) <= {"protected", "too_few"}
    assert (hidden["note"] != "").all()


@SLOW
@given(teams(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_no_number(releases, rand):
    first = pooled(releases).drop(columns="note")
    rand.shuffle(releases)
    assert pooled(releases).drop(columns="note").equals(first)


@SLOW
@given(teams())
def test_no_team_is_named_in_the_rows(releases):
    handed = [Handed(release.plan.team, release) for release in releases]
    text = rows_text(COLUMNS, pool_rows(handed)) + json.dumps(pool_rows(handed))
    assert not any(release.plan.team in text for release in releases)


def test_a_release_by_other_answers_or_another_questionnaire_is_not_added():
    rand = random.Random(1)

    def release(team, change):
        frame = pd.DataFrame({"said": rand.choices("ab", k=20)}, dtype=object)
        made = change(replace(plan(team, 5, 0), questions=QUESTIONS[:1]))
        key, day = rand.randbytes(32), datetime.date(2027, 1, 15)
        document = build_release(frame, made, key=key, number=1, previous_hash="", day=day)
        return Release.preview(document)

    def with_answer(made):
        more = replace(QUESTIONS[0], answers=(*ANSWERS, Answer("d", "D")))
        return replace(made, questions=(more,))

    same = [release(team, lambda made: made) for team in range(5)]
    others = [
        release(6, with_answer),
        release(7, lambda made: replace(made, questionnaire=Edition(2, "y", "core"))),
        release(8, lambda made: replace(made, questionnaire=Edition(1, "x", "theirs"))),
    ]
    alone, together = pooled(same), pooled([*same, *others])
    assert together.drop(columns="note").equals(alone.drop(columns="note"))
    assert "3 more asked it in another way, or counted a sample" in together["note"][0]
