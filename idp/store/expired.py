"""What is over and needed by nobody, table by table, found and deleted a bounded number at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, exists, select, true

from idp.store import tables as t

# Each is the time before which a row counts as over; usecases/purge.py says how long it is kept after that.
_OVER: Mapping[str, ColumnElement[int]] = {
    "access_tokens": t.access_tokens.c.expires_at,
    "refresh_tokens": t.refresh_tokens.c.expires_at,
    "codes": t.codes.c.expires_at,
    "device_codes": t.device_codes.c.expires_at,
    "backchannel_requests": t.backchannel_requests.c.expires_at,
    "pushed_requests": t.pushed_requests.c.expires_at,
    "interactions": t.interactions.c.expires_at,
    "uploads": t.uploads.c.expires_at,
    "answers": t.answers.c.expires_at,
    "challenges": t.challenges.c.expires_at,
    "failures": t.failures.c.at,
    "contact_codes": t.contact_codes.c.expires_at,
    "messages": t.messages.c.expires_at,
    "registration_tokens": t.registration_tokens.c.expires_at,
    "admin_links": t.admin_links.c.expires_at,
    "admin_sessions": t.admin_sessions.c.expires_at,
    "logout_deliveries": t.logout_deliveries.c.created_at,
    "ping_deliveries": t.ping_deliveries.c.created_at,
    "enrolments": t.enrolments.c.created_at,
    "authorizations": t.authorizations.c.created_at,
}


def _unused() -> ColumnElement[bool]:
    """An authorization without tokens; codes on it are over long before it is looked at."""
    mine = t.authorizations.c.authorization_id
    tokens = (t.access_tokens, t.refresh_tokens)
    return and_(*(~exists().where(table.c.authorization_id == mine) for table in tokens))


_ALSO: Mapping[str, ColumnElement[bool]] = {
    "logout_deliveries": t.logout_deliveries.c.state.in_(("delivered", "failed")),
    "ping_deliveries": t.ping_deliveries.c.state.in_(("delivered", "failed")),
    "enrolments": t.enrolments.c.state == "done",
    "authorizations": _unused(),
}
KINDS = tuple(_OVER)


class SqlExpired:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, kind: str, before: int, limit: int) -> list[Any]:
        key, over = _rule(kind, before)
        return list(self._db.scalars(select(key).where(over).limit(limit)))

    def delete(self, kind: str, before: int, found: list[Any]) -> int:
        key, over = _rule(kind, before)
        return self._db.execute(delete(key.table).where(key.in_(found), over)).rowcount


def _rule(kind: str, before: int) -> tuple[Column[Any], ColumnElement[bool]]:
    """(primary key, condition)."""
    table: Table = t.metadata.tables[kind]
    (key,) = table.primary_key.columns
    return key, and_(_OVER[kind] < before, _ALSO.get(kind, true()))
