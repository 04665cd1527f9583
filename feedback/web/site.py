"""The form as one web application: its addresses, and the pages that only show something."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from feedback.folder import Folder
from feedback.questionnaire.catalogue import Catalogue, load_catalogue
from feedback.settings import Settings
from feedback.themes.safety import writer_rules
from feedback.web.current import Current, Moment
from feedback.web.headers import FORGET_ALL, FORGET_PAGES, Guarded, content_policy
from feedback.web.key import key_sheet
from feedback.web.limits import Limits
from feedback.web.pages import FRESH_LEVEL, HERE, KEPT_LEVEL, Page, Pages, View, qr_code
from feedback.web.sending import Sending, Storage

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]

SHOWN = {
    "/": "entry.html",
    "/form": "form.html",
    "/done": "done.html",
    "/help": "help.html",
    "/board": "board.html",
    "/paper": "paper.html",
    "/away": "away.html",
}
NEED_ROUND = {"/form", "/paper"}
SCRIPTS = {"form.js": ("lock.js", "form.js"), "seal.js": ("seal.js",)}
HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


class Site:
    """What the addresses share."""

    def __init__(self, current: Current, pages: Pages, storage: Storage, limits: Limits) -> None:
        self.current = current
        self.storage = storage
        self._pages = pages
        self._scripts = {name: _script(name) for name in SCRIPTS}
        self._sending = Sending(current, pages, storage, limits, self.view)

    def routes(self) -> list[Route]:
        """Return the routes. A page that only shows something also answers HEAD."""
        scripts = [Route(f"/{name}", self.script, methods=["GET"]) for name in self._scripts]
        shown = [Route(path, self.show, methods=["GET"]) for path in SHOWN if path != "/form"]
        return [
            *shown,
            Route("/form", self.form, methods=["GET", "POST"]),
            Route("/key", self.key, methods=["GET"]),
            Route("/sealed", self._sending.sealed, methods=["POST"]),
            Route("/leave", self.leave, methods=["GET"]),
            Route("/after.css", self.after, methods=["GET"]),
            Route("/poster", self.poster, methods=["GET"]),
            *scripts,
        ]

    def view(self, request: Request, moment: Moment) -> View:
        """Return how this person looks at the form; what the address says wrong is passed over."""
        query = request.query_params
        path = request.scope["path"]
        tags = [language.tag for language in self._pages.languages(moment.team)]
        lang = query.get("lang", "")
        paper = path == "/form" and query.get("paper") == "1"
        return View(
            lang=lang if lang in tags else tags[0],
            path=path if path in SHOWN or path == "/poster" else "/",
            kiosk=query.get("kiosk") == "1",
            paper=paper,
            saved=paper and query.get("saved") == "1",
        )

    async def show(self, request: Request) -> Response:
        """Answer with one of the pages that are the same for everybody."""
        moment = self.current.now()
        view = self.view(request, moment)
        if moment.round is None and request.scope["path"] in NEED_ROUND:
            return self._calm(request, "closed", 200)
        template = SHOWN[request.scope["path"]]
        return self._pages.keep(template, moment, view).response(request.headers)

    async def form(self, request: Request) -> Response:
        """Show the questions, or take the answers."""
        if request.method == "POST":
            return await self._sending.form(request)
        return await self.show(request)

    async def poster(self, request: Request) -> Response:
        """Answer with the sheet for a wall: the address of the form as a picture and in letters."""
        moment = self.current.now()
        host = request.headers.get("host", "")
        secure = moment.team.behind_tls or request.scope["scheme"] == "https"
        address = f"{host if HOST.fullmatch(host) else 'localhost'}/"
        code = qr_code(f"{'https' if secure else 'http'}://{address}")
        facts = {"qr": code, "address": address.rstrip("/")}
        page = self._pages.make("poster.html", moment, self.view(request, moment), facts)
        return page.response(request.headers)

    async def leave(self, request: Request) -> Response:
        """Send the person to the plain page that the team chose, and have the browser forget us."""
        leave = self.current.now().team.leave
        return RedirectResponse(leave, status_code=303, headers={"clear-site-data": FORGET_ALL})

    async def after(self, request: Request) -> Response:
        """Have the browser forget the filled form when the page after it asks for its style.

        Without JavaScript a browser may keep the whole form in memory and show it again on Back.
        The answer to Send or Leave itself comes too early: the form is kept when the next page is
        there. So `/done` and `/away` ask for this.
        """
        return Response(media_type="text/css", headers={"clear-site-data": FORGET_PAGES})

    async def script(self, request: Request) -> Response:
        """Answer with one of our scripts."""
        name = request.scope["path"].rpartition("/")[2]
        return self._scripts[name].response(request.headers)

    async def key(self, request: Request) -> Response:
        """Answer with what a browser needs to lock answers itself."""
        opened = self.current.now().round
        if opened is None:
            return Response(status_code=409)
        return _packed(key_sheet(opened), FRESH_LEVEL, "application/json").response(request.headers)

    async def nothing(self, request: Request, error: Exception) -> Response:
        """Answer an unknown address, or an address asked in a way that it does not know."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        response = self._calm(request, "nothing" if status == 404 else "elsewhere", status)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    def trouble(self, request: Request) -> Response:
        """Answer when something broke."""
        return self._calm(request, "trouble", 500)

    def behind_tls(self) -> bool:
        """Say whether the team's file says that the form is reached over TLS only."""
        return self.current.now().team.behind_tls

    def _calm(self, request: Request, kind: str, status: int) -> Response:
        moment = self.current.now()
        view = self.view(request, moment)
        page = self._pages.make("calm.html", moment, view, {"kind": kind, "refused": False})
        return page.response(request.headers, status)


def _script(name: str) -> Page:
    """Return a script from its pieces; the form's own one begins with the safety check's rules."""
    plain = b"".join((HERE / "static" / piece).read_bytes() for piece in SCRIPTS[name])
    if name == "form.js":
        rules = json.dumps(writer_rules(), separators=(",", ":"))
        plain = f"window.throughlineRules={rules};\n".encode() + plain
    return _packed(plain, KEPT_LEVEL, "text/javascript; charset=utf-8")


def _packed(plain: bytes, level: int, kind: str) -> Page:
    return Page(plain, gzip.compress(plain, level, mtime=0), content_policy(), kind)


def create_form_app(
    settings: Settings,
    *,
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
    limits: Limits | None = None,
    catalogue: Catalogue | None = None,
    today: Callable[[], date] = date.today,
) -> Starlette:
    """Return the form as an application; with ``routes``, beside what they lead to.

    Those routes come first and keep their own headers and errors; everything else is the form.
    ``lifespan`` is theirs. ``catalogue``: other languages than those that are shipped.

    Raises:
        InvalidSettings: the team's file, the round or a catalogue cannot be used.
    """
    texts = catalogue or load_catalogue()
    current = Current(Folder(settings.data), texts, today)
    storage = Storage(settings.box)
    site = Site(current, Pages(texts), storage, limits or Limits())
    form = Starlette(
        routes=site.routes(),
        middleware=[Middleware(Guarded, behind_tls=site.behind_tls, trouble=site.trouble)],
        exception_handlers={HTTPException: site.nothing},
        lifespan=_closing(storage, None),
    )
    form.router.redirect_slashes = False
    if not routes:
        return form
    beside = [*routes, *(_with_slash(r) for r in routes if isinstance(r, Mount)), Mount("/", form)]
    return Starlette(routes=beside, lifespan=_closing(storage, lifespan))


def _with_slash(mount: Mount) -> Route:
    """Return a route that adds the slash which an address of a mounted application needs."""
    return Route(mount.path, lambda _: RedirectResponse(f"{mount.path}/", status_code=307))


def _closing(storage: Storage, inner: Lifespan | None) -> Lifespan:
    """Return a lifespan that lets go of the box at the end, around another one."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with inner(app) if inner else nullcontext():
                yield
        finally:
            storage.close()

    return lifespan
