"""What a stranger can recompute: whether a document's numbers follow from its own plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from feedback.disclosure.plan import THEME_GROUPS_FROM, Kind, Plan, PlannedQuestion
from feedback.errors import InvalidSettings

Part = Mapping[str, Any]
Sizes = dict[tuple[str, ...], int]

_SHOWN = ("shown", "merged")
MOST_PEOPLE = 10_000_000  # more than live where one team works; a number of any length is none

# Everything that a document may hold. Whatever stands beside it no rule looks at.
_DOCUMENT = {
    *("format", "number", "round", "date", "previous", "plan", "plan_hash", "method", "attack"),
    *("protected", "tables", "hash", "signature"),
}
_PLAN = {field.name for field in fields(Plan)}
_TABLE = {"question", "kind", "note", "rows", "sample"}
_ROW = {"group", "levels", "label", "base", "answers", "status", "note"}


def number_problems(document: Part) -> list[str]:
    """Return a sentence for everything in a release document that its plan does not allow."""
    try:
        plan = Plan.from_dict(document["plan"])
        return list(_problems(document, plan))
    except (InvalidSettings, KeyError, TypeError, ValueError, AttributeError, IndexError):
        return ["it is damaged and cannot be read."]


def _problems(document: Part, plan: Plan) -> Iterator[str]:
    if document["plan_hash"] != plan.plan_hash() or document["round"] != plan.round:
        yield "its plan is not the one it was made by."
    if not _holds_nothing_else(document):
        yield "it holds more than a release does."
    tables = {table["question"]: table["rows"] for table in document["tables"]}
    samples = {table["question"]: table.get("sample", 0) for table in document["tables"]}
    planned = [question.id for question in plan.questions]
    if [table["question"] for table in document["tables"]] != planned:
        yield "its tables are not the planned questions."
        return
    sizes: Sizes = {}
    for question in plan.questions:
        rows, sample = tables[question.id], samples[question.id]
        yield from _broken(_sample_rules(rows, sample, question, plan))
        for row in rows:
            rules = _row_rules(row, question, plan, {} if sample else sizes)
            yield from (f"{question.id}, {row['label']}: {text}." for text in _broken(rules))
        rules = _table_rules(rows, question, plan)
        yield from (f"{question.id}: {text}." for text in _broken(rules))
    for group in plan.groups:
        rules = _size_rules(group, tables[group][0]["answers"], sizes)
        yield from (f"{group}: {text}." for text in _broken(rules))


def _holds_nothing_else(document: Part) -> bool:
    whole = document.keys() <= _DOCUMENT and document["plan"].keys() <= _PLAN
    return whole and all(
        table.keys() <= _TABLE and all(row.keys() <= _ROW for row in table["rows"])
        for table in document["tables"]
    )


def _broken(rules: Iterable[tuple[bool, str]]) -> list[str]:
    return [text for holds, text in rules if not holds]


def _row_rules(
    row: Part, question: PlannedQuestion, plan: Plan, sizes: Sizes
) -> Iterator[tuple[bool, str]]:
    """Yield what must hold in one row, and that its size is the same in every table."""
    base, counts, size = plan.limits.base, row["answers"], row["base"]
    numbers, columns = list(counts.values()), {answer.id for answer in question.columns}
    yield set(counts) == columns or not counts, "shows other answers than planned"
    yield (row["status"] in _SHOWN) == bool(counts), "has a status that does not fit"
    if size is None:
        yield not counts, "shows numbers without a size"
        return
    key = (row["group"], *row["levels"])
    yield sizes.setdefault(key, size) == size, "has another size than elsewhere in the release"
    multiples = all(type(n) is int and n % base == 0 for n in (size, *numbers))
    yield multiples, f"holds a number that is not a multiple of {base}"
    yield size + base > plan.limits.k, f"holds fewer than {plan.limits.k} people"
    yield size < MOST_PEOPLE, "holds more people than there can be"
    yield all(0 <= count <= size for count in numbers), "holds more people than the row"
    adds_up = question.kind.several or not counts or _may_add_up(numbers, size, base)
    yield adds_up, "the answers cannot add up to the row"


def _sample_rules(
    rows: list[Part], sample: object, question: PlannedQuestion, plan: Plan
) -> Iterator[tuple[bool, str]]:
    """Yield that a random sample is the planned one, and stands alone."""
    if sample == 0:
        return
    fits = question.kind is Kind.THEME and sample == plan.sample and rows[0]["base"] == sample
    yield fits, f"{question.id}: its random sample is not the planned one."
    yield all(not row["answers"] for row in rows[1:]), f"{question.id}: a sample is broken down."


def _table_rules(
    rows: list[Part], question: PlannedQuestion, plan: Plan
) -> Iterator[tuple[bool, str]]:
    """Yield what must hold between the rows: each group shares everybody out."""
    everyone, base, fewest = rows[0], plan.limits.base, plan.limits.k_groups
    if question.kind is Kind.THEME:
        fewest = max(fewest, THEME_GROUPS_FROM)
    groups = () if question.id in plan.groups else plan.groups
    yield (everyone["group"], everyone["levels"]) == ("", []), "the first row is not everyone"
    yield {row["group"] for row in rows[1:]} == set(groups), "the rows are not the planned groups"
    for group in groups:
        parts = [row for row in rows[1:] if row["group"] == group]
        if len(parts) == 1 and parts[0]["base"] is None:
            continue
        levels = sorted(level for row in parts for level in row["levels"])
        planned = sorted(answer.id for answer in plan.question(group).columns)
        full = all(row["answers"] and row["base"] is not None for row in parts)
        whole = levels == planned and len(parts) >= 2 and full
        yield whole, f"{group}: the rows do not share everybody out"
        yield everyone["base"] + base > fewest, f"{group}: too few people are broken down"
        yield (
            whole and _parts_add_up(everyone, parts, base),
            f"{group}: the rows cannot add up to everyone",
        )


def _size_rules(group: str, counts: Part, sizes: Sizes) -> Iterator[tuple[bool, str]]:
    """Yield that the row of one level has the size that stands in the group's own table."""
    for (name, *levels), size in sizes.items():
        if name == group and len(levels) == 1:
            same = counts.get(levels[0], size) == size
            yield same, f"the row {levels[0]} has another size than its number here"


def _parts_add_up(everyone: Part, rows: list[Part], base: int) -> bool:
    return _may_add_up([row["base"] for row in rows], everyone["base"], base) and all(
        _may_add_up([row["answers"][answer] for row in rows], total, base)
        for answer, total in everyone["answers"].items()
    )


def _may_add_up(parts: list[int], total: int, base: int) -> bool:
    """Return whether true counts, each less than a base away, can add up."""
    least = sum(max(0, part - base + 1) for part in parts)
    most = sum(part + base - 1 for part in parts)
    return least < total + base and most > total - base
