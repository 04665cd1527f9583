"""Paraphrases of the demonstration: written, approved and shown the real way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from feedback import custody, ledgers, opening, paraphrases
from feedback.disclosure import quotes
from feedback.disclosure.release import Release
from feedback.errors import ReleaseRefused
from feedback.folder import Folder
from feedback.opening import OpenAnswer, Snapshot
from feedback.paraphrases import Hand, People
from feedback.rounds import load_round
from feedback.store.box import open_box
from feedback.themes import paraphrase
from feedback.themes.coding import Box, current
from feedback.themes.guard import Guard
from feedback.themes.paraphrase import Paraphrase

WRITTEN = 7  # sentences at most; the last one waits for the second person

Sentences = Mapping[str, Mapping[str, str]]  # by box and theme


def load_sentences() -> Sentences:
    """Read the invented sentences, `paraphrases.toml` beside this module."""
    path = Path(__file__).with_name("paraphrases.toml")
    found: Sentences = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def reword(folder: Folder, round_id: str, secrets: Mapping[str, str], today: date) -> None:
    """Let one custodian write paraphrases of a released round, and another approve all but one.

    In a small round nothing is shown, as in any team.
    """
    writer, second, *_ = secrets
    a_round = load_round(folder, round_id)
    keys = custody.unlock(folder, round_id, {who: secrets[who] for who in (writer, second)})
    snapshot = opening.read_snapshot(folder, a_round, keys.codes)
    if keys.words is None:
        return
    with open_box(folder.box) as box:
        answers = list(opening.read_words(a_round, box, snapshot, keys.words))
    release = next(one for one in ledgers.releases(folder) if one.round == round_id)
    may = snapshot.may_be_reworded
    willing = [answer for answer in answers if answer.rid in may]
    people = People(len(snapshot.responses), len({answer.rid for answer in willing}))
    guard = Guard(answer.text for answer in answers)
    written = dict(islice(_write(willing, snapshot, release, guard, writer), WRITTEN))
    agreed = max(quotes.LEAST_SHOWN, len(written) - 1)
    approved = {
        rid: one.approve(second, single_person=False) for rid, one in list(written.items())[:agreed]
    }
    with suppress(ReleaseRefused):
        hand = Hand(second, keys.team_seed, today)
        paraphrases.post(folder, release, list(approved.values()), people, hand)
        kept = {**written, **approved, **paraphrase.shown(approved)}
        opening.keep_paraphrases(folder, a_round, keys.codes, {}, kept)


def _write(
    answers: Iterable[OpenAnswer], snapshot: Snapshot, release: Release, guard: Guard, writer: str
) -> Iterator[tuple[int, Paraphrase]]:
    """Yield one paraphrase a person, each sentence once, where there is room for it."""
    standing, sentences = current(snapshot.events), load_sentences()
    people: set[int] = set()
    taken: list[quotes.Place] = []
    for answer in answers:
        for theme in standing[answer.rid, Box(answer.box)].themes:
            place, text = (answer.box, theme), sentences[answer.box].get(theme)
            if text is None or place in taken or not quotes.has_room(release, place, taken):
                continue
            if answer.rid not in people and not guard.problems(text, answer.text):
                people.add(answer.rid)
                taken.append(place)
                yield answer.rid, Paraphrase(Box(answer.box), theme, text, writer)
