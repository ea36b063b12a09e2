"""The code flow from request to claims (OpenID Connect Core, section 3.1)."""

from __future__ import annotations

from uuid import UUID

import jwt

from idp.domain.tokens import at_hash
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, csrf_of, query_of


def test_the_whole_way(provider: Provider, browser: Browser) -> None:
    sign_in = browser.authorize().headers["location"]
    assert sign_in.startswith("/i/")
    consent = browser.sign_in(sign_in).headers["location"]
    page = browser.http.get(consent)
    assert "Trần Khánh Linh" in page.text  # exactly what will be sent
    back = browser.submit(consent, decision="allow").headers["location"]
    answer = query_of(back)
    assert back.startswith(REDIRECT + "?")
    assert (answer["state"], answer["iss"]) == ("state-1", ISSUER)  # RFC 9207

    tokens = browser.exchange(answer["code"])
    assert tokens.status_code == 200
    assert tokens.headers["cache-control"] == "no-store"
    body = tokens.json()
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    header = jwt.get_unverified_header(body["id_token"])
    claims = jwt.decode(
        body["id_token"],
        keys[header["kid"]],
        algorithms=["ES256"],
        audience=provider.client_id,
        issuer=ISSUER,
    )
    assert claims["nonce"] == "nonce-1"
    assert claims["acr"] == "vn-ekyc-2"
    assert claims["amr"] == ["pwd"]
    assert claims["at_hash"] == at_hash(body["access_token"])
    assert jwt.get_unverified_header(body["access_token"])["typ"] == "at+jwt"  # RFC 9068

    info = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}).json()
    assert info["sub"] == claims["sub"]
    assert (info["family_name"], info["middle_name"], info["given_name"]) == ("Trần", "Khánh", "Linh")
    assert "vn_personal_number" not in info
    assert "address" not in info


def test_the_second_app_visit_asks_nothing(browser: Browser) -> None:
    browser.code()
    assert "code" in query_of(browser.authorize().headers["location"])


def test_more_scopes_ask_again(browser: Browser) -> None:
    browser.code()
    assert browser.authorize(scope="openid profile address").headers["location"].endswith("/consent")


def test_refusing_goes_back_with_access_denied(provider: Provider) -> None:
    client_id, _ = provider.add_client()
    browser = provider.browser()
    consent = browser.sign_in(browser.authorize(client_id=client_id).headers["location"]).headers["location"]
    back = browser.submit(consent, decision="deny").headers["location"]
    assert query_of(back)["error"] == "access_denied"


def test_subjects_are_pairwise(provider: Provider) -> None:
    """OpenID Connect Core, section 8.1: two sectors see two subjects, one sector sees one."""
    subjects = []
    for host in ("one.localhost", "two.localhost", "two.localhost"):
        redirect = f"http://{host}/cb"
        client_id, secret = provider.add_client(redirect_uris=(redirect,))
        browser = provider.browser()
        target = browser.authorize(client_id=client_id, redirect_uri=redirect).headers["location"]
        consent = browser.sign_in(target).headers["location"]
        code = query_of(browser.submit(consent, decision="allow").headers["location"])["code"]
        body = browser.exchange(code, redirect_uri=redirect, auth=(client_id, secret)).json()
        subjects.append(jwt.decode(body["id_token"], options={"verify_signature": False})["sub"])
    assert subjects[0] != subjects[1] == subjects[2]


def test_province_wide_consent_covers_its_other_apps(provider: Provider) -> None:
    first, _ = provider.add_client(name="Một", operator="Tỉnh Thái Nguyên")
    second, _ = provider.add_client(name="Hai", operator="Tỉnh Thái Nguyên")
    stranger, _ = provider.add_client(name="Ba", operator="Khác")
    browser = provider.browser()
    consent = browser.sign_in(browser.authorize(client_id=first).headers["location"]).headers["location"]
    page = browser.http.get(consent)
    assert 'name="whole_province"' in page.text
    assert "checked" not in page.text  # nothing is ticked beforehand
    browser.submit(consent, decision="allow", whole_province="yes")
    assert "code" in query_of(browser.authorize(client_id=second).headers["location"])
    assert (
        browser.authorize(client_id=second, scope="openid address").headers["location"].endswith("/consent")
    )
    assert browser.authorize(client_id=stranger).headers["location"].endswith("/consent")


def test_consent_is_withdrawn_and_tokens_with_it(provider: Provider) -> None:
    client_id, secret = provider.add_client(name="Sẽ rút lại")
    browser = provider.browser()
    consent = browser.sign_in(browser.authorize(client_id=client_id).headers["location"]).headers["location"]
    code = query_of(browser.submit(consent, decision="allow").headers["location"])["code"]
    token = browser.exchange(code, auth=(client_id, secret)).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 200
    account = browser.http.get("/account")
    assert "Sẽ rút lại" in account.text
    browser.http.post("/account/revoke", data={"csrf": csrf_of(account), "client_id": client_id})
    assert browser.http.get("/userinfo", headers=bearer).status_code == 401
    assert browser.authorize(client_id=client_id).headers["location"].endswith("/consent")


def test_userinfo_names_the_exchange(browser: Browser) -> None:
    """FAPI 1.0 Baseline, section 6.2.1-11: the client's own id comes back, or else a new one."""
    bearer = {"Authorization": f"Bearer {browser.exchange(browser.code()).json()['access_token']}"}
    sent = "01eF8a1B-e4Aa-4C87-9668-a910A92aBd1D"
    name = "x-fapi-interaction-id"
    assert browser.http.get("/userinfo", headers=bearer | {name: sent}).headers[name] == sent
    for other in ({}, {name: "x" * 36}):
        assert UUID(browser.http.get("/userinfo", headers=bearer | other).headers[name]).version == 4
