"""The pool: published numbers of several teams added up, for those who hold no answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from feedback.disclosure.derive import share
from feedback.disclosure.export import Record
from feedback.disclosure.plan import COLUMNS_AFTER, COLUMNS_BEFORE, Kind
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.disclosure.wording import NUMBER_WORDS, Status

FEWEST_TEAMS, FEWEST_PEOPLE = 5, 50
COLUMNS = (*COLUMNS_BEFORE, *COLUMNS_AFTER)
TOO_FEW = f"Not shown: fewer than {FEWEST_TEAMS} teams or {FEWEST_PEOPLE} people stand behind it."
ONE_TEAM = "Not shown: more than half of these people are of one team."

Form = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """A release that a team handed over. ``team``: who signed it, the same in each of theirs."""

    team: str
    release: Release


@dataclass(frozen=True, slots=True)
class _Part:
    """What one release says of everyone to one question."""

    team: str
    release: Release
    table: ReleaseTable

    @property
    def row(self) -> ReleaseRow:
        return self.table.everyone

    @property
    def form(self) -> Form:
        """Return what must be the same before numbers may be added up: question and answers."""
        plan, question = self.release.plan, self.table.question
        asked = plan.codebook if question.kind is Kind.THEME else plan.questionnaire
        version = (asked.id, asked.version, asked.digest if question.kind is Kind.THEME else "")
        answers = tuple((answer.id, answer.text, answer.score) for answer in question.columns)
        return (question.kind, question.text, version, answers)


def pool_rows(handed: Sequence[Handed]) -> list[Record]:
    """Return the rows of everyone added up, in the columns of the long export without groups.

    Only what was asked in the same words with the same answers is added up; where teams differ,
    what most of them asked. A number is left empty when too few teams or people stand behind
    it, or when more than half of the people are of one team.
    """
    questions = dict.fromkeys(t.question.id for each in handed for t in each.release.tables)
    return [record for question in questions for record in _question_rows(question, handed)]


def rule(handed: Sequence[Handed]) -> str:
    """Return how the numbers were made, as it stands in every file."""
    steps = sorted({each.release.plan.limits.base for each in handed})
    words = " or ".join(NUMBER_WORDS[step] for step in steps)
    return (
        "Each number is the sum of numbers that teams had published, and each team had rounded "
        f"its own to {words} at random, so they may not add up."
    )


def _question_rows(question: str, handed: Sequence[Handed]) -> list[Record]:
    asked = [
        _Part(each.team, each.release, table)
        for each in handed
        for table in each.release.tables
        if table.question.id == question
    ]
    form = max({part.form for part in asked}, key=lambda form: _most(form, asked))
    # A number of a sample stands for more people than it counts; others count everybody.
    parts = [part for part in asked if part.form == form and not part.table.sample]
    shown = [part for part in parts if part.row.counts]
    note = _origin(handed, shown, differing=len(asked) - len(parts))
    common: Record = {
        "release": "pool",
        "round": " + ".join(sorted({each.release.round for each in handed})),
        "question": question,
        "kind": str(asked[0].table.question.kind),
    }
    status, why = _whole(shown)
    if status is not Status.SHOWN:
        hidden = {"count": None, "base": None, "low": None, "high": None, "share": ""}
        return [_ordered({**common, **hidden, "answer": "", "status": status, "note": why})]
    return [_ordered({**common, **cell}) for cell in _cells(shown, note)]


def _most(form: Form, asked: Sequence[_Part]) -> tuple[int, int, str]:
    """Return by what one way of asking goes before another: teams, people, and then anything."""
    parts = [part for part in asked if part.form == form]
    people = sum(part.row.base or 0 for part in parts)
    return (len({part.team for part in parts}), people, str(form))


def _whole(shown: Sequence[_Part]) -> tuple[Status, str]:
    people = sum(part.row.base or 0 for part in shown)
    if len({part.team for part in shown}) < FEWEST_TEAMS or people < FEWEST_PEOPLE:
        return Status.TOO_FEW, TOO_FEW
    if _is_one_teams(shown, [part.row.base or 0 for part in shown]):
        return Status.PROTECTED, ONE_TEAM
    return Status.SHOWN, ""


def _cells(shown: Sequence[_Part], note: str) -> Iterable[Record]:
    """Yield the size of the row and then each answer."""
    first = shown[0].table
    answers = [answer.id for answer in first.question.columns]
    sums = {answer: sum(part.row.counts[answer] for part in shown) for answer in answers}
    sizes = [part.row.base or 0 for part in shown]
    everyone = replace(
        first.everyone,
        base=sum(sizes),
        counts=MappingProxyType(sums),
        step=max(part.row.step for part in shown),
    )
    yield _cell(shown, sizes, everyone, "", "", note)
    table = replace(first, rows=(everyone,))
    for answer in answers:
        counts = [part.row.counts[answer] for part in shown]
        found = share(table, everyone, (answer,))
        text = found.text if found else ""
        if _is_one_teams(shown, counts):
            hidden = {"count": None, "low": None, "high": None, "share": ""}
            status = {"status": Status.PROTECTED, "note": ONE_TEAM}
            yield {**hidden, **status, "answer": answer, "base": everyone.base}
        else:
            yield _cell(shown, counts, everyone, answer, text, "")


def _cell(
    shown: Sequence[_Part],
    counts: Sequence[int],
    row: ReleaseRow,
    answer: str,
    text: str,
    note: str,
) -> Record:
    near = [part.row.near for part in shown]
    return {
        "answer": answer,
        "count": sum(counts),
        "base": row.base,
        "share": text,
        "low": sum(max(0, n - off) for n, off in zip(counts, near, strict=True)),
        "high": sum(n + off for n, off in zip(counts, near, strict=True)),
        "status": Status.SHOWN,
        "note": note,
    }


def _is_one_teams(shown: Sequence[_Part], counts: Sequence[int]) -> bool:
    """Return whether more than half of these people are of one team."""
    by_team: dict[str, int] = {}
    for part, count in zip(shown, counts, strict=True):
        by_team[part.team] = by_team.get(part.team, 0) + count
    return 2 * max(by_team.values()) > sum(counts)


def _origin(handed: Sequence[Handed], shown: Sequence[_Part], *, differing: int) -> str:
    teams = len({part.team for part in shown})
    hashes = ", ".join(part.release.hash[:12] for part in shown)
    others = (
        f" {differing} more asked it in another way, or counted a sample, and are not in it."
        if differing
        else ""
    )
    return f"{len(shown)} releases of {teams} teams ({hashes}).{others} {rule(handed)}"


def _ordered(record: Record) -> Record:
    return {name: record[name] for name in COLUMNS}
