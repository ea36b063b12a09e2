"""The pages that are not called often. Their framework takes as long to load as everything else together, so
it is loaded after the start, or by the first visitor who needs it."""

from __future__ import annotations

from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from idp.domain.errors import IdpError
from idp.web import errors


class Pages:
    """``state``: the application's own."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = Lock()
        self._app: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._app or await run_in_threadpool(self.load)
        await app(scope, receive, send)

    def load(self) -> Any:
        with self._lock:
            if self._app is None:
                self._app = _build(self._state)
        return self._app


def _build(state: State) -> Any:
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError

    from idp.web import (
        account,
        admin,
        consent,
        contact,
        device_page,
        enrol,
        enrol_upload,
        logout,
        requests_page,
        select_account,
        step_up,
    )

    # redirect_slashes would send 307 to wherever the Host header says
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state = state
    parts = (account, contact, requests_page, select_account, enrol, enrol_upload, consent, logout, admin)
    for part in (*parts, device_page, step_up):
        app.include_router(part.router)
    errors.register(app)
    app.add_exception_handler(RequestValidationError, _malformed)
    return app


def _malformed(request: Request, _error: Exception) -> Response:
    return errors.answer(request, IdpError("invalid_request", status=422))
