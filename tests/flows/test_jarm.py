"""JWT Secured Authorization Response Mode for OAuth 2.0 (JARM)."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwe
from joserfc.jwk import RSAKey

from idp.domain.errors import IdpError
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.test_request_objects import JWKS, OTHER, client_with, request_object, send
from tests.flows.test_response_modes import form_of

App = tuple[str, str | None]


@pytest.fixture
def app(provider: Provider) -> App:
    return provider.add_client(authorization_signed_response_alg="ES256")


def opened(browser: Browser, token: str, client_id: str, alg: str = "ES256") -> dict[str, Any]:
    """The parameters, as a client reads them (section 2.4)."""
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    header = jwt.get_unverified_header(token)
    assert header["alg"] == alg
    claims: dict[str, Any] = jwt.decode(
        token, keys[header["kid"]], algorithms=[alg], audience=client_id, issuer=ISSUER
    )
    return claims


def walk(browser: Browser, **changes: str | None) -> str:
    """Signs in and agrees; where that leads."""
    target = browser.sign_in(browser.authorize(**changes).headers["location"]).headers["location"]
    if target.endswith("/consent"):
        target = browser.submit(target, decision="allow").headers["location"]
    if target.endswith("/respond"):
        target = browser.http.get(target).headers["location"]
    return target


@pytest.mark.parametrize("mode", ["jwt", "query.jwt"])
def test_in_the_query(browser: Browser, app: App, mode: str) -> None:
    """Sections 2.1, 2.3.1 and 2.3.4: one parameter, and in it everything, with iss, aud and exp."""
    target = walk(browser, client_id=app[0], response_mode=mode)
    assert target.startswith(REDIRECT + "?")
    assert list(query_of(target)) == ["response"]
    claims = opened(browser, query_of(target)["response"], app[0])
    assert set(claims) == {"iss", "aud", "exp", "code", "state", "session_state"}
    assert claims["state"] == "state-1"
    assert 0 < claims["exp"] - time.time() <= 600
    assert browser.exchange(claims["code"], auth=app).status_code == 200


def test_in_the_fragment(browser: Browser, app: App) -> None:
    """Section 2.3.2."""
    parts = urlsplit(walk(browser, client_id=app[0], response_mode="fragment.jwt"))
    (token,) = parse_qs(parts.fragment)["response"]
    assert parts.query == ""
    assert opened(browser, token, app[0])["code"]


def test_in_a_form(browser: Browser, app: App) -> None:
    """Section 2.3.3."""
    first = browser.authorize(client_id=app[0], response_mode="form_post.jwt").headers["location"]
    consent = browser.sign_in(first).headers["location"]
    action, fields = form_of(browser.submit(consent, decision="allow"))
    assert (action, list(fields)) == (REDIRECT, ["response"])
    assert opened(browser, fields["response"], app[0])["code"]


def test_after_a_sign_in_with_consent_given(browser: Browser, app: App) -> None:
    """The signed answer is made once, after the sign-in is written."""
    walk(browser, client_id=app[0])
    page = browser.authorize(client_id=app[0], response_mode="jwt", prompt="login").headers["location"]
    respond = browser.sign_in(page).headers["location"]
    assert respond.endswith("/respond")
    target = browser.http.get(respond).headers["location"]
    assert opened(browser, query_of(target)["response"], app[0])["code"]
    assert browser.http.get(respond).status_code == 410
    at_once = browser.authorize(client_id=app[0], response_mode="jwt").headers["location"]
    assert opened(browser, query_of(at_once)["response"], app[0])["code"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"prompt": "none"}, "login_required"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"request": "junk"}, "invalid_request_object"),
    ],
)
def test_errors_are_signed_too(browser: Browser, app: App, changes: dict[str, Any], error: str) -> None:
    """Section 2.1.1."""
    target = browser.authorize(client_id=app[0], response_mode="query.jwt", **changes).headers["location"]
    claims = opened(browser, query_of(target)["response"], app[0])
    assert (claims["error"], claims["state"], "code" in claims) == (error, "state-1", False)


def test_the_citizens_refusal_is_signed_too(browser: Browser, app: App) -> None:
    first = browser.authorize(client_id=app[0], response_mode="jwt").headers["location"]
    target = browser.http.get(first.replace("/sign-in", "/cancel")).headers["location"]
    assert opened(browser, query_of(target)["response"], app[0])["error"] == "access_denied"


def test_a_refused_request_object_is_answered_in_its_own_mode(provider: Provider, browser: Browser) -> None:
    """RFC 9101, section 6.2: response_mode stood only inside."""
    client_id, _ = client_with(provider, authorization_signed_response_alg="ES256")
    for mode in ("jwt", "fragment.jwt", "fragment"):
        token = request_object(browser, client_id, key=OTHER, response_mode=mode)
        answer = send(browser, client_id=client_id, request=token, redirect_uri=REDIRECT, state="outside")
        parts = urlsplit(answer.headers["location"])
        fields = parse_qs(parts.fragment if mode.startswith("fragment") else parts.query)
        if mode == "fragment":
            assert fields["error"] == ["invalid_request_object"]
            continue
        claims = opened(browser, fields["response"][0], client_id)
        assert (claims["error"], claims["state"]) == ("invalid_request_object", "outside")


def test_the_algorithm_is_the_clients_choice(provider: Provider, browser: Browser) -> None:
    """Section 3: RS256 unless registered."""
    for registered, alg in ((None, "RS256"), ("PS256", "PS256"), ("EdDSA", "EdDSA")):
        client_id, _ = provider.add_client(authorization_signed_response_alg=registered)
        target = browser.authorize(client_id=client_id, response_mode="jwt", prompt="none")
        opened(browser, query_of(target.headers["location"])["response"], client_id, alg)
    for wrong in (
        {"authorization_signed_response_alg": "none"},
        {"authorization_signed_response_alg": "HS256"},
    ):
        with pytest.raises(IdpError, match="invalid_client_metadata"):
            provider.add_client(**wrong)


def test_encrypted_for_the_client(provider: Provider, browser: Browser) -> None:
    """Section 2.2: signed, then encrypted."""
    private = RSAKey.generate_key(2048, {"kid": "r", "use": "enc"}, auto_kid=False)
    public: dict[str, Any] = dict(private.as_dict(private=False))
    client_id, _ = provider.add_client(
        jwks={"keys": [public]},
        authorization_signed_response_alg="ES256",
        authorization_encrypted_response_alg="RSA-OAEP-256",
    )
    target = browser.authorize(client_id=client_id, response_mode="jwt", prompt="none").headers["location"]
    sealed = jwe.decrypt_compact(
        query_of(target)["response"], private, algorithms=["RSA-OAEP-256", "A128CBC-HS256"]
    )
    assert (sealed.headers()["cty"], sealed.headers()["enc"]) == ("JWT", "A128CBC-HS256")
    assert sealed.plaintext
    assert opened(browser, sealed.plaintext.decode(), client_id)["error"] == "login_required"


def test_a_key_that_cannot_encrypt_ends_in_a_page(provider: Provider, browser: Browser) -> None:
    client_id, _ = client_with(provider, authorization_encrypted_response_alg="RSA-OAEP-256")
    answer = browser.authorize(client_id=client_id, response_mode="jwt", prompt="none")
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert 'data-code="invalid_client"' in answer.text


def test_encryption_needs_a_key_and_an_algorithm(provider: Provider) -> None:
    for wrong in (
        {"authorization_encrypted_response_alg": "RSA-OAEP-256"},
        {"authorization_encrypted_response_alg": "RSA1_5", "jwks": JWKS},
        {"authorization_encrypted_response_enc": "A256GCM", "jwks": JWKS},
    ):
        with pytest.raises(IdpError, match="invalid_client_metadata"):
            provider.add_client(**wrong)


def test_an_answer_is_no_id_token(browser: Browser, app: App) -> None:
    """Section 5: it must not pass for another kind of token of ours."""
    target = browser.authorize(client_id=app[0], response_mode="jwt", prompt="none").headers["location"]
    token = query_of(target)["response"]
    hinted = browser.authorize(client_id=app[0], id_token_hint=token).headers["location"]
    assert query_of(hinted)["error"] == "invalid_request"
    assert browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert browser.http.get("/logout", params={"id_token_hint": token}).status_code == 400


def test_metadata(browser: Browser) -> None:
    """Section 4."""
    document = browser.http.get("/.well-known/openid-configuration").json()
    assert {"ES256", "PS256"} <= set(document["authorization_signing_alg_values_supported"])
    assert "RSA-OAEP-256" in document["authorization_encryption_alg_values_supported"]
    assert "A128CBC-HS256" in document["authorization_encryption_enc_values_supported"]


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_keys_too_short_to_sign_with(provider: Provider, browser: Browser) -> None:
    """RFC 7518, section 3.3."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(short.public_key())) | {"kid": "k1"}
    client_id, _ = client_with(provider, jwks={"keys": [public]})
    token = request_object(browser, client_id, key=short, alg="PS256")
    assert send(browser, client_id=client_id, request=token).status_code == 400
