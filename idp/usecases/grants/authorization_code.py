"""The authorization_code grant (RFC 6749, section 4.1.3; PKCE, RFC 7636)."""

from __future__ import annotations

from typing import Any

from idp.domain import pkce
from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, AuthorizationCode, Client
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.grants.request import TokenRequest, client_for, confirmation, issue
from idp.usecases.issue_tokens import response
from idp.usecases.services import Services


def authorization_code(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response. Everything is committed before it is returned.

    Raises OAuthError: ``invalid_client``, ``unauthorized_client``, ``invalid_grant``. A replayed code
    revokes what came from it (RFC 6749, section 4.1.2).
    """
    code_hash, redirect_uri = hash_secret(request.required("code")), request.required("redirect_uri")
    try:
        return _exchange(services, request, code_hash, redirect_uri)
    except _UsedJustNow:
        with services.store.begin() as tx:
            _revoke_replayed(services, tx, code_hash, request.offered.client_id)
        raise OAuthError("invalid_grant", "the code was used before") from None


class _UsedJustNow(Exception):
    """By another request, after this one had read the code."""


def _exchange(services: Services, request: TokenRequest, code_hash: str, redirect_uri: str) -> dict[str, Any]:
    now = services.clock()
    verifier = request.params.get("code_verifier", "")  # none at all does not fit either: invalid_grant
    problem: str | None = None
    with services.store.begin() as tx:
        tx.ahead(client=request.offered.client_id, code=code_hash)
        client = client_for(services, tx, request, "authorization_code")
        # Before the code is used up: a client that lacks only the nonce comes back with the same code.
        cnf = confirmation(services, tx, client, request)
        code, used = tx.authorizations.code(code_hash) or (None, True)
        authorization = tx.authorizations.get(code.authorization_id) if code else None
        if code is None or authorization is None or used:
            _revoke_replayed(services, tx, code_hash, client.client_id)
        else:
            tx.authorizations.use_code(code_hash, now, _UsedJustNow())
            problem = _problem(code, authorization, client, redirect_uri, verifier, now)
            if code.dpop_jkt not in (None, (cnf or {}).get("jkt")):
                problem = "the code is bound to another key"  # RFC 9449, section 10
            if problem is None:
                issued = issue(services, tx, request, client, authorization, cnf)
    # A refused code stays used: whoever holds it must not try again.
    if authorization is None or used:
        raise OAuthError("invalid_grant", "the code is unknown or was used before")
    if problem is not None:
        raise OAuthError("invalid_grant", problem)
    return response(services, client, authorization, issued)


def _revoke_replayed(services: Services, tx: Transaction, code_hash: str, client_id: str) -> None:
    code, used = tx.authorizations.code(code_hash) or (None, False)
    now = services.clock()
    if code is not None and used and tx.authorizations.revoke(code.authorization_id, now):
        tx.audit.write("code.replayed", now, client_id=client_id)


def _problem(
    code: AuthorizationCode,
    authorization: Authorization,
    client: Client,
    redirect_uri: str,
    verifier: str,
    now: int,
) -> str | None:
    if authorization.client_id != client.client_id:
        return "the code belongs to another client"
    if authorization.revoked_at is not None or code.expires_at <= now:
        return "the code is over"
    if code.redirect_uri != redirect_uri:
        return "redirect_uri is not the one of the authorization request"
    if not pkce.verify(verifier, code.code_challenge):
        return "code_verifier does not fit"
    return None
