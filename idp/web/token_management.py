"""Revocation and introspection endpoints, and what the metadata says of them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idp.domain import encryption
from idp.domain.dpop import ALGORITHMS
from idp.domain.errors import OAuthError, UntrustedRequest
from idp.usecases.authenticate_client import methods
from idp.usecases.introspect import introspect as introspect_usecase
from idp.usecases.revoke_token import revoke_token
from idp.usecases.services import Services
from idp.web.at_once import at_once
from idp.web.oauth import NO_STORE, counted, credentials, error_answer, form, once

_INTROSPECTION_JWT = "application/token-introspection+jwt"


async def revoke(request: Request) -> Response:
    """RFC 7009: 200 with an empty body, whatever became of the token."""
    try:
        params = once(await form(request))
        offered, token = credentials(request, params), _token(params)
        async with counted(request, offered):
            await at_once(request, revoke_token, offered, token)
    except (OAuthError, UntrustedRequest) as error:
        return error_answer(error)
    return Response(status_code=200, headers=NO_STORE)


async def introspect(request: Request) -> Response:
    """RFC 7662; RFC 9701 where the client accepts its media type."""
    signed = _INTROSPECTION_JWT in request.headers.get("accept", "")
    try:
        params = once(await form(request))
        offered, token = credentials(request, params), _token(params)
        async with counted(request, offered):
            answer = await at_once(request, introspect_usecase, offered, token, signed=signed)
    except (OAuthError, UntrustedRequest) as error:
        return error_answer(error)
    if isinstance(answer, str):
        return Response(answer, media_type=_INTROSPECTION_JWT, headers=NO_STORE)
    return JSONResponse(answer, headers=NO_STORE)


def _token(params: dict[str, str]) -> str:
    if not params.get("token"):
        raise OAuthError("invalid_request", "token is required")
    return params["token"]


def metadata(services: Services) -> dict[str, Any]:
    """RFC 8414, section 2; RFC 9701, section 7."""
    offered = methods(services)
    confidential = [method for method in offered if method != "none"]
    return {
        "revocation_endpoint": f"{services.issuer}/revoke",
        "revocation_endpoint_auth_methods_supported": list(offered),
        "introspection_endpoint": f"{services.issuer}/introspect",
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_signing_alg_values_supported": services.signer.algorithms(),
        "introspection_encryption_alg_values_supported": list(encryption.ALGORITHMS),
        "introspection_encryption_enc_values_supported": list(encryption.CONTENT_ALGORITHMS),
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": bool(services.client_cert_header),
    }


routes = [
    Route("/revoke", revoke, methods=["POST"]),
    Route("/introspect", introspect, methods=["POST"]),
]
