"""Plan oidcc-dynamic-certification-test-plan, re-implemented, as far as its features are offered.

Not here: oidcc-registration-logo-uri, -policy-uri and -tos-uri (kept, but not shown on the sign-in page),
oidcc-refresh-token-rp-key-rotation, oidcc-ensure-request-object-with-redirect-uri.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from idp.domain.pkce import s256
from idp.usecases.registration.register import initial_access_token
from tests.conformance.conftest import Relying
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.receiver import Receiver, receiving


class Registered(Relying):
    """A client made at the registration endpoint."""

    def __init__(self, provider: Provider, browser: Browser, **document: Any) -> None:
        answer = register(provider, **document)
        assert answer.status_code == 201, answer.text
        self.browser = browser
        self.made = answer.json()
        self.client_id = self.made["client_id"]
        self.auth = (self.client_id, self.made.get("client_secret"))


def register(provider: Provider, **document: Any) -> httpx.Response:
    token = initial_access_token(provider.services, uses=1, lifetime=60, constraints={})
    headers = {"Authorization": f"Bearer {token}"}
    body = {"redirect_uris": [REDIRECT]} | document
    return provider.browser().http.post("/register", json=body, headers=headers)


def _refused(browser: Browser, client_id: str, redirect_uri: str | None) -> None:
    answer = browser.authorize(client_id=client_id, redirect_uri=redirect_uri)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def test_oidcc_server(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser)
    tokens = relying.tokens()
    assert relying.userinfo(tokens["access_token"])["sub"] == relying.claims(tokens["id_token"])["sub"]


def test_oidcc_idtoken_rs256(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser, id_token_signed_response_alg="RS256")
    token = relying.tokens()["id_token"]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert relying.claims(token)["sub"]


def test_oidcc_idtoken_unsigned(provider: Provider) -> None:
    """Refused: unsigned ID tokens are not offered."""
    answer = register(provider, id_token_signed_response_alg="none")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_oidcc_userinfo_rs256(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser, userinfo_signed_response_alg="RS256")
    bearer = {"Authorization": f"Bearer {relying.tokens()['access_token']}"}
    answer = browser.http.get("/userinfo", headers=bearer)
    assert answer.headers["content-type"].startswith("application/jwt")
    assert jwt.get_unverified_header(answer.text)["alg"] == "RS256"
    assert relying.claims(answer.text)["iss"] == ISSUER


def test_oidcc_ensure_redirect_uri_in_authorization_request(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser, redirect_uris=[REDIRECT, REDIRECT + "2"])
    _refused(browser, relying.client_id, None)


def test_oidcc_redirect_uri_query_ok(provider: Provider, browser: Browser) -> None:
    uri = REDIRECT + "?foo=bar"
    relying = Registered(provider, browser, redirect_uris=[uri])
    code = browser.code(client_id=relying.client_id, redirect_uri=uri)
    answer = browser.exchange(code, auth=relying.auth, redirect_uri=uri)
    assert answer.json()["id_token"]


def test_oidcc_redirect_uri_query_mismatch(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser, redirect_uris=[REDIRECT + "?foo=bar"])
    _refused(browser, relying.client_id, REDIRECT + "?foo=baz")


def test_oidcc_redirect_uri_query_added(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser)
    _refused(browser, relying.client_id, REDIRECT + "?foo=bar")


def test_oidcc_redirect_uri_regfrag(provider: Provider) -> None:
    answer = register(provider, redirect_uris=[REDIRECT + "#foobar"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


def test_oidcc_discovery_endpoint_verification(browser: Browser) -> None:
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["registration_endpoint"] == f"{ISSUER}/register"
    assert metadata["request_uri_parameter_supported"] is True


def test_oidcc_registration_sector_uri(provider: Provider, receiver: Receiver) -> None:
    receiver.documents = {"/sector": json.dumps([REDIRECT])}
    assert register(provider, sector_identifier_uri=receiver.url("/sector")).status_code == 201


def test_oidcc_registration_sector_bad(provider: Provider, receiver: Receiver) -> None:
    receiver.documents = {"/sector": json.dumps(["https://else.example/"])}
    answer = register(provider, sector_identifier_uri=receiver.url("/sector"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_oidcc_registration_jwks_uri(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    key = ProofKey()
    receiver.documents = {"/jwks": json.dumps({"keys": [key.jwk]})}
    relying = Registered(
        provider, browser, token_endpoint_auth_method="private_key_jwt", jwks_uri=receiver.url("/jwks")
    )
    code = browser.code(client_id=relying.client_id)
    assert "client_secret" not in relying.made
    answer = browser.exchange(code, auth=None, **_assertion(key, relying.client_id))
    assert answer.status_code == 200, answer.text


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(provider: Provider, browser: Browser) -> None:
    key = ProofKey()
    relying = Registered(
        provider, browser, token_endpoint_auth_method="private_key_jwt", jwks={"keys": [key.jwk]}
    )
    code = browser.code(client_id=relying.client_id)
    answer = browser.exchange(code, auth=None, **_assertion(key, relying.client_id))
    assert answer.status_code == 200, answer.text


def test_oidcc_server_rotate_keys(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser)
    before = relying.tokens()["id_token"]
    old = {key["kid"] for key in browser.http.get("/jwks").json()["keys"]}
    provider.services.signer.rotate()
    new = {key["kid"] for key in browser.http.get("/jwks").json()["keys"]}
    assert old < new
    assert relying.claims(before)["sub"] == relying.claims(relying.tokens()["id_token"])["sub"]


def test_oidcc_request_uri_unsigned(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    uri = receiver.url("/object")
    relying = Registered(provider, browser, request_uris=[uri], request_object_signing_alg="none")
    receiver.documents = {"/object": jwt.encode(_inside(relying), "", algorithm="none")}
    _succeeds(relying, uri)


def test_oidcc_request_uri_signed_rs256(provider: Provider, browser: Browser, receiver: Receiver) -> None:
    uri, key = receiver.url("/object"), rsa.generate_private_key(65537, 2048)
    jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "r1"}
    relying = Registered(
        provider, browser, request_uris=[uri], request_object_signing_alg="RS256", jwks={"keys": [jwk]}
    )
    signed = jwt.encode(_inside(relying), key, algorithm="RS256", headers={"kid": "r1"})
    receiver.documents = {"/object": signed}
    _succeeds(relying, uri)


def test_oidcc_refresh_token(provider: Provider, browser: Browser) -> None:
    relying = Registered(provider, browser, grant_types=["authorization_code", "refresh_token"])
    tokens = relying.tokens(scope="openid offline_access", prompt="consent")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = browser.http.post("/token", data=form, auth=relying.auth).json()
    assert relying.claims(again["id_token"])["sub"] == relying.claims(tokens["id_token"])["sub"]


def _inside(relying: Relying) -> dict[str, str]:
    return {
        "client_id": relying.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "openid",
        "state": "inside",
        "code_challenge": s256(relying.browser.verifier),
        "code_challenge_method": "S256",
    }


def _succeeds(relying: Relying, uri: str) -> None:
    relying.tokens(scope="openid")  # signed in and consented
    query = urlencode({"client_id": relying.client_id, "request_uri": uri})
    asked = query_of(relying.browser.http.get("/authorize?" + query).headers["location"])
    assert asked["state"] == "inside" and asked["code"]


def _assertion(key: ProofKey, client_id: str) -> dict[str, str]:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion": key.assertion(client_id), "client_assertion_type": kind}
