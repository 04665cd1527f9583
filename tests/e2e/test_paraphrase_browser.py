"""The desk for paraphrases in a real browser, by keyboard alone, from a copy to the team's page."""

import re

import pytest
from playwright.sync_api import expect

FIRST, SECOND = "Lead advocate", "Program director"
TELLING = "The officer said that she was sixteen."
NEXT = re.compile("An answer is here|Nothing waits to be looked at")
OWN = "Those who asked for something were left to find their way alone."


class Hands:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page):
        self.page = page

    def tab_to(self, name):
        """Press Tab until what is called so has the focus."""
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if any(line.endswith(name) for line in self._focused().splitlines()):
                return
        raise AssertionError(f"{name} cannot be reached by Tab")

    def _focused(self):
        return self.page.evaluate(
            """() => {
                const at = document.activeElement
                const named = at.getAttribute('aria-label') || at.labels?.[0]?.innerText
                return (named || (at.tagName == 'BUTTON' && at.innerText) || '').trim()
            }"""
        )

    def types(self, name, text, key="Enter"):
        self.tab_to(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press(key)
        self.page.stand_still()

    def presses(self, name):
        self.tab_to(name)
        self.page.keyboard.press("Enter")
        self.page.stand_still()

    def sees(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=60_000)


@pytest.fixture(scope="module")
def side(made_demonstration, serve, tmp_path_factory):
    """Return a demonstration, and its custodians' side served."""
    place = tmp_path_factory.mktemp("paraphrases")
    team = made_demonstration.copy(place / "demo")
    server = serve(team.path, "all", place / "server")
    yield team, server
    server.stop()


@pytest.fixture
def judge(show_by, findings):
    """Return a function that sees that axe finds nothing, by day and by night."""

    def see(page):
        for scheme in ("dark", "light"):
            show_by(page, scheme)
            assert findings(page) == [], scheme

    return see


def test_from_an_answer_to_the_page_of_the_team_by_keyboard(side, browse, judge):
    team, server = side
    page = browse(1280, 900, bypass_csp=True)
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/team/paraphrases")
    page.get_by_role("button", name="Sign in").wait_for()
    page.stand_still()
    hands = Hands(page)
    hands.types("Team password", team.password)
    page.get_by_role("heading", name="Paraphrases", exact=True).wait_for()
    page.stand_still()
    judge(page)
    hands.types(FIRST, team.secrets[FIRST], key="Tab")
    hands.types(SECOND, team.secrets[SECOND])
    hands.sees("So that nobody does both, say who you are.")
    judge(page)
    hands.types("Your passphrase", team.secrets[FIRST])
    hands.sees("An answer is here. Look when you are ready.")
    page.keyboard.press("s")
    page.stand_still()
    hands.types("In other words", TELLING, key="Control+Enter")
    hands.sees("Not handed on yet. Your text is kept.")
    judge(page)
    page.keyboard.press("Escape")
    hands.types("In other words", OWN, key="Control+Enter")
    hands.sees(re.compile("sound like other themes|It waits for a second person"))
    if page.get_by_text("sound like other themes").count():
        page.keyboard.press("Control+Enter")
    hands.sees("It waits for a second person.")
    hands.presses("Somebody else sits down")
    hands.tab_to("Who sits here")
    page.keyboard.type("Program")
    page.keyboard.press("Enter")
    hands.types("Your passphrase", team.secrets[SECOND])
    hands.sees(f"At the desk: {SECOND}")
    hands.tab_to("Write")
    page.keyboard.press("ArrowRight")
    page.stand_still()
    hands.sees(NEXT)
    while not page.get_by_text("Nothing waits to be looked at.").count():
        hands.presses("Show the answer")
        hands.sees("What the person wrote")
        page.stand_still()
        judge(page)
        hands.presses("Approve")
        hands.sees("Approved.")
        hands.sees(NEXT)
    hands.tab_to("Look at a colleague's")
    page.keyboard.press("ArrowRight")
    page.stand_still()
    judge(page)
    hands.presses("Show these to the team")
    hands.sees("The team sees these sentences now.")
    page.get_by_role("link", name="Themes", exact=True).first.press("Enter")
    page.get_by_role("heading", name=re.compile("Themes of what people wrote")).wait_for()
    hands.sees(OWN)
    hands.sees("These sentences can change.")
    page.stand_still()
    judge(page)
