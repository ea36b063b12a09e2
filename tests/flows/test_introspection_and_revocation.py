"""Introspection (RFC 7662, RFC 9701), revocation (RFC 7009), opaque access tokens."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
import pytest

from tests.flows.conftest import ISSUER, Browser, Provider

API = "https://api.example/"
GRANTS = ("authorization_code", "refresh_token")
Auth = tuple[str, str | None]


def post(provider: Provider, path: str, token: str, auth: Auth, **headers: str) -> httpx.Response:
    return provider.browser().http.post(path, data={"token": token}, auth=auth, headers=headers)  # type: ignore[arg-type]


def active(provider: Provider, token: str, auth: Auth) -> bool:
    answer = post(provider, "/introspect", token, auth)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["active"] or set(body) == {"active"}
    return bool(body["active"])


@pytest.fixture(params=["jwt", "opaque"])
def app(request: pytest.FixtureRequest, provider: Provider) -> Auth:
    return provider.add_client(grant_types=GRANTS, access_token_format=request.param, resources=(API,))


@pytest.fixture
def tokens(provider: Provider, browser: Browser, app: Auth) -> dict[str, Any]:
    code = browser.code(client_id=app[0], scope="openid profile offline_access")
    body: dict[str, Any] = browser.exchange(code, auth=app).json()
    return body


def test_an_access_token_is_described_to_its_client(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    """RFC 7662, section 2.2."""
    answer = post(provider, "/introspect", tokens["access_token"], app)
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (body["active"], body["iss"], body["sub"]) == (True, ISSUER, identity["sub"])
    assert (body["client_id"], body["aud"], body["token_type"]) == (app[0], ISSUER, "Bearer")
    assert body["scope"] == "openid profile offline_access"
    assert body["exp"] - body["iat"] == tokens["expires_in"]


def test_opaque_tokens_say_nothing_and_work_everywhere(provider: Provider, browser: Browser) -> None:
    app = provider.add_client(access_token_format="opaque")
    token = browser.exchange(browser.code(client_id=app[0]), auth=app).json()["access_token"]
    assert token.startswith("mct_")
    assert "." not in token
    info = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert info.json()["given_name"] == "Linh"
    bad = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}x"})
    assert bad.status_code == 401


def test_a_refresh_token_is_described_to_its_client_until_rotated(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    token = tokens["refresh_token"]
    assert active(provider, token, app)
    data = {"grant_type": "refresh_token", "refresh_token": token}
    provider.browser().http.post("/token", data=data, auth=app)  # type: ignore[arg-type]
    assert not active(provider, token, app)


def test_a_stranger_learns_nothing(provider: Provider, app: Auth, tokens: dict[str, Any]) -> None:
    """RFC 7662, section 4: token scanning."""
    stranger = (provider.client_id, provider.client_secret)
    assert not active(provider, tokens["access_token"], stranger)
    assert not active(provider, tokens["refresh_token"], stranger)
    assert not active(provider, "junk", app)
    assert not active(provider, tokens["id_token"], app)


def test_an_api_may_ask_about_tokens_meant_for_it(provider: Provider, browser: Browser, app: Auth) -> None:
    api = provider.add_client(redirect_uris=(), grant_types=("client_credentials",), resources=(API,))
    code = browser.code(client_id=app[0])
    token = browser.exchange(code, auth=app, resource=API).json()["access_token"]
    assert active(provider, token, api)


def test_only_clients_that_prove_themselves_may_ask(provider: Provider, tokens: dict[str, Any]) -> None:
    public, _ = provider.add_client(auth_method="none")
    http = provider.browser().http
    answer = http.post("/introspect", data={"token": tokens["access_token"], "client_id": public})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert post(provider, "/introspect", "x", (provider.client_id, "wrong")).status_code == 401


def test_the_token_is_required_once(provider: Provider, app: Auth) -> None:
    for path in ("/introspect", "/revoke"):
        assert post(provider, path, "", app).json()["error"] == "invalid_request"
        twice = provider.browser().http.post(path, data={"token": ["a", "b"]}, auth=app)  # type: ignore[arg-type]
        assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")


def test_introspection_as_a_signed_jwt(provider: Provider, browser: Browser) -> None:
    """RFC 9701, section 5."""
    app = provider.add_client(introspection_signed_response_alg="RS256")
    token = browser.exchange(browser.code(client_id=app[0]), auth=app).json()["access_token"]
    media_type = "application/token-introspection+jwt"
    answer = post(provider, "/introspect", token, app, Accept=media_type)
    assert answer.headers["content-type"] == media_type
    header = jwt.get_unverified_header(answer.text)
    assert (header["typ"], header["alg"]) == ("token-introspection+jwt", "RS256")
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    claims = jwt.decode(
        answer.text, keys[header["kid"]], algorithms=["RS256"], audience=app[0], issuer=ISSUER
    )
    assert claims["token_introspection"]["active"] is True
    assert "sub" not in claims
    assert "exp" not in claims
    stranger = (provider.client_id, provider.client_secret)
    other = post(provider, "/introspect", token, stranger, Accept=media_type).text
    body = jwt.decode(other, options={"verify_signature": False})
    assert body["token_introspection"] == {"active": False}
    # It can never pass for an access token (RFC 9701, section 8.1).
    assert (
        browser.http.get("/userinfo", headers={"Authorization": f"Bearer {answer.text}"}).status_code == 401
    )


def test_revoking_an_access_token_ends_it_alone(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    answer = post(provider, "/revoke", tokens["access_token"], app)
    assert (answer.status_code, answer.content) == (200, b"")
    assert not active(provider, tokens["access_token"], app)
    assert active(provider, tokens["refresh_token"], app)


def test_revoking_a_refresh_token_ends_everything(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    """RFC 7009, section 2.1."""
    assert post(provider, "/revoke", tokens["refresh_token"], app).status_code == 200
    assert not active(provider, tokens["access_token"], app)
    assert not active(provider, tokens["refresh_token"], app)


def test_revoking_again_or_nonsense_is_no_error(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    """RFC 7009, section 2.2."""
    for token in (tokens["access_token"], tokens["access_token"], "junk"):
        assert post(provider, "/revoke", token, app).status_code == 200


def test_nobody_revokes_what_belongs_to_another(
    provider: Provider, app: Auth, tokens: dict[str, Any]
) -> None:
    stranger = (provider.client_id, provider.client_secret)
    for name in ("access_token", "refresh_token"):
        answer = post(provider, "/revoke", tokens[name], stranger)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert active(provider, tokens[name], app)


def test_the_metadata_names_both(provider: Provider) -> None:
    body = provider.browser().http.get("/.well-known/openid-configuration").json()
    assert body["introspection_endpoint"] == f"{ISSUER}/introspect"
    assert body["revocation_endpoint"] == f"{ISSUER}/revoke"
    assert "none" not in body["introspection_endpoint_auth_methods_supported"]
