"""Token introspection (RFC 7662), on request as a signed JWT (RFC 9701)."""

from __future__ import annotations

from typing import Any

from idp.domain import tokens
from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, Client, RefreshToken
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.access_tokens import LiveToken, live, token_id
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.encrypt import encrypt
from idp.usecases.issue_tokens import subject_of
from idp.usecases.services import Services

_INACTIVE: dict[str, Any] = {"active": False}


def introspect(
    services: Services, offered: ClientCredentials, text: str, *, signed: bool
) -> dict[str, Any] | str:
    """What the asking client may know of the token; a JWT where ``signed``, and always for clients of

    FAPI 2.0 Message Signing (section 5.5.1).

    Only a token issued to it, or meant for one of its resources; ``active: false`` for every other, so
    that nobody can probe (section 4). Raises OAuthError("invalid_client").
    """
    prepare_credentials(services, offered)
    identifier = token_id(services, text)
    # An assertion's jti is written down; every other way to authenticate only reads.
    with services.store.begin() if offered.assertion else services.store.read() as tx:
        tx.ahead(services.clock(), client=offered.client_id, known_token=identifier)
        client = authenticate_client(services, tx, offered)
        if client.auth_method == "none":
            raise OAuthError("invalid_client", "only for clients that can prove themselves", status=401)
        answer = _access(services, tx, client, identifier) or _refresh(services, tx, client, text)
    return (
        _jwt(services, client, answer or _INACTIVE)
        if signed or client.message_signing
        else answer or _INACTIVE
    )


def _access(
    services: Services, tx: Transaction, client: Client, identifier: str | None
) -> dict[str, Any] | None:
    found = live(services, tx, identifier)
    if found is None:
        return None
    if found.client_id != client.client_id and not set(found.token.audience) & set(client.resources):
        return None
    holder = client if found.client_id == client.client_id else tx.clients.get(found.client_id)
    return _describe(services, found, holder) if holder else None


def _describe(services: Services, found: LiveToken, holder: Client) -> dict[str, Any]:
    """Section 2.2; ``cnf`` of RFC 8705 and RFC 9449, ``act`` of RFC 8693, ``acr`` of RFC 9470;
    RFC 9396, section 9.2."""
    token, authorization = found.token, found.authorization
    answer: dict[str, Any] = {
        "active": True,
        "iss": services.issuer,
        "sub": subject_of(services, holder, authorization),
        "aud": token.audience[0] if len(token.audience) == 1 else list(token.audience),
        "client_id": holder.client_id,
        "scope": " ".join(token.scope),
        "token_type": "DPoP" if "jkt" in (token.cnf or {}) else "Bearer",
        "jti": token.token_id,
        "iat": token.issued_at,
        "exp": token.expires_at,
    }
    if authorization.account_id is not None:
        answer |= {"auth_time": authorization.auth_time, "acr": authorization.acr}
    if details := tokens.details_of(authorization, token):
        answer["authorization_details"] = list(details)
    if token.cnf:
        answer["cnf"] = token.cnf
    if token.act:
        answer["act"] = token.act
    return answer


def _refresh(services: Services, tx: Transaction, client: Client, text: str) -> dict[str, Any] | None:
    found = tx.tokens.refresh(hash_secret(text))
    if found is None or found[1].client_id != client.client_id:
        return None
    token, authorization = found
    if not _usable(token, authorization, services.clock()):
        return None
    return {
        "active": True,
        "iss": services.issuer,
        "sub": subject_of(services, client, authorization),
        "client_id": client.client_id,
        "scope": " ".join(authorization.scope),
        "iat": token.issued_at,
        "exp": token.expires_at,
    }


def _usable(token: RefreshToken, authorization: Authorization, now: int) -> bool:
    return token.used_at is None and token.expires_at > now and authorization.revoked_at is None


def _jwt(services: Services, client: Client, answer: dict[str, Any]) -> str:
    """RFC 9701, section 5; encrypted where the client registered for it (section 6)."""
    claims = {
        "iss": services.issuer,
        "aud": client.client_id,
        "iat": services.clock(),
        "token_introspection": answer,
    }
    signing = client.introspection_signed_response_alg or "ES256"
    token = services.signer.sign(claims, alg=signing, typ="token-introspection+jwt")
    alg, enc = client.introspection_encrypted_response_alg, client.introspection_encrypted_response_enc
    return encrypt(services, client, token, alg=alg, enc=enc, nested=True) if alg else token
