"""What one round asks: the core, at most one focus module, and what people said last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from feedback.questionnaire.definition import Questionnaire, Section, load_questionnaire

BANK = Path(__file__).with_name("bank.toml")
LAST_TIME = "last_time"  # the section that shows what people said; not a module
SOUNDS_RIGHT = "sounds_right"  # its one question
NEEDS_AGREEMENT = "equity"  # it asks who people are, so somebody has to have agreed to it

# Where a module stands: after everything that the core asks by ticking, before the open words.
BEFORE_WORDS, BEFORE_AGE = "words", "age"


@lru_cache(maxsize=1)
def modules() -> Mapping[str, Section]:
    """Return the focus modules by their id, in the order of the bank."""
    bank = load_questionnaire(BANK).sections
    return MappingProxyType({s.id: s for s in bank if s.id != LAST_TIME})


def compose(
    core: Questionnaire, *, module: Section | None = None, heard: Sequence[Mapping[str, str]] = ()
) -> Questionnaire:
    """Return the core with a module in it and, when there is something to show, `sounds_right`.

    ``heard`` are themes of the last release, each by language, English among them. They are shown
    after the open words, so that they do not put words into anybody's mouth.
    """
    if module is None and not heard:
        return core
    sections, name = list(core.sections), core.id
    if module is not None:
        sections.insert(_place(sections, BEFORE_WORDS), module)
        name += f"_{module.id}"
    if heard:
        sections.insert(_place(sections, BEFORE_AGE), _last_time(heard))
        name += "_said"
    return Questionnaire(id=name, version=core.version, sections=tuple(sections))


def _place(sections: Sequence[Section], before: str) -> int:
    return next((n for n, s in enumerate(sections) if s.id == before), len(sections))


def _last_time(heard: Sequence[Mapping[str, str]]) -> Section:
    found = next(s for s in load_questionnaire(BANK).sections if s.id == LAST_TIME)
    shown = tuple(dict(theme) for theme in heard)
    asked = tuple(replace(q, heard=shown) for q in found.questions)
    return replace(found, questions=asked)
