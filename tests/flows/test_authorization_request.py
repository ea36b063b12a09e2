"""Each rule of ``idp/domain/checks`` on the wire."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idp.domain.checks.redirect_uri import matches
from tests.flows.conftest import REDIRECT, Browser, Provider, query_of


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"redirect_uri": None}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://app.localhost/cb/"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://evil.example/cb"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://app.localhost/cb?x=1"}, "invalid_redirect_uri"),
    ],
)
def test_an_unproven_address_gets_a_page(browser: Browser, changes: dict[str, str | None], code: str) -> None:
    """RFC 6749, section 4.1.2.1: never a redirect."""
    answer = browser.authorize(**changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert f'data-code="{code}"' in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "smoke"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"nonce": "n" * 1001}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJ"}, "invalid_request_object"),
        ({"request_uri": "urn:x"}, "invalid_request_uri"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
def test_a_broken_rule_goes_back_to_the_client(
    browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    target = browser.authorize(**changes).headers["location"]
    assert target.startswith(REDIRECT + "?")
    assert query_of(target)["error"] == error
    assert query_of(target)["state"] == "state-1"


def test_a_repeated_parameter_is_refused(browser: Browser) -> None:
    """RFC 6749, section 3.1."""
    url = browser.authorize().request.url
    again = browser.http.get(f"{url}&state=other")
    assert query_of(again.headers["location"])["error"] == "invalid_request"
    twice = browser.http.get(f"{url}&redirect_uri=http://evil.example")
    assert twice.status_code == 400
    assert "location" not in twice.headers


def test_unknown_scopes_and_parameters_are_ignored(browser: Browser) -> None:
    target = browser.authorize(scope="openid moon", moon="full").headers["location"]
    assert target.endswith("/sign-in")


def test_prompt_none_succeeds_silently_when_all_is_granted(browser: Browser) -> None:
    browser.code()
    assert "code" in query_of(browser.authorize(prompt="none").headers["location"])
    more = browser.authorize(prompt="none", scope="openid address").headers["location"]
    assert query_of(more)["error"] == "consent_required"


def test_prompt_login_asks_again_once(browser: Browser) -> None:
    browser.code()
    again = browser.authorize(prompt="login").headers["location"]
    assert again.endswith("/sign-in")
    assert "code" in query_of(browser.sign_in(again).headers["location"])


def test_max_age_asks_again(browser: Browser) -> None:
    browser.code()
    assert "code" in query_of(browser.authorize(max_age="1000").headers["location"])
    assert browser.authorize(max_age="0", prompt="login").headers["location"].endswith("/sign-in")


def test_prompt_consent_asks_though_granted(browser: Browser) -> None:
    browser.code()
    consent = browser.authorize(prompt="consent").headers["location"]
    assert consent.endswith("/consent")
    assert "code" in query_of(browser.submit(consent, decision="allow").headers["location"])


def test_prompt_create_leads_to_enrolment(browser: Browser) -> None:
    assert browser.authorize(prompt="create").headers["location"].endswith("/enrol")


@pytest.mark.parametrize(
    ("asked", "registered", "same"),
    [
        ("http://127.0.0.1:5001/cb", "http://127.0.0.1/cb", True),  # RFC 8252, section 7.3
        ("http://[::1]:5001/cb", "http://[::1]/cb", True),
        ("http://127.0.0.1:5001/other", "http://127.0.0.1/cb", False),
        ("http://127.0.0.1.evil.example:5001/cb", "http://127.0.0.1/cb", False),
        ("http://user@127.0.0.1:5001/cb", "http://127.0.0.1/cb", False),
        ("https://127.0.0.1:5001/cb", "http://127.0.0.1/cb", False),
        ("http://localhost:5001/cb", "http://localhost/cb", False),
        ("http://127.0.0.1:99999/cb", "http://127.0.0.1/cb", False),
    ],
)
def test_loopback_ports_may_differ(asked: str, registered: str, same: bool) -> None:
    assert matches(asked, registered) is same


_NAMES = ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age"]
_NAMES += ["response_mode", "id_token_hint", "login_hint", "display", "claims_locales"]
_NAMES += ["claims", "request_uri", "resource"]
_NAMES += ["code_challenge", "code_challenge_method", "acr_values", "ui_locales", "request", "x"]

_WORDS = ["none", "openid", "0", "form_post", "fragment"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(
        st.sampled_from(_NAMES),
        st.one_of(st.none(), st.text(max_size=40), st.sampled_from(_WORDS)),
    )
)
def test_no_mixture_breaks_it(provider: Provider, changes: dict[str, str | None]) -> None:
    """Any parameters: an answer of the specification, never 5xx, never a foreign address."""
    answer = provider.browser().authorize(
        **{k: v if v is None else v.encode("utf-8", "ignore").decode() for k, v in changes.items()}
    )
    assert answer.status_code in (200, 303, 400)
    if answer.status_code == 200:
        assert f'action="{REDIRECT}"' in answer.text  # form_post
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(("/i/", REDIRECT + "?", REDIRECT + "#"))
