"""POST /register (RFC 7591, section 3) and the tokens that open it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from idp.domain.errors import OAuthError
from idp.domain.registration import metadata
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases import throttle
from idp.usecases.create_client import new_credentials
from idp.usecases.registration.draft import draft_of
from idp.usecases.services import Services


def initial_access_token(services: Services, *, uses: int, lifetime: int, constraints: dict[str, Any]) -> str:
    """Good for ``uses`` registrations within ``lifetime`` seconds.

    ``constraints``: ``scope`` (list), ``operator``, ``profile``, ``require_pkce``; each holds for every
    client it makes. ``subject_type`` public: for those that do not ask for pairwise.
    """
    token = new_secret("i")
    with services.store.begin() as tx:
        tx.registration_tokens.add(hash_secret(token), uses, constraints, services.clock() + lifetime)
        tx.audit.write("registration.token_made", services.clock(), uses=uses)
    return token


def register(services: Services, document: dict[str, Any], token: str, *, address: str) -> dict[str, Any]:
    """The client information response (section 3.2.1).

    Raises OAuthError("invalid_token"), PageError("too_many_attempts") and IdpError with a code of section
    3.2.2; a refused document does not use the token up. ``address``: who asks, counted where it is open.
    """
    now = services.clock()
    constraints: dict[str, Any] | None = {"self_registered": True}
    if token:
        with services.store.read() as tx:
            constraints = tx.registration_tokens.constraints(hash_secret(token), now)
    if constraints is None or not (token or services.registration.open):
        raise OAuthError("invalid_token", "registration needs an initial access token", status=401)
    if not token:
        with services.store.begin() as tx:
            limits = {f"register:{throttle.network(address)}": services.registration.per_hour}
            throttle.attempt(services, tx, limits, 3600)
    draft = draft_of(services, document, constraints)
    secret, client = new_credentials(services, draft)
    access = new_secret("m")
    client = replace(client, client_id=new_id(), registration_token_hash=hash_secret(access))
    with services.store.begin() as tx:
        if token and not tx.registration_tokens.use(hash_secret(token), now):
            raise OAuthError("invalid_token", "the initial access token is used up", status=401)
        tx.clients.add(client, now)
        tx.audit.write("client.registered", now, client_id=client.client_id)
    return information(services, metadata.write(client), access, secret) | {"client_id_issued_at": now}


def information(
    services: Services, document: dict[str, Any], access: str, secret: str | None
) -> dict[str, Any]:
    """Metadata with the credentials of its management; a secret is shown only when it is new."""
    document |= {
        "registration_access_token": access,
        "registration_client_uri": f"{services.issuer}/register/{document['client_id']}",
    }
    return document | ({"client_secret": secret, "client_secret_expires_at": 0} if secret else {})
