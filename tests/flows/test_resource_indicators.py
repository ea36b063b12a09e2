"""Resource indicators: the audience of access tokens (RFC 8707)."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from tests.flows.conftest import ISSUER, Browser, Provider, query_of

ONE, TWO = "https://one.example/api", "https://two.example/api"
Auth = tuple[str, str | None]


@pytest.fixture
def app(provider: Provider) -> Auth:
    return provider.add_client(resources=(ONE, TWO), grant_types=("authorization_code", "refresh_token"))


def audience(body: dict[str, Any]) -> Any:
    return jwt.decode(body["access_token"], options={"verify_signature": False})["aud"]


def test_without_a_resource_the_token_is_for_userinfo(browser: Browser, app: Auth) -> None:
    assert audience(browser.exchange(browser.code(client_id=app[0]), auth=app).json()) == ISSUER


def test_what_was_asked_at_authorization_is_the_audience(browser: Browser, app: Auth) -> None:
    """Section 2.2: all that was granted when the token request names none."""
    body = browser.exchange(browser.code(client_id=app[0], resource=ONE), auth=app).json()
    assert audience(body) == [ONE, ISSUER]


def test_the_token_request_narrows(browser: Browser, app: Auth) -> None:
    """Section 2.2; one token for one API cannot be replayed at userinfo."""
    body = browser.exchange(browser.code(client_id=app[0]), auth=app, resource=TWO).json()
    assert audience(body) == TWO
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert browser.http.get("/userinfo", headers=headers).status_code == 401
    body = browser.exchange(browser.code(client_id=app[0], resource=ONE), auth=app, resource=ISSUER).json()
    assert audience(body) == ISSUER


def test_the_token_request_cannot_widen(browser: Browser, app: Auth) -> None:
    answer = browser.exchange(browser.code(client_id=app[0], resource=ONE), auth=app, resource=TWO)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")


def test_several_resources(browser: Browser, app: Auth) -> None:
    """Section 2: the parameter may be repeated, at both endpoints."""
    body = browser.exchange(browser.code(client_id=app[0]), auth=app, resource=[ONE, TWO]).json()
    assert audience(body) == [ONE, TWO]
    url = str(browser.authorize(client_id=app[0], prompt="none", resource=ONE).request.url)
    code = query_of(browser.http.get(f"{url}&resource=https%3A%2F%2Ftwo.example%2Fapi").headers["location"])[
        "code"
    ]
    assert audience(browser.exchange(code, auth=app).json()) == [ONE, TWO, ISSUER]


def test_a_refresh_may_ask_for_another_api(browser: Browser, app: Auth) -> None:
    code = browser.code(client_id=app[0], scope="openid offline_access", resource=ONE)
    token = browser.exchange(code, auth=app).json()["refresh_token"]
    data = {"grant_type": "refresh_token", "refresh_token": token}
    wider = browser.http.post("/token", data=data | {"resource": TWO}, auth=app)  # type: ignore[arg-type]
    assert wider.json()["error"] == "invalid_target"
    body = browser.http.post("/token", data=data | {"resource": ONE}, auth=app).json()  # type: ignore[arg-type]
    assert audience(body) == ONE


@pytest.mark.parametrize("resource", ["https://else.example/", "relative", ONE + "#fragment", "https://[x/"])
def test_invalid_targets(browser: Browser, app: Auth, resource: str) -> None:
    """Section 2: absolute, no fragment, known; invalid_target at both endpoints."""
    back = query_of(browser.authorize(client_id=app[0], resource=resource).headers["location"])
    assert back["error"] == "invalid_target"
    answer = browser.exchange(browser.code(client_id=app[0]), auth=app, resource=resource)
    assert answer.json()["error"] == "invalid_target"
