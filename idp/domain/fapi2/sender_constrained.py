"""Only access tokens bound to a key of the client (FAPI 2.0 Security Profile, section 5.3.2.1)."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import IdpError
from idp.domain.models import Client


def apply(client: Client) -> Client:
    """DPoP where the client did not choose mutual TLS."""
    return replace(client, dpop_bound_access_tokens=not client.tls_client_certificate_bound_access_tokens)


def check(client: Client) -> None:
    if not (client.dpop_bound_access_tokens or client.tls_client_certificate_bound_access_tokens):
        raise IdpError("invalid_client_metadata", f"{client.profile} needs sender-constrained tokens")
