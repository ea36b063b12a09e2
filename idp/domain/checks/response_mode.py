"""``response_mode`` is ``query``, the default of the code flow

(OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    if context.params.get("response_mode", "query") != "query":
        raise OAuthError("invalid_request", "response_mode must be query")
