"""A release as a file: the published numbers, where they come from, and nothing else."""

from __future__ import annotations

import io
import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import xlsxwriter

from feedback.disclosure.export import csv_text, long_columns, long_rows
from feedback.disclosure.release import Release
from feedback.disclosure.wording import rounding_rule
from feedback.store.files import write_file

WIDE = {"note": 90, "question": 14, "answer": 24}  # letters
NARROW = 12


class Format(StrEnum):
    """The kinds of files that a release can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def release_file(release: Release, kind: Format) -> bytes:
    """Return a file's bytes; the same release gives the same bytes."""
    return {Format.CSV: _csv, Format.XLSX: _xlsx, Format.JSON: _json}[kind](release)


def write_out(name: str, data: bytes, out: Path | None) -> Path:
    """Write a file that goes out and return where it lies.

    ``out`` is a file or a folder; None is the folder one stands in.
    Raises StoreUnavailable when it cannot be written; nothing half-written stays.
    """
    path = Path(name) if out is None else out / name if out.is_dir() else out
    write_file(path, data)
    return path


def about(release: Release) -> dict[str, str]:
    """Return what each file says of itself: which release it is and by which rule it was made."""
    return {
        "Release": str(release.number),
        "Team": release.plan.team,
        "Round": release.round,
        "Published on": release.day.isoformat(),
        "SHA-256": release.hash,
        "Rule": rounding_rule(release.plan),
    }


def _csv(release: Release) -> bytes:
    return csv_text(release).encode()


def _json(release: Release) -> bytes:
    facts = {
        "release": release.number,
        "team": release.plan.team,
        "round": release.round,
        "date": release.day.isoformat(),
        "hash": release.hash,
        "rule": rounding_rule(release.plan),
        "method": list(release.method),
        "columns": list(long_columns(release)),
        "rows": long_rows(release),
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(release: Release) -> bytes:
    data = io.BytesIO()
    # Everything is written as text or number: nothing in it may become a formula or a link.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, safe) as book:
        # A fixed day in place of the time of export, and no author.
        day = datetime.combine(release.day, datetime.min.time())
        book.set_properties({"created": day, "author": "", "title": f"Release {release.number}"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _readme(book.add_worksheet("Read me"), release, bold, wrap)
        _rows(book.add_worksheet("Release"), release, bold)
    return data.getvalue()


def _readme(
    sheet: xlsxwriter.worksheet.Worksheet,
    release: Release,
    bold: xlsxwriter.format.Format,
    wrap: xlsxwriter.format.Format,
) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    lines = [*about(release).items(), *(("How", sentence) for sentence in release.method)]
    for number, (name, text) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, text, wrap)


def _rows(
    sheet: xlsxwriter.worksheet.Worksheet, release: Release, bold: xlsxwriter.format.Format
) -> None:
    columns = long_columns(release)
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, WIDE.get(name, NARROW))
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(long_rows(release), 1):
        for place, name in enumerate(columns):
            value = row[name]
            if isinstance(value, int):
                sheet.write_number(line, place, value)
            elif value:
                sheet.write_string(line, place, value)
