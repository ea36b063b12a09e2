"""Every wrong answer of a provider ends on a page with its code, and with nobody signed in.

Follows the relying-party plans of the OpenID Foundation (Basic, Config).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest

from tests.unit.sdk.conftest import City
from tests.unit.sdk.peer import CLIENT_ID, CLIENT_SECRET, Behaviour, Edit, Peer, SigningKey


def put(**values: Any) -> Edit:
    return lambda claims: {**claims, **values}


def drop(name: str) -> Edit:
    return lambda claims: {k: v for k, v in claims.items() if k != name}


def assert_refused(city: City, tab: httpx.Client, code: str, status: int) -> httpx.Response:
    page = tab.get(f"{city.url}/me")
    assert (page.status_code, f"<code>{code}</code>" in page.text) == (status, True), page.text[-300:]
    assert re.search(r"<code>[0-9a-f]{32}</code>", page.text)  # request id
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    answer = tab.get(f"{city.url}/me", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    return page


now = int(time.time())

ID_TOKENS: list[tuple[str, Edit]] = [
    ("id_token_issuer", put(iss="https://id.elsewhere.example")),
    ("id_token_issuer", drop("iss")),
    ("id_token_audience", put(aud="another-app")),
    ("id_token_audience", put(aud=["another-app"])),
    ("id_token_audience", drop("aud")),
    ("id_token_audience", put(aud=[CLIENT_ID, "another-app"])),
    ("id_token_audience", put(azp="another-app")),
    ("id_token_expired", put(exp=now - 3600)),
    ("id_token_malformed", drop("exp")),
    ("id_token_malformed", put(exp=float("nan"))),
    ("id_token_malformed", put(exp="2999")),
    ("id_token_malformed", drop("iat")),
    ("id_token_not_yet", put(iat=now + 3600)),
    ("id_token_not_yet", put(nbf=now + 3600)),
    ("id_token_nonce", put(nonce="of-another-sign-in")),
    ("id_token_nonce", drop("nonce")),
    ("id_token_subject", drop("sub")),
    ("id_token_subject", put(sub="x" * 256)),
    ("id_token_at_hash", put(at_hash="AAAAAAAAAAAAAAAAAAAAAA")),
]


@pytest.mark.parametrize(("code", "edit"), ID_TOKENS)
def test_id_token_claims(code: str, edit: Edit, city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.id_token = edit
    assert_refused(city, tab, code, 502)
    assert "/userinfo" not in peer.hits  # an unverified token never gets that far


SIGNATURES: list[tuple[str, Callable[[Peer], Callable[[dict[str, Any]], str]]]] = [
    ("id_token_algorithm", lambda _: lambda c: jwt.encode(c, "", algorithm="none")),
    ("id_token_algorithm", lambda _: lambda c: jwt.encode(c, CLIENT_SECRET * 2, algorithm="HS256")),
    ("id_token_signature", lambda peer: SigningKey(peer.keys[0].kid).sign),
    ("id_token_key_unknown", lambda _: SigningKey("unpublished").sign),
    ("id_token_malformed", lambda peer: lambda c: peer.keys[0].sign(c, typ="logout+jwt")),
    ("id_token_malformed", lambda peer: lambda c: peer.keys[0].sign(c, crit=["exp"], exp=1)),
    ("id_token_malformed", lambda _: lambda c: "not.a.jwt"),
    ("id_token_malformed", lambda peer: lambda c: peer.keys[0].sign(c) + "\u00e9"),
]


@pytest.mark.parametrize(("code", "forger"), SIGNATURES)
def test_id_token_signatures(
    code: str,
    forger: Callable[[Peer], Callable[[dict[str, Any]], str]],
    city: City,
    tab: httpx.Client,
    peer: Peer,
) -> None:
    peer.do.sign = forger(peer)
    assert_refused(city, tab, code, 502)


ANSWERS: list[tuple[str, int, dict[str, Any]]] = [
    ("userinfo_subject_mismatch", 502, {"userinfo": put(sub="someone-else")}),
    ("userinfo_subject_mismatch", 502, {"userinfo": drop("sub")}),
    ("userinfo_invalid", 502, {"userinfo_status": 403}),
    ("provider_unavailable", 503, {"token_status": 500}),
    ("token_endpoint_refused", 502, {"token_status": 400}),
    ("token_response_invalid", 502, {"token_response": drop("id_token")}),
    ("token_response_invalid", 502, {"token_response": put(token_type="mac")}),
    ("provider_answer_too_large", 502, {"userinfo": put(note="x" * 600_000)}),
    ("issuer_missing", 400, {"callback": drop("iss")}),
    ("issuer_mismatch", 400, {"callback": put(iss="https://id.elsewhere.example")}),
    ("state_mismatch", 400, {"callback": put(state="forged")}),
    ("callback_malformed", 400, {"callback": drop("state")}),
    ("callback_malformed", 400, {"callback": drop("code")}),
    ("token_endpoint_refused", 502, {"callback": put(code="guessed")}),
    ("access_denied", 403, {"callback": put(error="access_denied")}),
    ("provider_refused", 502, {"callback": put(error="invalid_scope")}),
    ("provider_refused", 502, {"callback": put(error="<script>alert(1)</script>")}),
    ("provider_unavailable", 503, {"callback": put(error="temporarily_unavailable")}),
    ("metadata_issuer_mismatch", 502, {"metadata": put(issuer="https://id.elsewhere.example")}),
    ("metadata_invalid", 502, {"metadata": drop("jwks_uri")}),
    ("metadata_invalid", 502, {"metadata": put(token_endpoint="http://id.example.vn/token")}),
    ("metadata_invalid", 502, {"metadata": put(id_token_signing_alg_values_supported=["none", "HS256"])}),
    ("metadata_invalid", 502, {"discovery_status": 404}),
    ("provider_unavailable", 503, {"discovery_status": 500}),
    ("session_too_large", 500, {"userinfo": put(note="x" * 9_000)}),
]


@pytest.mark.parametrize(("code", "status", "bend"), ANSWERS)
def test_answers(
    code: str, status: int, bend: dict[str, Any], city: City, tab: httpx.Client, peer: Peer
) -> None:
    peer.do = Behaviour(**bend)
    page = assert_refused(city, tab, code, status)
    assert "<script" not in page.text


def test_a_code_for_another_sign_in_is_useless(city: City, tab: httpx.Client, peer: Peer) -> None:
    """PKCE and nonce: a code that the provider gave to someone else's sign-in is not accepted."""
    tab.get(f"{city.url}/motcham/sign-in")
    tab.cookies.clear()
    peer.do.callback = lambda answer: {**answer, "code": next(iter(peer.grants))}
    assert_refused(city, tab, "token_endpoint_refused", 502)


def test_after_a_refusal_the_retry_link_works(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.callback = put(error="access_denied")
    page = tab.get(f"{city.url}/me?q=1")
    assert "Ông/bà đã không đồng ý" in page.text
    retry = re.search(r'class="motcham-button" href="([^"]+)"', page.text)
    assert retry
    peer.do = Behaviour()
    again = tab.get(city.url + retry[1].replace("&amp;", "&"))
    assert str(again.url) == f"{city.url}/me?q=1"
    assert again.status_code == 200


def test_keys_rotated_in_the_middle_of_a_sign_in(city: City, tab: httpx.Client, peer: Peer) -> None:
    for _ in range(3):
        tab.cookies.clear()
        assert tab.get(f"{city.url}/me").status_code == 200
        peer.rotate()
    assert peer.hits["/jwks"] == 3
    assert peer.hits["/.well-known/openid-configuration"] == 1


def test_the_only_key_needs_no_kid(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.sign = lambda claims: jwt.encode(claims, peer.keys[0].private, algorithm="ES256")
    assert tab.get(f"{city.url}/me").status_code == 200


def test_a_clock_a_little_off_is_forgiven(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.id_token = lambda claims: {**claims, "iat": claims["iat"] + 30, "exp": claims["iat"] - 30}
    assert tab.get(f"{city.url}/me").status_code == 200


def test_a_stale_auth_time_does_not_pass_max_age(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.id_token = lambda claims: {**claims, "auth_time": claims["iat"] - 4000}
    page = tab.get(f"{city.url}/again")
    assert page.status_code == 502
    assert "id_token_auth_time" in page.text


def test_refusals_are_logged_without_personal_data(
    city: City, tab: httpx.Client, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.do.userinfo = put(sub="079190000001")
    tab.get(f"{city.url}/me?q=secret-question")
    lines = [r.getMessage() for r in caplog.records if r.name == "motcham"]
    assert len(lines) == 1
    assert "userinfo_subject_mismatch" in lines[0]
    assert "request_id=" in lines[0]
    for secret in ("079190000001", "pairwise-1", "Nguyễn", "secret-question", *peer.grants):
        assert secret not in lines[0]
