"""Registered clients."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from idp.domain.models import Client
from idp.store.tables import clients


class SqlClients:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, client_id: str) -> Client | None:
        row = self._db.execute(select(clients).where(clients.c.client_id == client_id)).first()
        return _client(row) if row else None

    def add(self, client: Client, now: int) -> None:
        self._db.execute(
            insert(clients).values(
                client_id=client.client_id,
                name=client.name,
                redirect_uris=list(client.redirect_uris),
                post_logout_redirect_uris=list(client.post_logout_redirect_uris),
                auth_method=client.auth_method,
                secret_hash=client.secret_hash,
                jwks=client.jwks,
                operator=client.operator,
                id_token_signed_response_alg=client.id_token_signed_response_alg,
                created_at=now,
            )
        )

    def all(self) -> list[Client]:
        return [_client(row) for row in self._db.execute(select(clients).order_by(clients.c.created_at))]


def _client(row: Row[Any]) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        redirect_uris=tuple(row.redirect_uris),
        auth_method=row.auth_method,
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        secret_hash=row.secret_hash,
        jwks=row.jwks,
        operator=row.operator,
        id_token_signed_response_alg=row.id_token_signed_response_alg,
    )
