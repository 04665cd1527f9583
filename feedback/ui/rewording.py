"""The desk for paraphrases: whose words may be reworded, what is written so far, what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from feedback import ledgers, opening, paraphrases
from feedback.custody import Keys
from feedback.disclosure import quotes
from feedback.disclosure.quotes import Place
from feedback.disclosure.release import Release
from feedback.errors import EditConflict, ReleaseRefused
from feedback.opening import OpenAnswer
from feedback.paraphrases import Hand, People
from feedback.themes import paraphrase
from feedback.themes.coding import Box, Key
from feedback.themes.guard import Guard, drifts, repeats_hidden
from feedback.themes.language import guess
from feedback.themes.paraphrase import Changes, Paraphrase, Paraphrases, State
from feedback.themes.suggest import AMONG
from feedback.ui import gate, reading


@dataclass(slots=True)
class Desk:
    """What lies on the desk. ``at``: the place of the answer in front; ``turn``: new for each."""

    reading: reading.Desk = field(repr=False)
    release: Release = field(repr=False)
    guard: Guard = field(repr=False)
    at: int = 0
    turn: int = 0

    @property
    def answers(self) -> list[OpenAnswer]:
        """The answers that may be reworded: counted, shared by their writers, none needing care."""
        found, sample = self.reading, self.reading.sample
        may = found.snapshot.may_be_reworded
        return [
            answer
            for key, answer in found.answers.items()
            if key[0] in may and key in found.standing and (sample is None or key[0] in sample)
        ]

    @property
    def written(self) -> Paraphrases:
        """Every paraphrase of the round, by whose words it stands for."""
        return self.reading.snapshot.paraphrases

    @property
    def single_person(self) -> bool:
        """Say whether the plan of the round lets one person do both."""
        return self.release.plan.single_person

    @property
    def people(self) -> People:
        """How many answered, and how many of them may be reworded."""
        everybody = self.reading.snapshot.responses
        return People(len(everybody), len({answer.rid for answer in self.answers}))

    def too_small(self) -> list[str]:
        """Return why this round can have no paraphrases."""
        people = self.people
        return quotes.too_small(self.release.plan, people=people.all, consenting=people.consenting)

    def label(self, box: str, theme: str) -> str:
        """Return the words for a theme, as the release has them."""
        return next(a.text for a in self.release.plan.question(box).answers if a.id == theme)

    def free_themes(self, answer: OpenAnswer) -> list[str]:
        """Return the themes of an answer under which there is room for one more sentence."""
        taken = [
            (one.box, one.theme)
            for rid, one in self.written.items()
            if rid != answer.rid and one.state is not State.SENT_BACK
        ]
        return [
            theme
            for theme in self.reading.standing[key_of(answer)].themes
            if quotes.has_room(self.release, (answer.box, theme), taken)
        ]

    def to_write(self) -> list[OpenAnswer]:
        """Return where something can be written: sent back, then new, then written already."""
        order = {State.SENT_BACK: 0, None: 1, State.WRITTEN: 2}
        found: list[tuple[int, OpenAnswer]] = []
        for answer in self.answers:
            one = self.written.get(answer.rid)
            mine = one is None or (one.box == answer.box and not one.is_approved)
            if mine and self.free_themes(answer):
                found.append((order[one.state if one else None], answer))
        return [answer for _, answer in sorted(found, key=lambda each: each[0])]

    def waiting(self, person: str) -> list[tuple[OpenAnswer, Paraphrase]]:
        """Return what waits for this person as the second one, each beside its original."""
        return [
            (answer, one)
            for answer in self.answers
            if (one := self.written.get(answer.rid)) is not None
            and (one.box, one.state) == (answer.box, State.WRITTEN)
            and (one.by != person or self.single_person)
        ]

    def approved(self) -> list[Paraphrase]:
        """Return what two people agreed on, in the order of the release."""
        places = list(quotes.places(self.release))
        found = [one for one in self.written.values() if one.is_approved]
        return sorted(found, key=lambda one: (_order(places, one), one.text))

    def problems(self, text: str, answer: OpenAnswer) -> list[str]:
        """Return why a text cannot stand for an answer."""
        by_hand = self.reading.hidden.get(key_of(answer), ())
        hidden = [answer.text[event.start : event.end] for event in by_hand]
        return self.guard.problems(text, answer.text) + repeats_hidden(text, hidden)

    def other_themes(self, text: str, theme: str) -> list[str]:
        """Return the themes a text sounds like when its own is not among them."""
        lang = guess(text, "en")
        found = [one.theme for one in self.reading.suggester.suggest(text, lang, AMONG)]
        return [self.reading.label(each) for each in found] if drifts(theme, found) else []

    def go(self, step: int) -> None:
        """Put the next answer in front, or the one before; after the last comes the first."""
        self.at += step
        self.turn += 1

    def keep(self, keys: Keys, changes: Changes) -> None:
        """Note changes in the sealed snapshot.

        Raises EditConflict when others changed the same; what they did lies on the desk then.
        """
        folder, a_round = gate.folder(), self.reading.round
        try:
            kept = opening.keep_paraphrases(folder, a_round, keys.codes, self.written, changes)
        except EditConflict:
            self.reading.put(opening.read_snapshot(folder, a_round, keys.codes))
            raise
        self.reading.put(kept)
        self.turn += 1

    def show_all(self, keys: Keys, hand: Hand) -> None:
        """Show every approved paraphrase to the team, and no other."""
        paraphrases.post(gate.folder(), self.release, self.approved(), self.people, hand)
        self.keep(keys, paraphrase.shown(self.written))

    def take_out(self, keys: Keys, one: Paraphrase, hand: Hand) -> None:
        """Take a paraphrase away, from the team's pages first."""
        paraphrases.take_out(gate.folder(), self.release.number, one.text, hand)
        self.keep(keys, {rid: None for rid, each in self.written.items() if each == one})


def desk(found: reading.Desk, keys: Keys) -> Desk:
    """Return this session's desk. Raises ReleaseRefused when the round has no release."""
    laid: Desk | None = st.session_state.get(gate.REWORDED)
    if laid is None or laid.reading is not found:
        laid = _lay_out(found)
        stands = paraphrases.standing(gate.folder()).get(laid.release.number)
        texts = None if stands is None else [sentence.text for sentence in stands]
        laid.keep(keys, paraphrase.settled(laid.written, texts))
        st.session_state[gate.REWORDED] = laid
    return laid


def _lay_out(found: reading.Desk) -> Desk:
    release = next(
        (one for one in ledgers.releases(gate.folder()) if one.round == found.round.id), None
    )
    if release is None:
        raise ReleaseRefused(
            f"The round {found.round.id} has no release that stands. Paraphrases are written "
            "after the release, so that they say no more than it does."
        )
    return Desk(found, release, Guard(answer.text for answer in found.answers.values()))


def key_of(answer: OpenAnswer) -> Key:
    """Return under which key an answer is coded."""
    return answer.rid, Box(answer.box)


def _order(places: list[Place], one: Paraphrase) -> int:
    place = (str(one.box), one.theme)
    return places.index(place) if place in places else len(places)
