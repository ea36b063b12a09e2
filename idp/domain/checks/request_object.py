"""Clients that must sign their requests do so (RFC 9101, section 10.5)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    client = context.client
    assert client is not None
    if client.require_signed_request_object and not context.signed:
        raise OAuthError("invalid_request", "this client must use a signed request object")
