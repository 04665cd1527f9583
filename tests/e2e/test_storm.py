"""Many people send at once, and the server is killed meanwhile: what was acknowledged is there."""

import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

FIELDS = {"path": "got_help", "age": "18_to_24", "lang": "en", "v": "1"}
HEADERS = {"sec-fetch-site": "same-origin"}


def send(client, url, number):
    """Send one response and say whether the form acknowledged it."""
    try:
        answer = client.post(
            f"{url}/form", data={**FIELDS, "change": f"Wish {number}"}, headers=HEADERS
        )
    except httpx.TransportError:
        return False
    return answer.status_code == 303


@pytest.mark.parametrize("clients", [8, 32])
def test_every_one_of_many_at_once_is_kept(own_server, clients):
    def several(person):
        with httpx.Client(timeout=60) as client:
            return [send(client, own_server.url, f"{person}-{n}") for n in range(32 // clients)]

    with ThreadPoolExecutor(clients) as people:
        sent = [each for some in people.map(several, range(clients)) for each in some]
    own_server.stop()
    wishes = {words["change"] for _, words in own_server.team.responses()}
    assert sent == [True] * 32
    assert len(wishes) == 32


def test_a_killed_server_loses_nothing_it_acknowledged(own_server):
    acknowledged, gate = set(), threading.Lock()

    def storm(person):
        with httpx.Client(timeout=10) as client:
            for number in range(4):
                if send(client, own_server.url, f"{person}-{number}"):
                    with gate:
                        acknowledged.add(f"Wish {person}-{number}")
                        if len(acknowledged) == 12:
                            own_server.process.send_signal(signal.SIGKILL)

    with ThreadPoolExecutor(8) as people:
        list(people.map(storm, range(8)))
    own_server.process.wait(20)
    stored = {words["change"] for _, words in own_server.team.responses()}
    assert own_server.process.returncode == -signal.SIGKILL
    assert len(acknowledged) >= 12
    assert acknowledged <= stored


def test_the_form_stays_small_and_light(own_server):
    with httpx.Client(timeout=60) as client:
        for number in range(30):
            assert send(client, own_server.url, number)
    assert own_server.resident_bytes() <= 66_000_000
    loaded = subprocess.run(
        ["grep", "-c", "-E", "streamlit|pandas|sqlalchemy", f"/proc/{own_server.process.pid}/maps"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.stdout.strip() == "0"
