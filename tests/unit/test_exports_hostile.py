"""Names that would be commands in a spreadsheet stay names in every file."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from feedback.disclosure.ledger import chain
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release
from feedback.exports import Format, release_file

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "=HYPERLINK(\"https://x.org\")",
    "https://x.org",
    "<b>&\"'",
)  # fmt: skip


def release_of(typed):
    age = PlannedQuestion("age", Kind.SINGLE, typed, (Answer("a", typed), Answer("b", "B")))
    said = PlannedQuestion("said", Kind.SINGLE, typed, (Answer("yes", typed), Answer("no", "No")))
    edition = Edition(1, "x")
    plan = Plan("2026-Q4", typed, edition, edition, (age, said), ("age",))
    people = {"age": ["a", "b", None] * 20, "said": ["yes", "no", "no"] * 20}
    frame = pd.DataFrame(people, dtype=object)
    document = build_release(
        frame, plan, key=b"k" * 32, number=1, previous_hash="", day=date(2027, 1, 15)
    )
    return Release.from_document(chain(document, None, lambda _: "signed"))


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_workbook_shows_a_name_and_runs_nothing(typed):
    data = release_file(release_of(typed), Format.XLSX)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert typed in {cell.value for cell in cells}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_cell_of_a_table_begins_like_a_command(typed):
    text = release_file(release_of(typed), Format.CSV).decode()
    cells = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    for value in cells.to_numpy().ravel():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert any(typed in value for value in cells["age"])


@pytest.mark.parametrize("typed", HOSTILE)
def test_another_program_reads_a_name_letter_by_letter(typed):
    facts = json.loads(release_file(release_of(typed), Format.JSON))
    assert facts["team"] == typed
    assert typed in {row["age"] for row in facts["rows"]}


def test_a_draft_is_never_called_published():
    draft = replace(release_of("Cedar"), draft=True)
    assert b"draft of" in release_file(draft, Format.CSV)
