"""Hints and limits of the authentication request (OpenID Connect Core, section 3.1.2.1)."""

from __future__ import annotations

import jwt
import pytest

from idp.usecases.create_citizen import create_citizen
from tests.flows.conftest import PASSWORD, REDIRECT, Browser, Provider, query_of


def id_token(browser: Browser, **changes: str | None) -> str:
    token: str = browser.exchange(browser.code(**changes)).json()["id_token"]
    return token


@pytest.fixture(scope="module")
def neighbour(provider: Provider) -> str:
    """The number of a second citizen."""
    number = provider.spare_number()
    create_citizen(provider.services, number=number, password=PASSWORD)
    return number


def test_id_token_hint_of_the_same_person(browser: Browser) -> None:
    hint = id_token(browser)
    target = browser.authorize(prompt="none", id_token_hint=hint).headers["location"]
    assert "code" in query_of(target)


def test_id_token_hint_of_another_person(provider: Provider, browser: Browser, neighbour: str) -> None:
    """prompt=none: login_required; otherwise sign-in, and only the named person gets a code."""
    hint = id_token(provider.browser())
    page = browser.authorize().headers["location"]
    assert browser.sign_in(page, number=neighbour).headers["location"].endswith("/consent")
    silent = browser.authorize(prompt="none", id_token_hint=hint).headers["location"]
    assert query_of(silent)["error"] == "login_required"
    page = browser.authorize(id_token_hint=hint).headers["location"]
    assert page.endswith("/sign-in")
    wrong = browser.sign_in(page, number=neighbour).headers["location"]
    assert query_of(wrong)["error"] == "login_required"
    page = browser.authorize(id_token_hint=hint).headers["location"]
    assert "code" in query_of(browser.sign_in(page).headers["location"])


def test_id_token_hint_must_be_ours_and_this_clients(provider: Provider, browser: Browser) -> None:
    hint = id_token(browser)
    other, _ = provider.add_client()
    for changes in (
        {"id_token_hint": hint + "x"},
        {"id_token_hint": "e30.e30."},
        {"id_token_hint": hint, "client_id": other},
    ):
        target = browser.authorize(**changes).headers["location"]
        assert query_of(target)["error"] == "invalid_request", changes
    access = browser.exchange(browser.code()).json()["access_token"]
    target = browser.authorize(id_token_hint=access).headers["location"]
    assert query_of(target)["error"] == "invalid_request"


def test_max_age_zero_is_a_new_sign_in(browser: Browser) -> None:
    before = jwt.decode(id_token(browser), options={"verify_signature": False})
    page = browser.authorize(max_age="0").headers["location"]
    assert page.endswith("/sign-in")
    code = query_of(browser.sign_in(page).headers["location"])["code"]
    after = jwt.decode(browser.exchange(code).json()["id_token"], options={"verify_signature": False})
    assert after["auth_time"] >= before["auth_time"]


def test_default_max_age_of_the_client(provider: Provider, browser: Browser) -> None:
    """Dynamic Client Registration 1.0, section 2: counts unless the request says otherwise."""
    browser.code()
    client_id, _ = provider.add_client(default_max_age=0)
    target = browser.authorize(client_id=client_id, prompt="none").headers["location"]
    assert query_of(target)["error"] == "login_required"
    target = browser.authorize(client_id=client_id, prompt="none", max_age="1000").headers["location"]
    assert query_of(target)["error"] == "consent_required"


def test_display_and_claims_locales_cause_no_error(browser: Browser) -> None:
    for changes in ({"display": "popup"}, {"display": "page"}, {"claims_locales": "se vi"}):
        assert browser.authorize(**changes).headers["location"].endswith("/sign-in")


def test_ui_locales_choose_the_language(browser: Browser) -> None:
    english = browser.authorize(ui_locales="fr en vi").headers["location"]
    assert '<html lang="en">' in browser.http.get(english, headers={"Accept-Language": "vi"}).text
    vietnamese = browser.authorize(ui_locales="vi").headers["location"]
    assert '<html lang="vi">' in browser.http.get(vietnamese, headers={"Accept-Language": "en"}).text
    browser.http.get(vietnamese + "?lang=en")  # the citizen's own choice comes first from now on
    assert '<html lang="en">' in browser.http.get(vietnamese).text


def test_login_hint_is_taken_from_a_body_only(provider: Provider, browser: Browser) -> None:
    """A personal number in an address would end up in histories and logs."""
    seen = browser.authorize(login_hint=provider.number).headers["location"]
    assert provider.number not in browser.http.get(seen).text
    sent = browser.http.post("/authorize", data=browser.params(login_hint=provider.number))
    page = sent.headers["location"]
    assert provider.number not in page
    assert f'value="{provider.number}"' in browser.http.get(page).text
    other = browser.http.post("/authorize", data=browser.params(login_hint="me@example.vn"))
    assert "me@example.vn" not in browser.http.get(other.headers["location"]).text


def test_login_hint_is_stored_encrypted(provider: Provider, browser: Browser) -> None:
    page = browser.http.post("/authorize", data=browser.params(login_hint=provider.number))
    assert page.headers["location"].startswith("/i/")
    data = provider.app.state.settings.data
    for file in data.glob("idp.db*"):
        assert provider.number.encode() not in file.read_bytes()


def test_errors_never_leave_the_registered_address(browser: Browser) -> None:
    target = browser.authorize(id_token_hint="x").headers["location"]
    assert target.startswith(REDIRECT + "?")
