"""Connections for transactions: from a pool, or on SQLite one kept by each thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine


class PooledLinks:
    """A connection from the engine's pool for each transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self) -> AbstractContextManager[Connection]:
        return self._engine.begin()

    def read(self) -> AbstractContextManager[Connection]:
        return self._engine.connect()


class KeptLinks:
    """SQLite: taking a connection from a pool and giving it back costs more than a statement, so each thread
    keeps one. A second transaction inside a first one gets a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept = threading.local()

    def begin(self) -> AbstractContextManager[Connection]:
        # IMMEDIATE, so that a writer never fails to upgrade its read lock
        return self._transaction("BEGIN IMMEDIATE")

    def read(self) -> AbstractContextManager[Connection]:
        return self._transaction("BEGIN")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        connection = self._kept.__dict__.pop("connection", None) or self._engine.connect()
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(begin)
            yield connection
            driver.execute("COMMIT")
        finally:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            connection.rollback()  # SQLAlchemy's own view of it; the driver has nothing left to do
            self._kept.connection = connection
