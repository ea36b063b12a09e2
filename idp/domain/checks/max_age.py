"""``max_age`` is a number of seconds; without it the client's ``default_max_age`` counts

(OpenID Connect Core, section 3.1.2.1; Dynamic Client Registration 1.0, section 2)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    asked = context.params.get("max_age")
    if asked is None:
        context.max_age = context.client.default_max_age if context.client else None
        return
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 10):
        raise OAuthError("invalid_request", "max_age must be a whole number of seconds")
    context.max_age = int(asked)
