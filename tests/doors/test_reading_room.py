"""The reading room locks itself: after quiet minutes nothing that was opened is left anywhere."""

import gc
import json
import sqlite3
import threading
import time

import pytest
from streamlit.runtime.state.common import TESTING_KEY

from feedback.crypto.recipient import Identity
from feedback.custody import Keys
from feedback.opening import OpenAnswer
from feedback.ui import gate
from feedback.ui.reading import Desk

PAGES = ["reading_room", "release"]
FIRST, SECOND = "Lead advocate", "Program director"


class Clock:
    """The time that the gate looks at, moved by hand."""

    def __init__(self, monkeypatch):
        self.now = time.monotonic()
        monkeypatch.setattr("feedback.ui.gate.time.monotonic", lambda: self.now)

    def pass_minutes(self, minutes):
        self.now += minutes * 60


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def test_a_quiet_minute_locks_everything_away(room, demonstration, clock):
    screen = room().unlock(demonstration, FIRST, SECOND)
    screen.press("Show the answer")
    assert "Save and next" in screen.labels
    assert screen.app.session_state[gate.KEYS].custodians == (FIRST, SECOND)
    clock.pass_minutes(1.1)
    screen.run()
    assert "Unlock" in screen.labels
    assert "Save and next" not in screen.labels
    for name in (gate.KEYS, gate.ROUND, gate.OPENED, gate.LAST_USED):
        assert name not in screen.app.session_state


def test_somebody_who_works_is_not_locked_out(room, demonstration, clock):
    screen = room().unlock(demonstration, FIRST, SECOND)
    for _ in range(4):
        clock.pass_minutes(0.8)
        screen.run()
        assert gate.KEYS in screen.app.session_state


def test_a_computer_that_slept_locks_everything_away(room, demonstration, monkeypatch):
    screen = room().unlock(demonstration, FIRST, SECOND)
    slept = (time.monotonic(), time.time() + 8 * 3600)  # the first clock stood still
    monkeypatch.setattr(gate, "clocks", lambda: slept)
    screen.run()
    assert "Unlock" in screen.labels
    assert gate.KEYS not in screen.app.session_state
    assert gate.OPENED not in screen.app.session_state


def test_a_clock_that_was_set_back_keeps_nothing_open(room, demonstration, monkeypatch):
    screen = room().unlock(demonstration, FIRST, SECOND)
    set_back = (time.monotonic() + 3600, time.time() - 8 * 3600)
    monkeypatch.setattr(gate, "clocks", lambda: set_back)
    screen.run()
    assert gate.KEYS not in screen.app.session_state


def test_lock_now_leaves_nothing_of_an_answer(room, demonstration):
    screen = room().unlock(demonstration, FIRST, SECOND)
    screen.press("Show the answer")
    desk = screen.desk
    texts = [answer.text for answer in desk.answers.values()]
    assert desk.answers[desk.key].text in texts
    screen.press("Lock now")
    kept = repr(screen.app.session_state) + screen.said
    for text in texts:
        assert text not in kept
    for words in demonstration.secrets.values():
        assert words not in kept


@pytest.fixture
def watchers(monkeypatch):
    """Return a function that finds what locks the newest session without any page."""
    monkeypatch.setattr(gate, "LOOK_EVERY", 0.01)
    return lambda: max(
        (one for one in threading.enumerate() if gate._watch.__name__ in one.name),
        key=lambda one: one.native_id,
    )


def in_memory():
    """Find what can be reached of answers and keys in this process, from anywhere."""
    gc.collect()
    held = (Desk, OpenAnswer, Keys, Identity)
    return {id(each): type(each) for each in gc.get_objects() if isinstance(each, held)}


@pytest.fixture
def opened(room, demonstration):
    """Return an open page, and a function that says whether all that it opened is forgotten."""
    before = in_memory()
    screen = room().unlock(demonstration, FIRST, SECOND).show()
    new = in_memory().items() - before.items()
    assert {kind for _, kind in new} == {Desk, OpenAnswer, Keys, Identity}

    def is_forgotten():
        state = screen.app._session_state._state
        if TESTING_KEY in state:  # what pages offer, kept for tests only and by no server
            state[TESTING_KEY] = {}
            state._compact_state()
        return not new & in_memory().items()

    return screen, is_forgotten


def test_lock_now_leaves_nothing_in_memory(opened):
    screen, is_forgotten = opened
    screen.press("Lock now")
    assert is_forgotten()


def test_signing_out_leaves_nothing_in_memory(opened):
    screen, is_forgotten = opened
    screen.goes_to("team/protocol").press("Sign out")
    assert screen.labels == {"Sign in"}
    assert is_forgotten()


def test_a_page_that_is_closed_leaves_nothing_in_memory(opened):
    screen, is_forgotten = opened
    gate._end(screen.app._session_state)  # what Streamlit calls when it loses a page
    assert is_forgotten()


def test_quiet_minutes_on_other_pages_leave_nothing_in_memory(opened, clock):
    screen, is_forgotten = opened
    screen.goes_to("team/protocol")
    for _ in range(2):
        assert "Lock now" in screen.labels
        clock.pass_minutes(0.6)
        screen.run()
    assert "Lock now" not in screen.labels
    assert is_forgotten()


def test_a_laptop_that_nobody_touches_leaves_nothing_in_memory(watchers, opened, clock):
    _, is_forgotten = opened
    clock.pass_minutes(1.1)
    watchers().join()
    assert is_forgotten()


def test_settings_that_cannot_be_read_leave_nothing_in_memory(watchers, opened, demonstration):
    _, is_forgotten = opened
    demonstration.folder.team_file.unlink()
    watchers().join()
    assert is_forgotten()


def test_one_custodian_opens_no_words(room, demonstration):
    screen = room().unlock(demonstration, FIRST)
    assert "To read words, more custodians must come together: lock the room" in screen.said
    assert "Show the answer" not in screen.labels


def test_a_wrong_passphrase_says_whose_and_opens_nothing(room, demonstration):
    screen = room()
    screen.app.text_input(key=f"words-{FIRST}").set_value("seven wrong words")
    screen.press("Unlock")
    assert [one.value for one in screen.app.error] == [
        f"This passphrase does not fit {FIRST}. Nothing was opened. Check each word and try again."
    ]
    assert gate.KEYS not in screen.app.session_state


@pytest.mark.parametrize("page", PAGES)
def test_a_custodian_page_alone_asks_for_the_password(room, page):
    screen = room(page, signed_in=False)
    assert screen.labels == {"Sign in"}


@pytest.mark.parametrize("page", PAGES)
def test_a_custodian_page_alone_refuses_on_the_team_side(room, page):
    screen = room(page, surface="team")
    assert [one.value for one in screen.app.info] == [
        "Responses are opened on a custodian's own computer, not here."
    ]
    assert not screen.app.button
    assert not screen.app.text_input


def test_without_a_written_plan_nobody_reads(room, demonstration):
    (demonstration.path / "team.sqlite").unlink()
    screen = room()
    assert "Save the plan" in screen.labels
    assert "Unlock" not in screen.labels
    screen.press("Save the plan")
    assert [one.value for one in screen.app.error] == [
        "Each line is needed. Nothing you wrote is lost."
    ]


def test_a_plan_can_be_changed_before_anybody_unlocks(room, demonstration):
    screen = room().press("Change the plan")
    field = next(one for one in screen.app.text_area if one.label.startswith("Whom"))
    before = field.value
    field.set_value("The new director")
    screen.press("Leave it as it is").press("Change the plan")
    field = next(one for one in screen.app.text_area if one.label.startswith("Whom"))
    assert field.value == before
    field.set_value("The new director")
    screen.press("Save the plan")
    assert "The new director" in screen.said
    assert "Change the plan" in screen.labels


def flip(team, at):
    """Damage a sealed row of the open round, or mend it again."""
    round_id = json.loads(team.folder.public.read_text())["round"]
    with sqlite3.connect(team.folder.box) as box:
        find = "select rid, env from response where round = ? order by rid"
        rid, row = box.execute(find, [round_id]).fetchone()
        changed = row[:at] + bytes([row[at] ^ 1]) + row[at + 1 :]
        box.execute("update response set env = ? where rid = ?", [changed, rid])
    box.close()


@pytest.mark.parametrize(
    ("at", "why"),
    [(900, "it was changed, or it belongs to another team"), (5000, "its words cannot be opened")],
)
def test_a_row_set_apart_is_named_and_opens_once_the_box_is_mended(room, demonstration, at, why):
    flip(demonstration, at)
    screen = room().unlock(demonstration, FIRST, SECOND)
    assert "set apart (quarantine): 1." in screen.said
    assert f"- 1: {why}" in screen.said
    people = len(screen.desk.snapshot.responses)
    screen.press("Try to open them again")
    assert "set apart (quarantine): 1." in screen.said
    flip(demonstration, at)
    screen.press("Try to open them again")
    assert "set apart" not in screen.said
    assert len(screen.desk.snapshot.responses) == people + 1


def test_beside_a_damaged_snapshot_the_room_can_be_locked(room, demonstration):
    room().unlock(demonstration, FIRST, SECOND)
    path = demonstration.folder.snapshot(
        json.loads(demonstration.folder.public.read_text())["round"]
    )
    path.write_bytes(path.read_bytes()[:-5])
    screen = room().unlock(demonstration, FIRST, SECOND)
    assert "is damaged and was left as it is" in screen.said
    screen.press("Lock now")
    assert gate.KEYS not in screen.app.session_state


@pytest.mark.parametrize("harm", [b"", b"{", b"\xff"])
def test_a_damaged_keyring_is_one_calm_sentence(room, demonstration, harm):
    round_id = json.loads(demonstration.folder.public.read_text())["round"]
    demonstration.folder.keyring(f"{round_id}-codes").write_bytes(harm)
    screen = room().unlock(demonstration, FIRST, SECOND)
    assert f"keyring-{round_id}-codes.json is missing or damaged" in screen.app.error[0].value


def test_a_missing_box_is_one_calm_sentence(room, demonstration):
    demonstration.folder.box.unlink()
    screen = room().unlock(demonstration, FIRST, SECOND)
    assert "box.sqlite cannot be found" in screen.app.error[0].value
