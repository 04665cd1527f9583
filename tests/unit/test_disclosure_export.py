"""The long export: the agreed columns, every number once, readable by anybody."""

import csv
import datetime
import io

import pandas as pd
import pytest

from feedback.disclosure.export import csv_text, level_rows, long_columns, long_rows, rows_text
from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.pool import COLUMNS
from feedback.disclosure.release import Release, build_release

AGE = PlannedQuestion(
    "age", Kind.SINGLE, "Age?", (Answer("young", "=young()"), Answer("old", "Old"))
)
SAID = PlannedQuestion("said", Kind.SINGLE, "Said?", (Answer("yes", "Yes"), Answer("no", "No")))
KEEP = PlannedQuestion("keep", Kind.THEME, "Keep?", (Answer("kind", "Kind"),))


def document_of(people=40):
    edition = Edition(1, "x")
    plan = Plan("2026-Q4", "Cedar", edition, edition, (AGE, SAID, KEEP), ("age",))
    frame = pd.DataFrame(
        {
            "age": pd.Series((["young", "old", None] * people)[:people], dtype=object),
            "said": pd.Series((["yes", "yes", "no"] * people)[:people], dtype=object),
            "keep": pd.Series(([("kind",), ()] * people)[:people], dtype=object),
        }
    )
    return build_release(
        frame, plan, key=b"k" * 32, number=1, previous_hash="", day=datetime.date(2027, 1, 15)
    )


@pytest.fixture
def release():
    return Release.from_document(chain(document_of(), None, lambda data: "signed"))


def test_the_columns_are_those_that_others_rely_on(release):
    columns = "release round question answer kind age count base share low high status note"
    assert list(long_columns(release)) == columns.split()
    assert all(list(record) == columns.split() for record in long_rows(release))


def test_a_program_compares_the_ids_of_levels(release):
    ids = {level for table in release.tables for row in table.rows for level in row.levels}
    labels = {record["age"] for record in long_rows(release)} - {""}
    levels = {record["age"] for record in level_rows(release)} - {""}
    assert levels & ids
    assert len(levels) == len(labels)
    pairs = zip(long_rows(release), level_rows(release), strict=True)
    assert all({**one, "age": ""} == {**other, "age": ""} for one, other in pairs)


def test_anybody_can_read_the_file(release):
    table = pd.read_csv(io.StringIO(csv_text(release)))
    assert list(table.columns) == list(long_columns(release))
    assert len(table) == len(long_rows(release))
    assert (table["count"].dropna() % 5 == 0).all()
    assert set(table["status"]) == {"shown", "too_few"}


def test_an_empty_answer_is_the_size_of_its_row(release):
    table = pd.DataFrame(long_rows(release))
    sizes = table[(table["answer"] == "") & table["count"].notna()]
    assert (sizes["count"] == sizes["base"]).all()
    for _, row in table[table["count"].notna()].groupby(["question", "age"]):
        assert row["answer"].iloc[0] == ""
        assert len(set(row["base"])) == 1


def test_bounds_are_people_by_the_stated_rule(release):
    for record in long_rows(release):
        if record["count"] is not None:
            assert record["low"] == max(0, record["count"] - 4)
            assert record["high"] == record["count"] + 4


def test_what_is_not_shown_has_a_status_and_a_reason(release):
    hidden = [record for record in long_rows(release) if record["count"] is None]
    assert [(record["question"], record["age"]) for record in hidden] == [
        ("keep", "Not broken down")
    ]
    assert hidden[0]["status"] == "too_few"
    assert "some groups are too small" in hidden[0]["note"]


def test_every_table_says_where_it_comes_from(release):
    for record in long_rows(release):
        if record["answer"] == "" and record["age"] == "":
            assert f"sha256 {release.hash}" in record["note"]
            assert "Release 1 of Cedar, published on 2027-01-15" in record["note"]
            assert "rounded to fives at random" in record["note"]


def test_a_draft_does_not_look_published():
    assert "draft of 2027-01-15" in csv_text(Release.preview(document_of()))


@pytest.mark.parametrize("start", "=+-@\t")
def test_no_cell_of_a_pool_is_a_formula(start):
    text = rows_text(COLUMNS, [dict.fromkeys(COLUMNS, f"{start}1")])
    assert set(list(csv.reader(io.StringIO(text, newline="")))[1]) == {f"'{start}1"}


def test_a_label_is_never_a_formula(release):
    assert "=young()" in [record["age"] for record in long_rows(release)]
    cells = pd.read_csv(io.StringIO(csv_text(release)), dtype=str)["age"].dropna()
    assert set(cells) == {"'=young()", "Old", "No answer", "Not broken down"}


def test_no_cell_is_left_without_meaning(release):
    for record in long_rows(release):
        assert record["status"]
        assert record["count"] is not None or record["note"]
