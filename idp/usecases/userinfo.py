"""The userinfo endpoint (OpenID Connect Core, section 5.3)."""

from __future__ import annotations

from typing import Any

from idp.domain.claims import claims_for, requested_claims
from idp.domain.errors import OAuthError
from idp.usecases.services import Services


def userinfo(services: Services, access_token: str) -> dict[str, Any]:
    """The claims that the token's scopes release. Raises OAuthError("invalid_token")."""
    try:
        token = services.signer.verify(access_token, typ="at+jwt", audience=services.issuer)
    except ValueError:
        raise OAuthError("invalid_token", "not a live access token", status=401) from None
    with services.store.read() as tx:
        live = tx.tokens.access(token["jti"], services.clock())
        authorization = tx.authorizations.get(live.authorization_id) if live else None
        account_id = authorization.account_id if authorization else None
        account = tx.accounts.get(account_id) if account_id else None
    if live is None or account is None or authorization is None:
        raise OAuthError("invalid_token", "not a live access token", status=401)
    by_name = requested_claims(account, authorization, "userinfo")
    return claims_for(account, live.scope) | by_name | {"sub": token["sub"]}
