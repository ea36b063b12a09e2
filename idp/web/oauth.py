"""What every back-channel endpoint shares: parse the form, read the client's credentials, answer errors."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from idp.domain.certificates import Certificate, parse
from idp.domain.errors import IdpError, OAuthError, UntrustedRequest
from idp.usecases.authenticate_client import ClientCredentials
from idp.usecases.client_assertion import ASSERTION_TYPE, unverified_issuer
from idp.usecases.client_throttle import count_failure, refuse_blocked
from idp.usecases.sender import current_nonce
from idp.usecases.services import Services

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749, section 5.1
_FORM = "application/x-www-form-urlencoded"
_REPEATABLE = frozenset({"resource", "audience"})  # RFC 8707, section 2; RFC 8693, section 2.1


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def query(request: Request) -> list[tuple[str, str]]:
    return pairs(request.scope["query_string"].decode("ascii"))


def pairs(text: str) -> list[tuple[str, str]]:
    """Query or form parameters; empty values count as not sent (RFC 6749, section 3.1)."""
    try:
        return parse_qsl(text, keep_blank_values=False, max_num_fields=50, errors="strict")
    except ValueError:
        raise UntrustedRequest("invalid_request", "parameters are malformed or too many") from None


async def form(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise UntrustedRequest("invalid_request", f"Content-Type must be {_FORM}")
    try:
        return pairs((await request.body()).decode("utf-8"))
    except UnicodeDecodeError:
        raise UntrustedRequest("invalid_request", "the body is not UTF-8") from None


def single(sent: list[tuple[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
    """(first value of each parameter, names sent twice though they must not be).

    ``resource`` and ``audience`` may be repeated: their values come joined by spaces.
    """
    counts = Counter(name for name, _ in sent)
    if any("\0" in value for _, value in sent):
        raise UntrustedRequest("invalid_request", "NUL in a parameter")
    repeated = frozenset(name for name, count in counts.items() if count > 1)
    params = dict(reversed(sent))
    for name in repeated & _REPEATABLE:
        params[name] = " ".join(value for key, value in sent if key == name)
    return params, repeated - _REPEATABLE


def once(sent: list[tuple[str, str]]) -> dict[str, str]:
    """The parameters of a back-channel request. Raises OAuthError for a repeated one (section 3.2)."""
    params, repeated = single(sent)
    if repeated:
        raise OAuthError("invalid_request", "repeated: " + ", ".join(sorted(repeated)))
    return params


def credentials(request: Request, params: dict[str, str]) -> ClientCredentials:
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
    if "client_secret" in params:
        return ClientCredentials("client_secret_post", client_id, secret=params["client_secret"])
    return ClientCredentials("none", client_id, certificate=certificate_of(request))


@asynccontextmanager
async def counted(request: Request, offered: ClientCredentials) -> AsyncIterator[None]:
    """Around a use case that authenticates the client: who fails too often from one address is refused."""
    services, address = services_of(request), address_of(request)
    refuse_blocked(services, offered, address)
    try:
        yield
    except OAuthError as error:
        if error.code == "invalid_client":
            await run_in_threadpool(count_failure, services, offered, address)
        raise


async def client_asks(
    request: Request, usecase: Callable[[Services, ClientCredentials, dict[str, str]], dict[str, Any]]
) -> Response:
    """A form from a client that proves itself, answered by ``usecase`` in a worker thread."""
    try:
        params = once(await form(request))
        offered = credentials(request, params)
        async with counted(request, offered):
            answer = await run_in_threadpool(usecase, services_of(request), offered, params)
    except (OAuthError, UntrustedRequest) as error:
        return error_answer(error)
    return JSONResponse(answer, headers=NO_STORE)


def proof_of(request: Request) -> str | None:
    """The DPoP proof, at most one (RFC 9449, section 4.3, check 1)."""
    sent = request.headers.getlist("dpop")
    if len(sent) > 1:
        raise OAuthError("invalid_dpop_proof", "more than one DPoP header")
    return sent[0] if sent else None


def nonce_header(request: Request) -> dict[str, str]:
    """Whoever sends proofs is told the nonce for the next one (RFC 9449, section 8.2)."""
    return {"DPoP-Nonce": current_nonce(services_of(request))} if "dpop" in request.headers else {}


def certificate_of(request: Request) -> Certificate | None:
    """The client's TLS certificate, where the installation's proxy passes it on (RFC 8705, section 6.5)."""
    name = services_of(request).client_cert_header
    header = request.headers.get(name) if name else None
    return parse(header) if header else None


def _basic(header: str) -> tuple[str, str]:
    """User and password, each form-encoded first (RFC 6749, section 2.3.1)."""
    scheme, _, value = header.partition(" ")
    try:
        user, colon, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError("invalid_client", "malformed Authorization header", status=401)
    user, password = unquote_plus(user), unquote_plus(password)
    if "\0" in user:
        raise OAuthError("invalid_client", "NUL in client_id", status=401)
    return user, password


def error_answer(error: IdpError, headers: dict[str, str] | None = None) -> Response:
    """RFC 6749, section 5.2."""
    headers = dict(headers or {}) | NO_STORE
    if error.status == 401 and "WWW-Authenticate" not in headers:
        headers["WWW-Authenticate"] = 'Basic realm="motcham"'
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    code = "invalid_request" if isinstance(error, UntrustedRequest) else error.code
    body = json.dumps({"error": code, "error_description": error.description})
    return Response(body, error.status, headers, media_type="application/json")
