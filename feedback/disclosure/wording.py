"""What a release says in words: how it was made, what it withstood, why a number is not there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum

from feedback.disclosure.plan import Plan
from feedback.disclosure.tables import Row

NUMBER_WORDS = {5: "fives", 10: "tens"}

EVERYONE_LABEL = "Everyone"
NOT_BROKEN_DOWN = "Not broken down"
MERGED = "Shown together, because some of these groups are too small."
NOT_SHOWN = "Not shown this time, to protect the people who answered."
NOT_READ = "Not shown: what people wrote had not been read when this release was made."
SAMPLE_ALONE = "Not broken down: what was read is a random sample, shown for everyone only."
FORMS_GROUPS = "Shown for everyone only, because this question forms the groups."


class Status(StrEnum):
    """Why a row looks the way it does; the words of the export's ``status`` column."""

    SHOWN = "shown"
    MERGED = "merged"
    TOO_FEW = "too_few"
    PROTECTED = "protected"


def row_label(row: Row, plan: Plan) -> str:
    """Return the name of a row in English."""
    if not row.levels:
        return EVERYONE_LABEL
    texts = {answer.id: answer.text for answer in plan.question(row.group).columns}
    names = ", ".join(texts[level] for level in row.levels)
    return f"Other groups together ({names})" if row.merged else names


def not_broken_down(group: str, status: Status, plan: Plan) -> str:
    """Return why the rows of a grouping question are missing."""
    question = plan.question(group).text
    if status is Status.PROTECTED:
        return f"Not broken down by “{question}” this time, to protect the people who answered."
    return f"Not broken down by “{question}” this time: some groups are too small."


def sampled(plan: Plan) -> str:
    """Return the mark on every table of a random sample."""
    return (
        f"From a random sample: of all the people who answered, {plan.sample} were drawn by lot, "
        "and what they wrote was read. Whether and what somebody wrote played no part in the draw."
    )


def between(low: float, high: float) -> str:
    """Return between what the share of everyone lies, in whole percent, rounded outwards."""
    least, most = math.floor(low * 100 + 1e-9), math.ceil(high * 100 - 1e-9)
    return f"Of everyone who answered, between {least} % and {most} %, in 95 of 100 samples."


def too_few_people(plan: Plan) -> str:
    """Return what people read instead of numbers while a round is below k."""
    return (
        f"Not enough answers yet: fewer than {plan.limits.k} people have answered, so the round "
        "stays open. Nobody can be picked out, and nothing is lost: these answers will be in the "
        "next release."
    )


def too_few_asked(plan: Plan) -> str:
    """Return what stands for the numbers of a question that was not for most people."""
    return f"Not enough answers yet: this was asked of fewer than {plan.limits.k} people."


def rounding_rule(plan: Plan) -> str:
    """Return the sentence that stands under every table."""
    return (
        f"Numbers are rounded to {NUMBER_WORDS[plan.limits.base]} at random, so they may not add "
        "up. Nobody's exact answer can be worked out from them."
    )


def method(plan: Plan) -> list[str]:
    """Return how the numbers were made, one sentence or two each."""
    limits = plan.limits
    sentences = [
        rounding_rule(plan),
        f"A number stands for any count less than {limits.base} above or below it; 0 stands for "
        f"0 to {limits.base - 1}.",
        f"Every row holds at least {limits.k} people. Groups that are too small are shown "
        f"together. Below {limits.k_groups} people there are no groups.",
        "Shares, averages and trends are made from these numbers and from nothing else.",
        "A round is published once and never counted again.",
    ]
    if plan.sample:
        sentences.append(
            f"When more than {plan.sample} people answer, {plan.sample} of them are drawn by lot, "
            "and what they wrote is read."
        )
    if plan.single_person:
        sentences.append("One person alone approved this release.")
    return sentences


def attack_report(plan: Plan) -> list[str]:
    """Return what the check before publishing tried and what its result means."""
    m = plan.limits.m
    return [
        "Before publishing, a program tried to find somebody out. It knew who took part, how many "
        "people share each combination of groups, every number in this release and these rules.",
        "It did not succeed: in every row and every combination of groups, and for every answer, "
        f"there may be at least {m} people who gave the answer and at least {m} who did not "
        "(all of them, where fewer people are alike).",
        "It could not know what people tell each other, and a likely guess stays possible.",
    ]


def protections(rows: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """Return each thing that was merged or left out, once, from (question, status, label, note)."""
    found: dict[str, None] = {}
    for question, status, label, note in rows:
        if status == Status.MERGED:
            found[f"{label}: {note}"] = None
        elif status == Status.PROTECTED or (status == Status.TOO_FEW and label == EVERYONE_LABEL):
            found[f"“{question}” {note}"] = None
        elif status == Status.TOO_FEW:
            found[note] = None
    return list(found)
