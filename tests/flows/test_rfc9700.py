"""OAuth 2.0 Security Best Current Practice (RFC 9700), one test a section; named by the section's number."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from idp.domain.pkce import s256
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey

API = "https://api.example/"


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def signed_in(browser: Browser, **changes: str | None) -> dict[str, Any]:
    answer = browser.exchange(browser.code(**changes))
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


@pytest.mark.parametrize(
    "address",
    [
        REDIRECT + "/", REDIRECT + "?x=1", REDIRECT + "/../evil", REDIRECT.upper(), "data:text/html,x",
        "http://app.localhost.evil.example/cb", "http://evil.example@app.localhost/cb", REDIRECT + "#f",
        "http://app.localhost%2f.evil.example/cb", "http://app.localhost\\@evil.example/cb", REDIRECT + "\t",
        "//app.localhost/cb", "https://app.localhost/cb", "http://app.localhost:80/cb", "javascript:alert(1)",
        "http://app.localhost/CB",
    ],
)  # fmt: skip
def test_2_1_and_4_1_redirect_uris_match_exactly(browser: Browser, address: str) -> None:
    """Sections 2.1, 4.1.3 and 4.11.2: character by character; anything else is a page, never a redirect."""
    answer = browser.authorize(redirect_uri=address)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_2_1_1_pkce_is_required_of_everybody(browser: Browser) -> None:
    """Section 2.1.1: also of clients with a secret, and with S256."""
    for changes in (
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
    ):
        answer = query_of(browser.authorize(**changes).headers["location"])
        assert answer["error"] == "invalid_request"


def test_2_1_2_tokens_never_come_in_the_front_channel(browser: Browser) -> None:
    """Section 2.1.2: no implicit and no hybrid flow."""
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["response_types_supported"] == ["code"]
    for asked in ("token", "id_token", "id_token token", "code token", "code id_token"):
        assert query_of(browser.authorize(response_type=asked).headers["location"])["error"] == (
            "unsupported_response_type"
        )


def test_2_2_1_and_4_10_a_stolen_bound_token_is_worth_nothing(browser: Browser) -> None:
    """Sections 2.2.1, 4.9.2 and 4.10.1: whoever presents it must hold the key."""
    key = ProofKey()
    code = browser.code()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": browser.verifier,
    }
    auth = (browser.provider.client_id, browser.provider.client_secret)
    token = browser.http.post("/token", data=form, auth=auth, headers=key.headers()).json()["access_token"]
    thief = ProofKey().headers("/userinfo", method="GET", token=token)
    for headers in ({"Authorization": f"Bearer {token}"}, thief | {"Authorization": f"DPoP {token}"}):
        assert browser.http.get("/userinfo", headers=headers).status_code == 401
    proof = key.headers("/userinfo", method="GET", token=token)
    assert (
        browser.http.get("/userinfo", headers=proof | {"Authorization": f"DPoP {token}"}).status_code == 200
    )


def test_2_2_2_and_4_14_refresh_tokens_rotate_and_a_replay_ends_the_family(provider: Provider) -> None:
    """Sections 2.2.2 and 4.14.2."""
    browser = provider.browser()
    app = provider.add_client(grant_types=("authorization_code", "refresh_token"))
    auth = (app[0], app[1] or "")
    code = browser.code(client_id=app[0], scope="openid offline_access", prompt="consent")
    first = browser.exchange(code, auth=auth).json()["refresh_token"]

    def refresh(token: str) -> Any:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return browser.http.post("/token", data=form, auth=auth)

    second = refresh(first).json()["refresh_token"]
    third = refresh(second).json()["refresh_token"]
    assert len({first, second, third}) == 3
    assert refresh(first).status_code == 400  # its successor was used: no answer was lost
    assert refresh(third).status_code == 400


def test_2_3_and_4_9_a_token_is_for_one_place(provider: Provider) -> None:
    """Sections 2.3 and 4.9.1: audience and scope are restricted; an API's token opens nothing here."""
    browser = provider.browser()
    app = provider.add_client(resources=(API,))
    code = browser.code(client_id=app[0], resource=API)
    answer = browser.exchange(code, auth=(app[0], app[1] or ""), resource=API).json()
    assert claims_of(answer["access_token"])["aud"] == API
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 401


def test_2_4_there_is_no_password_grant(browser: Browser) -> None:
    """Section 2.4."""
    form = {"grant_type": "password", "username": "x", "password": "x"}
    auth = (browser.provider.client_id, browser.provider.client_secret)
    assert browser.http.post("/token", data=form, auth=auth).json()["error"] == "unsupported_grant_type"


def test_2_5_clients_may_prove_themselves_by_a_key(browser: Browser) -> None:
    """Section 2.5."""
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert "private_key_jwt" in metadata["token_endpoint_auth_methods_supported"]


def test_2_6_scripts_of_others_reach_no_page(browser: Browser) -> None:
    """Section 2.6: metadata are published; CORS is not for the authorization endpoint."""
    assert browser.http.get("/.well-known/openid-configuration").status_code == 200
    query = urlencode(browser.params())
    answer = browser.http.get(f"/authorize?{query}", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_4_2_nothing_leaks_by_referrer_and_a_leaked_code_is_stale(browser: Browser) -> None:
    """Section 4.2.4: Referrer-Policy, no foreign content, a code works once and briefly."""
    page = browser.http.get(browser.authorize().headers["location"])
    assert page.headers["referrer-policy"] == "same-origin"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    code = browser.code()
    assert browser.exchange(code).status_code == 200
    assert browser.exchange(code).json()["error"] == "invalid_grant"
    assert browser.provider.services.lifetimes.code <= 60


def test_4_3_no_token_in_an_address(browser: Browser) -> None:
    """Section 4.3.2: the history holds nothing to steal; a token in a query is not read."""
    token = signed_in(browser)["access_token"]
    assert browser.http.get(f"/userinfo?access_token={token}").status_code == 401


@pytest.mark.parametrize("changes", [{}, {"scope": "profile"}, {"prompt": "none", "max_age": "0"}])
def test_4_4_answers_name_their_issuer(browser: Browser, changes: dict[str, str]) -> None:
    """Section 4.4.2.1 (mix-up): ``iss`` in answers and in errors (RFC 9207)."""
    browser.code()
    answer = query_of(browser.authorize(**changes).headers["location"])
    assert answer["iss"] == ISSUER
    assert ("error" in answer) == bool(changes)


def test_4_5_an_injected_code_is_refused(provider: Provider) -> None:
    """Section 4.5: the victim's code in the attacker's session of the same client; its redirect_uri too."""
    victim, attacker = provider.browser(), provider.browser()
    code = victim.code()
    assert attacker.exchange(code).json()["error"] == "invalid_grant"  # the attacker's own code_verifier
    code = victim.code(nonce="the victim's")
    assert claims_of(victim.exchange(code).json()["id_token"])["nonce"] == "the victim's"
    other = victim.exchange(victim.code(), redirect_uri=REDIRECT + "2")
    assert other.json()["error"] == "invalid_grant"


def test_4_5_a_code_of_another_client_is_refused(provider: Provider) -> None:
    """Section 4.5.3; and it is used up by the attempt."""
    browser = provider.browser()
    thief = provider.add_client()
    code = browser.code()
    assert browser.exchange(code, auth=thief).json()["error"] == "invalid_grant"
    assert browser.exchange(code).json()["error"] == "invalid_grant"


def test_4_6_a_client_can_notice_a_foreign_access_token(browser: Browser) -> None:
    """Section 4.6: ``at_hash`` ties the token to the ID token."""
    tokens = signed_in(browser)
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims_of(tokens["id_token"])["at_hash"] == urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_4_7_a_request_of_another_site_starts_nothing(provider: Provider) -> None:
    """Section 4.7: an interaction belongs to the browser that began it; ``state`` comes back unchanged."""
    victim, attacker = provider.browser(), provider.browser()
    page = attacker.authorize().headers["location"]
    assert victim.http.get(page).status_code == 403
    victim.code()
    assert query_of(victim.authorize(state="a&b=ü").headers["location"])["state"] == "a&b=ü"


def test_4_8_pkce_cannot_be_downgraded(browser: Browser) -> None:
    """Section 4.8.2: no code without a challenge; none is redeemed without its verifier, or by "plain"."""
    assert query_of(browser.authorize(code_challenge="").headers["location"])["error"] == "invalid_request"
    for verifier in (None, "", s256(browser.verifier), "x" * 43):
        answer = browser.exchange(browser.code(), code_verifier=verifier)
        assert answer.json()["error"] == "invalid_grant"


def test_4_11_no_open_redirector(browser: Browser) -> None:
    """Section 4.11.2: logout, language and sign-in pages lead to registered addresses only."""
    for path in (
        "/logout?post_logout_redirect_uri=https://evil.example/",
        f"/logout?client_id={browser.provider.client_id}&post_logout_redirect_uri=https://evil.example/",
        "/account?return_to=https://evil.example/",
        "//evil.example/%2e%2e",
        "/register/",
    ):
        answer = browser.http.get(f"{ISSUER}{path}", headers={"Host": "evil.example"})
        assert "evil" not in answer.headers.get("location", "")


def test_4_12_a_posted_password_is_not_posted_on(browser: Browser) -> None:
    """Section 4.12: 303 after every form, never 307 or 308."""
    answer = browser.sign_in(browser.authorize().headers["location"])
    assert answer.status_code == 303
    assert browser.http.post("/token/", data={}).status_code == 404


def test_4_13_headers_of_a_proxy_are_not_taken_from_strangers(browser: Browser) -> None:
    """Section 4.13: without a configured proxy a certificate or an address in a header means nothing."""
    metadata = browser.http.get(
        "/.well-known/openid-configuration",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    ).json()
    assert metadata["issuer"] == ISSUER
    assert "tls_client_auth" not in metadata["token_endpoint_auth_methods_supported"]


def test_4_15_a_client_cannot_pass_for_a_citizen(provider: Provider) -> None:
    """Section 4.15.1: we choose the client_id; a client's own token is no citizen's."""
    app = provider.add_client(grant_types=("client_credentials",), redirect_uris=())
    http = provider.browser().http
    answer = http.post(
        "/token", data={"grant_type": "client_credentials"}, auth=(app[0], app[1] or "")
    ).json()
    assert claims_of(answer["access_token"])["sub"] == app[0]
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert http.get("/userinfo", headers=bearer).status_code == 401


def test_4_16_pages_cannot_be_framed(browser: Browser) -> None:
    """Section 4.16: CSP and, for old browsers, X-Frame-Options."""
    page = browser.http.get(browser.authorize().headers["location"])
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


def test_4_17_answers_are_not_posted_to_windows(browser: Browser) -> None:
    """Section 4.17: no answer goes through postMessage."""
    modes = browser.http.get("/.well-known/openid-configuration").json()["response_modes_supported"]
    assert "web_message" not in modes
    assert query_of(browser.authorize(response_mode="web_message").headers["location"])["error"] == (
        "invalid_request"
    )
