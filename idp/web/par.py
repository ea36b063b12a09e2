"""The pushed authorization request endpoint (RFC 9126)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idp.domain.errors import OAuthError, UntrustedRequest
from idp.usecases.push_request import push_request
from idp.web.oauth import (
    NO_STORE,
    counted,
    credentials,
    error_answer,
    form,
    nonce_header,
    once,
    proof_of,
    services_of,
)

PATH = "/par"


async def push(request: Request) -> Response:
    try:
        params = once(await form(request))
        offered = credentials(request, params)
        async with counted(request, offered):
            answer = await run_in_threadpool(
                push_request, services_of(request), offered, params, proof=proof_of(request)
            )
    except (OAuthError, UntrustedRequest) as error:
        return error_answer(error, nonce_header(request))
    return JSONResponse(answer, 201, headers=NO_STORE | nonce_header(request))


routes = [Route(PATH, push, methods=["POST"])]
