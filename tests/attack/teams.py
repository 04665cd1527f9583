"""People for the attacker to attack: invented, skewed, real; and two ways to publish them.

``publish`` is the product; ``publish_naively`` is what many dashboards do.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from feedback import publishing
from feedback.demonstration.people import invent
from feedback.disclosure.export import csv_text
from feedback.disclosure.plan import Answer, Edition, Kind, Limits, Plan, PlannedQuestion
from feedback.disclosure.release import Release, build_release
from feedback.questionnaire.answers import Answers, applied
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.settings import read_team
from feedback.themes.codebook import load
from tests.attack.attacker import Asked, Finding, Knowledge, read

DAY = date(2026, 10, 5)
VECTORS = Path(__file__).parents[1] / "vectors"
YRBS_GROUPS = {"sex": "Sex", "grade": "Grade", "race": "Race"}
YRBS_SINGLE = {"driving": "Q15", "harm": "Q20", "partner": "Q22", "orientation": "SexOrientation"}
YRBS_TICKED = {"forced": "Q19", "bullied": "Q23", "online": "Q24", "sad": "Q25"}
RACES = ("White", "Black or African American", "Multiple-Hispanic", "Hispanic/Latino", "")
TEAM = 'name = "Cedar County team"\nleave = "https://www.example.org/"\n'


@dataclass
class Case:
    """People who answered, the plan by which they are published, and what everybody can read."""

    frame: pd.DataFrame = field(repr=False)
    plan: Plan = field(repr=False)
    asked: Mapping[str, Asked] = field(default_factory=dict, repr=False)

    def known(self, accomplices: Iterable[int] = (), *, base: int = 0) -> Knowledge:
        """Return what the strong attacker knows; accomplices (places) say all they answered.

        ``base``: 1 where exact numbers are published, else the plan's.
        """
        return Knowledge(
            people=pd.DataFrame(
                {group: self._texts(group) for group in self.plan.groups}, index=self.frame.index
            ),
            asked=self.asked,
            base=base or self.plan.limits.base,
            accomplices={
                place: {q.id: self.given(place, q.id) for q in self.plan.questions}
                for place in accomplices
            },
        )

    def given(self, place: int, question: str) -> tuple[str, ...]:
        """Return what somebody answered, as the columns of the release say it."""
        cell = self.frame[question].iloc[place]
        if isinstance(cell, tuple):
            return cell or ("none",)
        return ("skipped",) if cell is None else (cell,)

    def is_true(self, finding: Finding) -> bool:
        """Say whether what the attacker found is so."""
        return all(
            (finding.answer in self.given(person, finding.question)) == finding.certain
            for person in finding.people
        )

    def document(self, *, key: int = 1, number: int = 1, day: date = DAY) -> dict[str, Any]:
        """Return the release document that the gate makes."""
        return build_release(
            self.frame,
            self.plan,
            key=key.to_bytes(32),
            number=number,
            previous_hash="0" * 64 if number > 1 else "",
            day=day,
        )

    def publish(self, *, key: int = 1) -> pd.DataFrame:
        """Return the exported file of the release, read."""
        return read(csv_text(Release.preview(self.document(key=key))))

    def publish_naively(self) -> pd.DataFrame:
        """Return the file of a plain dashboard: exact numbers, below 5 hidden."""
        return read(naive_csv(self.frame, self.plan))

    def _texts(self, group: str) -> list[str]:
        texts = {answer.id: answer.text for answer in self.plan.question(group).columns}
        return [texts[self.given(place, group)[0]] for place in range(len(self.frame))]


def naive_csv(frame: pd.DataFrame, plan: Plan) -> str:
    """Return what "we hide everything below 5" publishes, in the columns of the export."""
    people = Case(frame, plan)
    out = io.StringIO()
    columns = ["release", "round", "question", "answer", "kind", *plan.groups]
    columns += ["count", "base", "share", "low", "high", "status", "note"]
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    for question in plan.questions:
        for group in ("", *plan.groups):
            labels = people._texts(group) if group else [""] * len(frame)
            for label in dict.fromkeys(labels):
                places = [place for place, each in enumerate(labels) if each == label]
                if len(places) < 5 or group == question.id:
                    continue
                given = [people.given(place, question.id) for place in places]
                cell = {"question": question.id, "kind": str(question.kind), "base": len(places)}
                cell |= {group: label} if group else {}
                writer.writerow({**cell, "answer": "", "count": len(places)})
                for answer in question.columns:
                    count = sum(answer.id in each for each in given)
                    shown = "" if 0 < count < 5 else count
                    writer.writerow({**cell, "answer": answer.id, "count": shown})
    return out.getvalue()


# ------------------------------------------------------------------ small teams


def team(
    groups: Mapping[str, Sequence[str | None]],
    answers: Mapping[str, Sequence[Any]],
    *,
    options: Mapping[str, Sequence[str]] | None = None,
    limits: Limits | None = None,
) -> Case:
    """Return a team from columns; a tuple in a column makes it a question with several answers.

    ``options`` names answers that nobody gave; the others are found in the columns.
    """
    frame = pd.DataFrame(
        {
            name: pd.Series(list(cells), dtype=object)
            for name, cells in {**groups, **answers}.items()
        }
    )
    planned = []
    for name in frame.columns:
        several = any(isinstance(cell, tuple) for cell in frame[name])
        seen = {a for c in frame[name] if c is not None for a in (c if several else (c,))}
        ids = [*dict.fromkeys([*(options or {}).get(name, ()), *sorted(seen)])]
        texts = tuple(Answer(each, f"{name} {each}") for each in ids)
        kind = Kind.MULTI if several else Kind.SINGLE
        planned.append(PlannedQuestion(name, kind, f"{name}?", texts))
    edition = Edition(1, digest="0" * 64)
    plan = Plan(
        round="2026-Q3",
        team="Cedar County team",
        questionnaire=edition,
        codebook=edition,
        questions=tuple(planned),
        groups=tuple(groups),
        limits=limits or Limits(),
    )
    return Case(frame, plan)


def skewed(count: int, seed: int) -> Case:
    """Return invented people with what hurts: small groups, rare and near-unanimous answers."""
    rand = random.Random(f"skewed {seed}")
    age = rand.choices(("13_15", "16_17", "18_24"), (10, 25, 65), k=count)
    sex = rand.choices(("f", "m", "x"), (80, 17, 3), k=count)
    said = [rand.choices("abcde", (85, 8, 4, 2, 1))[0] for _ in age]
    safe = [("no" if a == "13_15" else "yes") if rand.random() > 0.04 else None for a in age]
    helped = [tuple(o for o in "uvw" if rand.random() < (0.9 if o == "u" else 0.06)) for _ in age]
    options = {"said": "abcde", "safe": ("yes", "no"), "helped": "uvw"}
    answers = {"said": said, "safe": safe, "helped": helped}
    return team({"age": age, "sex": sex}, answers, options=options)


def yrbs(count: int, seed: int) -> Case:
    """Return people drawn from the real answers of US students (CDC, public domain)."""
    with gzip.open(VECTORS / "attack_yrbs.csv.gz", "rt", encoding="utf-8") as file:
        everyone = list(csv.DictReader(file))
    drawn = random.Random(f"yrbs {seed}").sample(everyone, count)
    groups: dict[str, list[str | None]] = {
        "sex": [_id(p["Sex"]) for p in drawn],
        "grade": [_id(p["Grade"]) for p in drawn],
        "race": [_id(p["Race"] if p["Race"] in RACES else "Other") for p in drawn],
    }
    single = {name: [_id(p[old]) for p in drawn] for name, old in YRBS_SINGLE.items()}
    ticked = [tuple(n for n, old in YRBS_TICKED.items() if p[old] == "True") for p in drawn]
    options = {
        name: sorted({_id(p[old]) or "" for p in everyone} - {""})
        for name, old in (YRBS_GROUPS | YRBS_SINGLE).items()
        if name != "race"
    }
    options |= {"happened": tuple(YRBS_TICKED)}
    return team(groups, {**single, "happened": ticked}, options=options)


def _id(text: str) -> str | None:
    return "".join(c if c.isalnum() else "_" for c in text.lower())[:30] or None


# ------------------------------------------------------------------ the demonstration's people


def core(count: int, seed: int, chapter: int = 0) -> Case:
    """Return the demonstration's people, who answer the questionnaire that teams start with."""
    questionnaire = load_questionnaire()
    plan = publishing.make_plan(read_team(TEAM), "2026-Q3", questionnaire, load())
    people = list(invent(count, seed=seed, chapter=chapter))
    columns: dict[str, list[Any]] = {q.id: [] for q in questionnaire.questions}
    for person in people:
        picks: dict[str, tuple[str, ...]] = {}
        for name, value in person.fields:
            picks[name] = (*picks.get(name, ()), value)
        closed = {n: p for n, p in picks.items() if questionnaire.by_id[n].option_ids}
        picked = applied(Answers(person.lang, closed, {}, frozenset()), questionnaire)
        for question in plan.questions:
            given = picked.get(question.id, ())
            if question.kind is Kind.THEME:
                columns[question.id].append(tuple(person.themes.get(question.id, ())))
            else:
                several = question.kind is Kind.MULTI
                columns[question.id].append(given if several else next(iter(given), None))
    frame = pd.DataFrame({n: pd.Series(cells, dtype=object) for n, cells in columns.items()})
    return Case(frame, plan, public_rules(questionnaire, plan))


def public_rules(questionnaire: Questionnaire, plan: Plan) -> dict[str, Asked]:
    """Return what everybody can read in the questionnaire: picks, lonely answers, skipped parts."""
    texts = {q.id: {a.id: a.text for a in q.columns} for q in plan.questions}
    rules = {}
    for question in questionnaire.questions:
        skip = questionnaire.skip_rule(question.id)
        rules[question.id] = Asked(
            alone=frozenset(option.id for option in question.options if option.alone),
            at_most=question.pick_at_most,
            not_for=skip
            and (skip.question, frozenset(texts[skip.question][a] for a in skip.answers)),
        )
    return rules
