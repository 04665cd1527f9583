"""What the form page loads in order to lock answers: small, fresh, and only on that page."""

import gzip
import json

import pytest

from feedback.web.key import key_sheet

KIB = 1024
PACKED = {"accept-encoding": "gzip"}
MOST_BYTES = {"/form": 14 * KIB, "/form.js": 8 * KIB, "/seal.js": 21 * KIB, "/key": 5 * KIB}


def on_the_wire(reply):
    """Return the bytes of head and body; test_seal_rebuild.py bounds the script by itself."""
    head = sum(len(name) + len(value) + 4 for name, value in reply.headers.raw)
    return head + len(gzip.compress(reply.content, 9))


@pytest.mark.parametrize("path", MOST_BYTES)
@pytest.mark.parametrize("view", ["", "?lang=es&kiosk=1", "?lang=es&paper=1&saved=1"])
def test_everything_stays_light(still_site, path, view):
    reply = still_site.get(f"{path}{view}", headers=PACKED)
    assert reply.headers["content-encoding"] == "gzip"
    assert on_the_wire(reply) <= MOST_BYTES[path]


def test_key_is_the_sheet_of_the_open_round_and_never_kept(still_site):
    reply = still_site.get("/key")
    assert reply.content == key_sheet(still_site.team.round)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"


def test_without_an_open_round_there_is_no_key(form_site):
    form_site.team.close_round()
    assert form_site.get("/key").status_code == 409


def test_pieces_of_a_script_are_no_addresses(still_site):
    for path in ("/lock.js", "/seal.js.sha256", "/seal/seal.js", "/static/seal.js"):
        assert still_site.get(path).status_code == 404


@pytest.mark.parametrize(
    ("view", "next_page"),
    [
        ("", "/done"),
        ("?lang=es&kiosk=1", "/done?lang=es&kiosk=1"),
        ("?paper=1", "/form?paper=1&saved=1"),
    ],
)
def test_page_tells_the_script_where_to_go_next(still_site, view, next_page):
    page = still_site.get(f"/form{view}").text
    start = '<script type="application/json" id="about">'
    about = page.partition(start)[2].partition("</script")[0]
    assert json.loads(about)["lock"]["next"] == next_page


def test_only_the_form_page_speaks_of_locking_on_the_phone(still_site):
    for path in ("/", "/done", "/help", "/board", "/paper", "/poster"):
        assert '"lock"' not in still_site.get(path).text
