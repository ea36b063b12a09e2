"""Sessions end by themselves, apps are told, and what is over goes in bounded steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp.settings import Settings
from idp.store.expired import KINDS
from idp.tokens import hash_secret
from idp.usecases import purge as module
from idp.usecases.deliver_logouts import deliver_next, delivery_log
from idp.usecases.purge import purge
from idp.usecases.services import Services
from tests.flows.conftest import Browser, Provider

LOGOUT = "http://app.localhost/backchannel"
SCOPE = "openid offline_access"


class Deaf:
    """Takes every logout token."""

    def send(self, uri: str, logout_token: str) -> str:
        return "200"


def after(services: Services, seconds: int) -> Services:
    now = services.clock()
    return replace(services, clock=lambda: now + seconds)


def app(provider: Provider) -> tuple[str, str]:
    grants = ("authorization_code", "refresh_token")
    client_id, secret = provider.add_client(backchannel_logout_uri=LOGOUT, grant_types=grants)
    assert secret
    return client_id, secret


def signed_in(browser: Browser, client: tuple[str, str], **changes: str) -> dict[str, Any]:
    answer: dict[str, Any] = browser.exchange(
        browser.code(client_id=client[0], **changes), auth=client
    ).json()
    return answer


def told(provider: Provider, client: tuple[str, str]) -> list[str]:
    return [entry.sid for entry in delivery_log(provider.services, client[0])]


@pytest.mark.parametrize("limit", ["session_idle", "session_absolute"])
def test_an_idle_and_an_absolute_end_tell_the_apps(provider: Provider, browser: Browser, limit: str) -> None:
    """Back-Channel Logout 1.0, section 2.3: also when the session ends by itself; in one round, once."""
    client = app(provider)
    tokens = signed_in(browser, client)
    services = provider.services
    with services.store.begin() as tx:
        session = tx.sessions.by_token(hash_secret(browser.http.cookies["mc_session"]))
        assert session
        if limit == "session_absolute":  # used until a moment ago
            tx.sessions.touch(session.sid, services.clock() + services.lifetimes.session_absolute)
    purge(services)
    assert told(provider, client) == []
    late = after(services, getattr(services.lifetimes, limit) + 1)
    assert browser.http.get("/account").status_code == 200
    purge(late)
    purge(late)
    assert told(provider, client) == [session.sid]
    assert browser.http.get("/account").status_code == 303
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 401


def test_offline_access_outlives_the_session(provider: Provider, browser: Browser) -> None:
    """OpenID Connect Core, section 11."""
    client = app(provider)
    tokens = signed_in(browser, client, scope=SCOPE, prompt="consent")
    purge(after(provider.services, provider.services.lifetimes.session_idle + 1))
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert browser.http.post("/token", data=form, auth=client).status_code == 200


def test_the_delivery_log_is_kept_as_long_as_set(provider: Provider, browser: Browser) -> None:
    client = app(provider)
    signed_in(browser, client)
    services = provider.services
    late = after(services, services.lifetimes.session_idle + 1)
    purge(late)
    kept = services.lifetimes.logout_log
    assert kept == Settings().logout_log_days * 86400
    purge(after(late, kept + 1))
    assert len(told(provider, client)) == 1  # not sent yet: never lost
    while deliver_next(late, Deaf()):
        pass
    purge(after(late, kept - 1))
    assert len(told(provider, client)) == 1
    purge(after(late, kept + 1))
    assert told(provider, client) == []


def test_a_round_takes_a_bounded_number(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    services = provider.services
    late = after(services, 2 * services.lifetimes.session_absolute)
    while purge(late):
        pass
    monkeypatch.setattr(module, "BATCH", 3)
    with services.store.begin() as tx:
        for number in range(7):
            tx.challenges.put(f"k{number}", b"", services.clock())
    assert [purge(late), purge(late), purge(late)] == [True, True, False]
    with services.store.read() as tx:
        assert tx.expired.find("challenges", late.clock(), 9) == []


def test_every_table_with_an_end_is_purged(provider: Provider) -> None:
    assert set(module._over(provider.services)) == set(KINDS)
