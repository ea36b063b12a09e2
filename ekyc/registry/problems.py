"""The registry's errors over HTTP: RFC 9457 problem details with a stable ``code``."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ekyc.errors import CODES, EkycError, message

MOCK_HEADER = "MOCK population registry"

_LOG = logging.getLogger(__name__)

# codes of the registry's API that are no refusal of the engine: status and sentence
_OWN: dict[str, tuple[int, str]] = {
    "purpose_required": (400, "Say who asks and why: the headers Registry-Caller and Registry-Purpose."),
    "portrait_unknown": (404, "The register holds no portrait of this person."),
    "not_ready": (503, "The register's database does not answer."),
}


class RegistryApiError(Exception):
    """An error of the API itself, ``code`` being one of ``_OWN``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def problem(code: str, detail: str | None = None, status: int | None = None) -> JSONResponse:
    """``application/problem+json`` for a code of the API or of ``ekyc.errors``."""
    own_status, sentence = _OWN[code] if code in _OWN else (CODES[code], message(code, "en"))
    status = status or own_status
    body = {
        "type": "about:blank",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail or sentence,
        "code": code,
        "mock": True,
    }
    # the header is set here too: an unexpected error passes by the middleware
    return JSONResponse(body, status, {"X-Mock": MOCK_HEADER}, media_type="application/problem+json")


def install_problem_handlers(app: FastAPI) -> None:
    """Every error leaves as problem details; nothing of the request is repeated in them."""

    def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, EkycError)
        return problem(error.code)

    def own(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RegistryApiError)
        return problem(error.code)

    def malformed(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # where, not what: a wrong value could be someone's number
        places = sorted({".".join(str(part) for part in e["loc"][:2]) for e in error.errors()})
        return problem("usage", "The request has a missing or wrong part: " + ", ".join(places), 422)

    def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return problem("usage", str(error.detail), error.status_code)

    def unexpected(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("%s failed: %s", request.url.path, type(error).__name__)
        return problem("internal")

    app.add_exception_handler(EkycError, refused)
    app.add_exception_handler(RegistryApiError, own)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
