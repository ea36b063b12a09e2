"""OpenID Connect Back-Channel Logout 1.0, against real HTTP receivers."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from starlette.testclient import TestClient

from idp.adapters.outbound import Outbound
from idp.cli import main
from idp.domain.logout import EVENT, MAX_ATTEMPTS, delay
from idp.domain.models import LogoutDelivery
from idp.settings import Settings
from idp.usecases import sessions
from idp.usecases.deliver_logouts import deliver_next, delivery_log
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, csrf_of
from tests.flows.receiver import Receiver, receiving, wait_until

SENDER = Outbound(allow_private=True)


@pytest.fixture
def receiver(provider: Provider) -> Iterator[Receiver]:
    """Also empties the queue afterwards: the provider is shared by the tests of this file."""
    with receiving() as started:
        yield started
        started.statuses = [200]
        later = provider.services.clock() + 10**9
        while deliver_next(replace(provider.services, clock=lambda: later), SENDER):
            pass


@contextmanager
def _running(provider: Provider) -> Iterator[None]:
    """The application with its worker, as ``idp serve`` runs it."""
    with TestClient(provider.app, base_url=ISSUER):
        yield


def _app(provider: Provider, receiver: Receiver, **changes: Any) -> tuple[str, str]:
    uri = receiver.url("/backchannel")
    client_id, secret = provider.add_client(**({"backchannel_logout_uri": uri} | changes))
    assert secret
    return client_id, secret


def _signed_in(browser: Browser, app: tuple[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = browser.exchange(browser.code(client_id=app[0]), auth=app).json()
    return answer


def _leave(browser: Browser, id_token: str) -> None:
    answer = browser.http.get("/logout?" + urlencode({"id_token_hint": id_token}))
    assert 'id="signed-out"' in answer.text


def _log(provider: Provider, client_id: str) -> list[LogoutDelivery]:
    return delivery_log(provider.services, client_id)


def _verified(provider: Provider, token: str, client_id: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(provider.services.signer.jwks())
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "logout+jwt"
    return jwt.decode(token, keys[header["kid"]], algorithms=[header["alg"]], audience=client_id)


def test_a_logout_reaches_the_app(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    """Sections 2.4 and 2.5: the token's claims, by POST, to a ``*.localhost`` address."""
    app = _app(provider, receiver)
    id_token = _signed_in(browser, app)["id_token"]
    known = jwt.decode(id_token, options={"verify_signature": False})
    with _running(provider):
        _leave(browser, id_token)
        wait_until(lambda: bool(receiver.requests))
        wait_until(lambda: _log(provider, app[0])[0].state == "delivered")
    host, path, form = receiver.requests[0]
    assert (host, path) == (f"app.localhost:{receiver.port}", "/backchannel")
    claims = _verified(provider, form["logout_token"], app[0])
    assert claims["events"] == {EVENT: {}}
    assert (claims["iss"], claims["sub"], claims["sid"]) == (ISSUER, known["sub"], known["sid"])
    assert claims["exp"] - claims["iat"] <= 120
    assert "nonce" not in claims and claims["jti"]
    entry = _log(provider, app[0])[0]
    assert (entry.attempts, entry.last_result) == (1, "200")


def test_a_logout_token_is_no_id_token(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    """Section 2.4: it must not pass where a hint is expected."""
    app = _app(provider, receiver)
    _leave(browser, _signed_in(browser, app)["id_token"])
    assert deliver_next(provider.services, SENDER)
    answer = browser.http.get("/logout?" + urlencode({"id_token_hint": receiver.tokens()[0]}))
    assert answer.status_code == 400


@pytest.mark.parametrize("end", ["logout_page", "account_page", "everywhere", "another_citizen"])
def test_every_end_of_a_session_counts(
    provider: Provider, browser: Browser, receiver: Receiver, end: str
) -> None:
    """Section 2.3: one token per app that has an authorization in the session, whoever ended it."""
    app, other = _app(provider, receiver), _app(provider, receiver)
    silent = provider.add_client()
    for one in (app, other, silent):
        _signed_in(browser, (one[0], one[1] or ""))
    _signed_in(browser, app)  # twice in one app is still one delivery
    token = browser.http.cookies["mc_session"]
    if end == "logout_page":
        csrf = csrf_of(browser.http.get("/logout"))
        browser.http.post("/logout/answer", data={"csrf": csrf, "decision": "sign_out"})
    elif end == "account_page":
        browser.http.post("/account/sign-out", data={"csrf": csrf_of(browser.http.get("/account"))})
    else:
        with provider.services.store.begin() as tx:
            signed_in = sessions.current(provider.services, tx, token)
            assert signed_in
            if end == "everywhere":
                sessions.end_all(provider.services, tx, signed_in[1].account_id)
            else:
                stranger = replace(signed_in[1].profile, number="001304000129")
                tx.accounts.add(replace(signed_in[1], account_id="stranger", profile=stranger))
                sessions.start(provider.services, tx, "stranger", ("pwd",), token)
    assert [len(_log(provider, one[0])) for one in (app, other, silent)] == [1, 1, 0]
    while deliver_next(provider.services, SENDER):
        pass
    assert len(receiver.tokens()) == 2


def test_signing_in_again_keeps_the_session_of_the_apps(
    provider: Provider, browser: Browser, receiver: Receiver
) -> None:
    """The cookie is new (no fixation), the ``sid`` stays, so no app is told of a logout."""
    app = _app(provider, receiver)
    first = jwt.decode(_signed_in(browser, app)["id_token"], options={"verify_signature": False})
    cookie = browser.http.cookies["mc_session"]
    code = browser.code(client_id=app[0], prompt="login")
    answer = browser.exchange(code, auth=app).json()
    second = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert second["sid"] == first["sid"]
    assert browser.http.cookies["mc_session"] != cookie
    assert _log(provider, app[0]) == []


def test_tokens_of_the_session_die_with_it(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    """Section 2.7: without offline_access the session's tokens end."""
    app = _app(provider, receiver)
    tokens = _signed_in(browser, app)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 200
    _leave(browser, tokens["id_token"])
    assert browser.http.get("/userinfo", headers=bearer).status_code == 401


@pytest.mark.parametrize("status", [500, 404, 400, 202, 302])
def test_only_200_and_204_count(
    provider: Provider, browser: Browser, receiver: Receiver, status: int
) -> None:
    """Section 2.8; a redirect is not followed. The next attempt comes later and succeeds with 204."""
    receiver.statuses = [status, 204]
    app = _app(provider, receiver)
    _leave(browser, _signed_in(browser, app)["id_token"])
    now = provider.services.clock()
    assert deliver_next(provider.services, SENDER)
    entry = _log(provider, app[0])[0]
    assert (entry.state, entry.attempts, entry.last_result) == ("pending", 1, str(status))
    assert entry.next_attempt_at > now
    assert not deliver_next(provider.services, SENDER)  # not before its time
    later = replace(provider.services, clock=lambda: now + 60)
    assert deliver_next(later, SENDER)
    entry = _log(provider, app[0])[0]
    assert (entry.state, entry.attempts, entry.last_result) == ("delivered", 2, "204")
    assert [path for _, path, _ in receiver.requests] == ["/backchannel"] * 2
    assert len({jwt.decode(t, options={"verify_signature": False})["jti"] for t in receiver.tokens()}) == 2


def test_it_gives_up_in_the_end(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    receiver.statuses = [500]
    app = _app(provider, receiver)
    _leave(browser, _signed_in(browser, app)["id_token"])
    now = provider.services.clock()
    for day in range(MAX_ATTEMPTS + 3):
        deliver_next(replace(provider.services, clock=lambda day=day: now + day * 86400), SENDER)
    entry = _log(provider, app[0])[0]
    assert (entry.state, entry.attempts) == ("failed", MAX_ATTEMPTS)
    assert len(receiver.requests) == MAX_ATTEMPTS


def test_delays_double_and_jitter() -> None:
    assert [delay(n, 1.0) for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert delay(4, 0.0) == 20
    assert delay(12, 1.0) <= 6 * 3600


def test_a_queue_survives_the_process(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    """Queued while nobody sends; the next start delivers, also what a dead process had claimed."""
    app = _app(provider, receiver)
    _leave(browser, _signed_in(browser, app)["id_token"])
    now = provider.services.clock()
    with provider.services.store.begin() as tx:
        claimed = tx.deliveries.claim(now, lease=0)  # its process dies here
    assert claimed is not None and claimed.client_id == app[0]
    with _running(provider):
        wait_until(lambda: _log(provider, app[0])[0].state == "delivered")
    assert _log(provider, app[0])[0].attempts == 2


def test_an_unreachable_app_is_logged(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    app = _app(provider, receiver, backchannel_logout_uri="http://app.localhost:9/backchannel")
    _leave(browser, _signed_in(browser, app)["id_token"])
    assert deliver_next(provider.services, SENDER)
    assert _log(provider, app[0])[0].last_result == "ConnectError"


def test_private_addresses_are_out_of_reach_of_a_public_provider(receiver: Receiver) -> None:
    public = Outbound(allow_private=False)
    for host in ("127.0.0.1", "app.localhost", "10.0.0.1", "169.254.169.254", "[::1]"):
        assert public.send(receiver.url("/x", host), "t") == "ConnectError"
    assert receiver.requests == []


def _drain(data: str, wait_until_time: float) -> None:
    from idp.app import build_services

    services = build_services(Settings(data=data, issuer=ISSUER))[0]  # type: ignore[arg-type]
    time.sleep(max(0.0, wait_until_time - time.time()))
    while deliver_next(services, SENDER):
        pass


def test_two_processes_never_send_an_attempt_twice(
    provider: Provider, browser: Browser, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDP_DATABASE_URL", provider.app.state.settings.database_url)
    for _ in range(12):
        app = _app(provider, receiver)
        _signed_in(browser, app)
    with provider.services.store.begin() as tx:
        signed_in = sessions.current(provider.services, tx, browser.http.cookies["mc_session"])
        assert signed_in
        sessions.end(provider.services, tx, signed_in[0])
    spawn = multiprocessing.get_context("spawn")
    data, start = str(provider.app.state.settings.data), time.time() + 6
    processes = [spawn.Process(target=_drain, args=(data, start)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    audiences = [jwt.decode(t, options={"verify_signature": False})["aud"] for t in receiver.tokens()]
    assert len(audiences) == 12
    assert len(set(audiences)) == 12


def test_the_commands(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    data = str(provider.app.state.settings.data)
    command = f"client create --json --name A --redirect-uri {REDIRECT} --issuer {ISSUER} --data"
    made = provider.commands().invoke(
        main, [*command.split(), data, "--backchannel-logout-uri", receiver.url("/cli")]
    )
    answer = json.loads(made.output)
    app = answer["client_id"], answer["client_secret"]
    _leave(browser, _signed_in(browser, app)["id_token"])
    assert deliver_next(provider.services, SENDER)
    show = ["client", "deliveries", "--data", data]
    shown = provider.commands().invoke(main, [*show, "--json", "--client-id", app[0]])
    (entry,) = json.loads(shown.output)["deliveries"]
    assert (entry["client_id"], entry["state"], entry["last_result"]) == (app[0], "delivered", "200")
    text = provider.commands().invoke(main, show)
    assert f"{app[0]} delivered attempts=1 last_result=200" in text.output


def test_the_metadata_say_so(browser: Browser) -> None:
    """Section 2.1."""
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["backchannel_logout_supported"] is True
    assert metadata["backchannel_logout_session_supported"] is True
