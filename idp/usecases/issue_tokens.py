"""From an authorization to tokens: the records inside the transaction, the signatures after it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from idp.domain import tokens
from idp.domain.claims import pairwise_subject
from idp.domain.details.request import Details
from idp.domain.models import AccessToken, Authorization, Client, RefreshToken
from idp.domain.requested import requested_claims
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.encrypt import encrypt
from idp.usecases.services import Services

OPAQUE_PREFIX = "mct_"


@dataclass(frozen=True, slots=True)
class Issued:
    """What was written and now only has to be put into words.

    ``opaque`` is the access token itself where it is no JWT, ``refresh`` the refresh token.
    ``identity`` holds the claims that the ID token was asked for by name.
    """

    access: AccessToken
    opaque: str | None = None
    refresh: str | None = None
    identity: dict[str, Any] = field(default_factory=dict)


def may_refresh(client: Client, authorization: Authorization) -> bool:
    """offline_access was granted to a client registered for the grant (OpenID Connect Core, section 11)."""
    return "offline_access" in authorization.scope and "refresh_token" in client.grant_types


def prepare(
    services: Services,
    tx: Transaction,
    client: Client,
    authorization: Authorization,
    *,
    scope: tuple[str, ...] | None = None,
    audience: tuple[str, ...] = (),
    cnf: dict[str, Any] | None = None,
    act: dict[str, Any] | None = None,
    expires_by: int | None = None,
    refresh: bool = False,
    details: Details | None = None,
) -> Issued:
    """Writes the records of the new tokens.

    ``scope`` and ``details`` None: the whole authorization's; ``audience`` empty: the provider itself, for
    userinfo.
    """
    now = services.clock()
    expires_at = now + services.lifetimes.access_token
    opaque = new_secret("t") if client.access_token_format == "opaque" else None
    access = AccessToken(
        token_id=hash_secret(opaque) if opaque else new_id(),
        authorization_id=authorization.authorization_id,
        scope=authorization.scope if scope is None else scope,
        audience=audience or (services.issuer,),
        issued_at=now,
        expires_at=min(expires_at, expires_by) if expires_by else expires_at,
        cnf=cnf,
        act=act,
        authorization_details=details,
    )
    tx.tokens.add_access(access)
    successor = add_refresh(services, tx, client, authorization, cnf) if refresh else None
    return Issued(access, opaque, successor, _identity(services, tx, authorization))


def _identity(services: Services, tx: Transaction, authorization: Authorization) -> dict[str, Any]:
    """What the ``id_token`` member of the claims parameter asks for (Core, section 5.5)."""
    if not authorization.claims.get("id_token") or authorization.account_id is None:
        return {}
    account = tx.accounts.get(authorization.account_id)
    if account is None:
        return {}
    issuer, now = services.issuer, services.clock()
    return requested_claims(account, authorization, "id_token", issuer=issuer, now=now)


def add_refresh(
    services: Services,
    tx: Transaction,
    client: Client,
    authorization: Authorization,
    cnf: dict[str, Any] | None,
) -> str:
    """A new refresh token. A public client's is bound to the key of its proof (RFC 9449, section 5;
    RFC 8705, section 4); any other client proves itself at every use."""
    now, lifetimes = services.clock(), services.lifetimes
    text = new_secret("r")
    last = authorization.created_at + lifetimes.refresh_absolute
    bound = cnf if client.auth_method == "none" else None
    expires_at = min(now + lifetimes.refresh_idle, last)
    token = RefreshToken(hash_secret(text), authorization.authorization_id, now, expires_at, bound)
    tx.tokens.add_refresh(token)
    return text


def subject_of(services: Services, client: Client, authorization: Authorization) -> str:
    """``sub`` as this client knows it; a client acting for itself is its own subject (RFC 9068, 2.2)."""
    if authorization.account_id is None:
        return authorization.client_id
    return pairwise_subject(services.subject_salt, client, authorization.account_id)


def response(
    services: Services,
    client: Client,
    authorization: Authorization,
    issued: Issued,
    *,
    refreshed: bool = False,
) -> dict[str, Any]:
    """The token response (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3).

    A refreshed ID token has no nonce (OpenID Connect Core, section 12.2).
    """
    access = issued.access
    subject = subject_of(services, client, authorization)
    if issued.opaque is None:
        claims = tokens.access_token_claims(authorization, access, issuer=services.issuer, subject=subject)
        alg = client.access_token_signing_alg
        access_token = services.signer.sign(claims, alg=alg, typ="at+jwt")
    else:
        access_token = issued.opaque
    answer: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "DPoP" if "jkt" in (access.cnf or {}) else "Bearer",
        "expires_in": access.expires_at - access.issued_at,
        "scope": " ".join(access.scope),
    }
    if details := tokens.details_of(authorization, access):
        answer["authorization_details"] = list(details)  # RFC 9396, section 7
    if issued.refresh is not None:
        answer["refresh_token"] = issued.refresh
    if "openid" in access.scope and authorization.account_id and access.act is None:
        identity = tokens.id_token_claims(
            replace(authorization, nonce=None) if refreshed else authorization,
            issuer=services.issuer,
            subject=subject,
            access_token=access_token,
            now=access.issued_at,
            lifetime=services.lifetimes.id_token,
            alg=client.id_token_signed_response_alg,
        )
        identity = issued.identity | identity
        answer["id_token"] = _id_token(services, client, identity)
    return answer


def _id_token(services: Services, client: Client, claims: dict[str, Any]) -> str:
    """Signed, then encrypted where the client asked for it (OpenID Connect Core, section 10.2)."""
    signed = services.signer.sign(claims, alg=client.id_token_signed_response_alg)
    alg, enc = client.id_token_encrypted_response_alg, client.id_token_encrypted_response_enc
    return encrypt(services, client, signed, alg=alg, enc=enc, nested=True) if alg else signed
