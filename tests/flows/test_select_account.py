"""prompt=select_account and login_hint with somebody signed in (OpenID Connect Core, section 3.1.2.1)."""

from __future__ import annotations

import re

import httpx
import jwt
import pytest

from idp.usecases.create_citizen import create_citizen
from idp.web.display import masked_name
from tests.flows.conftest import PASSWORD, REDIRECT, Browser, Provider, csrf_of, query_of


@pytest.fixture(scope="module")
def neighbour(provider: Provider) -> str:
    """The number of a second citizen."""
    number = provider.spare_number()
    create_citizen(provider.services, number=number, password=PASSWORD)
    return number


def _name(provider: Provider, number: str) -> str:
    with provider.services.store.read() as tx:
        account = tx.accounts.by_number(number)
    assert account is not None
    return account.profile.full_name


def _keep(browser: Browser, page: str) -> httpx.Response:
    shown = browser.http.get(page)
    sid = re.search(r'name="sid" value="([^"]+)"', shown.text)
    assert sid, shown.text
    return browser.http.post(page, data={"csrf": csrf_of(shown), "sid": sid[1]})


def _hinted(browser: Browser, number: str, **changes: str | None) -> str:
    sent = browser.http.post("/authorize", data=browser.params(login_hint=number, **changes))
    return sent.headers["location"]


def _sub(browser: Browser, target: str) -> str:
    token = browser.exchange(query_of(target)["code"]).json()["id_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims["sub"])


def test_select_account_offers_the_signed_in_citizen(provider: Provider, browser: Browser) -> None:
    """Going on takes no second sign-in, and the name is masked."""
    mine = _sub(browser, f"{REDIRECT}?code={browser.code()}")
    page = browser.authorize(prompt="select_account").headers["location"]
    assert page.endswith("/select-account")
    text = browser.http.get(page).text
    name = _name(provider, provider.number)
    assert masked_name(name) in text and name not in text and provider.number not in text
    assert _sub(browser, _keep(browser, page).headers["location"]) == mine


def test_select_account_with_nobody_signed_in_is_the_sign_in_page(browser: Browser) -> None:
    assert browser.authorize(prompt="select_account").headers["location"].endswith("/sign-in")


def test_select_account_another_person_signs_in(browser: Browser, neighbour: str) -> None:
    """The first session ends: one citizen at a time in a browser (decision 12)."""
    first = _sub(browser, f"{REDIRECT}?code={browser.code()}")
    before = browser.http.cookies["mc_session"]
    page = browser.authorize(prompt="select_account").headers["location"]
    sign_in = page.replace("/select-account", "/sign-in")
    assert f'href="{sign_in}"' in browser.http.get(page).text
    target = browser.sign_in(sign_in, number=neighbour).headers["location"]
    assert target.endswith("/consent")
    assert _sub(browser, browser.submit(target, decision="allow").headers["location"]) != first
    browser.http.cookies.clear()
    browser.http.cookies.set("mc_session", before)
    silent = browser.authorize(prompt="none").headers["location"]
    assert query_of(silent)["error"] == "login_required"


def test_the_choice_is_good_for_the_person_shown_only(browser: Browser, neighbour: str) -> None:
    """Another tab signed in as somebody else meanwhile."""
    browser.code()
    page = browser.authorize(prompt="select_account").headers["location"]
    shown = browser.http.get(page)
    sid = re.search(r'name="sid" value="([^"]+)"', shown.text)
    assert sid
    browser.sign_in(browser.authorize(prompt="login").headers["location"], number=neighbour)
    answer = browser.http.post(page, data={"csrf": csrf_of(shown), "sid": sid[1]})
    assert answer.headers["location"] == page


def test_select_account_and_login_together(browser: Browser) -> None:
    browser.code()
    page = browser.authorize(prompt="login select_account").headers["location"]
    assert page.endswith("/select-account")
    after = _keep(browser, page).headers["location"]
    assert after.endswith("/sign-in")
    assert browser.sign_in(after).headers["location"].startswith(REDIRECT)


def test_select_account_answers_form_post_with_its_page(browser: Browser) -> None:
    browser.code()
    page = browser.authorize(prompt="select_account", response_mode="form_post").headers["location"]
    after = _keep(browser, page).headers["location"]
    assert after.endswith("/respond")
    assert f'action="{REDIRECT}"' in browser.http.get(after).text


def test_the_page_when_it_is_not_due_leads_on(browser: Browser) -> None:
    page = browser.authorize().headers["location"].replace("/sign-in", "/select-account")
    answer = browser.http.get(page)
    assert answer.headers["location"].endswith("/respond")
    assert browser.http.get(answer.headers["location"]).headers["location"].endswith("/sign-in")


def test_login_hint_of_the_signed_in_citizen_asks_nothing(provider: Provider, browser: Browser) -> None:
    browser.code()
    assert "code" in query_of(_hinted(browser, provider.number))


def test_login_hint_of_somebody_else_asks_who(browser: Browser, provider: Provider, neighbour: str) -> None:
    """The hint fills the sign-in page; without a page allowed it is account_selection_required."""
    browser.code()
    page = _hinted(browser, neighbour)
    assert page.endswith("/select-account")
    sign_in = browser.http.get(page.replace("/select-account", "/sign-in")).text
    assert f'value="{neighbour}"' in sign_in
    assert _keep(browser, page).headers["location"].startswith(REDIRECT)  # a hint, not a demand
    silent = _hinted(browser, neighbour, prompt="none")
    assert query_of(silent)["error"] == "account_selection_required"


def test_prompt_create_goes_to_enrolment_signed_in_or_not(browser: Browser) -> None:
    """Initiating User Registration 1.0, section 4."""
    assert browser.authorize(prompt="create").headers["location"].endswith("/enrol")
    browser.code()
    assert browser.authorize(prompt="create").headers["location"].endswith("/enrol")


@pytest.mark.parametrize(
    ("name", "masked"), [("Nguyễn Thị Mai Đào", "N. T. M. Đào"), ("Đức", "Đức"), ("", "")]
)
def test_a_masked_name(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_no_app_learns_whose_browser_it_is_by_trying_numbers(
    provider: Provider, browser: Browser, neighbour: str
) -> None:
    """prompt=none asks the citizen nothing, so before a consent all numbers are answered alike."""
    browser.code()
    stranger, _ = provider.add_client()
    said = []
    for number in (provider.number, neighbour):
        for age in (None, "0"):
            target = _hinted(browser, number, client_id=stranger, prompt="none", max_age=age)
            said.append(query_of(target))
    assert {answer["error"] for answer in said} == {"account_selection_required"}
    assert len({answer["error_description"] for answer in said}) == 1
    assert "code" in query_of(_hinted(browser, provider.number, prompt="none"))
