"""Client authentication at the token endpoint (OpenID Connect Core, section 9; RFC 7523)."""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest

import jwt

from idp.domain.certificates import Certificate
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.services import Services

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ["ES256", "ES384", "PS256", "RS256", "EdDSA"]
METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
_MAX_LIFETIME = 600  # seconds that an assertion may be good for


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the request offered: exactly one method, already told apart by the web layer."""

    method: str
    client_id: str
    secret: str = ""
    assertion: str = ""
    certificate: Certificate | None = None


def authenticate_client(services: Services, tx: Transaction, offered: ClientCredentials) -> Client:
    """The client, proven by its registered method only. Raises OAuthError("invalid_client")."""
    client = tx.clients.get(offered.client_id)
    if client is None or client.auth_method != offered.method:
        raise _invalid("unknown client or another authentication method is registered")
    if offered.method in ("client_secret_basic", "client_secret_post"):
        if not compare_digest(hash_secret(offered.secret), client.secret_hash or ""):
            raise _invalid("wrong secret")
    elif offered.method == "private_key_jwt":
        _check_assertion(services, tx, client, offered.assertion)
    return client


def unverified_issuer(assertion: str) -> str:
    """``iss`` of an assertion whose signature is not checked yet."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise _invalid("client_assertion is not a JWT") from None
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise _invalid("client_assertion has no iss")
    return issuer


def _check_assertion(services: Services, tx: Transaction, client: Client, assertion: str) -> None:
    """RFC 7523, section 3: iss and sub are the client, aud is us, short-lived, used once."""
    try:
        key = _key(client, jwt.get_unverified_header(assertion))
        claims = jwt.decode(
            assertion,
            key,
            algorithms=ASSERTION_ALGORITHMS,
            audience=[services.issuer, f"{services.issuer}/token", f"{services.issuer}/par"],
            issuer=client.client_id,
            leeway=30,
            options={"require": ["exp", "iss", "sub", "aud", "jti"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise _invalid(f"client_assertion: {type(error).__name__}") from None
    if claims["sub"] != client.client_id or claims["exp"] > services.clock() + _MAX_LIFETIME:
        raise _invalid("client_assertion: wrong sub, or good for too long")
    key_of_jti = f"jti:{client.client_id}:{hash_secret(str(claims['jti']))[:40]}"
    if not tx.challenges.claim(key_of_jti, claims["exp"]):
        raise _invalid("client_assertion was used before")


def _key(client: Client, header: dict[str, object]) -> jwt.PyJWK:
    keys = (client.jwks or {}).get("keys", [])
    kid = header.get("kid")
    fitting = [key for key in keys if kid is None or key.get("kid") == kid]
    if len(fitting) != 1:
        raise ValueError("no key, or more than one, fits")
    return jwt.PyJWK(fitting[0], algorithm=str(header.get("alg")))


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
