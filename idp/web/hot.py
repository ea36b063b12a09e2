"""The endpoints that are called most, found by their path before the router tries its patterns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from idp.domain.errors import IdpError
from idp.web import errors

Endpoint = Callable[[Request], Awaitable[Response]]
_INTERACTION = "/i/{i}/"


class HotRoutes:
    """Pure ASGI. Whatever it does not know, other methods included, goes on to the router."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[Route]) -> None:
        self._app = app
        self._endpoints: dict[tuple[str, str], Endpoint] = {
            (method, route.path): route.endpoint for route in routes for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._find(scope) if scope["type"] == "http" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await endpoint(request)
        except IdpError as error:
            response = await run_in_threadpool(errors.answer, request, error)
        except HTTPException as error:  # a body that is not what its headers say
            response = await run_in_threadpool(errors.http, request, error)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> Endpoint | None:
        method, path = scope["method"], scope["path"]
        endpoint = self._endpoints.get((method, path))
        if endpoint is None and path.startswith("/i/"):
            interaction, _, page = path[3:].partition("/")
            endpoint = self._endpoints.get((method, _INTERACTION + page))
            if interaction and endpoint is not None:
                scope["path_params"] = {"i": interaction}
                return endpoint
            return None
        return endpoint
