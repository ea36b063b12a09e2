"""response_mode (Multiple Response Type Encoding Practices; Form Post Response Mode 1.0)."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider


def form_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Where a form_post page posts to, and what."""
    assert page.status_code == 200, page.text
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}


def test_fragment_carries_code_and_errors(browser: Browser) -> None:
    """Section 2.1: the parameters are in the fragment, none in the query."""
    browser.code()
    target = browser.authorize(response_mode="fragment").headers["location"]
    parts = urlsplit(target)
    assert target.startswith(REDIRECT + "#")
    answer = {name: values[0] for name, values in parse_qs(parts.fragment).items()}
    assert browser.exchange(answer["code"]).status_code == 200
    assert (answer["state"], answer["iss"], parts.query) == ("state-1", ISSUER, "")
    wrong = browser.authorize(response_mode="fragment", scope="profile").headers["location"]
    assert wrong.startswith(REDIRECT + "#error=invalid_scope")


def test_form_post_carries_the_code(browser: Browser) -> None:
    """Form Post Response Mode 1.0, section 2: a page that posts itself, with a button without scripts."""
    first = browser.authorize(response_mode="form_post").headers["location"]
    consent = browser.sign_in(first).headers["location"]
    page = browser.submit(consent, decision="allow") if consent.endswith("/consent") else None
    page = page or browser.http.get(consent)
    action, fields = form_of(page)
    assert action == REDIRECT
    assert set(fields) == {"code", "state", "iss", "session_state"}
    assert browser.exchange(fields["code"]).status_code == 200
    assert "form-action 'self' http://app.localhost" in page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert 'id="continue"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_form_post_after_sign_in_with_consent_given(browser: Browser) -> None:
    """The sign-in page leads to the answer's page, which gives one code and no second."""
    browser.code()
    page = browser.authorize(response_mode="form_post", prompt="login").headers["location"]
    respond = browser.sign_in(page).headers["location"]
    assert respond.endswith("/respond")
    _, fields = form_of(browser.http.get(respond))
    assert browser.exchange(fields["code"]).status_code == 200
    assert browser.http.get(respond).status_code == 410


def test_form_post_carries_errors(provider: Provider, browser: Browser) -> None:
    _, fields = form_of(browser.authorize(response_mode="form_post", prompt="none"))
    assert (fields["error"], fields["state"], fields["iss"]) == ("login_required", "state-1", ISSUER)
    _, fields = form_of(browser.authorize(response_mode="form_post", code_challenge=None))
    assert fields["error"] == "invalid_request"
    client_id, _ = provider.add_client()
    page = browser.authorize(client_id=client_id, response_mode="form_post").headers["location"]
    _, fields = form_of(browser.http.get(page.replace("/sign-in", "/cancel")))
    assert fields["error"] == "access_denied"


def test_the_answers_page_is_the_own_browsers(provider: Provider, browser: Browser) -> None:
    browser.code()
    page = browser.authorize(response_mode="form_post", prompt="login").headers["location"]
    respond = browser.sign_in(page).headers["location"]
    assert provider.browser().http.get(respond).status_code == 403


def test_state_cannot_break_out_of_the_page(browser: Browser) -> None:
    state = '"><script>alert(1)</script>'
    page = browser.authorize(response_mode="form_post", prompt="none", state=state)
    assert "<script>alert" not in page.text
    assert form_of(page)[1]["state"] == state


def test_metadata_lists_the_modes(browser: Browser) -> None:
    document = browser.http.get("/.well-known/openid-configuration").json()
    signed = ["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"]
    assert document["response_modes_supported"] == ["query", "fragment", "form_post", *signed]
