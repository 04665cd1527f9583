"""The writer's safety check on the server: what in somebody's words could tell who they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from feedback.questionnaire.answers import Answers
from feedback.questionnaire.definition import Kind, Question, Questionnaire
from feedback.themes.safety import Span, check_writing

TAKEN_OUT = "[…]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; ``kind`` says what was seen in it, or nothing."""

    text: str = field(repr=False)
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen in the answer to one question, shown once and never kept."""

    question: Question
    pieces: tuple[Piece, ...] = field(repr=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return what was seen, each kind once."""
        return tuple(dict.fromkeys(piece.kind for piece in self.pieces if piece.kind))


def look_over(answers: Answers, questionnaire: Questionnaire) -> tuple[Finding, ...]:
    """Return what the writer may want to take out, question by question."""
    found = ((name, text, check_writing(text)) for name, text in answers.words.items())
    return tuple(
        Finding(questionnaire.by_id[name], tuple(_pieces(text, spans)))
        for name, text, spans in found
        if spans
    )


def take_out(text: str) -> str:
    """Return a text with a mark in place of everything that the check sees."""
    pieces = _pieces(text, check_writing(text))
    return "".join(TAKEN_OUT if piece.kind else piece.text for piece in pieces)


def take_out_of(
    given: dict[str, tuple[str, ...]], questionnaire: Questionnaire
) -> dict[str, tuple[str, ...]]:
    """Return answers with that done to every open one."""
    open_ids = {q.id for q in questionnaire.questions if q.kind is Kind.OPEN}
    return {
        name: tuple(map(take_out, several)) if name in open_ids else several
        for name, several in given.items()
    }


def _pieces(text: str, spans: Iterable[Span]) -> Iterable[Piece]:
    at = 0
    for span in spans:
        yield Piece(text[at : span.start])
        yield Piece(text[span.start : span.end], span.kind)
        at = span.end
    yield Piece(text[at:])
