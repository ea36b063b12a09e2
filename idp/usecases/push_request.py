"""The pushed authorization request endpoint (RFC 9126, section 2)."""

from __future__ import annotations

from typing import Any

from idp.domain import checks
from idp.domain.errors import OAuthError
from idp.domain.models import PushedRequest
from idp.tokens import hash_secret, new_secret
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client
from idp.usecases.read_request import PUSHED, Sent, context_for
from idp.usecases.services import Services

_AUTHENTICATION = ("client_secret", "client_assertion", "client_assertion_type")


def push_request(services: Services, offered: ClientCredentials, params: dict[str, str]) -> dict[str, Any]:
    """``request_uri`` and ``expires_in``. The request is held to the same rules as at the authorization
    endpoint, and once more there.

    Raises OAuthError, and UntrustedRequest for a redirect URI that is not registered.
    """
    if "request_uri" in params:
        raise OAuthError("invalid_request", "request_uri must not be pushed")
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
    asked = {name: value for name, value in params.items() if name not in _AUTHENTICATION}
    asked["client_id"] = client.client_id
    request_uri = PUSHED + new_secret("p")
    sent = Sent(asked, frozenset(), private=True, pushed=hash_secret(request_uri))
    now, lifetime = services.clock(), services.lifetimes.pushed_request
    with services.store.begin() as tx:
        checks.run(context_for(services, tx, sent))
        assert sent.pushed is not None
        tx.pushed.add(PushedRequest(sent.pushed, client.client_id, sent.params, now + lifetime), now)
    return {"request_uri": request_uri, "expires_in": lifetime}
