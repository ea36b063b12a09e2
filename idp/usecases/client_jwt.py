"""A JWT that a client signed for us with a key of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import jwt

from idp.domain import strict_json
from idp.domain.clock_skew import LEEWAY
from idp.domain.models import Client
from idp.usecases.client_keys import client_key
from idp.usecases.services import Services

_TYPES = ("jwt", "oauth-authz-req+jwt")


def check_type(header: dict[str, Any], types: Collection[str] = _TYPES) -> None:
    """Never a token of another use (RFC 9101, section 10.8). Media types know no upper case and may lack
    ``application/`` (RFC 7515, section 4.1.9). Raises ValueError."""
    typ = header.get("typ", "jwt")
    if not isinstance(typ, str) or typ.lower().removeprefix("application/") not in types:
        raise ValueError("another kind of token")


def read_client_jwt(
    services: Services, client: Client, token: str, *, algorithms: Collection[str], require: Collection[str]
) -> dict[str, Any]:
    """The claims: iss is the client, aud is us, now is its time. May ask the client's server for keys.

    Raises ValueError, its cause ``jwt.ExpiredSignatureError`` for one that is over.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in algorithms:
            raise ValueError("another algorithm is registered")
        check_type(header)
        claims: dict[str, Any] = jwt.decode(
            token,
            client_key(services, client, header),
            algorithms=[str(header["alg"])],
            audience=services.issuer,
            issuer=client.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "exp", *require]},
        )
    except jwt.PyJWTError as error:
        raise ValueError(type(error).__name__) from error
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError("malformed") from error
    strict_json.check(claims)
    return claims
