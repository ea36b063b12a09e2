"""Codes, proven addresses and messages on their way, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from cryptography.exceptions import InvalidTag

from idp.adapters.vault import Vault
from idp.domain.contact import CODE_TRIES, Message
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from tests.stores.test_idp_store import ACCOUNT, NOW

PHONE = "+84912345678"
MESSAGE = Message("phone", PHONE, "", "Mã 123456")


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    engine = open_engine(database_url)
    store = SqlStore(engine, Vault(b"k" * 32))
    with store.begin() as tx:
        tx.accounts.add(ACCOUNT)
        tx.contact_codes.put("acc-1", "phone", PHONE, "123456", NOW + 600)
    yield store
    engine.dispose()


def _at_once(count: int, act: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_proven_address_comes_back_and_is_unreadable_in_the_table(
    store: SqlStore, database_url: str
) -> None:
    with store.begin() as tx:
        tx.accounts.set_contact("acc-1", "phone", PHONE)
        tx.accounts.set_contact("acc-1", "email", "mai@example.vn")
        account = tx.accounts.get("acc-1")
        assert account is not None and (account.phone, account.email) == (PHONE, "mai@example.vn")
        tx.messages.add(MESSAGE, NOW, NOW + 600)
    with open_engine(database_url).connect() as db:
        for table in ("accounts", "contact_codes", "messages"):
            row = db.exec_driver_sql(f"SELECT * FROM {table}").one()
            assert not [v for v in row if "912345678" in str(v) or "123456" in str(v)], table
    with store.begin() as tx:
        tx.accounts.set_contact("acc-1", "phone", None)
        account = tx.accounts.get("acc-1")
        assert account is not None and (account.phone, account.email) == (None, "mai@example.vn")


def test_an_address_cannot_be_moved_to_another_row(store: SqlStore, database_url: str) -> None:
    """The encryption is bound to account and channel."""
    with store.begin() as tx:
        tx.accounts.set_contact("acc-1", "phone", PHONE)
    with open_engine(database_url).begin() as db:
        db.exec_driver_sql("UPDATE accounts SET email = phone")
    with pytest.raises(InvalidTag), store.read() as tx:
        tx.accounts.get("acc-1")


def test_tries_are_counted_and_a_new_code_starts_again(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.contact_codes.pending("acc-1", "phone", NOW) == PHONE
        assert tx.contact_codes.pending("acc-1", "email", NOW) is None
        for _ in range(CODE_TRIES):
            assert tx.contact_codes.redeem("acc-1", "phone", "000000", NOW) is None
        assert tx.contact_codes.redeem("acc-1", "phone", "123456", NOW) is None
        assert tx.contact_codes.pending("acc-1", "phone", NOW) is None
        tx.contact_codes.put("acc-1", "phone", "+84999999999", "654321", NOW + 600)
        assert tx.contact_codes.redeem("acc-1", "phone", "123456", NOW) is None
        assert tx.contact_codes.redeem("acc-1", "phone", "654321", NOW) == "+84999999999"


def test_a_code_is_over_in_time_and_purged(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.contact_codes.redeem("acc-1", "phone", "123456", NOW + 600) is None
        assert tx.expired.find("contact_codes", NOW + 600, 5) == []
        found = tx.expired.find("contact_codes", NOW + 601, 5)
        assert tx.expired.delete("contact_codes", NOW + 601, found) == 1


def test_exactly_one_of_many_redeems_a_code(store: SqlStore) -> None:
    got: list[str | None] = []

    def redeem() -> None:
        with store.begin() as tx:
            got.append(tx.contact_codes.redeem("acc-1", "phone", "123456", NOW))

    _at_once(4, redeem)
    assert got.count(PHONE) == 1


def test_two_codes_asked_for_at_once_leave_one(store: SqlStore) -> None:
    def put() -> None:
        with store.begin() as tx:
            tx.contact_codes.put("acc-1", "email", "mai@example.vn", "111111", NOW + 600)

    _at_once(4, put)
    with store.begin() as tx:
        assert tx.contact_codes.redeem("acc-1", "email", "111111", NOW) == "mai@example.vn"
        assert tx.contact_codes.redeem("acc-1", "email", "111111", NOW) is None


def test_a_message_goes_to_one_sender_and_comes_back_when_it_dies(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.messages.add(MESSAGE, NOW, NOW + 600)
    claimed: list[tuple[int, int, Message]] = []

    def claim() -> None:
        with store.begin() as tx:
            if found := tx.messages.claim(NOW, 60):
                claimed.append(found)

    _at_once(4, claim)
    assert [(attempts, message) for _, attempts, message in claimed] == [(1, MESSAGE)]
    with store.begin() as tx:
        assert not tx.messages.due(NOW + 59)
        again = tx.messages.claim(NOW + 60, 60)
        assert again is not None and again[1] == 2
        tx.messages.postpone(again[0], NOW + 599)
        assert tx.messages.due(NOW + 599)
        assert not tx.messages.due(NOW + 600)  # out of date
        assert tx.expired.find("messages", NOW + 600, 5) == []
        assert tx.expired.find("messages", NOW + 601, 5) == [again[0]]


def test_a_sent_message_is_gone(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.messages.add(MESSAGE, NOW, NOW + 600)
        claimed = tx.messages.claim(NOW, 60)
        assert claimed is not None
        tx.messages.remove(claimed[0])
        assert not tx.messages.due(NOW + 500)
