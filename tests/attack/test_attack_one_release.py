"""Attacks on one release: each wins against a plain dashboard and nothing against the gate.

The numbers in the names are those of the table of attacks in the rules of release.
"""

import random
from dataclasses import replace

import pandas as pd
import pytest

from feedback.disclosure.derive import mean
from feedback.disclosure.plan import Kind
from feedback.disclosure.release import Release
from feedback.themes.codebook import load
from tests.attack.attacker import attack, group_columns
from tests.attack.teams import core, skewed, team, yrbs
from tests.attack.throws import attack_together

KEYS = (1, 2, 3)


def naive_findings(people):
    found = attack(people.publish_naively(), people.known(base=1))
    assert all(people.is_true(finding) for finding in found)
    return found


def gate_findings(people, accomplices=()):
    known = people.known(accomplices)
    return [finding for key in KEYS for finding in attack_together(people.publish(key=key), known)]


def rows_of(table):
    """Return what is shown, but no number: question, answer, row and status."""
    return table[["question", "answer", "kind", *group_columns(table), "status"]]


def test_1_filters_cannot_be_subtracted():
    people = team({"sex": ["m"] * 30 + ["f"] * 4}, {"safe": ["yes"] * 30 + ["no"] * 4})
    assert naive_findings(people)
    assert gate_findings(people) == []


@pytest.mark.parametrize("people", [skewed(60, 1), yrbs(60, 1), core(60, 1)], ids=repr)
def test_1_every_row_and_the_rest_of_everybody_hold_k_people(people):
    shown = people.publish()
    groups = group_columns(shown)
    assert (shown[groups] != "").sum(axis=1).max() == 1
    for group in groups:
        texts = people.known().people[group]
        rows = shown[(shown[group] != "") & shown["count"].notna()]
        for _, of_question in rows.groupby("question"):
            labels = set(of_question[group])
            alone = texts[texts.isin(labels)].value_counts()
            assert (alone >= 10).all()
            together = len(texts) - alone.sum()
            assert together >= 10 if len(labels) > len(alone) else together == 0
            assert len(labels) >= 2


def test_2_no_row_is_hidden_that_the_total_gives_back():
    ages = ["18"] * 40 + ["16"] * 11 + ["13"] * 3
    people = team({"age": ages}, {"safe": ["yes"] * 40 + ["no"] * 14})
    assert naive_findings(people)
    assert gate_findings(people) == []
    shown = people.publish()
    labels = set(shown[shown["question"] == "safe"]["age"])
    assert labels == {"", "age 18", "Other groups together (age 13, age 16, No answer)"}


def test_6_options_that_everybody_ticked():
    ticked = [("a", "b")] * 4 + [("a",)] * 11
    people = team({}, {"who": ticked}, options={"who": "abc"})
    assert {f.answer for f in naive_findings(people) if f.certain} == {"a"}
    assert gate_findings(people) == []


@pytest.mark.parametrize("people", [skewed(60, 2), yrbs(20, 2)], ids=repr)
def test_7_shares_say_nothing_that_the_counts_do_not_say(people):
    shown = people.publish()
    for _, row in shown.groupby(["question", *group_columns(shown)]):
        size, answers = row["count"].iloc[0], row[row["answer"] != ""]
        whole = size if row["kind"].iloc[0] == "multi" else answers["count"].sum()
        for count, text in zip(answers["count"], answers["share"], strict=True):
            assert text == coarse_share(min(count, whole), whole, size)


def coarse_share(count, whole, size):
    """Return a share from published numbers alone, as the method says it."""
    if size < 20:
        people = max(whole, size)
        part = count / people
        if part >= 0.9 and (count - 4) / (people + 4) <= 0.5:
            return "most"
        names = ((0, "few or none"), (0.4, "some"), (0.6 + 1e-9, "about half"), (0.9, "most"))
        return next((w for limit, w in names if part <= 0 or part < limit), "nearly all")
    part = count / whole if whole else 0
    step = 10 if size < 50 else 5 if size < 200 else 1
    percent = int(part * 100 / step + 0.5) * step
    return {0: f"under {step} %", 100: f"over {100 - step} %"}.get(percent, f"{percent} %")


def test_7_a_share_of_a_known_base():
    people = team({}, {"safe": ["yes"] * 11 + ["no"]})
    assert naive_findings(people)
    assert gate_findings(people) == []


def test_8_an_average_is_made_from_published_numbers_only():
    scores = {"a": 1, "b": 2, "c": 3}
    seen = {}
    for seed in range(30):
        rand = random.Random(seed)
        said = rand.choices("abc", (1, 2, 30), k=24)
        document = team({}, {"said": said}, options={"said": "abc"}).document(key=1)
        for answer in document["plan"]["questions"][0]["answers"]:
            answer["score"] = scores[answer["id"]]
        table = Release.preview(document).table("said")
        counts = tuple(table.everyone.counts.values())
        known = sum(counts[:3])
        wanted = sum(c * s for c, s in zip(counts, (1, 2, 3), strict=False)) / known
        average = mean(table, table.everyone)
        assert seen.setdefault(counts, average) == average
        assert abs(average - wanted) <= 0.25


@pytest.mark.parametrize("said", [["x"] * 12, ["x"] * 15, ["x"] * 40])
def test_9_zero_and_everybody_are_never_said(said):
    groups = {"sex": ["m", "f"] * (len(said) // 2) + ["m"] * (len(said) % 2)}
    people = team(groups, {"said": said}, options={"said": "xyz"})
    assert any(finding.certain for finding in naive_findings(people))
    assert gate_findings(people) == []
    for key in KEYS:
        shown = people.publish(key=key)
        zero = shown[shown["count"] == 0]
        assert (zero["high"] >= 4).all()
        assert not shown["share"].isin(["0 %", "100 %"]).any()
        assert (shown["count"].dropna() % 5 == 0).all()


@pytest.mark.parametrize("count", [12, 36])
def test_10_who_deviates_does_not_learn_what_all_others_said(count):
    sex = ["m", "f", "m"] * (count // 3)
    people = team({"sex": sex}, {"married": ["no"] + ["yes"] * (count - 1)})
    known = people.known([0], base=1)
    others = {p for f in attack(people.publish_naively(), known) if f.certain for p in f.people}
    assert others == set(range(1, count))
    assert gate_findings(people, [0]) == []


def frechet():
    """8 of 10 aged 16 said yes, 8 of 10 boys, 10 of all: so all 6 boys of 16 did."""
    kinds = [("16", "m", "yes")] * 6 + [("16", "f", "yes")] * 2 + [("18", "m", "yes")] * 2
    kinds += [("16", "f", "no")] * 2 + [("18", "m", "no")] * 2 + [("18", "f", "no")] * 22
    age, sex, said = zip(*kinds, strict=True)
    return team({"age": age, "sex": sex}, {"abused": said})


def test_11_two_tables_together_say_nothing_of_who_is_in_both():
    people = frechet()
    assert set(range(6)) <= {p for f in naive_findings(people) if f.certain for p in f.people}
    assert gate_findings(people) == []


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_12_the_only_boy_of_16(answer):
    age = ["16"] * 15 + ["18"] * 25
    sex = ["m"] + ["f"] * 14 + ["m"] * 12 + ["f"] * 13
    people = team({"age": age, "sex": sex}, {"said": [answer] + ["yes"] * 26 + ["no"] * 13})
    assert naive_findings(people)
    assert gate_findings(people) == []


def test_13_skipping_is_an_answer_and_every_question_has_the_same_base():
    one = ["yes"] * 20
    people = team({}, {"first": one, "second": [*one[:-1], None]})
    assert naive_findings(people)
    assert gate_findings(people) == []
    for key in KEYS:
        shown = people.publish(key=key)
        assert set(shown[shown["answer"] == "skipped"]["question"]) == {"first", "second"}
        assert len(set(shown["base"])) == 1


@pytest.mark.parametrize("seed", range(3))
def test_13_a_row_has_one_base_in_the_whole_release(seed):
    shown = core(60, seed).publish()
    for _, row in shown[shown["count"].notna()].groupby(group_columns(shown)):
        assert len(set(row["base"])) == 1


def test_14_who_may_look_at_redrawn_numbers_reads_the_true_one_off_their_mean():
    """So a round is rounded once, by one key, whatever is asked of it."""
    people = team({}, {"said": ["yes"] * 13 + ["no"] * 7})

    def shown(key):
        table = people.publish(key=key)
        return table[table["answer"] == "yes"]["count"].iloc[0]

    redrawn = [shown(key) for key in range(200)]
    assert set(redrawn) == {10, 15}
    assert abs(sum(redrawn) / len(redrawn) - 13) < 0.6
    assert len({shown(7) for _ in range(5)}) == 1


@pytest.mark.parametrize("count", [12, 29, 30, 49, 60])
def test_16_which_rows_are_shown_does_not_depend_on_answers(count):
    people = skewed(count, 4)
    shown = [rows_of(people.publish())]
    for seed in range(4):
        rand = random.Random(seed)
        other = people.frame.copy()
        for question in ("said", "safe", "helped"):
            cells = list(other[question])
            if seed == 0:
                cells = [cells[0]] * count
            rand.shuffle(cells)
            other[question] = pd.Series(cells, dtype=object)
        people.frame = other
        shown.append(rows_of(people.publish()))
    assert all(each.equals(shown[0]) for each in shown)


def test_17_every_theme_of_the_codebook_is_listed_whatever_people_wrote():
    planned = [*load().counted, "none"]
    people = core(60, 2)
    boxes = tuple(q for q in people.plan.questions if q.kind is Kind.THEME)
    people.plan = replace(people.plan, questions=boxes, groups=())
    wrote = people.frame
    silent = wrote.assign(change=[()] * 60, keep=[()] * 60)
    for frame in (wrote, silent, wrote[:12]):
        people.frame = frame
        shown = people.publish()
        for box in ("change", "keep"):
            listed = shown[shown["question"] == box]
            assert list(listed["answer"])[1:] == planned
            assert listed["count"].notna().all()


def test_19_nobody_counts_twice_for_one_theme_or_one_tick():
    once = team({}, {"who": [("a",)] * 11 + [("a", "b")]})
    twice = team({}, {"who": [("a",)] * 11 + [("a", "b", "a", "b")]})
    assert once.document() == twice.document()
    assert gate_findings(once) == []


@pytest.mark.parametrize("helpers", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [12, 20, 50])
def test_20_insiders_who_pool_what_they_said_gain_nothing(count, helpers):
    for make in (skewed, yrbs):
        people = make(count, helpers)
        accomplices = random.Random(helpers).sample(range(count), helpers)
        assert attack_together(people.publish(), people.known(accomplices)) == []


@pytest.mark.parametrize("count", [10, 12, 20, 36])
def test_20_three_insiders_with_one_invented_story_gain_nothing(count):
    sex = ["m", "f"] * (count // 2)
    people = team({"sex": sex}, {"said": ["yes"] * (count - 3) + ["no"] * 3})
    for key in range(12):
        known = people.known(range(count - 3, count))
        assert attack_together(people.publish(key=key), known) == []


def test_the_published_bounds_are_those_of_the_method():
    people = yrbs(60, 5)
    shown = people.publish()
    count = shown["count"].dropna()
    assert (shown["low"].dropna() == (count - 4).clip(lower=0)).all()
    assert (shown["high"].dropna() == count + 4).all()
