"""Software statements (RFC 7591, section 2.3): metadata that somebody we trust has signed."""

from __future__ import annotations

from typing import Any

import jwt

from idp.domain import strict_json
from idp.domain.errors import IdpError
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.services import Services

_NOT_METADATA = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "software_statement"})


def statement_claims(services: Services, statement: Any) -> dict[str, Any]:
    """The metadata of a statement; nothing where there is none.

    Raises IdpError: ``invalid_software_statement``, ``unapproved_software_statement``.
    """
    if statement is None:
        return {}
    try:
        header = jwt.get_unverified_header(statement)
        issuer = jwt.decode(statement, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, TypeError, ValueError, RecursionError):
        raise IdpError("invalid_software_statement", "not a JWT with an issuer") from None
    address = services.registration.statement_issuers.get(str(issuer))
    if address is None:
        raise IdpError("unapproved_software_statement", "its issuer is not one of ours")
    try:
        claims = strict_json.check(_verified(services, statement, header, address))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise IdpError("invalid_software_statement", type(error).__name__) from None
    return _metadata(claims)


def kept_claims(statement: str) -> dict[str, Any]:
    """The metadata of a statement that was verified when it came, even if it has expired since."""
    return _metadata(jwt.decode(statement, options={"verify_signature": False}))


def _metadata(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in _NOT_METADATA}


def _verified(services: Services, statement: str, header: dict[str, Any], address: str) -> dict[str, Any]:
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in ALGORITHMS:
        raise ValueError("that algorithm is not accepted")
    fitting = [k for k in services.key_sets.keys(address, kid) if kid is None or k.get("kid") == kid]
    if len(fitting) != 1:
        raise ValueError("no key, or more than one, fits")
    claims: dict[str, Any] = jwt.decode(
        statement, jwt.PyJWK(fitting[0], algorithm=alg), algorithms=[alg], options={"verify_aud": False}
    )
    return claims
