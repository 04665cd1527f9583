"""Who is not at the table: disciplines that people went to, or that young people need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from feedback.decisions.published import Published
from feedback.decisions.shares import Strength, people_words
from feedback.decisions.signals import Ref, Signal, signal
from feedback.decisions.wording import Wording

# Answers of the question "who" that are disciplines; friends and family are not invited to meet.
DISCIPLINES = (
    "police",
    "hospital",
    "advocate",
    "child_protection",
    "school",
    "shelter",
    "court",
    "probation",
    "culture_group",
)
# Whom SVJI adds when a response is to serve minors ("The Response for Minor Victims/Survivors").
FOR_YOUNG_PEOPLE = frozenset({"child_protection", "school", "shelter", "probation"})


@dataclass(frozen=True, slots=True)
class MemberGap:
    """A discipline that is not on the team, and why it may belong there."""

    discipline: str
    label: str
    heard: Signal
    for_young_people: bool
    text: str


def member_gaps(
    published: Published | None, members: Collection[str], wording: Wording
) -> tuple[MemberGap, ...]:
    """Return the disciplines that are missing, those that most people went to first.

    A discipline that few or none went to is listed only when young people need it: people may
    not go there because nobody there is ready for them.
    """
    gaps = [
        _gap(discipline, published, wording)
        for discipline in DISCIPLINES
        if discipline not in members
    ]
    listed = [gap for gap in gaps if gap.heard.share or gap.for_young_people]
    return tuple(sorted(listed, key=lambda gap: -(gap.heard.share or 0.0)))


def _gap(discipline: str, published: Published | None, wording: Wording) -> MemberGap:
    heard = signal(published, Ref("who", discipline), wording)
    label = wording.answer("who", discipline)
    needed = discipline in FOR_YOUNG_PEOPLE
    text = f"{label}: not on the team."
    if heard.share:
        text += f" {people_words(heard.words)} went there for help{_sure(heard)}."
    elif needed and heard.known:
        text += f" Few people or none went there{_sure(heard)}."
        text += " The field asks for it when minors are served."
    elif needed:
        text += " Whether people go there is not known yet. The field asks for it for minors."
    return MemberGap(discipline, label, heard, needed, text)


def _sure(heard: Signal) -> str:
    return f" ({heard.strength})" if heard.strength is Strength.WEAK else ""
