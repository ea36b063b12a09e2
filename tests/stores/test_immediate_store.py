"""The store of the event loop, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from idp.adapters.vault import Vault
from idp.domain.models import AuthorizationRequest, Client, Interaction, Session
from idp.ports import ImmediateStore, WouldBlock
from idp.store.engine import open_engine
from idp.store.immediate import open_immediate
from idp.store.sql import SqlStore
from tests import loops
from tests.postgres import PrivatePostgres

NOW = 1_800_000_000
VAULT = Vault(b"k" * 32)


@pytest.fixture
def stores(database_url: str) -> Iterator[tuple[SqlStore, ImmediateStore]]:
    engine = open_engine(database_url)
    yield SqlStore(engine, VAULT), open_immediate(database_url, VAULT)
    engine.dispose()


def claim(store: ImmediateStore, key: str) -> bool:
    with store.begin() as tx:
        return tx.challenges.claim(key, NOW + 60)


def test_it_sees_what_the_other_store_committed_and_the_reverse(
    stores: tuple[SqlStore, ImmediateStore],
) -> None:
    usual, immediate = stores
    client = Client("cli-1", "App", (), "none", resources=("https://api.example/",), jwks={"keys": []})
    with usual.begin() as tx:
        tx.clients.add(client, NOW)

    def step() -> Client | None:
        claim(immediate, "jti:1")
        with immediate.read() as tx:
            return tx.clients.get("cli-1")

    assert loops.run(immediate.run(step)) == client
    with usual.begin() as tx:
        assert not tx.challenges.claim("jti:1", NOW + 60)


def test_an_exception_rolls_back(stores: tuple[SqlStore, ImmediateStore]) -> None:
    _, immediate = stores

    def step() -> None:
        with immediate.begin() as tx:
            tx.challenges.claim("jti:1", NOW + 60)
            raise LookupError

    with pytest.raises(LookupError):
        loops.run(immediate.run(step))
    assert loops.run(immediate.run(lambda: claim(immediate, "jti:1")))


def test_on_postgresql_statements_that_are_not_prepared_go_to_a_thread(postgres: PrivatePostgres) -> None:
    """Nothing of the transaction stays."""
    url = postgres.create_database()
    engine = open_engine(url)
    immediate = open_immediate(url, VAULT)

    def step() -> None:
        with immediate.begin() as tx:
            tx.challenges.claim("jti:1", NOW + 60)
            tx.clients.all()

    with pytest.raises(WouldBlock):
        loops.run(immediate.run(step))
    with SqlStore(engine, VAULT).begin() as tx:
        assert tx.challenges.claim("jti:1", NOW + 60)
    engine.dispose()


def test_a_single_use_is_lost_with_all_that_went_with_it(
    stores: tuple[SqlStore, ImmediateStore],
) -> None:
    """The second to write hears of it before its commit, and nothing of its transaction stays."""
    usual, immediate = stores
    with usual.begin() as tx:
        tx.interactions.add(Interaction("int-1", "b" * 64, None, "/account", NOW, NOW + 60))

    def step() -> None:
        with immediate.begin() as tx:
            tx.challenges.claim("jti:rival", NOW + 60)
            tx.interactions.finish("int-1", LookupError())

    loops.run(immediate.run(step))
    with usual.begin() as tx:
        tx.challenges.take("jti:rival", NOW)
    with pytest.raises(LookupError):
        loops.run(immediate.run(step))
    with usual.begin() as tx:
        assert tx.challenges.claim("jti:rival", NOW + 60)


def test_reading_ahead_changes_no_answer(stores: tuple[SqlStore, ImmediateStore]) -> None:
    usual, immediate = stores
    client = Client("cli-1", "App", (), "none")
    request = AuthorizationRequest("cli-1", "https://app.example/cb", ("openid",), None, None, "challenge")
    interaction = Interaction("int-1", "b" * 64, request, "", NOW, NOW + 60)
    with usual.begin() as tx:
        tx.clients.add(client, NOW)
        tx.interactions.add(interaction)

    def step(**wanted: str) -> tuple[Client | None, Interaction | None, Session | None]:
        with immediate.read() as tx:
            tx.ahead(NOW, **wanted)
            return tx.clients.get("cli-1"), tx.interactions.get("int-1"), tx.sessions.by_token("none")

    found = loops.run(immediate.run(step))
    wanted = {"interaction": "int-1", "client_of": "int-1", "session": "none", "code": "none"}
    assert loops.run(immediate.run(partial(step, **wanted))) == found == (client, interaction, None)


def test_attempts_at_the_same_time_never_pass_the_limit(stores: tuple[SqlStore, ImmediateStore]) -> None:
    usual, immediate = stores

    def attempt() -> bool:
        with immediate.begin() as tx:
            return tx.throttle.attempt({"a": 3, "b": 20}, NOW - 60, NOW) is not None

    async def attempts() -> list[bool]:
        return await asyncio.gather(*(immediate.run(attempt) for _ in range(8)))

    assert sum(loops.run(attempts())) == 3
    with usual.read() as tx:
        assert (tx.throttle.failures("a", NOW - 60), tx.throttle.failures("b", NOW - 60)) == (3, 3)


def test_many_steps_at_once(stores: tuple[SqlStore, ImmediateStore]) -> None:
    """Each in a transaction of its own, on one event loop."""
    _, immediate = stores

    async def steps() -> list[bool]:
        keys = [f"jti:{number % 10}" for number in range(40)]
        return await asyncio.gather(*(immediate.run(partial(claim, immediate, key)) for key in keys))

    assert sum(loops.run(steps())) == 10


def test_on_sqlite_it_never_waits_for_another_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'idp.db'}"
    usual = SqlStore(open_engine(url), VAULT)
    immediate = open_immediate(url, VAULT)
    with usual.begin() as tx:
        tx.audit.write("test.held", NOW)
        with pytest.raises(WouldBlock), immediate.begin():
            raise AssertionError("begun while another writer is in")
    assert claim(immediate, "jti:1")


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


def test_a_cancelled_step_leaves_nothing_behind(postgres: PrivatePostgres) -> None:
    """A client that goes away, a server that stops: the transaction is rolled back at once, however often
    the task is cancelled, and the next step gets a connection without a trace of it."""
    url = postgres.create_database()
    engine = open_engine(url)
    usual, immediate = SqlStore(engine, VAULT), open_immediate(url, VAULT)

    def step() -> None:
        with immediate.begin() as tx:
            tx.challenges.claim("jti:own", NOW + 60)
            tx.audit.write("test.cancelled", NOW)
            tx.challenges.claim("jti:held", NOW + 60)  # waits for the holder

    async def cancelled(times: int) -> None:
        task = asyncio.create_task(immediate.run(step))
        await asyncio.sleep(0.2)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task

    async def steps() -> list[bool]:
        with usual.begin() as tx:
            tx.challenges.claim("jti:held", NOW + 60)
            for times in (1, 2, 5) * 5:  # more than the pool has connections
                await cancelled(times)
        return await asyncio.gather(
            *(immediate.run(partial(claim, immediate, f"jti:{n}")) for n in range(20))
        )

    assert all(loops.run(asyncio.wait_for(steps(), 30)))
    with engine.begin() as db:
        for nothing in (
            "pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in t%%'",
            "audit_events WHERE kind = 'test.cancelled'",
        ):
            assert db.exec_driver_sql(f"SELECT count(*) FROM {nothing}").scalar_one() == 0
    with usual.begin() as tx:
        assert tx.challenges.claim("jti:own", NOW + 60)
    engine.dispose()
