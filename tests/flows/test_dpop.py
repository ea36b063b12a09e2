"""DPoP: tokens bound to a key that signs each request (RFC 9449)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import jwt
import pytest

from idp.domain.pkce import s256
from tests.flows.conftest import REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey

GRANTS = ("authorization_code", "refresh_token")


@pytest.fixture
def key() -> ProofKey:
    return ProofKey()


def exchange(
    browser: Browser, code: str, proof: str | list[str] | None, auth: Any = None, **data: Any
) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": browser.verifier,
    }
    sent = [proof] if isinstance(proof, str) else proof or []
    auth = auth or (browser.provider.client_id, browser.provider.client_secret)
    if "client_id" in data:
        auth = None
    return browser.http.post("/token", data=form | data, auth=auth, headers=[("DPoP", p) for p in sent])


def userinfo(browser: Browser, token: str, proof: str | None, scheme: str = "DPoP") -> httpx.Response:
    headers = {"Authorization": f"{scheme} {token}"} | ({"DPoP": proof} if proof else {})
    return browser.http.get("/userinfo", headers=headers)


def test_a_bound_token_and_its_use(browser: Browser, key: ProofKey) -> None:
    """Sections 5, 6.1 and 7.1."""
    answer = exchange(browser, browser.code(), key.proof())
    body = answer.json()
    assert (answer.status_code, body["token_type"]) == (200, "DPoP")
    assert answer.headers["dpop-nonce"]
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert claims["cnf"] == {"jkt": key.jkt}
    token = body["access_token"]
    assert userinfo(browser, token, key.proof("/userinfo", method="GET", token=token)).status_code == 200


def test_a_stolen_token_is_worth_nothing(browser: Browser, key: ProofKey) -> None:
    """Section 7.2: a bound token as Bearer, with no proof, or with another key's."""
    token = exchange(browser, browser.code(), key.proof()).json()["access_token"]
    thief = ProofKey()
    for scheme, proof in (
        ("Bearer", None),
        ("Bearer", key.proof("/userinfo", method="GET", token=token)),
        ("DPoP", None),
        ("DPoP", thief.proof("/userinfo", method="GET", token=token)),
        ("DPoP", key.proof("/userinfo", method="GET", token="another")),
        ("DPoP", key.proof("/userinfo", method="GET")),
        ("DPoP", key.proof("/token", method="GET", token=token)),
        ("DPoP", key.proof("/userinfo", method="POST", token=token)),
    ):
        answer = userinfo(browser, token, proof, scheme)
        assert answer.status_code == 401, (scheme, answer.text)
        assert answer.headers["www-authenticate"].startswith(scheme)
        assert "error=" in answer.headers["www-authenticate"]


def test_a_bearer_token_does_not_become_bound(browser: Browser, key: ProofKey) -> None:
    """Section 7.1: the scheme DPoP needs a bound token."""
    token = browser.exchange(browser.code()).json()["access_token"]
    answer = userinfo(browser, token, key.proof("/userinfo", method="GET", token=token))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_the_proof_is_good_once(browser: Browser, key: ProofKey) -> None:
    """Section 11.1, at both endpoints, also by two requests at once."""
    proof = key.proof()
    code, other = browser.code(), browser.code()
    token = exchange(browser, code, proof).json()["access_token"]
    again = exchange(browser, other, proof)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_dpop_proof")
    assert exchange(browser, other, key.proof()).status_code == 200  # the code was not used up
    shown = key.proof("/userinfo", method="GET", token=token)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: userinfo(browser, token, shown).status_code, range(2)))
    assert sorted(answers) == [200, 401]


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "http://else.localhost/token"},
        {"htu": "http://id.localhost/userinfo"},
        {"htu": "http://[bad/token"},
        {"htu": 5},
        {"htm": None},
        {"htu": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 257},
        {"jti": 7},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"nonce": 3},
        {"header": {"typ": "JWT"}},
        {"header": {"jwk": None}},
        {"header": {"jwk": "key"}},
        {"header": {"jwk": {"kty": "EC"}}},
        {"header": {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}},
        {"header": {"jwk": ProofKey().jwk}},  # another key than the one that signed
    ],
)
def test_wrong_proofs(browser: Browser, key: ProofKey, changes: dict[str, Any]) -> None:
    """Section 4.3, check by check."""
    answer = exchange(browser, "mcc_any", key.proof(**changes))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_symmetric_and_unsigned_proofs_and_private_keys(browser: Browser, key: ProofKey) -> None:
    """Section 4.3, checks 5 to 7."""
    claims = jwt.decode(key.proof(), options={"verify_signature": False})
    head = {"typ": "dpop+jwt", "jwk": key.jwk}
    none = jwt.encode(claims, None, algorithm="none", headers=head)
    hmac = jwt.encode(claims, "s" * 32, algorithm="HS256", headers=head)
    private = key.proof(header={"jwk": key.jwk | {"d": "AAAA"}})
    for proof in (none, hmac, private, "junk", "a.b.c"):
        assert exchange(browser, "mcc_any", proof).json()["error"] == "invalid_dpop_proof"
    two = exchange(browser, "mcc_any", [key.proof(), key.proof()])
    assert two.json()["error"] == "invalid_dpop_proof"


def test_query_and_case_of_the_address_do_not_count(browser: Browser, key: ProofKey) -> None:
    """Section 4.3, check 9: syntax-based normalisation."""
    proof = key.proof(htu="HTTP://ID.localhost:80/token?x=1#y")
    assert exchange(browser, browser.code(), proof).status_code == 200


def test_the_code_may_be_bound_to_the_key(browser: Browser, key: ProofKey) -> None:
    """Section 10: dpop_jkt."""
    assert exchange(browser, browser.code(dpop_jkt=key.jkt), key.proof()).status_code == 200
    for proof in (ProofKey().proof(), None):
        answer = exchange(browser, browser.code(dpop_jkt=key.jkt), proof)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    back = browser.authorize(dpop_jkt="short").headers["location"]
    assert query_of(back)["error"] == "invalid_request"


def test_a_proof_at_the_par_endpoint_binds_the_code(browser: Browser, key: ProofKey) -> None:
    """Section 10.1."""
    auth = (browser.provider.client_id, browser.provider.client_secret)
    form = {
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "code_challenge": s256(browser.verifier),
        "code_challenge_method": "S256",
    }

    def push(**changes: str) -> httpx.Response:
        return browser.http.post("/par", data=form | changes, auth=auth, headers=key.headers("/par"))

    pushed = push()
    assert (pushed.status_code, bool(pushed.headers["dpop-nonce"])) == (201, True)
    code = browser.code(
        **dict.fromkeys(("redirect_uri", "response_type", "scope", "state", "nonce")),
        code_challenge=None,
        code_challenge_method=None,
        request_uri=pushed.json()["request_uri"],
    )
    stolen = exchange(browser, code, ProofKey().proof())
    assert stolen.json()["error"] == "invalid_grant"
    assert push(dpop_jkt=key.jkt).status_code == 201
    other = push(dpop_jkt=ProofKey().jkt)
    assert (other.status_code, other.json()["error"]) == (400, "invalid_dpop_proof")


def test_a_client_registered_for_bound_tokens_must_send_a_proof(provider: Provider, key: ProofKey) -> None:
    """Section 5.2: dpop_bound_access_tokens."""
    app = provider.add_client(dpop_bound_access_tokens=True)
    browser = provider.browser()
    code = browser.code(client_id=app[0])
    assert exchange(browser, code, None, app).json()["error"] == "invalid_dpop_proof"
    assert exchange(browser, code, key.proof(), app).status_code == 200


def refresh(browser: Browser, token: str, key: ProofKey | None, client: dict[str, Any]) -> httpx.Response:
    data = {"grant_type": "refresh_token", "refresh_token": token}
    auth = client.get("auth")
    form = data | ({"client_id": client["client_id"]} if auth is None else {})
    return browser.http.post("/token", data=form, auth=auth, headers=key.headers() if key else {})


def test_a_public_clients_refresh_token_is_bound(provider: Provider, key: ProofKey) -> None:
    """Section 5: the refresh token of a public client is bound to the key, too."""
    client_id, _ = provider.add_client(auth_method="none", grant_types=GRANTS)
    browser = provider.browser()
    code = browser.code(client_id=client_id, scope="openid offline_access")
    token = exchange(browser, code, key.proof(), client_id=client_id).json()["refresh_token"]
    client = {"client_id": client_id}
    for other in (ProofKey(), None):
        answer = refresh(browser, token, other, client)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    body = refresh(browser, token, key, client).json()
    assert body["token_type"] == "DPoP"
    assert refresh(browser, body["refresh_token"], ProofKey(), client).json()["error"] == "invalid_grant"


def test_a_confidential_client_may_change_its_key(provider: Provider, key: ProofKey) -> None:
    app = provider.add_client(grant_types=GRANTS)
    browser = provider.browser()
    code = browser.code(client_id=app[0], scope="openid offline_access")
    token = exchange(browser, code, key.proof(), app).json()["refresh_token"]
    other = ProofKey()
    body = refresh(browser, token, other, {"auth": app}).json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert claims["cnf"]["jkt"] == other.jkt


def test_client_credentials_may_be_bound(provider: Provider, key: ProofKey) -> None:
    app = provider.add_client(redirect_uris=(), grant_types=("client_credentials",))
    http = provider.browser().http
    data = {"grant_type": "client_credentials"}
    body = http.post("/token", data=data, auth=app, headers=key.headers()).json()  # type: ignore[arg-type]
    assert body["token_type"] == "DPoP"
    seen = http.post("/introspect", data={"token": body["access_token"]}, auth=app).json()  # type: ignore[arg-type]
    assert (seen["cnf"], seen["token_type"]) == ({"jkt": key.jkt}, "DPoP")  # section 6.2


def test_a_wrong_nonce_is_answered_with_the_right_one(browser: Browser, key: ProofKey) -> None:
    """Section 8."""
    code = browser.code()
    answer = exchange(browser, code, key.proof(nonce="stale"))
    assert (answer.status_code, answer.json()["error"]) == (400, "use_dpop_nonce")
    good = key.proof(nonce=answer.headers["dpop-nonce"])
    assert exchange(browser, code, good).status_code == 200


@pytest.fixture
def strict(provider: Provider) -> Iterator[Provider]:
    before = provider.app.state.services
    provider.app.state.services = replace(before, dpop_nonce_required=True)
    yield provider
    provider.app.state.services = before


def test_nonces_where_the_installation_requires_them(strict: Provider, key: ProofKey) -> None:
    """Sections 8 and 9: at the token endpoint, and at userinfo with a challenge."""
    browser = strict.browser()
    code = browser.code()
    first = exchange(browser, code, key.proof())
    assert first.json()["error"] == "use_dpop_nonce"
    nonce = first.headers["dpop-nonce"]
    token = exchange(browser, code, key.proof(nonce=nonce)).json()["access_token"]
    refused = userinfo(browser, token, key.proof("/userinfo", method="GET", token=token))
    assert refused.status_code == 401
    assert 'error="use_dpop_nonce"' in refused.headers["www-authenticate"]
    proof = key.proof("/userinfo", method="GET", token=token, nonce=refused.headers["dpop-nonce"])
    assert userinfo(browser, token, proof).status_code == 200


def test_a_nonce_goes_out_of_date(provider: Provider, browser: Browser, key: ProofKey) -> None:
    services = provider.app.state.services
    nonce = exchange(browser, "mcc_any", key.proof()).headers["dpop-nonce"]
    provider.app.state.services = replace(services, clock=lambda: services.clock() + 601)
    try:
        late = key.proof(nonce=nonce, iat=int(time.time()) + 601)
        assert exchange(browser, "mcc_any", late).json()["error"] == "use_dpop_nonce"
    finally:
        provider.app.state.services = services


def test_the_algorithms_are_in_the_metadata(browser: Browser) -> None:
    body = browser.http.get("/.well-known/openid-configuration").json()
    assert "ES256" in body["dpop_signing_alg_values_supported"]
    assert not {"none", "HS256"} & set(body["dpop_signing_alg_values_supported"])
