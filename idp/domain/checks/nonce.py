"""``nonce`` is kept and returned as it is, within reason (OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError

_MAX_LENGTH = 1000  # characters


def check(context: Context) -> None:
    if len(context.params.get("nonce", "")) > _MAX_LENGTH:
        raise OAuthError("invalid_request", f"nonce must have at most {_MAX_LENGTH} characters")
