"""``scope`` holds ``openid``; scopes not understood or not registered for the client are ignored

(OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context
from idp.domain.claims import SCOPE_CLAIMS
from idp.domain.errors import OAuthError
from idp.domain.models import Client


def check(context: Context) -> None:
    assert context.client is not None
    asked = context.params.get("scope", "").split()
    if "openid" not in asked:
        raise OAuthError("invalid_scope", "scope must contain openid")
    context.scope = allowed(context.client, asked)


def allowed(client: Client, asked: list[str]) -> tuple[str, ...]:
    """What the client may have of a citizen's scopes. offline_access is ignored where no refresh token

    could be used (OpenID Connect Core, section 11)."""
    return tuple(dict.fromkeys(name for name in asked if _may(client, name)))


def _may(client: Client, name: str) -> bool:
    if name == "offline_access" and "refresh_token" not in client.grant_types:
        return False
    registered = client.scope is None or name in client.scope or name in ("openid", "offline_access")
    return registered and name in SCOPE_CLAIMS
