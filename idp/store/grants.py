"""Consents: per client, or for every app of an operator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from idp.domain.models import Grant
from idp.store.prepared import Prepared
from idp.store.tables import grants
from idp.store.upsert import add_if_missing

OF = Prepared(select(grants).where(grants.c.account_id == bindparam("id")).order_by(grants.c.id))


class SqlGrants:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, account_id: str) -> tuple[Grant, ...]:
        return tuple(_grant(row) for row in OF.all(self._db, id=account_id))

    def add(self, grant: Grant) -> None:
        key = {"client_id": grant.client_id or "", "operator": grant.operator or ""}
        mine = (
            (grants.c.account_id == grant.account_id)
            & (grants.c.client_id == key["client_id"])
            & (grants.c.operator == key["operator"])
        )
        first = {"account_id": grant.account_id, "scope": [], "granted_at": grant.granted_at}
        add_if_missing(self._db, grants, **key, **first)
        before = self._db.scalars(select(grants.c.scope).where(mine).with_for_update()).one()
        scope = sorted(grant.scope.union(before))
        self._db.execute(update(grants).where(mine).values(scope=scope, granted_at=grant.granted_at))

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
