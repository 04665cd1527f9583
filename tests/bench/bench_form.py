"""Print what the form costs here, beside a bare route: ``python tests/bench/bench_form.py``."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from feedback.crypto.recipient import Identity
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round
from feedback.store.box import open_box

ROUNDS, BATCH, CLIENTS = 5, 80, 8
KIND = {"Content-Type": "application/x-www-form-urlencoded"}
ANSWERS = urlencode(
    [
        ("lang", "en"), ("v", "1"), ("path", "got_help"), ("when", "over_a_year"),
        ("who", "police"), ("who", "hospital"), ("who", "advocate"),
        ("respect", "agree"), ("believed", "disagree"),
        ("explained", "middle"), ("identity", "agree"), ("safe", "agree"), ("not_trouble", "agree"),
        ("repeat", "strongly_agree"), ("hard", "no_ride"), ("hard", "wait"), ("need", "ride"),
        ("place", "own_town"), ("age", "18_to_24"), ("_website", ""),
        ("change", "I waited four hours in the hall and nobody told me what comes next."),
        ("keep", "The advocate stayed with me the whole night and brought me home."),
    ]
)  # fmt: skip

SERVERS = {
    "form": """
from feedback.web.limits import Limits
from feedback.web.site import create_form_app
limits = Limits(per_address=10**9, overall=10**9)
app = create_form_app(Settings.from_env({"THROUGHLINE_DATA": folder}), limits=limits)
""",
    "bare": """
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Route
from feedback.crypto.envelope import seal_row
from feedback.folder import Folder
from feedback.intake import row_key
from feedback.rounds import open_round
from feedback.store.box import open_box
opened, box = open_round(Folder(Path(folder))), open_box(Path(folder) / "box.sqlite")

def store(fields):
    text = json.dumps(fields).encode()
    row = seal_row(text[:1000], text, opened.recipients, opened.context)
    box.put(row_key(row), opened.id, row)

async def take(request):
    async with request.form() as form:
        await run_in_threadpool(store, dict(form))
    return RedirectResponse("/done", status_code=303)

app = Starlette(routes=[Route("/form", take, methods=["POST"])])
""",
}
FRAME = """
import json, sys
from pathlib import Path
import uvicorn
from feedback.settings import Settings
folder, port = sys.argv[1], int(sys.argv[2])
{server}
uvicorn.run(app, port=port, access_log=False, log_level="error", server_header=False, ws="none")
"""


def main() -> None:
    """Measure both servers in turn, so that a busy machine is busy for both."""
    with served("form") as form, served("bare") as bare:
        print_pages(form)
        for server in (form, bare):
            posts(server, BATCH)
        cost = {"form": 0.0, "bare": 0.0}
        for _ in range(ROUNDS):
            for name, server in (("form", form), ("bare", bare)):
                before = cpu_seconds(server)
                posts(server, BATCH)
                cost[name] += cpu_seconds(server) - before
        each = {name: seconds / (ROUNDS * BATCH) * 1000 for name, seconds in cost.items()}
        print(f"POST /form, server CPU         {each['form']:8.2f} ms")
        print(f"bare route, server CPU         {each['bare']:8.2f} ms")
        print(f"form / bare                    {each['form'] / each['bare']:8.2f} (2.50 at most)")
        print(f"POST /form, {CLIENTS} senders          {rate(form):8.0f} /s")
        print(f"bare route, {CLIENTS} senders          {rate(bare):8.0f} /s")
        print(f"resident after all this        {resident(form):8.1f} MiB (60 at most)")


def print_pages(server: Server) -> None:
    for path in ("/", "/form", "/?lang=es", "/form?lang=es", "/done", "/help", "/form.js"):
        plain, packed = size(server, path, ""), size(server, path, "gzip")
        print(f"{path:14} {plain:7} bytes, {packed:6} packed")
    before, count = cpu_seconds(server), 400
    each(server, count, lambda link: link.request("GET", "/form"))
    print(f"GET /form, server CPU          {(cpu_seconds(server) - before) / count * 1000:8.2f} ms")


class Server:
    """One server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid, self.port = process.pid, port


@contextmanager
def served(name: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        make_team(Path(folder))
        port = free.getsockname()[1]
        free.close()
        code = FRAME.format(server=SERVERS[name])
        process = subprocess.Popen([sys.executable, "-c", code, folder, str(port)])
        try:
            wait(port)
            yield Server(process, port)
        finally:
            process.terminate()
            process.wait()


def make_team(folder: Path) -> None:
    (folder / "team.toml").write_text('name = "Bench"\n', encoding="utf-8")
    keys = Identity.generate().recipient, Identity.generate().recipient
    ids = secrets.token_bytes(16), secrets.token_bytes(16)
    opened = Round("2026-Q4", load_questionnaire(), keys, *ids, plan_hash="")
    (folder / "public.json").write_text(json.dumps(opened.to_dict()), encoding="utf-8")
    open_box(folder / "box.sqlite", create=True).close()


def wait(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError


def each(server: Server, count: int, ask: Callable[[http.client.HTTPConnection], None]) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port)
    for _ in range(count):
        ask(link)
        reply = link.getresponse()
        reply.read()
        if reply.status not in {200, 303}:
            raise ValueError(reply.status)
    link.close()


def posts(server: Server, count: int) -> None:
    each(server, count, lambda link: link.request("POST", "/form", ANSWERS, KIND))


def rate(server: Server) -> float:
    """Return submissions a second with several senders at once."""
    threads = [threading.Thread(target=posts, args=(server, BATCH)) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return CLIENTS * BATCH / (time.perf_counter() - begin)


def size(server: Server, path: str, packing: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", server.port)
    link.request("GET", path, headers={"Accept-Encoding": packing})
    length = len(link.getresponse().read())
    link.close()
    return length


def cpu_seconds(server: Server) -> float:
    parts = Path(f"/proc/{server.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def resident(server: Server) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    main()
