"""Signed-in browsers."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from idp.domain.models import Session
from idp.store.tables import sessions


class SqlSessions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, session: Session, token_hash: str) -> None:
        values = asdict(session) | {"amr": list(session.amr), "token_hash": token_hash}
        self._db.execute(insert(sessions).values(values))

    def by_token(self, token_hash: str) -> Session | None:
        row = self._db.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        if row is None:
            return None
        values = row._asdict()
        del values["token_hash"]
        return Session(**(values | {"amr": tuple(row.amr)}))

    def touch(self, sid: str, now: int) -> None:
        self._db.execute(update(sessions).where(sessions.c.sid == sid).values(last_seen=now))

    def remove(self, sid: str) -> None:
        self._db.execute(delete(sessions).where(sessions.c.sid == sid))

    def remove_for_account(self, account_id: str) -> None:
        self._db.execute(delete(sessions).where(sessions.c.account_id == account_id))
