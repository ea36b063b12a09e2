"""Pushed authorization requests (RFC 9126)."""

from __future__ import annotations

from threading import Thread
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.tokens import hash_secret
from tests.flows.conftest import REDIRECT, Browser, Provider, query_of


def push(browser: Browser, **changes: Any) -> httpx.Response:
    auth = changes.pop("auth", (browser.provider.client_id, browser.provider.client_secret))
    return browser.http.post("/par", data=browser.params(**changes), auth=auth)


def open_pushed(browser: Browser, request_uri: str, **extra: str) -> httpx.Response:
    params = {"client_id": browser.provider.client_id, "request_uri": request_uri} | extra
    return browser.http.get("/authorize?" + urlencode(params))


def test_the_whole_way(browser: Browser) -> None:
    """Sections 2.2 and 4."""
    browser.code()
    answer = push(browser, state="pushed")
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    assert body["expires_in"] == 90
    back = query_of(open_pushed(browser, body["request_uri"], state="other").headers["location"])
    assert back["state"] == "pushed"  # what is in the address does not count
    assert browser.exchange(back["code"]).status_code == 200


def test_a_request_uri_is_good_for_one_answer(browser: Browser) -> None:
    """Section 7.3: opening the page twice is allowed, completing it twice is not."""
    uri = push(browser).json()["request_uri"]
    first, second = (open_pushed(browser, uri).headers["location"] for _ in range(2))
    assert first.endswith("/sign-in")
    done = browser.sign_in(first).headers["location"]
    if done.endswith("/consent"):
        done = browser.submit(done, decision="allow").headers["location"]
    assert "code" in query_of(done)
    assert browser.sign_in(second).status_code == 410
    again = open_pushed(browser, uri)
    assert again.status_code == 400
    assert 'data-code="invalid_request_uri"' in again.text


def test_two_tabs_at_once_get_one_code(browser: Browser) -> None:
    browser.code()
    uri = push(browser).json()["request_uri"]
    answers: list[httpx.Response] = []
    racers = [Thread(target=lambda: answers.append(open_pushed(browser, uri))) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    codes = [a for a in answers if "code" in query_of(a.headers.get("location", ""))]
    assert len(codes) == 1
    assert all(a.status_code in (303, 400, 410) for a in answers)


def test_it_ends_after_its_lifetime(provider: Provider, browser: Browser) -> None:
    uri = push(browser).json()["request_uri"]
    with provider.services.store.begin() as tx:
        key = hash_secret(uri)
        now = provider.services.clock()
        assert tx.pushed.get(key, now + 80) is not None
        assert tx.pushed.get(key, now + 91) is None


def test_it_belongs_to_its_client(provider: Provider, browser: Browser) -> None:
    uri = push(browser).json()["request_uri"]
    other, _ = provider.add_client()
    answer = open_pushed(browser, uri, client_id=other)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_unknown_request_uris_get_a_page(browser: Browser) -> None:
    answer = open_pushed(browser, "urn:ietf:params:oauth:request_uri:mcp_nothing")
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"auth": ("nobody", "x"), "client_id": None}, 401, "invalid_client"),
        ({"auth": None}, 401, "invalid_client"),
        ({"redirect_uri": "http://evil.example/cb"}, 400, "invalid_request"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"request_uri": "urn:x"}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": "profile"}, 400, "invalid_scope"),
        ({"code_challenge": None}, 400, "invalid_request"),
        ({"claims": "{"}, 400, "invalid_request"),
        ({"prompt": "none login"}, 400, "invalid_request"),
    ],
)
def test_errors_come_at_once(browser: Browser, changes: dict[str, Any], status: int, error: str) -> None:
    """Section 2.3: the request is checked when it is pushed."""
    answer = push(browser, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_id_of_another_client_is_refused(provider: Provider, browser: Browser) -> None:
    other, _ = provider.add_client()
    assert push(browser, client_id=other).json()["error"] == "invalid_request"


def test_public_clients_push_too(provider: Provider, browser: Browser) -> None:
    client_id, _ = provider.add_client(auth_method="none")
    answer = push(browser, client_id=client_id, auth=None)
    assert answer.status_code == 201


def test_clients_that_must_push(provider: Provider, browser: Browser) -> None:
    """Section 6: require_pushed_authorization_requests."""
    client_id, secret = provider.add_client(require_pushed_authorization_requests=True)
    target = browser.authorize(client_id=client_id).headers["location"]
    assert query_of(target)["error"] == "invalid_request"
    uri = push(browser, client_id=client_id, auth=(client_id, secret)).json()["request_uri"]
    assert open_pushed(browser, uri, client_id=client_id).headers["location"].endswith("/sign-in")


def test_a_pushed_login_hint_prefills_and_is_kept_encrypted(provider: Provider, browser: Browser) -> None:
    uri = push(browser, login_hint=provider.number).json()["request_uri"]
    for file in provider.app.state.settings.data.glob("idp.db*"):
        assert provider.number.encode() not in file.read_bytes()
    page = open_pushed(browser, uri).headers["location"]
    assert f'value="{provider.number}"' in browser.http.get(page).text


def test_get_is_not_offered(browser: Browser) -> None:
    assert browser.http.get("/par").status_code == 405


def test_errors_of_the_sign_in_go_back_to_the_client(browser: Browser) -> None:
    uri = push(browser, prompt="none").json()["request_uri"]
    target = open_pushed(browser, uri).headers["location"]
    assert target.startswith(REDIRECT)
    assert query_of(target)["error"] == "login_required"
    assert open_pushed(browser, uri).status_code == 400


def test_metadata(browser: Browser) -> None:
    document = browser.http.get("/.well-known/openid-configuration").json()
    assert document["pushed_authorization_request_endpoint"].endswith("/par")


_NAMES = ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age"]
_NAMES += ["claims", "request", "request_uri", "resource", "id_token_hint", "acr_values", "response_mode"]
_NAMES += ["authorization_details", "dpop_jkt"]


@settings(max_examples=60, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(_NAMES),
        st.none()
        | st.text(max_size=30)
        | st.sampled_from(["{}", '{"id_token":{"acr":{}}}', "e30.e30.", "none", "jwt", "[{}]"]),
    )
)
def test_no_mixture_breaks_it(provider: Provider, changes: dict[str, str | None]) -> None:
    """201 with a request_uri that opens, or an error of the specification."""
    browser = provider.browser()
    clean = {k: v if v is None else v.encode("utf-8", "ignore").decode() for k, v in changes.items()}
    answer = push(browser, **clean)
    assert answer.status_code in (201, 400, 401), answer.text
    if answer.status_code == 201:
        opened = open_pushed(browser, answer.json()["request_uri"])
        assert opened.status_code in (200, 303)
    else:
        assert answer.json()["error"]
