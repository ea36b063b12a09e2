"""The userinfo endpoint: who asks, with which token, bound to which key (RFC 6750; RFC 9449, section 7)."""

from __future__ import annotations

import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idp.domain.dpop import ALGORITHMS
from idp.domain.errors import OAuthError, UntrustedRequest
from idp.usecases.sender import Presented
from idp.usecases.userinfo import userinfo as userinfo_usecase
from idp.web.at_once import at_once
from idp.web.oauth import NO_STORE, certificate_of, error_answer, form, nonce_header, proof_of, services_of

_INTERACTION = "x-fapi-interaction-id"
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_DPOP = f'DPoP algs="{" ".join(ALGORITHMS)}"'


async def userinfo(request: Request) -> Response:
    """OpenID Connect Core, section 5.3."""
    services = services_of(request)
    scheme = ""
    try:
        scheme, token = await _token(request)
        if not token:
            # The challenge says nothing of an error where no token came (RFC 6750, section 3.1).
            missing = OAuthError("invalid_token", "no access token", status=401)
            return error_answer(missing, {"WWW-Authenticate": f"Bearer, {_DPOP}"})
        presented = Presented(
            token=token,
            scheme=scheme,
            method=request.method,
            url=f"{services.issuer}/userinfo",
            proof=proof_of(request),
            certificate=certificate_of(request),
        )
        claims = await at_once(request, userinfo_usecase, presented)
    except (OAuthError, UntrustedRequest) as error:
        details = f'error="{error.code}", error_description="{error.description}"'
        challenge = f"{_DPOP}, {details}" if scheme == "dpop" else f"Bearer {details}"
        error.status = 401 if error.code in ("use_dpop_nonce", "invalid_dpop_proof") else error.status
        return error_answer(error, {"WWW-Authenticate": challenge} | nonce_header(request))
    headers = NO_STORE | nonce_header(request) | _interaction(request)
    if isinstance(claims, str):
        return Response(claims, headers=headers, media_type="application/jwt")
    return JSONResponse(claims, headers=headers)


def _interaction(request: Request) -> dict[str, str]:
    """The client's id of this exchange, or a new one (FAPI 1.0 Baseline, 6.2.1-11, which FAPI-CIBA keeps)."""
    sent = request.headers.get(_INTERACTION, "")
    return {_INTERACTION: sent if _UUID.fullmatch(sent) else str(uuid4())}


async def _token(request: Request) -> tuple[str, str]:
    """(scheme, token), both empty where there is none; a form may carry a bearer token (RFC 6750, 2.2)."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    scheme = scheme.lower()
    if scheme not in ("bearer", "dpop") and request.method == "POST":
        scheme, value = "bearer", dict(await form(request)).get("access_token", "")
    return (scheme, value.strip()) if scheme in ("bearer", "dpop") else ("", "")


routes = [Route("/userinfo", userinfo, methods=["GET", "POST"])]
