"""Signed-in browsers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

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
        return _session(row) if row else None

    def of_account(self, account_id: str) -> list[Session]:
        mine = select(sessions).where(sessions.c.account_id == account_id)
        return [_session(row) for row in self._db.execute(mine.order_by(sessions.c.last_seen.desc()))]

    def renew(self, session: Session, token_hash: str) -> None:
        values = asdict(session) | {"amr": list(session.amr), "token_hash": token_hash}
        self._db.execute(update(sessions).where(sessions.c.sid == session.sid).values(values))

    def touch(self, sid: str, now: int) -> None:
        self._db.execute(update(sessions).where(sessions.c.sid == sid).values(last_seen=now))

    def remove(self, sid: str) -> bool:
        return self._db.execute(delete(sessions).where(sessions.c.sid == sid)).rowcount == 1

    def over(self, *, created_before: int, seen_before: int, limit: int) -> list[Session]:
        over = (sessions.c.created_at < created_before) | (sessions.c.last_seen < seen_before)
        return [_session(row) for row in self._db.execute(select(sessions).where(over).limit(limit))]


def _session(row: Row[Any]) -> Session:
    values: dict[str, Any] = row._asdict()
    del values["token_hash"]
    return Session(**(values | {"amr": tuple(row.amr)}))
