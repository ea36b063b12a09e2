"""Two tabs that write the same thing at the same time: both succeed, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from idp.adapters.vault import Vault
from idp.domain.models import Grant
from idp.ports import Transaction
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from tests.stores.racing import NOW, ROUNDS, key, prepare

TABS = 3


def consent(number: int, scope: str) -> Grant:
    return Grant("acc", key("client", number), None, frozenset({scope}), NOW)


WRITES: dict[str, Callable[[Transaction, int], Any]] = {
    "first consent": lambda tx, n: tx.grants.add(consent(n, "openid")),
    "silenced app": lambda tx, n: tx.silenced.add("acc", key("client", n), NOW),
    "options of a passkey": lambda tx, n: tx.challenges.put(key("get", n), b"c", NOW + 60),
    "code to an address": lambda tx, n: tx.contact_codes.put("acc", "email", "a@b.vn", "123456", NOW + 60),
    "password": lambda tx, n: tx.accounts.set_password("acc", f"hash {n}"),
}


@pytest.fixture
def stores(database_url: str) -> Iterator[list[SqlStore]]:
    """One for each tab, as if each was served by a process of its own."""
    engines = [open_engine(database_url) for _ in range(TABS)]
    made = [SqlStore(engine, Vault(b"k" * 32)) for engine in engines]
    with made[0].begin() as tx:
        prepare(tx)
    yield made
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("name", WRITES)
def test_nobody_gets_an_error(stores: list[SqlStore], name: str) -> None:
    barrier = Barrier(TABS)

    def write(store: SqlStore) -> None:
        for number in range(ROUNDS):
            barrier.wait(30)
            with store.begin() as tx:
                WRITES[name](tx, number)

    with ThreadPoolExecutor(TABS) as pool:
        list(pool.map(write, stores))


def test_no_consent_is_lost(stores: list[SqlStore]) -> None:
    """Two tabs of one app, each with a scope of its own."""
    barrier = Barrier(TABS)

    def agree(tab: int) -> None:
        for number in range(ROUNDS):
            barrier.wait(30)
            with stores[tab].begin() as tx:
                tx.grants.add(consent(number, f"scope {tab}"))

    with ThreadPoolExecutor(TABS) as pool:
        list(pool.map(agree, range(TABS)))
    with stores[0].read() as tx:
        given = {grant.client_id: grant.scope for grant in tx.grants.of("acc")}
    wanted = frozenset(f"scope {tab}" for tab in range(TABS))
    assert given == {key("client", number): wanted for number in range(ROUNDS)}
