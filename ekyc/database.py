"""Opens a database of this package at its newest schema: the engine's own, and the mock registry's."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = {"read_only": True}  # execution option: a plain BEGIN, so that readers do not queue


def open_migrated(url: str, migrations: Path, lock: int) -> Engine:
    """Connect to ``sqlite:///...`` or ``postgresql[+psycopg]://...`` and migrate to head.

    migrations: the script folder of Alembic. lock: a constant of its own, so that on PostgreSQL one
    process migrates at a time.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    on_postgresql = parsed.get_backend_name() == "postgresql"
    # hide_parameters: an error message must not carry someone's number into a log
    engine = create_engine(parsed, pool_pre_ping=on_postgresql, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    _migrate(engine, migrations, lock)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # busy_timeout first: switching to WAL may have to wait for another process
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA secure_delete=ON")  # a deleted picture is overwritten, not only forgotten
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _migrate(engine: Engine, migrations: Path, lock: int) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
