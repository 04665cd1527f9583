"""The team side as part of the ASGI application, with Streamlit set so that it tells nobody."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.bootstrap import load_config_options

from feedback.errors import ThroughlineError
from feedback.settings import Settings, Surface
from feedback.ui import navigation
from feedback.ui.theme import streamlit_options

SCRIPT = Path(__file__).with_name("site.py")

# Nothing on the team side may come from or go to another host, whatever a library would like.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)
SILENT = "/_stcore/metrics"  # it would tell anybody how many people are signed in
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def with_headers(app: ASGIApp) -> ASGIApp:
    """Return the application with HEADERS on each of its answers."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] == "http" and scope["path"].endswith(SILENT):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send_guarded)
            return
        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded


def say_sorry(error: Exception) -> bool:
    """Show one calm sentence in place of an error, and write down its kind only."""
    if isinstance(error, ThroughlineError):
        st.error(str(error))
    else:
        print(f"Error on a page: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        st.error("This page cannot be shown right now. Nothing was lost. Please load it again.")
    return True


def create_team_app(settings: Settings) -> Starlette:
    """Return the team side under `/team`; with the surface ``all`` also the form under `/`."""
    load_config_options(streamlit_options())
    site = st.App(SCRIPT, on_script_error=say_sorry)
    # Streamlit sends 2.7 MB of its own files uncompressed; compressed they are 1.1 MB.
    packed = GZipMiddleware(site, minimum_size=1_000, compresslevel=5)
    team = Mount("/team", with_headers(packed))
    # The first page lives at the root, and Streamlit would not know it by its name.
    first = Route(f"/team/{navigation.FIRST}", lambda _: RedirectResponse("/team/"))
    routes: list[BaseRoute] = [first, team]
    if settings.surface is not Surface.ALL:
        routes.append(Route("/", lambda _: RedirectResponse("/team/")))
        return Starlette(routes=routes, lifespan=site.lifespan())
    from feedback.web.site import create_form_app

    return create_form_app(settings, routes=routes, lifespan=site.lifespan())
