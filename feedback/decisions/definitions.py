"""The field's own lists, read from files: areas, structures, factors, stages, statements, facts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from feedback.errors import InvalidSettings

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,23}$")]
RefText = Annotated[str, Field(pattern=r"^[a-z0-9_]+(:[a-z0-9_]+)?$")]
Side = Literal["for", "against"]
T = TypeVar("T", bound=BaseModel)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Everywhere(_Frozen):
    """Questions and themes that bear on every area."""

    questions: tuple[RefText, ...]
    themes: tuple[Id, ...]


class Area(_Frozen):
    """One area of the protocol: what it decides, and what people can tell about it."""

    id: Id
    title: str
    title_es: str
    decides: str
    questions: tuple[RefText, ...]
    themes: tuple[Id, ...]
    needs: tuple[str, ...]


class Areas(_Frozen):
    """The twelve areas of a protocol, in the order in which help happens."""

    everywhere: Everywhere
    areas: tuple[Area, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Areas:
        _refuse_twice(area.id for area in self.areas)
        return self

    @cached_property
    def by_id(self) -> dict[str, Area]:
        """Return the areas by their id."""
        return {area.id: area for area in self.areas}

    def with_themes(self, bears_on: Mapping[str, Iterable[str]]) -> Areas:
        """Return the areas with a team's own themes; ``bears_on`` names the areas of each.

        A theme that has a place already stays where it is.
        """
        placed = {*self.everywhere.themes, *(name for area in self.areas for name in area.themes)}
        areas = tuple(
            area.model_copy(
                update={
                    "themes": (
                        *area.themes,
                        *(t for t, on in bears_on.items() if t not in placed and area.id in on),
                    )
                }
            )
            for area in self.areas
        )
        return Areas(everywhere=self.everywhere, areas=areas)

    def of_theme(self, theme: str) -> tuple[str, ...]:
        """Return the ids of the areas that a theme is about, without those it is always about."""
        return tuple(area.id for area in self.areas if theme in area.themes)

    def of_question(self, ref: str) -> tuple[str, ...]:
        """Return the ids of the areas that a question (or one of its answers) is about."""
        return tuple(area.id for area in self.areas if ref in area.questions)


class Bearing(_Frozen):
    """One thing that speaks for or against a structure when it holds.

    ``line``: from which share a signal counts as high (or up to which as low); without it 0.4 and
    0.6 for a scale question ("about half" is much), 0.2 for one answer or theme (one in five).
    """

    ref: RefText
    when: Literal["high", "low", "true", "not_true", "yes", "no"]
    side: Side
    factor: Id
    because: str
    line: float | None = Field(default=None, gt=0, lt=1)

    @property
    def threshold(self) -> float:
        """Return the share at which the signal turns."""
        if self.line is not None:
            return self.line
        if ":" in self.ref:
            return 0.2
        return 0.4 if self.when == "high" else 0.6


class Structure(_Frozen):
    """One way to build the team. The order in the file is the article's, not a rank."""

    id: Id
    title: str
    what: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    intervals: tuple[str, ...] = ()
    signals: tuple[Bearing, ...]
    team: tuple[Bearing, ...]
    facts: tuple[Bearing, ...]


class Factor(_Frozen):
    """What a team weighs. ``signals`` are the questions, answers and themes that bear on it."""

    id: Id
    title: str
    weighs: str
    signals: tuple[RefText, ...]


class Stage(_Frozen):
    """A stage of the circle: assess, change, measure."""

    id: Id
    title: str
    what: str
    next: str


class Statement(_Frozen):
    """Something the team says of itself, from very true to not true."""

    id: Id
    text: str
    factor: Id
    source: str


class FactAsked(_Frozen):
    """Something about the place that the team answers with yes, no or we do not know."""

    id: Id
    text: str
    hint: str


class Structures(_Frozen):
    """The five structures and everything that bears on them."""

    factors: tuple[Factor, ...]
    stages: tuple[Stage, ...]
    statements: tuple[Statement, ...]
    facts: tuple[FactAsked, ...]
    structures: tuple[Structure, ...]

    @model_validator(mode="after")
    def _everything_named_exists(self) -> Structures:
        for things in (self.factors, self.stages, self.statements, self.facts, self.structures):
            _refuse_twice(thing.id for thing in things)
        for structure in self.structures:
            _check_bearings(structure, self)
        return self

    @cached_property
    def by_id(self) -> dict[str, Structure]:
        """Return the structures by their id."""
        return {structure.id: structure for structure in self.structures}


class Point(_Frozen):
    """One point of the first coverage map."""

    id: Id
    kind: Literal["door", "place", "language", "group"]
    name: str
    ref: str = Field(pattern=r"^([a-z0-9_]+:[a-z0-9_]+)?$")


class Steps(_Frozen):
    """What to do next at one kind of point, by how far listening has come."""

    not_reached: str
    invited: str
    some_heard: str


class AllSteps(_Frozen):
    """What to do next, by kind of point."""

    door: Steps
    place: Steps
    language: Steps
    group: Steps


class CoverageStart(_Frozen):
    """A first map of where to listen, and what to do next at each point."""

    items: tuple[Point, ...]
    steps: AllSteps

    @model_validator(mode="after")
    def _ids_are_unique(self) -> CoverageStart:
        _refuse_twice(point.id for point in self.items)
        return self

    def step(self, kind: str, reach: str) -> str:
        """Return what to do next at a point of this kind that listening has reached this far."""
        steps: Steps = getattr(self.steps, kind)
        return str(getattr(steps, reach, ""))


def load_areas(path: Path | None = None) -> Areas:
    """Read the protocol areas; the project's own twelve without a path. Raises InvalidSettings."""
    return _read(path or Path(__file__).with_name("areas.toml"), Areas)


def load_structures(path: Path | None = None) -> Structures:
    """Read structures, factors, stages, statements and facts. Raises InvalidSettings."""
    return _read(path or Path(__file__).with_name("structures.toml"), Structures)


def load_coverage(path: Path | None = None) -> CoverageStart:
    """Read the first coverage map and its next steps. Raises InvalidSettings."""
    return _read(path or Path(__file__).with_name("coverage.toml"), CoverageStart)


def _read(path: Path, model: type[T]) -> T:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(path.name, [f"{error}."]) from None
    except ValidationError as error:
        problems = [
            ".".join(str(step) for step in problem["loc"]) + f": {problem['msg']}."
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise InvalidSettings(path.name, problems) from None


def _refuse_twice(ids: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            msg = f"the id {name} is used twice"
            raise ValueError(msg)
        seen.add(name)


def _check_bearings(structure: Structure, known: Structures) -> None:
    factors = {factor.id for factor in known.factors}
    lists = (
        (structure.signals, None, ("high", "low")),
        (structure.team, {s.id for s in known.statements}, ("true", "not_true")),
        (structure.facts, {f.id for f in known.facts}, ("yes", "no")),
    )
    for bearings, ids, whens in lists:
        for bearing in bearings:
            wrong = [
                bearing.factor not in factors and f"there is no factor {bearing.factor}",
                ids is not None and bearing.ref not in ids and f"there is no {bearing.ref}",
                bearing.when not in whens and f"{bearing.ref}: when must be {' or '.join(whens)}",
            ]
            if any(wrong):
                msg = f"{structure.id}: " + "; ".join(text for text in wrong if text)
                raise ValueError(msg)
