"""The store of the hot protocol endpoints, which run on the event loop itself.

SQLite: a kept connection that never waits for another writer and never checkpoints; a statement takes
microseconds, a thread hop costs more. PostgreSQL: an asynchronous driver, see postgresql_loop.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, make_url

from idp.ports import ImmediateStore, Result
from idp.store.engine import sqlite_engine
from idp.store.links import KeptLinks
from idp.store.profiles import Cipher
from idp.store.sql import SqlStore

if TYPE_CHECKING:
    from idp.store.postgresql_loop import LoopLinks


def open_immediate(url: str, cipher: Cipher) -> ImmediateStore:
    """On a database that ``open_engine`` has migrated."""
    if make_url(url).get_backend_name() == "postgresql":
        from idp.store.postgresql_loop import LoopLinks  # loads its driver only where it is used

        return _OnPostgresql(LoopLinks(url), cipher)
    engine = sqlite_engine(url)
    event.listen(engine, "connect", _never_wait)
    return _OnSqlite(engine, cipher)


class _OnSqlite(SqlStore):
    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        super().__init__(KeptLinks(engine, wait=False), cipher)
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
    def __init__(self, links: LoopLinks, cipher: Cipher) -> None:
        super().__init__(links, cipher)
        self._loop_links = links

    async def run(self, step: Callable[[], Result]) -> Result:
        return await self._loop_links.run(step)

    def tend(self) -> bool:
        return False


def _never_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=0")
    connection.execute("PRAGMA wal_autocheckpoint=0")  # see _OnSqlite.tend
