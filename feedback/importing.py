"""Answers from a table (paper typed up elsewhere): good lines are sealed, wrong ones are named."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from feedback.crypto.envelope import ROW_BYTES
from feedback.crypto.passphrase import STANDARD, Cost, derive
from feedback.errors import InvalidAnswers, InvalidSettings, RoundRefused
from feedback.folder import Folder
from feedback.intake import seal, submit_row
from feedback.questionnaire.answers import Answers, Mark, read_answers
from feedback.questionnaire.definition import Kind, Question, Questionnaire
from feedback.rounds import Round, open_round
from feedback.store import audit
from feedback.store.box import Box
from feedback.store.files import locked, read_file, write_file

_REASONS = {
    "unknown": "is not one of the answers to this question",
    "twice": "has more than one answer",
    "long": "is too long",
}


def import_file(
    folder: Folder, file: Path, box: Box, *, today: date, cost: Cost = STANDARD
) -> tuple[int, list[str]]:
    """Seal every good line of a CSV file into the open round; say what is wrong with the others.

    The first line names the columns: question ids, and ``lang`` if there is more than one
    language; without it answers are in the team's first. A choice is an option id or its
    English text; several choices stand with semicolons between them. Problems name line and
    column, never what stands there.

    Raises:
        RoundRefused: no round is open, this very file was imported into it before, or another
            one was not imported to its end.
        InvalidSettings: the file is no table of this questionnaire.
        StoreUnavailable: the file or the box cannot be used. Importing the same file again
            goes on where it stopped, and nobody counts twice.
    """
    a_round = open_round(folder)
    if a_round is None:
        raise RoundRefused("No round is open. Open one first: throughline round open.")
    data = read_file(file)
    people, problems = _read_table(file.name, data, a_round.questionnaire, folder.team().languages)
    fingerprint = _fingerprint(data, a_round, cost)
    with locked(folder.imported(a_round.id)):
        before = read_file(folder.imported(a_round.id)).decode().split()
        if fingerprint in before:
            raise RoundRefused(
                f"{file.name} was imported into {a_round.id} before. Nothing was stored, so that "
                "nobody counts twice."
            )
        rows = _sealed_once(folder.importing(a_round.id), fingerprint, people, a_round)
        for row in rows:
            submit_row(row, a_round, box)
        with folder.imported(a_round.id).open("a", encoding="ascii") as done:
            done.write(f"{fingerprint}\n")
        folder.importing(a_round.id).unlink()
    imported = {"round": a_round.id, "responses": len(rows)}
    audit.append(folder.audit, audit.Event.IMPORTED, today=today, **imported)
    return len(rows), problems


def _fingerprint(data: bytes, a_round: Round, cost: Cost) -> str:
    """Return what tells that a table came before; slow, so that nobody tries all there could be.

    A plain hash of a table of a few lines would tell a thief of the disk what stood in it.
    """
    digest = hashlib.sha256(data).hexdigest()
    return derive(digest, salt=a_round.deployment, cost=cost).key.hex()


def _sealed_once(
    path: Path, fingerprint: str, people: list[Answers], a_round: Round
) -> list[bytes]:
    """Return the rows of a table, the same ones until all of them are stored.

    A row that is stored a second time is the same row. They are sorted, so that their order is
    not that of the paper.
    """
    if not path.exists():
        rows = sorted(seal(answers, a_round) for answers in people)
        write_file(path, b"".join([fingerprint.encode(), *rows]), mode=0o600)
    data = read_file(path)
    if data[: len(fingerprint)] != fingerprint.encode():
        raise RoundRefused(
            "Another table was not imported to its end. Import that one again first; nobody in "
            "it counts twice."
        )
    return [
        data[start : start + ROW_BYTES] for start in range(len(fingerprint), len(data), ROW_BYTES)
    ]


def _read_table(
    name: str, data: bytes, questionnaire: Questionnaire, languages: Sequence[str]
) -> tuple[list[Answers], list[str]]:
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        columns = [column.strip() for column in table.fieldnames or []]
    except (UnicodeDecodeError, csv.Error):
        raise InvalidSettings(name, ["It is not a CSV file in UTF-8."]) from None
    unknown = [c for c in columns if c not in questionnaire.by_id and c != "lang"]
    if unknown or not set(columns) & set(questionnaire.by_id):
        named = ", ".join(questionnaire.by_id)
        problem = f"Its first line must name questions ({named}), and lang if there are several."
        raise InvalidSettings(name, [problem])
    table.fieldnames = columns
    good: list[Answers] = []
    problems: list[str] = []
    for line, row in _lines(name, table):
        try:
            good.append(_read_line(row, questionnaire, languages))
        except InvalidAnswers as wrong:
            reasons = [f"{c} {_REASONS.get(why, why)}" for c, why in wrong.problems.items()]
            problems.append(f"Line {line}: " + "; ".join(sorted(reasons)) + ".")
    return good, problems


def _lines(
    name: str, table: csv.DictReader[str]
) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    try:
        for row in table:
            yield table.line_num, row
    except csv.Error:
        problem = f"Line {table.line_num + 1} is broken. Nothing was stored."
        raise InvalidSettings(name, [problem]) from None


def _read_line(
    row: Mapping[str | None, str | None], questionnaire: Questionnaire, languages: Sequence[str]
) -> Answers:
    if None in row or None in row.values():
        raise InvalidAnswers({"the line": "has more or fewer cells than the first line"})
    said = (row.get("lang") or "").strip().casefold()
    lang = next(
        (tag for tag in languages if tag.casefold() == said), None if said else languages[0]
    )
    if lang is None:
        raise InvalidAnswers({"lang": "is not a language of the form"})
    fields = [
        (column, choice)
        for column, cell in row.items()
        if column in questionnaire.by_id and cell
        for choice in _choices(questionnaire.by_id[column], cell)
    ]
    if not fields:
        raise InvalidAnswers({"the line": "has no answer"})
    return read_answers(fields, questionnaire, lang=lang, marks=[Mark.PAPER])


def _choices(question: Question, cell: str) -> list[str]:
    if question.kind is Kind.OPEN:
        return [cell]
    by_text = {option.text.casefold(): option.id for option in question.options}
    given = [choice.strip() for choice in cell.split(";") if choice.strip()]
    return [by_text.get(choice.casefold(), choice) for choice in given]
