"""Writes that meet a row which another transaction wrote just now: none of the two fails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def put(db: Connection, table: Table, **values: Any) -> None:
    """Inserts the row, or replaces the one with its primary key."""
    keys = [column.name for column in table.primary_key]
    statement = _INSERT[db.dialect.name](table).values(values)
    rest = {name: statement.excluded[name] for name in values if name not in keys}
    db.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def add_if_missing(db: Connection, table: Table, **values: Any) -> bool:
    """Inserts the row where none with its keys is there. False: one is."""
    statement = _INSERT[db.dialect.name](table).values(values).on_conflict_do_nothing()
    added = db.execute(statement, execution_options={"preserve_rowcount": True})
    return added.rowcount == 1
