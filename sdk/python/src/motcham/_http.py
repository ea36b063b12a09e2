"""What every adapter makes of a request, free of frameworks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote

from ._core import Core, Need, Reply, Visit
from ._sealed import SetCookie
from .errors import MotChamError, SignInRequired

MAX_FORM = 64 * 1024  # bytes of a form with one logout token


def answer_error(
    core: Core, error: MotChamError, visit: Visit, method: str, headers: Mapping[str, str], here: str
) -> Reply:
    """A sign-in where that helps, else a page, or problem details for a script.

    headers: by name in any case. here: address of the request within the app, see ``own_path``.
    """
    if not _wants_page(headers):
        return _problem(error, visit.request_id)
    if isinstance(error, SignInRequired) and method in ("GET", "HEAD"):
        return core.sign_in(visit, here, Need(error.level, error.scope, error.max_age))
    return core.refuse(error, visit, "/")


def cookie_options(core: Core, visit: Visit, cookie: SetCookie) -> dict[str, Any]:
    """How every cookie is set: no script reads it, no other site's form sends it."""
    return {
        "max_age": cookie.max_age,
        "path": core.settings.path or "/",
        "secure": visit.secure,
        "httponly": True,
        "samesite": "lax",
    }


def own_path(path: str, query: str) -> str:
    """Path (decoded) and query (encoded) as an address to come back to."""
    return quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")


def logout_token(form: bytes) -> str:
    """The token in the body of a back-channel logout, "" for none."""
    return parse_qs(form.decode("ascii", "replace")).get("logout_token", [""])[0]


def _wants_page(headers: Mapping[str, str]) -> bool:
    accept = headers.get("accept", "")
    if "text/html" in accept:
        return True
    return "json" not in accept and headers.get("sec-fetch-mode", "navigate") == "navigate"


def _problem(error: MotChamError, request_id: str) -> Reply:
    """RFC 9457."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": "Sign-in required" if error.status == 401 else "Request refused",
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "request_id": request_id,
    }
    if isinstance(error, SignInRequired) and error.level is not None:
        body["level"] = error.level
    headers = {"Content-Type": "application/problem+json"}
    if error.status == 401:
        # a 401 must name a scheme (RFC 9110, 15.5.2); signing in with a cookie has no registered one
        headers["WWW-Authenticate"] = 'Cookie realm="motcham"'
    return Reply(error.status, headers, json.dumps(body))
