"""Opens a database at the newest migration."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url
from sqlalchemy.exc import DisconnectionError

_MIGRATIONS = Path(__file__).parent / "migrations"
_IDLE = 5.0  # seconds after which a pooled connection may have been cut
HEAD = "0007"  # the newest migration; a test compares


def open_engine(url: str) -> Engine:
    """An engine on a migrated database; ``url`` is SQLAlchemy's, ``sqlite:///...`` or ``postgresql://...``."""
    parsed = make_url(url)
    engine = postgresql_engine(parsed) if parsed.get_backend_name() == "postgresql" else sqlite_engine(url)
    _migrate(engine)
    return engine


def postgresql_engine(url: URL) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    # hide_parameters: an error message must not carry someone's number into a log
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "checkout", _ping_after_idling)
    event.listen(engine, "checkin", _note_use)
    return engine


def sqlite_engine(url: str) -> Engine:
    """Without a pool: threads keep their connections, see links.py."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # BEGIN is sent by _begin_sqlite: IMMEDIATE, so that a writer never fails to upgrade its read lock.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        return  # begun by KeptLinks
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ping_after_idling(connection: Any, record: Any, _proxy: Any) -> None:
    """SQLAlchemy's own ``pool_pre_ping`` asks at every use, which costs as much as a statement."""
    if time.monotonic() - record.info.get("used", time.monotonic()) < _IDLE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error  # the pool opens another one


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
