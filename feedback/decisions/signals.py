"""What survivors said, as named signals in words, from published counts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from feedback.decisions.published import (
    EVERYONE,
    Group,
    Published,
    Row,
)
from feedback.decisions.shares import (
    FEWEST_TO_SPEAK,
    ROUNDING,
    UNKNOWN,
    Strength,
    as_fives,
    band_of,
    people_words,
    share_number,
    share_words,
    shown_share,
    strength_of,
)
from feedback.decisions.wording import Wording

SCALE = ("strongly_disagree", "disagree", "middle", "agree", "strongly_agree")
AGREE = ("agree", "strongly_agree")
# Rows of a table in which a person did not answer the question.
NO_ANSWER = frozenset({"skipped", "rather_not", "does_not_apply", "none"})
# The staff behaviours that explained 65 % of the difference in satisfaction of
# 460 survivors; docs/explanation/decisions.md.
CORE = ("respect", "believed", "explained", "identity")

NO_RELEASE = "There is no release yet."
NOT_ASKED = "This was not asked, or has no table, in this release."
PROTECTED = "Not shown this time, to protect the people who answered."
TOO_FEW = f"Not enough answers yet: fewer than {FEWEST_TO_SPEAK} people answered this."


@dataclass(frozen=True, slots=True)
class Ref:
    """What a signal is about: a scale question, or one answer or theme of a question.

    Written ``repeat``, ``hard:afraid_moved`` or ``change:housing``.
    """

    question: str
    answer: str = ""

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read ``question`` or ``question:answer``."""
        question, _, answer = text.partition(":")
        return cls(question, answer)

    def __str__(self) -> str:
        """Write it so that ``parse`` reads it back."""
        return f"{self.question}:{self.answer}" if self.answer else self.question


@dataclass(frozen=True, slots=True)
class Signal:
    """What people said about one thing.

    ``share`` is computed from published counts (0 to 1) and None while unknown; ``band`` is how
    far the true share may lie on either side; ``base`` is the protected number the share is of,
    ``people`` the protected number who answered. ``topic`` names the thing, ``text`` says it as a
    sentence, ``why`` says why nothing is known.
    """

    ref: Ref
    release: int | None
    round: str
    group: Group
    share: float | None
    band: float | None
    base: int | None
    people: int | None
    strength: Strength
    topic: str
    text: str
    why: str = ""
    reversed: bool = False
    margin: int = ROUNDING - 1

    @property
    def known(self) -> bool:
        """Say whether enough people answered to say anything."""
        return self.share is not None

    @property
    def words(self) -> str:
        """Return the share in words: "about half"; "not known yet" while unknown."""
        return share_words(self.shown)

    @property
    def shown(self) -> float | None:
        """Return the share as coarse as it is printed: every rule of thumb goes by this."""
        return shown_share(self.share, self.reach)

    @property
    def number(self) -> str:
        """Return the coarse share to print after the words, or "" when words must do."""
        return share_number(self.share, self.reach)

    @property
    def reach(self) -> int:
        """Return how many people this is of, as far as they reach when rounded to fives."""
        return as_fives(self.base or 0, self.margin)

    @property
    def source(self) -> str:
        """Return where this comes from, for a person who wants to look it up."""
        return f"release {self.release}, {self.ref}" if self.release else f"no release, {self.ref}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return {
            "ref": str(self.ref),
            "release": self.release,
            "round": self.round,
            "group": [list(pair) for pair in self.group],
            "words": self.words,
            "number": self.number,
            "strength": str(self.strength),
            "topic": self.topic,
            "text": self.text,
            "why": self.why,
            "reversed": self.reversed,
        }


@dataclass(frozen=True, slots=True)
class CoreIndex:
    """The mean share who agree with the four core questions; None while one of them is unknown."""

    release: int | None
    items: tuple[Signal, ...]
    share: float | None
    strength: Strength
    text: str

    @property
    def words(self) -> str:
        """Return the index in words."""
        return share_words(shown_share(self.share, min(item.reach for item in self.items)))


def weakness(found: Signal) -> str:
    """Return what follows a signal's sentence where few people stand behind it."""
    return " Weak signal." if found.strength is Strength.WEAK else ""


def signal(
    published: Published | None, ref: Ref, wording: Wording, group: Group = EVERYONE
) -> Signal:
    """Return what a release says about one thing; unknown, with the reason, when it does not.

    Agreement with a scale question is agree + strongly agree, over those who answered and to
    whom it applies. Any other share is as in the release: people who picked the answer over all
    (single choice: over the sum of its rows).
    """
    if published is None:
        return _unknown(None, ref, wording, group, NO_RELEASE)
    tally = _agreement if not ref.answer else _picked
    found = tally(published, ref, group)
    strength = strength_of(as_fives(found.people, found.margin))
    if found.why or strength is Strength.NOT_YET:
        return _unknown(published, ref, wording, group, found.why or TOO_FEW)
    share = min(found.count / found.base, 1.0)
    base = min(found.base, found.most)  # sums of rounded rows can be larger than the people
    shown = shown_share(share, as_fives(base, found.margin))
    return Signal(
        ref=ref,
        release=published.number,
        round=published.round,
        group=group,
        share=share,
        band=band_of(share, base, found.margin),
        base=base,
        people=found.people,
        strength=strength,
        margin=found.margin,
        topic=_topic(ref, wording),
        text=_sentence(ref, share_words(shown), wording),
        reversed=ref.question in wording.reversed,
    )


def refs_of(published: Published) -> tuple[Ref, ...]:
    """Return what a release can speak about: scale questions, then single answers and themes."""
    scales = set(published.questions("scale"))
    return tuple(
        ref
        for question in published.questions()
        for ref in (
            [Ref(question)]
            if question in scales
            else [
                Ref(question, row.answer)
                for row in published.answers(question)
                if row.answer not in NO_ANSWER
            ]
        )
    )


def core_index(published: Published | None, wording: Wording, group: Group = EVERYONE) -> CoreIndex:
    """Return the mean share agreeing with respect, believed, explained and identity.

    The wording is not that of the study it follows: compare directions, not decimals.
    """
    items = tuple(signal(published, Ref(question), wording, group) for question in CORE)
    shares = [item.share for item in items if item.share is not None]
    number = published.number if published else None
    if len(shares) < len(items):
        missing = ", ".join(item.topic for item in items if not item.known)
        text = f"How people were treated is not known yet: nothing can be said about {missing}."
        return CoreIndex(number, items, None, Strength.NOT_YET, text)
    people = min(item.reach for item in items)
    share = sum(shares) / len(shares)
    many = people_words(share_words(shown_share(share, people)))
    text = (
        f"On average, {many[0].lower()}{many[1:]} say they were treated with respect, believed, "
        "told what comes next, and respected for who they are."
    )
    return CoreIndex(number, items, share, strength_of(people), text)


@dataclass(frozen=True, slots=True)
class _Tally:
    """``count`` of ``base`` people; ``people`` answered at all; ``why`` nothing is known.

    ``most``: the published size of the table, which no sum of its rows may claim to exceed.
    """

    count: int = 0
    base: int = 0
    people: int = 0
    margin: int = 0
    most: int = 0
    why: str = ""


def _agreement(published: Published, ref: Ref, group: Group) -> _Tally:
    rows = [row for answer in SCALE if (row := published.row(ref.question, answer, group))]
    if not rows:
        asked = published.row(ref.question, "", group)
        return _Tally(why=_reason([asked]) if asked else NOT_ASKED)
    counts = {row.answer: row.count for row in rows if row.count is not None}
    if len(counts) < len(SCALE):
        return _Tally(why=_reason(rows))
    people = sum(counts.values())
    most = published.base(ref.question, group) or people
    return _Tally(
        count=sum(counts[answer] for answer in AGREE),
        base=people,
        people=min(people, most),
        margin=max(row.margin for row in rows),
        most=most,
    )


def _picked(published: Published, ref: Ref, group: Group) -> _Tally:
    row = published.row(ref.question, ref.answer, group)
    if row is None or row.count is None:
        return _Tally(why=_reason([row]) if row else NOT_ASKED)
    rows = published.answers(ref.question, group)
    shown = sum(other.count or 0 for other in rows)
    most = published.base(ref.question, group) or row.base or shown
    base = shown if row.kind == "single" else most
    silent = sum(other.count or 0 for other in rows if other.answer in NO_ANSWER)
    people = max(min(base, most) - silent, 0)
    return _Tally(row.count, base, people, row.margin, most)


def _reason(rows: Iterable[Row]) -> str:
    statuses = {row.status for row in rows}
    return TOO_FEW if "too_few" in statuses else PROTECTED


def _unknown(
    published: Published | None, ref: Ref, wording: Wording, group: Group, why: str
) -> Signal:
    return Signal(
        ref=ref,
        release=published.number if published else None,
        round=published.round if published else "",
        group=group,
        share=None,
        band=None,
        base=None,
        people=None,
        strength=Strength.NOT_YET,
        topic=_topic(ref, wording),
        text=f"{UNKNOWN.capitalize()}: {_topic(ref, wording)}.",
        why=why,
        reversed=ref.question in wording.reversed,
    )


def _sentence(ref: Ref, words: str, wording: Wording) -> str:
    people, topic = people_words(words), _topic(ref, wording)
    if not ref.answer:
        note = " Agreeing is bad news here." if ref.question in wording.reversed else ""
        return f"{people} agree: {topic}.{note}"
    if ref.question == "change":
        return f"{people} asked for change here: {topic}."
    if ref.question == "keep":
        return f"{people} named this as a strength: {topic}."
    return f"{people} chose {topic}."


def _topic(ref: Ref, wording: Wording) -> str:
    asked = wording.question(ref.question).rstrip(".")
    if not ref.answer:
        return f"“{asked}”"
    answer = wording.answer(ref.question, ref.answer)
    return answer if ref.question in ("change", "keep") else f"“{answer}” ({asked})"
