"""The team side as part of the ASGI application, with Streamlit set so that it tells nobody."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from streamlit.web.bootstrap import load_config_options

from feedback.settings import Settings, Surface
from feedback.ui.theme import streamlit_options

SCRIPT = Path(__file__).with_name("site.py")


def create_team_app(settings: Settings) -> Starlette:
    """Return the team side under `/team`; with the surface ``all`` also the form under `/`."""
    load_config_options(streamlit_options())
    site = st.App(SCRIPT)
    # Streamlit sends 2.7 MB of its own files uncompressed; compressed they are 1.1 MB.
    team = Mount("/team", GZipMiddleware(site, minimum_size=1_000, compresslevel=5))
    routes: list[BaseRoute] = [team]
    if settings.surface is not Surface.ALL:
        routes.append(Route("/", lambda _: RedirectResponse("/team/")))
        return Starlette(routes=routes, lifespan=site.lifespan())
    from feedback.web.site import create_form_app

    return create_form_app(settings, routes=routes, lifespan=site.lifespan())
