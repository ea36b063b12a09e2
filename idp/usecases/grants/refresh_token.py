"""The refresh_token grant (RFC 6749, section 6), with rotation and reuse detection (RFC 9700, 4.14.2)."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import OAuthError
from idp.domain.fapi2.refresh_rotation import rotates
from idp.domain.models import Authorization, Client, RefreshToken
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.grants.request import TokenRequest, audience, client_for, confirmation
from idp.usecases.issue_tokens import prepare, response
from idp.usecases.services import Services


def refresh_token(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response, with the successor of the refresh token.

    Raises OAuthError: ``invalid_client``, ``unauthorized_client``, ``invalid_grant``, ``invalid_scope``.
    A token that comes a second time revokes the whole authorization, except once within the grace.
    """
    token_hash = hash_secret(request.required("refresh_token"))
    try:
        return _refresh(services, request, token_hash)
    except _UsedJustNow:  # what came of that is there to be read now
        return _refresh(services, request, token_hash)


class _UsedJustNow(Exception):
    """By another request, after this one had read the token."""


def _refresh(services: Services, request: TokenRequest, token_hash: str) -> dict[str, Any]:
    with services.store.begin() as tx:
        tx.ahead(client=request.offered.client_id, refresh_token=token_hash)
        client = client_for(services, tx, request, "refresh_token")
        token, authorization = _find(services, tx, client, token_hash)
        scope = _scope(request, authorization)
        aud = audience(services, request, client, authorization)
        cnf = confirmation(services, tx, client, request)
        if token.cnf and token.cnf != cnf:
            raise OAuthError("invalid_grant", "the refresh token is bound to another key")
        rotated = rotates(client)
        replayed = not _take(services, tx, token) if rotated else token.used_at is not None
        if replayed:
            tx.authorizations.revoke(authorization.authorization_id, services.clock())
            tx.audit.write("refresh_token.replayed", services.clock(), client_id=client.client_id)
        else:
            issued = prepare(
                services,
                tx,
                client,
                authorization,
                scope=scope,
                audience=aud,
                cnf=cnf,
                refresh=rotated,
                details=request.details(authorization.authorization_details),
            )
    if replayed:
        raise OAuthError("invalid_grant", "the refresh token was used before")
    return response(services, client, authorization, issued, refreshed=True)


def _find(
    services: Services, tx: Transaction, client: Client, token_hash: str
) -> tuple[RefreshToken, Authorization]:
    found = tx.tokens.refresh(token_hash)
    if found is None or found[1].client_id != client.client_id:
        raise OAuthError("invalid_grant", "the refresh token is unknown or belongs to another client")
    token, authorization = found
    if authorization.revoked_at is not None or token.expires_at <= services.clock():
        raise OAuthError("invalid_grant", "the refresh token is over")
    return token, authorization


def _scope(request: TokenRequest, authorization: Authorization) -> tuple[str, ...] | None:
    """Never more than was granted (RFC 6749, section 6)."""
    asked = request.scope
    if asked is not None and not set(asked) <= set(authorization.scope):
        raise OAuthError("invalid_scope", "scope is wider than what was granted")
    return asked


def _take(services: Services, tx: Transaction, token: RefreshToken) -> bool:
    """True for the first use, and for one repetition within the grace when the answer was lost."""
    now = services.clock()
    if token.used_at is None:
        tx.tokens.use_refresh(token.token_hash, now, _UsedJustNow())
        return True
    if now - token.used_at > services.lifetimes.refresh_grace:
        return False
    return tx.tokens.replace_lost(token)
