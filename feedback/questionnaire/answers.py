"""One person's answers: read from a form, packed into two parts to be sealed, and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from unicodedata import category

from feedback.errors import InvalidAnswers
from feedback.questionnaire.definition import DOES_NOT_APPLY, Kind, Question, Questionnaire

T = TypeVar("T")

VERSION = 1  # of the two JSON parts; docs/reference/formats.md


class Mark(StrEnum):
    """What else is known of a response; sealed with it, never beside it."""

    PAPER = "paper"  # typed in by the program's staff from paper or read aloud
    TRAP = "trap"  # the field that no person sees was filled in
    SHARE = "share"  # the person ticked that their words may be shared, reworded


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person answered.

    ``picked`` maps a question id to option ids (one for single and scale questions);
    ``words`` maps an open question's id to text. Skipped questions are absent.
    """

    lang: str
    picked: Mapping[str, tuple[str, ...]] = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    marks: frozenset[Mark] = frozenset()


def read_answers(
    fields: Iterable[tuple[str, str]],
    questionnaire: Questionnaire,
    *,
    lang: str,
    marks: Iterable[Mark] = (),
) -> Answers:
    """Read the fields of a form: choices by option id, several choices as repeated fields.

    Fields that are no question are ignored. More picks than asked for are kept: the form
    only advises. An answer that excludes the others gives way to them.

    Raises:
        InvalidAnswers: ``problems`` maps question id to ``unknown`` (no such option), ``twice``
            (two answers to a question that takes one) or ``long`` (too many characters).
    """
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name in questionnaire.by_id and value.strip():
            given.setdefault(name, []).append(value)
    picked: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, values in given.items():
        question = questionnaire.by_id[name]
        problem = _problem(question, values)
        if problem:
            problems[name] = problem
        elif question.kind is Kind.OPEN:
            words[name] = clean_text(values[0])
        else:
            picked[name] = _in_order(question, values)
    if problems:
        raise InvalidAnswers(problems)
    return Answers(lang=lang, picked=picked, words=words, marks=frozenset(marks))


def clean_text(text: str) -> str:
    """Return text with one kind of line end and without control characters or half letters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or category(c) not in {"Cc", "Cs"}).strip()


def _problem(question: Question, values: list[str]) -> str | None:
    if question.kind is not Kind.MULTI and len(values) > 1:
        return "twice"
    if question.kind is Kind.OPEN:
        return "long" if len(clean_text(values[0])) > question.longest else None
    return None if set(values) <= set(question.option_ids) else "unknown"


def _in_order(question: Question, values: list[str]) -> tuple[str, ...]:
    chosen = [option for option in question.options if option.id in values]
    together = [option for option in chosen if not option.alone]
    return tuple(option.id for option in (together or chosen[:1]))


def pack(answers: Answers, questionnaire: Questionnaire, *, pair: str) -> tuple[bytes, bytes]:
    """Return the codes part and the words part of a response, each as compact JSON.

    ``pair`` is 16 random hex digits that stand in both parts, so that the codes of one
    person cannot be put beside the words of another. Picks are written as places in the
    option list: short enough that every response fits the same size.
    """
    codes: dict[str, Any] = {
        "v": VERSION,
        "f": questionnaire.digest,
        "pair": pair,
        "lang": answers.lang,
    }
    if answers.marks:
        codes["marks"] = sorted(answers.marks)
    codes["a"] = {
        name: _places(questionnaire.by_id[name], options)
        for name, options in answers.picked.items()
    }
    words = {"v": VERSION, "f": questionnaire.digest, "pair": pair, "t": dict(answers.words)}
    return _compact(codes), _compact(words)


def _places(question: Question, options: tuple[str, ...]) -> int | list[int]:
    places = sorted(question.option_ids.index(option) for option in options)
    return places if question.kind is Kind.MULTI else places[0]


def _compact(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Codes:
    """The opened codes part: the pair, and answers whose words stay sealed."""

    pair: str
    answers: Answers = field(repr=False)


def unpack_codes(data: bytes, questionnaire: Questionnaire) -> Codes:
    """Read an opened codes part. Raises InvalidAnswers when it does not fit the questionnaire."""
    return _unpack(data, questionnaire, _codes)


def unpack_words(data: bytes, questionnaire: Questionnaire) -> tuple[str, dict[str, str]]:
    """Read an opened words part: its pair and the text by question id. Raises InvalidAnswers."""
    return _unpack(data, questionnaire, _words)


def _unpack(
    data: bytes, questionnaire: Questionnaire, read: Callable[[Any, Questionnaire], T]
) -> T:
    try:
        return read(json.loads(str(data, "utf-8")), questionnaire)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
        # The cause could quote an answer.
        raise InvalidAnswers({"response": "does not fit the questionnaire"}) from None


def _codes(part: Any, questionnaire: Questionnaire) -> Codes:  # noqa: ANN401
    _check_header(part, questionnaire)
    picked = {}
    for name, given in part["a"].items():
        question = questionnaire.by_id[name]
        if question.several:
            picked[name] = _several(question, given)
        elif type(given) is int and given >= 0:
            picked[name] = question.picks[given]
        else:
            raise ValueError
    marks = frozenset(map(Mark, part.get("marks", ())))
    lang = part["lang"]
    if not isinstance(lang, str) or len(lang) > 12:
        raise ValueError
    return Codes(part["pair"], Answers(lang=lang, picked=picked, words={}, marks=marks))


def _several(question: Question, places: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the options at these places, which stand in order and each once."""
    picked, before = [], -1
    for place in places:
        if type(place) is not int or place <= before:
            raise ValueError
        picked.append(question.option_ids[place])
        before = place
    if len(picked) > 1 and not question.alone.isdisjoint(places):
        raise ValueError
    return tuple(picked)


def _words(part: Any, questionnaire: Questionnaire) -> tuple[str, dict[str, str]]:  # noqa: ANN401
    _check_header(part, questionnaire)
    texts = {}
    for name, text in part["t"].items():
        question = questionnaire.by_id[name]
        if question.kind is not Kind.OPEN or len(text) > question.longest:
            raise ValueError
        texts[name] = clean_text(text)
    return part["pair"], texts


def _check_header(part: Any, questionnaire: Questionnaire) -> None:  # noqa: ANN401
    pair = part["pair"]
    if part["v"] != VERSION or part["f"] != questionnaire.digest:
        raise ValueError
    if not isinstance(pair, str) or len(pair) != 16:
        raise ValueError


def applied(answers: Answers, questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Return picks with *does not apply* for what a skipped section asked and nobody answered."""
    picked = dict(answers.picked)
    for section in questionnaire.sections:
        skip = section.skip_when
        if skip and set(answers.picked.get(skip.question, ())) & set(skip.answers):
            for question in section.questions:
                if question.kind is not Kind.OPEN:
                    picked.setdefault(question.id, (DOES_NOT_APPLY,))
    return picked
