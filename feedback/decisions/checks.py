"""What is missing or unwise in a decision, in plain sentences; and the second person's approval."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from feedback.decisions.log import (
    Decision,
    Kind,
    PublicStatus,
    Result,
    State,
    same_person,
)
from feedback.errors import ThroughlineError

WHERE = "See where it stands, or do not propose it yet."
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{2,}|https?://|(?:\d[\s().-]*){7,}")
_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a\s+dozen|a\s+couple\s+of"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)"
)
_ONE = r"(?:one|una?o?)"
_WHO = (
    r"(?:survivors?|youths?|girls?|boys?|women|woman|men|man|teens?|teenagers?|clients?|victims?"
    r"|sobrevivientes?|jóvenes|joven|niñas?|niños?|chicas?|chicos?|mujer(?:es)?|hombres?|víctimas?)"
)
_ANY = rf"(?:people|persons?|personas?|{_WHO})"
_SAID = (
    r"(?:said|told|asked|wrote|felt|wanted|reported|answered|named"
    r"|dij\w+|pidi\w+|contó|contaron|escrib\w+|sinti\w+|respond\w+)"
)
_OF = r"(?:out\s+of|of(?:\s+the)?|in|de(?:\s+(?:las?|los|cada))?)"
_COUNT = re.compile(
    rf"\b{_NUMBER}\s+(?:young\s+)?{_WHO}\b"
    rf"|\b(?:{_NUMBER}|{_ONE})\s+(?:young\s+|other\s+)?{_ANY}\s+{_SAID}\b"
    rf"|\b(?:{_NUMBER}|{_ONE})\s+{_OF}\s+(?:{_NUMBER}|{_ANY})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the field, one plain sentence, and whether it stops the decision."""

    field: str
    text: str
    blocks: bool = True


def names_contact(text: str) -> bool:
    """Say whether a text holds an e-mail address, handle, web address or telephone number."""
    return bool(_CONTACT.search(_DAY.sub("", text)))


def counts_people(text: str) -> bool:
    """Say whether a text counts survivors ("3 girls", "one of the survivors"); words do not."""
    return bool(_COUNT.search(text))


def check_decision(decision: Decision) -> tuple[Problem, ...]:
    """Return what is missing or unwise, in the order of the form. Empty when all is well."""
    return (
        *_content(decision),
        *_evidence(decision),
        *_doing(decision),
        *_result(decision),
        *_public(decision, posted=decision.public_status is not PublicStatus.PRIVATE),
        *_approval(decision),
    )


def can_approve(decision: Decision, by: str) -> bool:
    """Say whether this person may approve the public line: never one's own, never a problem."""
    return not same_person(decision.author, by) and not _stops_public(decision)


def approve(decision: Decision, by: str) -> Decision:
    """Return the decision with its public line approved by a second person.

    Raises:
        ThroughlineError: when the same person wrote it, or a problem stops the public line.
    """
    if same_person(decision.author, by):
        raise ThroughlineError("A second person has to approve what is posted in public.")
    problems = _stops_public(decision)
    if problems:
        raise ThroughlineError(" ".join(problem.text for problem in problems))
    return replace(decision, approved_by=by.strip(), public_status=PublicStatus.APPROVED)


def can_post(decision: Decision) -> bool:
    """Say whether the board may show this decision."""
    return decision.public_status is PublicStatus.APPROVED and can_approve(
        decision, decision.approved_by
    )


def _stops_public(decision: Decision) -> list[Problem]:
    found = [problem for problem in _public(decision, posted=True) if problem.blocks]
    if not decision.public_line.strip():
        found.append(Problem("public_line", "There is no public line yet."))
    return found


def _approval(decision: Decision) -> Iterator[Problem]:
    approved = decision.public_status is PublicStatus.APPROVED
    if approved and same_person(decision.author, decision.approved_by):
        yield Problem("approved_by", "A second person has to approve what is posted in public.")


def _content(decision: Decision) -> Iterator[Problem]:
    if not decision.text.strip():
        yield Problem("text", "Say in one sentence what is decided.")
    if decision.kind is Kind.NO_CHANGE and not decision.because.strip():
        yield Problem("because", "No change is a decision too: say why.")
    if decision.state is State.NOT_NOW and not decision.because.strip():
        yield Problem("because", '"Not now" needs its reason.')
    if decision.kind is Kind.STRUCTURE and not decision.structure:
        yield Problem("structure", "Say which structure this is about.")
    if decision.kind is Kind.PROTOCOL and not decision.area:
        yield Problem("area", "Say which area of the protocol this changes.")


def _evidence(decision: Decision) -> Iterator[Problem]:
    if not decision.evidence and not decision.other_evidence:
        yield Problem("evidence", "Nothing is linked yet: what did the team hear or know?", False)
    if any(item.asked.strip() and not item.because.strip() for item in decision.asked_not_done):
        yield Problem("asked_not_done", "For each thing that is not done, say why.")


def _doing(decision: Decision) -> Iterator[Problem]:
    if decision.is_settled and decision.state is not State.NOT_NOW:
        if not decision.owner.strip() and decision.kind is not Kind.NO_CHANGE:
            yield Problem("owner", "Name a role that sees to it.")
        if decision.review is None and decision.state is not State.CHECKED:
            yield Problem("review", "Set a day to look at this again.", False)
        if decision.measure is None and decision.kind is not Kind.NO_CHANGE:
            yield Problem("measure", "Pick a question that will show whether it helped.", False)
    if names_contact(decision.owner):
        yield Problem("owner", "An owner is a role, not a person: leave out addresses.", False)
    if decision.review and decision.due and decision.review < decision.due:
        yield Problem("review", "The review comes before the change is due.")
    if _before(decision.due, decision.decided_on):
        yield Problem("due", "This is due before it was decided.")


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


def _result(decision: Decision) -> Iterator[Problem]:
    if decision.state is State.CHECKED and decision.result is None:
        yield Problem("result", "Say what was found: better, the same, worse, or too few to tell.")
    if decision.result in (Result.SAME, Result.WORSE) and not decision.next_step.strip():
        yield Problem("next_step", "It did not get better: what is tried next?", False)


def _public(decision: Decision, *, posted: bool) -> Iterator[Problem]:
    lines = (decision.public_line, decision.public_line_es)
    not_done = tuple(t for item in decision.asked_not_done for t in (item.asked, item.because))
    if posted and not decision.is_settled:
        yield Problem("public_line", f"Only what is decided or not done is posted. {WHERE}")
    refused = decision.kind is Kind.NO_CHANGE or decision.state is State.NOT_NOW
    reason = (decision.because,) if posted and refused else ()
    shown = (("public_line", lines), ("because", reason), ("asked_not_done", not_done))
    for name, texts in shown:
        if any(names_contact(text) for text in texts):
            yield Problem(name, "Leave out addresses and numbers by which a person is reached.")
        if any(counts_people(text) for text in texts):
            yield Problem(name, "Say it without counting people: “some people”, “most people”.")
