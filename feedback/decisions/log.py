"""The decision log: what was decided, on what evidence, by which role, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from feedback.decisions.kept import to_plain
from feedback.errors import InvalidSettings, ThroughlineError


class Kind(StrEnum):
    """What a decision changes; no change, with its reason, is a decision too."""

    STRUCTURE = "structure"
    PROTOCOL = "protocol"
    TRAINING = "training"
    POLICY = "policy"
    PRACTICE = "practice"
    OUTREACH = "outreach"
    NO_CHANGE = "no_change"


class State(StrEnum):
    """Where a decision stands on the way from being heard to being checked."""

    HEARD = "heard"
    DISCUSSING = "discussing"
    DECIDED = "decided"
    DOING = "doing"
    DONE = "done"
    CHECKED = "checked"
    NOT_NOW = "not_now"


# From where a decision may go where. "Not now" needs a reason; everything can be taken up again.
TRANSITIONS: Mapping[State, tuple[State, ...]] = {
    State.HEARD: (State.DISCUSSING, State.NOT_NOW),
    State.DISCUSSING: (State.DECIDED, State.NOT_NOW, State.HEARD),
    State.DECIDED: (State.DOING, State.DONE, State.NOT_NOW, State.DISCUSSING),
    State.DOING: (State.DONE, State.NOT_NOW, State.DISCUSSING),
    State.DONE: (State.CHECKED, State.DOING),
    State.CHECKED: (State.DISCUSSING,),
    State.NOT_NOW: (State.DISCUSSING,),
}
STATE_WORDS: Mapping[State, str] = {
    State.HEARD: "heard",
    State.DISCUSSING: "being discussed",
    State.DECIDED: "decided",
    State.DOING: "being done",
    State.DONE: "done",
    State.CHECKED: "done and checked",
    State.NOT_NOW: "not now",
}
SETTLED = frozenset({State.DECIDED, State.DOING, State.DONE, State.CHECKED, State.NOT_NOW})


class Result(StrEnum):
    """What the same questions say after the change; too few to tell is an answer."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    TOO_FEW = "too_few"


class Direction(StrEnum):
    """Which way a measure should move."""

    UP = "up"
    DOWN = "down"


class PublicStatus(StrEnum):
    """Whether the public line may be shown: only a second person can approve it."""

    PRIVATE = "private"
    PROPOSED = "proposed"
    APPROVED = "approved"


class OtherKind(StrEnum):
    """Evidence that does not come from people's answers."""

    LAW = "law"
    AGENCY_DATA = "agency_data"
    BUDGET = "budget"
    RESEARCH = "research"
    EXPERIENCE = "experience"


class OtherStrength(StrEnum):
    """How much other evidence carries, in the team's own judgement."""

    STRONG = "strong"
    SOME = "some"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Link:
    """What people said: release number, ``ref`` (``repeat``, ``hard:no_ride``, ``change:housing``).

    ``words`` are copied from the release when the link is made ("about half"); never live.
    """

    release: int
    ref: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class OtherEvidence:
    """Law, agency data, budget, research or experience that bore on the decision."""

    kind: OtherKind
    text: str
    strength: OtherStrength = OtherStrength.SOME


@dataclass(frozen=True, slots=True)
class NotDone:
    """What people asked for that the team does not do, and why."""

    asked: str
    because: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """By which question or theme the change will be seen, from which release on.

    ``version`` is the fingerprint of the question's wording at the baseline, if known.
    """

    ref: str
    direction: Direction
    baseline: int
    version: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. Roles, never persons; ``extra`` keeps fields that this version does not know.

    ``because`` is the reason (needed for no change and for not now). ``author`` and
    ``approved_by`` are the log-ins of the two people who wrote and approved the public line.
    """

    id: str
    kind: Kind
    text: str
    because: str = ""
    structure: str = ""
    factor: str = ""
    area: str = ""
    stage: str = ""
    evidence: tuple[Link, ...] = ()
    other_evidence: tuple[OtherEvidence, ...] = ()
    asked_not_done: tuple[NotDone, ...] = ()
    options_not_taken: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    owner: str = ""
    decided_on: date | None = None
    due: date | None = None
    review: date | None = None
    measure: Measure | None = None
    result: Result | None = None
    result_note: str = ""
    next_step: str = ""
    public_line: str = ""
    public_line_es: str = ""
    public_status: PublicStatus = PublicStatus.PRIVATE
    author: str = ""
    approved_by: str = ""
    state: State = State.HEARD
    state_since: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_settled(self) -> bool:
        """Say whether the team has answered: decided or later, or not now with a reason."""
        return self.state in SETTLED

    @property
    def answers(self) -> frozenset[str]:
        """Return what was heard that this decision speaks to, as refs."""
        return frozenset(link.ref for link in self.evidence) | {
            item.ref for item in self.asked_not_done if item.ref
        }


# What the board shows of a decision: a change here needs a second person again.
_PUBLIC = ("kind", "public_line", "public_line_es", "because", "asked_not_done", "result")


def move(decision: Decision, to: State, *, today: date, because: str = "") -> Decision:
    """Move a decision on. ``because`` is needed for "not now".

    What is taken up again is no longer proposed or posted; its public line is kept.

    Raises:
        ThroughlineError: when the step is not in TRANSITIONS, or the reason is missing.
    """
    if to not in TRANSITIONS[decision.state]:
        steps = ", ".join(STATE_WORDS[state] for state in TRANSITIONS[decision.state])
        msg = f"This is {STATE_WORDS[decision.state]}. It can become: {steps}."
        raise ThroughlineError(msg)
    if to is State.NOT_NOW and not because.strip():
        raise ThroughlineError('"Not now" needs its reason: people asked, and will read it.')
    decided = decision.decided_on or today if to is State.DECIDED else decision.decided_on
    moved = edit(
        decision,
        state=to,
        state_since=today,
        because=because.strip() or decision.because,
        decided_on=decided,
    )
    if moved.is_settled:
        return moved
    return replace(moved, public_status=PublicStatus.PRIVATE, approved_by="")


def edit(decision: Decision, **changes: Any) -> Decision:  # noqa: ANN401  (any field of it)
    """Return a decision with fields changed; a changed public text loses its approval."""
    edited = replace(decision, **changes)
    if any(getattr(edited, name) != getattr(decision, name) for name in _PUBLIC):
        back = PublicStatus.PROPOSED if edited.public_line else PublicStatus.PRIVATE
        approved = edited.public_status is PublicStatus.APPROVED
        status = back if approved else edited.public_status
        return replace(edited, approved_by="", public_status=status)
    return edited


def same_person(first: str, second: str) -> bool:
    """Say whether two log-ins may be one person; an empty name could be anybody."""
    one, other = first.strip().casefold(), second.strip().casefold()
    return not one or not other or one == other


def to_dict(decision: Decision) -> dict[str, Any]:
    """Return plain JSON data; ``from_dict`` reads it back."""
    data = to_plain(_DECISION, decision)
    extra = data.pop("extra")
    return {**extra, **data}


def from_dict(data: Mapping[str, Any]) -> Decision:
    """Read what ``to_dict`` made, here or in a newer version: unknown fields are kept.

    Raises:
        InvalidSettings: with each wrong field and what is wrong there.
    """
    known = {f.name for f in fields(Decision)} - {"extra"}
    extra = {str(name): value for name, value in data.items() if name not in known | {"extra"}}
    try:
        return _DECISION.validate_python({**data, "extra": extra})
    except ValidationError as error:
        problems = [
            ".".join(str(step) for step in problem["loc"]) + f": {problem['msg']}."
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise InvalidSettings("The decision", problems) from None


_DECISION = TypeAdapter(Decision)
