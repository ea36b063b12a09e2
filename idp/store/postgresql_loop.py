"""PostgreSQL from the event loop: asyncpg, which keeps each statement prepared on its connection.

A use case runs in a greenlet, so that the same synchronous code yields to the loop at each statement.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import Connection, make_url
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.util import await_only, greenlet_spawn

from idp.ports import Result, WouldBlock

_CONNECTIONS = 10  # of one process
_PARAMETER = re.compile(r"\$(\d+)")


class LoopLinks:
    """Implements ``links.Links`` inside ``run``. Without ``begin`` each statement stands for itself, as it
    does in any transaction at PostgreSQL's usual level, READ COMMITTED."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncpg.Pool] = WeakKeyDictionary()

    async def run(self, step: Callable[[], Result]) -> Result:
        await self._pool()
        return await greenlet_spawn(step)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._link() as link:
            try:
                yield cast(Connection, link)
                link.end("COMMIT")
            except BaseException:
                link.end("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._link(begun=True) as link:
            yield cast(Connection, link)

    @contextmanager
    def _link(self, *, begun: bool = False) -> Iterator[_Link]:
        pool = self._pools[asyncio.get_running_loop()]
        connection = await_only(pool.acquire())
        try:
            yield _Link(connection, begun)
        finally:
            await_only(pool.release(connection))

    async def _pool(self) -> asyncpg.Pool:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = await asyncpg.create_pool(
                self._url, min_size=0, max_size=_CONNECTIONS, init=_set_up, reset=_nothing_to_reset
            )
            self._pools[loop] = pool
        return pool


class _Link:
    """What a repository gets for a Connection: it runs prepared statements. Whatever else it is asked for,
    the use case has to be done again in a worker thread."""

    dialect = dialect()  # type: ignore[no-untyped-call]

    def __init__(self, connection: Any, begun: bool) -> None:
        self._connection = connection
        self._begun = begun
        self._pending: list[tuple[str, list[Any]]] = []

    def run(self, sql: str, values: list[Any], returns_rows: bool) -> tuple[list[Any], int]:
        """The rows, and how many rows were changed."""
        return await_only(self._run(sql, values, returns_rows))

    def later(self, sql: str, values: list[Any]) -> None:
        """An insert that goes out with the next ones, at the latest at the end."""
        self._pending.append((sql, values))

    def end(self, how: str) -> None:
        await_only(self._end(how))

    async def _run(self, sql: str, values: list[Any], returns_rows: bool) -> tuple[list[Any], int]:
        writes = not sql.startswith("SELECT")
        if (writes or self._pending) and not self._begun:
            self._begun = True
            await self._connection.execute("BEGIN")
        await self._flush()
        if returns_rows:
            rows = await self._connection.fetch(sql, *values)
            return rows, len(rows)
        status = await self._connection.execute(sql, *values)
        return [], int(status.rsplit(" ", 1)[1])

    async def _flush(self) -> None:
        if self._pending:
            sql = _in_one(tuple(sql for sql, _ in self._pending))
            values = [value for _, values in self._pending for value in values]
            self._pending.clear()
            await self._connection.execute(sql, *values)

    async def _end(self, how: str) -> None:
        if how == "COMMIT":
            await self._flush()  # the only statement: a transaction of its own
        if self._begun:
            await self._connection.execute(how)

    def __getattr__(self, name: str) -> Any:
        raise WouldBlock


@lru_cache
def _in_one(statements: tuple[str, ...]) -> str:
    """Inserts in one statement, each but the last as a common table expression, parameters numbered on.
    Foreign keys are checked at its end."""
    offset, texts = 0, []
    for sql in statements:
        count = len(set(_PARAMETER.findall(sql)))
        texts.append(_PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", sql))  # type: ignore[misc]
        offset += count
    before = ", ".join(f"w{n} AS ({sql})" for n, sql in enumerate(texts[:-1]))
    return f"WITH {before} {texts[-1]}" if before else texts[-1]


async def _set_up(connection: Any) -> None:
    # SQLAlchemy writes the JSON itself.
    await connection.set_type_codec("json", schema="pg_catalog", encoder=str, decoder=json.loads)


async def _nothing_to_reset(_connection: Any) -> None:
    """Nothing here outlives a transaction."""
