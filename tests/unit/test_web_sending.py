"""Answers are shown back or sealed and stored; nothing is ever dropped, kept or written down."""

import asyncio
import re

import pytest

from feedback.crypto.envelope import ROW_BYTES, seal_row
from feedback.crypto.recipient import Identity
from feedback.errors import StoreUnavailable
from feedback.questionnaire.answers import Answers, Mark, pack
from feedback.web.limits import Limits

SENTINEL = "heron-lantern-quartz"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TYPICAL = {"lang": "en", "v": "1", "path": "got_help", "who": ["police", "school"],
           "respect": "agree", "when": "", "change": "More rides", "keep": ""}  # fmt: skip


def test_answers_arrive_sealed_and_whole(form_site):
    reply = form_site.post(data=TYPICAL)
    assert (reply.status_code, reply.headers["location"]) == (303, "/done")
    [(answers, words)] = form_site.team.responses()
    assert answers.picked == {"path": ("got_help",), "who": ("police", "school"),
                              "respect": ("agree",)}  # fmt: skip
    assert words == {"change": "More rides"}
    assert answers.marks == frozenset()


def test_language_and_kiosk_stay_in_the_address(form_site):
    reply = form_site.post("/form?kiosk=1", data={"lang": "es", "path": "tried"})
    assert reply.headers["location"] == "/done?lang=es&kiosk=1"
    assert form_site.team.responses()[0][0].lang == "es"


def test_an_empty_form_may_be_sent(form_site):
    assert form_site.post(data={"lang": "en"}).status_code == 303
    assert len(form_site.team.rows()) == 1


@pytest.mark.parametrize(
    ("field", "mark"), [("_website", Mark.TRAP), ("_share", Mark.SHARE), ("_paper", Mark.PAPER)]
)
def test_what_else_is_known_is_sealed_with_the_answers(form_site, field, mark):
    form_site.post(data={"path": "tried", field: "1"})
    assert form_site.team.responses()[0][0].marks == {mark}


def test_paper_answers_lead_to_the_next_blank_form(form_site):
    reply = form_site.post("/form?paper=1", data={"path": "tried"})
    assert reply.headers["location"] == "/form?paper=1&saved=1"
    assert form_site.team.responses()[0][0].marks == {Mark.PAPER}


# ------------------------------------------------------------------ shown back


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"path": "nonsense"}, "Please pick one of the answers on this list."),
     ({"path": ["tried", "got_help"]}, "Please pick just one answer here."),
     ({"change": "m" * 401}, "Please make it 400 letters or less.")],
)  # fmt: skip
def test_what_cannot_be_taken_is_shown_back_and_announced(form_site, fields, says):
    reply = form_site.post(data={"keep": SENTINEL, "respect": "agree", **fields})
    assert reply.status_code == 422
    assert says in reply.text
    assert 'role="alert"' in reply.text
    assert SENTINEL in reply.text
    assert 'name="respect" value="agree" checked' in reply.text
    assert re.search(r'<a href="#[qt]-(path|change)">', reply.text)
    assert form_site.team.rows() == []


def test_too_long_a_text_comes_back_uncut(form_site):
    assert f">{'m' * 401}</textarea>" in form_site.post(data={"change": "m" * 401}).text


def test_broken_letters_come_back_readable(form_site):
    reply = form_site.post(content=b"change=more%FFrides&path=tried", headers=FORM)
    assert reply.status_code == 422
    assert "more\ufffdrides" in reply.text
    assert 'value="tried" checked' in reply.text


def test_letters_sent_raw_are_read(form_site):
    form_site.post(content="change=más+café".encode(), headers=FORM)
    assert form_site.team.responses()[0][1] == {"change": "más café"}


def test_answers_to_an_older_form_come_back(form_site):
    reply = form_site.post(data={"v": "0", "change": SENTINEL})
    assert reply.status_code == 422
    assert "The questions have changed" in reply.text
    assert SENTINEL in reply.text


def test_markup_in_answers_stays_text(form_site):
    page = form_site.post(data={"v": "0", "change": "</textarea><script>x()</script>"}).text
    assert "<script>x()" not in page


# ------------------------------------------------------------------ the look before Send

TELLING = {"change": "my name is Ana Lopez, call 612-555-0199", "path": "tried", "_share": "1"}


def test_telling_details_are_shown_once_before_sending(form_site):
    reply = form_site.post(data=TELLING)
    assert reply.status_code == 200
    assert "<mark>Ana Lopez</mark>" in reply.text
    assert "<mark>612-555-0199</mark>" in reply.text
    assert "This looks like a phone number." in reply.text
    assert 'name="_share" value="1"' in reply.text
    assert form_site.team.rows() == []


def test_the_person_may_send_it_as_it_is(form_site):
    assert form_site.post(data={**TELLING, "_do": "send"}).status_code == 303
    assert form_site.team.responses()[0][1] == {"change": TELLING["change"]}


def test_the_person_may_change_it(form_site):
    reply = form_site.post(data={**TELLING, "_do": "change"})
    assert reply.status_code == 200
    assert f">{TELLING['change']}</textarea>" in reply.text
    assert 'name="_share" value="1" checked' in reply.text
    assert form_site.team.rows() == []


def test_the_person_may_have_it_taken_out(form_site):
    reply = form_site.post(data={**TELLING, "_do": "remove"})
    assert ">my name is […], call […]</textarea>" in reply.text
    assert 'value="tried" checked' in reply.text
    assert form_site.team.rows() == []


def test_what_the_browser_has_asked_about_is_not_asked_again(form_site):
    assert form_site.post(data={**TELLING, "_sure": "1"}).status_code == 303


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"origin": "https://evil.example"}],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/form", "/sealed"])
def test_another_site_cannot_send(form_site, path, headers):
    assert form_site.post(path, data=TYPICAL, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin", "origin": "null"}, {"sec-fetch-site": "none"},
     {"origin": "null"}, {"origin": "http://localhost:8000"}, {}],
)  # fmt: skip
def test_our_own_page_can_send_from_any_browser(form_site, headers):
    assert form_site.post(data=TYPICAL, headers=headers).status_code == 303


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", ""])
def test_only_one_kind_of_form_is_read(form_site, kind):
    assert form_site.post(content=b"path=tried", headers={"content-type": kind}).status_code == 415


def test_a_huge_body_gets_a_calm_page(form_site):
    reply = form_site.post(content=b"change=" + b"m" * 200_000, headers=FORM)
    assert reply.status_code == 413
    assert "make your words shorter" in reply.text


def test_a_body_without_end_is_not_read_to_its_end(form_site):
    sent = []

    async def endless():
        while True:
            sent.append(1)
            yield b"m" * 1_000_000

    assert form_site.post(content=endless(), headers=FORM).status_code == 413
    assert len(sent) < 20


def test_a_person_who_hangs_up_breaks_nothing(form_site, caplog):
    async def hang_up():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"content-type", FORM["content-type"].encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/form",
        "query_string": b"",
        "root_path": "",
    }
    asyncio.run(form_site.app({**scope, "headers": headers}, hang_up, send))
    assert sent[0]["status"] == 413
    assert caplog.records == []


def test_more_fields_than_any_form_has_are_refused(form_site):
    reply = form_site.post(content=b"a=1&" * 600, headers=FORM)
    assert reply.status_code == 413


def test_after_the_round_closed_nothing_is_taken(form_site):
    form_site.team.close_round()
    reply = form_site.post(data=TYPICAL)
    assert reply.status_code == 409
    assert "Nothing was sent." in reply.text
    assert form_site.post("/sealed", content=b"", headers=OCTETS).status_code == 409


# ------------------------------------------------------------------ storage and limits


def test_when_storage_fails_the_answers_come_back(form_site):
    (form_site.team.path / "box.sqlite").unlink()
    reply = form_site.post(data={**TYPICAL, "keep": SENTINEL})
    assert reply.status_code == 503
    assert "Please press Send again." in reply.text
    assert SENTINEL in reply.text
    assert 'value="police" checked' in reply.text
    assert form_site.post("/sealed", content=sealed(form_site), headers=OCTETS).status_code == 503


def test_storage_that_comes_back_takes_the_answers(form_site):
    box = form_site.team.path / "box.sqlite"
    away = box.rename(box.with_suffix(".away"))
    assert form_site.post(data=TYPICAL).status_code == 503
    away.rename(box)
    assert form_site.post(data=TYPICAL).status_code == 303
    assert len(form_site.team.rows()) == 1


def test_forty_from_one_address_pass_and_then_answers_come_back(form_team, open_site):
    site = open_site(form_team, limits=Limits(clock=lambda: 0.0))
    assert {site.post(data=TYPICAL).status_code for _ in range(40)} == {303}
    reply = site.post(data={**TYPICAL, "keep": SENTINEL})
    assert reply.status_code == 429
    assert SENTINEL in reply.text
    assert site.post("/sealed", content=sealed(site), headers=OCTETS).status_code == 429
    assert len(form_team.rows()) == 40


def test_a_failure_of_ours_costs_the_person_nothing(form_team, open_site):
    site = open_site(form_team, limits=Limits(per_address=1, clock=lambda: 0.0))
    box = form_team.path / "box.sqlite"
    away = box.rename(box.with_suffix(".away"))
    site.post(data=TYPICAL)
    away.rename(box)
    assert site.post(data=TYPICAL).status_code == 303


# ------------------------------------------------------------------ rows sealed on the phone

OCTETS = {"content-type": "application/octet-stream"}


def sealed(site, recipients=None):
    round_ = site.team.round
    parts = pack(Answers("en", {}, {"change": "rides"}), round_.questionnaire, pair="ab" * 8)
    return seal_row(*parts, recipients or round_.recipients, round_.context)


def test_a_sealed_row_is_stored_as_it_came(form_site):
    row = sealed(form_site)
    assert form_site.post("/sealed", content=row, headers=OCTETS).status_code == 204
    assert form_site.post("/sealed", content=row, headers=OCTETS).status_code == 204
    assert form_site.team.rows() == [row]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"FVE1", 422), (b"\0" * ROW_BYTES, 422), (b"\0" * (ROW_BYTES + 1), 413)],
)
def test_what_is_no_row_is_refused(form_site, content, status):
    assert form_site.post("/sealed", content=content, headers=OCTETS).status_code == status


def test_a_row_for_other_keys_is_told_apart(form_site):
    others = (Identity.generate().recipient, Identity.generate().recipient)
    row = sealed(form_site, others)
    assert form_site.post("/sealed", content=row, headers=OCTETS).status_code == 409


def test_a_row_needs_its_own_kind(form_site):
    assert form_site.post("/sealed", content=sealed(form_site), headers=FORM).status_code == 415


# ------------------------------------------------------------------ nothing is written down


def test_no_log_and_no_file_ever_holds_an_answer(form_site, caplog):
    caplog.set_level(0)
    for more in ({}, {"v": "0"}, {"path": "nonsense"}, {"keep": "my name is Ana Lopez"}):
        form_site.post(data={**TYPICAL, "change": SENTINEL, **more})
    form_site.close_storage()
    assert [r for r in caplog.records if r.name.startswith(("throughline", "uvicorn"))] == []
    assert all(SENTINEL.encode() not in p.read_bytes() for p in form_site.team.path.iterdir())


def test_what_breaks_is_logged_by_its_kind_alone(form_site, caplog, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError(SENTINEL)

    monkeypatch.setattr("feedback.web.sending.read_answers", break_down)
    reply = form_site.post(data={"change": SENTINEL})
    assert reply.status_code == 500
    assert "It was not you." in reply.text
    assert SENTINEL not in reply.text
    assert caplog.messages == ["An answer could not be given: RuntimeError"]
    assert SENTINEL not in caplog.text


def test_a_store_error_without_a_name_is_calm_too(form_site, monkeypatch):
    def fail(*_, **__):
        raise StoreUnavailable("full")

    monkeypatch.setattr("feedback.intake.submit", fail)
    assert form_site.post(data=TYPICAL).status_code == 503
