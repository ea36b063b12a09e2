"""The client registration and configuration endpoints (RFC 7591, RFC 7592)."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idp.domain import strict_json
from idp.domain.errors import IdpError
from idp.usecases.registration.manage import (
    delete_registration,
    read_registration,
    replace_registration,
)
from idp.usecases.registration.register import register as register_usecase
from idp.web.oauth import NO_STORE, address_of, error_answer, services_of

PATH = "/register"


async def register(request: Request) -> Response:
    """RFC 7591, section 3."""
    try:
        document = await _document(request)
        made = await run_in_threadpool(
            register_usecase, services_of(request), document, _bearer(request), address=address_of(request)
        )
    except IdpError as error:
        return _refused(error)
    return JSONResponse(made, 201, headers=NO_STORE)


async def manage(request: Request) -> Response:
    """RFC 7592, section 2."""
    services, client_id, token = services_of(request), request.path_params["client_id"], _bearer(request)
    try:
        if request.method == "DELETE":
            await run_in_threadpool(delete_registration, services, client_id, token)
            return Response(status_code=204, headers=NO_STORE)
        if request.method == "PUT":
            document = await _document(request)
            kept = await run_in_threadpool(replace_registration, services, client_id, token, document)
        else:
            kept = await run_in_threadpool(read_registration, services, client_id, token)
    except IdpError as error:
        return _refused(error)
    return JSONResponse(kept, headers=NO_STORE)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _document(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise IdpError("invalid_client_metadata", "Content-Type must be application/json")
    try:
        document = strict_json.parse(await request.body())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise IdpError("invalid_client_metadata", "the body is not a JSON object")
    return document


def _refused(error: IdpError) -> Response:
    challenge = f'Bearer error="{error.code}"'
    return error_answer(error, {"WWW-Authenticate": challenge} if error.status == 401 else None)


routes = [
    Route(PATH, register, methods=["POST"]),
    Route(PATH + "/{client_id}", manage, methods=["GET", "PUT", "DELETE"]),
]
