"""Pieces of pictures and kept answers, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from idp.adapters.vault import Vault
from idp.domain.upload import Upload
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from idp.store.tables import upload_parts

NOW = 1_800_000_000
UPLOAD = Upload("upl-1", "enr-1", "front", "k" * 64, 12, 0, 0, NOW + 600)


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    engine = open_engine(database_url)
    store = SqlStore(engine, Vault(b"k" * 32))
    with store.begin() as tx:
        tx.uploads.add(UPLOAD)
    yield store
    engine.dispose()


def _at_once(count: int, act: Callable[[], bool]) -> int:
    """How many of so many threads were told True."""
    told: list[bool] = []
    threads = [threading.Thread(target=lambda: told.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == count
    return sum(told)


def test_pieces_come_back_whole_and_are_unreadable_in_the_table(store: SqlStore, database_url: str) -> None:
    with store.begin() as tx:
        assert tx.uploads.append(UPLOAD, b"mat truoc", NOW + 700)
        grown = tx.uploads.get("upl-1", NOW)
        assert grown == replace(UPLOAD, received=9, parts=1, expires_at=NOW + 700)
        assert tx.uploads.append(grown, b"the", NOW + 700)
        assert not tx.uploads.append(grown, b"the", NOW + 700)  # the same piece once more
        whole = tx.uploads.of("enr-1", NOW)
        assert whole is not None and whole.complete
        assert tx.uploads.content(whole) == b"mat truocthe"
        assert tx.uploads.total(NOW) == 12
    engine = open_engine(database_url)
    with engine.connect() as db:
        assert all(b"truoc" not in bytes(data) for data in db.scalars(select(upload_parts.c.data)))
    engine.dispose()
    with store.begin() as tx:
        tx.uploads.remove_of("enr-1")
        assert tx.uploads.get("upl-1", NOW) is None
    with store.read() as tx:
        assert tx.uploads.content(whole) == b""


def test_one_of_many_equal_pieces_is_taken(store: SqlStore) -> None:
    def append() -> bool:
        with store.begin() as tx:
            return tx.uploads.append(UPLOAD, b"abc", NOW + 600)

    assert _at_once(6, append) == 1
    with store.read() as tx:
        grown = tx.uploads.get("upl-1", NOW)
        assert grown is not None and tx.uploads.content(grown) == b"abc"


def test_what_is_over_is_found_by_nobody_and_purged_with_its_pieces(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.uploads.append(UPLOAD, b"abc", NOW + 600)
    with store.begin() as tx:
        assert tx.uploads.get("upl-1", NOW + 600) is None
        assert tx.uploads.total(NOW + 600) == 0
        assert tx.expired.delete("uploads", NOW + 601, tx.expired.find("uploads", NOW + 601, 10)) == 1
        assert tx.uploads.content(UPLOAD) == b""


def test_an_answer_is_claimed_once_and_again_after_its_lease(store: SqlStore) -> None:
    def claim(now: int = NOW) -> bool:
        with store.begin() as tx:
            return tx.answers.claim("key", now, lease=90, expires_at=now + 600)

    assert _at_once(6, claim) == 1
    assert not claim(NOW + 89)
    assert _at_once(6, lambda: claim(NOW + 90)) == 1  # whoever worked on it is gone
    with store.begin() as tx:
        tx.answers.keep("key", {"code": None})
        tx.answers.release("key")  # an answer stays
    assert not claim(NOW + 500)
    with store.read() as tx:
        assert tx.answers.get("key") == {"code": None}
