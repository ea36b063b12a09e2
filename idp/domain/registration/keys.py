"""The client's keys: by value or by address, public halves only (RFC 7591, section 2)."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_TYPES = ("RSA", "EC", "OKP")
_MOST = 20


def check(client: Client, offered: Offered) -> None:
    if client.jwks is not None and client.jwks_uri is not None:
        raise IdpError("invalid_client_metadata", "jwks and jwks_uri exclude each other")
    if client.jwks is None:
        return
    keys = client.jwks.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= _MOST:
        raise IdpError("invalid_client_metadata", f"jwks holds between 1 and {_MOST} keys")
    for key in keys:
        _check_key(key)
    kids = [key["kid"] for key in keys if "kid" in key]
    if len(kids) != len(set(kids)):
        raise IdpError("invalid_client_metadata", "a kid stands for two keys")


def _check_key(key: Any) -> None:
    if not isinstance(key, dict) or key.get("kty") not in _TYPES:
        raise IdpError("invalid_client_metadata", "jwks holds something that is no public JWK")
    if _PRIVATE & key.keys():
        raise IdpError("invalid_client_metadata", "jwks must hold public keys only")
