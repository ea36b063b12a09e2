"""``dpop_jkt`` binds the code to a key: a SHA-256 thumbprint (RFC 9449, section 10)."""

from idp.domain.checks.context import Context
from idp.domain.dpop import is_thumbprint
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    asked = context.params.get("dpop_jkt")
    if asked is not None and not is_thumbprint(asked):
        raise OAuthError("invalid_request", "dpop_jkt must be 43 base64url characters")
    context.dpop_jkt = asked
