"""The provider's store, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from idp.adapters.signer import JwtSigner
from idp.adapters.vault import Vault
from idp.domain.models import (
    AccessToken,
    Account,
    Authorization,
    AuthorizationCode,
    AuthorizationRequest,
    Client,
    Enrolment,
    Grant,
    Interaction,
    Passkey,
    Profile,
    RefreshToken,
    Session,
)
from idp.store.engine import HEAD, open_engine
from idp.store.expired import KINDS
from idp.store.keys import SqlKeys
from idp.store.sql import SqlStore
from idp.store.tables import metadata
from tests.stores.once import first

NOW = 1_800_000_000
PROFILE = Profile(
    "019304000127",
    "Nguyễn Thị Mai Đào",
    date(2004, 3, 15),
    "female",
    "Việt Nam",
    "Thái Nguyên",
    "Phú Bình",
    "Tổ 5",
)
ACCOUNT = Account("acc-1", PROFILE, 2, NOW)
CLIENT = Client("cli-1", "Dịch vụ công", ("https://a.example/cb",), "client_secret_basic", operator="Tỉnh")
REQUEST = AuthorizationRequest(
    "cli-1", "https://a.example/cb", ("openid",), "s", None, "x" * 43, prompt=("login",), max_age=5
)
AUTHORIZATION = Authorization(
    "aut-1", "cli-1", "acc-1", "sid", ("openid",), NOW, ("pwd",), "a", NOW, nonce="n", claims={"userinfo": {}}
)
CODE = AuthorizationCode("h" * 64, "aut-1", "https://a.example/cb", "x" * 43, NOW + 60)
ACCESS = AccessToken("jti", "aut-1", ("openid",), ("https://i",), NOW, NOW + 60, cnf={"jkt": "k"})
REFRESH = RefreshToken("r" * 64, "aut-1", NOW, NOW + 600)
ENROLMENT = Enrolment("enr-1", "b" * 64, "check", "front", ("blink", "turn_left"), NOW, NOW + 999)


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    engine = open_engine(database_url)
    yield SqlStore(engine, Vault(b"k" * 32))
    engine.dispose()


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    with store.begin() as tx:
        tx.clients.add(CLIENT, NOW)
        assert tx.accounts.add(ACCOUNT)
    return store


def test_a_client_comes_back_as_it_was(filled: SqlStore) -> None:
    rich = replace(
        CLIENT, client_id="cli-2", scope=("openid",), request_uris=("https://a/r",), profile="fapi2"
    )
    with filled.begin() as tx:
        tx.clients.add(rich, NOW)
        assert tx.clients.get("cli-1") == CLIENT
        assert tx.clients.get("cli-2") == rich
        tx.clients.update(replace(rich, name="Tên mới", scope=None))
        assert tx.clients.get("cli-2") == replace(rich, name="Tên mới", scope=None)
        tx.clients.remove("cli-2")
        assert tx.clients.get("cli-2") is None


def test_an_account_is_found_by_number_and_is_unreadable_in_the_table(
    filled: SqlStore, database_url: str
) -> None:
    with filled.read() as tx:
        assert tx.accounts.by_number(PROFILE.number) == ACCOUNT
        assert tx.accounts.by_number("019304000128") is None
    with open_engine(database_url).connect() as db:
        row = db.exec_driver_sql("SELECT number_hash, profile FROM accounts").one()
    assert PROFILE.number not in row[0]
    assert PROFILE.number.encode() not in bytes(row[1])


def test_one_number_has_one_account(filled: SqlStore) -> None:
    with filled.begin() as tx:
        assert not tx.accounts.add(replace(ACCOUNT, account_id="acc-2"))
        assert tx.accounts.count() == 1


def test_two_enrolments_at_the_same_time_make_one_account(store: SqlStore) -> None:
    results: list[bool] = []
    barrier = threading.Barrier(2)

    def add(name: str) -> None:
        barrier.wait()
        with store.begin() as tx:
            results.append(tx.accounts.add(replace(ACCOUNT, account_id=name)))

    threads = [threading.Thread(target=add, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]


def test_credentials_are_kept_and_forgotten(filled: SqlStore) -> None:
    passkey = Passkey(b"\x01\x02", "acc-1", b"key", 1)
    with filled.begin() as tx:
        tx.accounts.set_password("acc-1", "first")
        tx.accounts.set_password("acc-1", "second")
        tx.accounts.add_passkey(passkey, NOW)
        tx.accounts.used_passkey(b"\x01\x02", 7)
    with filled.begin() as tx:
        assert tx.accounts.password_hash("acc-1") == "second"
        assert tx.accounts.passkey(b"\x01\x02") == replace(passkey, sign_count=7)
        tx.accounts.remove_credentials("acc-1")
        assert tx.accounts.password_hash("acc-1") is None
        assert tx.accounts.passkeys("acc-1") == []


def test_an_interaction_is_finished_once(store: SqlStore) -> None:
    interaction = Interaction("int-1", "b" * 64, REQUEST, "", NOW, NOW + 60)
    with store.begin() as tx:
        tx.interactions.add(interaction)
    with store.begin() as tx:
        assert tx.interactions.get("int-1") == interaction
        tx.interactions.mark_authenticated("int-1", NOW + 1)
        assert tx.interactions.get("int-1") == replace(interaction, authenticated_at=NOW + 1)
        assert first(lambda lost: tx.interactions.finish("int-1", lost))
        assert not first(lambda lost: tx.interactions.finish("int-1", lost))
        assert tx.interactions.get("int-1") is None


def test_a_challenge_is_taken_once_and_in_time(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.challenges.put("a", b"one", NOW + 10)
        tx.challenges.put("a", b"two", NOW + 10)
        assert tx.challenges.take("a", NOW) == b"two"
        assert tx.challenges.take("a", NOW) is None
        tx.challenges.put("b", b"late", NOW - 1)
        assert tx.challenges.take("b", NOW) is None
        assert tx.challenges.claim("jti", NOW + 10)
        assert not tx.challenges.claim("jti", NOW + 10)


def test_a_code_is_redeemed_by_exactly_one_of_many(filled: SqlStore) -> None:
    with filled.begin() as tx:
        tx.authorizations.add(AUTHORIZATION)
        tx.authorizations.add_code(CODE)
    winners: list[AuthorizationCode] = []

    def redeem() -> None:
        with suppress(LookupError), filled.begin() as tx:
            tx.authorizations.use_code(CODE.code_hash, NOW, LookupError())
            code, used = tx.authorizations.code(CODE.code_hash) or (None, False)
            assert code and used
            winners.append(code)

    threads = [threading.Thread(target=redeem) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert winners == [CODE]


def test_tokens_die_with_their_authorization(filled: SqlStore) -> None:
    with filled.begin() as tx:
        tx.authorizations.add(AUTHORIZATION)
        assert tx.authorizations.get("aut-1") == AUTHORIZATION
        assert tx.authorizations.of_session("sid") == [AUTHORIZATION]
        tx.tokens.add_access(ACCESS)
        assert tx.tokens.access("jti", NOW) == (ACCESS, AUTHORIZATION)
        assert tx.tokens.access("jti", NOW + 60) is None
        assert tx.authorizations.revoke("aut-1", NOW)
        assert not tx.authorizations.revoke("aut-1", NOW)
        assert tx.tokens.access("jti", NOW) is None


def test_what_apps_may_still_do(filled: SqlStore) -> None:
    detailed = replace(AUTHORIZATION, authorization_details=({"type": "t"},))
    with filled.begin() as tx:
        tx.authorizations.add(detailed)
        tx.authorizations.add(replace(AUTHORIZATION, authorization_id="aut-2"))
        tx.tokens.add_access(replace(ACCESS, token_id="other", authorization_id="aut-2"))
        assert tx.authorizations.with_details("acc-1", NOW) == []
        tx.tokens.add_access(ACCESS)
        assert tx.authorizations.with_details("acc-1", NOW) == [detailed]
        assert tx.authorizations.with_details("acc-1", NOW + 60) == []
        tx.tokens.add_refresh(REFRESH)
        assert tx.authorizations.with_details("acc-1", NOW + 60) == [detailed]
        tx.authorizations.revoke("aut-1", NOW)
        assert tx.authorizations.with_details("acc-1", NOW) == []


def test_one_token_is_revoked_alone(filled: SqlStore) -> None:
    with filled.begin() as tx:
        tx.authorizations.add(AUTHORIZATION)
        tx.tokens.add_access(ACCESS)
        tx.tokens.add_access(replace(ACCESS, token_id="other"))
        tx.tokens.revoke_access("jti", NOW)
        assert tx.tokens.access("jti", NOW) is None
        assert tx.tokens.access("other", NOW) is not None


def test_a_refresh_token_is_rotated_once(filled: SqlStore) -> None:
    with filled.begin() as tx:
        tx.authorizations.add(AUTHORIZATION)
        tx.tokens.add_refresh(REFRESH)
        assert tx.tokens.refresh(REFRESH.token_hash) == (REFRESH, AUTHORIZATION)
        assert first(lambda lost: tx.tokens.use_refresh(REFRESH.token_hash, NOW + 1, lost))
        assert not first(lambda lost: tx.tokens.use_refresh(REFRESH.token_hash, NOW + 2, lost))
        assert tx.tokens.refresh(REFRESH.token_hash) == (replace(REFRESH, used_at=NOW + 1), AUTHORIZATION)


def test_what_is_over_is_purged(filled: SqlStore) -> None:
    with filled.begin() as tx:
        tx.authorizations.add(AUTHORIZATION)
        tx.tokens.add_access(ACCESS)
        tx.tokens.add_refresh(REFRESH)
        assert tx.expired.find("authorizations", NOW + 700, 9) == []  # a refresh token hangs on it
        for kind, key in (("access_tokens", ACCESS.token_id), ("refresh_tokens", REFRESH.token_hash)):
            assert tx.expired.find(kind, NOW, 9) == []
            assert tx.expired.find(kind, NOW + 700, 9) == [key]
            assert tx.expired.delete(kind, NOW + 700, [key]) == 1
        assert tx.expired.find("authorizations", NOW + 700, 9) == ["aut-1"]
        assert tx.expired.delete("authorizations", NOW, ["aut-1"]) == 0  # not over by then
        assert tx.expired.delete("authorizations", NOW + 700, ["aut-1"]) == 1
        assert tx.authorizations.get("aut-1") is None


def test_grants_grow_and_are_withdrawn(filled: SqlStore) -> None:
    grant = Grant("acc-1", "cli-1", None, frozenset({"openid"}), NOW)
    wide = Grant("acc-1", None, "Tỉnh", frozenset({"openid"}), NOW)
    with filled.begin() as tx:
        tx.grants.add(grant)
        tx.grants.add(replace(grant, scope=frozenset({"profile"})))
        tx.grants.add(wide)
        assert tx.grants.of("acc-1") == (replace(grant, scope=frozenset({"openid", "profile"})), wide)
        tx.grants.revoke("acc-1", client_id="cli-1", operator=None)
        assert tx.grants.of("acc-1") == (wide,)


def test_a_session_is_found_by_its_token_only(filled: SqlStore) -> None:
    session = Session("sid", "acc-1", NOW, ("pwd",), NOW, NOW)
    with filled.begin() as tx:
        tx.sessions.add(session, "t" * 64)
        tx.sessions.touch("sid", NOW + 5)
        assert tx.sessions.by_token("t" * 64) == replace(session, last_seen=NOW + 5)
        assert tx.sessions.by_token("u" * 64) is None
        assert tx.sessions.remove("sid")
        assert not tx.sessions.remove("sid")
        assert tx.sessions.by_token("t" * 64) is None


def test_an_enrolment_moves_once_from_each_state(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.enrolments.add(ENROLMENT)
        later = replace(ENROLMENT, state="waiting", profile=PROFILE, level=2, code="face_mismatch")
        assert tx.enrolments.update(later, was="front")
        assert not tx.enrolments.update(later, was="front")
        assert tx.enrolments.open_of("b" * 64, NOW) == later
        assert tx.enrolments.in_state("waiting") == [later]
        assert tx.enrolments.open_of("b" * 64, NOW + 1000) is None
        assert tx.enrolments.update(replace(later, state="done", profile=None), was="waiting")
        assert tx.enrolments.open_of("b" * 64, NOW) is None


def test_a_failed_transaction_leaves_nothing(store: SqlStore) -> None:
    def fail() -> None:
        with store.begin() as tx:
            tx.clients.add(CLIENT, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as tx:
        assert tx.clients.all() == []


def test_failures_are_counted_in_their_window(store: SqlStore) -> None:
    with store.begin() as tx:
        for at in (NOW - 100, NOW - 10, NOW):
            tx.throttle.record("k", at)
        assert tx.throttle.failures("k", NOW - 50) == 2
        tx.throttle.clear("k")
        assert tx.throttle.failures("k", 0) == 0


def test_an_admin_link_works_once(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.admins.add_link("t" * 64, NOW + 10)
        assert tx.admins.link_is_open("t" * 64, NOW)
        assert not tx.admins.link_is_open("t" * 64, NOW + 10)
        assert tx.admins.use_link("t" * 64, NOW)
        assert not tx.admins.use_link("t" * 64, NOW)
        tx.admins.set_password("admin", "h")
        tx.admins.add_session("s" * 64, "admin", NOW + 10)
        assert tx.admins.session("s" * 64, NOW) == "admin"
        assert tx.admins.session("s" * 64, NOW + 10) is None


def test_signing_keys_survive_a_restart(database_url: str) -> None:
    engine = open_engine(database_url)
    keys = SqlKeys(engine, Vault(b"k" * 32))
    first = JwtSigner(keys, issuer="https://i.example", clock=lambda: NOW)
    token = first.sign({"iss": "https://i.example", "iat": 1, "exp": 4_000_000_000}, alg="ES256")
    second = JwtSigner(keys, issuer="https://i.example", clock=lambda: NOW + 1)
    assert second.verify(token, typ="JWT", audience=None)["iat"] == 1
    assert second.jwks() == first.jwks()
    engine.dispose()


def test_what_nobody_finished_is_found_and_the_rest_purged(filled: SqlStore) -> None:
    session = Session("sid", "acc-1", NOW, ("pwd",), NOW, NOW)
    with filled.begin() as tx:
        tx.enrolments.add(ENROLMENT)
        assert tx.enrolments.expired(NOW + 998, 9) == []
        assert tx.enrolments.expired(NOW + 999, 9) == [ENROLMENT]
        assert tx.enrolments.expired(NOW + 999, 0) == []
        tx.sessions.add(session, "t" * 64)
        assert tx.sessions.over(created_before=NOW, seen_before=NOW, limit=9) == []
        assert tx.sessions.over(created_before=NOW, seen_before=NOW + 1, limit=9) == [session]
        assert tx.sessions.over(created_before=NOW + 1, seen_before=NOW, limit=9) == [session]
        tx.deliveries.add("cli-1", "acc-1", "sid", NOW)
        assert tx.expired.find("logout_deliveries", NOW + 1, 9) == []  # still to be sent
        records = [tx.throttle.record("k", NOW) for _ in range(3)]
        assert tx.expired.find("failures", NOW, 9) == []
        assert tx.expired.find("failures", NOW + 1, 2) == records[:2]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_looked_for(filled: SqlStore, kind: str) -> None:
    with filled.begin() as tx:
        assert tx.expired.find(kind, 0, 9) == []
        assert tx.expired.delete(kind, 0, []) == 0


def test_the_migrations_make_exactly_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()
