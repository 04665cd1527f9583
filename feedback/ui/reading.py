"""The reading desk: open answers of one round, in this session's memory, one at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import streamlit as st

from feedback import codebooks, opening, publishing
from feedback.custody import Keys
from feedback.errors import ThroughlineError
from feedback.opening import OpenAnswer, Snapshot
from feedback.rounds import Round, load_round
from feedback.store.box import open_box
from feedback.themes.care import Turn, reading_order, turn
from feedback.themes.codebook import Codebook
from feedback.themes.coding import (
    Box,
    Choice,
    Coding,
    Event,
    Key,
    amend,
    code,
    current,
    latest_of,
    offered_and_chosen,
    readings,
    undo,
    unsettled,
)
from feedback.themes.hiding import Place, hidden, hide
from feedback.themes.language import guess
from feedback.themes.masking import Segment, mask
from feedback.themes.near import near_copies
from feedback.themes.second import sample as read_twice_of
from feedback.themes.second import waiting_for
from feedback.themes.suggest import CodedAnswer, Suggester, Suggestion, hit_rate
from feedback.ui import gate

SUGGESTED = 5
BATCH = 20  # answers between two pauses
LEARN_EVERY = 10  # answers between two lessons of the suggester
SOMETHING_NEW = "something_new"
READER = "reader"  # who reads, as chosen on the screen


class Pile(StrEnum):
    """Which answers lie in front of a reader."""

    UNREAD = "unread"  # nobody has read them
    AGAIN = "again"  # somebody has; the coding that stands is shown
    REST = "rest"  # nobody has read them, and they are not in the round's random sample
    SECOND = "second"  # another has; no coding and no suggestion is shown


@dataclass(slots=True)
class Desk:
    """What lies on the desk.

    ``queue`` and ``at``: the pile in front, and the place in it. ``turn`` counts what was put in
    front, so that nothing on the screen is carried over; ``seen``, ``shown`` and ``hiding`` say of
    which turn the cover or the mask was taken off, or the words lie open to be hidden; ``paused``
    at which count of answers the pause ended.
    ``flags`` are switched on for the answer in front. ``marks`` and ``asked`` are what buttons wish
    for it, until the page fulfils them; ``heard`` counts them; ``failed`` is what to say of them.
    ``waiting`` are those that this reader is to read blind. ``sample`` says how many
    people were drawn, when the round is that large; ``beside`` are answers of the others that no
    word of danger brings forward.
    """

    round: Round
    codebook: Codebook = field(repr=False)
    snapshot: Snapshot = field(repr=False)
    answers: Mapping[Key, OpenAnswer] = field(repr=False)
    suggester: Suggester = field(repr=False)
    copies: Mapping[Key, Key] = field(repr=False)
    drawn: frozenset[Key] = field(repr=False)
    sample: frozenset[int] | None = field(default=None, repr=False)
    beside: frozenset[Key] = field(default=frozenset(), repr=False)
    reader: str = ""
    pile: Pile = Pile.UNREAD
    queue: list[Key] = field(default_factory=list, repr=False)
    at: int = 0
    read: int = 0
    turn: int = 0
    picked: list[str] = field(default_factory=list, repr=False)
    flags: set[str] = field(default_factory=set, repr=False)
    note: str = field(default="", repr=False)
    marks: list[Callable[[], object]] = field(default_factory=list, repr=False)
    asked: Callable[[], object] | None = field(default=None, repr=False)
    heard: int = 0
    failed: str = ""
    seen: int = 0
    shown: int = 0
    hiding: int = 0
    paused: int = 0
    standing: dict[Key, Coding] = field(default_factory=dict, repr=False)
    waiting: frozenset[Key] = field(default=frozenset(), repr=False)
    unlike: dict[Key, list[Coding]] = field(default_factory=dict, repr=False)
    hidden: Mapping[Key, list[Event]] = field(default_factory=dict, repr=False)
    has_coded: bool = False
    covers: bool = True
    hides: bool = False

    @property
    def key(self) -> Key | None:
        """Which answer is in front, or None at the end of the pile."""
        return self.queue[self.at] if self.at < len(self.queue) else None

    @property
    def left(self) -> int:
        """How many answers that are to be read nobody has coded yet."""
        return sum(key not in self.standing for key in self.answers.keys() - self.beside)

    @property
    def left_beside(self) -> int:
        """How many answers outside the sample nobody has coded."""
        return sum(key not in self.standing for key in self.beside)

    @property
    def is_outside(self) -> bool:
        """Say whether the answer in front is of somebody who was not drawn."""
        return self.sample is not None and self.key is not None and self.key[0] not in self.sample

    @property
    def needs_pause(self) -> bool:
        """Say whether it is time to look up."""
        return self.read > 0 and self.read % BATCH == 0

    def put(self, snapshot: Snapshot) -> None:
        """Lay a newer snapshot on the desk, and see what stands by it."""
        self.snapshot = snapshot
        events = snapshot.events
        self.standing = current(events)
        self.waiting = waiting_for(events, self.drawn, self.reader)
        self.unlike = {key: them for key, them in unsettled(events).items() if key in self.answers}
        self.hidden = hidden(events)
        self.has_coded = bool(latest_of(events, self.reader))

    def sit(self, reader: str, pile: Pile) -> None:
        """Let somebody sit down before a pile."""
        if reader != self.reader:
            self.reader = reader
            self.put(self.snapshot)
        self.pile = pile
        keys = [key for key in self.answers if self._is_wanted(key)]
        self._front(keys, 0)

    def go(self, step: int) -> None:
        """Put the next answer in front that waits to be read, or the one before."""
        at = self.at + step
        while step > 0 and at < len(self.queue) and not self._is_wanted(self.queue[at]):
            at += 1  # a colleague has read it meanwhile
        self._front(self.queue, min(max(at, 0), len(self.queue)))

    def show(self, key: Key) -> None:
        """Put this answer in front."""
        if key not in self.queue:
            self.queue.insert(self.at, key)
        self._front(self.queue, self.queue.index(key))

    def before(self) -> Coding | None:
        """Return the coding that the reader may see of the answer in front."""
        if self.key is None:
            return None
        if self.pile is Pile.SECOND:
            return readings(self.snapshot.events).get(self.reader, {}).get(self.key)
        return self.standing.get(self.key)

    def pieces(self, key: Key) -> list[Segment]:
        """Return an answer in pieces, of which some are hidden: by rules, or by a reader's hand."""
        by_hand = [(event.start, event.end) for event in self.hidden.get(key, ())]
        return mask(self.answers[key].text, by_hand)

    def suggestions(self) -> list[Suggestion]:
        """Return what the codebook and earlier codings suggest; people decide."""
        if self.key is None or self.pile is Pile.SECOND or not self.has_words_for(self.key):
            return []
        text = self.answers[self.key].text
        return self.suggester.suggest(text, self.language(self.key), SUGGESTED)

    def language(self, key: Key) -> str:
        """Return in which language an answer seems to be."""
        return guess(self.answers[key].text, self.answers[key].lang)

    def has_words_for(self, key: Key) -> bool:
        """Say whether the codebook speaks the language of an answer."""
        return self.language(key) in self.codebook.languages

    def hits(self) -> float | None:
        """Return the share of chosen themes that were among the suggestions, from own codings."""
        return hit_rate(offered_and_chosen(self.snapshot.events))

    def label(self, theme: str) -> str:
        """Return the name of a theme; of one that this codebook does not have, its id."""
        try:
            return self.codebook.label(theme, "en")
        except KeyError:
            return theme

    def _is_wanted(self, key: Key) -> bool:
        if self.pile is Pile.SECOND:
            return key in self.waiting
        if self.pile is not Pile.AGAIN and (key in self.beside) is not (self.pile is Pile.REST):
            return False
        return (key in self.standing) is (self.pile is Pile.AGAIN) and key not in self.waiting

    def _front(self, queue: list[Key], at: int) -> None:
        self.queue, self.at = queue, at
        self.turn += 1
        self.marks, self.asked = [], None
        before = self.before()
        self.picked = list(before.themes) if before else []
        self.flags = set(before.flags) if before else set()


def desk(keys: Keys, today: date) -> Desk:
    """Return this session's desk; the first call opens what is new."""
    found: Desk | None = st.session_state.get(gate.OPENED)
    if found is None:
        found = _lay_out(keys, today)
        st.session_state[gate.OPENED] = found
    return found


def open_again(found: Desk, keys: Keys, today: date) -> None:
    """Lay out the desk anew, and try once more to open what is in quarantine."""
    anew = _lay_out(keys, today, again=True)
    anew.covers, anew.hides = found.covers, found.hides
    st.session_state[gate.OPENED] = anew
    st.session_state.pop(gate.DOING, None)


def save(found: Desk, keys: Keys, choice: Choice) -> None:
    """Add one coding to the sealed snapshot and put the next answer in front."""
    if found.key is None:
        return
    before, events, new = found.before(), found.snapshot.events, secrets.token_hex(8)
    event = (
        amend(events, before, found.reader, choice, new)
        if before
        else code(events, found.key, found.reader, choice, new)
    )
    _add(found, keys, [event])
    found.read += 1
    if found.read % LEARN_EVERY == 0:
        found.suggester = _taught(found.codebook, found.answers, found.standing)
    found.go(1)


def change(found: Desk, keys: Keys, choices: Mapping[Key, Choice]) -> None:
    """Put other choices in the place of codings that stand, as one thing that is taken back."""
    events = found.snapshot.events
    _add(
        found,
        keys,
        [
            amend(events, found.standing[key], found.reader, choice, secrets.token_hex(8))
            for key, choice in choices.items()
        ],
    )


def hide_only(found: Desk, keys: Keys, key: Key, places: Collection[Place]) -> None:
    """Hide exactly these words of an answer by hand, beside what rules hide."""
    events, before = found.snapshot.events, found.hidden.get(key, ())
    new = set(places) - {(event.start, event.end) for event in before}
    gone = [event for event in before if (event.start, event.end) not in places]
    more = [hide(events, key, found.reader, place, secrets.token_hex(8)) for place in new]
    more += [undo(events, one.id, found.reader, secrets.token_hex(8)) for one in gone]
    _add(found, keys, more)


def take_back(found: Desk, keys: Keys, coder: str) -> None:
    """Take back what somebody did last, and put that answer in front."""
    events = found.snapshot.events
    last = latest_of(events, coder)
    _add(found, keys, [undo(events, one.id, coder, secrets.token_hex(8)) for one in last])
    if last and last[0].key in found.answers:
        found.show(last[0].key)


def refresh(found: Desk, keys: Keys) -> None:
    """Lay on the desk what colleagues have added meanwhile."""
    found.put(opening.read_snapshot(gate.folder(), found.round, keys.codes))


def attempt(act: Callable[..., None], found: Desk, *given: object) -> None:
    """Do what a button asks for; a refusal is kept for the next drawing of the page."""
    try:
        act(found, *given)
    except ThroughlineError as refused:
        found.failed = f"Not saved: {refused}"


def _add(found: Desk, keys: Keys, events: Iterable[Event]) -> None:
    found.put(opening.add_events(gate.folder(), found.round, keys.codes, events))


def _lay_out(keys: Keys, today: date, *, again: bool = False) -> Desk:
    folder = gate.folder()
    a_round = load_round(folder, st.session_state[gate.ROUND])
    log = opening.Log(keys.custodians, today)
    with open_box(gate.settings().box) as box:
        snapshot = opening.open_new(
            folder, a_round, box, codes=keys.codes, words=keys.words, log=log, again=again
        )
        words = keys.words
        opened = list(opening.read_words(a_round, box, snapshot, words)) if words else []
    answers = {(one.rid, Box(one.box)): one for one in opened}
    answers = {
        key: answers[key] for key in reading_order((key, a.text) for key, a in answers.items())
    }
    plan = publishing.frozen_plan(folder, a_round)
    codebook = codebooks.of_plan(folder, plan)
    sample = opening.draw_sample(snapshot, plan, keys.team_seed)
    beside = frozenset(
        key
        for key, answer in answers.items()
        if sample is not None and key[0] not in sample and turn(answer.text) is not Turn.FIRST
    )
    found = Desk(
        round=a_round,
        codebook=codebook,
        snapshot=snapshot,
        answers=answers,
        suggester=_taught(codebook, answers, current(snapshot.events)),
        copies=_copies(answers),
        drawn=read_twice_of(
            [key for key in answers if sample is None or key[0] in sample], a_round.deployment
        ),
        sample=sample,
        beside=beside,
    )
    found.sit(keys.custodians[0], Pile.UNREAD)
    return found


def _taught(
    codebook: Codebook, answers: Mapping[Key, OpenAnswer], standing: Mapping[Key, Coding]
) -> Suggester:
    lessons = [
        CodedAnswer(answer.text, guess(answer.text, answer.lang), standing[key].themes)
        for key, answer in answers.items()
        if key in standing
    ]
    return Suggester(codebook, lessons)


def _copies(answers: Mapping[Key, OpenAnswer]) -> dict[Key, Key]:
    """Return for each answer another one in almost the same words, where there is one."""
    keys: Sequence[Key] = list(answers)
    found: dict[Key, Key] = {}
    for pair in near_copies([answer.text for answer in answers.values()]):
        found.setdefault(keys[pair.one], keys[pair.other])
        found.setdefault(keys[pair.other], keys[pair.one])
    return found
