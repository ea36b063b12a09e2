"""The protocol endpoints, as plain routes: they parse by hand and call one use case in a worker thread."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from idp.domain.errors import IdpError, OAuthError, UntrustedRequest
from idp.domain.response import Answer
from idp.usecases.authenticate_client import ASSERTION_TYPE, ClientCredentials, unverified_issuer
from idp.usecases.authorize import authorize as authorize_usecase
from idp.usecases.exchange_code import exchange_code
from idp.usecases.services import Services
from idp.usecases.userinfo import userinfo as userinfo_usecase
from idp.web.metadata import metadata
from idp.web.page import SESSION_COOKIE, Page

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749, section 5.1
_CACHED = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
_FORM = "application/x-www-form-urlencoded"


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def discovery(request: Request) -> Response:
    return JSONResponse(metadata(_services(request), tuple(GRANTS)), headers=_CACHED)


async def jwks(request: Request) -> Response:
    return JSONResponse(_services(request).signer.jwks(), headers=_CACHED)


async def authorize(request: Request) -> Response:
    """GET and POST alike (OpenID Connect Core, section 3.1.2.1)."""
    pairs = _pairs(request.url.query) if request.method == "GET" else await _form(request)
    params, repeated = _single(pairs)
    answer = await run_in_threadpool(
        authorize_usecase,
        _services(request),
        params,
        repeated,
        private=request.method == "POST",
        browser=request.state.browser,
        session_token=request.cookies.get(SESSION_COOKIE),
    )
    if isinstance(answer, Answer) and answer.mode == "form_post":
        return await run_in_threadpool(Page(request).answer, answer)
    request.state.keep_browser = True
    return RedirectResponse(answer if isinstance(answer, str) else answer.url, 303, headers=_NO_STORE)


async def token(request: Request) -> Response:
    try:
        params, repeated = _single(await _form(request))
        if repeated:
            raise OAuthError("invalid_request", "repeated: " + ", ".join(sorted(repeated)))
        offered = _credentials(request, params)
        grant = GRANTS.get(params.get("grant_type", ""))
        if grant is None:
            missing = "grant_type" not in params
            raise OAuthError("invalid_request" if missing else "unsupported_grant_type", "see the metadata")
        answer = await run_in_threadpool(grant, _services(request), offered, params)
    except (OAuthError, UntrustedRequest) as error:
        return _error(error)
    return JSONResponse(answer, headers=_NO_STORE)


async def userinfo(request: Request) -> Response:
    try:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" and request.method == "POST":
            scheme, value = "bearer", dict(await _form(request)).get("access_token", "")
        if scheme.lower() != "bearer" or not value:
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"} | _NO_STORE)
        claims = await run_in_threadpool(userinfo_usecase, _services(request), value.strip())
    except (OAuthError, UntrustedRequest) as error:
        challenge = f'Bearer error="{error.code}", error_description="{error.description}"'
        return _error(error, {"WWW-Authenticate": challenge})
    return JSONResponse(claims, headers=_NO_STORE)


def _authorization_code(
    services: Services, offered: ClientCredentials, params: dict[str, str]
) -> dict[str, Any]:
    for name in ("code", "redirect_uri", "code_verifier"):
        if not params.get(name):
            raise OAuthError("invalid_request", f"{name} is required")
    return exchange_code(
        services,
        offered,
        code=params["code"],
        redirect_uri=params["redirect_uri"],
        verifier=params["code_verifier"],
    )


Grant = Callable[[Services, ClientCredentials, dict[str, str]], dict[str, Any]]
GRANTS: dict[str, Grant] = {"authorization_code": _authorization_code}


def _credentials(request: Request, params: dict[str, str]) -> ClientCredentials:
    """Exactly one authentication method (RFC 6749, section 2.3)."""
    header = request.headers.get("authorization")
    offers = [header is not None, "client_secret" in params, "client_assertion" in params]
    if sum(offers) > 1:
        raise OAuthError("invalid_request", "more than one client authentication method")
    client_id = params.get("client_id", "")
    if header is not None:
        basic_id, secret = _basic(header)
        if client_id and client_id != basic_id:
            raise OAuthError("invalid_request", "two different client_id")
        return ClientCredentials("client_secret_basic", basic_id, secret=secret)
    if "client_assertion" in params:
        if params.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthError("invalid_client", "unknown client_assertion_type", status=401)
        issuer = unverified_issuer(params["client_assertion"])
        if client_id and client_id != issuer:
            raise OAuthError("invalid_client", "client_id is not the assertion's iss", status=401)
        return ClientCredentials("private_key_jwt", issuer, assertion=params["client_assertion"])
    method = "client_secret_post" if "client_secret" in params else "none"
    return ClientCredentials(method, client_id, secret=params.get("client_secret", ""))


def _basic(header: str) -> tuple[str, str]:
    """User and password, each form-encoded first (RFC 6749, section 2.3.1)."""
    scheme, _, value = header.partition(" ")
    try:
        user, colon, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError("invalid_client", "malformed Authorization header", status=401)
    return unquote_plus(user), unquote_plus(password)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=False, max_num_fields=50, errors="strict")
    except ValueError:
        raise UntrustedRequest("invalid_request", "parameters are malformed or too many") from None


async def _form(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise UntrustedRequest("invalid_request", f"Content-Type must be {_FORM}")
    try:
        return _pairs((await request.body()).decode("utf-8"))
    except UnicodeDecodeError:
        raise UntrustedRequest("invalid_request", "the body is not UTF-8") from None


def _single(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
    counts = Counter(name for name, _ in pairs)
    if any("\0" in value for _, value in pairs):
        raise UntrustedRequest("invalid_request", "NUL in a parameter")
    return dict(reversed(pairs)), frozenset(name for name, count in counts.items() if count > 1)


def _error(error: IdpError, headers: dict[str, str] | None = None) -> Response:
    """RFC 6749, section 5.2."""
    headers = dict(headers or {}) | _NO_STORE
    if error.status == 401 and "WWW-Authenticate" not in headers:
        headers["WWW-Authenticate"] = 'Basic realm="motcham"'
    code = "invalid_request" if isinstance(error, UntrustedRequest) else error.code
    body = json.dumps({"error": code, "error_description": error.description})
    return Response(body, error.status, headers, media_type="application/json")


routes = [
    Route("/.well-known/openid-configuration", discovery),
    Route("/jwks", jwks),
    Route("/authorize", authorize, methods=["GET", "POST"]),
    Route("/token", token, methods=["POST"]),
    Route("/userinfo", userinfo, methods=["GET", "POST"]),
]
