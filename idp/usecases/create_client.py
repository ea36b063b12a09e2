"""Registering an app. The secret is returned once and stored only as a hash."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

from idp.domain import resources
from idp.domain.errors import IdpError
from idp.domain.grant_types import GRANT_TYPES
from idp.domain.models import Client
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
    secret = new_secret("k") if draft.auth_method.startswith("client_secret") else None
    client = replace(draft, client_id=new_id(), secret_hash=hash_secret(secret) if secret else None)
    now = services.clock()
    with services.store.begin() as tx:
        tx.clients.add(client, now)
        tx.audit.write("client.created", now, client_id=client.client_id)
    return client, secret


def check_redirect_uri(uri: str) -> None:
    """https, http on loopback only, or a private-use scheme with a dot (RFC 8252, sections 7 and 8.4)."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise IdpError("invalid_redirect_uri", "not a URI") from None
    if parts.fragment or "#" in uri or parts.username or any(c.isspace() or ord(c) < 33 for c in uri):
        raise IdpError("invalid_redirect_uri", "fragments, user names and white space are not allowed")
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and _is_loopback(host):
        return
    if "." in parts.scheme:
        return
    raise IdpError("invalid_redirect_uri", "use https, or http on a loopback host")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
