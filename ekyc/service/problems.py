"""Errors over HTTP: RFC 9457 problem details with a stable ``code``, in the caller's language."""

from __future__ import annotations

import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ekyc.errors import EkycError, message

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = "2"


def locale_of(header: str) -> str:
    """ "vi" or "en" from an Accept-Language header (RFC 9110, section 12.5.4); Vietnamese by default."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        if language in ("vi", "en"):
            ranked.append((_quality(parameter), -position, language))
    best = max(ranked, default=(0.0, 0, "vi"))
    return best[2] if best[0] > 0 else "vi"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def problem(request: Request, error: EkycError, status: int | None = None) -> JSONResponse:
    """``application/problem+json`` for one error."""
    locale = locale_of(request.headers.get("accept-language", ""))
    body = {
        "type": "about:blank",
        "title": error.code.replace("_", " ").capitalize(),
        "status": status or error.status,
        "detail": message(error.code, locale),
        "code": error.code,
    }
    headers = {"Content-Language": locale}
    if body["status"] in (429, 503):
        headers["Retry-After"] = _RETRY_SECONDS
    if body["status"] == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status or error.status, headers, media_type="application/problem+json")


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """A bland answer to a fault of ours. The log gets kind and place, never text or values of it."""
    route = getattr(request.scope.get("route"), "path", "?")  # the template: the path may name someone
    place = traceback.extract_tb(error.__traceback__)[-1]
    _LOG.error("%s failed: %s at %s:%s", route, type(error).__name__, place.filename, place.lineno)
    return problem(request, EkycError("internal"))


def install_problem_handlers(app: FastAPI) -> None:
    """Every error leaves as problem details; nothing of the request is repeated or logged."""

    def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, EkycError)
        return problem(request, error)

    def malformed(request: Request, error: Exception) -> JSONResponse:
        return problem(request, EkycError("usage"), 422)

    def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        if isinstance(error.__cause__, EkycError):  # raised while the body was being read
            return problem(request, error.__cause__)
        return problem(request, EkycError("usage"), error.status_code)

    app.add_exception_handler(EkycError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
