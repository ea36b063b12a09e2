"""Card photos in pieces, for the capture page's script (decision 21). The plain form needs none of this.

``POST …/upload`` begins (``Upload-Length``, ``Idempotency-Key``); ``HEAD …/upload/{id}`` tells how much is
there and ``PATCH`` adds to it (``Upload-Offset``); ``POST …/upload/{id}`` has it read.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from idp.domain.errors import PageError
from idp.domain.upload import Upload
from idp.usecases.enrol import find, upload
from idp.usecases.enrol.upload import OffsetMismatch, Owner, Side
from idp.web.enrol import path
from idp.web.page import Page
from idp.web.page_parameters import PageDep, ScriptPage

router = APIRouter(prefix="/i/{i}/enrol/{side}/upload")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NUMBER = re.compile(r"[0-9]{1,12}")


@router.post("")
def begin(
    page: ScriptPage,
    i: str,
    side: Side,
    idempotency_key: Annotated[str, Header()] = "",
    upload_length: Annotated[str, Header()] = "",
) -> Response:
    if not _KEY.fullmatch(idempotency_key):
        raise PageError("invalid_request", status=400)
    begun = upload.begin(
        page.services, Owner(i, side, page.browser), key=idempotency_key, length=_number(upload_length)
    )
    response = _state(begun, 201)
    response.headers["Location"] = f"/i/{i}/enrol/{side}/upload/{begun.upload_id}"
    return response


@router.head("/{upload_id}")
def tell(page: PageDep, i: str, side: Side, upload_id: str) -> Response:
    return _state(upload.get(page.services, Owner(i, side, page.browser), upload_id))


@router.patch("/{upload_id}")
async def append(
    page: ScriptPage,
    request: Request,
    i: str,
    side: Side,
    upload_id: str,
    upload_offset: Annotated[str, Header()] = "",
) -> Response:
    offset = _number(upload_offset)
    data = await _arrived(request)
    return await run_in_threadpool(_append, page, Owner(i, side, page.browser), upload_id, offset, data)


def _append(page: Page, owner: Owner, upload_id: str, offset: int, data: bytes) -> Response:
    try:
        return _state(upload.append(page.services, owner, upload_id, offset=offset, data=data))
    except OffsetMismatch as mismatch:
        return _state(mismatch.upload, 409)


@router.post("/{upload_id}")
def use(page: ScriptPage, i: str, side: Side, upload_id: str) -> Response:
    """Where to go next; ``code`` and ``message`` where the photo was refused."""
    code = None
    try:
        code = upload.use(page.services, Owner(i, side, page.browser), upload_id)
    except PageError as error:
        if error.code not in ("step_out_of_order", "enrolment_expired"):
            raise  # those two: the server is somewhere else already, and so shall the page be
    message = page.message_of(code) if code else None
    now = find.get(page.services, i, browser=page.browser)
    return page.json({"next": path(i, now), "code": code, "message": message})


async def _arrived(request: Request) -> bytes:
    """As much of the body as came before the connection broke: that much need not be sent again."""
    pieces: list[bytes] = []
    try:
        async for piece in request.stream():
            pieces.append(piece)
    except ClientDisconnect:
        pass
    return b"".join(pieces)


def _state(now: Upload, status: int = 204) -> Response:
    complete = "?1" if now.complete else "?0"  # a Boolean of RFC 9651, section 3.3.6
    headers = {"Upload-Offset": str(now.received), "Upload-Length": str(now.length)}
    return Response(None, status, headers | {"Upload-Complete": complete, "Cache-Control": "no-store"})


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise PageError("invalid_request", status=400)
    return int(text)
