"""Calls under an Idempotency-Key; implements ``usecases.idempotency.IdempotencyStore``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ekyc.store.tables import idempotent_calls as t
from ekyc.usecases.idempotency import Call


class SqlIdempotencyStore:
    """Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, tenant: str, key: str, call: Call, *, abandoned: datetime, old: datetime) -> Call | None:
        """See the protocol. The primary key decides when two calls race."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        lost = or_(t.c.at < old, _mine(tenant, key) & t.c.answer.is_(None) & (t.c.at < abandoned))
        row = {"tenant": tenant, "key": key, "fingerprint": call.fingerprint, "answer": None, "at": call.at}
        with self._engine.begin() as connection:
            connection.execute(delete(t).where(lost))
            claim = dialect.insert(t).values(row).on_conflict_do_nothing().returning(t.c.key)
            if connection.execute(claim).first() is not None:
                return None
            found = connection.execute(select(t).where(_mine(tenant, key))).one()
        at: datetime = found.at if found.at.tzinfo else found.at.replace(tzinfo=UTC)
        return Call(found.fingerprint, found.answer, at)

    def answer(self, tenant: str, key: str, answer: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(t).where(_mine(tenant, key)).values(answer=answer))

    def release(self, tenant: str, key: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(t).where(_mine(tenant, key)))


def _mine(tenant: str, key: str) -> ColumnElement[bool]:
    return (t.c.tenant == tenant) & (t.c.key == key)
