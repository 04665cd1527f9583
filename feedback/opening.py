"""Door 2, the only way out of the envelopes: sealed rows become answers, in memory only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

import pandas as pd

from feedback.crypto import agefile, signing
from feedback.crypto.envelope import Part, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.disclosure.plan import IN_SAMPLE, Plan
from feedback.disclosure.sampling import draw
from feedback.errors import (
    EditConflict,
    EnvelopeRefused,
    InvalidAnswers,
    InvalidSettings,
    StoreUnavailable,
)
from feedback.folder import Folder
from feedback.questionnaire.answers import Answers, Mark, applied, unpack_codes, unpack_words
from feedback.questionnaire.definition import Kind, Questionnaire
from feedback.rounds import Round
from feedback.store import audit
from feedback.store.box import Box
from feedback.store.files import locked, read_file, write_file
from feedback.themes import outcomes as care
from feedback.themes import paraphrase
from feedback.themes.coding import Box as TextBox
from feedback.themes.coding import (
    Event,
    current,
    from_json,
    merge,
    needing_care,
    themes_per_person,
    to_json,
)
from feedback.themes.outcomes import Outcome
from feedback.themes.paraphrase import Changes, Paraphrase, Paraphrases

FORMAT = "throughline snapshot 1"
_UNREADABLE = (EnvelopeRefused, InvalidSettings, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Response:
    """One opened response without its words. ``wrote``: the boxes with text, None when unknown."""

    rid: int = field(repr=False)
    pair: str = field(repr=False)
    answers: Answers = field(repr=False)
    wrote: tuple[str, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What custodians have opened of a round. On disk it is sealed to the round's codes key.

    ``quarantine`` maps the row key of a row that could not be opened to the reason; such rows
    are kept in the box and counted nowhere. ``events`` are the codings and ``outcomes`` the log
    of what needed care, both append-only. ``paraphrases`` tell by row key whose words each
    stands for, which nothing else does.
    """

    responses: tuple[Response, ...] = field(default=(), repr=False)
    quarantine: Mapping[int, str] = field(default_factory=dict, repr=False)
    events: tuple[Event, ...] = field(default=(), repr=False)
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False)
    paraphrases: Paraphrases = field(default_factory=dict, repr=False)

    @property
    def may_be_reworded(self) -> frozenset[int]:
        """Return, as row keys, who wrote, let it be shared, reworded, and needs no care."""
        careful = {rid for rid, _ in needing_care(self.events)}
        shared = (r.rid for r in self.responses if r.wrote and Mark.SHARE in r.answers.marks)
        return frozenset(shared) - careful

    @property
    def unread(self) -> int:
        """Return how many open answers nobody has coded yet, of those known to have words."""
        return _unread(self.responses, self.events)

    def is_read(self, sample: frozenset[int] | None = None) -> bool:
        """Say whether people have read and coded every open answer of the sample, if there is one.

        ``sample`` is what ``draw_sample`` returns.
        """
        wanted = [r for r in self.responses if sample is None or r.rid in sample]
        return _unread(wanted, self.events) == 0 and all(r.wrote is not None for r in wanted)


@dataclass(frozen=True, slots=True)
class Log:
    """Who opens, and on which day: what the audit log is told."""

    custodians: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One open answer in the reading room: which response and box, in which form language."""

    rid: int = field(repr=False)
    box: str
    lang: str
    text: str = field(repr=False)


def open_new(
    folder: Folder,
    a_round: Round,
    box: Box,
    *,
    codes: Identity,
    words: Identity | None,
    log: Log,
    again: bool = False,
) -> Snapshot:
    """Open what is new in the box into the sealed snapshot, each response once.

    With the words key it also notes who wrote something, never what. Rows that cannot be
    opened go to the quarantine with the reason; ``again`` tries those of before once more, as
    after the box was restored.

    Raises:
        StoreUnavailable: the box or the folder cannot be used; the old snapshot is untouched.
    """
    with locked(folder.lock(a_round.id)):
        before = read_snapshot(folder, a_round, codes)
        start = replace(before, quarantine={}) if again else before
        after = _with_new(start, a_round, box, codes)
        if words is not None:
            after = _with_wrote(after, a_round, box, words)
        # First the log, so that nothing is opened that it does not tell of. Also when nothing is
        # new: whoever unlocks a round can read what was opened before.
        new = len(after.responses) - len(before.responses)
        audit.append(
            folder.audit,
            audit.Event.OPENED,
            today=log.today,
            custodians=list(log.custodians),
            round=a_round.id,
            part="codes" if words is None else "words",
            responses=max(new, 0),
        )
        if after != before:
            _write_snapshot(folder, a_round, after)
    return after


def read_snapshot(folder: Folder, a_round: Round, codes: Identity) -> Snapshot:
    """Return what was opened before; an empty snapshot when nothing was.

    Raises:
        StoreUnavailable: the file is damaged, or sealed for another key.
    """
    path = folder.snapshot(a_round.id)
    if not path.exists():
        return Snapshot()
    try:
        return _unsealed(read_file(path), a_round, codes)
    except _UNREADABLE:
        raise StoreUnavailable(
            f"{path.name} is damaged and was left as it is. The sealed responses in the box are "
            "untouched. Put the copy from your backup in its place, or move the file away to open "
            "every response again; codings that are only in this file would be lost then."
        ) from None


def read_words(
    a_round: Round, box: Box, snapshot: Snapshot, words: Identity
) -> Iterator[OpenAnswer]:
    """Open the words of a round, in memory. Rows in quarantine are passed over."""
    pairs = {r.rid: r for r in snapshot.responses}
    for rid, row in box.rows(a_round.id, skip=frozenset(snapshot.quarantine)):
        if rid in pairs:
            for name, text in _texts(row, a_round, pairs[rid], words).items():
                yield OpenAnswer(rid=rid, box=name, lang=pairs[rid].answers.lang, text=text)


def add_events(
    folder: Folder, a_round: Round, codes: Identity, events: Iterable[Event]
) -> Snapshot:
    """Add codings to the sealed snapshot; what others added meanwhile stays."""
    return _add(folder, a_round, codes, Snapshot(events=tuple(events)))


def add_outcome(folder: Folder, a_round: Round, codes: Identity, outcome: Outcome) -> Snapshot:
    """Add a line to the log of what needed care."""
    return _add(folder, a_round, codes, Snapshot(outcomes=(outcome,)))


def bring_in(folder: Folder, a_round: Round, codes: Identity, sealed: bytes) -> Snapshot:
    """Add the codings of a colleague's snapshot to the own one; nothing of either is lost.

    Responses come from the box alone: anybody who has the public key could seal a file with
    invented people in it. Paraphrases do not come along, so that no approval does unseen.

    Raises:
        StoreUnavailable: the file is no snapshot of this round; nothing was changed.
    """
    try:
        theirs = _unsealed(sealed, a_round, codes)
    except _UNREADABLE:
        raise StoreUnavailable(
            f"This file is not a snapshot of the round {a_round.id}, or it is damaged. Nothing "
            f"was changed. Ask your colleague for their snapshot-{a_round.id}.age."
        ) from None
    return _add(folder, a_round, codes, theirs)


def keep_paraphrases(
    folder: Folder, a_round: Round, codes: Identity, seen: Paraphrases, changes: Changes
) -> Snapshot:
    """Note paraphrases in the sealed snapshot, each in place of the one that was ``seen``.

    Raises:
        EditConflict: somebody else changed one of them meanwhile; nothing was written.
    """
    with locked(folder.lock(a_round.id)):
        before = read_snapshot(folder, a_round, codes)
        if any(before.paraphrases.get(rid) != seen.get(rid) for rid in changes):
            raise EditConflict(
                "Somebody else changed this paraphrase meanwhile. Your text is not lost: look at "
                "theirs, and save again."
            )
        kept: dict[int, Paraphrase | None] = {**before.paraphrases, **changes}
        left = {rid: one for rid, one in kept.items() if one is not None}
        after = replace(before, paraphrases=left)
        if after != before:
            _write_snapshot(folder, a_round, after)
    return after


def draw_sample(snapshot: Snapshot, plan: Plan, team_seed: bytes) -> frozenset[int] | None:
    """Return whose words are read and counted, as row keys; None when everybody's are.

    How many people answered decides, and the plan that was frozen before anybody did. What
    people wrote, or whether they did, plays no part.
    """
    rids = [response.rid for response in snapshot.responses]
    if not plan.sample or len(rids) <= plan.sample:
        return None
    return draw(rids, plan.sample, signing.sample_key(team_seed), plan.round)


def to_frame(
    snapshot: Snapshot, questionnaire: Questionnaire, sample: frozenset[int] | None = None
) -> pd.DataFrame:
    """Return one row a person and one column a question, as the release wants it.

    Single and scale columns hold an option id or None; multi columns a tuple of option ids;
    open questions a tuple of theme ids. A question that was not meant for a person holds
    ``does_not_apply``. While some words are unread, open questions have no column: their
    writers must not be counted as people who wrote nothing.

    With ``sample``, what ``draw_sample`` returns, only words of these people count, and one more
    column says who they are.
    """
    rids = [response.rid for response in snapshot.responses]
    picked = [applied(r.answers, questionnaire) for r in snapshot.responses]
    columns: dict[str, list[Any]] = {}
    for question in questionnaire.questions:
        given = [picks.get(question.id, ()) for picks in picked]
        if question.kind is Kind.OPEN and not snapshot.is_read(sample):
            continue
        if question.kind is Kind.OPEN:
            counted = rids if sample is None else [rid for rid in rids if rid in sample]
            themes = themes_per_person(snapshot.events, TextBox(question.id), counted)
            columns[question.id] = [themes.get(rid, ()) for rid in rids]
        elif question.kind is Kind.MULTI:
            columns[question.id] = given
        else:
            columns[question.id] = [picks[0] if picks else None for picks in given]
    cells = {name: pd.Series(given, dtype=object) for name, given in columns.items()}
    if sample is not None:
        cells[IN_SAMPLE] = pd.Series([rid in sample for rid in rids], dtype=bool)
    return pd.DataFrame(cells)


def _unread(responses: Iterable[Response], events: Iterable[Event]) -> int:
    wrote = {(r.rid, TextBox(box)) for r in responses for box in r.wrote or ()}
    return len(wrote - set(current(events)))


def _unsealed(sealed: bytes, a_round: Round, codes: Identity) -> Snapshot:
    data = json.loads(agefile.decrypt(sealed, codes))
    if data["format"] != FORMAT or data["round"] != a_round.id:
        raise ValueError
    return Snapshot(
        responses=tuple(_response(item) for item in data["responses"]),
        quarantine={int(rid, 16): reason for rid, reason in data["quarantine"].items()},
        events=from_json(json.dumps(data["events"])),
        outcomes=care.from_json(json.dumps(data.get("outcomes", []))),
        paraphrases=paraphrase.from_json(json.dumps(data.get("paraphrases", {}))),
    )


def _add(folder: Folder, a_round: Round, codes: Identity, more: Snapshot) -> Snapshot:
    with locked(folder.lock(a_round.id)):
        before = read_snapshot(folder, a_round, codes)
        after = replace(
            before,
            events=merge(before.events, more.events),
            outcomes=care.merge(before.outcomes, more.outcomes),
        )
        _write_snapshot(folder, a_round, after)
    return after


def _with_new(before: Snapshot, a_round: Round, box: Box, codes: Identity) -> Snapshot:
    known = {r.rid for r in before.responses} | set(before.quarantine)
    pairs = {r.pair for r in before.responses}
    responses, quarantine = list(before.responses), dict(before.quarantine)
    bound, asked = a_round.context, a_round.questionnaire
    parts: list[tuple[int, bytes]] = []
    # Opening is a loop of its own, because mixed with reading both take longer.
    for rid, row in box.rows(a_round.id, skip=known):
        try:
            parts.append((rid, open_part(split_row(row)[0], Part.CODES, codes, bound)))
        except EnvelopeRefused as refused:
            quarantine[rid] = refused.reason
    for rid, part in parts:
        try:
            opened = unpack_codes(part, asked)
        except InvalidAnswers:
            quarantine[rid] = "it does not fit the questionnaire"
            continue
        if opened.pair in pairs:
            quarantine[rid] = "it repeats another response"
            continue
        pairs.add(opened.pair)
        responses.append(Response(rid, opened.pair, opened.answers))
    # The order in which rows lie must not become the order in which people are read; pairs are
    # random, and nobody sees them before a row is opened.
    responses.sort(key=attrgetter("pair"))
    return replace(before, responses=tuple(responses), quarantine=quarantine)


def _with_wrote(before: Snapshot, a_round: Round, box: Box, words: Identity) -> Snapshot:
    unknown = {r.rid: r for r in before.responses if r.wrote is None}
    wrote: dict[int, tuple[str, ...]] = {}
    quarantine = dict(before.quarantine)
    known = {r.rid for r in before.responses} - set(unknown) | set(quarantine)
    for rid, row in box.rows(a_round.id, skip=known):
        if rid not in unknown:  # it came while the codes were opened
            continue
        try:
            wrote[rid] = tuple(_texts(row, a_round, unknown[rid], words))
        except (EnvelopeRefused, InvalidAnswers):
            quarantine[rid] = "its words cannot be opened"
    kept = (r for r in before.responses if r.rid not in quarantine)
    responses = tuple(replace(r, wrote=wrote.get(r.rid, r.wrote)) for r in kept)
    return replace(before, responses=responses, quarantine=quarantine)


def _texts(row: bytes, a_round: Round, response: Response, words: Identity) -> dict[str, str]:
    part = open_part(split_row(row)[1], Part.WORDS, words, a_round.context)
    pair, texts = unpack_words(part, a_round.questionnaire)
    if pair != response.pair:
        raise InvalidAnswers({"response": "its two parts do not belong together"})
    return {name: text for name, text in texts.items() if text}


def _write_snapshot(folder: Folder, a_round: Round, snapshot: Snapshot) -> None:
    data = {
        "format": FORMAT,
        "round": a_round.id,
        "responses": [_item(response) for response in snapshot.responses],
        "quarantine": {f"{rid:016x}": why for rid, why in snapshot.quarantine.items()},
        "events": json.loads(to_json(snapshot.events)),
        "outcomes": json.loads(care.to_json(snapshot.outcomes)),
        "paraphrases": json.loads(paraphrase.to_json(snapshot.paraphrases)),
    }
    text = json.dumps(data, separators=(",", ":"), check_circular=False)
    write_file(folder.snapshot(a_round.id), agefile.encrypt(text.encode(), [a_round.recipients[0]]))


def _item(response: Response) -> list[Any]:
    answers, marks = response.answers, sorted(response.answers.marks)
    rid = f"{response.rid:016x}"
    return [rid, response.pair, answers.lang, answers.picked, marks, response.wrote]


def _response(item: Sequence[Any]) -> Response:
    rid, pair, lang, picked, marks, wrote = item
    return Response(
        rid=int(rid, 16),
        pair=pair,
        answers=Answers(
            lang=lang,
            picked={name: tuple(options) for name, options in picked.items()},
            words={},
            marks=frozenset(Mark(mark) for mark in marks),
        ),
        wrote=None if wrote is None else tuple(wrote),
    )
