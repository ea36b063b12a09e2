"""Request objects (RFC 9101; OpenID Connect Core, section 6), by value and by reference.

Only the parameters inside the object count (RFC 9101, section 6.3); ``client_id`` outside must be the same.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import urldefrag

import jwt

from idp.domain import strict_json
from idp.domain.clock_skew import LEEWAY
from idp.domain.errors import InvalidRequestObject, OAuthError
from idp.domain.fapi2 import signed_request
from idp.domain.models import Client
from idp.ports import WouldBlock
from idp.usecases.client_jwt import check_type
from idp.usecases.client_keys import client_key
from idp.usecases.services import Services

_NOT_PARAMETERS = ("iss", "aud", "exp", "nbf", "iat", "jti", "sub")


def fetch(services: Services, client: Client, request_uri: str) -> str:
    """The object at a registered address (section 5.2). Raises OAuthError("invalid_request_uri")."""
    if request_uri not in client.request_uris:
        raise OAuthError("invalid_request_uri", "request_uri is not registered")
    if services.on_loop:
        raise WouldBlock
    address, _ = urldefrag(request_uri)  # the fragment tells caches of a change (Core, 6.2); we keep none
    if services.issuer.startswith("https:") and not address.startswith("https:"):
        raise OAuthError("invalid_request_uri", "request_uri must be https")
    try:
        body = services.fetcher.fetch(address, accept="application/oauth-authz-req+jwt, application/jwt")
        text = body.decode("ascii").strip()
    except ValueError:
        raise OAuthError("invalid_request_uri", "request_uri does not answer with a request object") from None
    return text


def read(services: Services, client: Client, token: str) -> dict[str, str]:
    """The authorization parameters in the object. Raises InvalidRequestObject."""
    try:
        claims = _verified(services, client, token)
        strict_json.check(claims)
        if claims.get("client_id", client.client_id) != client.client_id:
            raise ValueError("it is another client's")
        params = parameters(claims)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidRequestObject(f"the request object: {_reason(error)}", _wished_mode(token)) from None
    return params | {"client_id": client.client_id}


def parameters(claims: dict[str, Any]) -> dict[str, str]:
    """The request's parameters among the claims. Raises ValueError."""
    if "request" in claims or "request_uri" in claims:
        raise ValueError("it holds another one")
    params = {name: _text(v) for name, v in claims.items() if name not in _NOT_PARAMETERS}
    if not all(_is_text(value) for pair in params.items() for value in pair):
        raise ValueError("a parameter holds no text")
    return {name: value for name, value in params.items() if value}


def _wished_mode(token: str) -> str | None:
    """``response_mode`` of a refused object: a refusal goes back the way the client can read it."""
    try:
        mode = jwt.decode(token, options={"verify_signature": False}).get("response_mode")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return mode if isinstance(mode, str) else None


def _verified(services: Services, client: Client, token: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    alg = header.get("alg")
    if client.request_object_signing_alg is not None and alg != client.request_object_signing_alg:
        raise ValueError("another algorithm is registered")
    check_type(header)
    if alg == "none":
        return _unsigned(client, token)
    claims: dict[str, Any] = jwt.decode(
        token,
        client_key(services, client, header),
        algorithms=[str(alg)],
        audience=services.issuer,
        issuer=client.client_id,
        leeway=LEEWAY,
        options={"verify_aud": _has(token, "aud"), "verify_iss": _has(token, "iss")},
    )
    if client.message_signing:
        signed_request.check(claims, issuer=services.issuer, now=services.clock())
    return claims


def _unsigned(client: Client, token: str) -> dict[str, Any]:
    """``none`` only where it was registered, and never where signatures are required."""
    if client.request_object_signing_alg != "none" or must_be_signed(client) or not token.endswith("."):
        raise ValueError("it is not signed")
    part = token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(claims, dict):
        raise ValueError("not a JSON object")
    return claims


def must_be_signed(client: Client) -> bool:
    return client.require_signed_request_object


def _has(token: str, name: str) -> bool:
    return name in jwt.decode(token, options={"verify_signature": False})


def _text(value: Any) -> str:
    """Parameters are strings; structured ones (claims, authorization_details) stand as JSON inside."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _is_text(value: str) -> bool:
    """JSON can hold NUL and half characters (lone surrogates); parameters cannot."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _reason(error: Exception) -> str:
    if isinstance(error, jwt.PyJWTError | json.JSONDecodeError | UnicodeDecodeError):
        return type(error).__name__
    return str(error)
