"""What every answer of the form carries, and the calm page when something breaks."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("throughline.form")

DENIED = """
accelerometer autoplay browsing-topics camera display-capture encrypted-media fullscreen gamepad
geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts
magnetometer microphone midi otp-credentials payment picture-in-picture
publickey-credentials-create publickey-credentials-get screen-wake-lock serial storage-access
sync-xhr usb window-management xr-spatial-tracking
"""

ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-dns-prefetch-control": "off",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in DENIED.split()),
    "vary": "accept-encoding",
}
ONLY_TLS = "max-age=31536000"
NOTHING = "'none'"
POLICY = "content-security-policy"
FORGET_ALL, FORGET_PAGES = '"cache", "storage"', '"cache"'  # Clear-Site-Data


def content_policy(styles: Iterable[str] = (), *, own_files: bool = False) -> str:
    """Return the content security policy of a page with these inline styles, or files of ours."""
    hashes = [f"'sha256-{_digest(style)}'" for style in styles] + ["'self'"] * own_files
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:;"
        f" style-src {' '.join(hashes) or NOTHING}; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def comes_from_elsewhere(headers: Headers) -> bool:
    """Say whether another site's page sent this.

    Our own pages send ``Origin: null``, because they send no referrer.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin", "null")
    return origin != "null" and origin.partition("://")[2] != headers.get("host")


class Guarded:
    """Middleware: strict headers on every answer, and no error that says more than its kind."""

    def __init__(
        self, app: ASGIApp, behind_tls: Callable[[], bool], trouble: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._behind_tls = behind_tls
        self._trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(message)
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            # A traceback or the error's own text could hold an answer.
            log.error("An answer could not be given: %s", type(error).__name__)
            if not started:
                await self._trouble(Request(scope))(scope, receive, send_guarded)

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, text in ALWAYS.items():
            headers.setdefault(name, text)
        headers.setdefault(POLICY, content_policy())
        if self._behind_tls():
            headers["strict-transport-security"] = ONLY_TLS
