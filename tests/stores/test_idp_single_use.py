"""What may happen once happens once, however many callers come, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from idp.adapters.vault import Vault
from idp.domain.models import Account, Authorization, Client, DeviceCode, Profile, RefreshToken
from idp.ports import Transaction
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from tests.stores.once import Lost, first

NOW = 1_800_000_000
PERSON = Profile("019304000127", "Nguyễn Thị Mai", date(2004, 3, 15), "female", "Việt Nam", "A", "B", "C")
AUTHORIZATION = Authorization(
    "aut-1", "cli-1", "acc-1", None, ("openid",), NOW, ("pwd",), "a", NOW, resources=("https://api/",)
)
REFRESH = RefreshToken("r" * 64, "aut-1", NOW, NOW + 600, cnf={"jkt": "k"})
DEVICE = DeviceCode("d" * 64, "BCDFGHJK", "cli-1", {"scope": ["openid"], "resources": []}, 5, NOW + 60)


@pytest.fixture
def stores(database_url: str) -> Iterator[list[SqlStore]]:
    """Two engines on one database, as two processes have them."""
    engines = [open_engine(database_url) for _ in range(2)]
    made = [SqlStore(engine, Vault(b"k" * 32)) for engine in engines]
    with made[0].begin() as tx:
        tx.clients.add(Client("cli-1", "App", (), "none"), NOW)
        assert tx.accounts.add(Account("acc-1", PERSON, 2, NOW))
        tx.authorizations.add(AUTHORIZATION)
        tx.tokens.add_refresh(REFRESH)
        assert tx.device_codes.add(DEVICE, NOW)
    yield made
    for engine in engines:
        engine.dispose()


def at_once(stores: list[SqlStore], step: Callable[[Transaction], bool]) -> list[bool]:
    """The step in four threads over both engines, each in a transaction of its own."""
    barrier, results = threading.Barrier(4), []

    def run(store: SqlStore) -> None:
        barrier.wait()
        with store.begin() as tx:
            results.append(step(tx))

    threads = [threading.Thread(target=run, args=(stores[n % 2],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_a_refresh_token_is_rotated_once(stores: list[SqlStore]) -> None:
    def use(tx: Transaction) -> bool:
        return first(lambda lost: tx.tokens.use_refresh(REFRESH.token_hash, NOW, lost))

    assert at_once(stores, use) == [False] * 3 + [True]


def test_a_lost_answer_is_replaced_once(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        tx.tokens.use_refresh(REFRESH.token_hash, NOW + 1, Lost())
        tx.tokens.add_refresh(replace(REFRESH, token_hash="s" * 64, issued_at=NOW + 1))
        used = tx.tokens.refresh(REFRESH.token_hash)
    assert used is not None
    assert at_once(stores, lambda tx: tx.tokens.replace_lost(used[0])) == [False] * 3 + [True]
    with stores[1].read() as tx:
        heir = tx.tokens.refresh("s" * 64)
    assert heir is not None
    assert heir[0].used_at == 0  # whoever uses it now betrays that the answer was not lost


def test_no_replacement_once_the_successor_was_used(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        tx.tokens.use_refresh(REFRESH.token_hash, NOW + 1, Lost())
        tx.tokens.add_refresh(replace(REFRESH, token_hash="s" * 64, issued_at=NOW + 1))
        tx.tokens.use_refresh("s" * 64, NOW + 2, Lost())
        used = tx.tokens.refresh(REFRESH.token_hash)
        assert used is not None
        assert not tx.tokens.replace_lost(used[0])


def test_a_proof_is_claimed_once(stores: list[SqlStore]) -> None:
    key = "dpop:" + "k" * 43 + ":" + "j" * 40
    assert at_once(stores, lambda tx: tx.challenges.claim(key, NOW + 60)) == [False] * 3 + [True]
    with stores[0].begin() as tx:
        assert tx.expired.delete("challenges", NOW + 60, [key]) == 0
        assert tx.expired.delete("challenges", NOW + 61, [key]) == 1
        assert tx.challenges.claim(key, NOW + 99)


def test_a_device_is_decided_once_and_served_once(stores: list[SqlStore]) -> None:
    def approve(tx: Transaction) -> bool:
        return tx.device_codes.decide(DEVICE.user_code, NOW, authorization_id="aut-1")

    assert at_once(stores, approve) == [False] * 3 + [True]
    assert at_once(stores, lambda tx: tx.device_codes.use(DEVICE.device_code_hash)) == [False] * 3 + [True]
    with stores[0].read() as tx:
        found = tx.device_codes.get(DEVICE.device_code_hash)
    assert found == replace(DEVICE, state="used", authorization_id="aut-1")


def test_a_device_code_that_is_over_or_taken(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        assert tx.device_codes.pending(DEVICE.user_code, NOW) == DEVICE
        assert tx.device_codes.pending(DEVICE.user_code, NOW + 60) is None
        assert not tx.device_codes.decide(DEVICE.user_code, NOW + 60, authorization_id=None)
        twin = replace(DEVICE, device_code_hash="e" * 64)
        assert not tx.device_codes.add(twin, NOW)
        assert tx.device_codes.add(twin, NOW + 60 + 3601)  # those long over give their codes back
        assert tx.device_codes.get(DEVICE.device_code_hash) is None


def test_a_denied_device(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        tx.device_codes.polled(DEVICE.device_code_hash, NOW, 10)
        assert tx.device_codes.decide(DEVICE.user_code, NOW, authorization_id=None)
        found = tx.device_codes.get(DEVICE.device_code_hash)
        assert found == replace(DEVICE, state="denied", polled_at=NOW, interval=10)


def test_no_replacement_when_all_happened_within_one_second(stores: list[SqlStore]) -> None:
    """The successor was used and has a successor of its own, all at the same time by the clock."""
    with stores[0].begin() as tx:
        for old, new in ((REFRESH.token_hash, "s" * 64), ("s" * 64, "t" * 64)):
            tx.tokens.use_refresh(old, NOW + 1, Lost())
            tx.tokens.add_refresh(replace(REFRESH, token_hash=new, issued_at=NOW + 1))
        used = tx.tokens.refresh(REFRESH.token_hash)
        assert used is not None
        assert not tx.tokens.replace_lost(used[0])
