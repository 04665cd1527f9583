"""A thousand responses over real connections leave sealed rows on the disk and nothing else."""

import http.client
import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest

from feedback.crypto.envelope import ROW_BYTES
from feedback.intake import seal
from feedback.questionnaire.answers import Answers

AGENT, WORDS = "heron-browser/7.1", "quartz lantern"
TOLD = {"User-Agent": AGENT, "X-Forwarded-For": "203.0.113.77", "Cookie": "heron=1",
        "Referer": "https://heron.example/", "Accept-Language": "so-heron"}  # fmt: skip
SENDERS, EACH = 8, 125


@pytest.fixture(scope="module")
def thousand(make_form_team, serve, tmp_path_factory):
    """Return a team and its server after a thousand responses, every second one sealed before."""
    place = tmp_path_factory.mktemp("traces")
    team = make_form_team(place / "team")
    server = serve(team.path, "form", place / "server")
    rows = [seal(Answers("en", {}, {"change": WORDS}), team.round) for _ in range(500)]
    statuses = []

    def send(sender):
        for number in range(EACH):
            # Each sender has addresses of its own: one address sends forty an hour at most.
            address = f"127.77.{sender}.{1 + number // 40}"
            link = http.client.HTTPConnection("127.0.0.1", server.port, 30, (address, 0))
            if number % 2 and rows:
                octets = {"Content-Type": "application/octet-stream"}
                link.request("POST", "/sealed", rows.pop(), {**TOLD, **octets})
            else:
                sheet = {"Content-Type": "application/x-www-form-urlencoded"}
                body = f"path=tried&change={WORDS.replace(' ', '+')}"
                link.request("POST", "/form", body, {**TOLD, **sheet})
            statuses.append(link.getresponse().status)
            link.close()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {204, 303}
    assert len(statuses) == SENDERS * EACH
    return team, server, place


def test_the_process_is_still_small(thousand):
    _, server, _ = thousand
    assert server.resident_bytes() <= 60 * 2**20
    assert server.most_bytes() <= 60 * 2**20


def test_nothing_was_written_but_rows(thousand):
    team, server, place = thousand
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert files <= {
        "team/team.toml", "team/public.json", "team/box.sqlite", "team/box.sqlite-journal",
        "server/server.log",
    }  # fmt: skip
    assert server.log.read_text().splitlines() == [f"The form: {server.url}/", "Stop with Ctrl+C."]
    assert len(team.rows()) == SENDERS * EACH
    with sqlite3.connect(team.path / "box.sqlite") as db:
        kinds = db.execute("select distinct typeof(rid), round, length(env) from response")
        assert kinds.fetchall() == [("integer", "2026-Q4", ROW_BYTES)]
        columns = [name for _, name, *_ in db.execute("pragma table_info(response)")]
        assert columns == ["rid", "round", "env"]
        tables = [name for (name,) in db.execute("select name from sqlite_schema")]
    db.close()
    assert "response" in tables


def test_no_address_agent_word_or_time_is_on_the_disk(thousand):
    _, _, place = thousand
    now = datetime.now(UTC)
    shapes = [AGENT, "heron", "quartz", "lantern", "127.77.", "203.0.113", now.date().isoformat(),
              now.strftime("%d/%b/%Y"), str(int(time.time()))[:6]]  # fmt: skip
    for path in (path for path in place.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert [shape for shape in shapes if shape.encode() in data] == [], path
