"""CIBA's ping mode against real HTTP receivers (CIBA Core 1.0, sections 7.1 and 10.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from idp.adapters.outbound import Outbound
from idp.cli import main
from idp.domain.models import PingDelivery
from idp.usecases.ciba.notify import ping_log, ping_next
from tests.flows.ciba import Asking, asking, decide, error, forget
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.receiver import Receiver, receiving, wait_until

TOKEN = "8d67dc78-7faa-4d41-aabd-67707b374255"
SENDER = Outbound(allow_private=True)


@pytest.fixture
def receiver(provider: Provider) -> Iterator[Receiver]:
    """Also empties the queue afterwards: the provider is shared by the tests of this file."""
    forget(provider)
    with receiving() as started:
        yield started
        later = replace(provider.services, clock=lambda: provider.services.clock() + 10**6)
        while ping_next(later, SENDER):
            pass


@pytest.fixture
def app(provider: Provider, receiver: Receiver) -> Asking:
    made = asking(
        provider,
        backchannel_token_delivery_mode="ping",
        backchannel_client_notification_endpoint=receiver.url("/ping"),
    )
    return replace(made, defaults={"client_notification_token": TOKEN})


def log(app: Asking) -> PingDelivery:
    """The newest entry of the app's delivery log."""
    return ping_log(app.provider.services, app.client_id)[0]


@pytest.mark.parametrize("decision", ["allow", "deny", "refuse"])
def test_the_app_is_told(app: Asking, browser: Browser, receiver: Receiver, decision: str) -> None:
    """Section 10.2: after a yes and after a no, nothing but the identifier, with the app's own token."""
    receiver.statuses = [204]
    with TestClient(app.provider.app, base_url=ISSUER):  # with its workers, as ``idp serve`` runs it
        started = app.started()
        decide(browser, decision)
        wait_until(lambda: bool(receiver.requests))
        wait_until(lambda: log(app).state == "delivered")
    headers, body = receiver.bodies[0]
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"auth_req_id": started["auth_req_id"]}
    answer = app.poll(started["auth_req_id"])
    assert answer.status_code == 200 if decision == "allow" else error(answer) == "access_denied"
    assert len(receiver.requests) == 1


def test_nothing_is_sent_before_the_decision(app: Asking, receiver: Receiver) -> None:
    started = app.started()
    assert not ping_next(app.provider.services, SENDER)
    assert error(app.poll(started["auth_req_id"])) == "authorization_pending"  # a ping client may poll
    assert not receiver.requests


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404])
def test_the_apps_own_word_is_final(app: Asking, browser: Browser, receiver: Receiver, status: int) -> None:
    """Section 10.2: redirects are not followed; a refusal is not repeated, and costs no tokens."""
    receiver.statuses = [status]
    started = app.started()
    decide(browser)
    assert ping_next(app.provider.services, SENDER)
    assert (log(app).state, log(app).last_result) == ("failed", str(status))
    assert [path for _, path, _ in receiver.requests] == ["/ping"]
    assert app.poll(started["auth_req_id"]).status_code == 200


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_what_may_pass_is_tried_again(app: Asking, browser: Browser, receiver: Receiver, status: int) -> None:
    receiver.statuses = [status, 200]
    app.started()
    decide(browser)
    services = app.provider.services
    assert ping_next(services, SENDER)
    first = log(app)
    assert (first.state, first.attempts, first.last_result) == ("pending", 1, str(status))
    assert first.next_attempt_at > services.clock()
    assert not ping_next(services, SENDER)  # not yet
    assert ping_next(replace(services, clock=lambda: first.next_attempt_at), SENDER)
    assert (log(app).state, log(app).attempts) == ("delivered", 2)


def test_an_app_that_does_not_answer_is_tried_until_its_request_is_over(
    app: Asking, browser: Browser, receiver: Receiver
) -> None:
    with app.provider.services.store.begin() as tx:
        client = tx.clients.get(app.client_id)
        assert client
        nobody = replace(client, backchannel_client_notification_endpoint="http://app.localhost:1/ping")
        tx.clients.update(nobody)
    app.started()
    decide(browser)
    services = app.provider.services
    assert ping_next(services, SENDER)
    assert (log(app).state, log(app).last_result) == ("pending", "ConnectError")
    assert ping_next(replace(services, clock=lambda: services.clock() + 301), SENDER)
    assert (log(app).state, log(app).last_result) == ("failed", "expired")


def test_a_public_provider_never_looks_inside(app: Asking, browser: Browser, receiver: Receiver) -> None:
    app.started()
    decide(browser)
    assert ping_next(app.provider.services, Outbound(allow_private=False))
    assert log(app).last_result == "ConnectError"
    assert not receiver.requests


@pytest.mark.parametrize("token", [None, "short", "a b" * 20, "x" * 1025, "é" * 30])
def test_a_bearer_token_with_enough_chance_in_it(app: Asking, token: str | None) -> None:
    """Section 7.1: client_notification_token, required of ping clients."""
    assert error(app.ask(client_notification_token=token)) == "invalid_request"


def test_the_secrets_of_a_ping_are_stored_encrypted(app: Asking) -> None:
    started = app.started(binding_message="Hồ sơ riêng")
    data = app.provider.app.state.settings.data
    stored = b"".join(path.read_bytes() for path in data.glob("idp.db*"))
    for secret in (TOKEN, started["auth_req_id"], "Hồ sơ riêng"):
        assert secret.encode() not in stored


def test_the_log_on_the_command_line(app: Asking, browser: Browser) -> None:
    app.started()
    decide(browser)
    assert ping_next(app.provider.services, SENDER)
    options = ["--data", str(app.provider.app.state.settings.data), "--issuer", ISSUER, "--json"]
    run = app.provider.commands().invoke(
        main, ["client", "deliveries", "--pings", "--client-id", app.client_id, *options]
    )
    (entry,) = json.loads(run.output)["deliveries"]
    assert (entry["state"], entry["last_result"]) == ("delivered", "200")
