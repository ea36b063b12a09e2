"""The audit trail and the counters of failed attempts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from idp.store.prepared import Prepared
from idp.store.profiles import Cipher
from idp.store.tables import audit_events, failures

_WRITE = Prepared(insert(audit_events))
_LOCK = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"))
_RECORD = Prepared(insert(failures).returning(failures.c.id))
_FORGIVE = Prepared(delete(failures).where(failures.c.id == bindparam("number")))
_CLEAR = Prepared(delete(failures).where(failures.c.key == bindparam("key")))
_FAILURES = Prepared(
    select(func.count().label("count"))
    .select_from(failures)
    .where((failures.c.key == bindparam("key")) & (failures.c.at > bindparam("since")))
)


class SqlAudit:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def write(self, kind: str, now: int, *, account_id: str | None = None, **detail: Any) -> None:
        _WRITE.add(self._db, at=now, kind=kind, account_id=account_id, detail=detail)


class SqlThrottle:
    """Keys hold personal numbers and addresses, so only their keyed hash is stored."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def lock(self, key: str) -> None:
        if self._db.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            _LOCK.run(self._db, key=self._hash(key))

    def failures(self, key: str, since: int) -> int:
        row = _FAILURES.first(self._db, key=self._hash(key), since=since)
        return row["count"] if row else 0

    def record(self, key: str, now: int) -> int:
        row = _RECORD.first(self._db, key=self._hash(key), at=now)
        assert row
        return int(row["id"])

    def forgive(self, ids: list[int]) -> None:
        for number in ids:
            _FORGIVE.run(self._db, number=number)

    def clear(self, key: str) -> None:
        _CLEAR.run(self._db, key=self._hash(key))

    def _hash(self, key: str) -> str:
        return self._cipher.fingerprint("throttle", key)
