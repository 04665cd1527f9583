"""Any language fits: longer words, other letters, and lines that run from right to left."""

import threading
import time

import pytest
import uvicorn
from babel.messages.pofile import write_po

from feedback.cards import make_cards
from feedback.folder import Folder
from feedback.questionnaire.catalogue import DIRECTION, NAME, load_catalogue
from feedback.questionnaire.definition import load_questionnaire
from feedback.questionnaire.modules import compose, modules
from feedback.store.box import open_box
from feedback.web.site import create_form_app
from feedback.web.texts import template

PAGES = ("/", "/form", "/done", "/help", "/board", "/paper", "/poster")
SIZES = (320, 390, 1280)
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "àçéîñøšüÿÀÇÉÎÑØŠÜŸ")


def accented(text):
    """Return a text with accents, and half as long again, as German or Somali may be."""
    pieces = text.split("%(")
    told = pieces[0].translate(ACCENTS) + "".join(
        f"%({name})s{rest.translate(ACCENTS)}"
        for name, _, rest in (piece.partition(")s") for piece in pieces[1:])
    )
    return f"[{told}{' ' + 'ïñ' * 16 if len(text) > 40 else ''}{' ïñïñ' * (len(text) % 40 // 8)}]"


def arabic(text):
    """Return a text in which every Latin letter has become an Arabic one, and nothing else."""
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنه"
    out, at = [], 0
    while at < len(text):
        if text.startswith("%(", at):
            end = text.index(")s", at) + 2
            out.append(text[at:end])
            at = end
            continue
        sign = text[at]
        known = sign.isascii() and sign.isalpha()
        out.append(letters[ord(sign.lower()) - 97] if known else sign)
        at += 1
    return "".join(out)


def pseudo_language(folder, tag, change, direction):
    """Write a catalogue that no person speaks: every text of the form, changed by a rule."""
    catalogue = template()
    catalogue.fuzzy = False
    for message in catalogue:
        if message.id:
            message.string = change(str(message.id))
    catalogue[NAME].string = change("Pseudo")
    catalogue[DIRECTION].string = direction
    with (folder / f"{tag}.po").open("wb") as file:
        write_po(file, catalogue)


@pytest.fixture(scope="module")
def pseudo_site(make_form_team, tmp_path_factory):
    """Serve a form with the largest module, themes, cards, and two languages made for this test."""
    place = tmp_path_factory.mktemp("languages")
    (place / "catalogues").mkdir()
    pseudo_language(place / "catalogues", "eo", accented, "default:LTR")
    pseudo_language(place / "catalogues", "fa", arabic, "default:RTL")
    team = make_form_team(place / "team")
    head = 'languages = ["en", "eo", "fa"]\n'
    team.write_team(head + (team.path / "team.toml").read_text("utf-8"))
    heard = [{"en": "Police interview and phone"}, {"en": "Food, phone, money, work"}]
    team.ask(compose(load_questionnaire(), module=modules()["housing"], heard=heard))
    with open_box(team.path / "box.sqlite") as box:
        make_cards(Folder(team.path), team.round, box, 1)
    app = create_form_app(team.settings(), catalogue=load_catalogue(place / "catalogues"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("tag", ["eo", "fa"])
def test_nothing_runs_out_of_the_screen(pseudo_site, browse, tag, width):
    page = browse(width, 844)
    for path in PAGES:
        page.goto(f"{pseudo_site}{path}?lang={tag}")
        assert overflow(page) <= 0, path
        assert page.evaluate("document.documentElement.dir") == ("rtl" if tag == "fa" else "ltr")


def test_lines_begin_at_the_right(pseudo_site, browse):
    page = browse(390, 844)
    page.goto(f"{pseudo_site}/form?lang=fa")
    box = page.locator("fieldset label.o").first.bounding_box()
    tick = page.locator("fieldset label.o input").first.bounding_box()
    assert tick["x"] > box["x"] + box["width"] / 2


def test_a_number_to_call_stays_in_its_order(pseudo_site, browse):
    page = browse(390, 844)
    page.goto(f"{pseudo_site}/help?lang=fa")
    assert (
        page.locator("a.number bdi").first.evaluate("e => getComputedStyle(e).unicodeBidi")
        == "isolate"
    )
    assert "555-0142" in page.locator("a.number bdi").first.inner_text()


@pytest.mark.parametrize("path", ["/", "/form"])
@pytest.mark.parametrize("tag", ["eo", "fa"])
def test_axe_finds_nothing(pseudo_site, browse, findings, tag, path):
    page = browse(390, 844)
    page.goto(f"{pseudo_site}{path}?lang={tag}")
    assert findings(page) == []


def test_no_english_is_left(pseudo_site, browse):
    page = browse()
    for path in PAGES:
        page.goto(f"{pseudo_site}{path}?lang=fa")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        text = page.locator("main").inner_text()
        latin = {w for w in text.replace("\n", " ").split() if w.isascii() and w.isalpha()}
        # Names of help lines, and codes that a phone needs, are the team's own words.
        assert latin <= {"Cedar", "County", "help", "line", "HOME", "to", "Day", "and"}, path
