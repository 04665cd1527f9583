"""A random sample: drawn by lot from row keys alone, counted by itself, shown with its interval."""

import csv
import io
import math
from datetime import date

import pandas as pd
import pytest
from scipy.stats import binomtest

from feedback.decisions.heard import SAMPLE, rule_of
from feedback.decisions.published import read_releases
from feedback.disclosure.audit import number_problems
from feedback.disclosure.derive import share, year, year_of
from feedback.disclosure.export import csv_text, long_rows
from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import (
    IN_SAMPLE,
    NONE,
    Answer,
    Edition,
    Kind,
    Plan,
    PlannedQuestion,
)
from feedback.disclosure.release import Release, build_release
from feedback.disclosure.sampling import draw, interval
from feedback.errors import InvalidSettings, ReleaseRefused

DAY = date(2027, 1, 15)
EDITION = Edition(1, "x")
AGE = PlannedQuestion(
    "age", Kind.SINGLE, "How old are you?", (Answer("young", "Young"), Answer("old", "Old"))
)
THEMES = tuple(Answer(name, name.title()) for name in ("believed", "wait", "rides", "other"))
CHANGE = PlannedQuestion("change", Kind.THEME, "What to change?", THEMES)
KEY = b"k" * 32
FIRST = {"key": KEY, "number": 1, "previous_hash": "", "day": DAY}


def plan_of(sample=200, round_id="2026-Q4"):
    return Plan(round_id, "Cedar", EDITION, EDITION, (AGE, CHANGE), ("age",), sample=sample)


def frame_of(people, drawn=None):
    wrote = [("believed",), ("wait", "rides"), (), ("wait",), ()]
    ages = ["young", "old", "old", None]
    columns = {
        "age": [ages[i % 4] for i in range(people)],
        "change": [wrote[i % 5] for i in range(people)],
    }
    if drawn is not None:
        columns["change"] = [
            themes if i in drawn else () for i, themes in enumerate(columns["change"])
        ]
        columns[IN_SAMPLE] = [i in drawn for i in range(people)]
    cells = {name: pd.Series(some, dtype=object) for name, some in columns.items()}
    return pd.DataFrame(cells)


def close(people=1000, plan=None, drawn=None, number=1, **parts):
    plan = plan or plan_of()
    drawn = draw(range(people), plan.sample, KEY, plan.round) if drawn is None else drawn
    given = {"key": KEY, "number": number, "previous_hash": "" if number == 1 else "a", "day": DAY}
    return build_release(frame_of(people, drawn), plan, **given | parts)


def read(document):
    return Release.preview(document)


# ------------------------------------------------------------------ the draw


def test_a_draw_has_its_size_and_repeats_itself():
    people = range(5000)
    first = draw(people, 300, KEY, "2026-Q4")
    assert len(first) == 300
    assert draw(people, 300, KEY, "2026-Q4") == first


def test_a_draw_does_not_depend_on_the_order_of_arrival():
    people = list(range(2000))
    assert draw(reversed(people), 300, KEY, "a") == draw(people, 300, KEY, "a")


def test_another_key_or_round_draws_other_people():
    people = range(5000)
    first = draw(people, 300, KEY, "a")
    assert len(first & draw(people, 300, b"other" * 8, "a")) < 60
    assert len(first & draw(people, 300, KEY, "b")) < 60


def test_whoever_comes_later_takes_at_most_one_place():
    before, after = draw(range(1000), 300, KEY, "a"), draw(range(1001), 300, KEY, "a")
    assert len(before - after) == (1000 in after)


def test_everybody_is_as_likely_to_be_drawn():
    """300 of 1,000 under 400 keys: each person about 120 times, spread as by chance."""
    times = dict.fromkeys(range(1000), 0)
    for number in range(400):
        for rid in draw(times, 300, number.to_bytes(32), "a"):
            times[rid] += 1
    expected = 400 * 0.3
    chi_square = sum((n - expected) ** 2 / (expected * 0.7) for n in times.values())
    assert abs(chi_square - 999) < 4 * math.sqrt(2 * 999)


# ------------------------------------------------------------------ the interval


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [(0, 200, 0.0, 0.0189), (50, 200, 0.1951, 0.3144), (200, 200, 0.9811, 1.0)],
)
def test_without_rounding_it_is_wilsons_interval(count, base, low, high):
    assert interval(count, base, 0) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("base", [200, 290, 400])
def test_the_interval_is_that_of_scipy(base):
    for count in range(base + 1):
        reference = binomtest(count, base).proportion_ci(0.95, method="wilson")
        assert interval(count, base, 0) == pytest.approx((reference.low, reference.high), abs=1e-9)


def test_rounding_makes_it_wider_and_never_leaves_the_scale():
    low, high = interval(50, 200, 0)
    wide = interval(50, 200, 4)
    assert wide[0] < low < high < wide[1]
    assert interval(0, 200, 4)[0] == pytest.approx(0.0)
    assert interval(200, 200, 4)[1] == pytest.approx(1.0)


# ------------------------------------------------------------------ the release


def test_themes_are_counted_among_those_who_were_drawn():
    release = read(close())
    table = release.table("change")
    assert (table.sample, table.everyone.base) == (200, 200)
    assert release.table("age").sample == 0
    assert release.table("age").everyone.base == 1000
    assert abs(table.everyone.counts["wait"] - 80) < 25
    assert "200 were drawn by lot" in table.note


def test_a_release_with_a_sample_follows_from_its_plan():
    assert number_problems(close()) == []


def test_a_sample_is_shown_for_everyone_only():
    rows = read(close()).table("change").rows
    assert [row.group for row in rows] == ["", "age"]
    assert not rows[1].counts
    assert "random sample" in rows[1].note


@pytest.mark.parametrize("people", [60, 200])
def test_up_to_the_size_of_the_sample_everybody_is_read(people):
    document = build_release(
        frame_of(people), plan_of(), key=KEY, number=1, previous_hash="", day=DAY
    )
    assert read(document).table("change").sample == 0
    assert number_problems(document) == []


@pytest.mark.parametrize("drawn", [range(199), range(201), ()])
def test_another_number_of_people_than_planned_is_refused(drawn):
    with pytest.raises(ReleaseRefused, match="not the plan's random sample"):
        close(drawn=frozenset(drawn))


def test_a_sample_that_was_not_planned_is_refused():
    with pytest.raises(ReleaseRefused, match="not the plan's random sample"):
        close(plan=plan_of(sample=0), drawn=frozenset(range(200)))


def test_everybody_read_where_a_sample_was_planned_is_refused():
    with pytest.raises(ReleaseRefused, match="not the plan's random sample"):
        build_release(frame_of(1000), plan_of(), key=KEY, number=1, previous_hash="", day=DAY)


@pytest.mark.parametrize("sample", [1, 199, 205, 410, -10])
def test_a_plan_takes_200_to_400_people_in_tens(sample):
    with pytest.raises(InvalidSettings, match="sample must be from 200 to 400"):
        plan_of(sample=sample)


def test_a_plan_without_a_sample_reads_as_it_always_did():
    data = plan_of(sample=0).to_dict()
    assert "sample" not in data
    assert Plan.from_dict(data).plan_hash() == plan_of(sample=0).plan_hash()
    assert Plan.from_dict(plan_of().to_dict()) == plan_of()


@pytest.mark.parametrize("harm", ["size", "question", "broken down"])
def test_a_changed_sample_is_found(harm):
    document = close()
    table = next(each for each in document["tables"] if each["question"] == "change")
    if harm == "size":
        table["sample"] = 300
    elif harm == "question":
        document["tables"][0]["sample"] = 200
    else:
        table["rows"][1] = {**table["rows"][0], "group": "age", "levels": ["young"]}
    assert any("sample" in problem for problem in number_problems(document))


def test_shares_carry_the_interval_and_say_it_in_the_file():
    release = read(close())
    table = release.table("change")
    found = share(table, table.everyone, ["wait"])
    count = table.everyone.counts["wait"]
    assert (found.low, found.high) == interval(count, 200, 4)
    rows = [row for row in csv.DictReader(io.StringIO(csv_text(release))) if row["answer"]]
    for row in rows:
        if row["question"] != "change":
            continue
        low, high = interval(int(row["count"]), int(row["base"]), 4)
        least, most = math.floor(low * 100 + 1e-9), math.ceil(high * 100 - 1e-9)
        assert f"between {least} % and {most} %" in row["note"]
        assert row["note"].startswith("Of everyone who answered")


def test_the_file_marks_the_sample_where_its_numbers_begin():
    rows = list(csv.DictReader(io.StringIO(csv_text(read(close())))))
    first = next(row for row in rows if row["question"] == "change")
    assert "From a random sample" in first["note"]


def test_a_sample_is_not_added_to_other_releases():
    documents = []
    for number, people in ((1, 150), (2, 1000)):
        plan = plan_of(round_id=f"2026-Q{number}")
        drawn = draw(range(people), 200, KEY, plan.round) if people > 200 else None
        unsigned = build_release(
            frame_of(people, drawn),
            plan,
            key=KEY,
            number=number,
            previous_hash=documents[-1]["hash"] if documents else "",
            day=DAY,
        )
        documents.append(chain(unsigned, documents[-1] if documents else None, lambda _: "00"))
    releases = [Release.from_document(document) for document in documents]
    counts = releases[1].table("change").everyone.counts
    assert year_of(releases[0], releases, "change") == ()
    assert year_of(releases[0], releases, "age") == tuple(releases)
    with pytest.raises(ReleaseRefused, match="no random sample"):
        year(releases, "change")
    assert year(releases, "age").everyone.base == 1150
    assert counts[NONE] > 0


def test_the_team_side_knows_a_sample_by_its_mark():
    release = read(close())
    [published] = read_releases(long_rows(release))
    assert published.is_sample("change")
    assert not published.is_sample("age")
    assert SAMPLE in rule_of(published)
    [whole] = read_releases(long_rows(read(build_release(frame_of(60), plan_of(), **FIRST))))
    assert not whole.is_sample("change")
    assert SAMPLE not in rule_of(whole)
