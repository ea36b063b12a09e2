"""``scope`` holds ``openid``; scopes not understood are ignored (OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context
from idp.domain.claims import SCOPE_CLAIMS
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    asked = context.params.get("scope", "").split()
    if "openid" not in asked:
        raise OAuthError("invalid_scope", "scope must contain openid")
    context.scope = tuple(dict.fromkeys(name for name in asked if name in SCOPE_CLAIMS))
