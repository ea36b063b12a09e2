"""Every algorithm the client asks for is offered, and ``enc`` never comes without ``alg``."""

from __future__ import annotations

from idp.domain.encryption import ALGORITHMS, CONTENT_ALGORITHMS
from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

_SIGNED_BY_US = (
    "id_token_signed_response_alg",
    "access_token_signing_alg",
    "userinfo_signed_response_alg",
    "introspection_signed_response_alg",
    "authorization_signed_response_alg",
)
_ENCRYPTED = ("id_token", "userinfo", "introspection", "authorization")


def check(client: Client, offered: Offered) -> None:
    for name in _SIGNED_BY_US:
        _one_of(name, getattr(client, name), offered.signing_algs)
    secret_based = client.auth_method == "client_secret_jwt"
    accepted = ("HS256",) if secret_based else offered.accepted_algs
    _one_of("token_endpoint_auth_signing_alg", client.token_endpoint_auth_signing_alg, accepted)
    # Unsigned objects are a client's choice (OpenID Connect Core, section 6.1), unless it must sign them.
    unsigned = () if client.require_signed_request_object or client.fapi2 else ("none",)
    signing = offered.accepted_algs + unsigned
    _one_of("request_object_signing_alg", client.request_object_signing_alg, signing)
    for kind in _ENCRYPTED:
        alg = getattr(client, f"{kind}_encrypted_response_alg")
        enc = getattr(client, f"{kind}_encrypted_response_enc")
        _one_of(f"{kind}_encrypted_response_alg", alg, ALGORITHMS)
        _one_of(f"{kind}_encrypted_response_enc", enc, CONTENT_ALGORITHMS)
        if enc is not None and alg is None:
            raise IdpError("invalid_client_metadata", f"{kind}_encrypted_response_enc needs an alg")
        if alg is not None and client.jwks is None and client.jwks_uri is None:
            raise IdpError("invalid_client_metadata", "encryption needs jwks or jwks_uri")


def _one_of(name: str, value: str | None, offered: tuple[str, ...]) -> None:
    if value is not None and value not in offered:
        raise IdpError("invalid_client_metadata", f"{name} is none of {', '.join(offered)}")
