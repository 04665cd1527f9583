"""Print what the form costs here, beside a bare route: ``python tests/bench/bench_form.py``."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from feedback.crypto.recipient import Identity
from feedback.folder import Folder
from feedback.intake import seal
from feedback.questionnaire.answers import Answers
from feedback.questionnaire.definition import load_questionnaire
from feedback.rounds import Round, open_round
from feedback.store.box import open_box

ROUNDS, BATCH, CLIENTS = 5, 80, 8
SLOW_WIRE = {
    "offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000,
}  # fmt: skip
USABLE = """async () => {
    while (!performance.getEntriesByName("first-contentful-paint").length) {
        await new Promise(requestAnimationFrame);
    }
    const [page] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [Math.max(page.domInteractive, paint.startTime), page.loadEventEnd];
}"""
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
    "blank": """
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
page = "<!doctype html><title>Blank</title><form><p>What?<p><input><a href=/>Leave</a></form>"
app = Starlette(routes=[Route("/blank", lambda _: HTMLResponse(page))])
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
    with served("form") as form:
        print_memory(form)
    with served("form") as form, served("blank") as blank:
        print_slow_phone({"/": form, "/form": form, "/?lang=es": form, "/blank": blank})


def print_memory(server: Server) -> None:
    """Print what the process holds, with a thousand sealed responses and a thousand plain ones."""
    print(f"memory at start                {memory(server)}")
    opened = open_round(Folder(server.folder))
    rows = iter([seal(Answers("en", {}, {}), opened) for _ in range(1000)])
    octets = {"Content-Type": "application/octet-stream"}
    each(server, 1000, lambda link: link.request("POST", "/sealed", next(rows), octets))
    print(f"after 1,000 sealed responses   {memory(server)}")
    posts(server, 1000)
    print(f"and 1,000 plain ones           {memory(server)}")


def print_slow_phone(servers: dict[str, Server]) -> None:
    """Print when a page can be used at 400 kbit/s, 400 ms there and back, a CPU four times slower.

    Usable: the page is on the screen, Leave works, and the first answer can be given. "ready" is
    the moment at which the form can lock answers on the phone. A new connection over TLS costs
    another 0.8 to 1.2 s before, for every site.
    """
    print(f"{'slow phone':14} {'usable':>8} {'complete':>8} {'ready':>8}   (median of {ROUNDS})")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for path, server in servers.items():
            timed = [
                slow_visit(browser, f"http://localhost:{server.port}{path}") for _ in range(ROUNDS)
            ]
            medians = (statistics.median(times) for times in zip(*timed, strict=True))
            print(f"{path:14}" + "".join(f" {ms / 1000:6.2f} s" for ms in medians))
        browser.close()


def slow_visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return the milliseconds until a page is usable, complete and ready to lock."""
    with browser.new_context(viewport={"width": 320, "height": 568}) as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW_WIRE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(address)
        times = page.evaluate(USABLE)
        if page.locator("#mode").count():
            page.get_by_text("locked on this phone").wait_for()
        return (*times, page.evaluate("performance.now()"))


def memory(server: Server) -> str:
    """Return what a process holds now, its fair share of it, and the most that it ever held."""
    found = {
        words[0]: int(words[1]) / 1024
        for name in ("smaps_rollup", "status")
        for words in map(
            str.split, Path(f"/proc/{server.pid}/{name}").read_text("utf-8").splitlines()
        )
        if words[-1] == "kB"
    }
    return (
        f"{found['Rss:']:8.1f} MiB resident (60 at most), {found['Pss:']:.1f} shared fairly,"
        f" {found['VmHWM:']:.1f} at most"
    )


def print_pages(server: Server) -> None:
    for path in ("/", "/form", "/?lang=es", "/form?lang=es", "/done", "/help", "/form.js"):
        plain, packed = size(server, path, ""), size(server, path, "gzip")
        print(f"{path:14} {plain:7} bytes, {packed:6} packed")
    before, count = cpu_seconds(server), 400
    each(server, count, lambda link: link.request("GET", "/form"))
    print(f"GET /form, server CPU          {(cpu_seconds(server) - before) / count * 1000:8.2f} ms")


class Server:
    """One server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
        self.pid, self.port, self.folder = process.pid, port, folder


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
            yield Server(process, port, Path(folder))
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
        if reply.status not in {200, 204, 303}:
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


if __name__ == "__main__":
    main()
