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
    now = services.clock()
    code, redirect_uri = request.required("code"), request.required("redirect_uri")
    verifier = request.params.get("code_verifier", "")  # none at all does not fit either: invalid_grant
    problem: str | None = None
    with services.store.begin() as tx:
        client = client_for(services, tx, request, "authorization_code")
        # Before the code is used up: a client that lacks only the nonce comes back with the same code.
        cnf = confirmation(services, tx, client, request)
        found = tx.authorizations.redeem(hash_secret(code), now)
        authorization = tx.authorizations.get(found.authorization_id) if found else None
        if found is None or authorization is None:
            _revoke_replayed(tx, code, client, now)
        else:
            problem = _problem(found, authorization, client, redirect_uri, verifier, now)
            if found.dpop_jkt not in (None, (cnf or {}).get("jkt")):
                problem = "the code is bound to another key"  # RFC 9449, section 10
            if problem is None:
                issued = issue(services, tx, request, client, authorization, cnf)
    # A refused code stays used: whoever holds it must not try again.
    if found is None or authorization is None:
        raise OAuthError("invalid_grant", "the code is unknown or was used before")
    if problem is not None:
        raise OAuthError("invalid_grant", problem)
    return response(services, client, authorization, issued)


def _revoke_replayed(tx: Transaction, code: str, client: Client, now: int) -> None:
    authorization_id = tx.authorizations.of_used_code(hash_secret(code))
    if authorization_id and tx.authorizations.revoke(authorization_id, now):
        tx.audit.write("code.replayed", now, client_id=client.client_id)


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
