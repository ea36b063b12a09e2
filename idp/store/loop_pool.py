"""asyncpg connections of one event loop. asyncpg's own pool makes a task at each return, which costs as much
as a statement."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any

import asyncpg

_CONNECTIONS = 10  # of one process
_IDLE = 300.0  # seconds after which a connection may have been cut


class LoopPool:
    """``take`` and ``put_back`` take no time; ``wait`` and ``clean`` are awaited."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: deque[tuple[float, Any]] = deque()
        self._open = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._cleaning: set[asyncio.Task[None]] = set()

    def take(self) -> Any | None:
        """The connection used last; None: ``wait`` for one."""
        while self._free:
            since, connection = self._free.pop()
            if time.monotonic() - since < _IDLE and not connection.is_closed():
                return connection
            self._drop(connection)
        return None

    async def wait(self) -> Any:
        while True:
            connection = self.take()
            if connection is not None:
                return connection
            if self._open < _CONNECTIONS:
                return await self._connect()
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except BaseException:
                if turn.done() and not turn.cancelled():
                    self._next()  # it was our turn: somebody else takes it
                raise

    def put_back(self, connection: Any) -> None:
        if connection.is_closed():
            self._drop(connection)
        else:
            self._free.append((time.monotonic(), connection))
        self._next()

    async def clean(self, connection: Any) -> None:
        """Puts it back after something that did not end, however often we are cancelled."""
        task = asyncio.get_running_loop().create_task(self._rolled_back(connection))
        self._cleaning.add(task)
        task.add_done_callback(self._cleaning.discard)
        await asyncio.shield(task)

    async def _rolled_back(self, connection: Any) -> None:
        try:
            if not connection.is_closed():
                await connection.execute("ROLLBACK", timeout=10)  # waits for a cancelled statement to end
        except Exception:
            connection.terminate()
        self.put_back(connection)

    async def _connect(self) -> Any:
        self._open += 1
        try:
            connection = await asyncpg.connect(
                self._url,
                statement_cache_size=500,
                max_cached_statement_lifetime=0,
                max_cacheable_statement_size=0,
            )
            # As text: SQLAlchemy writes the JSON itself, and a row that is known is not read again.
            await connection.set_type_codec("json", schema="pg_catalog", encoder=str, decoder=str)
        except BaseException:
            self._open -= 1
            self._next()
            raise
        return connection

    def _drop(self, connection: Any) -> None:
        self._open -= 1
        with suppress(Exception):
            connection.terminate()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
