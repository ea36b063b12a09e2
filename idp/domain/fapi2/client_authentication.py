"""Clients prove themselves by private_key_jwt or mutual TLS (FAPI 2.0 Security Profile, section 5.3.2.1)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client

METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")


def check(client: Client) -> None:
    if client.auth_method not in METHODS:
        raise IdpError("invalid_client_metadata", f"{client.profile} needs private_key_jwt or mutual TLS")
