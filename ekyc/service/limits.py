"""Limits that hold before any work is done: bytes of a body, whose host name was called."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ekyc.chip.files import MAX_BYTES as MAX_CHIP
from ekyc.errors import EkycError
from ekyc.image import MAX_BYTES
from ekyc.service.problems import problem
from ekyc.usecases.face_step import MAX_BATCH, MAX_FRAME_BYTES

_FORM = 64 * 1024  # what a form or JSON body needs around its files


def body_limit(path: str) -> int:
    """Most bytes that the body of a call may have."""
    if "/documents/" in path:
        return MAX_BYTES
    if path.endswith("/chip"):
        return MAX_CHIP + _FORM
    if path.endswith(("/v1/read", "/v1/match")):
        return 2 * MAX_BYTES + _FORM
    if path.endswith("/frames"):
        return MAX_BATCH * MAX_FRAME_BYTES + _FORM
    return _FORM


class BodyLimit:
    """ASGI middleware: refuses a body by its Content-Length, or as soon as more has arrived."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limit = body_limit(scope["path"])
        declared = Request(scope).headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > limit:
            return await problem(Request(scope), EkycError("image_too_large"))(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise EkycError("image_too_large", "body")
            return message

        return await self.app(scope, counted, send)


class LoopbackHost:
    """ASGI middleware: refuses other hosts' names, under which a foreign web page could call this service."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_loopback(Request(scope).headers.get("host", "")):
            return await problem(Request(scope), EkycError("usage"), 403)(scope, receive, send)
        return await self.app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Does a Host header (RFC 9110, section 7.2), or an address, name this machine itself?"""
    name = re.sub(r":[0-9]*\Z", "", host) if host.count(":") == 1 or "]" in host else host
    return name.lower() in ("localhost", "127.0.0.1", "[::1]", "::1")
