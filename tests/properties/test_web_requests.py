"""Whatever is sent to whatever address gets a clean answer, and nothing of it is written down."""

import asyncio
import gzip
import logging
from datetime import date
from itertools import product
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.questionnaire.definition import load_questionnaire
from feedback.web.limits import Limits
from feedback.web.sheet import read_sheet
from feedback.web.site import create_form_app

QUESTIONS = load_questionnaire()
CLEAN = {200, 204, 303, 403, 404, 405, 409, 413, 415, 422, 429}
SHOWN_BACK = {200, 303, 422}
ADDRESSES = ("/", "/form", "/sealed", "/done", "/leave", "/away", "/board", "/help", "/paper",
             "/poster", "/form.js", "/seal.js", "/key", "/after.css", "/team",
             "/api/form")  # fmt: skip
KINDS = (b"application/x-www-form-urlencoded", b"application/octet-stream", b"text/plain", b"")


class Wire:
    """Speaks ASGI to the form, so that nothing tidies up what is sent."""

    def __init__(self, team):
        limits = Limits(per_address=10**9, overall=10**9)
        self.app = create_form_app(team.settings(), limits=limits, today=lambda: date(2026, 11, 23))
        self.runner = asyncio.Runner()

    def send(self, method, path, query=b"", headers=(), body=b""):
        return self.runner.run(self._send(method, path, query, headers, body))

    async def _send(self, method, path, query, headers, body):
        told = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            told.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": list(headers),
            "root_path": "",
            "client": ("192.0.2.7", 5),
            "server": ("localhost", 80),
            "scheme": "http",
            "http_version": "1.1",
        }
        await self.app(scope, receive, send)
        return told[0]["status"], b"".join(part.get("body", b"") for part in told[1:])


@pytest.fixture(scope="module")
def wire(make_form_team, tmp_path_factory):
    made = Wire(make_form_team(tmp_path_factory.mktemp("wire") / "team"))
    yield made
    made.runner.close()


@pytest.fixture(autouse=True)
def quiet():
    """Fail when anything is logged."""
    heard = []

    class Ear(logging.Handler):
        def emit(self, record):
            heard.append(record.getMessage())

    ear = Ear()
    logging.getLogger("throughline").addHandler(ear)
    yield
    logging.getLogger("throughline").removeHandler(ear)
    assert heard == []


header_names = st.sampled_from(
    [b"host", b"origin", b"sec-fetch-site", b"accept-encoding", b"content-length", b"cookie"]
)
headers = st.lists(st.tuples(header_names, st.binary(max_size=40)), max_size=4)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]),
    path=st.sampled_from(ADDRESSES) | st.text(max_size=30).map(lambda text: f"/{text}"),
    query=st.binary(max_size=40),
    kind=st.sampled_from(KINDS) | st.binary(max_size=20),
    more=headers,
    body=st.binary(max_size=2000),
)
def test_any_bytes_to_any_address_get_a_clean_answer(wire, method, path, query, kind, more, body):
    status, _ = wire.send(method, path, query, [(b"content-type", kind), *more], body)
    assert status in CLEAN


@pytest.mark.parametrize("path", ADDRESSES)
def test_bytes_that_are_no_text_get_a_clean_answer_wherever_they_stand(wire, path):
    odd = (b"\xff", b"lang=\xff", b"a=\xed\xa0\x80&kiosk=1")
    named = (b"host", b"origin", b"sec-fetch-site", b"accept-encoding", b"content-type")
    for method, query, name in product(("GET", "HEAD", "POST"), odd, named):
        status, _ = wire.send(method, path, query, [(name, b"\xff\xfe")], b"change=\xff")
        assert status in CLEAN, (method, query, name)


names = st.sampled_from([*QUESTIONS.by_id, "lang", "v", "_share", "_paper", "_website", "_do", "?"])
options = st.sampled_from([o for q in QUESTIONS.questions for o in q.option_ids] or ["x"])
texts = st.text(st.characters(codec="utf-8"), max_size=450)
sheets = st.lists(st.tuples(names, options | texts), max_size=20)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(fields=sheets)
def test_any_form_is_taken_or_shown_back(wire, fields):
    body = urlencode(fields).encode()
    status, page = wire.send("POST", "/form", b"", [(b"content-type", KINDS[0])], body)
    assert status in SHOWN_BACK
    if status == 422:
        assert b'id="notice"' in page


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=401, max_size=450)
)
def test_words_that_are_too_long_come_back_whole(wire, text):
    body = urlencode({"change": "x" + text + "x"}).encode()
    status, page = wire.send("POST", "/form", b"", [(b"content-type", KINDS[0])], body)
    assert status == 422
    kept = str(page, "utf-8")
    for sign, name in (
        ("&#39;", "'"),
        ("&#34;", '"'),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):
        kept = kept.replace(sign, name)
    assert text in kept


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=300).filter(lambda body: body.count(b"&") < 500))
def test_a_sheet_can_be_read_from_any_bytes(body):
    sheet = read_sheet(body)
    assert all(isinstance(value, str) for pair in sheet.fields for value in pair)
    assert not any("\ud800" <= sign <= "\udfff" for _, value in sheet.fields for sign in value)


@settings(max_examples=100, deadline=None)
@given(fields=sheets)
def test_a_sheet_gives_back_what_was_typed(fields):
    sheet = read_sheet(urlencode(fields).encode())
    assert sheet.fields == tuple(fields)
    assert not sheet.broken


def test_a_packed_page_is_the_plain_page(wire):
    _, plain = wire.send("GET", "/form")
    _, packed = wire.send("GET", "/form", b"", [(b"accept-encoding", b"gzip")])
    assert gzip.decompress(packed) == plain
