"""The token endpoint: client authentication, PKCE, single use (RFC 6749, 7636, 7523)."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tests.flows.conftest import ISSUER, Browser, Provider


def test_a_code_works_once_and_a_replay_revokes(browser: Browser) -> None:
    """RFC 6749, section 4.1.2; RFC 9700, section 4.5."""
    code = browser.code()
    token = browser.exchange(code).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 200
    again = browser.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    gone = browser.http.get("/userinfo", headers=bearer)
    assert gone.status_code == 401
    assert 'error="invalid_token"' in gone.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_grant"),
        ({"redirect_uri": "http://app.localhost/other"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"code": "mcc_unknown"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
    ],
)
def test_a_wrong_request(browser: Browser, changes: dict[str, Any], error: str) -> None:
    answer = browser.exchange(browser.code(), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_code_of_another_client(provider: Provider, browser: Browser) -> None:
    other = provider.add_client()
    answer = browser.exchange(browser.code(), auth=other)
    assert answer.json()["error"] == "invalid_grant"


def test_wrong_secret_unknown_client_and_other_method_look_alike(
    provider: Provider, browser: Browser
) -> None:
    code = browser.code()
    for auth in ((provider.client_id, "wrong"), ("nobody", "wrong")):
        answer = browser.exchange(code, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")
    posted = browser.exchange(
        code, auth=None, client_id=provider.client_id, client_secret=provider.client_secret
    )
    assert posted.json()["error"] == "invalid_client"
    assert browser.exchange(code).status_code == 200  # none of that used the code up


def test_two_methods_at_once_are_refused(provider: Provider, browser: Browser) -> None:
    answer = browser.exchange(browser.code(), client_secret=provider.client_secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_malformed_basic_header(browser: Browser) -> None:
    for value in ("Basic %%%", "Basic " + b64encode(b"nocolon").decode(), "Digest x"):
        answer = browser.http.post(
            "/token", data={"grant_type": "authorization_code"}, headers={"Authorization": value}
        )
        assert answer.json()["error"] == "invalid_client"


def test_client_secret_post_and_public_clients(provider: Provider) -> None:
    for method in ("client_secret_post", "none"):
        client_id, secret = provider.add_client(auth_method=method)
        browser = provider.browser()
        code = browser.code(client_id=client_id)
        extra = {"client_secret": secret} if secret else {}
        assert browser.exchange(code, auth=None, client_id=client_id, **extra).status_code == 200


def test_private_key_jwt(provider: Provider) -> None:
    """RFC 7523, section 3: audience, lifetime, one use, the registered key."""
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": "k1"}
    client_id, secret = provider.add_client(auth_method="private_key_jwt", jwks={"keys": [jwk]})
    assert secret is None
    browser = provider.browser()
    code = browser.code(client_id=client_id)

    def assertion(signer: Any = key, **changes: Any) -> str:
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": ISSUER,
            "jti": "j1",
            "exp": int(time.time()) + 60,
        }
        return jwt.encode(claims | changes, signer, algorithm="ES256", headers={"kid": "k1"})

    def send(text: str) -> Any:
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return browser.exchange(code, auth=None, client_assertion=text, client_assertion_type=kind)

    for bad in (
        assertion(aud="https://else.example"),
        assertion(sub="other"),
        assertion(exp=int(time.time()) - 120),
        assertion(exp=int(time.time()) + 7200),
        assertion(signer=ec.generate_private_key(ec.SECP256R1())),
        "not.a.jwt",
    ):
        answer = send(bad)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    good = assertion()
    assert send(good).status_code == 200
    assert send(good).json()["error"] == "invalid_client"  # the jti was used


def test_id_token_in_rs256_where_registered(provider: Provider) -> None:
    client_id, secret = provider.add_client(id_token_signed_response_alg="RS256")
    browser = provider.browser()
    body = browser.exchange(browser.code(client_id=client_id), auth=(client_id, secret)).json()
    assert jwt.get_unverified_header(body["id_token"])["alg"] == "RS256"


def test_repeated_parameters_and_other_content_types(browser: Browser) -> None:
    answer = browser.http.post(
        "/token",
        content="grant_type=authorization_code&grant_type=x",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    answer = browser.http.post("/token", json={"grant_type": "authorization_code"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer junk", "Basic x"])
def test_userinfo_needs_a_token(browser: Browser, header: str | None) -> None:
    """RFC 6750, section 3."""
    answer = browser.http.get("/userinfo", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_id_token_is_no_access_token(browser: Browser) -> None:
    token = browser.exchange(browser.code()).json()["id_token"]
    answer = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
