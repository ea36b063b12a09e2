"""JWTs that a client signs to prove itself (RFC 7523, section 3; OpenID Connect Core, section 9)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import jwt

from idp.domain.clock_skew import LEEWAY
from idp.domain.errors import OAuthError
from idp.domain.fapi2 import assertion_audience
from idp.domain.models import Client
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.client_jwt import check_type
from idp.usecases.client_keys import ALGORITHMS, client_key, not_on_loop
from idp.usecases.services import Services

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRET_ALGORITHMS = ("HS256",)
ASSERTION_ALGORITHMS = [*ALGORITHMS, *SECRET_ALGORITHMS]
_ENDPOINTS = ("", "/token", "/par", "/introspect", "/revoke", "/device_authorization", "/bc-authorize")
_TYPES = ("jwt", "client-authentication+jwt")
_MAX_LIFETIME = 600  # seconds that an assertion may be good for


def unverified_issuer(assertion: str) -> str:
    """``iss`` of an assertion whose signature is not checked yet."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        raise _invalid("the assertion is not a JWT") from None
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise _invalid("the assertion has no iss")
    return issuer


def fetch_keys(services: Services, client_id: str, assertion: str) -> None:
    """Brings a client's published keys into the cache, where there are any: asking another server takes
    time, and no transaction may wait for it. Raises OAuthError("invalid_client")."""
    with services.store.read() as tx:
        client = tx.clients.get(client_id)
    if client is None or client.jwks_uri is None:
        return
    not_on_loop(services, client)
    try:
        client_key(services, client, jwt.get_unverified_header(assertion))
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _invalid("assertion: no published key of the client fits") from None


def check_assertion(services: Services, tx: Transaction, client: Client, assertion: str) -> dict[str, Any]:
    """The claims: iss and sub are the client, aud is us, short-lived, used once.

    Raises OAuthError("invalid_client").
    """
    try:
        header = jwt.get_unverified_header(assertion)
        check_type(header, _TYPES)
        key, algorithms = _key(services, client, header)
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key,
            algorithms=list(algorithms),
            audience=[services.issuer + path for path in _ENDPOINTS],
            issuer=client.client_id,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "sub", "aud", "jti"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise _invalid(f"assertion: {type(error).__name__}") from None
    if claims["sub"] != client.client_id or claims["exp"] > services.clock() + _MAX_LIFETIME:
        raise _invalid("assertion: wrong sub, or good for too long")
    if not assertion_audience.accepted(client, claims["aud"], services.issuer):
        raise _invalid("assertion: aud must be the issuer, as a string")
    key_of_jti = f"jti:{client.client_id}:{hash_secret(str(claims['jti']))[:40]}"
    if not tx.challenges.claim(key_of_jti, int(claims["exp"]) + LEEWAY):
        raise _invalid("the assertion was used before")
    return claims


def derived_secret(services: Services, seed: str) -> str:
    """The secret of a client_secret_jwt client. A MAC needs the secret itself, so it is computed from the
    installation's key and never stored."""
    digest = hmac.new(services.secret_key, seed.encode(), hashlib.sha256).digest()
    return "mck_" + urlsafe_b64encode(digest).rstrip(b"=").decode()


def _key(services: Services, client: Client, header: dict[str, Any]) -> tuple[Any, Sequence[str]]:
    """The key that must have signed, and the algorithms that go with it."""
    alg = str(header.get("alg"))
    allowed: Sequence[str] = ALGORITHMS
    if client.auth_method == "client_secret_jwt":
        allowed = SECRET_ALGORITHMS
    if client.token_endpoint_auth_signing_alg:
        allowed = [name for name in allowed if name == client.token_endpoint_auth_signing_alg]
    if alg not in allowed:
        raise ValueError("alg is not the one registered")
    if client.auth_method == "client_secret_jwt":
        return derived_secret(services, client.secret_seed or ""), allowed
    return client_key(services, client, header), allowed


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
