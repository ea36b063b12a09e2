"""The store of the hot protocol endpoints, which run on the event loop itself.

SQLite: a kept connection that never waits for another writer and never checkpoints; a statement takes
microseconds, a thread hop costs more. PostgreSQL: an asynchronous driver; the use case runs in a greenlet
that yields to the loop at each statement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, event, make_url
from sqlalchemy.util import greenlet_spawn

from idp.ports import ImmediateStore, Result
from idp.store.engine import begin_sqlite, set_up_sqlite
from idp.store.links import KeptLinks
from idp.store.profiles import Cipher
from idp.store.sql import SqlStore


def open_immediate(url: str, cipher: Cipher) -> ImmediateStore:
    """On a database that ``open_engine`` has migrated."""
    if make_url(url).get_backend_name() == "postgresql":
        return _OnPostgresql(_async_engine(url), cipher)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", set_up_sqlite)
    event.listen(engine, "connect", _never_wait)
    event.listen(engine, "begin", begin_sqlite)
    return _OnSqlite(engine, cipher)


class _OnSqlite(SqlStore):
    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        super().__init__(engine, cipher, KeptLinks(engine, wait=False))
        self._engine = engine

    async def run(self, step: Callable[[], Result]) -> Result:
        return step()

    def tend(self) -> bool:
        """Moves the log into the database file: this syncs the disk, so never on the event loop."""
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return False


class _OnPostgresql(SqlStore):
    async def run(self, step: Callable[[], Result]) -> Result:
        return await greenlet_spawn(step)

    def tend(self) -> bool:
        return False


def _async_engine(url: str) -> Engine:
    from sqlalchemy.ext.asyncio import create_async_engine

    parsed = make_url(url).set(drivername="postgresql+psycopg_async")
    return create_async_engine(parsed, pool_pre_ping=True, hide_parameters=True).sync_engine


def _never_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA wal_autocheckpoint=0")  # see _OnSqlite.tend
