"""Signed authentication requests (CIBA, section 7.1.1; FAPI: CIBA Profile, section 5.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain.clock_skew import LEEWAY
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.tokens import hash_secret
from idp.usecases.client_jwt import read_client_jwt
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.request_object import parameters
from idp.usecases.services import Services

_OUTSIDE = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
_CLAIMS = ("iat", "nbf", "jti")
_MAX_LIFETIME = 3600  # seconds between nbf and exp, and that nbf may lie back


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters. ``once``: what to claim for a signed request, with the time until when."""

    params: dict[str, str]
    once: tuple[str, int] | None = None


def unpack(services: Services, client: Client, sent: dict[str, str]) -> Asked:
    """The parameters, those of the signed request where there is one. May ask the client's server for keys.

    Raises OAuthError("invalid_request"), the only code that section 13 has for it.
    """
    asked = {name: value for name, value in sent.items() if name not in _OUTSIDE}
    token = asked.pop("request", None)
    if token is None:
        return Asked(asked | {"client_id": client.client_id})
    if asked:
        raise OAuthError("invalid_request", "beside request only client authentication is sent")
    try:
        claims = _claims(services, client, token)
        params = parameters(claims)
    except ValueError as error:
        raise OAuthError("invalid_request", f"the signed request: {error}") from None
    key = f"bc:{client.client_id}:{hash_secret(str(claims['jti']))[:40]}"
    return Asked(params | {"client_id": client.client_id}, (key, int(claims["exp"]) + LEEWAY))


def _claims(services: Services, client: Client, token: str) -> dict[str, Any]:
    registered = client.backchannel_authentication_request_signing_alg
    algorithms = (registered,) if registered else ALGORITHMS
    claims = read_client_jwt(services, client, token, algorithms=algorithms, require=_CLAIMS)
    if claims.get("client_id", client.client_id) != client.client_id:
        raise ValueError("it is another client's")
    start, end = int(claims["nbf"]), int(claims["exp"])
    if end - start > _MAX_LIFETIME or start < services.clock() - _MAX_LIFETIME:
        raise ValueError("it is good for more than an hour, or was made more than an hour ago")
    return claims
