"""What a repository gets for a Connection on the event loop: each statement is a message to PostgreSQL and
back, so those that can go together do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.util import await_only

from idp.ports import WouldBlock

_PARAMETER = re.compile(r"\$(\d+)")
_TABLE = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


@dataclass(frozen=True, slots=True)
class _Write:
    """``lost``: raised where it did not change exactly one row."""

    sql: str
    values: list[Any]
    lost: Exception | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A statement asked before its turn. Its rows answer ``serves``, whose only value is their last column
    where that is another statement."""

    sql: str
    values: list[Any]
    width: int  # columns
    serves: str
    many: bool = False  # rows; at most one of those that are asked together


class Link:
    """It runs prepared statements. Whatever else it is asked for, the use case has to be done again in a
    worker thread."""

    dialect = dialect()  # type: ignore[no-untyped-call]

    def __init__(self, connection: Any, begun: bool) -> None:
        self._connection = connection
        self._begun = begun
        self._pending: list[_Write] = []
        self._asked: set[str] = set()  # statements; values of others may be lists
        self._answers: dict[tuple[Any, ...], list[Any]] = {}

    def run(self, sql: str, values: list[Any], returns_rows: bool) -> tuple[list[Any], int]:
        """The rows, and how many rows were changed."""
        rows = self._answers.pop((sql, *values), None) if self._answers and sql in self._asked else None
        if rows is not None:
            return rows, len(rows)
        return await_only(self._run(sql, values, returns_rows))

    def later(self, sql: str, values: list[Any], lost: Exception | None = None) -> None:
        """A write that goes out with the next ones, at the latest at the end."""
        if _changes_what_waits(sql, self._pending):
            await_only(self._begin_and_flush())
        self._pending.append(_Write(sql, values, lost))

    def ahead(self, wanted: list[Ahead]) -> None:
        """One message for all of them."""
        await_only(self._ahead(wanted))

    def end(self) -> None:
        if self._begun or self._pending:
            await_only(self._end())

    async def _run(self, sql: str, values: list[Any], returns_rows: bool) -> tuple[list[Any], int]:
        if self._pending or not sql.startswith("SELECT"):
            await self._begin_and_flush()
        if returns_rows:
            rows = await self._connection.fetch(sql, *values)
            return rows, len(rows)
        status = await self._connection.execute(sql, *values)
        return [], int(status.rsplit(" ", 1)[1])

    async def _ahead(self, wanted: list[Ahead]) -> None:
        sql = _side_by_side(tuple(one.sql for one in wanted))
        rows = await self._connection.fetch(sql, *(value for one in wanted for value in one.values))
        self._asked.update(one.serves for one in wanted)
        at = 0
        for one in wanted:
            found = [row[at + 1 : at + 1 + one.width] for row in rows if row[at] is not None]
            at += one.width + 1
            found = found if one.many else found[:1]
            if one.sql == one.serves:
                self._answers[(one.sql, *one.values)] = found
            elif found:
                self._answers[(one.serves, found[0][-1])] = [row[:-1] for row in found]

    async def _begin_and_flush(self) -> None:
        if not self._begun:
            self._begun = True
            await self._connection.execute("BEGIN")
        await self._flush()

    async def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if not pending:
            return
        sql = _in_one(tuple((write.sql, write.lost is not None) for write in pending))
        try:
            await self._connection.execute(sql, *(value for write in pending for value in write.values))
        except asyncpg.DivisionByZeroError:
            raise next(write.lost for write in pending if write.lost is not None) from None

    async def _end(self) -> None:
        await self._flush()  # the only statement: a transaction of its own
        if self._begun:
            await self._connection.execute("COMMIT")

    def __getattr__(self, name: str) -> Any:
        raise WouldBlock


def _changes_what_waits(sql: str, pending: list[_Write]) -> bool:
    """Parts of one statement do not see each other's rows."""
    return not sql.startswith("INSERT") and any(
        _table(write.sql) == _table(sql) and not sql.startswith("DELETE") for write in pending
    )


@lru_cache
def _table(sql: str) -> str:
    found = _TABLE.match(sql)
    assert found
    return found[1]


def _numbered_on(statements: list[str]) -> list[str]:
    offset, texts = 0, []
    for sql in statements:
        texts.append(_PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", sql))  # type: ignore[misc]
        offset += len(set(_PARAMETER.findall(sql)))
    return texts


@lru_cache(1000)
def _in_one(statements: tuple[tuple[str, bool], ...]) -> str:
    """Writes as common table expressions; foreign keys are checked at the end of the whole statement.

    Those marked must change one row: dividing by a count of none undoes all of it.
    """
    texts = _numbered_on([sql for sql, _ in statements])
    if len(texts) == 1 and not statements[0][1]:
        return texts[0]
    parts = [f"{sql} RETURNING 1" if once else sql for sql, (_, once) in zip(texts, statements, strict=True)]
    checks = [f"1 / (SELECT count(*) FROM w{n})" for n, (_, once) in enumerate(statements) if once]  # noqa: S608
    return f"WITH {_named('w', parts)} SELECT {', '.join(checks) or '1'}"


@lru_cache(1000)
def _side_by_side(statements: tuple[str, ...]) -> str:
    """Each one's columns after a mark that is null where it found nothing."""
    joins = "".join(
        f" LEFT JOIN (SELECT 1 AS here, s.* FROM ({sql}) AS s) AS q{n} ON true"  # noqa: S608
        for n, sql in enumerate(_numbered_on(list(statements)))
    )
    columns = ", ".join(f"q{n}.*" for n in range(len(statements)))
    return f"SELECT {columns} FROM (SELECT 1) AS one{joins}"  # noqa: S608


def _named(letter: str, parts: list[str]) -> str:
    return ", ".join(f"{letter}{n} AS ({sql})" for n, sql in enumerate(parts))
