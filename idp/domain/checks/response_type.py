"""``response_type`` is ``code``: the implicit and hybrid flows are not offered (RFC 9700, section 2.1.2)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    asked = context.params.get("response_type")
    if not asked:
        raise OAuthError("invalid_request", "response_type is required")
    if asked != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code")
    assert context.client is not None
    if "authorization_code" not in context.client.grant_types:
        raise OAuthError("unauthorized_client", "the client is not registered for authorization_code")
