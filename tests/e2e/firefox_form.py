"""The form in a real Firefox, as it is installed: ``make test-firefox``, apart from ``make test``.

Firefox speaks WebDriver BiDi by itself; nothing stands between it and the form.
"""

import json
import re
import shutil
import subprocess
import time
from itertools import count
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect

from feedback.questionnaire.answers import Mark

MARKER = "zqxvheron jklwlantern"
PHONE = "Your answers are locked on this phone before they are sent."
REACH = "Your answers are locked as soon as they reach us."
WIDTHS = (320, 390, 1280)
FOCUS = "css => { document.querySelector(css).focus(); return document.hasFocus(); }"
ENTER, SHIFT = "\ue007", "\ue008"
PREFS = {
    "browser.sessionstore.interval": 200,  # ms: what a crash would bring back is kept at once
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Firefox:
    """One Firefox with a profile of its own; without ``script`` as in the safest Tor Browser."""

    def __init__(self, place, *, script):
        self.script, self.profile = script, place / "profile"
        self.profile.mkdir(parents=True)
        prefs = {**PREFS, "javascript.enabled": script}
        lines = (f'user_pref("{name}", {json.dumps(value)});\n' for name, value in prefs.items())
        (self.profile / "user.js").write_text("".join(lines), encoding="utf-8")
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "There is no Firefox here."
        told = place / "firefox.log"
        with told.open("wb") as log:
            self.process = subprocess.Popen(
                (program, "--headless", "--no-remote", "--remote-debugging-port=0",
                 "--profile", self.profile),
                stderr=log, stdout=log, env={"HOME": str(place), "PATH": "/usr/bin:/bin"},
            )  # fmt: skip
        address = until(lambda: re.search(r"BiDi listening on (ws://\S+)", told.read_text()))[1]
        self._link = connect(f"{address}/session", max_size=None)
        self._numbers = count(1)

    def __enter__(self):
        self._socket = self._link.__enter__()
        self.events = []
        self.say("session.new", capabilities={})
        self.say("session.subscribe", events=["network.beforeRequestSent"])
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.say("browser.close")
        self._link.__exit__(None, None, None)
        self.process.wait(30)

    def say(self, method, **params):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=30))
            if told["type"] == "event":
                self._note(told["params"])
            elif told.get("id") == number:
                assert told["type"] == "success", told
                return told["result"]

    def _note(self, event):
        self.events.append(event)
        if event["isBlocked"]:  # nobody waits for the reply, which comes like an event
            refuse = {"request": event["request"]["request"]}
            told = {"id": next(self._numbers), "method": "network.failRequest", "params": refuse}
            self._socket.send(json.dumps(told))

    def tab(self, width=390):
        apart = self.say("browser.createUserContext")["userContext"]
        return Tab(self, self.say("browsingContext.create", type="tab", userContext=apart), width)


class Tab:
    """A tab in a container of its own, so that nothing is shared with another test."""

    def __init__(self, firefox, made, width):
        self._firefox, self.id = firefox, made["context"]
        size = {"width": width, "height": 844}
        self.say("browsingContext.activate")
        self.say("browsingContext.setViewport", viewport=size)

    def say(self, method, **params):
        return self._firefox.say(method, context=self.id, **params)

    def go(self, address):
        self.say("browsingContext.navigate", url=address, wait="complete")

    def back(self):
        self.say("browsingContext.traverseHistory", delta=-1)

    def js(self, expression):
        found = self._firefox.say(
            "script.evaluate", expression=f"JSON.stringify({expression})",
            target={"context": self.id}, awaitPromise=True,
        )  # fmt: skip
        assert found["type"] == "success", found
        return json.loads(found["result"].get("value", "null"))

    def press(self, css, keys=" "):
        """Go to an element and press keys there: the whole form works without a mouse."""
        until(lambda: self.js(f"({FOCUS})({css!r})"))
        self.type(keys)

    def type(self, keys):
        presses = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        one = {"type": "key", "id": "keys", "actions": presses}
        self.say("input.performActions", actions=[one])

    def arrives(self, path):
        until(lambda: urlsplit(self.js("location.href")).path == path and self.is_there())

    def is_there(self):
        return self.js("document.readyState") == "complete"

    def says(self, css, text):
        until(lambda: text in (self.js(f"document.querySelector({css!r}).textContent") or ""))

    def asked(self):
        mine = (event for event in self._firefox.events if event["context"] == self.id)
        return [(event["request"]["method"], event["request"]["url"]) for event in mine]

    def posted(self):
        return [urlsplit(url).path for method, url in self.asked() if method == "POST"]

    def typed(self):
        return self.js(
            "[...document.querySelectorAll('textarea, input:checked')].map(f => f.value).join('')"
        )


def until(look):
    """Return what a look finds as soon as it finds something."""
    for _ in range(300):
        try:
            if found := look():
                return found
        except AssertionError:  # the page is just giving way to the next one
            pass
        time.sleep(0.05)
    raise TimeoutError


def fill(tab):
    tab.press("[name=path][value=got_help]")
    tab.press("[name=who][value=school]")
    tab.press("textarea", MARKER)


def begin(firefox, server, width=390):
    tab = firefox.tab(width)
    tab.go(f"{server.url}/")
    tab.press("a.button", ENTER)
    tab.arrives("/form")
    return tab


@pytest.fixture(scope="module")
def with_script(tmp_path_factory):
    with Firefox(tmp_path_factory.mktemp("script"), script=True) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def without_script(tmp_path_factory):
    with Firefox(tmp_path_factory.mktemp("plain"), script=False) as firefox:
        yield firefox


@pytest.fixture(params=["with_script", "without_script"])
def firefox(request):
    return request.getfixturevalue(request.param)


def assert_stored_once(server, words=MARKER, marks=frozenset()):
    [(answers, texts)] = server.team.responses()
    assert answers.picked == {"path": ("got_help",), "who": ("school",)}
    assert list(texts.values()) == [words]
    assert answers.marks == marks


@pytest.mark.parametrize("width", WIDTHS)
def test_a_person_goes_the_whole_way_and_back_shows_nothing(firefox, own_server, width):
    tab = begin(firefox, own_server, width)
    assert tab.js("document.documentElement.scrollWidth") <= width
    tab.says("#mode", PHONE if firefox.script else REACH)
    fill(tab)
    tab.press("textarea", " call 612-555-0199 ")
    tab.press("#go")
    until(lambda: tab.js("document.querySelectorAll('mark').length"))
    assert own_server.team.rows() == []
    tab.press("#check .two button" if firefox.script else "[name=_do][value=remove]")
    until(lambda: "[…]" in tab.typed() and tab.is_there())
    tab.press("#go")
    tab.arrives("/done")
    assert tab.posted() == (["/sealed"] if firefox.script else ["/form"] * 3)
    assert_stored_once(own_server, f"{MARKER} call […]")
    tab.back()
    time.sleep(1)  # also for a page that Firefox says has expired
    assert not tab.js("location.href").endswith("/done")
    assert MARKER not in tab.js("document.body.innerText")
    assert MARKER not in (tab.typed() or "")
    assert "got_help" not in (tab.typed() or "")
    assert {urlsplit(url).netloc for _, url in tab.asked() if not url.startswith("data:")} == {
        urlsplit(own_server.url).netloc
    }


def test_leave_shows_nothing_on_back(firefox, own_server):
    tab = begin(firefox, own_server)
    fill(tab)
    tab.press(".leave.low", ENTER)
    until(lambda: "/form" not in tab.js("location.href"))
    time.sleep(0.5)
    tab.back()
    until(lambda: tab.js("location.href").startswith(own_server.url) and tab.is_there())
    assert tab.js("location.href") == f"{own_server.url}/{'' if firefox.script else 'form'}"
    assert MARKER not in (tab.typed() or "")
    assert own_server.team.rows() == []


def test_another_address_and_back_shows_nothing(firefox, form_server):
    tab = begin(firefox, form_server)
    fill(tab)
    tab.go(form_server.url.replace("localhost", "127.0.0.1") + "/help")
    tab.back()
    tab.arrives("/form")
    assert MARKER not in tab.typed()


def test_shift_three_times_leaves(with_script, form_server):
    tab = begin(with_script, form_server)
    fill(tab)
    tab.type(SHIFT * 3)
    until(lambda: "/form" not in tab.js("location.href"))


def test_without_a_signal_the_locked_answers_wait_and_count_once(with_script, own_server):
    tab = begin(with_script, own_server)
    tab.says("#mode", PHONE)
    fill(tab)
    here = {"contexts": [tab.id]}
    with_script.say("emulation.setNetworkConditions", networkConditions={"type": "offline"}, **here)
    tab.press("#go")
    tab.says("#mode", "When you have a signal, press Send again.")
    with_script.say("emulation.setNetworkConditions", networkConditions=None, **here)
    tab.press("#go")
    tab.arrives("/done")
    assert tab.posted() == ["/sealed", "/sealed"]
    assert_stored_once(own_server)


@pytest.mark.parametrize("path", ["/seal.js", "/key"])
def test_without_the_lock_the_other_way_is_named(with_script, own_server, path):
    tab = with_script.tab()
    pattern = {"type": "pattern", "pathname": path}
    pattern = {"type": "pattern", "pathname": path}
    stop = {"phases": ["beforeRequestSent"], "urlPatterns": [pattern], "contexts": [tab.id]}
    with_script.say("network.addIntercept", **stop)
    tab.go(f"{own_server.url}/form")
    fill(tab)
    tab.press("#go")
    tab.says("#mode", "You can send them another way")
    assert tab.posted() == []
    tab.press("#go + .second")
    tab.arrives("/done")
    assert tab.posted() == ["/form"]
    assert_stored_once(own_server)


def test_a_shared_tablet_and_paper_work(with_script, own_server):
    tab = with_script.tab()
    tab.go(f"{own_server.url}/form?paper=1")
    tab.says("#mode", PHONE)
    fill(tab)
    tab.press("#go")
    until(lambda: tab.js("location.search") == "?paper=1&saved=1")
    assert_stored_once(own_server, marks={Mark.PAPER})


@pytest.mark.parametrize("script", [True, False])
def test_nothing_of_the_answers_is_in_the_profile(own_server, tmp_path, script):
    with Firefox(tmp_path / "ended", script=script) as firefox:
        tab = begin(firefox, own_server)
        fill(tab)
        tab.press("#go")
        tab.arrives("/done")
    assert_nothing_kept(firefox.profile)
    with Firefox(tmp_path / "killed", script=script) as firefox:
        tab = begin(firefox, own_server)
        fill(tab)
        time.sleep(1.5)
        firefox.process.kill()
        firefox.process.wait()
    assert_nothing_kept(firefox.profile)


def assert_nothing_kept(profile):
    files = {path: path.read_bytes() for path in profile.rglob("*") if path.is_file()}
    assert any(b"localhost" in data for data in files.values())  # the history stays, and we say so
    for path, data in files.items():
        for word in MARKER.split():
            assert word.encode() not in data, path
            assert word.encode("utf-16-le") not in data, path
