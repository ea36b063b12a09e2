"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0, section 2)."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.flows.conftest import Browser, Provider, csrf_of, query_of

AFTER = "http://app.localhost/"


def _logout(browser: Browser, **params: str) -> object:
    return browser.http.get("/logout?" + urlencode(params))


def _signed_out(browser: Browser) -> bool:
    return query_of(browser.authorize(prompt="none").headers["location"]).get("error") == "login_required"


def test_a_hint_signs_out_and_goes_back(browser: Browser) -> None:
    hint = browser.exchange(browser.code()).json()["id_token"]
    answer = browser.http.get(
        "/logout?" + urlencode({"id_token_hint": hint, "post_logout_redirect_uri": AFTER, "state": "s"})
    )
    assert answer.headers["location"] == AFTER + "?state=s"
    assert _signed_out(browser)


def test_without_a_hint_the_citizen_is_asked(browser: Browser) -> None:
    browser.code()
    page = browser.http.get("/logout")
    assert 'id="sign-out"' in page.text
    assert not _signed_out(browser)
    stay = browser.http.post("/logout/answer", data={"csrf": csrf_of(page), "decision": "stay"})
    assert stay.headers["location"] == "/account"
    assert not _signed_out(browser)
    gone = browser.http.post("/logout/answer", data={"csrf": csrf_of(page), "decision": "sign_out"})
    assert 'id="signed-out"' in gone.text
    assert _signed_out(browser)


def test_an_unregistered_address_is_refused(provider: Provider, browser: Browser) -> None:
    hint = browser.exchange(browser.code()).json()["id_token"]
    for params in (
        {"id_token_hint": hint, "post_logout_redirect_uri": "http://evil.example/"},
        {"client_id": provider.client_id, "post_logout_redirect_uri": "http://evil.example/"},
        {"post_logout_redirect_uri": AFTER},
        {"id_token_hint": "not.a.token", "post_logout_redirect_uri": AFTER},
        {"id_token_hint": hint, "client_id": "another", "post_logout_redirect_uri": AFTER},
    ):
        answer = browser.http.get("/logout?" + urlencode(params))
        assert answer.status_code == 400
        assert "location" not in answer.headers
    assert not _signed_out(browser)


def test_the_hint_of_another_citizen_asks(provider: Provider, browser: Browser) -> None:
    """A hint for somebody else must not end this session silently."""
    from ekyc.registry.embedded import open_registry
    from idp.usecases.create_citizen import create_citizen

    registry = open_registry(provider.app.state.settings.data)
    number = registry.sample_numbers()["05"]
    registry.close()
    create_citizen(provider.services, number=number, password="mật khẩu khác")
    other = provider.browser()
    target = other.sign_in(
        other.authorize().headers["location"], number=number, password="mật khẩu khác"
    ).headers["location"]
    code = query_of(other.submit(target, decision="allow").headers["location"])["code"]
    hint = other.exchange(code).json()["id_token"]
    browser.code()
    page = browser.http.get("/logout?" + urlencode({"id_token_hint": hint}))
    assert 'id="sign-out"' in page.text
    assert not _signed_out(browser)
