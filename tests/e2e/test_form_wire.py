"""Broken, slow and lying clients over real connections: the form goes on, small and silent."""

import socket
import threading

import httpx
import pytest

MARKER = b"heron-lantern-quartz"
HOST = b"Host: localhost\r\n"
SHEET = b"Content-Type: application/x-www-form-urlencoded\r\n"
ROW = b"Content-Type: application/octet-stream\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: eA==\r\n"
)
LIES = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + MARKER,
    "an old HTTP": b"GET /form HTTP/0.9\r\n\r\n",
    "a line without an end": b"GET /" + b"a" * 70_000,
    "a flood of headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: heron\r\n" * 20_000 + b"\r\n",
    "one header without an end": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"h" * 200_000,
    "two lengths": b"POST /form HTTP/1.1\r\n" + HOST + SHEET
    + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
    "a length and chunks": b"POST /form HTTP/1.1\r\n" + HOST + SHEET
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npath=none\r\n0\r\n\r\nGET /x",
    "a length that is no number": b"POST /form HTTP/1.1\r\n" + HOST + b"Content-Length: x\r\n\r\n",
    "a chunk that is no number": b"POST /form HTTP/1.1\r\n" + HOST + SHEET
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nheron\r\n0\r\n\r\n",
    "a chunk longer than it says": b"POST /form HTTP/1.1\r\n" + HOST + SHEET
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\n" + MARKER + b"\r\n0\r\n\r\n",
    "a huge length": b"POST /sealed HTTP/1.1\r\n" + HOST + ROW
    + b"Content-Length: 99999999999999999999\r\n\r\n" + MARKER,
    "a body that breaks off": b"POST /form HTTP/1.1\r\n" + HOST + SHEET
    + b"Content-Length: 500\r\n\r\nchange=" + MARKER,
    "a wrong upgrade": b"GET /form HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n",
    "headers that are no text": b"GET /\xff\x00 HTTP/1.1\r\n" + HOST + b"X: \xff\x00\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a way out of the folder": b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(make_form_team, serve, tmp_path_factory):
    place = tmp_path_factory.mktemp("wire")
    team = make_form_team(place / "team")
    server = serve(team.path, "form", place / "server")
    server.team = team
    return server


def say(server, data, *, wait=2.0):
    """Send bytes, end the sending, and return the first line of what comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as link:
        try:
            link.sendall(data)
            link.shutdown(socket.SHUT_WR)
            return link.recv(65536).partition(b"\r\n")[0]
        except OSError:  # cut off in the middle of what was too much
            return b""


def assert_well(server):
    assert httpx.get(f"{server.url}/form").status_code == 200
    assert server.team.rows() == []
    assert server.log.read_text().splitlines()[2:] == []


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_in_silence(served, lie):
    first = say(served, LIES[lie])
    assert b" 500 " not in first
    assert b" 303 " not in first
    assert b" 101 " not in first
    assert_well(served)


def test_slow_senders_stand_in_nobodys_way(served):
    head = b"POST /form HTTP/1.1\r\n" + HOST + SHEET + b"Content-Length: 4000\r\n\r\nchange="
    before = served.resident_bytes()
    links = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(300)]
    for piece in (head, MARKER, MARKER):
        for link in links:
            link.sendall(piece)
    assert_well(served)
    assert served.resident_bytes() - before < 8 * 2**20
    for link in links:
        link.close()
    assert_well(served)


def test_huge_bodies_stay_out_of_memory(served):
    before = served.resident_bytes()
    head = b"POST /form HTTP/1.1\r\n" + HOST + SHEET + b"Content-Length: 15000000\r\n\r\n"
    heard = []

    def send():
        heard.append(say(served, head + b"x" * 15_000_000, wait=30))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(b" 413 " in first for first in heard), heard
    assert served.resident_bytes() - before < 8 * 2**20
    assert_well(served)
