"""Consents: per client, or for every app of an operator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from idp.domain.models import Grant
from idp.store.prepared import Prepared
from idp.store.tables import grants

_OF = Prepared(select(grants).where(grants.c.account_id == bindparam("id")).order_by(grants.c.id))


class SqlGrants:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, account_id: str) -> tuple[Grant, ...]:
        return tuple(_grant(row) for row in _OF.all(self._db, id=account_id))

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


def _grant(row: dict[str, Any]) -> Grant:
    client_id, operator = row["client_id"] or None, row["operator"] or None
    return Grant(row["account_id"], client_id, operator, frozenset(row["scope"]), row["granted_at"])
