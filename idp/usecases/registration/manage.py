"""A client reads, replaces and deletes its own registration (RFC 7592)."""

from __future__ import annotations

from dataclasses import replace
from hmac import compare_digest
from typing import Any

from idp.domain.errors import IdpError, OAuthError
from idp.domain.models import Client
from idp.domain.registration import metadata
from idp.ports import Transaction
from idp.tokens import hash_secret, new_secret
from idp.usecases.create_client import new_credentials
from idp.usecases.registration.draft import draft_of
from idp.usecases.registration.register import information
from idp.usecases.services import Services

_NOT_SENT = (  # section 2.2
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
)


def read_registration(services: Services, client_id: str, token: str) -> dict[str, Any]:
    """Section 2.1. Every function here raises OAuthError("invalid_token")."""
    with services.store.read() as tx:
        client = _authorized(tx, client_id, token)
    return information(services, metadata.write(client), token, None)


def replace_registration(
    services: Services, client_id: str, token: str, document: dict[str, Any]
) -> dict[str, Any]:
    """Section 2.2: what is left out is gone; the registration access token is a new one afterwards."""
    with services.store.read() as tx:
        client = _authorized(tx, client_id, token)
    _check_identity(client, document)
    constraints = {
        "operator": client.operator,
        "profile": client.profile,
        "require_pkce": client.require_pkce,
        "subject_type": client.subject_type,
        "scope": client.allowed_scope,
        "self_registered": client.self_registered,
    }
    draft = draft_of(services, document, constraints, client.software_statement)
    access = new_secret("m")
    draft = replace(
        draft,
        client_id=client_id,
        secret_hash=client.secret_hash,
        secret_seed=client.secret_seed,
        registration_token_hash=hash_secret(access),
        resources=client.resources,
        access_token_format=client.access_token_format,
        access_token_signing_alg=client.access_token_signing_alg,
    )
    secret = None
    if draft.auth_method != client.auth_method:
        secret, draft = new_credentials(services, draft)
    with services.store.begin() as tx:
        if not tx.clients.update(draft, was=hash_secret(token)):  # one of two with the same token wins
            raise _not_authorized()
        tx.audit.write("client.changed", services.clock(), client_id=client_id)
    return information(services, metadata.write(draft), access, secret)


def delete_registration(services: Services, client_id: str, token: str) -> None:
    """Section 2.3: what was granted to the client goes with it."""
    with services.store.begin() as tx:
        _authorized(tx, client_id, token)
        tx.clients.remove(client_id)
        tx.audit.write("client.deleted", services.clock(), client_id=client_id)


def _authorized(tx: Transaction, client_id: str, token: str) -> Client:
    client = tx.clients.get(client_id)
    kept = (client.registration_token_hash if client else None) or ""
    if client is None or not compare_digest(hash_secret(token), kept):
        raise _not_authorized()
    return client


def _not_authorized() -> OAuthError:
    return OAuthError("invalid_token", "not this client's registration access token", status=401)


def _check_identity(client: Client, document: dict[str, Any]) -> None:
    if document.get("client_id") != client.client_id:
        raise IdpError("invalid_client_metadata", "client_id is required and cannot change")
    if sent := [name for name in _NOT_SENT if name in document]:
        raise IdpError("invalid_client_metadata", f"must not be sent: {', '.join(sent)}")
    secret = document.get("client_secret")
    if secret is not None and (
        not isinstance(secret, str) or not compare_digest(hash_secret(secret), client.secret_hash or "")
    ):
        raise IdpError("invalid_client_metadata", "client_secret is not the current one")
