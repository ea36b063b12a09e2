"""Where sessions live on the server, and how a sign-out elsewhere reaches them.

What is stored is sealed: who reads the database learns neither who is signed in nor how to become them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import ConfigurationError, SessionStoreUnavailable


@dataclass(frozen=True, slots=True)
class Record:
    """One session. key, sub, sid: hashes. Times in seconds since 1970."""

    key: str
    sealed: str
    sub: str
    sid: str | None
    created: float
    expires: float


class SessionStore(Protocol):
    """Safe to share between threads. ``MemoryStore`` for one process, ``SqlStore`` for several.

    Every method may raise SessionStoreUnavailable.
    """

    def read(self, key: str) -> str | None:
        """The sealed session, unless it has ended or expired."""
        ...

    def write(self, record: Record) -> None: ...

    def remove(self, key: str) -> None: ...

    def end(self, *, sub: str | None, sid: str | None, before: float) -> None:
        """Removes what belongs to ``sid``; where that is None, what ``sub`` began up to ``before``."""
        ...


class MemoryStore:
    """Lost with the process; for one process only."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()
        self._clock = clock

    def read(self, key: str) -> str | None:
        record = self._records.get(key)
        return record.sealed if record and record.expires > self._clock() else None

    def write(self, record: Record) -> None:
        with self._lock:
            now = self._clock()
            for key in [key for key, one in self._records.items() if one.expires <= now]:
                del self._records[key]
            self._records[record.key] = record

    def remove(self, key: str) -> None:
        with self._lock:
            self._records.pop(key, None)

    def end(self, *, sub: str | None, sid: str | None, before: float) -> None:
        with self._lock:
            for key, one in list(self._records.items()):
                if one.sid == sid if sid else one.sub == sub and one.created <= before:
                    del self._records[key]


class SqlStore:
    """One table, ``motcham_sessions``, in any database of SQLAlchemy; made at the first use."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Raises ConfigurationError for an unusable ``url`` and where SQLAlchemy is missing."""
        try:
            import sqlalchemy
        except ImportError:
            raise ConfigurationError(
                "store_unavailable", "MOTCHAM_SESSIONS names a database: pip install motcham[sql]"
            ) from None
        from ._session_table import sessions

        try:
            self._engine: Any = sqlalchemy.create_engine(url, hide_parameters=True)
        except (sqlalchemy.exc.ArgumentError, ImportError) as error:
            raise ConfigurationError(
                "store_unavailable", f"MOTCHAM_SESSIONS: {type(error).__name__}"
            ) from None
        self._table = sessions
        self._made = False
        self._clock = clock
        self._sql: Any = sqlalchemy

    def read(self, key: str) -> str | None:
        table = self._table.c
        wanted = self._sql.select(table.sealed).where(table.key == key, table.expires > self._clock())
        with self._begin() as connection:
            sealed: str | None = connection.execute(wanted).scalar_one_or_none()
        return sealed

    def write(self, record: Record) -> None:
        over = self._sql.delete(self._table).where(self._table.c.expires <= self._clock())
        values = {name: getattr(record, name) for name in Record.__slots__}
        with self._begin() as connection:
            connection.execute(over)
            connection.execute(self._sql.insert(self._table).values(values))

    def remove(self, key: str) -> None:
        with self._begin() as connection:
            connection.execute(self._sql.delete(self._table).where(self._table.c.key == key))

    def end(self, *, sub: str | None, sid: str | None, before: float) -> None:
        table = self._table.c
        mine = table.sid == sid if sid else (table.sub == sub) & (table.created <= before)
        with self._begin() as connection:
            connection.execute(self._sql.delete(self._table).where(mine))

    @contextmanager
    def _begin(self) -> Iterator[Any]:
        try:
            if not self._made:
                self._make()
            with self._engine.begin() as connection:
                yield connection
        except self._sql.exc.SQLAlchemyError as error:
            raise SessionStoreUnavailable("session_store_unavailable", type(error).__name__) from error

    def _make(self) -> None:
        try:
            self._table.metadata.create_all(self._engine)
        except self._sql.exc.DatabaseError:  # another process was a moment earlier
            self._table.metadata.create_all(self._engine)
        self._made = True


def open_store(given: str | SessionStore | None) -> SessionStore | None:
    """``memory:`` or the URL of a database; None (and "cookie") for sessions in cookies.

    Raises ConfigurationError.
    """
    if given is None or given in ("", "cookie"):
        return None
    if not isinstance(given, str):
        return given
    return MemoryStore() if given == "memory:" else SqlStore(given)
