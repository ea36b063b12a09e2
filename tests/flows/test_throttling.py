"""Clients and strangers who try too often are told when to come back; nobody is locked out by a stranger."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from idp.app import create_app
from idp.domain.errors import OAuthError
from idp.settings import Settings
from idp.usecases.authenticate_client import ClientCredentials
from idp.usecases.blocked import Blocked
from idp.usecases.client_throttle import MAX_FAILURES, WINDOW, count_failure, refuse_blocked
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, csrf_of

FORM = {"grant_type": "client_credentials"}
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def at(provider: Provider, address: str) -> TestClient:
    return TestClient(provider.app, base_url=ISSUER, client=(address, 50000))


@pytest.fixture
def app(provider: Provider) -> tuple[str, str]:
    client_id, secret = provider.add_client(grant_types=("client_credentials",), redirect_uris=())
    assert secret
    return client_id, secret


@pytest.fixture
def guessed(provider: Provider, app: tuple[str, str]) -> TestClient:
    """Somebody here has failed as often as anybody may."""
    http = at(provider, HERE)
    for _ in range(MAX_FAILURES):
        assert http.post("/token", data=FORM, auth=(app[0], "wrong")).status_code == 401
    return http


@pytest.mark.parametrize("path", ["/token", "/par", "/introspect", "/revoke", "/device_authorization"])
def test_guessing_ends_and_says_when_to_come_back(
    app: tuple[str, str], guessed: TestClient, path: str
) -> None:
    """RFC 6585, section 4: 429 with Retry-After; a right guess would not be noticed any more."""
    answer = guessed.post(path, data=FORM | {"token": "x"}, auth=app)
    assert answer.status_code == 429
    assert answer.json()["error"] == "too_many_attempts"
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW
    assert answer.headers["cache-control"] == "no-store"


def test_a_stranger_locks_nobody_out(provider: Provider, app: tuple[str, str], guessed: TestClient) -> None:
    """The client itself comes from its own address; other clients at the stranger's are untouched too."""
    assert at(provider, ELSEWHERE).post("/token", data=FORM, auth=app).status_code == 200
    other_id, other_secret = provider.add_client(grant_types=("client_credentials",), redirect_uris=())
    assert guessed.post("/token", data=FORM, auth=(other_id, other_secret or "")).status_code == 200


def test_it_ends_and_other_processes_know(
    provider: Provider, app: tuple[str, str], guessed: TestClient
) -> None:
    offered = ClientCredentials("client_secret_basic", app[0])
    another = replace(provider.services, blocked=Blocked())
    refuse_blocked(another, offered, HERE)
    count_failure(another, offered, HERE)  # from here on it knows what the others counted
    for services in (provider.services, another):
        with pytest.raises(OAuthError, match="too_many_attempts"):
            refuse_blocked(services, offered, HERE)
        later = services.clock() + WINDOW + 1
        refuse_blocked(replace(services, clock=lambda later=later: later), offered, HERE)


def test_names_of_nobody_are_not_counted(provider: Provider) -> None:
    def rows() -> int:
        with provider.services.store.read() as tx:
            return len(tx.expired.find("failures", 10**11, 1000))

    before, http = rows(), at(provider, HERE)
    for _ in range(3):
        assert http.post("/token", data=FORM, auth=(secrets.token_hex(4), "x")).status_code == 401
    assert rows() == before


def test_open_registration_per_address(tmp_path: Path) -> None:
    """RFC 7591, section 5: open registration invites floods."""
    settings = Settings(data=tmp_path, issuer=ISSUER, open_registration=True, open_registrations_per_hour=2)
    built = create_app(settings)

    def register(address: str) -> httpx.Response:
        http = TestClient(built, base_url=ISSUER, client=(address, 50000))
        return http.post("/register", json={"redirect_uris": [REDIRECT]})

    assert [register(HERE).status_code for _ in range(3)] == [201, 201, 429]
    refused = register(HERE)
    assert refused.json()["error"] == "too_many_attempts"
    assert refused.headers["retry-after"] == "3600"
    assert register(ELSEWHERE).status_code == 201


def test_every_page_that_refuses_says_when_to_come_back(provider: Provider, browser: Browser) -> None:
    """The officers' page, the device page and the sign-in page."""
    page = browser.authorize().headers["location"]
    forms = {
        "/admin/sign-in": {"password": "x"},
        "/device": {"user_code": "BBBB-BBBB"},
        page: {"number": "019304888888", "password": "x"},
    }
    for path, form in forms.items():
        csrf = csrf_of(browser.http.get(path))
        answers = [browser.http.post(path, data=form | {"csrf": csrf}) for _ in range(21)]
        assert answers[-1].status_code == 429, path
        assert answers[-1].headers["retry-after"] == str(WINDOW)
        assert 'data-code="too_many_attempts"' in answers[-1].text
