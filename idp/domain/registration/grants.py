"""Grants and scopes that are offered, and that fit together (RFC 7591, section 2.1)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered


def check(client: Client, offered: Offered) -> None:
    if unknown := set(client.grant_types) - set(offered.grant_types):
        raise IdpError("invalid_client_metadata", f"unknown grant types: {', '.join(sorted(unknown))}")
    if not client.grant_types:
        raise IdpError("invalid_client_metadata", "grant_types is empty")
    if client.auth_method == "none" and "client_credentials" in client.grant_types:
        raise IdpError("invalid_client_metadata", "client_credentials needs client authentication")
    if client.scope is not None and (unknown := set(client.scope) - set(offered.scopes)):
        raise IdpError("invalid_client_metadata", f"unknown scopes: {', '.join(sorted(unknown))}")


def check_response_types(response_types: tuple[str, ...], grant_types: tuple[str, ...]) -> None:
    """The table of section 2.1: ``code`` goes with ``authorization_code``, nothing else is offered."""
    expected = {"code"} if "authorization_code" in grant_types else set()
    if set(response_types) != expected:
        raise IdpError("invalid_client_metadata", "response_types do not go with grant_types")
