"""A real browser locks answers: what it sends, what it says, and what it never does unasked."""

import re
import shutil
import socket
import threading
import time
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

import pytest
import uvicorn
from playwright.sync_api import expect

from feedback.crypto.envelope import ROW_BYTES
from feedback.crypto.recipient import Identity
from feedback.questionnaire.answers import Mark
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.web.limits import Limits
from feedback.web.site import create_form_app

QUESTIONS = load_questionnaire()
MARKER = "marmalade lamps by the door, ñandú"
PICKED = {"path": ("got_help",), "who": ("hospital", "shelter"), "believed": ("strongly_agree",)}
SECRETS = ("marmalade", "lamps", "ñandú", "got_help", "hospital", "shelter", "believed", "agree")
PHONE = "Your answers are locked on this phone before they are sent."
REACH = "Your answers are locked as soon as they reach us."
WAIT = "One moment: we are getting ready to lock your answers on this phone."
CANNOT = (
    "We can not lock your answers on this phone. You can send them another way:"
    " they are locked when they reach us."
)
FLAGS = ("--no-sandbox", "--host-resolver-rules=MAP form.test 127.0.0.1")
OTHER = "Send them the other way"


# ------------------------------------------------------------------ a server and its wire


@dataclass(frozen=True)
class Request:
    """One request as it went over the wire."""

    line: str
    head: bytes
    body: bytes


class Wire:
    """Stands between browser and server and keeps every byte that the browser sends."""

    def __init__(self, server_port):
        self._server_port = server_port
        self._streams = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def requests(self):
        return [request for stream in self._streams for request in _parsed(bytes(stream))]

    def lines(self, start=""):
        return [r.line for r in self.requests() if r.line.startswith(start)]

    def _accept(self):
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server_port))
            self._streams.append(sent := bytearray())
            for pair in ((browser, server, sent), (server, browser, bytearray())):
                threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(source, target, kept):
    with source:
        try:
            while data := source.recv(65536):
                kept += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


def _parsed(stream):
    while stream:
        head, _, rest = stream.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: (\d+)", head)
        size = int(length[1]) if length else 0
        yield Request(head.partition(b" HTTP/")[0].decode(), head, rest[:size])
        stream = rest[size:]


class Site:
    """A team's form on a port of this machine; what a browser sends passes over `wire`."""

    def __init__(self, team, limits=None):
        self.team = team
        listener = socket.create_server(("127.0.0.1", 0))
        app = create_form_app(team.settings(), limits=limits)
        config = uvicorn.Config(app, log_config=None, ws="none", access_log=False)
        self._server = uvicorn.Server(config)
        run = {"target": self._server.run, "kwargs": {"sockets": [listener]}}
        self._thread = threading.Thread(**run, daemon=True)
        self._thread.start()
        self.wire = Wire(listener.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.wire.port}"
        while not self._server.started:
            time.sleep(0.01)

    def stop(self):
        self.wire.close()
        self._server.should_exit = True
        self._thread.join(10)

    def change_keys(self, **more):
        self.team.codes, self.team.words = Identity.generate(), Identity.generate()
        recipients = (self.team.codes.recipient, self.team.words.recipient)
        self.team.round = replace(self.team.round, recipients=recipients, **more)
        self.team.open_round()


@pytest.fixture
def start(make_form_team, tmp_path):
    """Return a function that starts a site; each is stopped at the end."""
    sites = []

    def started(**more):
        sites.append(Site(make_form_team(tmp_path / "team"), **more))
        return sites[-1]

    yield started
    for each in sites:
        each.stop()


@pytest.fixture
def site(start):
    return start()


@pytest.fixture
def page(browse):
    return browse()


def browser_options():
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return {"executable_path": next(found, None), "args": list(FLAGS)}


def fill(page):
    for question, options in PICKED.items():
        for option in options:
            page.check(f"[name={question}][value={option}]")
    page.fill("textarea >> nth=0", MARKER)


def open_form(page, site, query=""):
    page.goto(f"{site.address}/form{query}", wait_until="domcontentloaded")
    fill(page)


def mode(page):
    return page.locator("#mode")


def press_send(page):
    page.click("#go")


def arrives(page, where="**/done"):
    page.wait_for_url(where)


def assert_stored_once(site, marks=frozenset()):
    ((answers, words),) = site.team.responses()
    assert {name: answers.picked.get(name) for name in PICKED} == PICKED
    assert list(words.values()) == [MARKER]
    assert answers.marks == marks


# ------------------------------------------------------------------ nothing but sealed bytes


def test_no_answer_is_ever_on_the_wire_or_left_on_the_device(site, playwright, tmp_path):
    profile = tmp_path / "profile"
    start = playwright.chromium.launch_persistent_context
    with start(profile, **browser_options()) as context:
        page = context.new_page()
        seen = []
        context.on("request", lambda request: seen.append(request.url))
        page.goto(f"{site.address}/")
        page.click("a.button[href='/form']")
        fill(page)
        expect(mode(page)).to_have_text(PHONE)
        press_send(page)
        arrives(page)
        assert context.cookies() == []
        assert page.evaluate(LEFT_BEHIND) == {"left": 0, "state": None}
        page.wait_for_load_state("networkidle")
    assert_stored_once(site)
    assert_nothing_told(site, seen)
    assert_nothing_kept(profile)


def test_no_way_back_leads_to_the_answers(site, page):
    page.goto(f"{site.address}/")
    page.click("a.button[href='/form']")
    fill(page)
    press_send(page)
    arrives(page)
    page.go_back()
    assert page.url == f"{site.address}/"
    page.goto(f"{site.address}/form")
    assert page.locator("input:checked").count() == 0
    assert page.input_value("textarea >> nth=0") == ""


LEFT_BEHIND = """async () => ({
  left: localStorage.length + sessionStorage.length + document.cookie.length
    + (await caches.keys()).length + (await indexedDB.databases()).length
    + (await navigator.serviceWorker.getRegistrations()).length,
  state: history.state,
})"""


def assert_nothing_told(site, seen):
    assert all(url.startswith((f"{site.address}/", "data:")) for url in seen)
    for request in site.wire.requests():
        told = unquote_plus((request.head + request.body).decode("utf-8", "replace")).casefold()
        assert [secret for secret in SECRETS if secret in told] == [], request.line
        assert b"\r\ncookie" not in request.head.lower()
        assert b"\r\nreferer" not in request.head.lower()
    (sent,) = [request for request in site.wire.requests() if request.body]
    assert sent.line == "POST /sealed"
    assert len(sent.body) == ROW_BYTES
    assert b"content-type: application/octet-stream" in sent.head.lower()


def assert_nothing_kept(profile):
    files = {path: path.read_bytes() for path in profile.rglob("*") if path.is_file()}
    assert any(b"127.0.0.1" in data for data in files.values())  # the history stays, and we say so
    for path, data in files.items():
        assert MARKER.encode() not in data, path
        assert MARKER.encode("utf-16-le") not in data, path
        assert "Cache_Data" not in path.parts or b"127.0.0.1" not in data, path


@pytest.mark.parametrize("script", [True, False])
def test_words_that_were_never_sent_are_in_no_file_for_a_restart(
    site, playwright, tmp_path, script
):
    start = playwright.chromium.launch_persistent_context
    with start(tmp_path, **browser_options(), java_script_enabled=script) as context:
        page = context.new_page()
        open_form(page, site)
        page.goto(f"{site.address}/help")
        for _ in range(200):
            page.wait_for_timeout(100)
            if any(b"/help" in one.read_bytes() for one in tmp_path.glob("*/Sessions/*")):
                break
        else:
            pytest.fail("Chromium wrote nothing for a restart.")
    assert_nothing_kept(tmp_path)
    assert site.team.rows() == []


def test_page_says_where_answers_are_locked(site, browse):
    page, plain = browse(), browse(script=False)
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    open_form(plain, site)
    expect(mode(plain)).to_have_text(REACH)
    press_send(plain)
    arrives(plain)
    assert site.wire.lines("POST") == ["POST /form"]
    assert_stored_once(site)


def test_paper_answers_lead_to_the_next_blank_form(site, page):
    open_form(page, site, "?paper=1")
    press_send(page)
    arrives(page, "**/form?paper=1&saved=1")
    assert page.locator("input:checked").count() == 0
    assert site.wire.lines("POST") == ["POST /sealed"]
    assert_stored_once(site, {Mark.PAPER})


def test_shared_tablet_and_language_stay_in_the_address(site, page):
    open_form(page, site, "?lang=es&kiosk=1")
    expect(mode(page)).to_contain_text("en este teléfono")
    press_send(page)
    arrives(page, "**/done?lang=es&kiosk=1")
    assert site.team.responses()[0][0].lang == "es"


def test_field_that_no_person_sees_is_marked_inside(site, page):
    open_form(page, site)
    page.evaluate("document.querySelector('[name=_website]').value = 'x'")
    press_send(page)
    arrives(page)
    assert_stored_once(site, {Mark.TRAP})


def test_two_presses_send_once(site, page):
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    page.evaluate("go.click(); go.click(); setTimeout(() => go.click(), 60)")
    arrives(page)
    assert site.wire.lines("POST") == ["POST /sealed"]


# ------------------------------------------------------------------ before it is ready


def test_send_waits_for_what_locks_and_says_so(site, page):
    held = []
    page.route("**/seal.js", lambda route: held.append(route))
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_have_text(WAIT)
    expect(page.locator("textarea >> nth=0")).to_be_disabled()
    assert site.wire.lines("POST") == []
    held[0].continue_()
    arrives(page)
    assert site.wire.lines("POST") == ["POST /sealed"]
    assert_stored_once(site)


def assert_other_way_needs_its_own_press(site, page):
    expect(mode(page)).to_have_text(CANNOT)
    expect(page.locator("textarea >> nth=0")).to_have_value(MARKER)
    assert site.wire.lines("POST") == []
    page.get_by_role("button", name=OTHER).click()
    arrives(page)
    assert site.wire.lines("POST") == ["POST /form"]
    assert_stored_once(site)


@pytest.mark.parametrize("blocked", ["**/seal.js", "**/key"])
def test_without_the_lock_the_other_way_is_named(site, page, blocked):
    page.route(blocked, lambda route: route.abort())
    open_form(page, site)
    press_send(page)
    assert_other_way_needs_its_own_press(site, page)


def test_broken_script_counts_as_no_script(site, page):
    half = {"body": "(()=>{", "content_type": "text/javascript"}
    page.route("**/seal.js", lambda route: route.fulfill(**half))
    open_form(page, site)
    press_send(page)
    assert_other_way_needs_its_own_press(site, page)


def test_ten_seconds_are_enough_to_wait(site, page):
    held = []
    page.route("**/seal.js", lambda route: held.append(route))
    page.clock.install()
    open_form(page, site)
    press_send(page)
    page.clock.run_for(9000)
    expect(mode(page)).to_have_text(WAIT)
    page.clock.run_for(2000)
    assert_other_way_needs_its_own_press(site, page)
    held[0].abort()


def test_page_without_encryption_of_its_own_names_the_other_way(site, playwright):
    # Not a secure context: http, and a name that is not this machine's own.
    site.address = site.address.replace("127.0.0.1", "form.test")
    with playwright.chromium.launch(**browser_options()) as browser:
        page = browser.new_page()
        open_form(page, site)
        expect(mode(page)).to_have_text(CANNOT)
        press_send(page)
        assert_other_way_needs_its_own_press(site, page)
    assert "GET /seal.js" not in site.wire.lines("GET")


def test_lock_that_came_late_is_used_on_the_next_press(site, page):
    page.route("**/seal.js", lambda route: route.abort(), times=2)
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_have_text(CANNOT)
    press_send(page)
    arrives(page)
    assert site.wire.lines("POST") == ["POST /sealed"]


# ------------------------------------------------------------------ when sending fails


def test_answers_that_came_through_unheard_count_once(site, page):
    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/sealed", lose_the_answer, times=1)
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_contain_text("They may not have come through.")
    expect(page.locator("textarea >> nth=0")).to_be_disabled()
    press_send(page)
    arrives(page)
    assert_stored_once(site)


def test_without_a_signal_locked_answers_wait_on_the_page(site, page):
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    page.context.set_offline(True)
    press_send(page)
    expect(mode(page)).to_contain_text("When you have a signal, press Send again.")
    assert site.wire.lines("POST") == []
    page.context.set_offline(False)
    press_send(page)
    arrives(page)
    assert site.wire.lines("POST") == ["POST /sealed"]
    assert_stored_once(site)


def test_answers_that_never_left_are_sent_again(site, page):
    page.route("**/sealed", lambda route: route.abort(), times=2)
    open_form(page, site)
    for _ in range(2):
        press_send(page)
        expect(mode(page)).to_contain_text("They will count only once.")
    assert page.get_by_role("button", name=OTHER).count() == 0
    press_send(page)
    arrives(page)
    assert_stored_once(site)


def test_leave_while_waiting_sends_nothing(site, page):
    held, leaving = [], []
    page.route("**/seal.js", lambda route: held.append(route))
    page.route("**/leave", lambda route: leaving.append(route))
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_have_text(WAIT)
    page.click("a.leave.high", no_wait_after=True)
    held[0].continue_()
    page.wait_for_timeout(500)
    leaving[0].fulfill(body="elsewhere")
    arrives(page, "**/leave")
    assert site.wire.lines("POST") == []


def test_no_signal_before_it_is_ready_is_said(site, page):
    page.route("**/seal.js", lambda route: route.abort(), times=1)
    open_form(page, site)
    expect(mode(page)).to_have_text(CANNOT)
    page.context.set_offline(True)
    press_send(page)
    expect(mode(page)).to_contain_text("There is no signal right now.")
    page.context.set_offline(False)
    press_send(page)
    arrives(page)
    assert site.wire.lines("POST") == ["POST /sealed"]


def test_leave_drops_the_sealed_answers_too(site, page):
    page.route("**/sealed", lambda route: route.abort())
    page.route("**/leave", lambda route: route.fulfill(body="elsewhere"))
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_contain_text("When you have a signal")
    page.click("a.leave.high")
    arrives(page, "**/leave")
    assert site.team.responses() == []


def test_many_at_once_is_said_and_answers_stay(start, page):
    site = start(limits=Limits(per_address=0))
    open_form(page, site)
    press_send(page)
    expect(mode(page)).to_contain_text("Please wait a few minutes")
    expect(page.locator("textarea >> nth=0")).to_have_value(MARKER)
    expect(page.locator("textarea >> nth=0")).to_be_enabled()


def test_round_that_closed_meanwhile_is_explained(site, page):
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    site.team.close_round()
    press_send(page)
    expect(mode(page)).to_contain_text("The form is not open right now.")
    assert page.get_by_role("button", name=OTHER).count() == 0
    assert site.wire.lines("POST") == ["POST /sealed"]


def test_new_keys_lock_the_same_answers_again(site, page):
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    site.change_keys(id="2027-Q1")
    press_send(page)
    arrives(page)
    assert_stored_once(site)


def test_new_questions_are_explained_and_shown_on_request(site, page):
    open_form(page, site)
    expect(mode(page)).to_have_text(PHONE)
    newer = QUESTIONS.to_dict() | {"version": QUESTIONS.version + 1}
    site.change_keys(questionnaire=Questionnaire.from_dict(newer))
    press_send(page)
    expect(mode(page)).to_contain_text("The questions have changed")
    assert site.wire.lines("POST") == ["POST /sealed"]
    page.get_by_role("button", name=OTHER).click()
    expect(page.locator("#notice")).to_contain_text("The questions have changed")
    expect(page.locator("textarea >> nth=0")).to_have_value(MARKER)
    press_send(page)
    arrives(page)
    assert_stored_once(site)
