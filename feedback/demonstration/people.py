"""The people of the demonstration: invented answers that hang together, repeatable by seed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any

from feedback.demonstration.words import About, Comment, WordBank, load_comments
from feedback.questionnaire.definition import (
    DOES_NOT_APPLY,
    Kind,
    Question,
    Questionnaire,
    load_questionnaire,
)

# Where a person's leaning turns into an answer: below the first cut strongly disagree, and so on.
# More room for agreeing than for disagreeing, as in real surveys of satisfaction.
CUTS = (-1.4, -0.75, -0.25, 0.75)
SCALE = ("strongly_disagree", "disagree", "middle", "agree", "strongly_agree")
CHANCE = 0.8  # spread of one answer around what a person's experience would give
# What people write about rather than not, in percent.
ABOUT = {About.TREATMENT: 44, About.OWN: 46, About.ANYTHING: 10}

_BELL = NormalDist()


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person.

    ``fields``: what the browser would post, question id and option id or text, in the order of
    the form; several choices repeat the id. ``themes`` and ``flags``: by open question, as a
    careful coder would code the text. ``share``: the words may be shared, reworded.
    """

    lang: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    themes: Mapping[str, tuple[str, ...]] = field(repr=False)
    flags: Mapping[str, tuple[str, ...]] = field(repr=False)
    share: bool


def invent(count: int, *, seed: int, chapter: int) -> Iterator[Person]:
    """Invent ``count`` people who answer one round; the same for the same seed and chapter.

    ``chapter``: 0 the first round, 1 the second (after a decision, things are explained better
    and told less often), 2 the third. Up to the size of the bank no two comments are equal.
    """
    model = _load_model(load_questionnaire())
    random = Random(f"{seed}/{chapter}")  # noqa: S311 - the demonstration has to be repeatable
    bank = WordBank(load_comments(), people=count, seed=seed, chapter=chapter)
    luck = {name: _spread(count, random) for name in ("mood", *model.asked)}
    for number in range(count):
        person = _Sheet(model, random, {name: column[number] for name, column in luck.items()})
        person.begin(chapter)
        person.answer()
        yield person.written(bank)


@dataclass(frozen=True, slots=True)
class _Ask:
    """How one question is answered: the table `ask` of `people.toml`."""

    question: Question
    not_for: frozenset[str]
    skip: float
    weights: Mapping[str, float]
    times: Mapping[str, Mapping[str, float]]
    picks: tuple[float, ...]
    level: float
    pull: float
    shifts: Mapping[str, float]
    not_for_me: float


@dataclass(frozen=True, slots=True)
class _Write:
    """How many write into a box, in percent, and for whom it is more or less."""

    share: float
    times: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Model:
    """`people.toml`, read."""

    spanish: float
    tags: Mapping[str, frozenset[str]]
    asked: Mapping[str, _Ask]
    write: Mapping[str, _Write]
    order: tuple[Question, ...]


class _Sheet:
    """One person while answering. ``tags`` is all that is known of the person so far."""

    def __init__(self, model: _Model, random: Random, luck: Mapping[str, float]) -> None:
        self._model = model
        self._random = random
        self._luck = luck
        self._tags: set[str] = set()
        self._picked: dict[str, tuple[str, ...]] = {}

    def begin(self, chapter: int) -> None:
        """Set the language and the round."""
        self._tags.add("es" if self._happens(self._model.spanish) else "en")
        if chapter:
            self._tags.add(f"round_{min(chapter, 2)}")

    def answer(self) -> None:
        """Answer the questions that have options, one by one, each knowing those before."""
        for name, ask in self._model.asked.items():
            if ask.not_for & self._tags or self._happens(ask.skip):
                continue
            self._picked[name] = self._answer(ask)
            self._learn(ask, self._picked[name])

    def written(self, bank: WordBank) -> Person:
        """Return the finished person, with words from the bank."""
        lang = "es" if "es" in self._tags else "en"
        comments: dict[str, Comment] = {}
        for box in ("change", "keep"):
            about = tuple(About)[self._draw(ABOUT.values())]
            if self._writes(box) and (comment := bank.take(box, lang, self._tags, about)):
                comments[box] = comment
        return Person(
            lang=lang,
            fields=tuple(self._fields(comments)),
            themes={box: comment.themes for box, comment in comments.items()},
            flags={box: comment.flags for box, comment in comments.items() if comment.flags},
            share=bool(comments) and self._writes("share"),
        )

    def _answer(self, ask: _Ask) -> tuple[str, ...]:
        if ask.question.kind is Kind.SCALE:
            return (self._leaning(ask),)
        picks = 1 + self._draw(ask.picks) if ask.picks else 1
        return self._choices(ask, picks)

    def _leaning(self, ask: _Ask) -> str:
        if self._happens(ask.not_for_me):
            return DOES_NOT_APPLY
        where = ask.level + ask.pull * self._luck["mood"] + CHANCE * self._luck[ask.question.id]
        where += sum(shift for tag, shift in ask.shifts.items() if tag in self._tags)
        return SCALE[sum(where > cut for cut in CUTS)]

    def _choices(self, ask: _Ask, picks: int) -> tuple[str, ...]:
        weights = dict(ask.weights)
        for tag, times in ask.times.items():
            if tag in self._tags:
                weights.update({option: weights[option] * by for option, by in times.items()})
        alone = {option.id for option in ask.question.options if option.alone}
        chosen: list[str] = []
        while len(chosen) < picks:
            options = list(weights)
            option = options[self._draw(weights.values())]
            if option in alone:
                return (option,) if not chosen else tuple(chosen)
            chosen.append(option)
            del weights[option]
        return tuple(chosen)

    def _learn(self, ask: _Ask, answers: tuple[str, ...]) -> None:
        if ask.question.kind is Kind.SCALE:
            side = {0: "no", 1: "no", 3: "yes", 4: "yes"}
            if answers[0] in SCALE and (agrees := side.get(SCALE.index(answers[0]))):
                self._tags.add(f"{ask.question.id}:{agrees}")
            return
        self._tags.update(answers)
        self._tags.update(t for t, implied in self._model.tags.items() if implied & set(answers))
        if "last_3_months" in answers and self._tags & {"round_1", "round_2"}:
            self._tags.add("since_change")

    def _writes(self, what: str) -> bool:
        write = self._model.write[what]
        share = write.share
        for tag, times in write.times.items():
            if tag in self._tags:
                share *= times
        return self._happens(share)

    def _fields(self, comments: Mapping[str, Comment]) -> Iterator[tuple[str, str]]:
        for question in self._model.order:
            if question.id in comments:
                yield question.id, comments[question.id].text
            picked = self._picked.get(question.id, ())
            yield from ((question.id, o) for o in question.option_ids if o in picked)

    def _happens(self, percent: float) -> bool:
        return self._random.random() * 100 < percent

    def _draw(self, weights: Iterable[float]) -> int:
        sums = list(accumulate(weights))
        point = self._random.random() * sums[-1]
        return next(place for place, reached in enumerate(sums) if point < reached)


def _spread(count: int, random: Random) -> list[float]:
    """Return a bell curve of ``count`` values, one from each of ``count`` equal slices, mixed.

    A small round then shows the story of the demonstration as well as a large one.
    """
    values = [_BELL.inv_cdf((place + 0.5) / count) for place in range(count)]
    random.shuffle(values)
    return values


def _load_model(questionnaire: Questionnaire) -> _Model:
    path = Path(__file__).with_name("people.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return _Model(
        spanish=data["spanish"],
        tags={tag: frozenset(answers) for tag, answers in data["tags"].items()},
        asked={name: _ask(name, table, questionnaire) for name, table in data["ask"].items()},
        write={
            what: _Write(table["share"], table.get("times", {}))
            for what, table in data["write"].items()
        },
        order=questionnaire.questions,
    )


def _ask(name: str, table: Mapping[str, Any], questionnaire: Questionnaire) -> _Ask:
    rule = questionnaire.skip_rule(name)
    return _Ask(
        question=questionnaire.by_id[name],
        not_for=frozenset(rule.answers if rule else ()),
        skip=table["skip"],
        weights=table.get("weights", {}),
        times=table.get("times", {}),
        picks=tuple(table.get("picks", ())),
        level=table.get("level", 0.0),
        pull=table.get("pull", 0.0),
        shifts=table.get("shifts", {}),
        not_for_me=table.get("not_for_me", 0.0),
    )
