"""Ten thousand hostile submissions change nothing but the number of refusals."""

import asyncio
import gzip
import hashlib
import logging
import random
from collections import Counter
from datetime import date
from urllib.parse import urlencode

import pytest

from feedback.crypto.envelope import ROW_BYTES
from feedback.crypto.recipient import Identity
from feedback.intake import seal
from feedback.questionnaire.answers import Answers
from feedback.rounds import Round
from feedback.web.limits import PER_ADDRESS, Limits
from feedback.web.site import create_form_app

TIMES = 10_000
MARKER = b"heron-lantern-quartz"
SHEET, ROW = b"application/x-www-form-urlencoded", b"application/octet-stream"
REFUSED = {400, 403, 404, 405, 409, 413, 415, 422, 429}
KINDS = (
    b"multipart/form-data; boundary=x", b"application/json", b"text/plain", b"", b"\xff/\x00",
    b"application/x-www-form-urlencodedx", b"application/octet-stream",
)  # fmt: skip
PATHS = (
    "/../team.toml", "/..%2fteam.toml", "/box.sqlite", "/form/", "//form", "/FORM", "/form\x00",
    "/form;x=1", "/sealed/..", "/\\..\\box.sqlite", "/%2e%2e/%2e%2e/etc/passwd", "/\u202eform", "",
    "/static/seal.js", "/.git/config", "/" + "a" * 9000,
)  # fmt: skip


class Site:
    """Speaks ASGI to the form, so that nothing tidies up what is sent."""

    def __init__(self, team, limits):
        self.app = create_form_app(team.settings(), limits=limits, today=lambda: date(2026, 11, 23))

    async def send(self, path, kind, body, *more, method="POST", address="192.0.2.7"):
        told = []
        chunks = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]

        async def receive():
            piece = chunks.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(chunks)}

        async def send(message):
            told.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"",
            "headers": [(b"content-type", kind), *more], "root_path": "",
            "client": (address, 5), "server": ("localhost", 80), "scheme": "http",
            "http_version": "1.1",
        }  # fmt: skip
        await self.app(scope, receive, send)
        return told[0]["status"]


class Attacker:
    """Draws one hostile submission after the other, the same ones in every run."""

    def __init__(self, team, seed):
        self._random = random.Random(seed)
        self._real = seal(Answers("en", {"path": ("tried",)}, {}), team.round)
        self._rows = (self._of_another_round(team), self._of_another_team(team))
        self.genuine = self._real

    def draw(self):
        """Return path, kind, body and more headers."""
        kinds = (self.row, self.row, self.row, self.sheet, self.wrong_kind, self.wrong_path,
                 self.elsewhere)  # fmt: skip
        return self._random.choice(kinds)()

    def row(self):
        length = self._random.choice((0, 1, ROW_BYTES - 1, ROW_BYTES + 1, 2 * ROW_BYTES, 70_000))
        bent = bytearray(self._real)
        # Either part's first 20 bytes say what it is and for which key.
        bent[self._random.choice((0, 2180)) + self._random.randrange(20)] ^= self._random.randint(
            1, 255
        )
        whole = self._random.randbytes(length), bytes(bent), self._swapped(), *self._rows
        return "/sealed", ROW, self._random.choice(whole)

    def sheet(self):
        wrong = self._random.choice(
            (
                urlencode({"path": "no such answer", "change": MARKER}).encode(),
                urlencode([("path", "tried"), ("path", "got_help")]).encode(),
                urlencode({"change": "x" * 401}).encode(),
                urlencode({"path": "tried", "v": "999"}).encode(),
                b"change=%ff%fe" + MARKER,
                b"change=\xed\xa0\x80",
                b"&".join([b"path=tried"] * 501),
                b"change=" + b"%41" * 30_000,
                b"path=" + gzip.compress(b"tried"),
            )
        )
        return "/form", SHEET, wrong

    def wrong_kind(self):
        path = self._random.choice(("/form", "/sealed"))
        right = SHEET if path == "/form" else ROW
        kind = self._random.choice([kind for kind in KINDS if kind != right])
        return path, kind, b"path=tried&change=" + MARKER if path == "/form" else self._real

    def wrong_path(self):
        return self._random.choice(PATHS), SHEET, b"path=tried&change=" + MARKER

    def elsewhere(self):
        headers = ((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://evil.example"))
        path, kind, body = self._random.choice(
            (("/form", SHEET, b"path=tried"), ("/sealed", ROW, self._real))
        )
        return path, kind, body, self._random.choice(headers)

    def _swapped(self):
        return self._real[2180:] + self._real[:2180]

    @staticmethod
    def _of_another_round(team):
        keys = Identity.generate().recipient, Identity.generate().recipient
        fields = {"id": "2027-Q1", "questionnaire": team.round.questionnaire, "recipients": keys}
        bound = {"deployment": team.round.deployment, "team": team.round.team}
        other = Round(**fields, **bound, plan_hash="")
        return seal(Answers("en", {}, {}), other)

    @staticmethod
    def _of_another_team(team):
        first, second = team.round.recipients
        fields = {"id": "2026-Q4", "questionnaire": team.round.questionnaire}
        bound = {"deployment": bytes(16), "team": bytes(16), "plan_hash": ""}
        return seal(Answers("en", {}, {}), Round(recipients=(second, first), **fields, **bound))


def digest(folder):
    """Return what lies in a folder, byte for byte."""
    return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()}


@pytest.fixture
def team(make_form_team, tmp_path):
    return make_form_team(tmp_path / "team")


def test_ten_thousand_hostile_submissions_change_nothing(team, caplog, capfd):
    caplog.set_level(logging.DEBUG, logger="throughline")
    site = Site(team, Limits(per_address=10**9, overall=10**9))
    attacker, statuses = Attacker(team, seed=1), Counter()
    before = digest(team.path)

    async def attack():
        for _ in range(TIMES):
            statuses[await site.send(*attacker.draw())] += 1

    asyncio.run(attack())
    assert set(statuses) <= REFUSED, statuses
    assert sum(statuses.values()) == TIMES
    assert digest(team.path) == before
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_the_same_row_a_thousand_times_counts_once(team):
    site = Site(team, Limits(per_address=10**9, overall=10**9))
    row = Attacker(team, seed=1).genuine

    async def attack():
        return {await site.send("/sealed", ROW, row) for _ in range(1000)}

    assert asyncio.run(attack()) == {204}
    assert team.rows() == [row]


def test_a_flood_from_one_address_is_refused_and_others_are_not(team, caplog):
    site = Site(team, Limits())

    async def flood():
        one = [await site.send("/form", SHEET, b"path=tried") for _ in range(PER_ADDRESS + 60)]
        return Counter(one), await site.send("/form", SHEET, b"path=tried", address="192.0.2.8")

    from_one, from_another = asyncio.run(flood())
    assert from_one == {303: PER_ADDRESS, 429: 60}
    assert from_another == 303
    assert len(team.rows()) == PER_ADDRESS + 1
    assert not any(b"192.0.2" in path.read_bytes() for path in team.path.iterdir())
    assert caplog.text == ""
