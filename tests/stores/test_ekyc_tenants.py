"""Keys, quotas and repeated calls on both databases, several callers at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from ekyc.errors import EkycError
from ekyc.store.engine import open_engine
from ekyc.store.idempotency import SqlIdempotencyStore
from ekyc.store.tenants import SqlTenantStore
from ekyc.usecases.idempotency import Idempotency
from ekyc.usecases.tenants import Tenant, Tenants


class Clock:
    now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def tenants(engine: Engine, clock: Clock) -> Tenants:
    return Tenants(SqlTenantStore(engine), clock)


def test_a_key_is_good_until_it_is_revoked(tenants: Tenants, engine: Engine) -> None:
    bank, other = tenants.create("Bank", 5, 2), tenants.create("Other", None, None)
    key, second, foreign = (tenants.issue_key(one.id) for one in (bank, bank, other))
    assert (tenants.of_key(key), tenants.of_key(second), tenants.of_key(foreign)) == (bank, bank, other)
    for wrong in ("", "ekyc__", key[:-1], f"{key}x", f"{key[:21]}_", foreign[:22] + key[22:], "é" * 30):
        assert tenants.of_key(wrong) is None, wrong
    tenants.revoke_key(key.split("_")[1])
    assert (tenants.of_key(key), tenants.of_key(second)) == (None, bank)
    for unknown in (key.split("_")[1], "none"):
        with pytest.raises(EkycError, match="no such key"):
            tenants.revoke_key(unknown)
    with pytest.raises(EkycError, match="no such tenant"):
        tenants.issue_key("ten_none")
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM api_keys")).all())
    assert second.split("_", 2)[2] not in stored


def test_the_last_call_of_a_day_is_given_once(tenants: Tenants, clock: Clock) -> None:
    """Days begin at midnight in Viet Nam (17:00 UTC)."""
    tenant, refused = tenants.create("Bank", 5, None), set()

    def called(_: int) -> bool:
        try:
            tenants.count_call(tenant)
        except EkycError as error:
            refused.add((error.code, error.status))
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(called, range(16))) == 5
    assert refused == {("quota_exceeded", 429)}
    clock.now += timedelta(hours=7, minutes=59)
    assert not called(0)
    clock.now += timedelta(minutes=1)
    assert called(0)
    free = tenants.create("Free", None, None)
    for _ in range(7):
        tenants.count_call(free)


def test_calls_at_the_same_time_are_bounded(tenants: Tenants) -> None:
    tenant, free = Tenant("a", "A", concurrent=2), Tenant("b", "B")
    with tenants.at_work(tenant), tenants.at_work(tenant), tenants.at_work(free):
        with pytest.raises(EkycError, match="quota_exceeded"), tenants.at_work(tenant):
            pass
        with tenants.at_work(free):
            pass
    with tenants.at_work(tenant):
        pass


def test_a_repeated_call_is_done_once(engine: Engine, clock: Clock) -> None:
    calls, done = Idempotency(SqlIdempotencyStore(engine), clock), []

    def work() -> dict[str, int]:
        done.append(1)
        return {"n": len(done)}

    assert calls.once("a", "k", b"1", work) == calls.once("a", '"k"', b"1", work) == {"n": 1}
    with pytest.raises(EkycError, match="idempotency_key_reused"):
        calls.once("a", "k", b"2", work)
    assert calls.once("b", "k", b"2", work) == {"n": 2}  # another tenant's keys are its own
    assert calls.once("a", None, b"1", work) == {"n": 3}
    for bad in ("", " ", "a b", "x" * 256, "é"):
        with pytest.raises(EkycError, match="usage"):
            calls.once("a", bad, b"1", work)
    clock.now += timedelta(hours=24, seconds=1)
    assert calls.once("a", "k", b"2", work) == {"n": 4}


def test_a_personal_answer_is_not_kept(engine: Engine, clock: Clock) -> None:
    calls = Idempotency(SqlIdempotencyStore(engine), clock)
    for _ in range(2):
        answer = calls.once("a", "k", b"1", lambda: {"name": "Đào"}, keep=False)
        assert answer == {"name": "Đào"}
    with engine.connect() as connection:
        assert "o" not in str(connection.execute(text("SELECT answer FROM idempotent_calls")).scalar_one())


def test_a_refusal_and_a_dead_server_free_the_key(engine: Engine, clock: Clock) -> None:
    store = SqlIdempotencyStore(engine)
    calls = Idempotency(store, clock)

    def refuse() -> dict[str, int]:
        raise EkycError("verification_incomplete")

    with pytest.raises(EkycError, match="verification_incomplete"):
        calls.once("a", "k", b"1", refuse)

    def again() -> dict[str, int]:
        with pytest.raises(EkycError, match="idempotency_key_in_use"):
            calls.once("a", "k", b"1", refuse)
        clock.now += timedelta(minutes=3)  # whoever had it has died
        return calls.once("a", "k", b"1", lambda: {"n": 2})

    assert calls.once("a", "k", b"1", again) == {"n": 2}
