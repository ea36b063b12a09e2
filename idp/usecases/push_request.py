"""The pushed authorization request endpoint (RFC 9126, section 2)."""

from __future__ import annotations

from typing import Any

from idp.domain import checks
from idp.domain.errors import OAuthError
from idp.domain.fapi2 import lifetimes
from idp.domain.models import PushedRequest
from idp.tokens import hash_secret, new_secret
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.read_request import PUSHED, Sent, context_for, to_push, unpack
from idp.usecases.sender import accept_proof
from idp.usecases.services import Services

_AUTHENTICATION = ("client_secret", "client_assertion", "client_assertion_type")


def push_request(
    services: Services, offered: ClientCredentials, params: dict[str, str], *, proof: str | None = None
) -> dict[str, Any]:
    """``request_uri`` and ``expires_in``. The request is held to the same rules as at the authorization
    endpoint, and once more there.

    Raises OAuthError, and UntrustedRequest for a redirect URI that is not registered.
    """
    if "request_uri" in params:
        raise OAuthError("invalid_request", "request_uri must not be pushed")
    prepare_credentials(services, offered)
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
        jkt = (
            accept_proof(services, tx, proof, method="POST", url=f"{services.issuer}/par") if proof else None
        )
    asked = {name: value for name, value in params.items() if name not in _AUTHENTICATION}
    asked["client_id"] = client.client_id
    request_uri = PUSHED + new_secret("p")
    sent = unpack(services, Sent(asked, frozenset(), private=True, pushed=hash_secret(request_uri)))
    if jkt is not None and sent.params.setdefault("dpop_jkt", jkt) != jkt:  # RFC 9449, section 10.1
        raise OAuthError("invalid_dpop_proof", "dpop_jkt is not the key of the proof")
    now, lifetime = services.clock(), lifetimes.pushed_request(client, services.lifetimes.pushed_request)
    with services.store.begin() as tx:
        checks.run(context_for(services, tx, sent))
        assert sent.pushed is not None
        tx.pushed.add(PushedRequest(sent.pushed, client.client_id, to_push(sent), now + lifetime))
    return {"request_uri": request_uri, "expires_in": lifetime}
