"""The protocol endpoints, as plain routes: they parse by hand and call one use case in a worker thread."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from idp.domain.errors import OAuthError, UntrustedRequest
from idp.domain.grant_types import CIBA
from idp.domain.response import Answer
from idp.usecases.authorize import authorize as authorize_usecase
from idp.usecases.grants import device_code, jwt_bearer, token_exchange
from idp.usecases.grants.authorization_code import authorization_code
from idp.usecases.grants.ciba import ciba
from idp.usecases.grants.client_credentials import client_credentials
from idp.usecases.grants.refresh_token import refresh_token
from idp.usecases.grants.request import Grant, TokenRequest, run
from idp.web.at_once import at_once
from idp.web.metadata import metadata
from idp.web.oauth import (
    NO_STORE,
    certificate_of,
    counted,
    credentials,
    error_answer,
    form,
    nonce_header,
    once,
    proof_of,
    query,
    services_of,
    single,
)
from idp.web.page import Page

_CACHED = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}

GRANTS: dict[str, Grant] = {
    "authorization_code": authorization_code,
    "refresh_token": refresh_token,
    "client_credentials": client_credentials,
    device_code.GRANT: device_code.device_code,
    CIBA: ciba,
    token_exchange.GRANT: token_exchange.token_exchange,
    jwt_bearer.GRANT: jwt_bearer.jwt_bearer,
}

# Those that ask nobody else and hash no password.
HOT = frozenset({authorization_code, refresh_token, client_credentials})


async def discovery(request: Request) -> Response:
    return JSONResponse(metadata(services_of(request), tuple(GRANTS)), headers=_CACHED)


async def jwks(request: Request) -> Response:
    """RFC 7517, section 5, with a validator for caches (RFC 9110, section 8.8.3)."""
    signer = services_of(request).signer
    if signer.stale():
        await run_in_threadpool(signer.refresh)
    response = JSONResponse(signer.jwks(), headers=_CACHED)
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or known == ["*"]:
        return Response(status_code=304, headers=_CACHED | {"ETag": etag})
    response.headers["ETag"] = etag
    return response


async def authorize(request: Request) -> Response:
    """GET and POST alike (OpenID Connect Core, section 3.1.2.1)."""
    sent = query(request) if request.method == "GET" else await form(request)
    if request.state.bare_post:  # our cookies come with the GET that follows; a login_hint stays out of URLs
        again = urlencode([pair for pair in sent if pair[0] != "login_hint"])
        return RedirectResponse(f"/authorize?{again}", 303, headers=NO_STORE)
    params, repeated = single(sent)
    answer = await at_once(
        request,
        authorize_usecase,
        params,
        repeated,
        private=request.method == "POST",
        browser=request.state.browser,
        session_token=Page(request).session_token,
    )
    if isinstance(answer, Answer) and answer.mode == "form_post":
        return await run_in_threadpool(Page(request).answer, answer)
    request.state.keep_browser = True
    return RedirectResponse(answer if isinstance(answer, str) else answer.url, 303, headers=NO_STORE)


async def token(request: Request) -> Response:
    try:
        params = once(await form(request))
        offered = credentials(request, params)
        asked = TokenRequest(offered, params, proof_of(request), certificate_of(request))
        grant = GRANTS.get(params.get("grant_type", ""))
        if grant is None:
            missing = "grant_type" not in params
            raise OAuthError("invalid_request" if missing else "unsupported_grant_type", "see the metadata")
        async with counted(request, offered):
            if grant in HOT:
                answer = await at_once(request, run, grant, asked)
            else:
                answer = await run_in_threadpool(run, services_of(request), grant, asked)
    except (OAuthError, UntrustedRequest) as error:
        return error_answer(error, nonce_header(request))
    return JSONResponse(answer, headers=NO_STORE | nonce_header(request))


routes = [
    Route("/.well-known/openid-configuration", discovery),
    Route("/jwks", jwks),
    Route("/authorize", authorize, methods=["GET", "POST"]),
    Route("/token", token, methods=["POST"]),
]
