"""The profile ``fapi2`` (FAPI 2.0 Security Profile, section 5.3.2): what it switches on and refuses."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

_METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")
_ALGORITHMS = ("ES256", "PS256", "EdDSA")  # section 5.4


def apply(client: Client) -> Client:
    """The client with everything the profile requires switched on."""
    if client.profile != "fapi2":
        return client
    return replace(
        client,
        require_pushed_authorization_requests=True,
        dpop_bound_access_tokens=not client.tls_client_certificate_bound_access_tokens,
    )


def check(client: Client, offered: Offered) -> None:
    if client.profile != "fapi2":
        return
    if client.auth_method not in _METHODS:
        raise IdpError("invalid_client_metadata", "fapi2 needs private_key_jwt or mutual TLS")
    for name in ("id_token_signed_response_alg", "token_endpoint_auth_signing_alg"):
        if getattr(client, name) not in (None, *_ALGORITHMS):
            raise IdpError("invalid_client_metadata", f"fapi2: {name} is none of {', '.join(_ALGORITHMS)}")
    if not (client.dpop_bound_access_tokens or client.tls_client_certificate_bound_access_tokens):
        raise IdpError("invalid_client_metadata", "fapi2 needs sender-constrained tokens")
