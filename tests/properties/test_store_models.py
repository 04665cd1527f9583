"""Whatever is done in whatever order, the store answers as a dictionary would."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from feedback.errors import AuditBroken, EditConflict, RowRefused
from feedback.store.audit import Event, append, verify
from feedback.store.box import ROW_BYTES, open_box
from feedback.store.files import read_json, write_json
from feedback.store.records import open_records

TODAY = date(2026, 11, 23)
RIDS = st.one_of(st.integers(0, 5), st.integers(0, 2**63 - 1))
ROUNDS = st.sampled_from(["2026-Q4", "2027-Q1", "a"])
ROWS = st.binary(min_size=1, max_size=2).map(lambda some: (some * ROW_BYTES)[:ROW_BYTES])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(st.text(), JSON, max_size=4)
LETTERS = st.characters(categories=["L", "N", "P"]) | st.just(" ")
CUSTODIANS = st.lists(st.text(LETTERS, min_size=1, max_size=64), min_size=1, max_size=4)


class BoxModel(RuleBasedStateMachine):
    """A box beside a dictionary of key to round and row."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.box = open_box(self.folder / "box.sqlite", create=True)
        self.model: dict[int, tuple[str, bytes]] = {}

    @rule(rid=RIDS, round_id=ROUNDS, row=ROWS)
    def put(self, rid: int, round_id: str, row: bytes) -> None:
        if rid in self.model and self.model[rid][1] != row:
            with pytest.raises(RowRefused):
                self.box.put(rid, round_id, row)
        else:
            self.box.put(rid, round_id, row)
            self.model.setdefault(rid, (round_id, row))

    @rule(round_id=ROUNDS)
    def delete_round(self, round_id: str) -> None:
        self.box.delete_round(round_id)
        self.model = {rid: kept for rid, kept in self.model.items() if kept[0] != round_id}

    @rule()
    def mix(self) -> None:
        self.box.mix()

    @rule()
    def open_again(self) -> None:
        self.box.close()
        self.box = open_box(self.folder / "box.sqlite")

    @rule()
    def restore_a_backup(self) -> None:
        (self.folder / "restored").write_bytes(self.box.backup_bytes())
        (self.folder / "restored").replace(self.folder / "box.sqlite")

    @rule(round_id=ROUNDS, skip=st.sets(RIDS))
    def read(self, round_id: str, skip: set[int]) -> None:
        expected = sorted(
            (rid, row)
            for rid, (where, row) in self.model.items()
            if where == round_id and rid not in skip
        )
        assert list(self.box.rows(round_id, skip)) == expected

    @invariant()
    def counts_agree(self) -> None:
        rounds = [round_id for round_id, _ in self.model.values()]
        assert self.box.counts() == {name: rounds.count(name) for name in set(rounds)}

    def teardown(self) -> None:
        assert self.box.check() == ()
        self.box.close()
        shutil.rmtree(self.folder)


TestBoxModel = BoxModel.TestCase
TestBoxModel.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)


class RecordsModel(RuleBasedStateMachine):
    """A team's database beside a dictionary of names to versions."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.records = open_records(self.folder / "team.sqlite")
        self.model: dict[tuple[str, str], list[dict[str, Any]]] = {}

    @rule(
        kind=st.sampled_from(["decision", "readiness"]),
        id=st.sampled_from(["a", "b", "B"]),
        late=st.integers(0, 1),
        body=BODIES,
    )
    def save(self, kind: str, id: str, late: int, body: dict[str, Any]) -> None:
        versions = self.model.setdefault((kind, id), [])
        expected = len(versions) - late

        def run() -> int:
            return self.records.save(
                kind, id, body, expected=expected, author="Advocate", today=TODAY
            )

        if late:
            with pytest.raises(EditConflict):
                run()
        else:
            assert run() == expected + 1
            versions.append(body)

    @rule()
    def open_again(self) -> None:
        self.records.close()
        self.records = open_records(self.folder / "team.sqlite")

    @invariant()
    def versions_agree(self) -> None:
        for (kind, id), versions in self.model.items():
            assert [document.body for document in self.records.history(kind, id)] == versions

    @invariant()
    def latest_agree(self) -> None:
        for kind in ("decision", "readiness"):
            found = {document.id: document.body for document in self.records.latest(kind)}
            assert found == {
                id: versions[-1]
                for (other, id), versions in self.model.items()
                if other == kind and versions
            }

    def teardown(self) -> None:
        self.records.close()
        shutil.rmtree(self.folder)


TestRecordsModel = RecordsModel.TestCase
TestRecordsModel.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(CUSTODIANS, min_size=1, max_size=6),
    place=st.integers(min_value=0),
    change=st.integers(1, 255),
)
def test_any_changed_byte_of_the_audit_log_is_found(
    names: list[list[str]], place: int, change: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "audit.log"
        heads = [
            append(log, Event.KEY_CONFIRMED, today=TODAY, round="2026-Q4", custodians=some)
            for some in names
        ]
        assert verify(log, known=heads).events == len(names)
        image = bytearray(log.read_bytes())
        image[place % len(image)] ^= change
        log.write_bytes(image)
        with pytest.raises(AuditBroken):
            verify(log)


@settings(max_examples=40, deadline=None)
@given(value=JSON)
def test_json_files_give_back_what_they_got(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_json(Path(folder) / "a.json", value)
        assert read_json(Path(folder) / "a.json") == value
