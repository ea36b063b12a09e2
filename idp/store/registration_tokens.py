"""Initial access tokens of dynamic registration (RFC 7591, section 1.2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from idp.store.tables import registration_tokens as table


class SqlRegistrationTokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, token_hash: str, uses: int, constraints: dict[str, Any], expires_at: int) -> None:
        values = {"token_hash": token_hash, "uses_left": uses, "expires_at": expires_at}
        self._db.execute(insert(table).values(values | {"constraints": constraints}))

    def constraints(self, token_hash: str, now: int) -> dict[str, Any] | None:
        query = select(table.c.constraints).where(_live(token_hash, now))
        found: dict[str, Any] | None = self._db.execute(query).scalar_one_or_none()
        return found

    def use(self, token_hash: str, now: int) -> bool:
        spent = update(table).where(_live(token_hash, now)).values(uses_left=table.c.uses_left - 1)
        return self._db.execute(spent).rowcount == 1


def _live(token_hash: str, now: int) -> ColumnElement[bool]:
    return and_(table.c.token_hash == token_hash, table.c.uses_left > 0, table.c.expires_at > now)
