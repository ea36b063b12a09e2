"""Opens a database at the newest migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, make_url

_MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0003"  # the newest migration; a test compares


def open_engine(url: str) -> Engine:
    """An engine on a migrated database; ``url`` is SQLAlchemy's, ``sqlite:///...`` or ``postgresql://...``."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    on_postgresql = parsed.get_backend_name() == "postgresql"
    # hide_parameters: an error message must not carry someone's number into a log
    if on_postgresql:
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    else:  # threads keep theirs: see links.py
        engine = create_engine(parsed, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_up_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    _migrate(engine)
    return engine


def set_up_sqlite(connection: Any, _record: Any) -> None:
    # BEGIN is sent by begin_sqlite: IMMEDIATE, so that a writer never fails to upgrade its read lock.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        return  # begun by KeptLinks
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    if _revision(engine) == HEAD:
        return
    from alembic import command  # a third of a second to import, needed once a version
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two processes may start at the same time
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4023170)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    with engine.connect().execution_options(read_only=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
