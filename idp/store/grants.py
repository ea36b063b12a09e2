"""Consents: per client, or for every app of an operator."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from idp.domain.models import Grant
from idp.store.tables import grants


class SqlGrants:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, account_id: str) -> tuple[Grant, ...]:
        rows = self._db.execute(select(grants).where(grants.c.account_id == account_id).order_by(grants.c.id))
        return tuple(
            Grant(r.account_id, r.client_id or None, r.operator or None, frozenset(r.scope), r.granted_at)
            for r in rows
        )

    def add(self, grant: Grant) -> None:
        key = {"client_id": grant.client_id or "", "operator": grant.operator or ""}
        mine = (
            (grants.c.account_id == grant.account_id)
            & (grants.c.client_id == key["client_id"])
            & (grants.c.operator == key["operator"])
        )
        row = self._db.execute(select(grants.c.scope).where(mine).with_for_update()).first()
        scope = sorted(grant.scope | set(row.scope if row else ()))
        if row:
            self._db.execute(update(grants).where(mine).values(scope=scope, granted_at=grant.granted_at))
        else:
            values = {"account_id": grant.account_id, "scope": scope, "granted_at": grant.granted_at}
            self._db.execute(insert(grants).values(values | key))

    def revoke(self, account_id: str, *, client_id: str | None, operator: str | None) -> None:
        self._db.execute(
            delete(grants).where(
                (grants.c.account_id == account_id)
                & (grants.c.client_id == (client_id or ""))
                & (grants.c.operator == (operator or ""))
            )
        )
