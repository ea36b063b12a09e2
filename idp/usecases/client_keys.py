"""The key that a client signs with: registered by value (``jwks``) or by address (``jwks_uri``)."""

from __future__ import annotations

from typing import Any

import jwt

from idp.domain.fapi2 import algorithms
from idp.domain.key_length import check_length
from idp.domain.models import Client
from idp.ports import WouldBlock
from idp.usecases.services import Services

ALGORITHMS = ("ES256", "ES384", "PS256", "RS256", "EdDSA")
_FAMILY = {"ES": "EC", "PS": "RSA", "RS": "RSA", "Ed": "OKP"}


def client_key(services: Services, client: Client, header: dict[str, Any]) -> jwt.PyJWK:
    """The one key that fits a JWT's header (RFC 7515, section 4.1.4). Raises ValueError, also for an
    algorithm or a key that the client may not use."""
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in ALGORITHMS:
        raise ValueError("that algorithm is not offered")
    if not algorithms.allowed(client, alg):
        raise ValueError("the client's profile does not allow the algorithm")
    if kid is not None and not isinstance(kid, str):
        raise ValueError("kid must be a string")
    fitting = [key for key in published_keys(services, client, kid) if _fits(key, alg, kid)]
    if len(fitting) != 1:
        raise ValueError("no key of the client, or more than one, fits")
    try:
        key = jwt.PyJWK(fitting[0], algorithm=alg)
    except (jwt.PyJWTError, TypeError, KeyError) as error:
        raise ValueError("the client's key is not usable") from error
    check_length(key)
    return key


def not_on_loop(services: Services, client: Client) -> None:
    """Before anything is written: a client that publishes its keys may have to be asked for them.

    Raises WouldBlock on the event loop.
    """
    if services.on_loop and client.jwks_uri is not None:
        raise WouldBlock


def published_keys(services: Services, client: Client, kid: str | None) -> list[dict[str, Any]]:
    """Registered by value or by address. Raises ValueError when the address does not answer."""
    not_on_loop(services, client)
    if client.jwks_uri is not None:
        return services.key_sets.keys(client.jwks_uri, kid)
    keys: list[dict[str, Any]] = (client.jwks or {}).get("keys", [])
    return keys


def _fits(key: dict[str, Any], alg: str, kid: str | None) -> bool:
    return (
        (kid is None or key.get("kid") == kid)
        and key.get("kty") == _FAMILY[alg[:2]]
        and key.get("use", "sig") == "sig"
        and key.get("alg", alg) == alg
    )
