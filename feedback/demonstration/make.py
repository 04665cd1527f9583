"""Make the demonstration team the real way: form, sealing, opening, coding, release, decisions."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, islice
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from feedback import codebooks, custody, ledgers, opening, publishing
from feedback.crypto.passphrase import Cost, generate_passphrase
from feedback.decisions.log import Decision, State, to_dict
from feedback.decisions.measure import before_after
from feedback.decisions.published import Rows, read_releases
from feedback.decisions.signals import Ref, signal
from feedback.decisions.wording import Wording
from feedback.demonstration.people import Person, invent
from feedback.demonstration.rewording import reword
from feedback.demonstration.team import (
    NAME,
    first_inputs,
    team_coverage,
    team_decisions,
    team_inputs,
)
from feedback.errors import ReleaseRefused
from feedback.folder import Folder
from feedback.passphrases import write_passphrases
from feedback.posting import board_of, post_board
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round, quarter
from feedback.settings import Settings
from feedback.store.box import open_box
from feedback.store.files import write_file
from feedback.store.records import Records, open_records
from feedback.themes.coding import Box, Event, Kind
from feedback.ui.shelf import in_spanish, wording_of
from feedback.web import sheet
from feedback.web.limits import Limits
from feedback.web.site import create_form_app

PASSPHRASES_FILE = "demonstration-passphrases.txt"
CUSTODIANS = ("Lead advocate", "Program director", "Paper in the safe")
AT_ONCE = 32  # people who send at the same moment
CHEAP = Cost(memory_kib=19 * 1024, passes=2, lanes=1)  # nothing here is worth a long wait
READING_PLAN = {
    "first": "Lead advocate (demonstration)",
    "reporter": "Every reader; to county child protection (demonstration)",
    "call": "Program director (demonstration)",
    "steps": "Both readers stop, follow the program's policy, note only that it was done.",
    "limits": "We cannot find the writer, and we cannot answer.",
}

Secrets = dict[str, str]


def make_demonstration(folder: Folder, *, responses: int, seed: int, today: date) -> None:
    """Make the team with two released rounds and an open one, all invented.

    Every response is posted to the form's own routes, sealed there, opened with passphrases,
    coded as events, and released by two different custodians.
    """
    secrets = {name: generate_passphrase() for name in CUSTODIANS}
    password = generate_passphrase()
    first, second, now = quarters(today)
    custody.make_team(folder, NAME, password=password, today=today, demonstration=True)
    _add_dates(folder, now, today)
    write_passphrases(folder.path / PASSPHRASES_FILE, secrets, password)
    open_box(folder.box, create=True).close()
    for chapter, round_id in enumerate((first, second, now)):
        people = list(invent(responses, seed=seed, chapter=chapter))
        a_round = _open(folder, round_id, secrets, today)
        asyncio.run(_send_all(folder, people))
        if round_id != now:
            _release(folder, a_round, people, secrets, today)
    reword(folder, second, secrets, today)
    _decide(folder, today)


def quarters(today: date) -> tuple[str, str, str]:
    """Return the ids of the two quarters before this one, and of this one."""
    index = today.year * 4 + (today.month - 1) // 3
    first, second, now = (f"{i // 4}-Q{i % 4 + 1}" for i in (index - 2, index - 1, index))
    return first, second, now


def _add_dates(folder: Folder, round_id: str, today: date) -> None:
    closes = today + timedelta(days=40)
    lines = (
        f'\n[[rounds]]\nid = "{round_id}"\ncloses = {closes.isoformat()}\n'
        f"read_by = {(closes + timedelta(days=11)).isoformat()}\n"
        f'\n[[rounds]]\nid = "{quarter(today, later=1)}"\nmodule = "capacity"\n'
    )
    write_file(folder.team_file, folder.team_file.read_bytes() + lines.encode())


def _open(folder: Folder, round_id: str, secrets: Secrets, today: date) -> Round:
    questionnaire = load_questionnaire()
    made = custody.make_round(
        folder,
        round_id,
        questionnaire=questionnaire,
        plan=publishing.make_plan(
            folder.team(), round_id, questionnaire, codebooks.current(folder)
        ),
        passphrases=secrets,
        words_needed=2,
        today=today,
        cost=CHEAP,
    )
    custody.confirm(folder, round_id, dict(islice(secrets.items(), 1)), today=today)
    return made


async def _send_all(folder: Folder, people: list[Person]) -> None:
    """Post what each person would send from a browser to the form's own application."""
    settings = Settings.from_env({**os.environ, "THROUGHLINE_DATA": str(folder.path)})
    several = 10 * len(people)
    app = create_form_app(settings, limits=Limits(per_address=several, overall=several))
    waiting = iter(people)

    async def sender() -> None:
        for person in waiting:
            await _send(app, person)

    async with app.router.lifespan_context(app):
        await asyncio.gather(*(sender() for _ in range(AT_ONCE)))


async def _send(app: Starlette, person: Person) -> None:
    sent = [*person.fields, (sheet.LANG, person.lang), (sheet.SURE, "1")]
    if person.share:
        sent.append((sheet.SHARE, "1"))
    body = urlencode(sent).encode()
    status = 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = int(str(message["status"]))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/form",
        "raw_path": b"/form",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
            (b"sec-fetch-site", b"same-origin"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    if status != 303:
        raise ReleaseRefused(f"The form answered {status} to an invented person.")


def _release(
    folder: Folder, a_round: Round, people: list[Person], secrets: Secrets, today: date
) -> None:
    builder, approver, _ = CUSTODIANS
    both = {name: secrets[name] for name in (builder, approver)}
    keys = custody.unlock(folder, a_round.id, both)
    log = opening.Log(keys.custodians, today)
    with open_box(folder.box) as box:
        snapshot = opening.open_new(
            folder, a_round, box, codes=keys.codes, words=keys.words, log=log
        )
        answers = list(opening.read_words(a_round, box, snapshot, keys.words)) if keys.words else []
        sealed = len(box.rids(a_round.id))
    events = _coded(answers, people, builder)
    snapshot = opening.add_events(folder, a_round, keys.codes, events)
    team = folder.team()
    custody.close_round(folder, a_round.id, people=sealed, k=team.k, today=today)
    plan = publishing.frozen_plan(folder, a_round)
    sample = opening.draw_sample(snapshot, plan, keys.team_seed)
    frame = opening.to_frame(snapshot, a_round.questionnaire, sample)
    publishing.build(folder, a_round, frame, keys.team_seed, by=builder, today=today)
    publishing.check(folder, a_round, today=today)
    publishing.publish(folder, a_round, keys.team_seed, by=approver, today=today)


def _coded(
    answers: Iterable[opening.OpenAnswer], people: Iterable[Person], coder: str
) -> Iterator[Event]:
    """Yield a coding of each answer, as the people who invented the words coded them."""
    known = {
        (name, value.strip()): (person.themes.get(name, ()), person.flags.get(name, ()))
        for person in people
        for name, value in person.fields
        if name in list(Box)
    }
    turns = count(1)
    for answer in answers:
        themes, flags = known[answer.box, answer.text]
        box, turn = Box(answer.box), next(turns)
        event_id = f"demonstration-{turn}"
        yield Event(
            id=event_id,
            turn=turn,
            kind=Kind.CODE,
            coder=coder,
            rid=answer.rid,
            box=box,
            themes=themes,
            flags=flags,
        )


def _decide(folder: Folder, today: date) -> None:
    """Save the team's decisions, coverage, ratings and reading plan, and post the board."""
    published = ledgers.releases(folder)
    releases = read_releases(ledgers.published_rows(published))
    wording = wording_of(release.plan for release in published)
    records = open_records(os.environ.get("THROUGHLINE_TEAM_URL", str(folder.path / "team.sqlite")))

    def worded(decision: Decision) -> Decision:
        by_number = {published.number: published for published in releases}
        links = tuple(
            replace(
                link,
                words=signal(by_number[link.release], Ref.parse(link.ref), wording).words,
            )
            for link in decision.evidence
        )
        return replace(decision, evidence=links)

    try:
        decisions = [
            _checked(worded(decision), releases, wording) for decision in team_decisions(today)
        ]
        for decision in decisions:
            _save(records, "decision", decision.id, to_dict(decision), today)
        for seen, inputs in enumerate((first_inputs(today), team_inputs(today))):
            agreed = inputs.agreed_on or today
            _save(records, "readiness", "readiness", inputs.to_dict(), agreed, seen=seen)
        for item in team_coverage(today):
            _save(records, "coverage", item.id, item.to_dict(), today)
        _save(records, "reading_plan", "reading_plan", READING_PLAN, today)
    finally:
        records.close()
    words = {"en": wording, "es": in_spanish(wording, codebooks.labels(folder, "es"))}
    post_board(folder, board_of(folder, decisions, words), today=today)


def _checked(decision: Decision, releases: Rows, wording: Wording) -> Decision:
    """Return a checked decision with what its own numbers say, where they say more than a hint."""
    measured = before_after(decision, releases, wording)
    if decision.state is not State.CHECKED or measured is None or measured.suggested is None:
        return decision
    return replace(decision, result=measured.suggested)


def _save(
    records: Records, kind: str, id_: str, body: Mapping[str, Any], today: date, *, seen: int = 0
) -> None:
    records.save(kind, id_, dict(body), expected=seen, author="coordinator", today=today)
