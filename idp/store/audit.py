"""The audit trail and the counters of failed attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Text, bindparam, delete, func, insert, select, text

from idp.store.prepared import Prepared
from idp.store.profiles import Cipher
from idp.store.tables import audit_events, failures

_WRITE = Prepared(insert(audit_events))
_LOCK = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"))
_ATTEMPT = Prepared(  # its own transaction on the event loop: a SELECT begins none there
    select(
        func.record_attempt(
            bindparam("keys", type_=ARRAY(Text)),
            bindparam("limits", type_=ARRAY(BigInteger)),
            bindparam("since", type_=BigInteger),
            bindparam("now", type_=BigInteger),
            type_=ARRAY(BigInteger),
        ).label("ids")
    )
)
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
        _WRITE.later(self._db, at=now, kind=kind, account_id=account_id, detail=detail)


class SqlThrottle:
    """Keys hold personal numbers and addresses, so only their keyed hash is stored."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def attempt(self, limits: Mapping[str, int], since: int, now: int) -> list[int] | None:
        hashed = {self._hash(key): limit for key, limit in limits.items()}
        if self._db.dialect.name == "postgresql":
            given = {"keys": list(hashed), "limits": list(hashed.values())}
            row = _ATTEMPT.first(self._db, **given, since=since, now=now)
            return row["ids"] if row else None
        if any(self._failures(key, since) >= limit for key, limit in hashed.items()):
            return None
        return [self._record(key, now) for key in hashed]  # it has one writer at a time

    def lock(self, key: str) -> None:
        if self._db.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            _LOCK.run(self._db, key=self._hash(key))

    def failures(self, key: str, since: int) -> int:
        return self._failures(self._hash(key), since)

    def _failures(self, hashed: str, since: int) -> int:
        row = _FAILURES.first(self._db, key=hashed, since=since)
        return row["count"] if row else 0

    def record(self, key: str, now: int) -> int:
        return self._record(self._hash(key), now)

    def _record(self, hashed: str, now: int) -> int:
        row = _RECORD.first(self._db, key=hashed, at=now)
        assert row
        return int(row["id"])

    def forgive(self, ids: list[int]) -> None:
        for number in ids:
            _FORGIVE.later(self._db, number=number)

    def clear(self, key: str) -> None:
        _CLEAR.later(self._db, key=self._hash(key))

    def _hash(self, key: str) -> str:
        return self._cipher.fingerprint("throttle", key)
