"""Statements of the hot paths: compiled once a dialect, then run straight on the driver.

SQLAlchemy describes them and converts the values; only its work per call is left out, which costs more than
SQLite itself (docs/performance.md). The driver keeps the statement prepared, by its text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, Connection, Dialect, Insert

Made = TypeVar("Made")
_MOST = 1000  # rows remembered

Convert = Callable[[Any], Any] | None
Done = tuple[list[Any], int]  # the rows, how many rows were changed
_OnDriver = Callable[[Connection, str, Any, bool], Done]


class Prepared:
    """One statement. Values go in by the names of its ``bindparam``s; an insert takes every column."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._compiled: dict[type[Dialect], _Compiled] = {}

    def first(self, db: Connection, **values: Any) -> dict[str, Any] | None:
        """The only row, or None."""
        compiled = self.compiled(db.dialect)
        rows, _ = compiled.run(db, values)
        return compiled.row(rows[0]) if rows else None

    def all(self, db: Connection, **values: Any) -> list[dict[str, Any]]:
        compiled = self.compiled(db.dialect)
        return [compiled.row(row) for row in compiled.run(db, values)[0]]

    def run(self, db: Connection, **values: Any) -> int:
        """How many rows it changed."""
        return self.compiled(db.dialect).run(db, values)[1]

    def later(self, db: Connection, *, lost: Exception | None = None, **values: Any) -> None:
        """A write that nobody looks at before the transaction ends. ``lost`` is raised, here or there, where
        it does not change exactly one row."""
        done = self.compiled(db.dialect).later(db, values, lost)
        if lost is not None and done != 1:
            raise lost

    def compiled(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(type(dialect))
        if compiled is None:
            compiled = self._compiled[type(dialect)] = _Compiled(self._statement, dialect)
        return compiled


class Remembered(Generic[Made]):
    """What rows were made into. A row is read every time, and made into something again when it changed."""

    def __init__(self, statement: Prepared, make: Callable[[dict[str, Any]], Made]) -> None:
        self._statement = statement
        self._make = make
        self._made: dict[str, tuple[tuple[Any, ...], Made]] = {}

    def get(self, db: Connection, key: str) -> Made | None:
        """``key`` is the statement's only value, ``id``."""
        compiled = self._statement.compiled(db.dialect)
        rows, _ = compiled.run(db, {"id": key})
        if not rows:
            return None
        row, known = tuple(rows[0]), self._made.get(key)
        if known is not None and known[0] == row:
            return known[1]
        if len(self._made) >= _MOST:
            self._made.clear()
        made = self._make(compiled.row(row))
        self._made[key] = row, made
        return made


class _Compiled:
    def __init__(self, statement: Any, dialect: Dialect) -> None:
        keys = _given_keys(statement.table) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        binds = compiled.binds
        names = compiled.positiontup if compiled.positional else list(binds)
        self.sql = str(compiled)
        self._positional = bool(compiled.positional)
        self._binds: list[tuple[str, Convert]] = [
            (name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
        ]
        self._constants = {
            name: bind.value for name, bind in binds.items() if bind.value is not None and not bind.required
        }
        columns = getattr(statement, "exported_columns", ())
        self.names = [column.key for column in columns]
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        if dialect.is_async:  # its driver hands JSON over as text, see loop_pool.py
            readers = [
                json.loads if isinstance(column.type, JSON) else reader
                for column, reader in zip(columns, readers, strict=True)
            ]
        self._readers: list[tuple[str, Any]] = [
            (name, reader) for name, reader in zip(self.names, readers, strict=True) if reader
        ]
        self._on_driver: _OnDriver = _on_sqlite
        if dialect.name == "postgresql":
            self._on_driver = _on_loop if dialect.is_async else _on_psycopg

    def run(self, db: Connection, values: dict[str, Any]) -> Done:
        return self._on_driver(db, self.sql, self.sent(values), bool(self.names))

    def later(self, db: Any, values: dict[str, Any], lost: Exception | None) -> int:
        if self._on_driver is not _on_loop:
            return self.run(db, values)[1]
        db.later(self.sql, self.sent(values), lost)
        return 1

    def sent(self, values: dict[str, Any]) -> Any:
        given = self._constants | values
        sent = {name: _converted(given[name], convert) for name, convert in self._binds}
        return list(sent.values()) if self._positional else sent

    def row(self, row: Any) -> dict[str, Any]:
        values = dict(zip(self.names, row, strict=True))
        for name, reader in self._readers:
            if values[name] is not None:
                values[name] = reader(values[name])
        return values


def _given_keys(table: Any) -> list[str]:
    """Every column that the database does not number itself."""
    return [column.key for column in table.columns if column is not table.autoincrement_column]


def _converted(value: Any, convert: Convert) -> Any:
    return convert(value) if convert and value is not None else value


def _on_sqlite(db: Connection, sql: str, values: list[Any], _: bool) -> Done:
    cursor = db.connection.driver_connection.execute(sql, values)  # type: ignore[union-attr]
    return cursor.fetchall(), cursor.rowcount


def _on_psycopg(db: Connection, sql: str, values: dict[str, Any], returns_rows: bool) -> Done:
    cursor = db.connection.driver_connection.execute(sql, values, prepare=True)  # type: ignore[union-attr]
    return (cursor.fetchall() if returns_rows else []), cursor.rowcount


def _on_loop(db: Any, sql: str, values: list[Any], returns_rows: bool) -> Done:
    done: Done = db.run(sql, values, returns_rows)
    return done
