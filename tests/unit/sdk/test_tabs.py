"""Several tabs, the back button, double clicks, foreign callbacks, blocked cookies."""

from __future__ import annotations

import httpx
from motcham._transactions import MAX_OPEN

from tests.unit.sdk.conftest import City, browser
from tests.unit.sdk.peer import Peer


def start(city: City, tab: httpx.Client, path: str) -> str:
    """Begin a sign-in and stop at the provider's answer: the callback's address."""
    sent = tab.get(f"{city.url}{path}", follow_redirects=False)
    assert sent.status_code == 303
    return tab.get(sent.headers["location"], follow_redirects=False).headers["location"]


def test_tabs_finish_in_any_order_each_on_its_own_page(city: City, tab: httpx.Client) -> None:
    callbacks = [start(city, tab, f"/me?q={i}") for i in range(MAX_OPEN)]
    for i in reversed(range(MAX_OPEN)):
        assert tab.get(callbacks[i]).json()["q"] == str(i)
    left = [name for name in tab.cookies if "-t-" in name]
    assert left == []


def test_too_many_tabs_drop_the_oldest_only(city: City, tab: httpx.Client, peer: Peer) -> None:
    callbacks = [start(city, tab, f"/me?q={i}") for i in range(MAX_OPEN + 2)]
    assert len([name for name in tab.cookies if "-t-" in name]) == MAX_OPEN
    assert tab.get(callbacks[-1]).json()["q"] == str(MAX_OPEN + 1)


def test_back_button_after_signing_in_leads_home(city: City, tab: httpx.Client) -> None:
    callback = start(city, tab, "/me")
    assert tab.get(callback).status_code == 200
    again = tab.get(callback)
    assert str(again.url) == f"{city.url}/"
    assert again.text.startswith("hello")


def test_a_callback_from_another_browser_is_refused(city: City, tab: httpx.Client, peer: Peer) -> None:
    """Login CSRF: the attacker's own answer, opened by the victim, must not sign the victim in."""
    callback = start(city, tab, "/me")
    with browser() as victim:
        start(city, victim, "/me")
        page = victim.get(callback)
        assert page.status_code == 400
        assert "state_mismatch" in page.text
        assert "Thử lại" in page.text
    assert "/token" not in peer.hits


def test_blocked_cookies_are_named(city: City, tab: httpx.Client) -> None:
    callback = start(city, tab, "/me")
    tab.cookies.clear()
    page = tab.get(callback)
    assert page.status_code == 400
    assert "cookies_missing" in page.text


def test_a_repeated_parameter_is_refused(city: City, tab: httpx.Client) -> None:
    page = tab.get(start(city, tab, "/me") + "&code=second")
    assert page.status_code == 400
    assert "callback_malformed" in page.text


def test_cookies_of_two_apps_on_one_host_do_not_clash(city: City, tab: httpx.Client, peer: Peer) -> None:
    tab.get(f"{city.url}/me")
    names = {name for name in tab.cookies if name.startswith("motcham-")}
    assert len(names) == 1
    assert all(len(name.split("-")[1]) == 8 for name in names)
