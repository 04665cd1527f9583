"""The form in process, asked like a browser without memory asks it."""

import asyncio
from datetime import date

import httpx
import pytest

from feedback.web.site import create_form_app

TODAY = date(2026, 11, 23)


class FormSite:
    """A browser without memory: one application, asked in process."""

    def __init__(self, team, today, **settings):
        self.team = team
        self.app = create_form_app(team.settings(), today=lambda: today, **settings)
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(self.app, client=("192.0.2.7", 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    def ask(self, method, path, **more):
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path="/form", **more):
        return self.ask("POST", path, **more)

    def close_storage(self):
        """End the application as a server would, so that the box is closed."""

        async def end():
            async with self.app.router.lifespan_context(self.app):
                pass

        self._runner.run(end())

    def close(self):
        self.close_storage()
        self._runner.run(self._client.aclose())
        self._runner.close()


@pytest.fixture
def form_team(make_form_team, tmp_path):
    return make_form_team(tmp_path / "team")


@pytest.fixture
def open_site():
    """Return a function that starts a form on a team's folder; each is closed at the end."""
    sites = []

    def start(team, today=TODAY, **settings):
        sites.append(FormSite(team, today, **settings))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


@pytest.fixture(scope="session")
def still_site(make_form_team, tmp_path_factory):
    """Return a form that tests only look at."""
    site = FormSite(make_form_team(tmp_path_factory.mktemp("still") / "team"), TODAY)
    yield site
    site.close()


@pytest.fixture
def form_site(form_team, open_site):
    return open_site(form_team)
