"""The private PostgreSQL that the store tests run on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.postgres import PostgresMissing, PrivatePostgres, find_binaries


def test_databases_are_apart_and_go_away(postgres: PrivatePostgres) -> None:
    first, second = postgres.create_database(), postgres.create_database()
    engine = create_engine(first)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
    other = create_engine(second)
    with other.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('only_here')")).scalar() is None
    other.dispose()
    for url in (first, second):
        postgres.drop_database(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(first.replace("+psycopg", ""))
    engine.dispose()


def test_where_it_is_missing_the_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "15" / "bin").mkdir(parents=True)
    with pytest.raises(PostgresMissing, match="apt install postgresql"):
        find_binaries(tmp_path)


def test_the_newest_complete_installation_is_taken(tmp_path: Path) -> None:
    for version, programs in (("9.6", 2), ("15", 2), ("17", 1)):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        for name in ("initdb", "postgres")[:programs]:
            (folder / name).touch()
    assert find_binaries(tmp_path) == tmp_path / "15" / "bin"
