"""Registering an app. The secret is returned once and stored only as a hash."""

from __future__ import annotations

from dataclasses import replace

from idp.domain import resources
from idp.domain.errors import IdpError
from idp.domain.grant_types import GRANT_TYPES
from idp.domain.models import Client
from idp.domain.registration.uris import check_redirect_uri, check_web_uri
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.authenticate_client import methods
from idp.usecases.client_assertion import derived_secret
from idp.usecases.services import Services

_NEED_KEYS = ("private_key_jwt", "self_signed_tls_client_auth")


def create_client(services: Services, draft: Client) -> tuple[Client, str | None]:
    """Stores the draft under a new ``client_id``; (client, secret or None).

    Raises IdpError: ``invalid_redirect_uri``, ``invalid_client_metadata``.
    """
    if draft.auth_method not in methods(services):
        raise IdpError("invalid_client_metadata", "unknown authentication method")
    if draft.auth_method in _NEED_KEYS and draft.jwks is None and draft.jwks_uri is None:
        raise IdpError("invalid_client_metadata", f"{draft.auth_method} needs a JWK set")
    if draft.auth_method == "tls_client_auth" and not (
        draft.tls_client_auth_subject_dn or draft.tls_client_auth_san_dns
    ):
        raise IdpError("invalid_client_metadata", "tls_client_auth needs a name to look for")
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
