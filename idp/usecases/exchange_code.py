"""The authorization_code grant at the token endpoint (RFC 6749, section 4.1.3)."""

from __future__ import annotations

from typing import Any

from idp.domain import pkce, tokens
from idp.domain.claims import pairwise_subject
from idp.domain.errors import OAuthError
from idp.domain.models import AuthorizationCode, Client
from idp.tokens import hash_secret, new_id
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client
from idp.usecases.services import Services


def exchange_code(
    services: Services, offered: ClientCredentials, *, code: str, redirect_uri: str, verifier: str
) -> dict[str, Any]:
    """The token response. Everything is committed before it is returned.

    Raises OAuthError: ``invalid_client``, ``invalid_grant``. A replayed code revokes what came from it
    (RFC 6749, section 4.1.2).
    """
    now = services.clock()
    code_hash = hash_secret(code)
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
        found = tx.codes.redeem(code_hash, now)
        if found is None:
            revoked = tx.codes.revoke_tokens_of(code_hash, now)
            if revoked:
                tx.audit.write("code.replayed", now, client_id=client.client_id, tokens_revoked=revoked)
        else:
            problem = _problem(found, client, redirect_uri, verifier, now)
            if problem is None:
                jti = new_id()
                tx.codes.add_access_token(jti, found, now + services.lifetimes.access_token)
    # A refused code stays used: whoever holds it must not try again.
    if found is None:
        raise OAuthError("invalid_grant", "the code is unknown or was used before")
    if problem is not None:
        raise OAuthError("invalid_grant", problem)
    return _response(services, client, found, jti, now)


def _problem(
    code: AuthorizationCode, client: Client, redirect_uri: str, verifier: str, now: int
) -> str | None:
    if code.client_id != client.client_id:
        return "the code belongs to another client"
    if code.expires_at <= now:
        return "the code is over"
    if code.redirect_uri != redirect_uri:
        return "redirect_uri is not the one of the authorization request"
    if not pkce.verify(verifier, code.code_challenge):
        return "code_verifier does not fit"
    return None


def _response(
    services: Services, client: Client, code: AuthorizationCode, jti: str, now: int
) -> dict[str, Any]:
    subject = pairwise_subject(services.subject_salt, client, code.account_id)
    lifetimes = services.lifetimes
    access = tokens.access_token_claims(
        code, issuer=services.issuer, subject=subject, jti=jti, now=now, lifetime=lifetimes.access_token
    )
    access_token = services.signer.sign(access, alg="ES256", typ="at+jwt")
    identity = tokens.id_token_claims(
        code,
        issuer=services.issuer,
        subject=subject,
        access_token=access_token,
        now=now,
        lifetime=lifetimes.id_token,
    )
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": lifetimes.access_token,
        "scope": " ".join(code.scope),
        "id_token": services.signer.sign(identity, alg=client.id_token_signed_response_alg),
    }
