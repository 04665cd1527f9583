"""The words for question, answer and theme ids, so that no screen prints an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedback.questionnaire.definition import Kind, Questionnaire

_PICK = re.compile(r"(?<=[?.])\s+(Pick|Marca|Elige) [^.]*\.\s*$")  # how to tick, in both languages


@dataclass(frozen=True, slots=True)
class Wording:
    """What people were asked and could answer, by id."""

    questions: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()

    def question(self, question: str) -> str:
        """Return what was asked, without "Pick any."."""
        return _PICK.sub("", self.questions.get(question, "")) or _plain(question)

    def answer(self, question: str, answer: str) -> str:
        """Return the words of an option, or of a theme when the question is an open one."""
        return self.answers.get((question, answer)) or self.theme(answer)

    def theme(self, theme: str) -> str:
        """Return the label of a theme."""
        return self.themes.get(theme) or _plain(theme)


def wording_from(
    questionnaires: Iterable[Questionnaire], themes: Mapping[str, str] | None = None
) -> Wording:
    """Collect the words of what was asked; ``themes`` maps theme id to label.

    When two questionnaires ask the same question, the later one's words stay.
    """
    asked = {q.id: q for sheet in questionnaires for q in sheet.questions}
    return Wording(
        questions={q.id: q.text for q in asked.values()},
        answers={(q.id, option.id): option.text for q in asked.values() for option in q.options},
        themes=dict(themes or {}),
        reversed=frozenset(q.id for q in asked.values() if q.reversed),
        scales=frozenset(q.id for q in asked.values() if q.kind is Kind.SCALE),
    )


def _plain(name: str) -> str:
    return name.replace("_", " ") or "unnamed"
