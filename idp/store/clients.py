"""Registered clients. Columns hold what queries need; the rest of the metadata is one JSON value."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from idp.domain.models import Client
from idp.store.prepared import Prepared, Remembered
from idp.store.tables import clients

_COLUMNS = {column.name for column in clients.columns}
_TUPLES = {f.name for f in fields(Client) if str(f.type).startswith("tuple")}
_DEFAULTS = asdict(Client("", "", (), "none"))

GET = Prepared(select(clients).where(clients.c.client_id == bindparam("id")))


class SqlClients:
    """Of one transaction, in which a client is read once."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._read: dict[str, Client] = {}

    def get(self, client_id: str) -> Client | None:
        client = self._read.get(client_id)
        if client is None and (client := _KNOWN.get(self._db, client_id)):
            self._read[client_id] = client
        return client

    def add(self, client: Client, now: int) -> None:
        self._db.execute(insert(clients).values(_values(client) | {"created_at": now}))

    def update(self, client: Client, *, was: str | None = None) -> bool:
        self._read.clear()
        mine = clients.c.client_id == client.client_id
        if was is not None:
            mine &= clients.c.metadata["registration_token_hash"].as_string() == was
        return self._db.execute(update(clients).where(mine).values(_values(client))).rowcount == 1

    def remove(self, client_id: str) -> None:
        self._read.clear()
        self._db.execute(delete(clients).where(clients.c.client_id == client_id))

    def all(self) -> list[Client]:
        rows = self._db.execute(select(clients).order_by(clients.c.created_at))
        return [_client(row._asdict()) for row in rows]

    def public_redirect_uris(self) -> list[str]:
        rows = self._db.scalars(select(clients.c.redirect_uris).where(clients.c.auth_method == "none"))
        return [uri for uris in rows for uri in uris]


def _values(client: Client) -> dict[str, Any]:
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(client).items()}
    columns = {name: value for name, value in values.items() if name in _COLUMNS}
    extra = {name: v for name, v in values.items() if name not in _COLUMNS and v != _stored(name)}
    return columns | {"metadata": extra}


def _stored(name: str) -> Any:
    value = _DEFAULTS[name]
    return list(value) if isinstance(value, tuple) else value


def _client(values: dict[str, Any]) -> Client:
    del values["created_at"]
    values |= values.pop("metadata")
    for name in _TUPLES & values.keys():
        values[name] = tuple(values[name]) if values[name] is not None else None
    return Client(**values)


_KNOWN = Remembered(GET, _client)
