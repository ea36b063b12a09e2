"""The client_credentials grant (RFC 6749, section 4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import jwt
import pytest

from idp.domain.errors import IdpError
from tests.flows.conftest import ISSUER, Provider

API = "https://api.example/"


def ask(provider: Provider, auth: Any, **changes: Any) -> httpx.Response:
    data = {"grant_type": "client_credentials"} | changes
    return provider.browser().http.post("/token", data=data, auth=auth)


@pytest.fixture
def app(provider: Provider) -> tuple[str, str | None]:
    return provider.add_client(
        redirect_uris=(),
        grant_types=("client_credentials",),
        scope=("report.read", "report.write", "profile"),
        resources=(API,),
    )


def test_an_app_acts_for_itself(provider: Provider, app: tuple[str, str]) -> None:
    """Section 4.4.3: no refresh token; RFC 9068, section 2.2: sub is the client."""
    answer = ask(provider, app)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert body["scope"] == "report.read report.write"  # a citizen's scope needs a citizen
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["client_id"], claims["aud"]) == (app[0], app[0], ISSUER)
    assert "auth_time" not in claims


def test_scope_and_resource_are_checked(provider: Provider, app: tuple[str, str]) -> None:
    body = ask(provider, app, scope="report.read", resource=API).json()
    assert body["scope"] == "report.read"
    assert jwt.decode(body["access_token"], options={"verify_signature": False})["aud"] == API
    for scope in ("profile", "openid", "unknown"):
        assert ask(provider, app, scope=scope).json()["error"] == "invalid_scope"
    assert ask(provider, app, resource="https://other.example/").json()["error"] == "invalid_target"


def test_it_is_no_userinfo_token(provider: Provider, app: tuple[str, str]) -> None:
    headers = {"Authorization": f"Bearer {ask(provider, app).json()['access_token']}"}
    assert provider.browser().http.get("/userinfo", headers=headers).status_code == 401


def test_other_clients_are_refused(provider: Provider) -> None:
    auth = (provider.client_id, provider.client_secret)
    assert ask(provider, auth).json()["error"] == "unauthorized_client"
    assert ask(provider, ("nobody", "x")).json()["error"] == "invalid_client"


def test_public_clients_have_nothing_to_prove_themselves_with(provider: Provider) -> None:
    """Section 4.4: confidential clients only, at registration and at the endpoint."""
    grants = ("authorization_code", "client_credentials")
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        provider.add_client(auth_method="none", grant_types=grants)
    public, _ = provider.add_client(auth_method="none")
    with provider.services.store.begin() as tx:
        client = tx.clients.get(public)
        assert client
        tx.clients.update(replace(client, grant_types=grants))
    assert ask(provider, None, client_id=public).json()["error"] == "unauthorized_client"
