"""The one map from an error to a page or to JSON. Nothing unexpected leaves with its own text."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from idp.domain.errors import IdpError, OAuthError
from idp.web.page import Page

log = logging.getLogger("idp.error")


def register(app: Starlette) -> None:
    app.add_exception_handler(IdpError, _refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, _unexpected)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, IdpError)
    return answer(request, error)


def http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "not_found" if error.status_code == 404 else "invalid_request"
    response = answer(request, IdpError(code, status=error.status_code))
    response.headers.update(error.headers or {})  # Allow (RFC 9110, section 15.5.6)
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected %s %s", type(error).__name__, request.state.request_id, exc_info=error)
    return answer(request, IdpError("server_error", status=500))


def answer(request: Request, error: IdpError) -> Response:
    """JSON for scripts and clients, a page in the citizen's language for everyone else."""
    page = Page(request)
    wants_json = "x-csrf" in request.headers or "application/json" in request.headers.get("accept", "")
    if wants_json or isinstance(error, OAuthError):
        body = {"error": error.code, "code": error.code, "message": page.message(error)}
        response: Response = JSONResponse(body, error.status, headers={"Cache-Control": "no-store"})
    else:
        response = page.render(
            "error.html",
            status=error.status,
            code=error.code,
            message=page.message(error),
            home_url="/",
        )
    if error.status in (429, 503):
        response.headers["Retry-After"] = str(error.retry_after or 30)
    return response
