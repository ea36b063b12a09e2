"""Apps inside a browser: who may call which endpoint from another origin (Fetch standard, CORS)."""

from __future__ import annotations

import pytest

from idp.web.cors import PATHS
from tests.flows.conftest import Browser, Provider

SPA = "https://spa.example"


@pytest.fixture(scope="module")
def spa(provider: Provider) -> str:
    uris = (f"{SPA}:443/callback", "vn.example.app:/cb")
    client_id, _ = provider.add_client(auth_method="none", redirect_uris=uris)
    provider.add_client(redirect_uris=("https://server.example/cb",))
    return client_id


def preflight(browser: Browser, path: str, origin: str) -> dict[str, str]:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = browser.http.options(path, headers=asked)
    headers = dict(answer.headers) | {"status": str(answer.status_code)}
    return {name: value for name, value in headers.items() if name in ("status", "vary") or "access-" in name}


@pytest.mark.parametrize("path", sorted(PATHS))
def test_a_public_clients_origin_may_call(browser: Browser, spa: str, path: str) -> None:
    """The default port of a redirect URI is no part of its origin (RFC 6454, section 6.2)."""
    assert preflight(browser, path, SPA) == {
        "status": "204",
        "vary": "Origin",
        "access-control-allow-origin": SPA,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type, DPoP",
        "access-control-max-age": "600",
        "access-control-expose-headers": "WWW-Authenticate, DPoP-Nonce, Retry-After",
    }


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://server.example", "http://spa.example", f"{SPA}.evil.example", "null"],
)
def test_any_other_origin_may_not(browser: Browser, spa: str, origin: str) -> None:
    """Neither strangers nor apps that keep their secret on a server."""
    assert preflight(browser, "/token", origin) == {"status": "403", "vary": "Origin"}
    answer = browser.http.post("/token", data={"grant_type": "x"}, headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/introspect", "/par", "/authorize", "/logout"])
def test_other_endpoints_are_closed_to_scripts(browser: Browser, spa: str, path: str) -> None:
    assert "access-control-allow-origin" not in browser.http.get(path, headers={"Origin": SPA}).headers


def test_errors_can_be_read_too(browser: Browser, spa: str) -> None:
    answer = browser.http.get("/userinfo", headers={"Origin": SPA, "Authorization": "Bearer x"})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == SPA
    assert "WWW-Authenticate" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_public_documents_are_open_to_all(browser: Browser, path: str) -> None:
    assert browser.http.get(path).headers["access-control-allow-origin"] == "*"
