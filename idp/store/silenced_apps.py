"""Apps whose backchannel requests a citizen does not want to see."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from idp.store.tables import silenced_apps as table


class SqlSilencedApps:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, account_id: str, client_id: str, now: int) -> None:
        self.remove(account_id, client_id)
        values = {"account_id": account_id, "client_id": client_id, "silenced_at": now}
        self._db.execute(insert(table).values(values))

    def remove(self, account_id: str, client_id: str) -> None:
        mine = (table.c.account_id == account_id) & (table.c.client_id == client_id)
        self._db.execute(delete(table).where(mine))

    def of(self, account_id: str) -> list[str]:
        mine = select(table.c.client_id).where(table.c.account_id == account_id)
        return list(self._db.scalars(mine.order_by(table.c.silenced_at)))
