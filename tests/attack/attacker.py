"""The attacker: from a published file and a list of who took part to what somebody must have said.

Knows who took part and the answers of all of them to the questions that form groups (so the
size of every combination), the published rules, the questionnaire, and what accomplices say of
themselves. Reads nothing but exported files. Shares no code with the gate.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tests.attack.worlds_of import Puzzle, Verdict, solve

TOGETHER = "Other groups together"
Given = tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What everybody can read of one question in the questionnaire.

    ``alone``: answers that exclude all others (in a multi choice). ``at_most``: picks.
    ``not_for``: after these answers to a grouping question (question, answers) it is not asked,
    and counts as ``not_asked``.
    """

    alone: frozenset[str] = frozenset()
    at_most: int | None = None
    not_for: tuple[str, frozenset[str]] | None = None
    not_asked: str = "does_not_apply"


@dataclass(frozen=True)
class Knowledge:
    """What the attacker knows beside the published file.

    ``people``: one row a person, one column a grouping question, holding the text of the answer
    as published. ``asked``: the questionnaire. ``base``: the step of rounding. ``accomplices``:
    what some people (by place in ``people``) say they answered, by question.
    """

    people: pd.DataFrame
    asked: Mapping[str, Asked] = field(default_factory=dict)
    base: int = 5
    accomplices: Mapping[int, Mapping[str, Given]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=lambda: {"skipped": "No answer"})

    def before(self, person: int, question: str, asked: Asked) -> Given | None:
        """Return what the attacker knew of somebody's answer before anything was published."""
        if person in self.accomplices:
            return self.accomplices[person][question]
        if asked.not_for and asked.not_for[0] in self.people.columns:
            group, answers = asked.not_for
            if self.people[group].iloc[person] in answers:
                return (asked.not_asked,)
        return None

    def without(self, *groups: str) -> Knowledge:
        """Return what somebody knows who does not know these answers of people."""
        return replace(self, people=self.people.drop(columns=list(groups)))


@dataclass(frozen=True)
class Finding:
    """Something that holds in every possible world: these people gave an answer, or did not."""

    question: str
    answer: str
    certain: bool
    people: tuple[int, ...]

    def __str__(self) -> str:
        who = ", ".join(str(person) for person in self.people[:8])
        return f"{self.question}: {'all' if self.certain else 'none'} of [{who}] {self.answer}"


@dataclass
class Score:
    """What share of people, averaged over questions, is found out."""

    certain: float
    excluded: float
    pairs: int

    def __str__(self) -> str:
        return f"certain {self.certain:.1%}, excluded {self.excluded:.1%} of {self.pairs}"


# ------------------------------------------------------------------ reading


def read(source: str | Path) -> pd.DataFrame:
    """Read an exported file, or the text of one; the columns are the same in each format."""
    if isinstance(source, str):
        return _tidy(pd.read_csv(io.StringIO(source), dtype=str, keep_default_na=False))
    if source.suffix == ".json":
        data = json.loads(source.read_text("utf-8"))
        return _tidy(pd.DataFrame(data["rows"], columns=data["columns"]))
    if source.suffix == ".xlsx":
        return _tidy(pd.read_excel(source, sheet_name="Release", dtype=str))
    return _tidy(pd.read_csv(source, dtype=str, keep_default_na=False))


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    table = table.astype(object).where(table.notna(), "")
    table = table.apply(lambda column: column.astype(str).str.removesuffix(".0"))
    for name in ("count", "base", "low", "high"):
        table[name] = pd.to_numeric(table[name])
    return table.astype({name: str for name in table.columns if table[name].dtype == object})


def group_columns(table: pd.DataFrame) -> list[str]:
    """Return the names of the grouping questions: the columns between the fixed ones."""
    names = list(table.columns)
    return names[names.index("kind") + 1 : names.index("count")]


# ------------------------------------------------------------------ attacking


def attack(table: pd.DataFrame, known: Knowledge, only: Sequence[str] = ()) -> list[Finding]:
    """Return everything that the published numbers give away about single people."""
    return attack_bounded(allowed(table, known), known, only)


def attack_bounded(
    table: pd.DataFrame, known: Knowledge, only: Sequence[str] = ()
) -> list[Finding]:
    """Return the same for a table whose ``low`` and ``high`` say what each number stands for."""
    found: list[Finding] = []
    for question, part in table.groupby("question", sort=False):
        if question in known.people.columns or (only and question not in only):
            continue  # the attacker knows these answers already
        posed = pose(str(question), part, known)
        if posed is not None:
            puzzle, members, answers = posed
            verdict = solve(puzzle).beyond(puzzle)
            found += _findings(str(question), verdict, members, answers)
    return found


def score(table: pd.DataFrame, known: Knowledge, only: Sequence[str] = ()) -> Score:
    """Return the shares of people and questions of which an answer is certain or excluded."""
    return score_of(attack(table, known, only), table, known, only)


def score_of(
    found: Sequence[Finding], table: pd.DataFrame, known: Knowledge, only: Sequence[str] = ()
) -> Score:
    """Return the shares for findings that were made from this table."""
    shown = table[table["count"].notna() & (table["answer"] != "")]["question"].unique()
    questions = [q for q in shown if q not in known.people.columns and (not only or q in only)]
    pairs = len(questions) * (len(known.people) - len(known.accomplices))
    hit = {
        kind: {(f.question, person) for f in found if f.certain == kind for person in f.people}
        for kind in (True, False)
    }
    return Score(len(hit[True]) / max(pairs, 1), len(hit[False]) / max(pairs, 1), pairs)


def _findings(
    question: str, verdict: Verdict, members: list[tuple[int, ...]], answers: list[str]
) -> Iterator[Finding]:
    for certain, cells in ((True, verdict.certain), (False, verdict.excluded)):
        for combination, answer in np.argwhere(cells):
            yield Finding(question, answers[answer], certain, members[combination])


def pose(
    question: str, part: pd.DataFrame, known: Knowledge
) -> tuple[Puzzle, list[tuple[int, ...]], list[str]] | None:
    """Return a table as a puzzle, who stands in each combination, and the answers in order."""
    rows = [row for row in _published_rows(part, known.people) if len(row.cells)]
    if not rows:
        return None
    answers = list(rows[0].cells.index)
    asked = known.asked.get(question, Asked())
    members = _combinations(question, rows, asked, known)
    sizes = np.array([len(each) for each in members])
    one = np.array([each[0] for each in members])
    inside = np.array([row.inside[one] for row in rows])
    low, high = (np.array([row.cells[end] for row in rows]) for end in ("low", "high"))
    least = np.zeros((len(members), len(answers)), dtype=int)
    most = np.repeat(sizes[:, None], len(answers), axis=1)
    for place, person in enumerate(one):
        given = known.before(int(person), question, asked)
        if given is not None:
            exact = np.array([answer in given for answer in answers]) * sizes[place]
            least[place] = most[place] = exact
    several = part["kind"].iloc[0] in ("multi", "theme")
    lonely = {"none", asked.not_asked, *asked.alone}
    alone = np.array([answer in lonely if several else True for answer in answers])
    puzzle = Puzzle(
        inside,
        low,
        np.minimum(high, (inside @ sizes)[:, None]),
        sizes,
        alone,
        least,
        most,
        asked.at_most,
    )
    return puzzle, members, answers


@dataclass
class _PublishedRow:
    inside: np.ndarray
    cells: pd.DataFrame


def _published_rows(part: pd.DataFrame, people: pd.DataFrame) -> Iterator[_PublishedRow]:
    groups = group_columns(part)
    for labels, row in part.groupby(groups, sort=False) if groups else [((), part)]:
        stands_for = {group for group, label in zip(groups, labels, strict=True) if label}
        if not stands_for <= set(people.columns):
            continue  # the attacker does not know who stands in this row
        inside = people_of_row(row.iloc[0], part, people)
        yield _PublishedRow(inside, row[row["answer"] != ""].set_index("answer"))


def people_of_row(cell: pd.Series, table: pd.DataFrame, people: pd.DataFrame) -> np.ndarray:
    """Return who stands in the row of one published number."""
    inside = np.ones(len(people), dtype=bool)
    for group in group_columns(table):
        label = cell[group]
        if label.startswith(TOGETHER):
            inside &= ~people[group].isin(set(table[group]) - {label, ""}).to_numpy()
        elif label:
            inside &= (people[group] == label).to_numpy()
    return inside


def allowed(table: pd.DataFrame, known: Knowledge) -> pd.DataFrame:
    """Return the table with what each number can stand for by the published rule.

    An empty one is hidden, which says 1 to 4; that happens only under naive hiding.
    """
    near, count = known.base - 1, table["count"]
    low, high = (count - near).clip(lower=0).fillna(1), (count + near).fillna(4)
    return table.assign(low=low, high=high)


def _combinations(
    question: str, rows: Sequence[_PublishedRow], asked: Asked, known: Knowledge
) -> list[tuple[int, ...]]:
    """Return people who are alike for the attacker; finer differences would add nothing."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for person in range(len(known.people)):
        given = known.before(person, question, asked)
        key = (*(bool(row.inside[person]) for row in rows), given)
        alike.setdefault(key, []).append(person)
    return [tuple(each) for each in alike.values()]
