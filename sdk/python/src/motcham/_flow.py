"""Authorization code flow with PKCE as pure functions: what to send, and what to make of the answer.

RFC 6749 section 4.1, RFC 7636, RFC 9207, OpenID Connect Core 1.0 section 3.1. No input or output here,
so that a synchronous and an asynchronous client can share it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from ._metadata import ProviderMetadata
from .errors import CallbackError, IssuerMismatch, ProviderError, ProviderUnavailable, SignInRefused
from .models import acr_of

_ERROR_CODE = re.compile(r"[a-z_]{1,40}\Z")
_TEMPORARY = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Transaction:
    """One sign-in under way in one tab. Times in seconds since 1970.

    level, scope, max_age: what the route that started it asks for.
    """

    state: str
    nonce: str
    verifier: str
    return_to: str
    created: int
    level: int | None = None
    scope: tuple[str, ...] = ()
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request for any HTTP client to send. ``form`` set means POST with that body."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class TokenSet:
    """A token response (RFC 6749, section 5.1). scope: None when the provider granted all that was asked."""

    access_token: str
    id_token: str
    scope: tuple[str, ...] | None


def begin(
    return_to: str,
    now: float,
    *,
    level: int | None = None,
    scope: Iterable[str] = (),
    max_age: int | None = None,
) -> Transaction:
    """A new transaction with 256 bits each of state, nonce and code verifier."""
    return Transaction(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(32),
        return_to=return_to,
        created=int(now),
        level=level,
        scope=tuple(scope),
        max_age=max_age,
    )


def authorization_params(
    client_id: str, redirect_uri: str, scope: Iterable[str], transaction: Transaction
) -> dict[str, str]:
    """The authorization request. ``scope`` is joined with what the transaction asks for."""
    scopes = dict.fromkeys(("openid", *scope, *transaction.scope))
    challenge = hashlib.sha256(transaction.verifier.encode()).digest()
    params = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": transaction.state,
        "nonce": transaction.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if transaction.level is not None:
        params["acr_values"] = acr_of(transaction.level)
    if transaction.max_age is not None:
        params["max_age"] = str(transaction.max_age)
    return params


def authorization_url(metadata: ProviderMetadata, params: Mapping[str, str]) -> str:
    """Where to send the browser."""
    return _with_query(metadata.authorization_endpoint, params)


def pushed_request(
    endpoint: str, client_id: str, client_secret: str | None, params: dict[str, str]
) -> HttpRequest:
    """The authorization request, sent ahead of the browser (RFC 9126, section 2.1)."""
    return _client_request(endpoint, client_id, client_secret, dict(params))


def parse_pushed_response(status: int, body: bytes) -> str:
    """The request_uri; raises ProviderError ``provider_refused``."""
    document = parse_json(body)
    request_uri = document.get("request_uri") if isinstance(document, Mapping) else None
    if status != 201 or not isinstance(request_uri, str):
        raise ProviderError("provider_refused", f"pushed request: HTTP {status}, {_error_name(document)}")
    return request_uri


def read_callback(params: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of the callback; a repeated one is an error (RFC 6749, section 3.1)."""
    answer: dict[str, str] = {}
    for name, value in params:
        if name in answer:
            raise CallbackError("callback_malformed", f"parameter {name[:20]!r} is repeated")
        answer[name] = value
    return answer


def code_from(answer: Mapping[str, str], metadata: ProviderMetadata) -> str:
    """The authorization code of an answer whose ``state`` was matched to a transaction.

    Raises IssuerMismatch, SignInRefused, ProviderError (code ``provider_refused``), CallbackError.
    """
    issuer = answer.get("iss")
    if issuer is None and metadata.iss_parameter:
        raise IssuerMismatch(
            "issuer_missing", "the provider announces iss (RFC 9207) but the answer has none"
        )
    if issuer is not None and issuer != metadata.issuer:
        raise IssuerMismatch("issuer_mismatch", "the answer comes from another provider")
    if "error" in answer:
        raise _refusal(answer["error"])
    code = answer.get("code")
    if not code:
        raise CallbackError("callback_malformed", "neither code nor error in the answer")
    return code


def _refusal(error: str) -> Exception:
    if error == "access_denied":
        return SignInRefused("access_denied", "the citizen did not agree")
    name = error if _ERROR_CODE.match(error) else "unreadable"
    if name in _TEMPORARY:
        return ProviderUnavailable("provider_unavailable", f"the provider answered {name}")
    return ProviderError("provider_refused", f"the provider answered {name}")


def token_request(
    metadata: ProviderMetadata,
    client_id: str,
    client_secret: str | None,
    redirect_uri: str,
    code: str,
    transaction: Transaction,
) -> HttpRequest:
    """Exchange of the code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": transaction.verifier,
    }
    return _client_request(metadata.token_endpoint, client_id, client_secret, form)


def _client_request(url: str, client_id: str, client_secret: str | None, form: dict[str, str]) -> HttpRequest:
    """With a secret: ``client_secret_basic``; without: a public client."""
    headers = {"Accept": "application/json"}
    if client_secret is None:
        form["client_id"] = client_id
    else:
        # both halves are form-encoded before joining (RFC 6749, section 2.3.1)
        pair = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return HttpRequest(url, headers, form)


def parse_token_response(status: int, body: bytes) -> TokenSet:
    """The tokens; raises ProviderError ``token_endpoint_refused`` or ``token_response_invalid``."""
    document = parse_json(body)
    if status != 200:
        name = _error_name(document)
        raise ProviderError("token_endpoint_refused", f"token endpoint: HTTP {status}, {name}")
    values: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    access, identity, kind = values.get("access_token"), values.get("id_token"), values.get("token_type")
    scope = values.get("scope")
    if not isinstance(access, str) or not isinstance(identity, str) or str(kind).lower() != "bearer":
        raise ProviderError("token_response_invalid", "no access token, no ID token, or not of type Bearer")
    return TokenSet(access, identity, tuple(scope.split()) if isinstance(scope, str) else None)


def _error_name(document: object) -> str:
    error = document.get("error") if isinstance(document, Mapping) else None
    return error if isinstance(error, str) and _ERROR_CODE.match(error) else "no readable error"


def parse_userinfo(status: int, body: bytes, subject: str) -> dict[str, Any]:
    """Claims of the UserInfo response; its ``sub`` must be the ID token's (Core 5.3.2)."""
    document = parse_json(body)
    if status != 200 or not isinstance(document, dict):
        raise ProviderError("userinfo_invalid", f"userinfo endpoint: HTTP {status}, or no JSON object")
    if document.get("sub") != subject:
        raise ProviderError(
            "userinfo_subject_mismatch", "userinfo speaks of another citizen than the ID token"
        )
    return document


def end_session_url(endpoint: str, client_id: str, id_token: str | None, back_to: str) -> str:
    """RP-Initiated Logout 1.0, section 2."""
    params = {"client_id": client_id, "post_logout_redirect_uri": back_to}
    if id_token:
        params["id_token_hint"] = id_token
    return _with_query(endpoint, params)


def parse_json(body: bytes) -> object:
    """The parsed body, None when it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _with_query(url: str, params: Mapping[str, str]) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(params)
