"""The store of the event loop, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from idp.adapters.vault import Vault
from idp.domain.models import Client
from idp.ports import ImmediateStore, WouldBlock
from idp.store.engine import open_engine
from idp.store.immediate import open_immediate
from idp.store.sql import SqlStore

NOW = 1_800_000_000
VAULT = Vault(b"k" * 32)


@pytest.fixture
def stores(database_url: str) -> Iterator[tuple[SqlStore, ImmediateStore]]:
    engine = open_engine(database_url)
    yield SqlStore(engine, VAULT), open_immediate(database_url, VAULT)
    engine.dispose()


def name_of(store: ImmediateStore) -> str | None:
    with store.read() as tx:
        client = tx.clients.get("cli-1")
    return client.name if client else None


def add(store: ImmediateStore, name: str) -> None:
    with store.begin() as tx:
        tx.clients.add(Client("cli-1", name, (), "none", resources=("https://api.example/",)), NOW)


def test_it_sees_what_the_other_store_committed_and_the_reverse(
    stores: tuple[SqlStore, ImmediateStore],
) -> None:
    usual, immediate = stores

    async def steps() -> str | None:
        await immediate.run(lambda: add(immediate, "App"))
        return await immediate.run(lambda: name_of(immediate))

    assert asyncio.run(steps()) == "App"
    with usual.read() as tx:
        client = tx.clients.get("cli-1")
    assert client is not None
    assert client.resources == ("https://api.example/",)


def test_an_exception_rolls_back(stores: tuple[SqlStore, ImmediateStore]) -> None:
    _, immediate = stores

    def step() -> None:
        with immediate.begin() as tx:
            tx.clients.add(Client("cli-1", "App", (), "none"), NOW)
            raise LookupError

    async def steps() -> str | None:
        with pytest.raises(LookupError):
            await immediate.run(step)
        return await immediate.run(lambda: name_of(immediate))

    assert asyncio.run(steps()) is None


def test_many_steps_at_once(stores: tuple[SqlStore, ImmediateStore]) -> None:
    """Each in a transaction of its own, on one event loop."""
    _, immediate = stores

    def step(number: int) -> bool:
        with immediate.begin() as tx:
            return tx.challenges.claim(f"jti:{number % 10}", NOW + 60)

    async def steps() -> list[bool]:
        todo = [immediate.run(lambda n=number: step(n)) for number in range(40)]  # type: ignore[misc]
        return await asyncio.gather(*todo)

    assert sum(asyncio.run(steps())) == 10


def test_on_sqlite_it_never_waits_for_another_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'idp.db'}"
    usual = SqlStore(open_engine(url), VAULT)
    immediate = open_immediate(url, VAULT)
    with usual.begin() as tx:
        tx.audit.write("test.held", NOW)
        with pytest.raises(WouldBlock), immediate.begin():
            raise AssertionError("begun while another writer is in")
    add(immediate, "App")
    assert name_of(immediate) == "App"


def test_on_sqlite_it_leaves_checkpoints_to_its_keeper(tmp_path: Path) -> None:
    """They sync the disk, which would stop the loop; without any the log would grow for ever."""
    url, log = f"sqlite:///{tmp_path / 'idp.db'}", tmp_path / "idp.db-wal"
    engine = open_engine(url)
    immediate = open_immediate(url, VAULT)

    def write() -> None:
        for _ in range(1200):
            with immediate.begin() as tx:
                tx.audit.write("test.written", NOW)

    write()
    grown = log.stat().st_size
    assert grown > 1000 * 4096  # SQLite's own threshold: somebody else would have checkpointed by now
    for _ in range(2):
        immediate.tend()
        write()
    assert log.stat().st_size < 1.2 * grown
    engine.dispose()
