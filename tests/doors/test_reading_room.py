"""The reading room locks itself: after quiet minutes nothing that was opened is left anywhere."""

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from feedback.ui import gate

PAGE = Path(__file__).parents[2] / "pages" / "custodian" / "reading_room.py"
RELEASE = PAGE.with_name("release.py")
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


@pytest.fixture
def room(demonstration, monkeypatch):
    """Return a function that starts a page as somebody who signed in sees it."""
    text = demonstration.folder.team_file.read_text()
    demonstration.folder.team_file.write_text(text.replace("idle_minutes = 15", "idle_minutes = 1"))
    assert demonstration.folder.team().idle_minutes == 1
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))

    def start(page=PAGE, *, signed_in=True, surface="custodian"):
        monkeypatch.setenv("THROUGHLINE_SURFACE", surface)
        app = AppTest.from_file(str(page), default_timeout=60)
        if signed_in:
            app.session_state[gate.SIGNED_IN] = True
        app.run()
        assert not app.exception
        return app

    return start


def unlock(app, team, *names):
    for name in names:
        app.text_input(key=f"words-{name}").set_value(team.secrets[name])
    next(one for one in app.button if one.label == "Unlock").click()
    app.run()
    assert not app.exception
    return app


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception


def labels(app):
    return {one.label for one in app.button}


def said(app):
    return "\n".join(
        str(one.value)
        for kind in (app.markdown, app.caption, app.info, app.error, app.warning, app.title)
        for one in kind
    )


def test_a_quiet_minute_locks_everything_away(room, demonstration, clock):
    app = unlock(room(), demonstration, FIRST, SECOND)
    press(app, "Show the answer")
    assert "Save and next" in labels(app)
    assert app.session_state[gate.KEYS].custodians == (FIRST, SECOND)
    clock.pass_minutes(1.1)
    app.run()
    assert "Unlock" in labels(app)
    assert "Save and next" not in labels(app)
    for name in (gate.KEYS, gate.ROUND, gate.OPENED, gate.LAST_USED):
        assert name not in app.session_state


def test_somebody_who_works_is_not_locked_out(room, demonstration, clock):
    app = unlock(room(), demonstration, FIRST, SECOND)
    for _ in range(4):
        clock.pass_minutes(0.8)
        app.run()
        assert gate.KEYS in app.session_state


def test_lock_now_leaves_nothing_of_an_answer(room, demonstration):
    app = unlock(room(), demonstration, FIRST, SECOND)
    press(app, "Show the answer")
    desk = app.session_state[gate.OPENED]
    texts = [answer.text for answer in desk.answers.values()]
    assert desk.answers[desk.key].text in texts
    press(app, "Lock now")
    kept = repr(app.session_state) + said(app)
    for text in texts:
        assert text not in kept
    for words in demonstration.secrets.values():
        assert words not in kept


def test_one_custodian_opens_no_words(room, demonstration):
    app = unlock(room(), demonstration, FIRST)
    assert "To read words, more custodians must come together." in said(app)
    assert "Show the answer" not in labels(app)


def test_a_wrong_passphrase_says_whose_and_opens_nothing(room, demonstration):
    app = room()
    app.text_input(key=f"words-{FIRST}").set_value("seven wrong words")
    press(app, "Unlock")
    assert [one.value for one in app.error] == [
        f"This passphrase does not fit {FIRST}. Nothing was opened. Check each word and try again."
    ]
    assert gate.KEYS not in app.session_state


@pytest.mark.parametrize("page", [PAGE, RELEASE])
def test_a_custodian_page_alone_asks_for_the_password(room, page):
    app = room(page, signed_in=False)
    assert labels(app) == {"Sign in"}


@pytest.mark.parametrize("page", [PAGE, RELEASE])
def test_a_custodian_page_alone_refuses_on_the_team_side(room, page):
    app = room(page, surface="team")
    assert [one.value for one in app.info] == [
        "Responses are opened on a custodian's own computer, not here."
    ]
    assert not app.button
    assert not app.text_input


def test_without_a_written_plan_nobody_reads(room, demonstration):
    (demonstration.path / "team.sqlite").unlink()
    app = room()
    assert "Save the plan" in labels(app)
    assert "Unlock" not in labels(app)
    press(app, "Save the plan")
    assert [one.value for one in app.error] == ["Each line is needed. Nothing you wrote is lost."]


@pytest.mark.parametrize("harm", [b"", b"{", b"\xff"])
def test_a_damaged_keyring_is_one_calm_sentence(room, demonstration, harm):
    round_id = json.loads(demonstration.folder.public.read_text())["round"]
    demonstration.folder.keyring(f"{round_id}-codes").write_bytes(harm)
    app = unlock(room(), demonstration, FIRST, SECOND)
    assert f"keyring-{round_id}-codes.json is missing or damaged" in app.error[0].value


def test_a_missing_box_is_one_calm_sentence(room, demonstration):
    demonstration.folder.box.unlink()
    app = unlock(room(), demonstration, FIRST, SECOND)
    assert "box.sqlite cannot be found" in app.error[0].value
