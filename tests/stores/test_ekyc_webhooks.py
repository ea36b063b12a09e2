"""Webhooks on both databases: written with the decision, delivered by one, retried, given up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from ekyc.errors import EkycError
from ekyc.liveness.judge import start
from ekyc.store.engine import open_engine
from ekyc.store.verifications import SqlVerificationStore
from ekyc.store.webhooks import SqlWebhookStore
from ekyc.usecases.deliver_webhooks import LEASE, Deliveries
from ekyc.usecases.record import Closing, Conflict, Record
from ekyc.usecases.webhooks import MAX_ENDPOINTS, Webhooks
from ekyc.webhooks.message import GIVEN_UP, MAX_ATTEMPTS, decided, delay, expired

KEY = b"k" * 32
URL = "https://app.example/hook"


class Clock:
    now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Receiver:
    """Stands where the network is: remembers what was posted and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = "204"

    def post(self, url: str, headers: dict[str, str], body: bytes) -> str:
        self.got.append((url, headers, body))
        return self.answer


class Installation:
    def __init__(self, engine: Engine) -> None:
        self.clock, self.receiver = Clock(), Receiver()
        self.verifications = SqlVerificationStore(engine)
        self.store = SqlWebhookStore(engine)
        self.webhooks = Webhooks(self.store, self.clock, KEY, private=False)
        self.deliveries = Deliveries(self.store, self.receiver, self.clock, KEY)

    def record(self, name: str, tenant: str = "ten_a") -> Record:
        made = Record(name, self.clock.now, start(("blink",), 0), tenant=tenant)
        self.verifications.insert(made)
        return made

    def decide(self, record: Record) -> None:
        body = decided(record.id, "accept", self.clock.now)
        closing = Closing(self.clock.now, "v" * 64, {"minimum_age": 14}, body)
        self.verifications.save(record, record, closing=closing)

    def deliver_all(self) -> int:
        count = 0
        while self.deliveries.deliver_next():
            count += 1
        return count


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def here(engine: Engine) -> Installation:
    return Installation(engine)


def test_a_decision_and_its_message_are_one_write(here: Installation, engine: Engine) -> None:
    endpoint, _ = here.webhooks.create("ten_a", URL)
    here.webhooks.create("ten_b", URL)
    record = here.record("ver_1")
    here.decide(record)
    with pytest.raises(Conflict):  # decided by somebody else meanwhile: nothing is told twice
        here.decide(record)
    assert here.deliver_all() == 1
    ((url, headers, body),) = here.receiver.got
    assert url == URL
    assert json.loads(body) == {
        "type": "verification.accepted",
        "timestamp": here.clock.now.isoformat(),
        "data": {"id": "ver_1", "verdict": "accept"},
    }
    (message,) = here.webhooks.log("ten_a", endpoint.id)
    assert (message.id, message.state, message.attempts) == (headers["webhook-id"], "delivered", 1)
    assert (message.last_result, message.delivered_at) == ("204", here.clock.now)
    assert here.verifications.policy("v" * 64) == {"minimum_age": 14}
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM webhook_endpoints")).all())
    assert "whsec" not in stored


def test_nobody_decided_in_time(here: Installation) -> None:
    here.webhooks.create("ten_a", URL)
    here.record("ver_old")
    late = here.clock.now + timedelta(days=2)
    for _ in range(2):
        here.verifications.purge(
            late,
            undecided=late - timedelta(days=1),
            decided=late,
            frames=late,
            failures=late,
            expired=lambda verification_id: expired(verification_id, late),
        )
    here.clock.now = late
    assert here.deliver_all() == 1
    assert json.loads(here.receiver.got[0][2])["data"] == {"id": "ver_old"}
    assert json.loads(here.receiver.got[0][2])["type"] == "verification.expired"


def test_failures_are_tried_again_later_and_later_then_given_up(here: Installation) -> None:
    endpoint, _ = here.webhooks.create("ten_a", URL)
    here.decide(here.record("ver_1"))
    here.receiver.answer = "500"
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert here.deliver_all() == 1
        (message,) = here.webhooks.log("ten_a", endpoint.id)
        assert (message.attempts, message.last_result) == (attempt, "500")
        waits.append(message.next_attempt_at - here.clock.now)
        here.clock.now = message.next_attempt_at
    assert message.state == "dead"
    for attempt, wait in enumerate(waits[:-1], 1):
        assert delay(attempt, 0) <= wait <= delay(attempt, 1)
    assert timedelta(days=1) < sum(waits[:-1], timedelta()) < timedelta(days=4)
    assert here.deliver_all() == 0
    assert {headers["webhook-id"] for _, headers, _ in here.receiver.got} == {message.id}

    here.receiver.answer = "200"
    here.webhooks.send_again("ten_a", endpoint.id, message.id)
    assert here.deliver_all() == 1
    (message,) = here.webhooks.log("ten_a", endpoint.id)
    assert (message.state, message.attempts) == ("delivered", 1)
    (after,) = here.webhooks.listed("ten_a")
    assert (after.failing_since, after.disabled_at) == (None, None)


@pytest.mark.parametrize("answer", ["500", "302", "ConnectError", "199", "2000"])
def test_an_endpoint_that_fails_for_days_is_disabled(here: Installation, answer: str) -> None:
    endpoint, _ = here.webhooks.create("ten_a", URL)
    here.decide(here.record("ver_1"))
    here.receiver.answer = answer
    assert here.deliver_all() == 1
    here.clock.now += GIVEN_UP
    here.decide(here.record("ver_2"))
    assert here.deliver_all() == 1  # the other one is not even tried any more
    assert [m.state for m in here.webhooks.log("ten_a", endpoint.id)] == ["dead", "dead"]
    here.decide(here.record("ver_3"))
    assert len(here.webhooks.log("ten_a", endpoint.id)) == 2
    assert here.webhooks.listed("ten_a")[0].disabled_at is not None
    here.webhooks.enable("ten_a", endpoint.id)
    here.receiver.answer = "200"
    here.decide(here.record("ver_4"))
    assert here.deliver_all() == 1


def test_a_slow_or_failing_endpoint_gets_one_message_at_a_time(here: Installation) -> None:
    slow, _ = here.webhooks.create("ten_a", URL)
    here.webhooks.create("ten_b", URL)
    for name, tenant in (("ver_1", "ten_a"), ("ver_2", "ten_a"), ("ver_3", "ten_b")):
        here.decide(here.record(name, tenant))
    held = here.store.claim(here.clock.now, LEASE)
    assert held is not None
    assert held[1].id == slow.id
    assert here.deliver_all() == 1  # the other tenant's
    here.store.settle(replace(held[0], state="pending", next_attempt_at=here.clock.now + LEASE), held[1])
    assert here.deliver_all() == 1
    here.receiver.answer = "500"
    for name in ("ver_4", "ver_5"):
        here.decide(here.record(name))
    assert here.deliver_all() == 1  # the failure counts for what waits behind it
    assert {m.attempts for m in here.webhooks.log("ten_a", slow.id)} == {0, 1}


def test_a_receiver_that_is_gone(here: Installation) -> None:
    here.webhooks.create("ten_a", URL)
    here.decide(here.record("ver_1"))
    here.receiver.answer = "410"
    assert here.deliver_all() == 1
    assert here.webhooks.listed("ten_a")[0].disabled_at == here.clock.now


def test_a_sender_that_dies_leaves_the_message_to_another(here: Installation) -> None:
    endpoint, _ = here.webhooks.create("ten_a", URL)
    here.decide(here.record("ver_1"))
    first = here.store.claim(here.clock.now, LEASE)
    assert first is not None
    assert here.deliver_all() == 0
    here.clock.now += LEASE
    assert here.deliver_all() == 1
    here.store.settle(*first)  # it was not dead, only slow: too late to say anything
    (message,) = here.webhooks.log("ten_a", endpoint.id)
    assert (message.state, message.attempts) == ("delivered", 2)


def test_each_message_is_claimed_once(here: Installation, database_url: str) -> None:
    """Two installations on one database, as two server processes are."""
    here.webhooks.create("ten_a", URL)
    names = [f"ver_{number}" for number in range(12)]
    for name in names:
        here.decide(here.record(name))
    engines = [open_engine(database_url) for _ in range(2)]
    others = [Installation(engine) for engine in engines]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: each.deliver_all(), others * 2))
    got = [json.loads(body)["data"]["id"] for other in others for _, _, body in other.receiver.got]
    for engine in engines:
        engine.dispose()
    assert sorted(got) == sorted(names)


def test_while_a_secret_is_exchanged_both_sign(here: Installation) -> None:
    endpoint, first = here.webhooks.create("ten_a", URL)
    second, until = here.webhooks.rotate("ten_a", endpoint.id)
    assert first != second
    signed = []
    for moment in (here.clock.now, until):
        here.clock.now = moment
        here.decide(here.record(f"ver_{moment}"))
        here.deliver_all()
        signed.append(here.receiver.got[-1][1]["webhook-signature"].split())
    assert [len(signatures) for signatures in signed] == [2, 1]


def test_a_tenant_has_so_many_and_only_its_own(here: Installation) -> None:
    made = [here.webhooks.create("ten_a", f"{URL}/{n}")[0] for n in range(MAX_ENDPOINTS)]
    with pytest.raises(EkycError, match="webhook_limit"):
        here.webhooks.create("ten_a", URL)
    here.webhooks.create("ten_b", URL)
    for call in (here.webhooks.delete, here.webhooks.rotate, here.webhooks.enable, here.webhooks.log):
        with pytest.raises(EkycError, match="webhook_not_found"):
            call("ten_b", made[0].id)
    with pytest.raises(EkycError, match="webhook_not_found"):
        here.webhooks.send_again("ten_a", made[0].id, "msg_none")
    here.decide(here.record("ver_1"))
    here.webhooks.delete("ten_a", made[0].id)
    assert here.deliver_all() == MAX_ENDPOINTS - 1
