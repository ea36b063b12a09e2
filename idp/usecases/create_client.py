"""Registering an app. The secret is returned once and stored only as a hash."""

from __future__ import annotations

from dataclasses import replace

from idp.domain import registration, resources
from idp.domain.models import Client
from idp.domain.registration import profile
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.client_assertion import derived_secret
from idp.usecases.registration.draft import offered_by
from idp.usecases.services import Services


def create_client(services: Services, draft: Client) -> tuple[Client, str | None]:
    """Stores the draft under a new ``client_id``; (client, secret or None).

    Raises IdpError: ``invalid_redirect_uri``, ``invalid_client_metadata``.
    """
    draft = profile.apply(draft)
    offered = offered_by(services)
    # Scopes of APIs are the operator's to give; apps that register themselves get citizens' scopes only.
    registration.check(draft, replace(offered, scopes=(*offered.scopes, *(draft.scope or ()))))
    resources.check(draft.resources, draft.resources)
    secret, kept = new_credentials(services, draft)
    client = replace(kept, client_id=new_id())
    now = services.clock()
    with services.store.begin() as tx:
        tx.clients.add(client, now)
        tx.audit.write("client.created", now, client_id=client.client_id)
    return client, secret


def new_credentials(services: Services, client: Client) -> tuple[str | None, Client]:
    """(a new secret where the method has one, the client that keeps its hash or its seed)."""
    if client.auth_method == "client_secret_jwt":
        seed = new_id()
        return derived_secret(services, seed), replace(client, secret_seed=seed, secret_hash=None)
    secret = new_secret("k") if client.auth_method.startswith("client_secret") else None
    return secret, replace(client, secret_seed=None, secret_hash=hash_secret(secret) if secret else None)
