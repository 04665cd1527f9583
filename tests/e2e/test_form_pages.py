"""Every page of the form in a real browser: reachable, readable, light, and silent to others."""

import io
import json
from urllib.parse import urlsplit

import pypdf
import pytest

PAGES = ("/", "/form", "/done", "/help", "/board", "/paper", "/poster", "/nothing-here",
         "/form?lang=es", "/form?kiosk=1", "/form?paper=1&saved=1")  # fmt: skip


def post(page, server, **answers):
    """Send answers without a script, as a page of ours would."""
    page.goto(f"{server.url}/form")
    page.evaluate(
        """answers => {
            const form = document.getElementById('form');
            for (const [name, value] of Object.entries(answers)) {
                const field = document.createElement('input');
                field.name = name; field.value = value; form.append(field);
            }
            HTMLFormElement.prototype.submit.call(form);
        }""",
        answers,
    )
    page.wait_for_selector("#notice, mark")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_by_day_or_night(form_server, browse, show_by, findings, path):
    page = browse()
    page.goto(form_server.url + path)
    for scheme in ("light", "dark"):
        show_by(page, scheme)
        assert findings(page) == [], scheme


@pytest.mark.parametrize("path", ["/", "/form", "/done", "/help", "/board"])
def test_axe_finds_nothing_from_right_to_left_in_forced_colours(
    form_server, browse, findings, path
):
    page = browse(forced_colors="active", reduced_motion="reduce")
    page.goto(form_server.url + path)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert findings(page) == []


def test_axe_finds_nothing_on_the_way_to_the_plain_page(form_server, browse, findings):
    page = browse()
    there = page.request.get(f"{form_server.url}/away").text()
    page.set_content(there.replace("refresh", "stay"))
    assert findings(page) == []


@pytest.mark.parametrize("blocked", ["**/seal.js", "**/sealed"])
def test_axe_finds_nothing_when_sending_fails(form_server, browse, findings, blocked):
    page = browse()
    page.route(blocked, lambda route: route.abort())
    page.goto(f"{form_server.url}/form")
    page.click("#go")
    page.wait_for_selector("#mode.notice")
    assert findings(page) == []
    assert page.evaluate("document.activeElement.id") == "mode"
    assert page.get_attribute("#mode", "role") == "status"


@pytest.mark.parametrize("path", ["/", "/form", "/help"])
def test_axe_finds_nothing_on_a_wide_screen(form_server, browse, findings, path):
    page = browse(1280, 900)
    page.goto(form_server.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert findings(page) == []


def test_axe_finds_nothing_when_answers_are_shown_back(form_server, browse, findings):
    page = browse()
    post(page, form_server, path="nonsense", change="m" * 500)
    assert findings(page) == []
    assert page.evaluate("document.activeElement.id") == "notice"


def test_axe_finds_nothing_on_the_look_before_send(form_server, browse, findings):
    page = browse()
    post(page, form_server, change="my name is Ana Lopez")
    assert findings(page) == []


def test_axe_finds_nothing_on_the_look_in_the_browser(form_server, browse, findings):
    page = browse()
    page.goto(f"{form_server.url}/form")
    page.check("#q-respect [value=agree]")
    page.fill("#t-change", "my name is Ana Lopez")
    page.click("#go")
    page.wait_for_selector("#check mark")
    assert findings(page) == []


@pytest.mark.parametrize("path", ["/", "/form?lang=es", "/help", "/board", "/paper", "/poster"])
def test_nothing_runs_out_of_the_screen(form_server, browse, path):
    page = browse(script=False)
    page.goto(form_server.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for width in (320, 390, 640, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, direction


def test_letters_twice_as_large_still_fit(form_server, browse):
    page = browse(640)
    page.goto(f"{form_server.url}/form")
    page.evaluate("document.documentElement.style.fontSize = '212%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("path", ["/", "/form", "/help", "/done"])
def test_a_finger_meets_everything_that_it_should(form_server, browse, path):
    page = browse()
    page.goto(form_server.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             '.button, .leave, .o, .tongue, .number, .foot nav a, .skippart, summary, textarea')]
           .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
           .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize(("width", "shown"), [(390, ".leave.low"), (1280, ".leave.high")])
def test_leave_is_in_sight_wherever_one_reads(form_server, browse, width, shown):
    page = browse(width)
    page.goto(f"{form_server.url}/form")
    for place in (0, 2000, 10**6):
        page.evaluate("place => scrollTo(0, place)", place)
        box = page.locator(shown).bounding_box()
        assert 0 <= box["y"] <= 844 - box["height"]


@pytest.mark.parametrize("path", ["/", "/form", "/done"])
def test_leave_is_the_first_stop_of_the_keyboard(form_server, browse, path):
    page = browse(1280, 900)
    page.goto(form_server.url + path)
    page.keyboard.press("Tab")
    link = page.evaluate_handle("document.activeElement")
    assert link.evaluate("one => one.getAttribute('href')") == "/away"
    assert link.as_element().bounding_box()["y"] >= 0


def test_the_keyboard_always_shows_where_it_is(form_server, browse):
    page = browse(1280, 900)
    page.goto(f"{form_server.url}/form")
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const one = document.activeElement;
                       return [one, one.closest('.o') || one]
                           .map(each => getComputedStyle(each).outlineStyle).join(); }"""
        )
        assert "solid" in seen or "auto" in seen


@pytest.mark.parametrize(
    ("path", "script", "count"), [("/", False, 1), ("/form", False, 1), ("/", True, 2)]
)
def test_a_page_is_one_request_and_one_script(form_server, browse, path, script, count):
    page = browse(script=script)
    page.goto(form_server.url + path)
    page.wait_for_load_state("networkidle")
    assert len(page.asked) == count


def test_no_page_asks_another_host_or_leaves_anything_behind(form_server, browse):
    page = browse()
    for path in PAGES:
        page.goto(form_server.url + path)
        page.wait_for_load_state("networkidle")
    assert {urlsplit(url).netloc for url in page.asked if not url.startswith("data:")} == {
        f"localhost:{form_server.port}"
    }
    assert page.context.cookies() == []
    left = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length,
             (await indexedDB.databases()).length, (await caches.keys()).length,
             (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert left == [0, 0, 0, 0, 0]


def test_no_page_complains_in_the_console(form_server, browse):
    page = browse()
    said = []
    page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        if path != "/nothing-here":
            page.goto(form_server.url + path)
    assert said == []


def test_a_picked_answer_shows_in_forced_colours(form_server, browse):
    page = browse(forced_colors="active")
    page.goto(f"{form_server.url}/form")
    page.check("#q-path [value=tried]")
    row = page.locator("#q-path .o", has=page.locator("[value=tried]"))
    assert row.evaluate("one => getComputedStyle(one).borderTopWidth") == "2px"


def test_paper_prints_without_room_for_an_address(form_server, browse):
    page = browse()
    page.goto(f"{form_server.url}/paper")
    page.emulate_media(media="print")
    for hidden in (".top", ".foot", ".low"):
        assert not page.locator(hidden).is_visible()
    rules = page.evaluate(
        "[...document.styleSheets].flatMap(s => [...s.cssRules]).map(r => r.cssText).join()"
    )
    assert "@page { margin: 0px; }" in rules


def test_the_process_stays_small(own_server, browse):
    page = browse(script=False)
    for path in PAGES:
        page.goto(own_server.url + path)
    for _ in range(5):
        page.goto(f"{own_server.url}/form")
        page.check("#q-path [value=tried]")
        page.click("#go")
        page.wait_for_url("**/done")
    assert own_server.resident_bytes() <= 60 * 1024 * 1024
    assert own_server.log.read_text() == ""


def test_no_card_of_the_board_is_printed_on_two_pages(own_server, browse):
    entries = [
        {
            "title": {"text": f"Begin {n}."},
            "heard": [{"text": "People said that it is too far."}] * n,
            "not_done": [{"text": f"End {n}."}],
        }
        for n in range(1, 13)
    ]
    board = {"format": "throughline board 1", "entries": entries}
    (own_server.team.path / "board.json").write_text(json.dumps(board), encoding="utf-8")
    page = browse()
    page.goto(f"{own_server.url}/board")
    sheets = [
        sheet.extract_text()
        for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    ]
    assert len(sheets) > 3
    for n in range(1, 13):
        [sheet] = [text for text in sheets if f"Begin {n}." in text]
        assert f"End {n}." in sheet
