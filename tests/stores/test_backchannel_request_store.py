"""Backchannel requests, pings, silenced apps and subjects, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from idp.adapters.vault import Vault
from idp.domain.models import Account, AuthorizationRequest, BackchannelRequest, Client, Ping
from idp.ports import Transaction
from idp.store.engine import open_engine
from idp.store.immediate import open_immediate
from idp.store.sql import SqlStore
from tests import loops
from tests.stores.test_idp_single_use import AUTHORIZATION, NOW, PERSON, at_once

ASKED = AuthorizationRequest(
    client_id="cli-1",
    redirect_uri="https://id.example/account/requests/done",
    scope=("openid", "profile"),
    state=None,
    nonce=None,
    code_challenge="",
    prompt=("consent",),
    claims={"id_token": {"acr": {"essential": True}}},
    authorization_details=({"type": "nop_ho_so", "actions": ["nop"]},),
    backchannel="b" * 64,
)
REQUEST = BackchannelRequest(
    "b" * 64, "cli-1", "acc-1", ASKED, "Hồ sơ 12", Ping("mcb_x", "token"), 5, NOW, NOW + 60
)
UNREACHABLE = replace(REQUEST, auth_req_id_hash="c" * 64, account_id=None, ping=None, binding_message=None)


@pytest.fixture
def stores(database_url: str) -> Iterator[list[SqlStore]]:
    """Two engines on one database, as two processes have them."""
    engines = [open_engine(database_url) for _ in range(2)]
    made = [SqlStore(engine, Vault(b"k" * 32)) for engine in engines]
    with made[0].begin() as tx:
        tx.clients.add(Client("cli-1", "App", (), "none"), NOW)
        assert tx.accounts.add(Account("acc-1", PERSON, 2, NOW))
        tx.authorizations.add(AUTHORIZATION)
        tx.backchannel.add(REQUEST)
        tx.backchannel.add(UNREACHABLE)
    yield made
    for engine in engines:
        engine.dispose()


def test_a_request_is_decided_once_and_served_once(stores: list[SqlStore]) -> None:
    key = REQUEST.auth_req_id_hash

    def approve(tx: Transaction) -> bool:
        return tx.backchannel.decide(key, NOW, state="approved", authorization_id="aut-1")

    assert at_once(stores, approve) == [False] * 3 + [True]
    assert at_once(stores, lambda tx: tx.backchannel.use(key)) == [False] * 3 + [True]
    with stores[1].read() as tx:
        assert tx.backchannel.get(key) == replace(REQUEST, state="used", authorization_id="aut-1")


def test_what_waits_for_a_citizen(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        assert tx.backchannel.waiting("acc-1", NOW) == [REQUEST]
        assert tx.backchannel.waiting("acc-1", NOW + 60) == []
        assert not tx.backchannel.decide(
            REQUEST.auth_req_id_hash, NOW + 60, state="denied", authorization_id=None
        )
        assert tx.backchannel.decide(REQUEST.auth_req_id_hash, NOW, state="denied", authorization_id=None)
        assert tx.backchannel.waiting("acc-1", NOW) == []
        assert not tx.backchannel.use(REQUEST.auth_req_id_hash)


def test_a_request_that_reaches_nobody(stores: list[SqlStore]) -> None:
    key = UNREACHABLE.auth_req_id_hash
    with stores[0].begin() as tx:
        tx.backchannel.polled(key, NOW, 10)
    with stores[1].read() as tx:
        assert tx.backchannel.get(key) == replace(UNREACHABLE, polled_at=NOW, interval=10)


def test_nothing_readable_is_stored(stores: list[SqlStore], database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT request FROM backchannel_requests")).all()
    engine.dispose()
    assert len(rows) == 2
    assert not any(secret in str(rows) for secret in ("mcb_x", "token", "Hồ sơ", "nop_ho_so"))


def test_a_ping_is_sent_by_one(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        tx.pings.add("cli-1", REQUEST.auth_req_id_hash, NOW)
    assert at_once(stores, lambda tx: tx.pings.claim(NOW, 60) is not None) == [False] * 3 + [True]
    with stores[0].begin() as tx:
        assert not tx.pings.due(NOW + 59)
        again = tx.pings.claim(NOW + 60, 60)  # whoever had it died
        assert again is not None and again.attempts == 2
        tx.pings.settle(again, state="delivered", result="204", next_attempt_at=NOW, now=NOW + 61)
        (entry,) = tx.pings.log("cli-1")
    assert (entry.state, entry.delivered_at, entry.auth_req_id_hash) == ("delivered", NOW + 61, "b" * 64)


def test_silenced_apps(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        for at in (NOW, NOW + 1):
            tx.silenced.add("acc-1", "cli-1", at)
        assert tx.silenced.of("acc-1") == ["cli-1"]
        tx.silenced.remove("acc-1", "cli-1")
        assert tx.silenced.of("acc-1") == []


def test_subjects_are_remembered_from_anywhere(stores: list[SqlStore]) -> None:
    def remember(tx: Transaction) -> bool:
        tx.subjects.remember("cli-1", "sub", "acc-1")
        return True

    assert at_once(stores, remember) == [True] * 4
    with stores[1].read() as tx:
        assert tx.subjects.account_id("cli-1", "sub") == "acc-1"
        assert tx.subjects.account_id("cli-2", "sub") is None


def test_a_client_takes_everything_with_it(stores: list[SqlStore]) -> None:
    with stores[0].begin() as tx:
        tx.pings.add("cli-1", REQUEST.auth_req_id_hash, NOW)
        tx.silenced.add("acc-1", "cli-1", NOW)
        tx.subjects.remember("cli-1", "sub", "acc-1")
        tx.clients.remove("cli-1")
        assert tx.backchannel.get(REQUEST.auth_req_id_hash) is None
        assert (tx.pings.log(None), tx.silenced.of("acc-1")) == ([], [])
        assert tx.subjects.account_id("cli-1", "sub") is None


def test_a_sign_in_on_the_loop_remembers_the_subject(stores: list[SqlStore], database_url: str) -> None:
    immediate = open_immediate(database_url, Vault(b"k" * 32))

    def step() -> None:
        with immediate.begin() as tx:
            tx.subjects.remember("cli-1", "sub", "acc-1")

    loops.run(immediate.run(step))
    with stores[0].read() as tx:
        assert tx.subjects.account_id("cli-1", "sub") == "acc-1"
