"""Claim sets of the ID token and the access token; signing is the signer's business."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from idp.domain.models import AuthorizationCode


def at_hash(access_token: str) -> str:
    """Left half of the SHA-256 of the token (OpenID Connect Core, section 3.1.3.6).

    Every algorithm offered here hashes with SHA-256.
    """
    digest = hashlib.sha256(access_token.encode("ascii")).digest()
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def id_token_claims(
    code: AuthorizationCode, *, issuer: str, subject: str, access_token: str, now: int, lifetime: int
) -> dict[str, Any]:
    """OpenID Connect Core, section 2; ``sid`` of Back-Channel Logout 1.0, section 2.1."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": code.client_id,
        "iat": now,
        "exp": now + lifetime,
        "auth_time": code.auth_time,
        "acr": code.acr,
        "amr": list(code.amr),
        "sid": code.sid,
        "at_hash": at_hash(access_token),
    }
    if code.nonce is not None:
        claims["nonce"] = code.nonce
    return claims


def access_token_claims(
    code: AuthorizationCode, *, issuer: str, subject: str, jti: str, now: int, lifetime: int
) -> dict[str, Any]:
    """RFC 9068, section 2.2. The audience is the provider itself: the userinfo endpoint."""
    return {
        "iss": issuer,
        "sub": subject,
        "aud": issuer,
        "client_id": code.client_id,
        "scope": " ".join(code.scope),
        "jti": jti,
        "iat": now,
        "exp": now + lifetime,
        "auth_time": code.auth_time,
        "acr": code.acr,
    }
