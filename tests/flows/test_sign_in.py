"""Sign-in, sessions, tabs, CSRF, languages."""

from __future__ import annotations

import pytest

from tests.flows.conftest import ISSUER, PASSWORD, Browser, Provider, csrf_of, query_of


def test_unknown_number_and_wrong_password_look_alike(provider: Provider) -> None:
    """No enumeration: same status, same sentence."""
    page = provider.browser()
    path = page.authorize().headers["location"]
    wrong = page.sign_in(path, password="wrong password")
    unknown = page.sign_in(path, number="019304999999")
    assert wrong.status_code == unknown.status_code == 401
    assert 'data-code="login_failed"' in wrong.text
    assert 'data-code="login_failed"' in unknown.text


def test_guessing_is_stopped(provider: Provider) -> None:
    browser = provider.browser()
    path = browser.authorize().headers["location"]
    answers = [browser.sign_in(path, number="019304888888", password="x") for _ in range(11)]
    assert [a.status_code for a in answers] == [401] * 10 + [429]
    assert "retry-after" in answers[-1].headers


@pytest.mark.parametrize("number", ["", "12", "01930488888a", "٠١٩٣٠٤٨٨٨٨٨٨"])
def test_a_number_that_is_none(browser: Browser, number: str) -> None:
    path = browser.authorize().headers["location"]
    answer = browser.submit(path, number=number, password="x")
    assert answer.status_code == 422
    assert 'data-code="number_invalid"' in answer.text


def test_forms_need_their_token(browser: Browser, provider: Provider) -> None:
    path = browser.authorize().headers["location"]
    data = {"number": provider.number, "password": PASSWORD}
    assert browser.http.post(path, data=data).status_code == 403
    other = csrf_of(provider.browser().http.get("/account", follow_redirects=True))
    assert browser.http.post(path, data=data | {"csrf": other}).status_code == 403
    token = csrf_of(browser.http.get(path))
    foreign = browser.http.post(path, data=data | {"csrf": token}, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    own = browser.http.post(path, data=data | {"csrf": token}, headers={"Origin": ISSUER})
    assert own.status_code == 303


def test_an_interaction_belongs_to_its_browser(provider: Provider, browser: Browser) -> None:
    path = browser.authorize().headers["location"]
    stranger = provider.browser().http.get(path)
    assert stranger.status_code == 403
    assert 'data-code="interaction_foreign"' in stranger.text
    assert provider.browser().http.get("/i/unknown/sign-in").status_code == 410


def test_two_tabs_do_not_mix(browser: Browser) -> None:
    """Each tab's interaction ends with its own state."""
    first = browser.authorize(state="tab-1").headers["location"]
    second = browser.authorize(state="tab-2").headers["location"]
    answer = browser.sign_in(second)
    if answer.headers["location"].endswith("/consent"):
        answer = browser.submit(answer.headers["location"], decision="allow")
    assert query_of(answer.headers["location"])["state"] == "tab-2"
    assert query_of(browser.sign_in(first).headers["location"])["state"] == "tab-1"


def test_the_session_is_renewed_at_sign_in(browser: Browser) -> None:
    browser.code()
    before = browser.http.cookies["mc_session"]
    browser.sign_in(browser.authorize(prompt="login").headers["location"])
    assert browser.http.cookies["mc_session"] != before
    browser.http.cookies.clear()
    browser.http.cookies.set("mc_session", before)
    assert browser.authorize(prompt="none").headers["location"].count("login_required") == 1


def test_cookies_and_headers(browser: Browser) -> None:
    path = browser.authorize().headers["location"]
    page = browser.http.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://app.localhost" in policy
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    cookie = browser.sign_in(path).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_pages_speak_vietnamese_and_english(browser: Browser) -> None:
    path = browser.authorize().headers["location"]
    assert '<html lang="vi">' in browser.http.get(path).text
    assert '<html lang="en">' in browser.http.get(path, headers={"Accept-Language": "en-GB"}).text
    assert '<html lang="en">' in browser.http.get(path + "?lang=en").text
    assert '<html lang="en">' in browser.http.get(path).text  # remembered


def test_a_long_body_is_refused(browser: Browser) -> None:
    answer = browser.http.post("/token", content=b"a" * 70_000)
    assert answer.status_code == 413


def test_unknown_pages_have_a_page(browser: Browser) -> None:
    answer = browser.http.get("/nothing-here")
    assert answer.status_code == 404
    assert 'data-code="not_found"' in answer.text


def test_a_form_in_another_encoding_is_read_or_refused(provider: Provider, browser: Browser) -> None:
    page = browser.authorize().headers["location"]
    form = {"csrf": csrf_of(browser.http.get(page)), "number": provider.number, "password": PASSWORD}
    broken = browser.http.post(page, content=b"x", headers={"content-type": "multipart/form-data"})
    assert broken.status_code == 400
    parts = {name: (None, value) for name, value in form.items()}
    assert browser.http.post(page, files=parts).status_code == 303
