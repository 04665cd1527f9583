"""The release: the one document that is made from people, and the frozen view that others read."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from feedback.disclosure import wording
from feedback.disclosure.ledger import release_hash
from feedback.disclosure.plan import IN_SAMPLE, Kind, Plan, PlannedQuestion
from feedback.disclosure.protect import Closing, Dice, Protected, protect
from feedback.disclosure.tables import EVERYONE, Flags, Row, read_picks
from feedback.disclosure.wording import Status
from feedback.errors import LedgerBroken, ReleaseRefused

FORMAT = 1
SHORTEST_KEY = 16  # bytes
WORKERS = 2  # threads


def build_release(
    frame: pd.DataFrame, plan: Plan, *, key: bytes, number: int, previous_hash: str, day: date
) -> dict[str, Any]:
    """Return the unsigned document of one round; the same people give the same document.

    ``frame``: row = person, column = planned question, holding an answer id (single, scale;
    nothing = skipped) or a tuple of ids (multi, theme). A theme question without a column is
    not shown, because people's words have not been read. When more people answered than the plan's
    sample, the column ``IN_SAMPLE`` says whose words were drawn to be read, and themes are counted
    among them alone. ``key``: the team's secret release key.
    ``previous_hash``: of release ``number`` - 1, empty for the first. ``day``: of publication.

    Raises:
        ReleaseRefused: when fewer than k people have answered; the round then stays open.
        InvalidAnswers: when a column is missing or holds what the plan does not know.
    """
    if number < 1 or (number == 1) != (not previous_hash) or len(key) < SHORTEST_KEY:
        raise ReleaseRefused("A release needs the team's key, its number and the one before it.")
    if len(frame) < plan.limits.k:
        raise ReleaseRefused(wording.too_few_people(plan))
    closing = Closing(plan, Dice(key, plan.round, plan.limits.base), read_picks(frame, plan))
    drawn = _drawn(frame, plan)

    def protected_table(question: PlannedQuestion) -> dict[str, Any]:
        if question.id not in closing.picks:
            return _unread(question, closing)
        if question.kind is Kind.THEME and drawn is not None:
            return _sampled(question, closing, drawn)
        return _table(protect(question, closing), closing)

    # The solver works outside Python's lock, and questions do not depend on each other.
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        tables = list(pool.map(protected_table, plan.questions))
    return {
        "format": FORMAT,
        "number": number,
        "round": plan.round,
        "date": day.isoformat(),
        "previous": previous_hash,
        "plan": plan.to_dict(),
        "plan_hash": plan.plan_hash(),
        "method": wording.method(plan),
        "attack": wording.attack_report(plan),
        "protected": wording.protections(
            (plan.question(table["question"]).text, row["status"], row["label"], row["note"])
            for table in tables
            for row in table["rows"]
        ),
        "tables": tables,
    }


def _table(protected: Protected, closing: Closing) -> dict[str, Any]:
    plan, question = closing.plan, protected.question
    forms_groups = question.id in plan.groups
    columns = [answer.id for answer in question.columns]
    rows = [
        _row(row, closing, dict(zip(columns, counts, strict=True)))
        for row, counts in zip(protected.rows, protected.counts, strict=True)
    ] or [_hidden(closing, too_few=protected.too_few)]
    shown = {row["group"] for row in rows}
    for group in plan.groups:
        if group not in shown and not forms_groups:
            status = Status.PROTECTED if group in protected.withheld else Status.TOO_FEW
            rows.append(_missing(group, status, plan))
    return {
        "question": question.id,
        "kind": str(question.kind),
        "note": wording.FORMS_GROUPS if forms_groups else "",
        "rows": rows,
    }


def _drawn(frame: pd.DataFrame, plan: Plan) -> Flags | None:
    """Return whose words were read, when the plan asks for a sample; sizes alone decide."""
    wanted = plan.sample if 0 < plan.sample < len(frame) else 0
    named = IN_SAMPLE in frame.columns
    given: Flags = np.array(frame[IN_SAMPLE] if named else [], dtype=np.bool_)
    if given.sum() != wanted:
        raise ReleaseRefused("The people whose words were read are not the plan's random sample.")
    return given if wanted else None


def _sampled(question: PlannedQuestion, closing: Closing, drawn: Flags) -> dict[str, Any]:
    """Return a table of the people who were drawn, as of a round of their own.

    It has the row of everyone only: the sizes of groups within the sample, beside those in the
    round, could tell to which group the others belong.
    """
    plan = closing.plan
    among = Closing(
        replace(plan, groups=()),
        replace(closing.dice, round=f"{plan.round} sample"),
        {name: picks[drawn] for name, picks in closing.picks.items()},
    )
    table = _table(protect(question, among), among)
    missing = (_missing(group, Status.TOO_FEW, plan) for group in plan.groups)
    rows = [*table["rows"], *({**row, "note": wording.SAMPLE_ALONE} for row in missing)]
    return {**table, "rows": rows, "note": wording.sampled(plan), "sample": plan.sample}


def _unread(question: PlannedQuestion, closing: Closing) -> dict[str, Any]:
    table = _table(Protected(question, withheld=closing.plan.groups), closing)
    rows = [{**row, "note": wording.NOT_READ} for row in table["rows"]]
    return {**table, "rows": rows}


def _row(row: Row, closing: Closing, counts: dict[str, int]) -> dict[str, Any]:
    status, note = (Status.MERGED, wording.MERGED) if row.merged else (Status.SHOWN, "")
    return {
        "group": row.group,
        "levels": list(row.levels),
        "label": wording.row_label(row, closing.plan),
        "base": closing.size(row),
        "answers": counts,
        "status": str(status),
        "note": note,
    }


def _hidden(closing: Closing, *, too_few: bool) -> dict[str, Any]:
    status, note = Status.PROTECTED, wording.NOT_SHOWN
    if too_few:
        status, note = Status.TOO_FEW, wording.too_few_asked(closing.plan)
    return {**_row(EVERYONE, closing, {}), "status": str(status), "note": note}


def _missing(group: str, status: Status, plan: Plan) -> dict[str, Any]:
    return {
        "group": group,
        "levels": [],
        "label": wording.NOT_BROKEN_DOWN,
        "base": None,
        "answers": {},
        "status": str(status),
        "note": wording.not_broken_down(group, status, plan),
    }


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """Published numbers of one row. ``near``: how far each may be from the true one, in people.

    ``step``: to which multiples they are rounded. ``group`` empty = everyone. ``base`` is None and
    ``counts`` empty where nothing is shown; ``note`` then says why.
    """

    group: str
    levels: tuple[str, ...]
    label: str
    base: int | None
    counts: Mapping[str, int]
    status: Status
    note: str
    near: int
    step: int = 5


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """The published rows of one question; the first row is everyone.

    ``sample``: how many people were drawn to be counted; 0 = all were.
    """

    question: PlannedQuestion
    rows: tuple[ReleaseRow, ...]
    note: str = ""
    sample: int = 0

    @property
    def everyone(self) -> ReleaseRow:
        """Return the row of all people in the release."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Release:
    """What charts, exports, packet and board accept: made from a document, never from people."""

    number: int
    round: str
    day: date
    hash: str
    plan: Plan
    method: tuple[str, ...]
    attack: tuple[str, ...]
    protected: tuple[str, ...]
    tables: tuple[ReleaseTable, ...]
    draft: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Release:
        """Read a published document. Raises LedgerBroken when it is changed or not signed."""
        if not document.get("signature") or document.get("hash") != release_hash(document):
            raise LedgerBroken(f"Release {document.get('number')} was changed or is not signed.")
        return cls._read(document, draft=False)

    @classmethod
    def preview(cls, document: Mapping[str, Any]) -> Release:
        """Read an unsigned document for the people who approve it."""
        return cls._read(document, draft=True)

    @classmethod
    def _read(cls, document: Mapping[str, Any], *, draft: bool) -> Release:
        plan = Plan.from_dict(document["plan"])
        if type(document["number"]) is not int:
            raise LedgerBroken("A release has no number.")
        return cls(
            number=document["number"],
            round=document["round"],
            day=date.fromisoformat(document["date"]),
            hash=release_hash(document),
            plan=plan,
            method=tuple(document["method"]),
            attack=tuple(document["attack"]),
            protected=tuple(document["protected"]),
            tables=tuple(_read_table(table, plan) for table in document["tables"]),
            draft=draft,
        )

    def table(self, question_id: str) -> ReleaseTable:
        """Return the table of a question. Raises KeyError when it was not planned."""
        for table in self.tables:
            if table.question.id == question_id:
                return table
        raise KeyError(question_id)


def _read_table(table: Mapping[str, Any], plan: Plan) -> ReleaseTable:
    question = plan.question(table["question"])
    rows = tuple(_read_row(row, question, plan.limits.base) for row in table["rows"])
    return ReleaseTable(question, rows, table["note"], table.get("sample", 0))


def _read_row(row: Mapping[str, Any], question: PlannedQuestion, base: int) -> ReleaseRow:
    answers = row["answers"]
    ordered = {answer.id: answers[answer.id] for answer in question.columns} if answers else {}
    return ReleaseRow(
        group=row["group"],
        levels=tuple(row["levels"]),
        label=row["label"],
        base=row["base"],
        counts=MappingProxyType(ordered),
        status=Status(row["status"]),
        note=row["note"],
        near=base - 1,
        step=base,
    )
