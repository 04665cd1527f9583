"""What the form shows: one light page each, strict headers, and nothing that gives anybody away."""

import gzip
import hashlib
import json
import re
from base64 import b64encode
from datetime import date
from html.parser import HTMLParser

import pytest

from feedback.questionnaire.definition import Kind
from feedback.web.pages import dialled

SHOWN = ("/", "/form", "/done", "/help", "/board", "/paper", "/poster")
KIB = 1024


class Tags(HTMLParser):
    """The start tags of a page, as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, *names):
        return [attrs for tag, attrs in self.found if tag in names]


def test_every_page_is_there(still_site):
    assert {path: still_site.get(path).status_code for path in SHOWN} == dict.fromkeys(SHOWN, 200)


@pytest.mark.parametrize("path", SHOWN)
def test_head_answers_like_get(still_site, path):
    assert still_site.ask("HEAD", path).headers == still_site.get(path).headers


@pytest.mark.parametrize("path", ["/", "/form", "/form?lang=es", "/?lang=es"])
def test_entry_and_form_fit_the_first_round_trip(still_site, path):
    reply = still_site.get(path, headers={"accept-encoding": "gzip"})
    assert int(reply.headers["content-length"]) <= 14 * KIB
    assert reply.headers["content-encoding"] == "gzip"


def test_without_gzip_the_same_page_comes_plain(still_site):
    plain = still_site.get("/form", headers={"accept-encoding": "identity"})
    packed = still_site.get("/form", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content


@pytest.mark.parametrize("path", ["/", "/form", "/done", "/nothing-here"])
def test_a_page_asks_for_nothing_but_its_own_files(still_site, path):
    tags = Tags(still_site.get(path).text)
    sources = [tag.get("src") for tag in tags.named("script", "img", "iframe") if tag.get("src")]
    linked = [tag["href"] for tag in tags.named("link")]
    assert set(sources) == {"/form.js"}
    assert all(href.startswith(("data:", "/after.css")) for href in linked)
    assert tags.named("iframe", "object", "embed", "video", "audio") == []


@pytest.mark.parametrize(
    "path", [*SHOWN, "/leave", "/away", "/form.js", "/after.css", "/nothing-here"]
)
def test_every_answer_is_strict(still_site, path):
    headers = still_site.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", SHOWN)
def test_inline_styles_are_allowed_by_their_hash_alone(still_site, path):
    reply = still_site.get(path)
    styles = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
    hashes = {b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles}
    allowed = set(re.findall(r"'sha256-([^']+)'", reply.headers["content-security-policy"]))
    assert hashes == allowed
    assert " style=" not in reply.text
    assert not re.search(r"<script>|\son\w+=", reply.text)


def test_behind_tls_the_browser_is_told_to_stay_there(form_team, open_site):
    form_team.write_team('name = "A"\nbehind_tls = true\n')
    reply = open_site(form_team).get("/nothing-here")
    assert reply.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/admin", 404), ("GET", "/form/", 404), ("PUT", "/form", 405), ("GET", "/sealed", 405),
     ("POST", "/done", 405), ("OPTIONS", "/", 405), ("GET", "/static/../team.toml", 404),
     ("GET", "/%00%ff", 404)],
)  # fmt: skip
def test_what_is_not_there_gets_a_calm_page(still_site, method, path, status):
    reply = still_site.ask(method, path)
    assert reply.status_code == status
    assert "Go to the start" in reply.text


# ------------------------------------------------------------------ Leave


@pytest.mark.parametrize("path", SHOWN)
def test_leave_comes_first_and_stays_in_sight(still_site, path):
    links = Tags(still_site.get(path).text).named("a")
    assert links[0]["href"] == "/away"
    assert [a["class"] for a in links if a["href"] == "/away"] == [
        "jump", "leave high", "leave low",
    ]  # fmt: skip


def test_no_link_below_the_questions_leads_away_from_what_was_typed(still_site):
    links = Tags(still_site.get("/form").text).named("a")
    elsewhere = {a["href"] for a in links if not a["href"].startswith(("#", "tel:", "sms:"))}
    assert elsewhere == {"/away", "/form?lang=es"}


def test_leave_goes_where_the_team_says_and_forgets(still_site):
    reply = still_site.get("/leave")
    assert reply.status_code == 303
    assert reply.headers["location"] == "https://www.example.org/"
    assert reply.headers["clear-site-data"] == '"cache", "storage"'


def test_without_a_script_leave_covers_the_form_and_goes_on_at_once(still_site):
    page = still_site.get("/away").text
    assert 'http-equiv="refresh" content="0;url=https://www.example.org/"' in page
    assert page.index("/after.css") < page.index("refresh")
    assert "<title>www.example.org</title>" in page


@pytest.mark.parametrize("path", ["/done", "/away"])
def test_the_page_after_the_form_has_the_browser_forget_it(still_site, path):
    assert "/after.css" in still_site.get(path).text
    assert still_site.get("/after.css").headers["clear-site-data"] == '"cache"'


def test_the_entry_page_is_honest_about_leave(still_site):
    page = still_site.get("/").text
    assert page.index("does not erase your history") < page.index('href="/form"')


# ------------------------------------------------------------------ the questions


def test_each_question_is_asked_once_in_order(still_site):
    page = still_site.get("/form").text
    ids = [question.id for question in still_site.team.round.questionnaire.questions]
    assert re.findall(r'id="q-(\w+)"', page) == ids
    assert re.findall(r'id="q-(\w+)"', still_site.get("/paper").text) == ids


def test_each_option_is_a_control_named_by_its_ids(still_site):
    inputs = Tags(still_site.get("/form").text).named("input")
    given = [(i["name"], i["value"]) for i in inputs if i["type"] in {"radio", "checkbox"}]
    for question in still_site.team.round.questionnaire.questions:
        wanted = list(question.option_ids)
        wanted += [""] if question.kind in (Kind.SINGLE, Kind.SCALE) else []
        assert [value for name, value in given if name == question.id] == wanted


def test_nothing_is_required_and_nothing_is_picked(still_site):
    for attrs in Tags(still_site.get("/form").text).named("input", "textarea", "form"):
        assert not {"required", "checked", "autofocus"} & set(attrs)
        assert attrs.get("autocomplete", "off") == "off"


def test_words_are_not_sent_to_a_spelling_service(still_site):
    areas = Tags(still_site.get("/form").text).named("textarea")
    assert [area["spellcheck"] for area in areas] == ["false", "false"]


def test_a_part_can_be_skipped_in_sight(still_site):
    page = still_site.get("/form").text
    targets = re.findall(r'class="skippart" href="#([\w-]+)"', page)
    assert len(targets) == len(still_site.team.round.questionnaire.sections)
    assert all(f'id="{target}"' in page for target in targets)


def test_a_part_that_is_not_for_somebody_folds_away_by_style_alone(still_site):
    page = still_site.get("/form").text
    assert "form:has(#q-path [value=did_not_ask]:checked," in page
    assert "#s-treated .body" in page


def test_the_form_says_truthfully_how_answers_are_locked(still_site):
    assert "Your answers are locked as soon as they reach us." in still_site.get("/form").text


def test_a_question_of_the_team_needs_no_template(form_team, open_site):
    fields = form_team.round.questionnaire.to_dict()
    fields["sections"][0]["questions"].append(
        {
            "id": "extra_one",
            "kind": "single",
            "text": "<b>New?</b>",
            "options": [{"id": "y", "text": "Yes"}],
        }
    )
    document = form_team.round.to_dict() | {"questionnaire": fields}
    (form_team.path / "public.json").write_text(json.dumps(document), encoding="utf-8")
    page = open_site(form_team).get("/form").text
    assert 'name="extra_one" value="y"' in page
    assert "&lt;b&gt;New?&lt;/b&gt;" in page


# ------------------------------------------------------------------ languages and ways to look


def test_a_language_is_in_the_address_only(still_site):
    page = still_site.get("/form?lang=es").text
    assert '<html lang="es" dir="ltr">' in page
    assert 'action="/form?lang=es"' in page
    assert 'name="lang" value="es"' in page
    assert "¿Cuál se parece más a ti?" in page


def test_a_language_is_called_by_its_own_name(still_site):
    assert 'lang="es" hreflang="es" dir="ltr">Español</a>' in still_site.get("/").text
    assert '<html lang="en"' in still_site.get("/?lang=xx").text


def test_the_first_language_of_a_team_needs_no_choice(form_team, open_site):
    form_team.write_team('name = "A"\nlanguages = ["es", "en"]\n')
    page = open_site(form_team).get("/").text
    assert '<html lang="es"' in page
    assert 'href="/form"' in page


def test_one_language_shows_no_choice(form_team, open_site):
    form_team.write_team('name = "A"\nlanguages = ["en"]\n')
    assert "tongue" not in open_site(form_team).get("/").text.partition("<body")[2]


def test_a_kiosk_finds_its_way_back_without_a_script(still_site):
    page = still_site.get("/form?kiosk=1").text
    assert "url=/?kiosk=1" in page
    assert 'action="/form?kiosk=1"' in page
    assert "http-equiv" not in still_site.get("/form").text


def test_paper_answers_have_a_mode_of_their_own(still_site):
    page = still_site.get("/form?paper=1&saved=1").text
    assert 'name="_paper" value="1"' in page
    assert "Here is the next blank form" in page
    assert (
        "paper"
        not in still_site.get("/done?paper=1").text.partition("<main")[2].partition("</main>")[0]
    )


# ------------------------------------------------------------------ help lines


def test_help_lines_can_be_called_written_to_and_read(still_site):
    page = still_site.get("/help").text
    assert 'href="tel:5550142"' in page
    assert 'href="sms:741741"' in page
    assert "HOME to 741741" in page
    assert "This number was last checked on November 2, 2026." in page
    assert "If you call 911, the police will come." in page


def test_an_old_number_is_called_old(form_team, open_site):
    page = open_site(form_team, today=date(2027, 3, 1)).get("/help").text
    assert "It may have changed." in page


def test_a_number_that_nobody_tried_says_so(form_team, open_site):
    form_team.write_team('name = "A"\n[[help]]\nname = "Line"\ncall = "555-0100"\n')
    assert "We have not checked this number yet." in open_site(form_team).get("/help").text


def test_names_of_help_lines_are_folded_away_on_the_form(still_site):
    page = still_site.get("/form").text
    assert "<details" in page
    assert "open" not in Tags(page).named("details")[0]


def test_a_team_without_help_lines_still_says_something(form_team, open_site):
    form_team.write_team('name = "A"\n')
    assert "You can ask a helper you trust" in open_site(form_team).get("/").text


@pytest.mark.parametrize(
    ("number", "dials"),
    [("1-866-223-1111", "18662231111"), ("HOME to 741741", "741741"), ("988", "988"),
     ("+52 (33) 1234", "+52331234"), ("ask at the desk", "")],
)  # fmt: skip
def test_a_number_is_dialled_without_its_dashes(number, dials):
    assert dialled(number) == dials


# ------------------------------------------------------------------ entry, board, poster


def test_the_entry_page_says_who_reads_and_when(still_site):
    assert "They will have read every answer by January 15, 2027." in still_site.get("/").text
    assert "antes del 15 de enero de 2027" in still_site.get("/?lang=es").text


def test_the_team_may_add_words_of_its_own(form_team, open_site):
    form_team.write_team('name = "A"\nwelcome = "Hello <you>."\n')
    page = open_site(form_team).get("/").text
    assert "Hello &lt;you&gt;." in page
    assert "They do not read it right away." in page


def test_the_name_of_the_team_is_nowhere(still_site):
    assert "Cedar County team" not in "".join(still_site.get(path).text for path in SHOWN)


def test_an_empty_board_says_why_it_waits(still_site):
    assert "Nothing is posted here yet." in still_site.get("/board").text


def test_the_board_appears_as_soon_as_its_file_does(form_site, form_team):
    assert "Rides" not in form_site.get("/board").text
    entry = {
        "title": {"text": "Rides"},
        "heard": [{"text": "Too far."}],
        "not_done": [{"text": "A bus. No <money>."}],
    }
    board = {"format": "throughline board 1", "entries": [entry]}
    (form_team.path / "board.json").write_text(json.dumps(board), encoding="utf-8")
    page = form_site.get("/board").text
    assert "Too far." in page
    assert "No &lt;money&gt;." in page
    assert "What we decided" not in page


def test_a_line_that_the_board_has_in_english_only_is_read_aloud_in_english(form_site, form_team):
    entry = {
        "title": {"text": "Rides", "text_es": "Transporte"},
        "changed": [{"text": "A bus.", "text_es": "Un autobús."}, {"text": "Two taxis."}],
    }
    board = {"format": "throughline board 1", "entries": [entry]}
    (form_team.path / "board.json").write_text(json.dumps(board), encoding="utf-8")
    page = form_site.get("/board?lang=es").text
    assert '<dd lang="en">Two taxis.</dd>' in page
    assert "<dd>Un autobús.</dd>" in page
    assert "<dd>Two taxis.</dd>" in form_site.get("/board").text


def test_the_poster_shows_the_address_and_no_topic(still_site):
    page = still_site.get("/poster", headers={"host": "ideas.example.org"}).text
    assert "<svg" in page
    assert "ideas.example.org" in page


def test_a_poster_never_repeats_a_strange_host(still_site):
    reply = still_site.get("/poster", headers={"host": 'x"><script>'})
    assert reply.status_code == 200
    assert "localhost" in reply.text


# ------------------------------------------------------------------ the folder changes


def test_without_an_open_round_the_page_is_calm(form_team, open_site):
    form_team.close_round()
    site = open_site(form_team)
    for path in ("/form", "/paper"):
        reply = site.get(path)
        assert reply.status_code == 200
        assert "The form is not open right now." in reply.text
        assert "555-0142" in reply.text
    assert 'href="/form"' not in site.get("/").text


def test_a_round_opens_and_closes_without_a_restart(form_site, form_team):
    assert "q-path" in form_site.get("/form").text
    form_team.close_round()
    assert "q-path" not in form_site.get("/form").text
    form_team.open_round()
    assert "q-path" in form_site.get("/form").text


def test_a_round_ends_on_its_closing_day(form_team, open_site):
    form_team.write_team('name = "A"\n[[rounds]]\nid = "2026-Q4"\ncloses = 2026-11-23\n')
    assert "q-path" in open_site(form_team, today=date(2026, 11, 23)).get("/form").text
    assert "q-path" not in open_site(form_team, today=date(2026, 11, 24)).get("/form").text


def test_a_damaged_file_leaves_what_held_before(form_site, form_team, caplog):
    form_team.write_team("k = 'secret words'")
    assert "q-path" in form_site.get("/form").text
    assert [record.getMessage() for record in caplog.records] == [
        "The folder changed and cannot be read: InvalidSettings"
    ]


def test_the_script_begins_with_the_rules_and_is_packed(still_site):
    reply = still_site.get("/form.js")
    assert reply.text.startswith('window.throughlineRules=[{"kind":')
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert len(gzip.compress(reply.content)) < 8 * KIB
