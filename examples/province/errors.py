"""The errors a citizen can meet, each with a stable code and a page in their language."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from examples.province.pages import Pages

log = logging.getLogger(__name__)

BY_STATUS = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "not_allowed", 413: "too_large"}


class PageError(HTTPException):
    """Ends the request with an error page; ``code`` chooses the sentence ``error.<code>``."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(status, code)
        self.code = code


def not_found() -> PageError:
    """Also the answer for what belongs to someone else: its existence is nobody's business."""
    return PageError("not_found", 404)


def install_error_pages(app: FastAPI, pages: Pages) -> None:
    """Render every error of ``app`` as a page with its code and the request's id."""
    page = _page(pages)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        if error.status_code < 400:  # a redirect raised as an exception, as sign-in helpers do
            return Response(status_code=error.status_code, headers=error.headers)
        code = error.code if isinstance(error, PageError) else BY_STATUS.get(error.status_code, "unexpected")
        return await page(request, code, error.status_code)

    async def invalid(request: Request, error: Exception) -> Response:
        return await page(request, "invalid", 422)

    async def unexpected(request: Request, error: Exception) -> Response:
        return await page(request, "unexpected", 500)

    app.add_exception_handler(StarletteHTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def _page(pages: Pages) -> Callable[[Request, str, int], Awaitable[Response]]:
    async def page(request: Request, code: str, status: int) -> Response:
        log.info("error page %s %d, request %s", code, status, request.state.request_id)
        return await run_in_threadpool(pages.render, request, "error.html", status=status, code=code)

    return page
