"""The front door: the public form at `/` and the team side at `/team`, as one ASGI application."""

from __future__ import annotations

import os

from starlette.applications import Starlette

from feedback.memory import forbid_core_files, forbid_looking_in
from feedback.settings import Settings, Surface


def create_app(settings: Settings) -> Starlette:
    """Return the application for one surface; a form process never loads the team side."""
    forbid_core_files()
    if settings.surface is Surface.FORM:
        from feedback.web.site import create_form_app

        return create_form_app(settings)
    if settings.surface is not Surface.TEAM:
        forbid_looking_in()
    from feedback.ui.server import create_team_app

    return create_team_app(settings)


app = create_app(Settings.from_env(os.environ))
