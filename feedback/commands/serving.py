"""The command that serves a team; it loads nothing of the other commands, so a form stays small."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click

from feedback.commands.asking import TeamFolder, fail
from feedback.folder import Folder
from feedback.settings import Surface

STOP_SECONDS = 10  # for answers under way; somebody who sends slowly can not hold the server


@click.command()
@TeamFolder
@click.option(
    "--surface",
    type=click.Choice([each.value for each in Surface]),
    default="all",
    show_default=True,
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(folder: Path, surface: str, host: str, port: int) -> None:
    """Serve the form, the team side, the custodian side, or all."""
    Folder(folder).team()
    run_server(folder, Surface(surface), host=host, port=port)


def run_server(folder: Path, surface: Surface, *, host: str, port: int) -> None:
    """Serve until stopped. Nothing about a visitor is logged."""
    import uvicorn

    _check_free(host, port)
    os.environ["THROUGHLINE_DATA"] = str(folder)
    os.environ["THROUGHLINE_SURFACE"] = surface
    side = "The custodian side" if surface is Surface.CUSTODIAN else "The team side"
    for title, path in (("The form", "/"), (side, "/team/")):
        if surface is Surface.ALL or (surface is Surface.FORM) == (path == "/"):
            click.echo(f"{title}: http://{host}:{port}{path}")
    click.echo("Stop with Ctrl+C.")
    uvicorn.run(
        "app:app",
        host=host,
        port=port,
        access_log=False,
        log_level="error",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        ws="none" if surface is Surface.FORM else "auto",
    )


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        fail(
            f"Nothing is served: {host}, port {port}, cannot be used here. Another program may "
            "hold it. Choose another with --port, or look at --host."
        )
