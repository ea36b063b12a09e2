"""The refresh_token grant: rotation, reuse, grace, scope (RFC 6749, section 6; RFC 9700, section 4.14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import httpx
import jwt
import pytest

from idp.usecases.services import Services
from tests.flows.conftest import Browser, Provider, query_of
from tests.flows.keys import ProofKey

SCOPE = "openid profile offline_access"
GRANTS = ("authorization_code", "refresh_token")


@dataclass
class App:
    """A client registered for refresh tokens, with one citizen signed in."""

    provider: Provider
    browser: Browser
    auth: tuple[str, str | None]

    def first(self, scope: str = SCOPE) -> dict[str, Any]:
        answer = self.browser.exchange(self.browser.code(client_id=self.auth[0], scope=scope), auth=self.auth)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def refresh(self, token: str, **changes: str) -> httpx.Response:
        data = {"grant_type": "refresh_token", "refresh_token": token}
        return self.browser.http.post("/token", data=data | changes, auth=self.auth)

    def userinfo(self, token: str) -> int:
        return self.browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code

    def later(self, seconds: int) -> None:
        """Moves the provider's clock on."""
        services: Services = self.provider.services
        self.provider.app.state.services = replace(services, clock=lambda: services.clock() + seconds)


@pytest.fixture
def app(provider: Provider) -> Any:
    client_id, secret = provider.add_client(grant_types=GRANTS)
    before = provider.app.state.services
    yield App(provider, provider.browser(), (client_id, secret))
    provider.app.state.services = before


def test_a_refresh_gives_new_tokens_and_a_new_refresh_token(app: App) -> None:
    """OpenID Connect Core, section 12.2: same iss, sub, aud and auth_time; no nonce."""
    first = app.first()
    answer = app.refresh(first["refresh_token"])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    body = answer.json()
    assert body["refresh_token"] != first["refresh_token"]
    assert body["access_token"] != first["access_token"]
    old, new = (
        jwt.decode(b["id_token"], options={"verify_signature": False, "verify_exp": False})
        for b in (first, body)
    )
    assert all(old[name] == new[name] for name in ("iss", "sub", "aud", "auth_time", "sid", "acr"))
    assert "nonce" in old
    assert "nonce" not in new
    assert app.userinfo(body["access_token"]) == 200


def test_offline_access_is_needed(app: App) -> None:
    """OpenID Connect Core, section 11."""
    assert "refresh_token" not in app.first(scope="openid profile")


def test_offline_access_is_ignored_for_a_client_without_the_grant(provider: Provider) -> None:
    client_id, secret = provider.add_client()
    browser = provider.browser()
    body = browser.exchange(browser.code(client_id=client_id, scope=SCOPE), auth=(client_id, secret)).json()
    assert "refresh_token" not in body
    assert body["scope"] == "openid profile"


def test_a_client_without_the_grant_is_refused(app: App, provider: Provider) -> None:
    """RFC 6749, section 5.2: unauthorized_client."""
    answer = provider.browser().http.post(
        "/token",
        data={"grant_type": "refresh_token", "refresh_token": app.first()["refresh_token"]},
        auth=(provider.client_id, provider.client_secret),
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_the_code_flow_needs_its_own_grant(provider: Provider) -> None:
    client_id, _ = provider.add_client(grant_types=("refresh_token",))
    back = provider.browser().authorize(client_id=client_id).headers["location"]
    assert query_of(back)["error"] == "unauthorized_client"


def test_another_client_cannot_use_it_and_does_not_harm_it(app: App, provider: Provider) -> None:
    token = app.first()["refresh_token"]
    stranger = App(provider, provider.browser(), provider.add_client(grant_types=GRANTS))
    answer = stranger.refresh(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert app.refresh(token).status_code == 200


@pytest.mark.parametrize("token", ["mcr_unknown", ""])
def test_unknown_and_missing_tokens(app: App, token: str) -> None:
    answer = app.refresh(token)
    assert answer.json()["error"] == ("invalid_grant" if token else "invalid_request")


def test_reuse_after_the_grace_revokes_everything(app: App) -> None:
    """RFC 9700, section 4.14.2: the whole authorization ends, its access tokens too."""
    first = app.first()
    second = app.refresh(first["refresh_token"]).json()
    app.later(31)
    answer = app.refresh(first["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert app.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.userinfo(second["access_token"]) == 401


def test_a_lost_answer_may_be_asked_for_once(app: App) -> None:
    first = app.first()["refresh_token"]
    lost = app.refresh(first).json()
    again = app.refresh(first)
    assert again.status_code == 200
    found = again.json()["refresh_token"]
    assert found != lost["refresh_token"]
    third = app.refresh(found)
    assert third.status_code == 200
    assert app.refresh(first).json()["error"] == "invalid_grant"  # once only
    assert app.refresh(third.json()["refresh_token"]).json()["error"] == "invalid_grant"


def test_the_answer_that_was_not_lost_betrays_the_thief(app: App) -> None:
    """Somebody repeats the old token within the grace, the owner uses the successor: all ends."""
    first = app.first()["refresh_token"]
    owner = app.refresh(first).json()["refresh_token"]
    thief = app.refresh(first).json()
    assert app.refresh(owner).json()["error"] == "invalid_grant"
    assert app.refresh(thief["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.userinfo(thief["access_token"]) == 401


def test_no_grace_once_the_successor_was_used(app: App) -> None:
    first = app.first()["refresh_token"]
    app.later(1)
    second = app.refresh(first).json()["refresh_token"]
    app.later(2)
    assert app.refresh(second).status_code == 200
    assert app.refresh(first).json()["error"] == "invalid_grant"


def test_scope_may_shrink_but_never_grow(app: App) -> None:
    """RFC 6749, section 6; the refresh token keeps the whole scope."""
    token = app.first()["refresh_token"]
    narrow = app.refresh(token, scope="openid").json()
    assert narrow["scope"] == "openid"
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    assert set(app.browser.http.get("/userinfo", headers=headers).json()) == {"sub"}
    assert app.refresh(narrow["refresh_token"], scope="openid address").json()["error"] == "invalid_scope"
    assert app.refresh(narrow["refresh_token"]).json()["scope"] == SCOPE


def test_it_ends_with_its_lifetime(app: App) -> None:
    token = app.first()["refresh_token"]
    app.later(30 * 24 * 3600 + 1)
    assert app.refresh(token).json()["error"] == "invalid_grant"


def test_it_ends_with_the_consent(app: App) -> None:
    token = app.first()["refresh_token"]
    page = app.browser.http.get("/account")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    app.browser.http.post("/account/revoke", data={"client_id": app.auth[0], "csrf": csrf})
    assert app.refresh(token).json()["error"] == "invalid_grant"


def test_two_at_once_rotate_once(app: App) -> None:
    """However threads fall, at most one successor can still be used."""
    token = app.first()["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: app.refresh(token), range(2)))
    assert {answer.status_code for answer in answers} <= {200, 400}
    heirs = [answer.json()["refresh_token"] for answer in answers if answer.status_code == 200]
    assert heirs
    assert [app.refresh(heir).status_code for heir in heirs].count(200) <= 1


def test_a_fapi_client_keeps_its_refresh_token(app: App, provider: Provider) -> None:
    """FAPI 2.0 Security Profile, section 5.3.2.1: no rotation; the tokens are bound to a key instead."""
    used = app.first()["refresh_token"]
    app.refresh(used)
    token = app.first()["refresh_token"]
    with provider.services.store.begin() as tx:
        client = tx.clients.get(app.auth[0])
        assert client
        tx.clients.update(replace(client, profile="fapi2"))
    data = {"grant_type": "refresh_token", "refresh_token": token}
    for _ in range(2):
        answer = app.browser.http.post("/token", data=data, auth=app.auth, headers=ProofKey().headers())
        assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
        assert "refresh_token" not in answer.json()
    assert app.refresh(token).json()["error"] == "invalid_dpop_proof"
    data |= {"refresh_token": used}  # rotated before the profile came: over for good
    again = app.browser.http.post("/token", data=data, auth=app.auth, headers=ProofKey().headers())
    assert again.json()["error"] == "invalid_grant"
