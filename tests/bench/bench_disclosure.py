"""Measures what the gate costs: error, rows shown, redraws, time and memory, beside their goals.

Usage: python tests/bench/bench_disclosure.py [YRBS.csv.gz]

Error and rows are measured on real answers of US students (CDC Youth Risk Behavior Survey, public
domain), who are no survivors but skewed and correlated as people are; without a file, on the
sample that the tests use. Time is measured on the default questionnaire with invented answers.
"""

from __future__ import annotations

import datetime
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import pandas as pd

from feedback.disclosure import protect
from feedback.disclosure.derive import share
from feedback.disclosure.plan import Answer, Edition, Kind, NotFor, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release
from feedback.questionnaire import definition
from feedback.themes import codebook

SAMPLE = Path(__file__).parents[1] / "vectors" / "attack_yrbs.csv.gz"
DRAWS = 20
ERROR_GOALS = {20: 7.0, 50: 2.9, 200: 0.8}  # points, totals
TIME_GOALS = {200: 5.0, 10_000: 15.0}  # seconds, two cores
GROUPS = ("sex", "grade", "orientation")
SINGLE = {"driving": "Q15", "harm": "Q20", "partner": "Q22", "race": "Race"}
TICKS = {"forced": "Q19", "bullied": "Q23", "online": "Q24", "sad": "Q25"}
EDITION = Edition(1, "bench")


def main(path: Path) -> None:
    """Print every table."""
    measure_error(path)
    measure_time()


# ------------------------------------------------------------------ error


def measure_error(path: Path) -> None:
    """Print error, rows shown and redraws for small, middle and large releases."""
    people = read_students(path)
    plan = student_plan(people)
    print(f"{path.name}: {DRAWS} draws each; error of a share in points, mean")
    print("   n  totals (goal)  groups  totals shown  groups shown  redraws of tables")
    for count, goal in ERROR_GOALS.items():
        with Watch() as watch:
            found = [errors(people, plan, count, seed) for seed in range(DRAWS)]
        totals, groups = (np.concatenate([each[i] for each in found]) for i in (0, 1))
        shown, planned = (sum(each[i] for each in found) for i in (2, 3))
        print(
            f"{count:4}  {totals.mean():6.1f} ({goal})   {groups.mean() if len(groups) else 0:5.1f}"
            f"  {np.mean([each[4] for each in found]):11.0%}  {shown / max(planned, 1):11.0%}"
            f"  {watch.checks - watch.tables} of {watch.tables}, {watch.failed} given up"
        )


def errors(
    people: pd.DataFrame, plan: Plan, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray, int, int, float]:
    """Return errors of totals and groups, breakdowns shown and planned, and totals shown."""
    frame = people.sample(count, random_state=seed).reset_index(drop=True)
    release = close(frame, plan, seed)
    totals, groups, shown, planned, whole = [], [], 0, 0, 0
    for table in release.tables:
        whole += bool(table.everyone.counts)
        if table.question.id in plan.groups:
            continue
        planned += len(plan.groups)
        shown += len({row.group for row in table.rows if row.group and row.counts})
        for row in table.rows:
            off = list(row_errors(frame, release, table.question, row))
            (groups if row.group else totals).extend(off)
    return np.array(totals), np.array(groups), shown, planned, whole / len(release.tables)


def row_errors(
    frame: pd.DataFrame, release: Release, question: PlannedQuestion, row: Any
) -> Iterator[float]:
    """Yield how far each shown share is from the true one, in points."""
    members = range(len(frame))
    if row.group:
        members = [p for p in members if given(frame, row.group, p)[0] in row.levels]
    true = Counter(answer for p in members for answer in given(frame, question.id, p))
    table = release.table(question.id)
    for answer in row.counts:
        found = share(table, row, [answer])
        if found:
            yield 100 * abs(found.fraction - true[answer] / len(members))


def given(frame: pd.DataFrame, question: str, place: int) -> tuple[str, ...]:
    """Return what somebody answered, as the columns of the release say it."""
    cell = frame[question].iloc[place]
    if isinstance(cell, tuple):
        return cell or ("none",)
    return ("skipped",) if cell is None else (cell,)


def read_students(path: Path) -> pd.DataFrame:
    """Return students: three groups, four choices, four ticks."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    columns: dict[str, list[Any]] = {
        "sex": [name(cell) for cell in raw["Sex"]],
        "grade": [name(cell.removesuffix(".0")) for cell in raw["Grade"]],
        "orientation": [name(cell) for cell in raw["SexOrientation"]],
    }
    for question, old in SINGLE.items():
        columns[question] = [name(cell.removesuffix(".0")) for cell in raw[old]]
    marks = {question: raw[old].isin(["True", "1.0", "1"]) for question, old in TICKS.items()}
    columns["happened"] = [
        tuple(question for question in TICKS if marks[question][place]) for place in range(len(raw))
    ]
    return pd.DataFrame({k: pd.Series(cells, dtype=object) for k, cells in columns.items()})


def name(text: str) -> str | None:
    """Return an id for a label."""
    return "".join(c if c.isalnum() else "_" for c in text.lower())[:30].lstrip("_") or None


def student_plan(people: pd.DataFrame) -> Plan:
    """Return the plan for students: every answer that occurs in the file."""
    questions = []
    for question in (*GROUPS, *SINGLE):
        ids = sorted(people[question].dropna().unique())
        questions.append(
            PlannedQuestion(question, Kind.SINGLE, question, tuple(Answer(i, i) for i in ids))
        )
    ticks = tuple(Answer(each, each) for each in TICKS)
    questions.append(PlannedQuestion("happened", Kind.MULTI, "happened", ticks))
    return Plan("r", "bench", EDITION, EDITION, tuple(questions), GROUPS)


# ------------------------------------------------------------------ time


def measure_time() -> None:
    """Print seconds, redraws and memory of closing rounds of the default questionnaire."""
    plan = core_plan()
    print(f"\n{len(plan.questions)} questions, {len(plan.groups)} groups, invented answers")
    print("people  seconds (goal)  processor seconds  redraws  memory MB")
    for count in (20, 50, 200, 1000, 10_000):
        frame = invented(count, plan)
        clock, processor = time.perf_counter(), time.process_time()
        with Watch() as watch:
            close(frame, plan, 1)
        goal = f"({TIME_GOALS[count]:.0f})" if count in TIME_GOALS else ""
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count:6}  {time.perf_counter() - clock:7.1f} {goal:6}"
            f"  {time.process_time() - processor:16.1f}  {watch.checks - watch.tables:7}"
            f"  {memory:9.0f}"
        )


def core_plan() -> Plan:
    """Return the plan of the default questionnaire with two boxes of themes."""
    asked = definition.load_questionnaire()
    book = codebook.load()
    themes = tuple(Answer(each, book.label(each, "en")) for each in book.counted)
    questions = []
    for question in asked.questions:
        if question.kind is definition.Kind.OPEN:
            questions.append(PlannedQuestion(question.id, Kind.THEME, question.text, themes))
            continue
        rule = asked.skip_rule(question.id)
        questions.append(
            PlannedQuestion(
                question.id,
                Kind(question.kind.value),
                question.text,
                tuple(Answer(o.id, o.text, o.score, o.alone) for o in question.options),
                at_most=question.pick_at_most,
                not_for=NotFor(rule.question, rule.answers) if rule else None,
            )
        )
    groups = ("age", "when", "path")
    return Plan("r", "bench", EDITION, EDITION, tuple(questions), groups)


def invented(count: int, plan: Plan) -> pd.DataFrame:
    """Return people with uneven answers: some rare, some frequent, some skipped."""
    rand = np.random.default_rng(count)
    columns: dict[str, list[Any]] = {}
    for question in plan.questions:
        ids = [answer.id for answer in question.answers if not answer.alone]
        if question.kind.several:
            likely = rand.dirichlet(np.ones(len(ids))) * 1.6
            ticks = rand.random((count, len(ids))) < likely
            most = question.at_most or len(ids)
            columns[question.id] = [
                tuple(i for i, ticked in zip(ids, row, strict=True) if ticked)[:most]
                for row in ticks
            ]
            continue
        cells = [*(answer.id for answer in question.answers), None]
        likely = rand.dirichlet(np.full(len(cells), 1.5))
        columns[question.id] = [cells[i] for i in rand.choice(len(cells), count, p=likely)]
    return pd.DataFrame({k: pd.Series(cells, dtype=object) for k, cells in columns.items()})


# ------------------------------------------------------------------ both


def close(frame: pd.DataFrame, plan: Plan, seed: int) -> Release:
    """Close a round."""
    document = build_release(
        frame,
        plan,
        key=seed.to_bytes(32),
        number=1,
        previous_hash="",
        day=datetime.date(2026, 1, 1),
    )
    return Release.preview(document)


class Watch:
    """Counts, while it is open, the draws that were checked and the tables they were for."""

    def __enter__(self) -> Watch:
        self.checks = self.tables = self.failed = 0
        self._check, self._tabulate = protect.is_safe, protect.tabulate
        protect.is_safe, protect.tabulate = self._checked, self._tabled
        return self

    def __exit__(self, *_: object) -> None:
        protect.is_safe, protect.tabulate = self._check, self._tabulate
        self.failed = self.tables - self._kept

    _kept = 0

    def _checked(self, *args: Any) -> Any:
        self.checks += 1
        safe = self._check(*args)
        self._kept += safe
        return safe

    def _tabled(self, *args: Any) -> Any:
        self.tables += 1
        return self._tabulate(*args)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
