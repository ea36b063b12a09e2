"""The OP iframe of Session Management 1.0 (section 3.2): the only page that others may frame."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from idp.usecases.services import Services
from idp.web.middleware import cookie_name
from idp.web.page import STATE_COOKIE
from idp.web.rendering import render_bare

PATH = "/session/check"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    ),
    "Cache-Control": "public, max-age=300",
}


def metadata(services: Services) -> dict[str, Any]:
    return {"check_session_iframe": services.issuer + PATH} if services.session_management else {}


async def check(request: Request) -> Response:
    request.state.framed = True
    name = cookie_name(STATE_COOKIE, request.app.state.settings.secure_cookies)
    return HTMLResponse(render_bare("session_check.html", cookie=name), headers=_HEADERS)


routes = [Route(PATH, check)]
