"""Writes that meet a row which another transaction wrote just now: none of the two fails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table


def _insert(db: Connection, table: Table) -> Any:
    """The database's own INSERT; only the dialect in use is loaded."""
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def put(db: Connection, table: Table, **values: Any) -> None:
    """Inserts the row, or replaces the one with its primary key."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(db, table).values(values)
    rest = {name: statement.excluded[name] for name in values if name not in keys}
    db.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def add_if_missing(db: Connection, table: Table, **values: Any) -> bool:
    """Inserts the row where none with its keys is there. False: one is."""
    statement = _insert(db, table).values(values).on_conflict_do_nothing()
    added = db.execute(statement, execution_options={"preserve_rowcount": True})
    return added.rowcount == 1
