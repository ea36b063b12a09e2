"""Clients that must push their requests do so (RFC 9126, section 6; FAPI 2.0 Security Profile, 5.3.2.2)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    client = context.client
    assert client is not None
    if context.pushed is None and (client.require_pushed_authorization_requests or client.fapi2):
        raise OAuthError("invalid_request", "this client must push its authorization requests")
