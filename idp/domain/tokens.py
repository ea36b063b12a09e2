"""Claim sets of the ID token and the access token; signing is the signer's business."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from idp.domain.details.request import Details
from idp.domain.models import AccessToken, Authorization


def at_hash(access_token: str, alg: str = "ES256") -> str:
    """Left half of the token's hash, by the ID token's ``alg`` (OpenID Connect Core, section 3.1.3.6).

    Ed25519 hashes with SHA-512 (RFC 8032, section 5.1), every other algorithm offered here with SHA-256.
    """
    name = "sha512" if alg == "EdDSA" else "sha256"
    digest = hashlib.new(name, access_token.encode("ascii")).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def id_token_claims(
    authorization: Authorization,
    *,
    issuer: str,
    subject: str,
    access_token: str,
    now: int,
    lifetime: int,
    alg: str,
) -> dict[str, Any]:
    """OpenID Connect Core, section 2; ``sid`` of Back-Channel Logout 1.0, section 2.1."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": authorization.client_id,
        "iat": now,
        "exp": now + lifetime,
        "auth_time": authorization.auth_time,
        "acr": authorization.acr,
        "amr": list(authorization.amr),
        "at_hash": at_hash(access_token, alg),
    }
    if authorization.sid is not None:
        claims["sid"] = authorization.sid
    if authorization.nonce is not None:
        claims["nonce"] = authorization.nonce
    return claims


def details_of(authorization: Authorization, token: AccessToken) -> Details:
    """The ``authorization_details`` that a token carries (RFC 9396, section 6)."""
    own = token.authorization_details
    return authorization.authorization_details if own is None else own


def access_token_claims(
    authorization: Authorization, token: AccessToken, *, issuer: str, subject: str
) -> dict[str, Any]:
    """RFC 9068, section 2.2; ``cnf`` of RFC 7800, ``act`` of RFC 8693, RFC 9396, section 9.1."""
    audience = list(token.audience)
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": audience[0] if len(audience) == 1 else audience,
        "client_id": (token.act or {}).get("client_id", authorization.client_id),
        "scope": " ".join(token.scope),
        "jti": token.token_id,
        "iat": token.issued_at,
        "exp": token.expires_at,
    }
    if authorization.account_id is not None:
        claims |= {"auth_time": authorization.auth_time, "acr": authorization.acr}
    if details := details_of(authorization, token):
        claims["authorization_details"] = list(details)
    if token.cnf:
        claims["cnf"] = token.cnf
    if token.act:
        claims["act"] = token.act
    return claims
