"""The structure workbench: evidence for, against and unknown for five ways to build the team.

It prints no winner. Nothing here has an order or a number that would set one structure above
another; the team weighs, decides and writes down its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.decisions.definitions import Structure, Structures, load_structures
from feedback.decisions.evidence import Evidence, Origin, Side, heard, said, sort_lines, told
from feedback.decisions.members import MemberGap, member_gaps
from feedback.decisions.published import Published, Rows, latest
from feedback.decisions.readiness import (
    Fact,
    Rating,
    ReadinessLine,
    TeamInputs,
    Weight,
    readiness,
)
from feedback.decisions.shares import Strength
from feedback.decisions.signals import Ref, Signal, refs_of, signal
from feedback.decisions.wording import Wording

REMINDER = (
    "This is evidence, not a verdict. The order is the same for every team. What is not known "
    "counts neither for nor against. Decide together, and write down why."
)

_WHO = {Origin.SURVIVORS: "people", Origin.TEAM: "the team", Origin.FACTS: "facts"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known about one structure.

    ``neither`` is known and points to no side; ``set_aside`` hangs on a factor that the team
    does not weigh now and is still shown; ``would_change`` says what could change the picture.
    """

    structure: str
    title: str
    what: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    intervals: tuple[str, ...]
    evidence_for: tuple[Evidence, ...]
    evidence_against: tuple[Evidence, ...]
    neither: tuple[Evidence, ...]
    unknown: tuple[Evidence, ...]
    set_aside: tuple[Evidence, ...]
    would_change: tuple[str, ...]

    def who_says(self, factor: str, side: Side) -> tuple[str, ...]:
        """Return who speaks on one side of one factor, and how far what people said reaches."""
        lines = [line for line in self.lines if line.factor == factor and line.side is side]
        said = [_WHO[line.origin] for line in lines]
        reach = {line.strength for line in lines if line.origin is Origin.SURVIVORS}
        if side in (Side.FOR, Side.AGAINST) and reach:
            sure = Strength.SIGNAL if Strength.SIGNAL in reach else Strength.WEAK
            said = [f"{who} ({sure})" if who == _WHO[Origin.SURVIVORS] else who for who in said]
        return tuple(dict.fromkeys(said))

    @property
    def lines(self) -> tuple[Evidence, ...]:
        """Return every line that the team weighs."""
        return self.evidence_for + self.evidence_against + self.neither + self.unknown


@dataclass(frozen=True, slots=True)
class FactorView:
    """One factor: what is weighed, how heavily, and what people said that bears on it."""

    factor: str
    title: str
    weighs: str
    weight: Weight
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything a team looks at when it chooses its structure. ``pictures`` are not ranked."""

    release: int | None
    round: str
    pictures: tuple[Picture, ...]
    factors: tuple[FactorView, ...]
    readiness: tuple[ReadinessLine, ...]
    gaps: tuple[MemberGap, ...]
    reminder: str


def build_workbench(
    rows: Rows,
    inputs: TeamInputs,
    wording: Wording,
    known: Structures | None = None,
) -> Workbench:
    """Lay out what the newest release, the team and the facts say about each structure.

    Without a release every survivor line is unknown; the team's own lines still stand.
    """
    known = known or load_structures()
    published = latest(rows)
    return Workbench(
        release=published.number if published else None,
        round=published.round if published else "",
        pictures=tuple(
            _picture(structure, _gather(structure, published, inputs, wording, known), known)
            for structure in known.structures
        ),
        factors=tuple(
            FactorView(
                factor=factor.id,
                title=factor.title,
                weighs=factor.weighs,
                weight=inputs.weight(factor.id),
                signals=_factor_signals(factor.signals, published, wording),
            )
            for factor in known.factors
        ),
        readiness=readiness(inputs, known),
        gaps=member_gaps(published, inputs.members, wording),
        reminder=REMINDER,
    )


def what_moved(before: Workbench, now: Workbench) -> tuple[str, ...]:
    """Say in sentences which lines changed sides since an earlier workbench."""
    earlier = {picture.structure: _sides(picture) for picture in before.pictures}
    return tuple(
        f"{picture.title}: {_quoted(line.topic)} was {_AS[was]}, and is now {_AS[side]}."
        f"{_CHANCE if line.close else ''}"
        for picture in now.pictures
        for line in _once(picture.lines)
        if (side := _sides(picture)[line.ref])
        != (was := earlier.get(picture.structure, {}).get(line.ref, side))
    )


_CHANCE = " It lies close to the line, so it could be chance."
_AS = {
    Side.FOR: "evidence for it",
    Side.AGAINST: "evidence against it",
    Side.NEITHER: "pointing to neither side",
    Side.UNKNOWN: "unknown",
}


def _quoted(topic: str) -> str:
    """Return a topic in quotation marks; what people were asked has them already."""
    return topic if topic.startswith("“") else f"“{topic}”"


def _sides(picture: Picture) -> dict[str, Side]:
    return {line.ref: line.side for line in reversed(picture.lines)}


def _gather(
    structure: Structure,
    published: Published | None,
    inputs: TeamInputs,
    wording: Wording,
    known: Structures,
) -> list[Evidence]:
    texts = {s.id: s.text for s in known.statements} | {f.id: f.text for f in known.facts}
    survivors = [
        heard(bearing, published, wording, inputs.weight(bearing.factor))
        for bearing in structure.signals
    ]
    team = [
        said(
            bearing,
            inputs.ratings.get(bearing.ref, Rating.DONT_KNOW),
            texts[bearing.ref],
            inputs.weight(bearing.factor),
        )
        for bearing in structure.team
    ]
    facts = [
        told(
            bearing,
            inputs.facts.get(bearing.ref, Fact.DONT_KNOW),
            texts[bearing.ref],
            inputs.weight(bearing.factor),
        )
        for bearing in structure.facts
    ]
    return sort_lines(survivors + team + facts)


def _picture(structure: Structure, lines: list[Evidence], known: Structures) -> Picture:
    weighed = [line for line in lines if line.weight is not Weight.NOT_NOW]
    aside = tuple(line for line in lines if line.weight is Weight.NOT_NOW)
    by_side = {side: tuple(line for line in weighed if line.side is side) for side in Side}
    spoken = {line.ref for line in by_side[Side.FOR] + by_side[Side.AGAINST]}
    return Picture(
        structure=structure.id,
        title=structure.title,
        what=structure.what,
        speaks_for=structure.speaks_for,
        speaks_against=structure.speaks_against,
        intervals=structure.intervals,
        evidence_for=by_side[Side.FOR],
        evidence_against=by_side[Side.AGAINST],
        neither=_once(line for line in by_side[Side.NEITHER] if line.ref not in spoken),
        unknown=_once(by_side[Side.UNKNOWN]),
        set_aside=aside,
        would_change=_what_would_change(weighed, aside, known),
    )


def _once(lines: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Keep one line for each thing asked: two bearings can hang on the same answer."""
    return tuple({line.ref: line for line in reversed(list(lines))}.values())[::-1]


def _what_would_change(
    weighed: list[Evidence], aside: tuple[Evidence, ...], known: Structures
) -> tuple[str, ...]:
    """Say what could change a picture: close lines, what is unknown, and what it leans on."""
    survivors = _once(line for line in weighed if line.origin is Origin.SURVIVORS)
    open_lines = _once(line for line in weighed if line.side is Side.UNKNOWN)
    titles = {factor.id: factor.title.lower() for factor in known.factors}
    spoken = [line for line in weighed if line.side in (Side.FOR, Side.AGAINST)]
    sentences = []
    close = [line.topic for line in survivors if line.close]
    if close:
        sentences.append(
            f"Close to the line, so that the next release could move it: {_list(close)}."
        )
    heard_lines = [line for line in survivors if line.side is not Side.UNKNOWN]
    if heard_lines and all(line.strength == Strength.WEAK for line in heard_lines):
        sentences.append("All that people said here is a weak signal: more answers may change it.")
    for why in dict.fromkeys(line.why for line in open_lines):
        topics = [line.topic for line in open_lines if line.why == why]
        sentences.append(f"{why} It would help to know: {_list(topics)}.")
    leaning = {line.factor for line in spoken}
    if len(leaning) == 1:
        sentences.append(
            f"All of the evidence hangs on one factor, {titles[leaning.pop()]}: weighing it less "
            "changes the whole picture."
        )
    for factor in dict.fromkeys(line.factor for line in aside):
        sentences.append(f"Weighing {titles[factor]} again would bring back what is set aside.")
    return tuple(sentences)


def _list(topics: Iterable[str]) -> str:
    return "; ".join(topic.rstrip(".?") for topic in topics)


def _factor_signals(
    refs: Iterable[str], published: Published | None, wording: Wording
) -> tuple[Signal, ...]:
    """Return the signals of a factor; a question with options stands for each of its answers."""
    held = refs_of(published) if published else ()
    wanted = []
    for text in refs:
        ref = Ref.parse(text)
        options = [other for other in held if other.question == ref.question and other.answer]
        wanted += [ref] if ref.answer or not options else options
    return tuple(signal(published, ref, wording) for ref in wanted)
