"""The reading desk: open answers of one round, in this session's memory, one at a time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import streamlit as st

from feedback import codebooks, opening, publishing
from feedback.custody import Keys
from feedback.opening import OpenAnswer, Snapshot
from feedback.rounds import Round, load_round
from feedback.store.box import open_box
from feedback.themes.care import reading_order
from feedback.themes.codebook import Codebook
from feedback.themes.coding import Box, Choice, Coding, Event, code, current, offered_and_chosen
from feedback.themes.language import guess
from feedback.themes.near import near_copies
from feedback.themes.suggest import CodedAnswer, Suggester, Suggestion, hit_rate
from feedback.ui import gate

SUGGESTED = 5
BATCH = 20  # answers between two pauses
LEARN_EVERY = 10  # answers between two lessons of the suggester
SOMETHING_NEW = "something_new"


@dataclass(slots=True)
class Desk:
    """What lies on the desk. ``at``: the place of the answer that is in front."""

    round: Round
    codebook: Codebook = field(repr=False)
    snapshot: Snapshot = field(repr=False)
    answers: list[OpenAnswer] = field(repr=False)
    suggester: Suggester = field(repr=False)
    copies: frozenset[int] = field(default=frozenset(), repr=False)
    at: int = 0
    read: int = 0
    turn: int = 0

    @property
    def answer(self) -> OpenAnswer | None:
        """The answer in front, or None when all are read."""
        return self.answers[self.at] if self.at < len(self.answers) else None

    @property
    def left(self) -> int:
        """How many answers nobody has coded yet."""
        coded = current(self.snapshot.events)
        return sum((answer.rid, Box(answer.box)) not in coded for answer in self.answers)

    @property
    def needs_pause(self) -> bool:
        """Say whether it is time to look up."""
        return self.read > 0 and self.read % BATCH == 0

    def coding(self) -> Coding | None:
        """Return how the answer in front was coded before."""
        answer = self.answer
        return current(self.snapshot.events).get((answer.rid, Box(answer.box))) if answer else None

    def suggestions(self) -> list[Suggestion]:
        """Return what the codebook and earlier codings suggest; people decide."""
        if self.answer is None:
            return []
        lang = guess(self.answer.text, self.answer.lang)
        return self.suggester.suggest(self.answer.text, lang, SUGGESTED)

    def hits(self) -> float | None:
        """Return the share of chosen themes that were among the suggestions, from own codings."""
        return hit_rate(offered_and_chosen(self.snapshot.events))

    def start_again(self) -> None:
        """Put the first answer in front, those that nobody has coded before the others."""
        self.answers = _in_reading_order(self.answers, self.snapshot)
        self.at = 0
        self.turn += 1

    def go(self, step: int) -> None:
        """Put the next answer in front, or the one before."""
        self.at = min(max(self.at + step, 0), len(self.answers))
        self.turn += 1


def desk(keys: Keys, today: date) -> Desk:
    """Return this session's desk; the first call opens what is new."""
    found: Desk | None = st.session_state.get(gate.OPENED)
    if found is None:
        found = _lay_out(keys, today)
        st.session_state[gate.OPENED] = found
    return found


def save(found: Desk, keys: Keys, coder: str, choice: Choice) -> None:
    """Add one coding to the sealed snapshot and put the next answer in front."""
    answer = found.answer
    if answer is None:
        return
    event = code(
        found.snapshot.events, (answer.rid, Box(answer.box)), coder, choice, secrets.token_hex(8)
    )
    found.snapshot = opening.add_events(gate.folder(), found.round, keys.codes, [event])
    found.read += 1
    if found.read % LEARN_EVERY == 0:
        found.suggester = _taught(found.codebook, found.answers, found.snapshot.events)
    found.go(1)


def _lay_out(keys: Keys, today: date) -> Desk:
    folder = gate.folder()
    a_round = load_round(folder, st.session_state[gate.ROUND])
    log = opening.Log(keys.custodians, today)
    with open_box(gate.settings().box) as box:
        snapshot = opening.open_new(
            folder, a_round, box, codes=keys.codes, words=keys.words, log=log
        )
        words = keys.words
        found = list(opening.read_words(a_round, box, snapshot, words)) if words else []
    answers = _in_reading_order(found, snapshot)
    codebook = codebooks.of_plan(folder, publishing.frozen_plan(folder, a_round))
    return Desk(
        round=a_round,
        codebook=codebook,
        snapshot=snapshot,
        answers=answers,
        suggester=_taught(codebook, answers, snapshot.events),
        copies=_copies(answers),
    )


def _in_reading_order(answers: list[OpenAnswer], snapshot: Snapshot) -> list[OpenAnswer]:
    """Return unread answers first, those with words of danger before the others."""
    coded = current(snapshot.events)
    by_key = {(answer.rid, answer.box): answer for answer in answers}
    order = reading_order((key, answer.text) for key, answer in by_key.items())
    return [by_key[key] for key in sorted(order, key=lambda key: (key[0], Box(key[1])) in coded)]


def _taught(codebook: Codebook, answers: list[OpenAnswer], events: Sequence[Event]) -> Suggester:
    coded = current(events)
    lessons = [
        CodedAnswer(answer.text, guess(answer.text, answer.lang), coding.themes)
        for answer in answers
        if (coding := coded.get((answer.rid, Box(answer.box)))) is not None
    ]
    return Suggester(codebook, lessons)


def _copies(answers: list[OpenAnswer]) -> frozenset[int]:
    pairs = near_copies([answer.text for answer in answers])
    return frozenset(place for pair in pairs for place in (pair.one, pair.other))
