"""Registering an app. The secret is returned once and stored only as a hash."""

from __future__ import annotations

from dataclasses import replace

from idp.domain import resources
from idp.domain.errors import IdpError
from idp.domain.grant_types import GRANT_TYPES
from idp.domain.models import Client
from idp.domain.registration.uris import check_redirect_uri, check_web_uri
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.authenticate_client import METHODS
from idp.usecases.services import Services


def create_client(services: Services, draft: Client) -> tuple[Client, str | None]:
    """Stores the draft under a new ``client_id``; (client, secret or None).

    Raises IdpError: ``invalid_redirect_uri``, ``invalid_client_metadata``.
    """
    if draft.auth_method not in METHODS:
        raise IdpError("invalid_client_metadata", "unknown authentication method")
    if (draft.auth_method == "private_key_jwt") != (draft.jwks is not None):
        raise IdpError("invalid_client_metadata", "private_key_jwt and a JWK set go together")
    if draft.id_token_signed_response_alg not in services.signer.algorithms():
        raise IdpError("invalid_client_metadata", "that signature algorithm is not offered")
    if unknown := set(draft.grant_types) - set(GRANT_TYPES):
        raise IdpError("invalid_client_metadata", f"unknown grant types: {', '.join(sorted(unknown))}")
    resources.check(draft.resources, draft.resources)
    if not draft.redirect_uris and "authorization_code" in draft.grant_types:
        raise IdpError("invalid_redirect_uri", "at least one redirect URI is needed")
    for uri in draft.redirect_uris + draft.post_logout_redirect_uris:
        check_redirect_uri(uri)
    for name in ("backchannel_logout_uri", "frontchannel_logout_uri"):
        if (uri := getattr(draft, name)) is not None:
            check_web_uri(name, uri)
    secret = new_secret("k") if draft.auth_method.startswith("client_secret") else None
    client = replace(draft, client_id=new_id(), secret_hash=hash_secret(secret) if secret else None)
    now = services.clock()
    with services.store.begin() as tx:
        tx.clients.add(client, now)
        tx.audit.write("client.created", now, client_id=client.client_id)
    return client, secret
