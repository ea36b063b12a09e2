"""Guards around every request: id, language, security headers, size limit, and CSRF."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.province.errors import PageError
from examples.province.text import as_language

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
YEAR = 365 * 24 * 3600


class Safety:
    """ASGI middleware. ``name`` keeps the cookies of apps on one host apart.

    body_limit: bytes of a request's body, above which reading it ends in ``too_large`` (413).
    sign_in_origin: where forms may lead besides this app (CSP ``form-action`` also governs redirects).
    """

    def __init__(self, app: ASGIApp, *, name: str, body_limit: int, sign_in_origin: str) -> None:
        self.app = app
        self.name = name
        self.body_limit = body_limit
        self.headers = security_headers(sign_in_origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        cookies = self._prepare(request)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if request.url.path.startswith("/static/"):
                    headers["Cache-Control"] = "public, max-age=3600"
                headers["X-Request-ID"] = request.state.request_id
                for cookie in cookies:
                    headers.append("set-cookie", cookie)
            await send(message)

        await self.app(scope, _limited(request, receive, self.body_limit), send_safely)

    def _prepare(self, request: Request) -> list[str]:
        """Fill ``request.state``; return the Set-Cookie values that the answer owes."""
        jar, state = Response(), request.state
        secure = request.url.scheme == "https"
        state.request_id = secrets.token_hex(8)
        state.security_headers = self.headers
        asked = as_language(request.query_params.get("lang"))
        state.language = asked or as_language(request.cookies.get(f"{self.name}_lang")) or "vi"
        if asked:
            jar.set_cookie(f"{self.name}_lang", asked, max_age=YEAR, secure=secure, samesite="lax")
        token = request.cookies.get(f"{self.name}_csrf", "")
        if not TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(32)
            jar.set_cookie(f"{self.name}_csrf", token, secure=secure, httponly=True, samesite="lax")
        state.csrf = token
        return jar.headers.getlist("set-cookie")


def security_headers(sign_in_origin: str) -> dict[str, str]:
    """Headers of every answer. Nothing is loaded from elsewhere and no script runs at all."""
    policy = (
        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; "
        f"form-action 'self' {sign_in_origin}; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


async def posted(request: Request) -> AsyncIterator[FormData]:
    """Dependency of every form: its fields, once it is sure that our own page sent them.

    Raises ``csrf`` (403). The token must equal the cookie's, and an Origin header, where sent, must be
    this host: a sibling host that can plant a cookie still cannot forge Origin.
    """
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    async with request.form(max_files=4, max_fields=40) as form:
        token = str(form.get("csrf", ""))
        if foreign or not secrets.compare_digest(token.encode(), request.state.csrf.encode()):
            raise PageError("csrf", 403)
        yield form


Posted = Annotated[FormData, Depends(posted)]


def strings(form: FormData) -> dict[str, str]:
    """The fields that hold text, without the files."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _limited(request: Request, receive: Receive, limit: int) -> Receive:
    declared = request.headers.get("content-length", "")
    seen = int(declared) if declared.isdecimal() and int(declared) > limit else 0

    async def receive_limited() -> Message:
        nonlocal seen
        if seen > limit:
            raise PageError("too_large", 413)
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise PageError("too_large", 413)
        return message

    return receive_limited
