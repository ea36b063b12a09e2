"""Fixtures for every test: databases, SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresMissing, PrivatePostgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the provider of tests/flows keeps its records in; store tests always run on both",
    )


@pytest.fixture(scope="module")
def provider_database(request: pytest.FixtureRequest) -> str:
    """``database_url`` of the provider under test; empty for SQLite in its data folder."""
    if request.config.getoption("--database") == "sqlite":
        return ""
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return server.create_database()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL server; the test fails, never skips, where it is not installed."""
    try:
        server = PrivatePostgres()
    except PostgresMissing as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: PrivatePostgres) -> str:
    """SQLAlchemy URL of the private server's own database."""
    return postgres.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of a fresh, empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: PrivatePostgres = request.getfixturevalue("postgres")
    url = server.create_database()
    yield url
    server.drop_database(url)
