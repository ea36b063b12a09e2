"""Attacks on sign-in, cookies and enrolment that must not work."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from idp.app import create_app
from idp.domain.models import Enrolment, EnrolmentState, Profile
from idp.settings import Settings
from idp.tokens import hash_secret, new_id
from tests.flows.conftest import ISSUER, Browser, Provider, csrf_of

PROFILE = Profile("019304000127", "Nguyễn Thị Mai Đào", date(2004, 3, 15), "female", "VN", "", "", "Tổ 5")


def proven(browser: Browser, state: EnrolmentState) -> Enrolment:
    """An enrolment of this browser whose face step has been passed."""
    services = browser.provider.services
    value = browser.http.cookies["mc_browser"]
    now = services.clock()
    enrolment = Enrolment(
        new_id(), hash_secret(value), "check", state, (), now, now + 999, profile=PROFILE, level=2
    )
    with services.store.begin() as tx:
        tx.enrolments.add(enrolment)
    return enrolment


def state_of(browser: Browser, enrolment: Enrolment) -> str:
    with browser.provider.services.store.read() as tx:
        found = tx.enrolments.get(enrolment.enrolment_id)
    assert found
    return found.state


@pytest.mark.parametrize("state", ["exists", "review", "credential"])
def test_signing_in_ends_what_the_last_person_left_open(browser: Browser, state: EnrolmentState) -> None:
    """A shared phone: whoever comes next must not finish or recover somebody else's account."""
    path = browser.authorize().headers["location"]
    browser.http.get(path)
    left = proven(browser, state)
    browser.sign_in(path)
    assert state_of(browser, left) == "done"


def test_signing_out_ends_it_too(browser: Browser) -> None:
    browser.code()
    left = proven(browser, "exists")
    page = browser.http.get("/account")
    browser.http.post("/account/sign-out", data={"csrf": csrf_of(page)})
    assert state_of(browser, left) == "done"


def test_an_officers_case_stays_when_somebody_else_signs_in(browser: Browser) -> None:
    path = browser.authorize().headers["location"]
    browser.http.get(path)
    waiting = proven(browser, "waiting")
    browser.sign_in(path)
    assert state_of(browser, waiting) == "waiting"
    with browser.provider.services.store.begin() as tx:
        tx.enrolments.update(replace(waiting, state="done"), was="waiting")


def test_a_sibling_subdomain_cannot_set_our_cookies(tmp_path: Path) -> None:
    """``__Host-`` cookies can be set by this host alone (RFC 6265bis, section 4.1.3.2)."""
    app = create_app(Settings(data=tmp_path, issuer="https://id.example", ekyc_url="http://127.0.0.1:9"))
    http = TestClient(app, base_url="https://id.example", follow_redirects=False)
    cookie = http.get("/account").headers["set-cookie"]
    assert cookie.startswith("__Host-mc_browser=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    tossed = TestClient(app, base_url="https://id.example", follow_redirects=False)
    answer = tossed.get("/", headers={"Cookie": "mc_browser=" + "A" * 43})
    assert "A" * 43 not in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_guesses_at_the_same_time_count(provider: Provider) -> None:
    browser = provider.browser()
    path = browser.authorize().headers["location"]
    token = csrf_of(browser.http.get(path))
    data = {"number": "019304777777", "password": "x", "csrf": token}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: browser.http.post(path, data=data).status_code, range(24)))
    assert answers.count(401) == 10
    assert answers.count(429) == 14


def test_a_right_password_costs_the_neighbours_nothing(provider: Provider) -> None:
    """Many sign-ins behind one address are no attack."""
    services = provider.services
    with services.store.read() as tx:
        before = tx.throttle.failures("address:testclient", 0)
    browser = provider.browser()
    browser.sign_in(browser.authorize().headers["location"])
    with services.store.read() as tx:
        assert tx.throttle.failures("address:testclient", 0) == before


def test_numbers_and_addresses_are_unreadable_in_the_counters(provider: Provider) -> None:
    with provider.services.store.begin() as tx:
        tx.throttle.record("number:019304000127", 1)
        keys = [row[0] for row in tx.throttle._db.exec_driver_sql("SELECT key FROM failures")]  # type: ignore[attr-defined]
    assert keys
    assert not [key for key in keys if not re.fullmatch("[0-9a-f]{64}", key)]
    assert hash_secret("number:019304000127") not in keys


def test_a_post_from_another_site_changes_no_cookie(provider: Provider) -> None:
    http = TestClient(provider.app, base_url=ISSUER, follow_redirects=False)
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = http.post("/authorize", data={"client_id": provider.client_id}, headers=foreign)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/authorize?client_id=")
    assert "set-cookie" not in answer.headers
    assert "set-cookie" not in http.post("/logout", data={}, headers=foreign).headers


def test_the_language_link_stays_on_this_site(browser: Browser) -> None:
    page = browser.http.get("http://id.localhost//evil.example/x")
    assert 'href="//evil' not in page.text
    assert 'href="/evil.example/x?lang=en"' in page.text


def test_enrolments_cannot_be_begun_without_end(provider: Provider) -> None:
    browser = provider.browser()
    page = browser.authorize().headers["location"].removesuffix("/sign-in") + "/enrol"
    token = csrf_of(browser.http.get(page))
    data = {"csrf": token, "agree_document": "yes", "agree_face": "yes"}
    answers = [browser.http.post(page, data=data).status_code for _ in range(22)]
    assert answers[:20] == [303] * 20
    assert answers[20:] == [429] * 2


def test_an_address_cannot_write_lines_into_the_log(
    provider: Provider, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="idp.access")
    browser.http.get("/x%0A2026-11-22 idp.access GET /admin 200%1B[2J%E2%80%A8")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "idp.access"]
    assert line.startswith("GET /x%0A2026-11-22")
    assert line.isascii() and line.isprintable()
