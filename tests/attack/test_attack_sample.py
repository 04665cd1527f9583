"""Attacks on a random sample by somebody who knows who was drawn, also into which group each is."""

import random
from datetime import date

import pandas as pd
import pytest

from feedback.disclosure.export import csv_text
from feedback.disclosure.plan import IN_SAMPLE, Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release
from feedback.disclosure.sampling import draw
from tests.attack.attacker import Knowledge, attack, read

PEOPLE, SAMPLE = 212, 200
AGES, THEMES = ("young", "old"), ("believed", "wait", "rides")
EDITION = Edition(1, "x")
PLAN = Plan(
    "2026-Q4",
    "Cedar",
    EDITION,
    EDITION,
    (
        PlannedQuestion("age", Kind.SINGLE, "Age?", tuple(Answer(a, a) for a in AGES)),
        PlannedQuestion("change", Kind.THEME, "Change?", tuple(Answer(t, t) for t in THEMES)),
    ),
    ("age",),
    sample=SAMPLE,
)


def unanimous(rng):
    return [("wait",)] * PEOPLE


def one_deviates(rng):
    return [("wait",)] * (PEOPLE - 1) + [("rides",)]


def nobody_wrote(rng):
    return [()] * PEOPLE


def mixed(rng):
    return [tuple(t for t in THEMES if rng.random() < 0.3) for _ in range(PEOPLE)]


@pytest.mark.parametrize("wrote", [unanimous, one_deviates, nobody_wrote, mixed])
@pytest.mark.parametrize("key", [1, 2, 3])
def test_knowing_who_was_drawn_tells_nothing(wrote, key):
    rng, secret = random.Random(key), bytes([key]) * 32
    ages = [rng.choice(AGES) for _ in range(PEOPLE)]
    drawn = draw(range(PEOPLE), SAMPLE, secret, "2026-Q4")
    change = [themes if i in drawn else () for i, themes in enumerate(wrote(rng))]
    frame = pd.DataFrame(
        {
            "age": pd.Series(ages, dtype=object),
            "change": pd.Series(change, dtype=object),
            IN_SAMPLE: [i in drawn for i in range(PEOPLE)],
        }
    )
    document = build_release(
        frame, PLAN, key=secret, number=1, previous_hash="", day=date(2027, 1, 15)
    )
    published = read(csv_text(Release.preview(document)))
    assert published[published["question"] == "change"]["count"].notna().any()
    known = Knowledge(pd.DataFrame({"age": [ages[i] for i in sorted(drawn)]}))
    assert attack(published, known, only=["change"]) == []
    everybody = Knowledge(pd.DataFrame(index=range(PEOPLE)))
    assert attack(published, everybody, only=["age"]) == []


def test_numbers_of_a_sample_that_were_not_rounded_would_tell():
    known = Knowledge(pd.DataFrame(index=range(SAMPLE)), base=1)
    lines = ["release,round,question,answer,kind,age,count,base,share,low,high,status,note"]
    lines += [
        f"1,a,change,{t},theme,,{n},200,,,,shown," for t, n in zip(THEMES, (0, 200, 0), strict=True)
    ]
    lines.append("1,a,change,none,theme,,0,200,,,,shown,")
    found = attack(read("\n".join(lines)), known)
    assert {finding.answer for finding in found if finding.certain} == {"wait"}
