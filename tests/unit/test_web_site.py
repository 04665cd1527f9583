"""The form beside other applications: its headers are its own, and the box is closed."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from feedback.errors import InvalidSettings
from feedback.web.headers import Guarded
from feedback.web.site import create_form_app


async def other(scope, receive, send):
    await PlainTextResponse("team side")(scope, receive, send)


def beside(form_team, lived):
    @asynccontextmanager
    async def lifespan(app):
        lived.append("begin")
        yield
        lived.append("end")

    routes = [Mount("/team", other), Route("/odd", lambda _: PlainTextResponse("odd"))]
    return create_form_app(form_team.settings(), routes=routes, lifespan=lifespan)


def ask(app, *requests):
    async def run():
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            return [await client.request(method, path, **more) for method, path, more in requests]

    return asyncio.run(run())


def test_the_form_keeps_its_headers_to_itself(form_team):
    lived = []
    team, odd, form, slash, nothing = ask(
        beside(form_team, lived),
        ("GET", "/team/x", {}),
        ("GET", "/odd", {}),
        ("GET", "/form", {}),
        ("GET", "/team", {}),
        ("GET", "/nothing", {}),
    )
    assert team.text == "team side"
    assert "content-security-policy" not in team.headers
    assert odd.text == "odd"
    assert "content-security-policy" in form.headers
    assert (slash.status_code, slash.headers["location"]) == (307, "/team/")
    assert nothing.status_code == 404
    assert lived == ["begin", "end"]


def test_the_box_is_closed_when_the_application_ends(form_team):
    for app in (create_form_app(form_team.settings()), beside(form_team, [])):
        [reply] = ask(app, ("POST", "/form", {"data": {"path": "tried"}}))
        assert reply.status_code == 303
    assert len(form_team.rows()) == 2


def test_a_folder_without_a_team_is_named_at_once(form_team):
    (form_team.path / "team.toml").unlink()
    with pytest.raises(InvalidSettings, match="throughline init"):
        create_form_app(form_team.settings())


def test_other_protocols_pass_untouched(form_team):
    sent = []

    async def run():
        app = create_form_app(form_team.settings())

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message["type"])

        scope = {"type": "websocket", "path": "/form", "headers": [], "query_string": b""}
        await app({**scope, "root_path": "", "subprotocols": []}, receive, send)

    asyncio.run(run())
    assert sent == ["websocket.close"]


def test_an_answer_that_breaks_half_way_is_cut_off_quietly(caplog):
    sent = []

    async def breaks(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("heron-lantern-quartz")

    async def send(message):
        sent.append(message)

    guarded = Guarded(breaks, lambda: False, lambda _: PlainTextResponse("trouble"))
    asyncio.run(guarded({"type": "http"}, None, send))
    assert len(sent) == 1
    assert "heron" not in caplog.text
