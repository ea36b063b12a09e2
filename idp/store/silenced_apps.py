"""Apps whose backchannel requests a citizen does not want to see."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from idp.store.tables import silenced_apps as table
from idp.store.upsert import put


class SqlSilencedApps:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, account_id: str, client_id: str, now: int) -> None:
        put(self._db, table, account_id=account_id, client_id=client_id, silenced_at=now)

    def remove(self, account_id: str, client_id: str) -> None:
        mine = (table.c.account_id == account_id) & (table.c.client_id == client_id)
        self._db.execute(delete(table).where(mine))

    def of(self, account_id: str) -> list[str]:
        mine = select(table.c.client_id).where(table.c.account_id == account_id)
        return list(self._db.scalars(mine.order_by(table.c.silenced_at)))
