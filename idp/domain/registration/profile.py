"""The profiles ``fapi2`` and ``fapi2_message_signing``: what they switch on and refuse (see domain/fapi2)."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import IdpError
from idp.domain.fapi2 import algorithms, client_authentication, sender_constrained
from idp.domain.models import PROFILES, Client
from idp.domain.registration.offered import Offered

_RULES = (client_authentication.check, sender_constrained.check, algorithms.check)


def apply(client: Client) -> Client:
    """The client with everything the profile requires switched on."""
    if not client.fapi2:
        return client
    return replace(
        sender_constrained.apply(client),
        require_pushed_authorization_requests=True,
        require_signed_request_object=client.require_signed_request_object or client.message_signing,
        authorization_signed_response_alg=client.authorization_signed_response_alg or "ES256",
    )


def check(client: Client, offered: Offered) -> None:
    if client.profile not in (None, *PROFILES):
        raise IdpError("invalid_client_metadata", f"profile is none of {', '.join(PROFILES)}")
    if client.fapi2:
        for rule in _RULES:
            rule(client)
    if client.message_signing and client.jwks is None and client.jwks_uri is None:
        raise IdpError("invalid_client_metadata", f"{client.profile} needs jwks or jwks_uri")
