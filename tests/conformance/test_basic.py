"""Plan oidcc-basic-certification-test-plan, re-implemented. ``test_form_post.py`` runs the same modules."""

from __future__ import annotations

import time
from dataclasses import replace

import jwt
import pytest

from idp.domain.errors import IdpError
from idp.domain.pkce import s256
from tests.conformance.conftest import Relying
from tests.conformance.plan_browser import PlanBrowser
from tests.flows.conftest import ISSUER, REDIRECT, Provider, query_of
from tests.flows.receiver import receiving


@pytest.fixture
def browser(provider: Provider) -> PlanBrowser:
    return PlanBrowser(provider)


def test_oidcc_server(relying: Relying) -> None:
    tokens = relying.tokens()
    claims = relying.claims(tokens["id_token"])
    assert (claims["iss"], claims["nonce"]) == (ISSUER, "nonce-1")
    assert relying.userinfo(tokens["access_token"])["sub"] == claims["sub"]


def test_oidcc_response_type_missing(relying: Relying) -> None:
    answer = relying.browser.authorize(client_id=relying.client_id, response_type=None)
    assert query_of(answer.headers["location"])["error"] in ("invalid_request", "unsupported_response_type")


def test_oidcc_idtoken_signature(provider: Provider, browser: PlanBrowser) -> None:
    relying = Relying(provider, browser, id_token_signed_response_alg="RS256")
    token = relying.tokens()["id_token"]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert relying.claims(token)["sub"]


def test_oidcc_idtoken_unsigned(provider: Provider, browser: PlanBrowser) -> None:
    """Refused at registration: unsigned ID tokens are not offered."""
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        Relying(provider, browser, id_token_signed_response_alg="none")


def test_oidcc_userinfo_get(relying: Relying) -> None:
    assert relying.userinfo(relying.tokens()["access_token"])["sub"]


def test_oidcc_userinfo_post_header(relying: Relying) -> None:
    bearer = {"Authorization": f"Bearer {relying.tokens()['access_token']}"}
    assert relying.browser.http.post("/userinfo", headers=bearer).json()["sub"]


def test_oidcc_userinfo_post_body(relying: Relying) -> None:
    form = {"access_token": relying.tokens()["access_token"]}
    assert relying.browser.http.post("/userinfo", data=form).json()["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(relying: Relying) -> None:
    assert "nonce" not in relying.claims(relying.tokens(nonce=None)["id_token"])


def test_oidcc_scope_profile(relying: Relying) -> None:
    assert relying.userinfo(relying.tokens(scope="openid profile")["access_token"])["name"]


def test_oidcc_scope_address(relying: Relying) -> None:
    address = relying.userinfo(relying.tokens(scope="openid address")["access_token"])["address"]
    assert address["formatted"]


@pytest.mark.usefixtures("reachable")
def test_oidcc_scope_email(relying: Relying) -> None:
    claims = relying.userinfo(relying.tokens(scope="openid email")["access_token"])
    assert (claims["email"], claims["email_verified"]) == ("mai@example.vn", True)


@pytest.mark.usefixtures("reachable")
def test_oidcc_scope_phone(relying: Relying) -> None:
    claims = relying.userinfo(relying.tokens(scope="openid phone")["access_token"])
    assert (claims["phone_number"], claims["phone_number_verified"]) == ("+84912345678", True)


@pytest.mark.usefixtures("reachable")
def test_oidcc_scope_all(relying: Relying) -> None:
    tokens = relying.tokens(scope="openid address email phone profile")
    claims = relying.userinfo(tokens["access_token"])
    assert {"name", "address", "email", "email_verified", "phone_number"} <= claims.keys()


def test_oidcc_alternate_happy_flow(relying: Relying) -> None:
    assert relying.userinfo(relying.tokens(scope="profile openid")["access_token"])["name"]


def test_oidcc_display_page(relying: Relying) -> None:
    assert relying.tokens(display="page")["id_token"]


def test_oidcc_display_popup(relying: Relying) -> None:
    assert relying.tokens(display="popup")["id_token"]


def test_oidcc_prompt_login(relying: Relying) -> None:
    first = relying.claims(relying.tokens()["id_token"])
    time.sleep(1.1)
    answer = relying.browser.authorize(client_id=relying.client_id, prompt="login")
    assert answer.headers["location"].endswith("/sign-in")
    second = relying.claims(relying.tokens(prompt="login")["id_token"])
    assert second["auth_time"] > first["auth_time"]
    assert second["sub"] == first["sub"]


def test_oidcc_prompt_none_not_logged_in(relying: Relying) -> None:
    answer = relying.browser.authorize(client_id=relying.client_id, prompt="none")
    assert query_of(answer.headers["location"])["error"] == "login_required"


def test_oidcc_prompt_none_logged_in(relying: Relying) -> None:
    first = relying.claims(relying.tokens()["id_token"])
    answer = relying.browser.authorize(client_id=relying.client_id, prompt="none")
    code = query_of(answer.headers["location"])["code"]
    tokens = relying.browser.exchange(code, auth=relying.auth).json()
    second = relying.claims(tokens["id_token"])
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


def test_oidcc_max_age_1(relying: Relying) -> None:
    first = relying.claims(relying.tokens()["id_token"])
    time.sleep(2.1)
    answer = relying.browser.authorize(client_id=relying.client_id, max_age="1")
    assert answer.headers["location"].endswith("/sign-in")
    assert relying.claims(relying.tokens(max_age="1")["id_token"])["auth_time"] > first["auth_time"]


def test_oidcc_max_age_10000(relying: Relying) -> None:
    first = relying.claims(relying.tokens(max_age="15000")["id_token"])
    answer = relying.browser.authorize(client_id=relying.client_id, max_age="10000")
    code = query_of(answer.headers["location"])["code"]
    tokens = relying.browser.exchange(code, auth=relying.auth).json()
    assert relying.claims(tokens["id_token"])["auth_time"] == first["auth_time"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(relying: Relying) -> None:
    assert relying.tokens(extra="foobar")["id_token"]


def test_oidcc_id_token_hint(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    answer = relying.browser.authorize(client_id=relying.client_id, prompt="none", id_token_hint=hint)
    assert query_of(answer.headers["location"])["code"]


def test_oidcc_login_hint(relying: Relying) -> None:
    assert relying.tokens(login_hint="buffy@id.localhost")["id_token"]


def test_oidcc_ui_locales(relying: Relying) -> None:
    assert relying.tokens(ui_locales="se")["id_token"]


def test_oidcc_claims_locales(relying: Relying) -> None:
    assert relying.tokens(claims_locales="se")["id_token"]


def test_oidcc_ensure_request_with_acr_values_succeeds(relying: Relying) -> None:
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    values = " ".join(metadata["acr_values_supported"][:2])
    assert relying.claims(relying.tokens(acr_values=values)["id_token"])["acr"]


def test_oidcc_codereuse(relying: Relying) -> None:
    code = relying.browser.code(client_id=relying.client_id)
    tokens = relying.browser.exchange(code, auth=relying.auth).json()
    assert relying.browser.exchange(code, auth=relying.auth).json()["error"] == "invalid_grant"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert relying.browser.http.get("/userinfo", headers=bearer).status_code == 401


def test_oidcc_codereuse_30seconds(provider: Provider, relying: Relying) -> None:
    code = relying.browser.code(client_id=relying.client_id)
    tokens = relying.browser.exchange(code, auth=relying.auth).json()
    services = provider.services
    provider.app.state.services = replace(services, clock=lambda: services.clock() + 30)
    second = relying.browser.exchange(code, auth=relying.auth)
    provider.app.state.services = services
    assert second.json()["error"] == "invalid_grant"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert relying.browser.http.get("/userinfo", headers=bearer).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(relying: Relying) -> None:
    answer = relying.browser.authorize(client_id=relying.client_id, redirect_uri="http://app.localhost/x")
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_oidcc_ensure_post_request_succeeds(browser: PlanBrowser, relying: Relying) -> None:
    relying.tokens(scope="openid")  # signed in and consented
    form = browser.params(client_id=relying.client_id, scope="openid")
    answer = browser.landed(browser.http.post("/authorize", data=form))
    assert query_of(answer.headers["location"])["code"]


def test_oidcc_server_client_secret_post(provider: Provider, browser: PlanBrowser) -> None:
    client_id, secret = provider.add_client(auth_method="client_secret_post", require_pkce=False)
    code = browser.code(client_id=client_id)
    answer = browser.exchange(code, auth=None, client_id=client_id, client_secret=secret)
    assert answer.json()["id_token"]


def test_oidcc_claims_essential(relying: Relying) -> None:
    wish = '{"userinfo": {"name": {"essential": true}}}'
    assert relying.userinfo(relying.tokens(scope="openid", claims=wish)["access_token"])["name"]


def test_oidcc_refresh_token(provider: Provider, browser: PlanBrowser) -> None:
    relying = Relying(provider, browser, grant_types=("authorization_code", "refresh_token"))
    tokens = relying.tokens(scope="openid offline_access", prompt="consent")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    other = provider.add_client(grant_types=("authorization_code", "refresh_token"))
    stolen = browser.http.post("/token", data=form, auth=other)
    assert stolen.json()["error"] == "invalid_grant"
    again = browser.http.post("/token", data=form, auth=relying.auth).json()
    first, second = relying.claims(tokens["id_token"]), relying.claims(again["id_token"])
    assert (second["sub"], second["aud"], second["iss"]) == (first["sub"], first["aud"], first["iss"])


def test_oidcc_ensure_request_with_valid_pkce_succeeds(browser: PlanBrowser, relying: Relying) -> None:
    pkce = {"code_challenge": s256(browser.verifier), "code_challenge_method": "S256"}
    code = browser.code(client_id=relying.client_id, **pkce)
    answer = browser.exchange(code, auth=relying.auth, code_verifier=browser.verifier)
    assert answer.json()["id_token"]


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    provider: Provider, browser: PlanBrowser
) -> None:
    """Not advertised; supported for a client that registered ``none``."""
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert "none" not in metadata["request_object_signing_alg_values_supported"]
    relying = Relying(provider, browser, request_object_signing_alg="none")
    relying.tokens(scope="openid")
    _succeeds(browser, client_id=relying.client_id, request=_unsigned(browser.inside(relying.client_id)))


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    provider: Provider, browser: PlanBrowser
) -> None:
    with receiving() as receiver:
        uri = receiver.url("/object")
        relying = Relying(provider, browser, request_object_signing_alg="none", request_uris=(uri,))
        relying.tokens(scope="openid")
        receiver.documents = {"/object": _unsigned(browser.inside(relying.client_id))}
        _succeeds(browser, client_id=relying.client_id, request_uri=uri)


def test_oidcc_ensure_request_object_with_redirect_uri(provider: Provider, browser: PlanBrowser) -> None:
    """The redirect_uri inside counts, whatever stands outside (OpenID Connect Core, section 6.1)."""
    relying = Relying(provider, browser, request_object_signing_alg="none")
    relying.tokens(scope="openid")
    token = _unsigned(browser.inside(relying.client_id))
    wrong = "http://app.localhost/other"
    _succeeds(browser, client_id=relying.client_id, request=token, redirect_uri=wrong)


def _unsigned(claims: dict[str, str]) -> str:
    return jwt.encode(claims, "", algorithm="none")


def _succeeds(browser: PlanBrowser, **params: str) -> None:
    target = browser.send(**params).headers["location"]
    asked = query_of(target)
    assert target.startswith(REDIRECT + "?")
    assert asked["state"] == "inside" and asked["code"]
