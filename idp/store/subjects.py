"""Which citizen a client means by a ``sub``. Pairwise subjects cannot be computed back."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from idp.store.tables import subjects as table


class SqlSubjects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def remember(self, client_id: str, subject: str, account_id: str) -> None:
        if self.account_id(client_id, subject) is not None:
            return
        try:
            with self._db.begin_nested():
                values = {"client_id": client_id, "subject": subject, "account_id": account_id}
                self._db.execute(insert(table).values(values))
        except IntegrityError:
            pass  # another process was first, with the same row

    def account_id(self, client_id: str, subject: str) -> str | None:
        mine = (table.c.client_id == client_id) & (table.c.subject == subject)
        return self._db.scalar(select(table.c.account_id).where(mine))
