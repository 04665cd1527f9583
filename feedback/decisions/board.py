"""The public board: what we heard, what we decided, what changed, and what we do not do and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from feedback.decisions.checks import can_post
from feedback.decisions.definitions import Areas, load_areas
from feedback.decisions.log import Decision, Kind, Result, State
from feedback.decisions.protocol import areas_of, areas_of_ref, refs_everywhere, refs_of_area
from feedback.decisions.published import Published, Rows, latest
from feedback.decisions.shares import FEW, HALF, MOST, NEARLY_ALL, SOME, Strength
from feedback.decisions.signals import Ref, Signal, signal
from feedback.decisions.silence import NOTHING, asks_for_answer
from feedback.decisions.wording import Wording

REST = "everywhere"  # decisions that belong to no area, such as how the team is built
REST_TITLE = ("All of our work", "Todo nuestro trabajo")
LINES = 3  # things heard, in each area
KEPT = 0.2  # a strength goes up when one in five or more named it

WAITING = "We have heard this. We have not posted an answer yet."
WAITING_ES = "Ya lo escuchamos. Todavía no hemos publicado una respuesta."
FEW_SAID, FEW_SAID_ES = " Few people answered this.", " Pocas personas respondieron esto."
WORDS_ES = {
    FEW: "Muy pocas personas",
    SOME: "Algunas personas",
    HALF: "Cerca de la mitad de las personas",
    MOST: "La mayoría de las personas",
    NEARLY_ALL: "Casi todas las personas",
}
RESULT_WORDS = {
    Result.BETTER: ("People say that it is better now.", "La gente dice que ahora va mejor."),
    Result.SAME: ("People say that it is about the same.", "La gente dice que sigue igual."),
    Result.WORSE: ("People say that it is worse now.", "La gente dice que ahora va peor."),
    Result.TOO_FEW: (
        "Too few people have answered to tell whether it helped.",
        "Respondieron muy pocas personas para saber si ayudó.",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line in English and, when there is one, in Spanish."""

    text: str
    text_es: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One area of the board. ``waiting`` is said when something was heard and nothing decided."""

    area: str
    title: Line
    heard: tuple[Line, ...]
    decided: tuple[Line, ...]
    changed: tuple[Line, ...]
    not_done: tuple[Line, ...]
    waiting: Line | None


@dataclass(frozen=True, slots=True)
class Board:
    """What the public page holds; without an entry it says itself that nothing is posted yet."""

    release: int | None
    round: str
    entries: tuple[Entry, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return asdict(self)


@dataclass(slots=True)
class _Said:
    """What the team says in one area, while the board is put together."""

    decided: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    not_done: list[Line] = field(default_factory=list)

    @property
    def something(self) -> bool:
        return bool(self.decided or self.changed or self.not_done)


def build_board(
    rows: Rows,
    decisions: Iterable[Decision],
    wording: Wording,
    wording_es: Wording | None = None,
    areas: Areas | None = None,
) -> Board:
    """Return what may be posted: shares in words, and lines that a second person approved.

    Without ``wording_es`` (questions and themes in Spanish) what was heard is in English only.
    """
    areas, published = areas or load_areas(), latest(rows)
    said: dict[str, _Said] = {name: _Said() for name in (*areas.by_id, REST)}
    for decision in decisions:
        if can_post(decision):
            _place(decision, said, areas)
    heard = _shared_out(areas, said, published, wording)
    titles = {area.id: Line(area.title, area.title_es) for area in areas.areas}
    titles[REST] = Line(*REST_TITLE)
    entries = [
        Entry(
            area=name,
            title=titles[name],
            heard=tuple(_told(s, wording_es) for s in heard[name]),
            decided=tuple(said[name].decided),
            changed=tuple(said[name].changed),
            not_done=tuple(said[name].not_done),
            waiting=_waiting(heard[name], said[name]),
        )
        for name in titles
    ]
    filled = tuple(e for e in entries if e.heard or e.decided or e.changed or e.not_done)
    return Board(
        release=published.number if published else None,
        round=published.round if published else "",
        entries=filled,
    )


def _shared_out(
    areas: Areas,
    said: Mapping[str, _Said],
    published: Published | None,
    wording: Wording,
) -> dict[str, tuple[Signal, ...]]:
    """Give each thing heard to one area: where it was decided on, else the first it is about."""
    taken: set[Ref] = set()
    heard: dict[str, tuple[Signal, ...]] = {}
    refs = {area.id: refs_of_area(area) for area in areas.areas}
    refs[REST] = refs_everywhere(areas)
    for name in sorted(refs, key=lambda name: not said[name].something):
        heard[name] = _heard(published, [ref for ref in refs[name] if ref not in taken], wording)
        taken |= {found.ref for found in heard[name]}
    return heard


def _waiting(heard: tuple[Signal, ...], said: _Said) -> Line | None:
    unanswered = any(asks_for_answer(found) for found in heard) and not said.something
    return Line(WAITING, WAITING_ES) if unanswered else None


def _place(decision: Decision, said: Mapping[str, _Said], areas: Areas) -> None:
    """Put a decision, and what it does not do, where people will look for it."""
    home = said[next((name for name in areas_of(decision, areas) if name in said), REST)]
    if decision.state is State.NOT_NOW or decision.kind is Kind.NO_CHANGE:
        home.not_done.append(_because(decision))
    elif decision.state in (State.DONE, State.CHECKED):
        home.changed.append(_line(decision))
    else:
        home.decided.append(_line(decision))
    for item in decision.asked_not_done:
        about = areas_of_ref(item.ref, areas)
        place = said[about[0]] if about else home
        place.not_done.append(Line(f"{item.asked.strip()} {item.because.strip()}".strip()))


def _line(decision: Decision) -> Line:
    result, result_es = "", ""
    if decision.state is State.CHECKED and decision.result is not None:
        result, result_es = RESULT_WORDS[decision.result]
    spanish = decision.public_line_es.strip()
    return Line(
        f"{decision.public_line.strip()} {result}".strip(),
        f"{spanish} {result_es}".strip() if spanish else "",
    )


def _because(decision: Decision) -> Line:
    """Return a "no" with its reason; a Spanish line carries its own."""
    return Line(
        f"{decision.public_line.strip()} {decision.because.strip()}".strip(),
        decision.public_line_es.strip(),
    )


def _heard(
    published: Published | None, refs: Iterable[Ref], wording: Wording
) -> tuple[Signal, ...]:
    """Return what people clearly said: a strength first, then what they ask for most."""
    found = [signal(published, ref, wording) for ref in refs if ref.answer not in NOTHING]
    kept = [s for s in found if s.ref.question == "keep" and (s.share or 0.0) >= KEPT]
    asked = [s for s in found if asks_for_answer(s)]
    asked.sort(key=lambda s: -(s.share or 0.0))
    return tuple((kept[:1] + asked)[:LINES])


def _told(found: Signal, wording_es: Wording | None) -> Line:
    """Return what was heard, and say so where few people stand behind it."""
    few, few_es = (FEW_SAID, FEW_SAID_ES) if found.strength is Strength.WEAK else ("", "")
    spanish = _spanish(found, wording_es)
    return Line(found.text + few, spanish and spanish + few_es)


def _spanish(found: Signal, wording: Wording | None) -> str:
    if wording is None:
        return ""
    ref, people = found.ref, WORDS_ES.get(found.words, "")
    asked = wording.question(ref.question).rstrip(".")
    if not ref.answer:
        return f"{people} están de acuerdo: «{asked}»."
    answer = wording.answer(ref.question, ref.answer)
    if ref.question == "change":
        return f"{people} pidieron un cambio aquí: {answer}."
    if ref.question == "keep":
        return f"{people} nombraron esto como algo que ayuda: {answer}."
    return f"{people} eligieron «{answer}» ({asked})."
