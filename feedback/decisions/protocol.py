"""The protocol, area by area: what people said that bears on it, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.decisions.definitions import Area, Areas, load_areas
from feedback.decisions.log import Decision
from feedback.decisions.published import Rows, latest, read_releases
from feedback.decisions.signals import Ref, Signal, signal
from feedback.decisions.silence import Silent, silence
from feedback.decisions.wording import Wording


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area: what it decides, what is known and not known, and the team's decisions on it.

    ``heard`` says whether a release tells anything on this area itself, apart from what bears on
    every area; ``silent`` is what people clearly said on it that no decision has answered.
    """

    area: str
    title: str
    decides: str
    needs: tuple[str, ...]
    signals: tuple[Signal, ...]
    unknown: tuple[Signal, ...]
    decisions: tuple[Decision, ...]
    heard: bool
    silent: tuple[Silent, ...]
    text: str


def area_views(
    rows: Rows,
    wording: Wording,
    decisions: Iterable[Decision] = (),
    areas: Areas | None = None,
) -> tuple[AreaView, ...]:
    """Return the twelve areas in the order in which help happens, each with what bears on it."""
    areas, releases, logged = areas or load_areas(), read_releases(rows), tuple(decisions)
    published, waiting = latest(releases), silence(releases, logged, wording)
    views = []
    for area in areas.areas:
        refs = dict.fromkeys(refs_of_area(area) + refs_everywhere(areas))
        found = [signal(published, ref, wording) for ref in refs]
        own = {str(ref) for ref in refs_of_area(area)}
        known = tuple(s for s in found if s.known)
        here = [s for s in known if str(s.ref) in own]
        decided = tuple(d for d in logged if area.id in areas_of(d, areas))
        silent = tuple(s for s in waiting if s.ref in own)
        views.append(
            AreaView(
                area=area.id,
                title=area.title,
                decides=area.decides,
                needs=area.needs,
                signals=known,
                unknown=tuple(s for s in found if not s.known),
                decisions=decided,
                heard=bool(here),
                silent=silent,
                text=_text(here, decided, waits=bool(silent)),
            )
        )
    return tuple(views)


def refs_of_area(area: Area) -> tuple[Ref, ...]:
    """Return what people can say about this area, apart from what bears on every area."""
    return _refs(area.questions, area.themes)


def refs_everywhere(areas: Areas) -> tuple[Ref, ...]:
    """Return what people can say that bears on every area."""
    return _refs(areas.everywhere.questions, areas.everywhere.themes)


def _refs(questions: tuple[str, ...], themes: tuple[str, ...]) -> tuple[Ref, ...]:
    asked = [Ref.parse(text) for text in questions]
    written = [Ref(box, theme) for theme in themes for box in ("change", "keep")]
    return tuple(dict.fromkeys(asked + written))


def areas_of(decision: Decision, areas: Areas) -> tuple[str, ...]:
    """Return the areas that a decision is about: the one it names, or those of its evidence."""
    if decision.area:
        return (decision.area,)
    found = [name for ref in sorted(decision.answers) for name in areas_of_ref(ref, areas)]
    return tuple(dict.fromkeys(found))


def areas_of_ref(text: str, areas: Areas) -> tuple[str, ...]:
    """Return the areas that a question, answer or theme is about (not those it is always about)."""
    ref = Ref.parse(text)
    boxed = ref.question in ("change", "keep")
    return areas.of_theme(ref.answer) if boxed else areas.of_question(text)


def _text(known: Iterable[Signal], decided: tuple[Decision, ...], *, waits: bool) -> str:
    """Say where an area stands; ``known`` leaves out what bears on every area."""
    spoke = [not signal.ref.answer or bool(signal.share) for signal in known]
    heard = "What people say to this is not known yet."
    if spoke:
        heard = "People spoke to this." if any(spoke) else "Few people or none spoke to this."
    open_now = any(not decision.is_settled for decision in decided)
    if any(decision.is_settled for decision in decided):
        answered = f"The team has answered{' some of it' if waits else ''}."
        return f"{heard} {answered if spoke else 'Something is decided.'}"
    return f"{heard} " + ("The team is discussing it." if open_now else "Nothing is decided yet.")
