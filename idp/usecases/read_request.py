"""Which parameters an authorization request really has: those sent, those in a request object (RFC 9101),
or those pushed before (RFC 9126)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError, UntrustedRequest
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases import request_object
from idp.usecases.services import Services

_SIGNED = " signed"  # no parameter's name begins with a blank
PUSHED = "urn:ietf:params:oauth:request_uri:"
_HINT_AGE = 10 * 365 * 24 * 3600  # seconds past its end that an ID token still serves as a hint


@dataclass(frozen=True, slots=True)
class Sent:
    """``private``: not in an address. ``pushed``: hash of the ``request_uri`` that stood for it.
    ``signed``: from a signed request object."""

    params: dict[str, str]
    repeated: frozenset[str]
    private: bool = False
    pushed: str | None = None
    signed: bool = False


def resolve(services: Services, sent: Sent) -> Sent:
    """The request behind ``request`` or ``request_uri``; others as they are.

    Raises UntrustedRequest, OAuthError: ``invalid_request_object``, ``invalid_request_uri``.
    """
    if sent.params.get("request_uri", "").startswith(PUSHED):
        return _pushed(services, sent)
    return unpack(services, sent)


def unpack(services: Services, sent: Sent) -> Sent:
    """The parameters inside a request object, where there is one."""
    params = sent.params
    if "request" not in params and "request_uri" not in params:
        return sent
    if {"client_id", "request", "request_uri"} & sent.repeated:
        raise OAuthError("invalid_request", "client_id, request and request_uri are sent once")
    if "request" in params and "request_uri" in params:
        raise OAuthError("invalid_request", "request and request_uri exclude each other")
    with services.store.read() as tx:
        client = tx.clients.get(params.get("client_id", ""))
    if client is None:
        raise UntrustedRequest("invalid_client", "client_id is missing or unknown")
    token = params.get("request") or request_object.fetch(services, client, params["request_uri"])
    inside = request_object.read(services, client, token)
    signed = not token.endswith(".")
    return Sent(inside, frozenset(), private=sent.private, pushed=sent.pushed, signed=signed)


def _pushed(services: Services, sent: Sent) -> Sent:
    """Only the pushed parameters count (RFC 9126, section 4), for the client that pushed them."""
    key = hash_secret(sent.params["request_uri"])
    with services.store.read() as tx:
        found = tx.pushed.get(key, services.clock())
    if found is None or {"client_id", "request_uri"} & sent.repeated:
        raise UntrustedRequest("invalid_request_uri", "request_uri is unknown, used or over")
    if found.client_id != sent.params.get("client_id"):
        raise UntrustedRequest("invalid_request_uri", "request_uri belongs to another client")
    signed = found.params.get(_SIGNED) is not None
    params = {name: value for name, value in found.params.items() if name != _SIGNED}
    return Sent(params, frozenset(), private=True, pushed=key, signed=signed)


def to_push(sent: Sent) -> dict[str, str]:
    """The parameters to store, with the note that they were signed."""
    return sent.params | ({_SIGNED: "yes"} if sent.signed else {})


def context_for(services: Services, tx: Transaction, sent: Sent) -> Context:
    """What the rules in ``domain/checks`` look at."""
    return Context(
        params=sent.params,
        repeated_names=sent.repeated,
        client=tx.clients.get(sent.params.get("client_id", "")),
        private=sent.private,
        hint_claims=hint_claims(services, sent.params),
        pushed=sent.pushed,
        signed=sent.signed,
        details_types=services.details_types,
    )


def hint_claims(services: Services, params: dict[str, str]) -> dict[str, Any] | None:
    """The claims of an ID token of ours; one that is over is still a good hint."""
    try:
        hint = params.get("id_token_hint")
        return services.signer.verify(hint, typ="JWT", audience=None, leeway=_HINT_AGE) if hint else None
    except ValueError:
        return None
