"""Signed-in browsers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from idp.domain.models import Session
from idp.store.prepared import Prepared
from idp.store.tables import sessions

_ADD = Prepared(insert(sessions))
BY_TOKEN = Prepared(select(sessions).where(sessions.c.token_hash == bindparam("hash")))
_TOUCH = Prepared(
    update(sessions).where(sessions.c.sid == bindparam("id")).values(last_seen=bindparam("now"))
)


class SqlSessions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, session: Session, token_hash: str) -> None:
        values = asdict(session) | {"amr": list(session.amr), "token_hash": token_hash}
        _ADD.later(self._db, **values)

    def by_token(self, token_hash: str) -> Session | None:
        row = BY_TOKEN.first(self._db, hash=token_hash)
        return _session(row) if row else None

    def of_account(self, account_id: str) -> list[Session]:
        mine = select(sessions).where(sessions.c.account_id == account_id)
        rows = self._db.execute(mine.order_by(sessions.c.last_seen.desc()))
        return [_session(row._asdict()) for row in rows]

    def renew(self, session: Session, token_hash: str) -> None:
        values = asdict(session) | {"amr": list(session.amr), "token_hash": token_hash}
        self._db.execute(update(sessions).where(sessions.c.sid == session.sid).values(values))

    def touch(self, sid: str, now: int) -> None:
        _TOUCH.later(self._db, id=sid, now=now)

    def remove(self, sid: str) -> bool:
        return self._db.execute(delete(sessions).where(sessions.c.sid == sid)).rowcount == 1

    def over(self, *, created_before: int, seen_before: int, limit: int) -> list[Session]:
        over = (sessions.c.created_at < created_before) | (sessions.c.last_seen < seen_before)
        rows = self._db.execute(select(sessions).where(over).limit(limit))
        return [_session(row._asdict()) for row in rows]


def _session(values: dict[str, Any]) -> Session:
    del values["token_hash"]
    return Session(**(values | {"amr": tuple(values["amr"])}))
