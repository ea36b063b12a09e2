"""No parameter may be sent more than once (RFC 6749, section 3.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    if context.repeated_names:
        raise OAuthError("invalid_request", "repeated: " + ", ".join(sorted(context.repeated_names)))
