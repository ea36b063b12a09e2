"""Connections for transactions: from a pool, or on SQLite one kept by each thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from idp.ports import WouldBlock

_QUEUE = 10.0  # seconds; then SQLite says whether another process is the one that writes


class Links(Protocol):
    """Each call is one transaction: committed at the end, rolled back when an exception passes through."""

    def begin(self) -> AbstractContextManager[Connection]: ...
    def read(self) -> AbstractContextManager[Connection]: ...


class PooledLinks:
    """PostgreSQL: a connection from the engine's pool for each transaction. What only reads needs none: at
    its usual level, READ COMMITTED, each statement stands for itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    def begin(self) -> AbstractContextManager[Connection]:
        return self._engine.begin()

    def read(self) -> AbstractContextManager[Connection]:
        return self._reading.connect()


class KeptLinks:
    """SQLite: taking a connection from a pool and giving it back costs more than a statement, so each thread
    keeps one. A second transaction inside a first one gets a connection of its own.

    Writers of one process queue at a lock: SQLite's own way to wait is to look again and again.
    """

    def __init__(self, engine: Engine, *, wait: bool = True) -> None:
        """wait: for another writer; if not, WouldBlock is raised."""
        self._engine = engine
        self._wait = wait
        self._kept = threading.local()
        self._writing = threading.Lock()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        queued = self._wait and self._writing.acquire(timeout=_QUEUE)
        try:
            # IMMEDIATE, so that a writer never fails to upgrade its read lock
            with self._transaction("BEGIN IMMEDIATE") as connection:
                yield connection
        finally:
            if queued:
                self._writing.release()

    def read(self) -> AbstractContextManager[Connection]:
        return self._transaction("BEGIN")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        connection = self._kept.__dict__.pop("connection", None) or self._engine.connect()
        driver: Any = connection.connection.driver_connection
        try:
            self._begin(driver, begin)
            yield connection
            driver.execute("COMMIT")
        finally:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            connection.rollback()  # SQLAlchemy's own view of it; the driver has nothing left to do
            self._kept.connection = connection

    def _begin(self, driver: sqlite3.Connection, begin: str) -> None:
        try:
            driver.execute(begin)
        except sqlite3.OperationalError as error:
            if not self._wait and error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise WouldBlock from error
            raise
