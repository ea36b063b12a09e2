"""Around every request: an id, a size limit, security headers, the browser cookie, one log line."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("idp.access")

BROWSER_COOKIE = "mc_browser"


def cookie_name(name: str, secure: bool) -> str:
    """With the prefix that keeps sibling subdomains from setting it (RFC 6265bis, section 4.1.3.2)."""
    return f"__Host-{name}" if secure else name


_SMALL_BODY = 64 * 1024
_LARGE_BODY = 16 * 1024 * 1024
_QUERY = 32 * 1024
_LARGE = re.compile(r"^/i/[^/]+/enrol/((front|back)(/upload/[^/]+)?|face/frames)$")
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


class BodyTooLarge(Exception):
    """The request's body is longer than its page needs."""


class RequestFrame:
    """Pure ASGI, so that nothing is buffered and no extra task is made."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure
        self._browser_cookie = cookie_name(BROWSER_COOKIE, secure)
        headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["request_id"] = secrets.token_hex(8)
        state["cookies"] = cookies = cookie_parser(headers.get("cookie", ""))
        known = cookies.get(self._browser_cookie)
        known = known if known and _BROWSER.fullmatch(known) else None
        state["browser"] = known or secrets.token_urlsafe(32)
        # A POST from another site comes without our cookies: answering with new ones would replace them.
        state["bare_post"] = (
            known is None and scope["method"] == "POST" and headers.get("sec-fetch-site") == "cross-site"
        )

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._decorate(message, state, known is None)
            await send(message)

        limit = _LARGE_BODY if _LARGE.match(scope["path"]) else _SMALL_BODY
        problem = _problem(scope, headers, limit)
        if problem:
            await _refused(problem)(scope, receive, send_framed)
        else:
            try:
                await self._app(scope, _limited(receive, limit), send_framed)
            except BodyTooLarge:
                if status:
                    raise
                await _refused(413)(scope, receive, send_framed)
        # The path of a page holds only random identifiers; the query may hold more, so it is left out.
        # Quoted again: a line break in it would write a line of its own.
        log.info(
            "%s %s %s %.0fms %s",
            scope["method"],
            quote(scope["path"], safe="/"),
            status,
            1000 * (time.perf_counter() - started),
            state["request_id"],
        )

    def _decorate(self, message: Message, state: dict[str, Any], new_browser: bool) -> None:
        headers: list[tuple[bytes, bytes]] = message["headers"]
        own = {name for name, _ in headers} | ({b"x-frame-options"} if state.get("framed") else set())
        headers.extend(header for header in self._headers if header[0] not in own)
        headers.append((b"x-request-id", state["request_id"].encode()))
        if new_browser and state.get("keep_browser") and not state["bare_post"]:
            flags = "HttpOnly; SameSite=Lax; Max-Age=15552000" + ("; Secure" if self._secure else "")
            cookie = f"{self._browser_cookie}={state['browser']}; Path=/; {flags}"
            headers.append((b"set-cookie", cookie.encode()))


def _problem(scope: Scope, headers: Headers, limit: int) -> int:
    """The status for a request that no page or endpoint should see; 0 for a good one."""
    declared, query = headers.get("content-length", "0"), scope["query_string"]
    if not (declared.isascii() and declared.isdigit() and len(declared) < 20) or int(declared) > limit:
        return 413
    return 400 if "\0" in scope["path"] or not query.isascii() or len(query) > _QUERY else 0


def _refused(status: int) -> JSONResponse:
    return JSONResponse({"error": "invalid_request"}, status, headers={"Cache-Control": "no-store"})


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge
        return message

    return limited
