"""DPoP proofs: a key signs each request (RFC 9449). Pure: single use and nonces are the caller's."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

import jwt

from idp.domain.clock_skew import LEEWAY
from idp.domain.errors import OAuthError
from idp.domain.key_length import check_length

# Asymmetric only (section 4.3, check 5), each with the one kind of key that it goes with; none but those of
# FAPI 2.0 Security Profile, section 5.4.1, as a resource does not know what the client is held to.
_KEYS = {
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
    "PS256": ("RSA", None),
}
ALGORITHMS = tuple(_KEYS)
MAX_AGE = 60  # seconds that a proof is good for
_THUMBPRINT = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_JKT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Proof:
    """``jkt``: the key's SHA-256 thumbprint. ``expires_at``: until then ``jti`` must stay known."""

    jkt: str
    jti: str
    nonce: str | None
    expires_at: int


def is_thumbprint(text: str) -> bool:
    return _JKT.fullmatch(text) is not None


def thumbprint(jwk: dict[str, Any]) -> str:
    """JWK SHA-256 thumbprint (RFC 7638). Raises KeyError for an incomplete key."""
    members = {name: jwk[name] for name in _THUMBPRINT[jwk["kty"]]}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def check_proof(text: str, *, method: str, url: str, now: int, access_token: str | None = None) -> Proof:
    """The checks of section 4.3 but the nonce and the single use.

    ``url`` is the endpoint's public address; ``access_token`` where one comes along, then ``ath`` must fit.
    Raises OAuthError("invalid_dpop_proof").
    """
    jwk, claims = _open(text)
    jti, issued_at, nonce = claims.get("jti"), claims.get("iat"), claims.get("nonce")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 256:
        raise _invalid("jti is missing or too long")
    if claims.get("htm") != method:
        raise _invalid("htm is not this request's method")
    if not isinstance(claims.get("htu"), str) or _address(claims["htu"]) != _address(url):
        raise _invalid("htu is not this endpoint")
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
        raise _invalid("iat is missing")
    if not now - MAX_AGE <= issued_at <= now + LEEWAY:
        raise _invalid("iat is too old or in the future")
    if not _in_time(claims, now):
        raise _invalid("exp is over or nbf not yet reached")
    if access_token is not None and not _fits(claims.get("ath"), access_token):
        raise _invalid("ath is not the access token's hash")
    if nonce is not None and not isinstance(nonce, str):
        raise _invalid("nonce is not a string")
    return Proof(thumbprint(jwk), jti, nonce, int(issued_at) + MAX_AGE + LEEWAY)


def _open(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(key, claims) of a proof whose signature is right."""
    try:
        header = jwt.get_unverified_header(text)
        jwk, alg = header.get("jwk"), header.get("alg")
        if header.get("typ") != "dpop+jwt":
            raise _invalid("typ must be dpop+jwt")
        if not isinstance(alg, str) or alg not in _KEYS:
            raise _invalid("alg is not allowed")
        if not isinstance(jwk, dict) or _PRIVATE & jwk.keys():
            raise _invalid("jwk must be a public key")
        kind, curve = _KEYS[alg]
        if jwk.get("kty") != kind or (curve and jwk.get("crv") != curve):
            raise _invalid("jwk does not go with alg")
        options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        key = jwt.PyJWK(jwk, algorithm=alg)
        check_length(key)
        claims: dict[str, Any] = jwt.decode(text, key, algorithms=[alg], options=options)  # type: ignore[arg-type]
        thumbprint(jwk)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
        raise _invalid("the proof is malformed or its signature is wrong") from None
    return jwk, claims


def _in_time(claims: dict[str, Any], now: int) -> bool:
    """``exp`` and ``nbf`` need not be there; where they are, they count (RFC 7519, section 4.1)."""
    start, end = claims.get("nbf", now), claims.get("exp", now)
    numbers = isinstance(start, int | float) and isinstance(end, int | float)
    return numbers and start <= now + LEEWAY and end >= now - LEEWAY


def _address(url: str) -> tuple[str, str, int | None, str] | None:
    """Scheme, host, port and path: query and fragment do not count (section 4.3, check 9)."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, parts.hostname or "", port, parts.path or "/"


def _fits(ath: object, access_token: str) -> bool:
    expected = _base64url(hashlib.sha256(access_token.encode()).digest())
    return isinstance(ath, str) and compare_digest(ath.encode(), expected.encode())


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_dpop_proof", description)
