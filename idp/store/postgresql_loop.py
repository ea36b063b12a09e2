"""PostgreSQL from the event loop: asyncpg, which keeps each statement prepared on its connection.

A use case runs in a greenlet, so that the same synchronous code yields to the loop at each statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, make_url
from sqlalchemy.util import await_only, greenlet_spawn

from idp.ports import Result
from idp.store.loop_link import Link
from idp.store.loop_pool import LoopPool


class LoopLinks:
    """Implements ``links.Links`` inside ``run``. Without ``begin`` each statement stands for itself, as it
    does in any transaction at PostgreSQL's usual level, READ COMMITTED."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopPool] = WeakKeyDictionary()

    async def run(self, step: Callable[[], Result]) -> Result:
        return await greenlet_spawn(step)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._link() as link:
            yield cast(Connection, link)
            link.end()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._link(begun=True) as link:
            yield cast(Connection, link)

    @contextmanager
    def _link(self, *, begun: bool = False) -> Iterator[Link]:
        pool = self._pool()
        connection = pool.take() or await_only(pool.wait())
        try:
            yield Link(connection, begun)
        except Exception:
            if connection.is_in_transaction():
                await_only(pool.clean(connection))
            else:
                pool.put_back(connection)
            raise
        except BaseException:  # cancelled while a statement runs
            await_only(pool.clean(connection))
            raise
        pool.put_back(connection)

    def _pool(self) -> LoopPool:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = self._pools[loop] = LoopPool(self._url)
        return pool
