"""Which parameters an authorization request really has: those sent, or those pushed before (RFC 9126)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain.checks.context import Context
from idp.domain.errors import UntrustedRequest
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.services import Services

PUSHED = "urn:ietf:params:oauth:request_uri:"
_HINT_AGE = 10 * 365 * 24 * 3600  # seconds past its end that an ID token still serves as a hint


@dataclass(frozen=True, slots=True)
class Sent:
    """``private``: not in an address. ``pushed``: hash of the ``request_uri`` that stood for it."""

    params: dict[str, str]
    repeated: frozenset[str]
    private: bool = False
    pushed: str | None = None


def resolve(services: Services, sent: Sent) -> Sent:
    """The request behind a ``request_uri`` of ours; others as they are. Raises UntrustedRequest."""
    if sent.params.get("request_uri", "").startswith(PUSHED):
        return _pushed(services, sent)
    return sent


def _pushed(services: Services, sent: Sent) -> Sent:
    """Only the pushed parameters count (RFC 9126, section 4), for the client that pushed them."""
    key = hash_secret(sent.params["request_uri"])
    with services.store.read() as tx:
        found = tx.pushed.get(key, services.clock())
    if found is None or {"client_id", "request_uri"} & sent.repeated:
        raise UntrustedRequest("invalid_request_uri", "request_uri is unknown, used or over")
    if found.client_id != sent.params.get("client_id"):
        raise UntrustedRequest("invalid_request_uri", "request_uri belongs to another client")
    return Sent(found.params, frozenset(), private=True, pushed=key)


def context_for(services: Services, tx: Transaction, sent: Sent) -> Context:
    """What the rules in ``domain/checks`` look at."""
    return Context(
        params=sent.params,
        repeated_names=sent.repeated,
        client=tx.clients.get(sent.params.get("client_id", "")),
        private=sent.private,
        hint_claims=_hint(services, sent.params),
        pushed=sent.pushed,
    )


def _hint(services: Services, params: dict[str, str]) -> dict[str, Any] | None:
    """The claims of an ID token of ours; one that is over is still a good hint."""
    try:
        hint = params.get("id_token_hint")
        return services.signer.verify(hint, typ="JWT", audience=None, leeway=_HINT_AGE) if hint else None
    except ValueError:
        return None
