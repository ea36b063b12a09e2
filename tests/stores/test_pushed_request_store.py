"""Pushed requests, changed interactions and renewed proofs, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from idp.adapters.vault import Vault
from idp.domain.models import (
    Account,
    AuthorizationRequest,
    Client,
    Interaction,
    Profile,
    Proofing,
    PushedRequest,
)
from idp.store.engine import open_engine
from idp.store.sql import SqlStore

NOW = 1_800_000_000
NUMBER = "019304000127"
PROFILE = Profile(NUMBER, "Mai Đào", date(2004, 3, 15), "female", "Việt Nam", "A", "B", "C")
REQUEST = AuthorizationRequest("cli-1", "https://a.example/cb", ("openid",), "s", None, "x" * 43)
PUSHED = PushedRequest("h" * 64, "cli-1", {"login_hint": NUMBER, "scope": "openid"}, NOW + 90)


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    engine = open_engine(database_url)
    store = SqlStore(engine, Vault(b"k" * 32))
    with store.begin() as tx:
        tx.clients.add(Client("cli-1", "App", ("https://a.example/cb",), "none"), NOW)
    yield store
    engine.dispose()


def test_a_pushed_request_comes_back_until_it_is_used_or_over(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.pushed.add(PUSHED)
    with store.read() as tx:
        assert tx.pushed.get(PUSHED.request_uri_hash, NOW) == PUSHED
        assert tx.pushed.get(PUSHED.request_uri_hash, NOW + 90) is None
    with store.begin() as tx:
        assert tx.pushed.use(PUSHED.request_uri_hash, NOW) is True
        assert tx.pushed.get(PUSHED.request_uri_hash, NOW) is None


def test_exactly_one_of_many_uses_it(store: SqlStore) -> None:
    """RFC 9126, section 7.3."""
    with store.begin() as tx:
        tx.pushed.add(PUSHED)
    winners: list[bool] = []

    def race() -> None:
        with store.begin() as tx:
            winners.append(tx.pushed.use(PUSHED.request_uri_hash, NOW))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(winners) == [False] * 7 + [True]


def test_an_interaction_keeps_its_changed_request(store: SqlStore) -> None:
    request = replace(
        REQUEST, login_hint=NUMBER, acr_values=("vn-ekyc-2",), claims={"userinfo": {"name": None}}
    )
    interaction = Interaction("i-1", "b" * 64, request, "", NOW, NOW + 60)
    with store.begin() as tx:
        tx.interactions.add(interaction)
        assert tx.interactions.get("i-1") == interaction
        changed = replace(interaction, request=replace(request, acr_values=()))
        tx.interactions.change_request(changed)
        assert tx.interactions.get("i-1") == changed


def test_a_renewed_proof_replaces_the_old(store: SqlStore) -> None:
    proof = Proofing("remote-unattended", NOW, "t-2", ("face",))
    with store.begin() as tx:
        tx.accounts.add(Account("a-1", PROFILE, 1, NOW, Proofing("in-person", NOW, "t-1")))
        tx.accounts.prove("a-1", PROFILE, 2, proof)
        assert tx.accounts.get("a-1") == Account("a-1", PROFILE, 2, NOW, proof)
