"""The audit log takes only what is on its list, and shows every change made to it afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feedback.errors import AuditBroken, StoreError, StoreUnavailable
from feedback.store import audit
from feedback.store.audit import FIELDS, NO_HEAD, Chain, Event, append, head_words, verify

TODAY = date(2026, 11, 23)
CUSTODIANS = ["Advocate", "Coalition"]

EXAMPLES: dict[str, Any] = {
    "round": "2026-Q4",
    "part": "words",
    "needed": 2,
    "custodians": CUSTODIANS,
    "responses": 48,
    "by": "Survivor reviewer",
    "number": 7,
    "hash": "0f" * 32,
    "changed": ["k", "languages"],
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "audit.log"
    append(path, Event.TEAM_MADE, today=TODAY)
    append(path, Event.ROUND_OPENED, today=TODAY, round="2026-Q4")
    append(path, Event.OPENED, today=TODAY, **a_full(Event.OPENED))
    append(path, Event.ROUND_CLOSED, today=TODAY, round="2026-Q4")
    return path


def a_full(event: Event) -> dict[str, Any]:
    return {name: EXAMPLES[name] for name in FIELDS[event]}


@pytest.mark.parametrize("event", Event)
def test_every_event_can_be_written_and_read(tmp_path: Path, event: Event) -> None:
    head = append(tmp_path / "audit.log", event, today=TODAY, **a_full(event))
    assert audit.read(tmp_path / "audit.log") == [
        {"event": event, "day": "2026-11-23", **a_full(event)}
    ]
    assert verify(tmp_path / "audit.log") == Chain(head, 1)


def test_a_line_is_a_hash_and_compact_json(log: Path) -> None:
    lines = log.read_bytes().splitlines()
    body = b'{"day":"2026-11-23","event":"round.opened","round":"2026-Q4"}'
    linked = b"throughline audit 1\n" + lines[0][:64] + b"\n" + body
    assert lines[1] == hashlib.sha256(linked).hexdigest().encode() + b" " + body
    first = b"throughline audit 1\n" + NO_HEAD.encode() + b"\n" + lines[0][65:]
    assert lines[0][:64] == hashlib.sha256(first).hexdigest().encode()


def test_a_chain_that_holds_gives_its_head_and_length(log: Path) -> None:
    head = append(log, Event.WITHDRAWN, today=TODAY, number=7, custodians=CUSTODIANS)
    assert verify(log) == Chain(head, 5)


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (Event.ROUND_OPENED, {}),
        (Event.ROUND_OPENED, {"round": "2026-Q4", "time": "12:04"}),
        (Event.ROUND_OPENED, {"round": "2026 Q4, two responses from the shelter"}),
        (Event.ROUND_OPENED, {"round": "2026-Q4\n"}),
        (Event.OPENED, a_full(Event.OPENED) | {"part": "all"}),
        (Event.OPENED, a_full(Event.OPENED) | {"responses": -1}),
        (Event.OPENED, a_full(Event.OPENED) | {"responses": True}),
        (Event.OPENED, a_full(Event.OPENED) | {"responses": 1.5}),
        (Event.OPENED, a_full(Event.OPENED) | {"custodians": []}),
        (Event.OPENED, a_full(Event.OPENED) | {"custodians": "Advocate"}),
        (Event.OPENED, a_full(Event.OPENED) | {"custodians": ["Advo\ncate"]}),
        (Event.OPENED, a_full(Event.OPENED) | {"custodians": ["x" * 65]}),
        (Event.OPENED, a_full(Event.OPENED) | {"text": "what somebody wrote"}),
        (Event.PUBLISHED, a_full(Event.PUBLISHED) | {"hash": "0F" * 32}),
        (Event.PUBLISHED, a_full(Event.PUBLISHED) | {"number": 0}),
        (Event.KEY_DESTROYED, {"round": "2026-Q4", "part": "../x"}),
    ],
)
def test_what_is_not_on_the_list_is_refused(
    log: Path, event: Event, fields: dict[str, Any]
) -> None:
    before = log.read_bytes()
    with pytest.raises(ValueError, match=event.value) as refused:
        append(log, event, today=TODAY, **fields)
    assert log.read_bytes() == before
    assert "shelter" not in str(refused.value)
    assert "somebody" not in str(refused.value)


def test_no_event_tells_of_a_single_response() -> None:
    names = {name for fields in FIELDS.values() for name in fields}
    assert names == set(EXAMPLES)


def test_the_reference_page_lists_every_event_and_field() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "storage.md"
    written = {}
    table = (
        page.read_text("utf-8").partition("| event | fields |\n|--|--|\n")[2].partition("\n\n")[0]
    )
    for line in table.splitlines():
        events, names = (re.findall(r"`([a-z.]+)`", cell) for cell in line.split("|")[1:3])
        written |= {event: set(names) for event in events}
    assert written == {event.value: set(fields) for event, fields in FIELDS.items()}


def test_a_changed_number_is_found_at_its_line(log: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b'"responses":48', b'"responses":47'))
    with pytest.raises(AuditBroken, match="line 3") as broken:
        verify(log)
    assert broken.value.line == 3
    assert isinstance(broken.value, StoreError)


@pytest.mark.parametrize("order", [[0, 2, 3], [0, 2, 1, 3], [1, 2, 3], [0, 1, 1, 2, 3]])
def test_removed_swapped_and_doubled_lines_are_found(log: Path, order: list[int]) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[n] for n in order))
    with pytest.raises(AuditBroken):
        verify(log)


def test_an_end_that_was_cut_is_found_by_a_head_in_the_minutes(log: Path) -> None:
    minutes = head_words(verify(log).head)
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert verify(log).events == 3
    with pytest.raises(AuditBroken, match="written down"):
        verify(log, known=[minutes])


def test_a_log_written_anew_is_found_by_a_head_in_the_minutes(log: Path) -> None:
    minutes = head_words(verify(log).head)
    log.unlink()
    append(log, Event.TEAM_MADE, today=TODAY)
    with pytest.raises(AuditBroken, match="written down"):
        verify(log, known=[minutes])


def test_earlier_heads_stay_in_the_chain(log: Path) -> None:
    first = verify(log).head
    append(log, Event.WITHDRAWN, today=TODAY, number=7, custodians=CUSTODIANS)
    assert verify(log, known=[NO_HEAD, first, head_words(first)]).events == 5


@pytest.mark.parametrize("known", ["", "f", "f45c6 dc7eb"])
def test_a_head_too_short_to_mean_anything_is_not_known(log: Path, known: str) -> None:
    with pytest.raises(AuditBroken, match="written down"):
        verify(log, known=[known])


def test_a_line_cut_short_by_a_crash_gives_way_to_the_next(log: Path) -> None:
    whole = verify(log)
    with log.open("ab") as file:
        file.write(b"0123 {")
    with pytest.raises(AuditBroken, match="line 5: it was not written to its end"):
        verify(log)
    append(log, Event.WITHDRAWN, today=TODAY, number=7, custodians=CUSTODIANS)
    assert verify(log, known=[whole.head]).events == 5


def test_a_full_disk_leaves_the_log_as_it_was(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = log.read_bytes()
    write = os.write

    def write_a_little(file: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(28, "No space left on device")
        return write(file, data[:20])

    monkeypatch.setattr(os, "write", write_a_little)
    with pytest.raises(StoreUnavailable, match="disk is full"):
        append(log, Event.WITHDRAWN, today=TODAY, number=7, custodians=CUSTODIANS)
    assert log.read_bytes() == before


def test_another_kind_of_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_bytes(bytes(100_000))
    with pytest.raises(StoreUnavailable, match="is damaged"):
        append(path, Event.TEAM_MADE, today=TODAY)
    assert path.read_bytes() == bytes(100_000)


def test_events_of_many_hands_make_one_chain(log: Path) -> None:
    with ThreadPoolExecutor(8) as hands:
        heads = list(
            hands.map(
                lambda n: append(
                    log, Event.WITHDRAWN, today=TODAY, number=n, custodians=CUSTODIANS
                ),
                range(1, 41),
            )
        )
    assert verify(log, known=heads).events == 44
    assert sorted(entry["number"] for entry in audit.read(log)[4:]) == list(range(1, 41))


def test_a_missing_log_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found"):
        verify(tmp_path / "audit.log")


def test_an_empty_log_has_the_first_head(tmp_path: Path) -> None:
    (tmp_path / "audit.log").touch()
    assert verify(tmp_path / "audit.log") == Chain(NO_HEAD, 0)


def test_a_log_is_its_owners_alone_and_plain_ascii(log: Path) -> None:
    append(log, Event.APPROVED, today=TODAY, round="2026-Q4", by="Revisión, Señora Ñ")
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.read_bytes().isascii()
    assert audit.read(log)[-1]["by"] == "Revisión, Señora Ñ"


def test_heads_are_written_into_minutes_in_three_words() -> None:
    assert head_words("f45c6dc7eb85ff9" + "0" * 49) == "f45c6 dc7eb 85ff9"


def test_ten_thousand_lines_are_followed(tmp_path: Path) -> None:
    path, head, lines = tmp_path / "audit.log", NO_HEAD, []
    for number in range(1, 10_001):
        body = json.dumps(
            {"day": "2026-11-23", "event": "withdrawn", "number": number}, separators=(",", ":")
        )
        link = f"throughline audit 1\n{head}\n{body}"
        head = hashlib.sha256(link.encode()).hexdigest()
        lines.append(f"{head} {body}\n")
    path.write_text("".join(lines))
    assert verify(path) == Chain(head, 10_000)
