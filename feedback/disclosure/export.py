"""The long export: one record per published number, in the columns that others rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from feedback.disclosure.derive import share
from feedback.disclosure.plan import COLUMNS_AFTER, COLUMNS_BEFORE
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.disclosure.wording import between, rounding_rule

Record = dict[str, int | str | None]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run instead of show


def long_columns(release: Release) -> tuple[str, ...]:
    """Return the names of the columns in their order."""
    return (*COLUMNS_BEFORE, *release.plan.groups, *COLUMNS_AFTER)


def long_rows(release: Release) -> list[Record]:
    """Return every published number once; in each row of a table its size comes first.

    An empty answer is the size of the row, an empty group is everyone, None is not shown.
    ``low`` and ``high`` are people. The note of each first record holds release, date, hash
    and rule, so that a part of the file still says where it comes from.
    """
    return [
        {name: record[name] for name in long_columns(release)}
        for table in release.tables
        for row in table.rows
        for record in _records(release, table, row)
    ]


def level_rows(release: Release) -> list[Record]:
    """Return the long rows with ids in place of the labels of groups, for a program to compare.

    A row that was put together from several levels keeps its label.
    """
    ids = {
        (row.group, row.label): row.levels[0]
        for table in release.tables
        for row in table.rows
        if len(row.levels) == 1
    }
    return [
        {name: ids.get((name, str(value)), value) for name, value in row.items()}
        for row in long_rows(release)
    ]


def _records(release: Release, table: ReleaseTable, row: ReleaseRow) -> Iterator[Record]:
    groups = {group: row.label if group == row.group else "" for group in release.plan.groups}
    common: Record = {
        "release": release.number,
        "round": release.round,
        "question": table.question.id,
        "kind": str(table.question.kind),
        **groups,
        "base": row.base,
        "status": str(row.status),
    }
    note = " ".join(part for part in (origin(release, row), table.note, row.note) if part)
    yield {**common, "answer": "", **_bounds(row, row.base), "share": "", "note": note}
    for answer, count in row.counts.items():
        found = share(table, row, (answer,))
        text = found.text if found else ""
        note = between(found.low, found.high) if found and table.sample else row.note
        yield {**common, "answer": answer, **_bounds(row, count), "share": text, "note": note}


def _bounds(row: ReleaseRow, count: int | None) -> Record:
    if count is None:
        return {"count": None, "low": None, "high": None}
    return {"count": count, "low": max(0, count - row.near), "high": count + row.near}


def origin(release: Release, row: ReleaseRow) -> str:
    """Return where a table comes from and by which rule; empty for the rows of groups."""
    if row.group:
        return ""
    state = "draft of" if release.draft else "published on"
    return (
        f"Release {release.number} of {release.plan.team}, {state} {release.day.isoformat()}, "
        f"sha256 {release.hash}. {rounding_rule(release.plan)}"
    )


def csv_text(release: Release) -> str:
    """Return the long export as CSV."""
    return rows_text(long_columns(release), long_rows(release))


def rows_text(columns: Sequence[str], rows: Iterable[Record]) -> str:
    """Return rows as CSV with a header line, in lines ended by newline; no cell is a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    for record in rows:
        writer.writerow({name: _harmless(value) for name, value in record.items()})
    return text.getvalue()


def _harmless(value: int | str | None) -> int | str | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
