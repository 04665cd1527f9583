"""Many people send at once, and the server is killed meanwhile: whoever was thanked is kept."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

OPENERS = ("streamlit", "pandas", "feedback.opening", "feedback.publishing", "feedback.custody")


class Storm:
    """Clients that send one response after the other, each with words of its own."""

    def __init__(self, server, clients, each):
        self._server, self._each = server, each
        self.thanked, self.refused, self.cut_off = set(), Counter(), 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(clients)]

    def _send(self, client):
        # Each client has addresses of its own: one address sends forty an hour at most.
        for number in range(self._each):
            words = f"client {client} number {number}"
            address = f"127.0.{1 + client}.{1 + number // 30}"
            sent = {"path": "tried", "change": words, "_sure": "1", "lang": "en"}
            try:
                status = self._server.send(sent, address=address)
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.cut_off += 1
                return
            with self._lock:
                if status == 303:
                    self.thanked.add(words)
                else:
                    self.refused[status] += 1

    def begin(self):
        for thread in self._threads:
            thread.start()

    def end(self):
        for thread in self._threads:
            thread.join()


def stored(team):
    return Counter(words["change"] for _, words in team.responses())


@pytest.fixture
def team(make_form_team, tmp_path):
    return make_form_team(tmp_path / "team")


@pytest.mark.parametrize(("clients", "each"), [(8, 20), (32, 6)])
def test_many_people_at_once_lose_nothing(team, serve, tmp_path, clients, each):
    server = serve(team.path, "form", tmp_path / "server")
    storm = Storm(server, clients, each)
    storm.begin()
    storm.end()
    assert (storm.refused, storm.cut_off) == ({}, 0)
    assert len(storm.thanked) == clients * each
    server.stop()
    assert stored(team) == Counter(storm.thanked)


def test_whoever_was_thanked_before_a_kill_is_kept(team, serve, tmp_path):
    kept = set()
    for turn in range(3):
        server = serve(team.path, "form", tmp_path / f"server-{turn}")
        storm = Storm(server, 12, 100)
        storm.begin()
        while len(storm.thanked) < 40:
            assert server.process.poll() is None
        os.kill(server.process.pid, signal.SIGKILL)
        storm.end()
        server.process.wait()
        assert storm.cut_off > 0
        found = stored(team)
        kept |= {(turn, words) for words in storm.thanked}
        # The same words come again each turn, so they are counted, not only looked for.
        for words in storm.thanked:
            assert found[words] >= sum((earlier, words) in kept for earlier in range(turn + 1))
    server = serve(team.path, "form", tmp_path / "server-after")
    assert server.send({"path": "tried"}) == 303


def test_the_process_of_the_form_is_small_and_blind(team, serve, tmp_path, capsys):
    server = serve(team.path, "form", tmp_path / "server")
    storm = Storm(server, 8, 25)
    storm.begin()
    storm.end()
    assert len(storm.thanked) == 200
    size = server.resident_bytes() / 2**20
    with capsys.disabled():
        sys.stdout.write(f"\nform process after 200 responses: {size:.1f} MiB resident\n")
    assert size <= 60
    maps = Path(f"/proc/{server.process.pid}/maps").read_text()
    for library in ("pandas", "numpy", "scipy", "pyarrow"):
        assert f"/{library}/" not in maps
    assert "heron" not in server.log.read_text()


def test_serving_a_form_loads_nothing_that_opens(team):
    code = f"""
import sys
import uvicorn
uvicorn.run = lambda *_, **__: __import__("app")
from feedback.cli import main
main(["serve", {str(team.path)!r}, "--surface", "form"], standalone_mode=False)
print(*sys.modules)
"""
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    loaded = run.stdout.split()
    assert "feedback.web.site" in loaded
    for name in (*OPENERS, "feedback.crypto.keyring", "sqlalchemy"):
        assert name not in loaded
