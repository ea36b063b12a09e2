"""The whole way through a served app, a served provider and a browser's cookies."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx

from tests.unit.sdk.conftest import City
from tests.unit.sdk.peer import CLIENT_ID, Peer


def test_a_protected_page_leads_through_sign_in_and_back_to_the_same_address(
    city: City, tab: httpx.Client, peer: Peer
) -> None:
    page = tab.get(f"{city.url}/me?q=đèn%20đường")
    assert page.status_code == 200
    assert page.json() == {"sub": "pairwise-1", "name": "Nguyễn Thị Ngọc Ánh", "level": 1, "q": "đèn đường"}
    assert str(page.url).startswith(f"{city.url}/me?q=")
    assert len(peer.asked) == 1
    assert tab.get(f"{city.url}/me").json()["sub"] == "pairwise-1"
    assert len(peer.asked) == 1


def test_the_authorization_request_carries_state_nonce_and_s256(
    city: City, tab: httpx.Client, peer: Peer
) -> None:
    tab.get(f"{city.url}/me")
    asked = peer.asked[0]
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == f"{city.url}/motcham/callback"
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_the_request_goes_ahead_of_the_browser(city: City, tab: httpx.Client, peer: Peer) -> None:
    """RFC 9126: the address that the browser gets names the client and a reference, nothing else."""
    sent = tab.get(f"{city.url}/level2", follow_redirects=False).headers["location"]
    query = parse_qs(urlsplit(sent).query)
    assert query.keys() == {"client_id", "request_uri"}
    assert peer.pushed[query["request_uri"][0]]["acr_values"] == "vn-ekyc-2"


def test_a_provider_without_pushed_requests(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.metadata = lambda document: {n: v for n, v in document.items() if not n.startswith("pushed")}
    sent = tab.get(f"{city.url}/me", follow_redirects=False).headers["location"]
    assert parse_qs(urlsplit(sent).query)["scope"] == ["openid profile"]
    assert tab.get(f"{city.url}/me").status_code == 200


def test_a_refused_pushed_request_is_a_page(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.push_status = 400
    answer = tab.get(f"{city.url}/me")
    assert answer.status_code == 502
    assert "provider_refused" in answer.text


def test_cookies_are_closed_to_scripts_and_other_sites(city: City, tab: httpx.Client) -> None:
    tab.follow_redirects = False
    cookie = tab.get(f"{city.url}/me").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie.split("; ")  # plain http on the own machine


def test_cookies_are_secure_on_a_public_address(city: City, tab: httpx.Client) -> None:
    answer = tab.get(
        f"{city.url}/motcham/sign-in", headers={"Host": "app.example.vn"}, follow_redirects=False
    )
    assert "secure" in answer.headers["set-cookie"].lower().split("; ")


def test_home_offers_the_button_then_greets(city: City, tab: httpx.Client) -> None:
    anonymous = tab.get(f"{city.url}/").text
    assert anonymous == (
        '<a class="motcham-button" href="/motcham/sign-in?return_to=%2Fme">Đăng nhập Một Chạm</a>'
    )
    tab.get(f"{city.url}/motcham/sign-in?return_to=/me")
    assert tab.get(f"{city.url}/").text == "hello Nguyễn Thị Ngọc Ánh"


def test_sign_in_does_not_leave_the_app_for_a_foreign_address(city: City, tab: httpx.Client) -> None:
    page = tab.get(f"{city.url}/motcham/sign-in", params={"return_to": "//evil.example/x"})
    assert str(page.url) == f"{city.url}/"


def test_an_api_call_gets_a_problem_document(city: City, tab: httpx.Client) -> None:
    answer = tab.get(f"{city.url}/me", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Cookie")
    assert answer.json()["code"] == "sign_in_required"
    assert not answer.cookies


def test_a_fetch_from_a_script_gets_a_problem_document(city: City, tab: httpx.Client) -> None:
    answer = tab.get(f"{city.url}/me", headers={"Accept": "*/*", "Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401


def test_a_form_sent_after_the_session_ended_gets_a_page_not_a_redirect(
    city: City, tab: httpx.Client
) -> None:
    answer = tab.post(f"{city.url}/report", data={"text": "ổ gà"})
    assert answer.status_code == 401
    assert "motcham-button" in answer.text
    assert "sign_in_required" in answer.text


def test_a_higher_level_is_asked_for_and_checked(city: City, tab: httpx.Client, peer: Peer) -> None:
    tab.get(f"{city.url}/me")
    page = tab.get(f"{city.url}/level2")
    assert page.json() == {"level": 2}
    assert peer.asked[-1]["acr_values"] == "vn-ekyc-2"
    assert str(page.url) == f"{city.url}/level2"


def test_a_level_not_reached_ends_on_a_page_not_in_a_loop(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.acr = "vn-ekyc-1"
    page = tab.get(f"{city.url}/level2")
    assert page.status_code == 403
    assert "level_too_low" in page.text
    assert len(peer.asked) == 1
    assert tab.get(f"{city.url}/me").json()["level"] == 1  # signed in all the same


def test_a_scope_is_asked_for_on_top_and_checked(city: City, tab: httpx.Client, peer: Peer) -> None:
    assert tab.get(f"{city.url}/address").json() == {"address": "Tổ 5, Phường Phan Đình Phùng, Thái Nguyên"}
    assert peer.asked[-1]["scope"] == "openid profile address"
    assert "address" not in tab.cookies


def test_a_scope_withheld_ends_on_a_page(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.withheld_scopes = frozenset({"address"})
    page = tab.get(f"{city.url}/address")
    assert page.status_code == 403
    assert "scope_missing" in page.text


def test_max_age_is_sent_and_satisfied(city: City, tab: httpx.Client, peer: Peer) -> None:
    assert tab.get(f"{city.url}/again").status_code == 200
    assert peer.asked[-1]["max_age"] == "300"


def test_sign_out_ends_both_sessions(city: City, tab: httpx.Client, peer: Peer) -> None:
    tab.get(f"{city.url}/me")
    answer = tab.post(f"{city.url}/motcham/sign-out", headers={"Origin": city.url}, follow_redirects=False)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    query = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{peer.issuer}/logout"
    assert query["client_id"] == [CLIENT_ID]
    assert query["post_logout_redirect_uri"] == [f"{city.url}/"]
    assert query["id_token_hint"][0].count(".") == 2
    assert tab.get(f"{city.url}/me", headers={"Accept": "application/json"}).status_code == 401


def test_sign_out_keeps_personal_claims_out_of_the_address(city: City, tab: httpx.Client, peer: Peer) -> None:
    peer.do.id_token = lambda claims: {**claims, "name": "Nguyễn Thị Ngọc Ánh"}
    tab.get(f"{city.url}/me")
    answer = tab.post(f"{city.url}/motcham/sign-out", headers={"Origin": city.url}, follow_redirects=False)
    assert "id_token_hint" not in answer.headers["location"]


def test_another_site_cannot_sign_the_citizen_out(city: City, tab: httpx.Client) -> None:
    tab.get(f"{city.url}/me")
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": city.url, "Sec-Fetch-Site": "cross-site"},
    ):
        assert tab.post(f"{city.url}/motcham/sign-out", headers=headers).status_code == 403
    assert tab.get(f"{city.url}/motcham/sign-out").status_code == 405
    assert tab.get(f"{city.url}/me").status_code == 200


def test_stylesheets_are_served(city: City, tab: httpx.Client) -> None:
    answer = tab.get(f"{city.url}/motcham/button.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "min-height: 48px" in answer.text
    assert tab.get(f"{city.url}/motcham/page.css").status_code == 200
    assert tab.get(f"{city.url}/motcham/other.css").status_code == 404


def test_odd_characters_in_the_address_survive(city: City, tab: httpx.Client) -> None:
    assert tab.get(f"{city.url}/file/100%25%20%C4%91%C3%A8n%3F").json() == {"name": "100% đèn?"}
    page = tab.get(f"{city.url}/motcham/sign-in", params={"return_to": "/me?q=đèn"})
    assert page.json()["q"] == "đèn"
