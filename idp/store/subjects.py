"""Which citizen a client means by a ``sub``. Pairwise subjects cannot be computed back."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, text

from idp.store.prepared import Prepared
from idp.store.tables import subjects as table

_MINE = (table.c.client_id == bindparam("client")) & (table.c.subject == bindparam("sub"))
_GET = Prepared(select(table.c.account_id).where(_MINE))
_REMEMBER = Prepared(
    text(
        "INSERT INTO subjects (client_id, subject, account_id) VALUES (:client_id, :subject, :account_id)"
        " ON CONFLICT DO NOTHING"
    )
)


class SqlSubjects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def remember(self, client_id: str, subject: str, account_id: str) -> None:
        _REMEMBER.run(self._db, client_id=client_id, subject=subject, account_id=account_id)

    def account_id(self, client_id: str, subject: str) -> str | None:
        row = _GET.first(self._db, client=client_id, sub=subject)
        return row["account_id"] if row else None
