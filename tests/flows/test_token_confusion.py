"""JSON Web Token Best Current Practices (RFC 8725): no token passes for another, no header chooses the key;
and sessions: no fixation, no sign-in or sign-out that another site began."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from idp.tokens import hash_secret
from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.conftest import ISSUER, PASSWORD, REDIRECT, Browser, Provider, csrf_of, query_of
from tests.flows.keys import ProofKey
from tests.flows.receiver import receiving


def compact(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """Unsigned, or with a MAC over the secret: no library would make such a token."""

    def part(value: dict[str, Any]) -> bytes:
        return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    text = part(header) + b"." + part(claims)
    mac = hmac.new(secret, text, hashlib.sha256).digest() if secret else b""
    return (text + b"." + urlsafe_b64encode(mac).rstrip(b"=")).decode()


@pytest.fixture
def tokens(browser: Browser) -> dict[str, Any]:
    answer: dict[str, Any] = browser.exchange(browser.code()).json()
    return answer


def userinfo(browser: Browser, token: str) -> int:
    return browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code


def test_no_token_passes_for_another(browser: Browser, tokens: dict[str, Any]) -> None:
    """RFC 8725, section 3.11: an ID token opens nothing, an access token is no hint."""
    access, identity = tokens["access_token"], tokens["id_token"]
    assert userinfo(browser, access) == 200
    assert userinfo(browser, identity) == 401
    assert browser.http.get("/logout", params={"id_token_hint": access}).status_code == 400
    hinted = browser.authorize(id_token_hint=access, prompt="none").headers["location"]
    assert query_of(hinted)["error"] == "invalid_request"
    for token in (access, identity):
        form = {"client_assertion": token, "client_assertion_type": ASSERTION_TYPE, "token": access}
        assert browser.http.post("/introspect", data=form).status_code == 401
        answer = query_of(browser.authorize(request=token).headers["location"])
        assert answer["error"] == "invalid_request_object"


@pytest.mark.parametrize(
    ("typ", "status"),
    [("oauth-authz-req+jwt", 401), ("dpop+jwt", 401), ("at+jwt", 401), ("client-authentication+jwt", 200)],
)
def test_what_a_client_signed_for_another_use_is_no_assertion(
    provider: Provider, browser: Browser, typ: str, status: int
) -> None:
    """RFC 9101, section 10.8: a request object goes through browsers, so it must not prove the client."""
    key = ProofKey()
    client_id, _ = provider.add_client(
        auth_method="private_key_jwt", jwks={"keys": [key.jwk]}, grant_types=("client_credentials",)
    )
    claims = jwt.decode(key.assertion(client_id), options={"verify_signature": False})
    token = jwt.encode(claims, key.private, algorithm="ES256", headers={"typ": typ})
    form = {"grant_type": "client_credentials", "client_assertion": token}
    answer = browser.http.post("/token", data=form | {"client_assertion_type": ASSERTION_TYPE})
    assert answer.status_code == status


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_unsigned_tokens(browser: Browser, tokens: dict[str, Any], alg: str) -> None:
    """RFC 8725, section 3.2."""
    known = jwt.get_unverified_header(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    forged = compact(known | {"alg": alg}, claims)
    assert userinfo(browser, forged) == 401
    assert userinfo(browser, forged + "c2ln") == 401


def test_a_mac_made_with_a_public_key(provider: Provider, browser: Browser, tokens: dict[str, Any]) -> None:
    """RFC 8725, section 2.1: RS256 or ES256 read as HS256 with the published key as the secret."""
    known = jwt.get_unverified_header(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    published = next(key for key in provider.services.signer.jwks()["keys"] if key["kid"] == known["kid"])
    pem = provider.services.signer._by_kid[known["kid"]].public  # type: ignore[attr-defined]
    key = getattr(pem, "key", pem)
    secrets = [
        json.dumps(published).encode(),
        key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ]
    for secret in secrets:
        assert userinfo(browser, compact(known | {"alg": "HS256"}, claims, secret)) == 401


@pytest.mark.parametrize("header", ["jwk", "jku", "x5u"])
def test_a_header_brings_no_key(provider: Provider, browser: Browser, header: str) -> None:
    """RFC 8725, section 3.10: keys come from the registration; nothing in a header is fetched."""
    mine, attacker = ProofKey(), ProofKey()
    client_id, _ = provider.add_client(
        auth_method="private_key_jwt", jwks={"keys": [mine.jwk]}, grant_types=("client_credentials",),
        redirect_uris=(),
    )  # fmt: skip
    with receiving() as server:
        server.documents["/keys"] = json.dumps({"keys": [attacker.jwk]})
        fields = {"jwk": attacker.jwk} if header == "jwk" else {header: server.url("/keys")}
        claims = {
            "iss": client_id, "sub": client_id, "aud": ISSUER, "jti": header, "exp": int(time.time()) + 60,
        }  # fmt: skip
        forged = jwt.encode(claims, attacker.private, algorithm="ES256", headers=fields)
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
        answer = browser.http.post("/token", data=form | {"client_assertion": forged})
        assert answer.json()["error"] == "invalid_client"
        assert server.requests == []
        right = mine.assertion(client_id)
        assert browser.http.post("/token", data=form | {"client_assertion": right}).status_code == 200


@pytest.mark.parametrize("kid", ["../../dev/null", "' UNION SELECT 'x", "\0", "x" * 3000, ""])
def test_a_kid_is_only_looked_up(browser: Browser, tokens: dict[str, Any], kid: str) -> None:
    """RFC 8725, section 3.10: no file, no query; an unknown one is an unknown key."""
    known = jwt.get_unverified_header(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert userinfo(browser, compact(known | {"kid": kid}, claims, b"")) == 401


def test_a_session_cannot_be_fixed(provider: Provider) -> None:
    """OWASP, session fixation: a cookie that an attacker planted is worth nothing after the sign-in."""
    browser = provider.browser()
    planted = "mcs_" + "A" * 43
    browser.http.cookies.set("mc_session", planted)
    browser.sign_in(browser.authorize().headers["location"])
    with provider.services.store.read() as tx:
        assert tx.sessions.by_token(hash_secret(planted)) is None
    stranger = provider.browser()
    stranger.http.cookies.set("mc_session", planted)
    assert stranger.http.get("/account").status_code == 303


def test_another_site_signs_nobody_in_or_out(provider: Provider) -> None:
    """Login CSRF and logout CSRF: the attacker's interaction and token are of the attacker's browser."""
    attacker, victim = provider.browser(), provider.browser()
    page = attacker.authorize().headers["location"]
    token = csrf_of(attacker.http.get(page))
    data = {"number": provider.number, "password": PASSWORD, "csrf": token}
    assert victim.http.post(page, data=data).status_code == 403
    victim.code()
    assert 'id="sign-out"' in victim.http.get("/logout").text  # asked, not done
    for path in ("/account/sign-out", "/account/sign-out-everywhere", "/logout/answer"):
        form = {"csrf": token, "decision": "sign_out"}
        assert victim.http.post(path, data=form).status_code == 403
    assert victim.http.get("/account").status_code == 200


def test_consent_cannot_be_given_by_another_site(provider: Provider) -> None:
    browser = provider.browser()
    fresh = provider.add_client()
    browser.code()
    page = browser.authorize(client_id=fresh[0]).headers["location"]
    assert page.endswith("/consent")
    assert browser.http.post(page, data={"decision": "allow"}).status_code == 403
    answer = browser.submit(page, decision="allow")
    assert answer.headers["location"].startswith(REDIRECT + "?code=")
