"""Apps that run in a browser may call the endpoints they need from their own origin (Fetch, CORS).

Only origins of registered redirect URIs of public clients are let in: an app with a secret
keeps it on a server, and its tokens have no business in a browser. No cookie counts at these endpoints,
so credentials are never allowed.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from idp.usecases.browser_origins import is_browser_origin
from idp.usecases.services import Services

PATHS = frozenset({"/token", "/userinfo", "/revoke"})
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "WWW-Authenticate, DPoP-Nonce, Retry-After"


class BrowserApps:
    """Pure ASGI. Answers preflights itself; a request from another origin is served without the headers."""

    def __init__(self, app: ASGIApp, *, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin is None or scope["path"] not in PATHS:
            await self._app(scope, receive, send)
            return
        allowed = await run_in_threadpool(is_browser_origin, self._services, origin)
        granted = {"Access-Control-Allow-Origin": origin} if allowed else {}

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers.update(granted | {"Access-Control-Expose-Headers": _EXPOSED})
            await send(message)

        if scope["method"] != "OPTIONS":
            await self._app(scope, receive, send_shared)
        elif allowed:
            await Response(None, 204, _PREFLIGHT)(scope, receive, send_shared)
        else:
            await Response(None, 403)(scope, receive, send_shared)
