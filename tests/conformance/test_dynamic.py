"""Plan oidcc-dynamic-certification-test-plan, re-implemented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from idp.adapters.key_sets import CachedKeySets
from idp.usecases.registration.register import initial_access_token
from tests.conformance.conftest import Relying
from tests.conformance.plan_browser import PlanBrowser
from tests.flows.conftest import ISSUER, REDIRECT, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.receiver import Receiver, receiving


class Registered(Relying):
    """A client made at the registration endpoint."""

    def __init__(self, provider: Provider, browser: PlanBrowser, **document: Any) -> None:
        answer = register(provider, **document)
        assert answer.status_code == 201, answer.text
        self.browser = browser
        self.made = answer.json()
        self.client_id = self.made["client_id"]
        self.auth = (self.client_id, self.made.get("client_secret"))


def register(provider: Provider, **document: Any) -> httpx.Response:
    """With a token of an admin who knows that the plan sends no PKCE and mixes hosts."""
    allowed = {"require_pkce": False, "subject_type": "public"}
    token = initial_access_token(provider.services, uses=1, lifetime=60, constraints=allowed)
    headers = {"Authorization": f"Bearer {token}"}
    body = {"redirect_uris": [REDIRECT]} | document
    return provider.browser().http.post("/register", json=body, headers=headers)


def _refused(browser: PlanBrowser, client_id: str, redirect_uri: str | None) -> None:
    answer = browser.authorize(client_id=client_id, redirect_uri=redirect_uri)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.fixture
def browser(provider: Provider) -> PlanBrowser:
    return PlanBrowser(provider)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def test_oidcc_server(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser)
    tokens = relying.tokens()
    assert relying.userinfo(tokens["access_token"])["sub"] == relying.claims(tokens["id_token"])["sub"]


def test_oidcc_idtoken_rs256(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, id_token_signed_response_alg="RS256")
    token = relying.tokens()["id_token"]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert relying.claims(token)["sub"]


def test_oidcc_idtoken_unsigned(provider: Provider) -> None:
    """Refused: unsigned ID tokens are not offered."""
    answer = register(provider, id_token_signed_response_alg="none")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_oidcc_userinfo_rs256(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, userinfo_signed_response_alg="RS256")
    bearer = {"Authorization": f"Bearer {relying.tokens()['access_token']}"}
    answer = browser.http.get("/userinfo", headers=bearer)
    assert answer.headers["content-type"].startswith("application/jwt")
    assert jwt.get_unverified_header(answer.text)["alg"] == "RS256"
    assert relying.claims(answer.text)["iss"] == ISSUER


def test_oidcc_ensure_redirect_uri_in_authorization_request(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, redirect_uris=[REDIRECT, "https://other.example/cb"])
    _refused(browser, relying.client_id, None)


def test_oidcc_redirect_uri_query_ok(provider: Provider, browser: PlanBrowser) -> None:
    uri = REDIRECT + "?foo=bar"
    relying = Registered(provider, browser, redirect_uris=[uri])
    code = browser.code(client_id=relying.client_id, redirect_uri=uri)
    answer = browser.exchange(code, auth=relying.auth, redirect_uri=uri)
    assert answer.json()["id_token"]


def test_oidcc_redirect_uri_query_mismatch(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, redirect_uris=[REDIRECT + "?foo=bar"])
    _refused(browser, relying.client_id, REDIRECT + "?foo=baz")


def test_oidcc_redirect_uri_query_added(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser)
    _refused(browser, relying.client_id, REDIRECT + "?foo=bar")


def test_oidcc_redirect_uri_regfrag(provider: Provider) -> None:
    answer = register(provider, redirect_uris=[REDIRECT + "#foobar"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


def test_oidcc_discovery_endpoint_verification(browser: PlanBrowser) -> None:
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["registration_endpoint"] == f"{ISSUER}/register"
    assert metadata["request_uri_parameter_supported"] is True


def test_oidcc_registration_logo_uri(provider: Provider, browser: PlanBrowser) -> None:
    logo = "https://app.example/logo.png?a=1&b=2"
    page = _sign_in_page(Registered(provider, browser, logo_uri=logo))
    assert f'<img class="app-logo" id="app-logo" src="{logo}"' in unescape(page.text)
    assert "img-src 'self' data: blob: https://app.example;" in page.headers["content-security-policy"]


def test_oidcc_registration_policy_uri(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, policy_uri="https://app.example/policy")
    assert 'href="https://app.example/policy"' in _sign_in_page(relying).text


def test_oidcc_registration_tos_uri(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, tos_uri="https://app.example/terms")
    assert 'href="https://app.example/terms"' in _sign_in_page(relying).text


def test_oidcc_registration_sector_uri(provider: Provider, receiver: Receiver) -> None:
    receiver.documents = {"/sector": json.dumps([REDIRECT])}
    sector = {"sector_identifier_uri": receiver.url("/sector"), "subject_type": "pairwise"}
    made = register(provider, **sector)
    assert (made.status_code, made.json()["subject_type"]) == (201, "pairwise")


def test_oidcc_registration_sector_bad(provider: Provider, receiver: Receiver) -> None:
    receiver.documents = {"/sector": json.dumps(["https://else.example/"])}
    answer = register(provider, sector_identifier_uri=receiver.url("/sector"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_oidcc_registration_jwks_uri(provider: Provider, browser: PlanBrowser, receiver: Receiver) -> None:
    key = ProofKey()
    receiver.documents = {"/jwks": json.dumps({"keys": [key.jwk]})}
    relying = Registered(
        provider, browser, token_endpoint_auth_method="private_key_jwt", jwks_uri=receiver.url("/jwks")
    )
    code = browser.code(client_id=relying.client_id)
    assert "client_secret" not in relying.made
    answer = browser.exchange(code, auth=None, **_assertion(key, relying.client_id))
    assert answer.status_code == 200, answer.text


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(
    provider: Provider, browser: PlanBrowser
) -> None:
    key = ProofKey()
    relying = Registered(
        provider, browser, token_endpoint_auth_method="private_key_jwt", jwks={"keys": [key.jwk]}
    )
    code = browser.code(client_id=relying.client_id)
    answer = browser.exchange(code, auth=None, **_assertion(key, relying.client_id))
    assert answer.status_code == 200, answer.text


def test_oidcc_server_rotate_keys(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser)
    before = relying.tokens()["id_token"]
    old = {key["kid"] for key in browser.http.get("/jwks").json()["keys"]}
    provider.services.signer.rotate()
    new = {key["kid"] for key in browser.http.get("/jwks").json()["keys"]}
    assert old < new
    assert relying.claims(before)["sub"] == relying.claims(relying.tokens()["id_token"])["sub"]


def test_oidcc_request_uri_unsigned(provider: Provider, browser: PlanBrowser, receiver: Receiver) -> None:
    uri = receiver.url("/object")
    relying = Registered(provider, browser, request_uris=[uri], request_object_signing_alg="none")
    receiver.documents = {"/object": _unsigned(browser, relying)}
    _succeeds(browser, relying, request_uri=uri)


def test_oidcc_ensure_request_object_with_redirect_uri(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, request_object_signing_alg="none")
    outside = {"redirect_uri": "https://app.example/other"}
    _succeeds(browser, relying, request=_unsigned(browser, relying), **outside)


def test_oidcc_request_uri_signed_rs256(provider: Provider, browser: PlanBrowser, receiver: Receiver) -> None:
    uri, key = receiver.url("/object"), rsa.generate_private_key(65537, 2048)
    jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "r1"}
    relying = Registered(
        provider, browser, request_uris=[uri], request_object_signing_alg="RS256", jwks={"keys": [jwk]}
    )
    inside = browser.inside(relying.client_id)
    signed = jwt.encode(inside, key, algorithm="RS256", headers={"kid": "r1"})
    receiver.documents = {"/object": signed}
    _succeeds(browser, relying, request_uri=uri)


def test_oidcc_refresh_token(provider: Provider, browser: PlanBrowser) -> None:
    relying = Registered(provider, browser, grant_types=["authorization_code", "refresh_token"])
    tokens = relying.tokens(scope="openid offline_access", prompt="consent")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = browser.http.post("/token", data=form, auth=relying.auth).json()
    assert relying.claims(again["id_token"])["sub"] == relying.claims(tokens["id_token"])["sub"]


def test_oidcc_refresh_token_rp_key_rotation(
    provider: Provider, browser: PlanBrowser, receiver: Receiver
) -> None:
    """The client's new key is found a minute after the old one was fetched."""
    services, passed = provider.services, [0]
    fetched = CachedKeySets(services.fetcher, lambda: services.clock() + passed[0])
    provider.app.state.services = replace(services, key_sets=fetched)
    old, new = NamedKey("old"), NamedKey("new")
    receiver.documents = {"/jwks": old.published}
    relying = Registered(
        provider,
        browser,
        token_endpoint_auth_method="private_key_jwt",
        jwks_uri=receiver.url("/jwks"),
        grant_types=["authorization_code", "refresh_token"],
    )
    code = browser.code(client_id=relying.client_id, scope="openid offline_access", prompt="consent")
    tokens = browser.exchange(code, auth=None, **_assertion(old, relying.client_id)).json()
    receiver.documents, passed[0] = {"/jwks": new.published}, 61
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = browser.http.post("/token", data=form | _assertion(new, relying.client_id))
    provider.app.state.services = services
    assert again.json()["access_token"]


class NamedKey(ProofKey):
    def __init__(self, kid: str) -> None:
        super().__init__()
        self.kid = kid
        self.published = json.dumps({"keys": [self.jwk | {"kid": kid}]})

    def assertion(self, client_id: str, **changes: Any) -> str:
        claims = jwt.decode(super().assertion(client_id), options={"verify_signature": False})
        return jwt.encode(claims | changes, self.private, algorithm="ES256", headers={"kid": self.kid})


def _sign_in_page(relying: Relying) -> httpx.Response:
    target = relying.browser.authorize(client_id=relying.client_id).headers["location"]
    assert target.endswith("/sign-in")
    return relying.browser.http.get(target)


def _unsigned(browser: PlanBrowser, relying: Relying) -> str:
    return jwt.encode(browser.inside(relying.client_id), "", algorithm="none")


def _succeeds(browser: PlanBrowser, relying: Relying, **request: str) -> None:
    relying.tokens(scope="openid")  # signed in and consented
    target = browser.send(client_id=relying.client_id, **request).headers["location"]
    assert target.startswith(REDIRECT + "?")
    assert query_of(target)["state"] == "inside" and query_of(target)["code"]


def _assertion(key: ProofKey, client_id: str) -> dict[str, str]:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion": key.assertion(client_id), "client_assertion_type": kind}
