"""The reading room in a real browser: a whole session without a mouse, and for every eye."""

import re
import secrets
from datetime import date

import pytest
from playwright.sync_api import expect

from feedback import custody, opening
from feedback.rounds import State, load_round, states
from feedback.store.box import open_box
from feedback.themes.coding import Box, Choice, code, readings
from feedback.ui.tasks import Task

FIRST, SECOND = "Lead advocate", "Program director"
PLAN = ("Lead advocate", "Each reader, to the county", "The director", "Stop and call", "Find you")


class Room:
    """A team served to its custodians, and what lies in its sealed snapshot."""

    def __init__(self, team, server):
        self.team, self.server, self.folder = team, server, team.folder
        round_id = next(r for r, state in states(self.folder).items() if state is State.OPEN)
        self.round = load_round(self.folder, round_id)
        given = {name: team.secrets[name] for name in (FIRST, SECOND)}
        self.keys = custody.unlock(self.folder, round_id, given)

    def events(self):
        return opening.read_snapshot(self.folder, self.round, self.keys.codes).events

    def written(self, day):
        """Return the keys of all answers, opened by both."""
        log = opening.Log(self.keys.custodians, day)
        with open_box(self.folder.box) as box:
            found = opening.open_new(
                self.folder, self.round, box, codes=self.keys.codes, words=self.keys.words, log=log
            )
        return [(one.rid, Box(name)) for one in found.responses for name in one.wrote]

    def read_by_first(self, day):
        """Let the first custodian read every answer elsewhere."""
        events = [
            code((), key, FIRST, Choice(("court" if at % 2 else "wait",)), secrets.token_hex(8))
            for at, key in enumerate(self.written(day))
        ]
        opening.add_events(self.folder, self.round, self.keys.codes, events)

    def read_by_both(self, day):
        """Let both read most answers, not always alike, so that every task has something."""
        events = []
        for at, key in enumerate(self.written(day)[4:]):
            flags = {0: ("needs_care",), 1: ("something_new",)}.get(at, ())
            themes = ("wait", "court") if at % 5 else ("exam",)
            for who, chosen in ((FIRST, ("wait",)), (SECOND, themes))[: 1 + (at > 6)]:
                choice = Choice(chosen, flags, "a note")
                events.append(code(events, key, who, choice, secrets.token_hex(8)))
        opening.add_events(self.folder, self.round, self.keys.codes, events)


@pytest.fixture(scope="module")
def room(made_demonstration, serve, tmp_path_factory):
    place = tmp_path_factory.mktemp("reading")
    team = made_demonstration.copy(place / "demo")
    return Room(team, serve(team.path, "custodian", place / "server"))


def stand_still(page):
    page.wait_for_timeout(150)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(250)


def focused(page):
    """Return what a screen reader would say of the place where the keyboard is."""
    return page.evaluate(
        "() => { const e = document.activeElement;"
        " return e.matches('button, input, textarea, a')"
        " ? (e.getAttribute('aria-label') || e.innerText || e.type) : '' }"
    )


def tab_to(page, name):
    """Go by the Tab key alone to what bears a name."""
    for _ in range(60):
        if name in focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name!r}")


def type_at(page, name, text):
    tab_to(page, name)
    page.keyboard.type(text)


def come_in(page, room):
    page.set_default_timeout(30_000)
    page.goto(f"{room.server.url}/team/reading_room")
    page.get_by_role("button", name="Sign in").wait_for()
    stand_still(page)
    type_at(page, "Team password", room.team.password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reading room", level=1).wait_for()
    stand_still(page)


def unlock(page, room):
    for name in (FIRST, SECOND):
        type_at(page, name, room.team.secrets[name])
    tab_to(page, "Unlock")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show the answer").wait_for()
    stand_still(page)


def find_all_read(page, room):
    """Unlock a round of which the first custodian has read every answer."""
    room.read_by_first(date.today())  # noqa: DTZ011
    for name in (FIRST, SECOND):
        type_at(page, name, room.team.secrets[name])
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("radio", name=SECOND).wait_for()
    stand_still(page)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
        stand_still(page)


def uncover(page):
    """Take the cover off the answer in front."""
    page.get_by_role("button", name="Show the answer").wait_for()
    press(page, "Enter")
    page.get_by_role("button", name="Save and next").wait_for()
    stand_still(page)


def covered(page, *keys):
    """Press keys of which the last puts another answer in front."""
    press(page, *keys)
    page.get_by_role("button", name="Show the answer").wait_for()
    stand_still(page)


def test_a_whole_session_needs_no_mouse(room, browse):
    (room.folder.path / "team.sqlite").unlink()  # as before the first session
    page = browse(1280, 900)
    come_in(page, room)
    for title, text in zip(("Who reads", "Who of", "Whom", "What happens", "What can"), PLAN,
                           strict=True):  # fmt: skip
        type_at(page, title, text)
    tab_to(page, "Save the plan")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Unlock").wait_for()
    stand_still(page)
    unlock(page, room)
    uncover(page)
    press(page, "1", "2")
    tab_to(page, "Note")
    page.keyboard.type("note 3 ndu0")  # letters and digits that are keys elsewhere
    press(page, "Enter")
    tab_to(page, "Save and next")
    covered(page, "Enter")
    (first,) = room.events()
    assert first.themes == first.offered[:2]
    assert (first.note, first.flags) == ("note 3 ndu0", ())
    uncover(page)
    press(page, "n", "d")
    page.get_by_text("Call: The director").wait_for()
    covered(page, "1", "Enter")
    second = room.events()[-1]
    assert second.flags == ("needs_care", "something_new")
    uncover(page)
    press(page, "1")
    tab_to(page, "Back")
    covered(page, "Enter")
    assert room.events()[-1] == second
    uncover(page)
    covered(page, "d", "3", "Enter")
    changed = room.events()[-1]
    assert (changed.key, changed.saw) == (second.key, second.id)
    assert changed.flags == ("something_new",)
    uncover(page)
    covered(page, "u")
    assert room.events()[-1].undoes == changed.id
    uncover(page)
    covered(page, "0")
    assert room.events()[-1].flags[0] == "other"
    tab_to(page, "Lock now")
    press(page, "Enter")
    page.get_by_role("button", name="Unlock").wait_for()
    expect(page.get_by_text("Reading today: Lead advocate, Program director.")).to_be_visible()


def test_keys_pressed_fast_are_all_kept_and_none_counts_for_the_next_answer(room, browse):
    page = browse(1280, 900)
    come_in(page, room)
    unlock(page, room)
    for gap in (0, 0, 40, 120):
        uncover(page)
        before = len(room.events())
        for key in ("1", "2", "d", "Enter", "0"):
            page.keyboard.press(key)
            page.wait_for_timeout(gap * (key != "Enter"))
        page.get_by_role("button", name="Show the answer").wait_for()
        stand_still(page)
        (saved,) = room.events()[before:]
        assert set(saved.themes) == set(saved.offered[:2])
        assert saved.flags == ("needs_care",)


def test_fingers_that_roll_over_the_keys_lose_none(room, browse):
    page = browse(1280, 900)
    come_in(page, room)
    unlock(page, room)
    uncover(page)
    before = len(room.events())
    for key in ("1", "2", "d"):
        page.keyboard.down(key)
    for key in ("1", "2", "d"):
        page.keyboard.up(key)
    covered(page, "Enter")
    (saved,) = room.events()[before:]
    assert (set(saved.themes), saved.flags) == (set(saved.offered[:2]), ("needs_care",))


def test_two_browsers_read_at_once_and_nothing_is_lost(room, browse):
    pages = [browse(1280, 900) for _ in range(2)]
    for page in pages:
        come_in(page, room)
        unlock(page, room)
    pages[1].get_by_text(SECOND, exact=True).first.click()
    expect(pages[1].get_by_role("radio", name=SECOND)).to_be_checked()
    stand_still(pages[1])
    before = len(room.events())
    for _ in range(3):
        for page in pages:
            uncover(page)
            press(page, "1")
            expect(page.get_by_role("button", name="Save and next")).to_be_enabled()
        for page in pages:
            covered(page, "Enter")
    new = room.events()[before:]
    assert {who: sum(event.coder == who for event in new) for who in (FIRST, SECOND)} == {
        FIRST: 3,
        SECOND: 3,
    }
    assert {event.key for event in new} <= {
        key for coded in readings(room.events()).values() for key in coded
    }


def test_a_second_reader_stays_blind_from_answer_to_answer(room, browse):
    page = browse(1280, 900)
    come_in(page, room)
    find_all_read(page, room)
    page.get_by_text(SECOND, exact=True).first.click()
    expect(page.get_by_role("radio", name=SECOND)).to_be_checked()
    page.get_by_text(Task.SECOND, exact=True).click()
    before = len(room.events())
    for _ in range(3):
        expect(page.get_by_role("radio", name=Task.SECOND)).to_be_checked()
        uncover(page)
        expect(page.get_by_text("Suggested; you decide.")).to_have_count(0)
        covered(page, "0")
    assert [event.saw for event in room.events()[before:]] == ["", "", ""]


def test_the_theme_stays_when_an_answer_leaves_it(room, browse):
    page = browse(1280, 900)
    come_in(page, room)
    find_all_read(page, room)
    page.get_by_text(Task.THEMES, exact=True).click()
    stand_still(page)
    page.get_by_role("combobox", name="Theme").click()
    page.get_by_role("option").last.click()
    stand_still(page)
    chosen = page.get_by_role("combobox", name="Theme").input_value()
    for _ in range(2):
        page.get_by_role("button", name="Does not belong here").last.click()
        stand_still(page)
    assert page.get_by_role("combobox", name="Theme").input_value() == chosen


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_task_and_nothing_scrolls_sideways(room, browse, findings, scheme):
    if scheme == "light":
        room.read_by_both(date.today())  # noqa: DTZ011
    page = browse(1280, 900, color_scheme=scheme, bypass_csp=True)
    come_in(page, room)
    assert findings(page) == []
    unlock(page, room)
    for task in Task:
        page.get_by_text(re.compile(rf"^{task.value}( \(\d+\))?$")).first.click()
        stand_still(page)
        if page.get_by_role("button", name="Show the answer").count():
            press(page, "Enter", "1")
        assert findings(page) == [], task
        page.set_viewport_size({"width": 390, "height": 844})
        stand_still(page)
        assert page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stMain], body')]"
            ".every(e => e.scrollWidth <= e.clientWidth)"
        ), task
        page.set_viewport_size({"width": 1280, "height": 900})
