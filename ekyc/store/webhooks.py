"""The repository of webhooks; implements ``usecases.webhooks.WebhookStore``. A table is queue and log."""

from __future__ import annotations

import secrets
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, select, update

from ekyc.store.engine import READ_ONLY
from ekyc.store.tables import webhook_endpoints as e
from ekyc.store.tables import webhook_messages as m
from ekyc.usecases.webhooks import Endpoint, Message

_ENDED = ("delivered", "dead")


def queue(connection: Connection, tenant: str, body: str, at: datetime) -> None:
    """Put a message for each of the tenant's endpoints, in the caller's transaction."""
    mine = select(e.c.id).where(e.c.tenant == tenant, e.c.disabled_at.is_(None))
    rows = [
        {
            "id": f"msg_{secrets.token_hex(12)}",
            "endpoint_id": endpoint,
            "body": body,
            "state": "pending",
            "attempts": 0,
            "created_at": at,
            "next_attempt_at": at,
        }
        for endpoint in connection.execute(mine).scalars()
    ]
    if rows:
        connection.execute(insert(m), rows)


def forget_messages(connection: Connection, before: datetime) -> None:
    """Those that have ended."""
    connection.execute(delete(m).where(m.c.state.in_(_ENDED), m.c.created_at < before))


class SqlWebhookStore:
    """Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, endpoint: Endpoint, most: int) -> bool:
        count = select(func.count()).select_from(e).where(e.c.tenant == endpoint.tenant)
        row = {f.name: getattr(endpoint, f.name) for f in fields(endpoint)}
        with self._engine.begin() as connection:
            if connection.execute(count).scalar_one() >= most:
                return False
            connection.execute(insert(e).values(row))
        return True

    def of_tenant(self, tenant: str) -> list[Endpoint]:
        query = select(e).where(e.c.tenant == tenant).order_by(e.c.created_at, e.c.id)
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            return [_endpoint(row) for row in connection.execute(query)]

    def remove(self, endpoint_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(e).where(e.c.id == endpoint_id))

    def rotate(self, endpoint_id: str, salt: str, old_until: datetime) -> None:
        values = {"old_salt": e.c.salt, "old_until": old_until, "salt": salt}
        with self._engine.begin() as connection:
            connection.execute(update(e).where(e.c.id == endpoint_id).values(values))

    def enable(self, endpoint_id: str) -> None:
        values = {"disabled_at": None, "failing_since": None}
        with self._engine.begin() as connection:
            connection.execute(update(e).where(e.c.id == endpoint_id).values(values))

    def messages(self, endpoint_id: str, most: int) -> list[Message]:
        query = select(m).where(m.c.endpoint_id == endpoint_id).order_by(m.c.created_at.desc(), m.c.id)
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            return [_message(row) for row in connection.execute(query.limit(most))]

    def send_again(self, endpoint_id: str, message_id: str, at: datetime) -> bool:
        mine = (m.c.id == message_id) & (m.c.endpoint_id == endpoint_id) & m.c.state.in_(_ENDED)
        fresh = {"state": "pending", "attempts": 0, "next_attempt_at": at, "delivered_at": None}
        with self._engine.begin() as connection:
            return connection.execute(update(m).where(mine).values(fresh)).rowcount > 0

    def claim(self, now: datetime, lease: timedelta) -> tuple[Message, Endpoint] | None:
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            if connection.execute(select(m.c.id).where(_due(now)).limit(1)).first() is None:
                return None
        # the condition stands twice: a second process that waited for the row sees it claimed and takes none
        oldest = select(m.c.id).where(_due(now)).order_by(m.c.next_attempt_at).limit(1).scalar_subquery()
        values = {"state": "sending", "attempts": m.c.attempts + 1, "next_attempt_at": now + lease}
        claim = update(m).where((m.c.id == oldest) & _due(now)).values(values).returning(*m.c)
        with self._engine.begin() as connection:
            row = connection.execute(claim).first()
            if row is None:
                return None
            endpoint = connection.execute(select(e).where(e.c.id == row.endpoint_id)).one()
        return _message(row), _endpoint(endpoint)

    def settle(self, message: Message, endpoint: Endpoint) -> None:
        mine = (m.c.id == message.id) & (m.c.state == "sending") & (m.c.attempts == message.attempts)
        names = ("state", "next_attempt_at", "delivered_at", "last_result")
        values = {name: getattr(message, name) for name in names}
        state = {"failing_since": endpoint.failing_since, "disabled_at": endpoint.disabled_at}
        waiting = (m.c.endpoint_id == endpoint.id) & m.c.state.not_in(_ENDED)
        with self._engine.begin() as connection:
            if connection.execute(update(m).where(mine).values(values)).rowcount == 0:
                return
            connection.execute(update(e).where(e.c.id == endpoint.id).values(state))
            if endpoint.disabled_at is not None:
                dead = {"state": "dead", "last_result": "endpoint disabled"}
                connection.execute(update(m).where(waiting).values(dead))
            elif endpoint.failing_since is not None:
                sooner = waiting & (m.c.next_attempt_at < message.next_attempt_at)
                connection.execute(update(m).where(sooner).values(next_attempt_at=message.next_attempt_at))


def _due(now: datetime) -> ColumnElement[bool]:
    other = m.alias()
    busy = select(other.c.endpoint_id).where(other.c.state == "sending", other.c.next_attempt_at > now)
    return m.c.state.not_in(_ENDED) & (m.c.next_attempt_at <= now) & m.c.endpoint_id.not_in(busy)


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(**_zoned(row))


def _message(row: Row[Any]) -> Message:
    return Message(**_zoned(row))


def _zoned(row: Row[Any]) -> dict[str, Any]:
    """SQLite drops the zone of a moment."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row._asdict().items()
    }
