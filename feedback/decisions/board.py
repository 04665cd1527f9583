"""The public board: what we heard, what we decided, what changed, and what we do not do and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedback.decisions.checks import can_post
from feedback.decisions.definitions import Area, Areas, load_areas
from feedback.decisions.log import Decision, Kind, Result, State
from feedback.decisions.protocol import areas_of, refs_of_area
from feedback.decisions.published import Published, latest
from feedback.decisions.shares import FEW, HALF, MOST, NEARLY_ALL, SOME
from feedback.decisions.signals import Ref, Signal, signal
from feedback.decisions.silence import NOTHING, asks_for_answer
from feedback.decisions.wording import Wording

LINES = 3  # things heard, in each area
KEPT = 0.2  # a strength goes up when one in five or more named it

TITLE, TITLE_ES = "What we heard and what changed", "Lo que escuchamos y lo que cambió"
INTRO = (
    "People told us without their names how help feels here. This page says what we heard, what "
    "we decided, what changed, and what we do not do and why."
)
INTRO_ES = (
    "Las personas nos dijeron, sin dar su nombre, cómo se siente la ayuda aquí. Esta página dice "
    "lo que escuchamos, lo que decidimos, lo que cambió, y lo que no hacemos y por qué."
)
HOW = (
    "You can still tell us. Fill in the form, or ask somebody you trust for a paper copy. You can "
    "skip any question. Nobody will know that it was you."
)
HOW_ES = (
    "Todavía puede decirnos. Llene el formulario, o pida una copia en papel a alguien de "
    "confianza. Puede saltarse cualquier pregunta. Nadie sabrá que fue usted."
)
QUIET = "We are still listening. When enough people have answered, we will post it here."
QUIET_ES = "Seguimos escuchando. Cuando respondan suficientes personas, lo pondremos aquí."
WAITING = "We have heard this. Nothing is decided on it yet."
WAITING_ES = "Ya lo escuchamos. Todavía no hay una decisión."
WORDS_ES = {
    FEW: "pocas personas o nadie",
    SOME: "algunas personas",
    HALF: "cerca de la mitad",
    MOST: "la mayoría",
    NEARLY_ALL: "casi todas",
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
    """The whole public page. ``quiet`` is said while there is nothing to post."""

    title: Line
    intro: Line
    release: int | None
    round: str
    entries: tuple[Entry, ...]
    how_to_be_heard: Line
    quiet: Line | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return asdict(self)


def build_board(
    rows: Iterable[Mapping[str, object]],
    decisions: Iterable[Decision],
    wording: Wording,
    wording_es: Wording | None = None,
    areas: Areas | None = None,
) -> Board:
    """Return what may be posted: shares in words, and lines that a second person approved.

    Without ``wording_es`` (questions and themes in Spanish) what was heard is in English only.
    """
    areas, published = areas or load_areas(), latest(rows)
    posted = tuple(decision for decision in decisions if can_post(decision))
    sheets = (wording, wording_es)
    entries = [
        _entry(area, published, [d for d in posted if area.id in areas_of(d, areas)], sheets)
        for area in areas.areas
    ]
    rest = [d for d in posted if not set(areas_of(d, areas)) & set(areas.by_id)]
    entries.append(_everything_else(rest))
    filled = tuple(e for e in entries if e.heard or e.decided or e.changed or e.not_done)
    return Board(
        title=Line(TITLE, TITLE_ES),
        intro=Line(INTRO, INTRO_ES),
        release=published.number if published else None,
        round=published.round if published else "",
        entries=filled,
        how_to_be_heard=Line(HOW, HOW_ES),
        quiet=None if filled else Line(QUIET, QUIET_ES),
    )


def _entry(
    area: Area,
    published: Published | None,
    decisions: list[Decision],
    sheets: tuple[Wording, Wording | None],
) -> Entry:
    heard = _heard(published, refs_of_area(area), sheets)
    answered = any(decision.is_settled for decision in decisions)
    return Entry(
        area=area.id,
        title=Line(area.title, area.title_es),
        heard=heard,
        waiting=Line(WAITING, WAITING_ES) if heard and not answered else None,
        **_said(decisions),
    )


def _everything_else(decisions: list[Decision]) -> Entry:
    """Return the entry of decisions that belong to no area, such as how the team is built."""
    return Entry(
        area="team",
        title=Line("How the team works", "Cómo trabaja el equipo"),
        heard=(),
        waiting=None,
        **_said(decisions),
    )


def _said(decisions: list[Decision]) -> dict[str, tuple[Line, ...]]:
    refused = [d for d in decisions if d.state is State.NOT_NOW or d.kind is Kind.NO_CHANGE]
    agreed = [d for d in decisions if d not in refused]
    done = (State.DONE, State.CHECKED)
    return {
        "decided": tuple(_line(d) for d in agreed if d.state not in done),
        "changed": tuple(_line(d) for d in agreed if d.state in done),
        "not_done": (
            *(_because(d) for d in refused),
            *(
                Line(f"{item.asked.strip()} {item.because.strip()}".strip())
                for d in agreed
                for item in d.asked_not_done
            ),
        ),
    }


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
    published: Published | None, refs: Iterable[Ref], sheets: tuple[Wording, Wording | None]
) -> tuple[Line, ...]:
    """Return what an area's people clearly said: strengths first, then what they ask for."""
    english, spanish = sheets
    found = [signal(published, ref, english) for ref in refs if ref.answer not in NOTHING]
    kept = [s for s in found if s.ref.question == "keep" and (s.share or 0.0) >= KEPT]
    asked = [s for s in found if asks_for_answer(s)]
    asked.sort(key=lambda s: -(s.share or 0.0))
    return tuple(
        Line(s.text, _spanish(s, spanish) if spanish else "") for s in (kept[:1] + asked)[:LINES]
    )


def _spanish(found: Signal, wording: Wording) -> str:
    ref, people = found.ref, WORDS_ES.get(found.words, "")
    asked = wording.question(ref.question).rstrip(".")
    if not ref.answer:
        return f"De acuerdo, {people}: «{asked}»."
    answer = wording.answer(ref.question, ref.answer)
    if ref.question == "change":
        return f"Pidieron cambios aquí {people}: {answer}."
    if ref.question == "keep":
        return f"Nombraron esto como algo que ayuda {people}: {answer}."
    return f"Eligieron esto {people}: «{answer}» ({asked})."
