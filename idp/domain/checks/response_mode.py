"""``response_mode`` is query (the default of the code flow), fragment, form_post, or one of them signed

(OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1; Form Post Response Mode 1.0; JARM, 2.3)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError
from idp.domain.response import MODES, mode_of


def check(context: Context) -> None:
    asked = context.params.get("response_mode", "query")
    if asked not in MODES:
        raise OAuthError("invalid_request", "response_mode must be one of " + ", ".join(MODES))
    context.response_mode = mode_of(asked)
