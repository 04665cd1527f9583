"""The reading room in a real browser: a whole session without a mouse, and for every eye."""

import re
import secrets
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import TimeoutError, expect

from feedback import custody, opening
from feedback.rounds import State, load_round, states
from feedback.store.box import open_box
from feedback.themes.coding import Box, Choice, code, readings
from feedback.ui.tasks import Task

FIRST, SECOND = "Lead advocate", "Program director"
ON_SCREEN = {
    Task.READ: "Save and next",
    Task.SECOND: "Some answers, drawn by lot",
    Task.SETTLE: "How clear are the themes?",
    Task.THEMES: "Put all of them under another theme",
    Task.NEW: "Words that are new here",
    Task.CARE: "On the day it is read:",
}
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
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


def heard(page):
    """Return how many presses the page in front says that it heard."""
    return page.locator("#heard").get_attribute("data-heard")


def stand_still(page):
    page.locator(STILL).wait_for()


def press(page, *keys):
    """Press keys that each do something, one when the page has answered the one before."""
    for key in keys:
        stand_still(page)
        before = heard(page)
        page.keyboard.press(key)
        page.locator(f"#heard:not([data-heard='{before}'])").wait_for(state="attached")
        stand_still(page)


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
    page.set_default_timeout(60_000)
    page.goto(f"{room.server.url}/team/reading_room")
    page.get_by_role("button", name="Sign in").wait_for()
    stand_still(page)
    type_at(page, "Team password", room.team.password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reading room", level=1).wait_for()
    page.get_by_role("button", name=re.compile("Unlock|Save the plan")).wait_for()
    stand_still(page)


def unlock(page, room):
    page.get_by_role("button", name="Unlock").wait_for()
    stand_still(page)
    for name in (FIRST, SECOND):
        type_at(page, name, room.team.secrets[name])
    tab_to(page, "Unlock")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show the answer").wait_for()
    stand_still(page)


def find_all_read(page, room):
    """Unlock a round of which the first custodian has read every answer."""
    for name in (FIRST, SECOND):
        type_at(page, name, room.team.secrets[name])
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("radio", name=SECOND).wait_for()
    stand_still(page)


def uncover(page):
    """Take the cover off the answer in front."""
    page.get_by_role("button", name="Show the answer").wait_for()
    press(page, "Enter")
    page.get_by_role("button", name="Save and next").wait_for()


def covered(page, *keys):
    """Press keys of which the last puts another answer in front."""
    press(page, *keys)
    page.get_by_role("button", name="Show the answer").wait_for()


class Line:
    """The way to the server, which can stand still for a moment, as that of a weak network does."""

    def __init__(self, page):
        self.held, self.is_cut = None, False
        page.route_web_socket("**/_stcore/stream", self._join)

    def _join(self, browser):
        if self.is_cut:
            browser.close()
            return
        self.browser, self.server = browser, browser.connect_to_server()
        browser.on_message(self._send)

    def _send(self, message):
        if self.held is None:
            self.server.send(message)
        else:
            self.held.append(message)

    @contextmanager
    def stalled(self, page, milliseconds):
        """Hold back what the browser sends, then let it go all at once."""
        self.held = []
        yield
        if milliseconds:
            page.wait_for_timeout(milliseconds)
        held, self.held = self.held, None
        for message in held:
            self.server.send(message)

    @contextmanager
    def cut(self):
        """Let the line break, and come back after."""
        self.is_cut = True
        self.browser.close()
        self.server.close()
        yield
        self.is_cut = False


@pytest.fixture(scope="module")
def all_read(made_demonstration, serve, tmp_path_factory):
    """A room in which the first custodian has read every answer."""
    place = tmp_path_factory.mktemp("all-read")
    team = made_demonstration.copy(place / "demo")
    room = Room(team, serve(team.path, "custodian", place / "server"))
    room.read_by_first(date.today())  # noqa: DTZ011
    return room


@pytest.fixture(scope="module")
def reader(room, browse_on):
    """Return a page where both custodians unlocked and the first one reads."""
    page = browse_on(1280, 900)
    page.way = Line(page)
    come_in(page, room)
    unlock(page, room)
    return page


def test_a_whole_session_needs_no_mouse(room, browse):
    (room.folder.path / "team.sqlite").unlink()  # as before the first session
    page = browse(1280, 900)
    come_in(page, room)
    for title, text in zip(("Who reads", "Who of", "Whom", "What happens", "What can"), PLAN,
                           strict=True):  # fmt: skip
        type_at(page, title, text)
    tab_to(page, "Save the plan")
    page.keyboard.press("Enter")
    unlock(page, room)
    uncover(page)
    press(page, "1", "2")
    tab_to(page, "Note")
    page.keyboard.type("note 3 ndu0")  # letters and digits that are keys elsewhere
    page.keyboard.press("Enter")  # in the note it saves nothing
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
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Unlock").wait_for()
    expect(page.get_by_text("Reading today: Lead advocate, Program director.")).to_be_visible()


def left_out(page):
    return page.get_by_text("A key or a click was left out").filter(visible=True).first


def coded_by(room, reader, send):
    """Return the coding that keys make. Each time all count, or nothing is saved and that is said.

    On a machine that is slow at that moment they may be left out; then another answer is taken.
    """
    before = len(room.events())
    for _ in range(3):
        uncover(reader)
        send()
        try:
            reader.get_by_role("button", name="Show the answer").wait_for(timeout=45_000)
        except TimeoutError:
            expect(left_out(reader)).to_be_visible()
            assert len(room.events()) == before
            covered(reader, "p")
        else:
            stand_still(reader)
            (saved,) = room.events()[before:]
            return saved
    raise AssertionError("three times keys were left out")


@pytest.mark.parametrize(("gap", "stall"), [(0, 0), (40, 0), (120, 0), (0, 400), (40, 400)])
def test_keys_pressed_fast_are_all_kept_and_none_counts_for_the_next_answer(
    room, reader, gap, stall
):
    def send():
        with reader.way.stalled(reader, stall):
            for key in ("1", "2", "d", "Enter", "0"):
                reader.keyboard.press(key)
                reader.wait_for_timeout(gap * (key != "Enter"))

    saved = coded_by(room, reader, send)
    if stall:  # else the last key may come when the next answer is there, and means nothing
        expect(left_out(reader)).to_be_visible()
    assert set(saved.themes) == set(saved.offered[:2])
    assert saved.flags == ("needs_care",)


def test_a_theme_taken_back_by_a_fast_hand_is_taken_back(room, reader):
    def send():
        with reader.way.stalled(reader, 400):
            for key in ("1", "3", "1", "Enter"):
                reader.keyboard.press(key)

    saved = coded_by(room, reader, send)
    assert saved.themes == (saved.offered[2],)


def click(page, number):
    page.locator(f'[class*="-{number}-suggestion"] button').first.click()


def test_a_mouse_and_keys_at_once_lose_nothing_of_each_other(room, reader):
    def send():
        offered = reader.locator('[class*="-suggestion"] button').all_inner_texts()
        themes = reader.locator(".st-key-themes button").all()
        other = next(one for one in themes if not any(one.inner_text() in each for each in offered))
        with reader.way.stalled(reader, 400):
            other.click()
            click(reader, 1)
            click(reader, 2)
            reader.keyboard.press("Enter")

    saved = coded_by(room, reader, send)
    assert set(saved.offered[:2]) < set(saved.themes)
    assert len(saved.themes) == 3


def test_fingers_that_roll_over_the_keys_lose_none(room, reader):
    def send():
        for key in ("1", "2", "d"):
            reader.keyboard.down(key)
        for key in ("1", "2", "d"):
            reader.keyboard.up(key)
        reader.keyboard.press("Enter")

    saved = coded_by(room, reader, send)
    assert (set(saved.themes), saved.flags) == (set(saved.offered[:2]), ("needs_care",))


def test_keys_wait_while_the_page_does_not_say_what_it_heard(room, reader):
    def send():
        with reader.way.stalled(reader, 0):
            for key in ("1", "2", "d", "Enter"):
                reader.keyboard.press(key)
            reader.evaluate(
                """() => {
                  const find = document.getElementById, until = performance.now() + 1200;
                  document.getElementById = function (id) {
                    if (performance.now() > until) delete document.getElementById;
                    else if (id === "heard") return null;
                    return find.call(document, id);
                  };
                }"""
            )

    saved = coded_by(room, reader, send)
    assert (set(saved.themes), saved.flags) == (set(saved.offered[:2]), ("needs_care",))


def test_a_key_held_down_counts_once(room, reader):
    def send():
        for key in ("1", "Enter"):
            for _ in range(5):
                reader.keyboard.down(key)  # each but the first is a repeat
            reader.keyboard.up(key)

    saved = coded_by(room, reader, send)
    assert saved.themes == saved.offered[:1]


def test_a_line_that_breaks_covers_the_answer_and_saves_nothing(room, browse):
    page = browse(1280, 900)
    line = Line(page)
    come_in(page, room)
    unlock(page, room)
    uncover(page)
    press(page, "1")
    answer, gone = (
        page.locator(".st-key-answer p"),
        page.get_by_text("The line to the server is gone"),
    )
    expect(answer).to_be_visible()
    expect(gone).not_to_be_visible()
    before = room.events()
    with line.cut():
        for key in ("2", "Enter", "0"):
            page.keyboard.press(key)
        expect(gone).to_be_visible()
        expect(answer).not_to_be_visible()
        expect(left_out(page)).not_to_be_visible()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign in").wait_for()
    expect(gone).not_to_be_visible()
    expect(left_out(page)).not_to_be_visible()
    assert room.events() == before


def test_two_browsers_read_at_once_and_nothing_is_lost(room, reader, browse):
    other = browse(1280, 900)
    come_in(other, room)
    unlock(other, room)
    front = other.locator('[class*="-enter-show"]')
    for_the_first = front.get_attribute("class")
    other.get_by_text(SECOND, exact=True).first.click()
    expect(other.get_by_role("radio", name=SECOND)).to_be_checked()
    expect(front).not_to_have_class(for_the_first)
    stand_still(other)
    pages = [reader, other]
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


def test_a_second_reader_stays_blind_from_answer_to_answer(all_read, browse):
    page = browse(1280, 900)
    come_in(page, all_read)
    find_all_read(page, all_read)
    page.get_by_text(SECOND, exact=True).first.click()
    expect(page.get_by_role("radio", name=SECOND)).to_be_checked()
    page.get_by_text(Task.SECOND, exact=True).click()
    before = len(all_read.events())
    for _ in range(3):
        expect(page.get_by_role("radio", name=Task.SECOND)).to_be_checked()
        uncover(page)
        expect(page.get_by_text("Suggested; you decide.")).to_have_count(0)
        covered(page, "0")
    assert [event.saw for event in all_read.events()[before:]] == ["", "", ""]


def test_the_theme_stays_when_an_answer_leaves_it(all_read, browse):
    page = browse(1280, 900)
    come_in(page, all_read)
    find_all_read(page, all_read)
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


@pytest.fixture
def judge(show_by, findings, fits):
    """Return a function that sees that axe finds nothing, and that nothing scrolls sideways."""

    def see(page, where):
        for scheme in ("light", "dark"):
            show_by(page, scheme)
            assert findings(page) == [], (where, scheme)
        page.set_viewport_size({"width": 390, "height": 844})
        for scheme in ("dark", "light"):
            show_by(page, scheme)
            expect(page.locator("[data-testid=stMain]")).to_be_visible()
            assert fits(page), (where, scheme)
        page.set_viewport_size({"width": 1280, "height": 900})

    return see


def test_axe_finds_nothing_at_any_task_and_nothing_scrolls_sideways(room, browse, judge):
    room.read_by_both(date.today())  # noqa: DTZ011
    page = browse(1280, 900, bypass_csp=True)
    come_in(page, room)
    judge(page, "locked")
    unlock(page, room)
    for task in Task:
        page.get_by_text(re.compile(rf"^{task.value}( \(\d+\))?$")).first.click()
        covered_here = page.get_by_role("button", name="Show the answer")
        page.get_by_text(ON_SCREEN[task]).or_(covered_here).first.wait_for()
        stand_still(page)
        if covered_here.count():
            uncover(page)
        if task is Task.READ:
            press(page, "1")
        judge(page, task)
